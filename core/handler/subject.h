/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes a generation a subject: the operations that all share, and the macro that binds them.
 */
#ifndef FAULTLINE_HANDLER_SUBJECT_H
#define FAULTLINE_HANDLER_SUBJECT_H

#include "arm-smmu.h"

int arm_smmu_op_supports(const struct fl_hardware *hw, const char **reason);
int arm_smmu_op_domain_alloc(unsigned int number);
int arm_smmu_op_attach(unsigned int number);
int arm_smmu_op_detach(unsigned int number);
int arm_smmu_op_domain_free(unsigned int number);
int arm_smmu_op_map(unsigned int number, uint64_t iova, uint64_t phys, unsigned int prot);
int arm_smmu_op_unmap(unsigned int number, uint64_t iova);
uint64_t arm_smmu_op_iova_to_phys(unsigned int number, uint64_t iova);
int arm_smmu_op_set_stall(bool on);
int arm_smmu_op_set_ttbr0_cfg(bool per_process);
int arm_smmu_op_get_fault_info(struct fl_fault_info *info);
int arm_smmu_op_resume_translation(bool terminate);
int arm_smmu_op_pm(enum fl_device device, enum fl_pm_op op);
void arm_smmu_op_pm_view(enum fl_device device, struct fl_pm_view *view);
int arm_smmu_op_system_sleep(enum fl_device device, enum fl_sleep_phase phase);
int arm_smmu_op_shutdown(void);
int arm_smmu_op_unbind(void);

/*
 * Define subject @id: its probe, and its table. @generation: a struct arm_smmu_generation. Further
 * arguments: designated initializers that differ from the shared operations.
 */
#define ARM_SMMU_SUBJECT(id, generation, ...)                                                      \
	static int id##_probe(const struct fl_hardware *hw)                                        \
	{                                                                                          \
		return arm_smmu_device_probe(&(generation), hw);                                   \
	}                                                                                          \
	static const struct fl_subject id##_subject = {.host_abi = FL_HOST_ABI,                    \
						       .version = "",                              \
						       .supports = arm_smmu_op_supports,           \
						       .probe = id##_probe,                        \
						       .domain_alloc = arm_smmu_op_domain_alloc,   \
						       .attach = arm_smmu_op_attach,               \
						       .detach = arm_smmu_op_detach,               \
						       .domain_free = arm_smmu_op_domain_free,     \
						       .map = arm_smmu_op_map,                     \
						       .unmap = arm_smmu_op_unmap,                 \
						       .iova_to_phys = arm_smmu_op_iova_to_phys,   \
						       .set_stall = arm_smmu_op_set_stall,         \
						       .set_ttbr0_cfg = arm_smmu_op_set_ttbr0_cfg, \
						       .get_fault_info =                           \
							       arm_smmu_op_get_fault_info,         \
						       .pm = arm_smmu_op_pm,                       \
						       .pm_view = arm_smmu_op_pm_view,             \
						       .system_sleep = arm_smmu_op_system_sleep,   \
						       .shutdown = arm_smmu_op_shutdown,           \
						       .unbind = arm_smmu_op_unbind,               \
						       __VA_ARGS__}

#endif
