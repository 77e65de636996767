/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What contexts of the driver's tests do. */
#ifndef FAULTLINE_TESTS_ACTORS_H
#define FAULTLINE_TESTS_ACTORS_H

#include "handler_test.h"

/* The GPU goes idle: autosuspend of the GPU, then of the SMMU. */
void act_put_gpu(const struct fl_subject *subject);
/* The same at once. */
void act_suspend_both(const struct fl_subject *subject);
/* The GPU's firmware, which no device link covers: three faults of two kinds. */
void act_firmware_faults(const struct fl_subject *subject);
/* One of them. */
void act_firmware_fault(const struct fl_subject *subject);
/* Two global faults. */
void act_unknown_stream(const struct fl_subject *subject);
/* The GPU's driver submits accesses that fault. */
void act_submit_bad(const struct fl_subject *subject);
/* And one that does not. */
void act_submit_good(const struct fl_subject *subject);
void act_stall_off_and_on(const struct fl_subject *subject);
void act_stall_off(const struct fl_subject *subject);
void act_map_and_unmap(const struct fl_subject *subject);
/* Domain 1 comes and goes. */
void act_second_domain(const struct fl_subject *subject);
/* It comes and stays. */
void act_keep_second_domain(const struct fl_subject *subject);
/* Faults of its stream. */
void act_second_stream(const struct fl_subject *subject);
/* Domain 0 goes. */
void act_free_gpu_domain(const struct fl_subject *subject);
/* The GPU is wanted. */
void act_get_gpu(const struct fl_subject *subject);
/* Runtime PM of the SMMU. */
void act_disable_and_enable(const struct fl_subject *subject);
/* What the GPU's driver may ask for, from outside its callback. */
void act_fault_info(const struct fl_subject *subject);
/* All phases of system sleep. */
void act_sleep_and_wake(const struct fl_subject *subject);
void act_shut_down(const struct fl_subject *subject);
void act_unbind(const struct fl_subject *subject);
/* A clock fails; operations follow that find the SMMU off. */
void act_resume_fails(const struct fl_subject *subject);
/* Allocation and interrupt requests fail. */
void act_attach_fails(const struct fl_subject *subject);
/* Another device on line 0, which interrupts twice and waits to be served. */
void act_other_device(const struct fl_subject *subject);

#endif
