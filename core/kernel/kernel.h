/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modelled kernel floor: what a world calls to have one. Subjects see <faultline/host.h> only.
 */
#ifndef FAULTLINE_KERNEL_H
#define FAULTLINE_KERNEL_H

#include <faultline/engine.h>
#include <faultline/event.h>
#include <faultline/host.h>
#include <faultline/knobs.h>

/*
 * Make the floor of a new world: no line requested, no lock held, nothing allocated, all clocks
 * off, all power domains on. After fl_machine_init() and before the snapshot; its state is in the
 * arena.
 */
void fl_kernel_init(void);

/*
 * From now on a wild access inside the subject is a BUG of the subject (FL_EV_BUG, and the run ends).
 */
void fl_oops_install(void);
/*
 * As above, for a process whose engine wants the crash: what is not the subject's, or what @ends (asked in
 * the signal handler, with the title of the BUG) says is to end the process, goes on to the handler that
 * was there before, from the instruction that did it. Engines do not install theirs over another: call it
 * once, when theirs is installed.
 */
void fl_oops_install_before(bool (*ends)(const char *title));

/* The interrupt entry of a CPU: what fl_machine_init() wants as its hardirq function. */
void fl_kernel_hardirq(unsigned int cpu);

/*
 * A case begins, after the boot that the snapshot holds: each worker's CPU is drawn by
 * FL_CHOOSE_CPU when the worker is first needed (a draw that decides nothing is a draw too many for
 * an exhaustive search), and what is allocated from now on counts for fl_alloc_live().
 */
void fl_work_choose_cpus(void);

#endif
