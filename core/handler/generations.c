/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generations of the handler as they were published: what each differs in. */
#include "handler.h"
#include "reference.h"
#include "subject.h"

#include <string.h>

#define FEATURES (FL_SUBJECT_STALL | FL_SUBJECT_TBU)

/* What all of them have. */
#define COMMON                                                                                     \
	.init_domain = arm_smmu_init_domain_context,                                               \
	.destroy_domain = arm_smmu_destroy_domain_context,                                         \
	.request_global_irq = arm_smmu_request_global_irq,                                         \
	.request_context_irq = arm_smmu_request_context_irq,                                       \
	.device_reset = arm_smmu_device_reset, .set_stall = qcom_adreno_smmu_set_stall,            \
	.get_fault_info = qcom_adreno_smmu_get_fault_info, .shutdown = arm_smmu_device_shutdown

/* What came with the RESUME series. */
#define POST .core_resumes = true, .adreno_threaded = true, .set_stall_now = true

static const struct arm_smmu_generation legacy = {
	COMMON,
	.pm_ops = &arm_smmu_pm_ops,
};

static const struct arm_smmu_generation resume = {
	COMMON,
	POST,
	.pm_ops = &arm_smmu_pm_ops,
};

static const struct arm_smmu_generation guard_v1 = {
	COMMON,
	POST,
	.guard = &arm_smmu_guard_v1,
	.pm_ops = &arm_smmu_pm_ops,
};

static const struct arm_smmu_generation guard_v2 = {
	COMMON,
	POST,
	.guard = &arm_smmu_guard_v2,
	.pm_ops = &arm_smmu_pm_ops,
};

static const struct arm_smmu_generation guard_v3 = {
	COMMON,
	POST,
	.guard = &arm_smmu_guard_v3,
	.pm_ops = &arm_smmu_pm_ops_v3,
};

static const struct arm_smmu_generation guard_v4 = {
	COMMON,
	POST,
	.guard = &arm_smmu_guard_v3,
	.pm_ops = &arm_smmu_pm_ops_v4,
};

static const struct arm_smmu_generation reference = {ARM_SMMU_REFERENCE};

ARM_SMMU_SUBJECT(legacy, legacy, .name = "core:legacy",
		 .help = "order of 6.12: the client writes RESUME; no PM guard",
		 .features = FEATURES | FL_SUBJECT_CLIENT_RESUME,
		 .resume_translation = arm_smmu_op_resume_translation);
ARM_SMMU_SUBJECT(resume, resume, .name = "core:resume",
		 .help = "the core writes FSR, then RESUME; threaded Adreno handler; no PM guard",
		 .features = FEATURES);
ARM_SMMU_SUBJECT(guard_v1, guard_v1, .name = "core:guard-v1",
		 .help = "synchronous pm_runtime get in the handlers", .features = FEATURES);
ARM_SMMU_SUBJECT(guard_v2, guard_v2, .name = "core:guard-v2",
		 .help = "pm_runtime_get_if_active in the handlers, put_autosuspend always",
		 .features = FEATURES);
ARM_SMMU_SUBJECT(
	guard_v3, guard_v3, .name = "core:guard-v3",
	.help = "v2 with helpers for disabled runtime PM; suspend masks interrupts in the device",
	.features = FEATURES | FL_SUBJECT_MASKS_IN_SUSPEND);
ARM_SMMU_SUBJECT(guard_v4, guard_v4, .name = "core:guard-v4",
		 .help = "v3, and suspend synchronises with the handlers",
		 .features = FEATURES | FL_SUBJECT_MASKS_IN_SUSPEND);

ARM_SMMU_SUBJECT(
	reference, reference, .name = "core:reference",
	.help = "this project's answer: threads that wait for power, a suspend that refuses "
		"while a fault is live",
	.features = FEATURES | FL_SUBJECT_MASKS_IN_SUSPEND);

const struct fl_subject *const fl_core_subjects[] = {
	&legacy_subject,   &resume_subject,   &guard_v1_subject,  &guard_v2_subject,
	&guard_v3_subject, &guard_v4_subject, &reference_subject, NULL,
};

static const struct fl_subject *find_in(const struct fl_subject *const *table, const char *name)
{
	while (*table && strcmp((*table)->name, name))
		table++;
	return *table;
}

const struct fl_subject *fl_core_find(const char *name)
{
	const struct fl_subject *subject = find_in(fl_core_subjects, name);

	return subject ? subject : find_in(fl_core_mutants, name);
}
