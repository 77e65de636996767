/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles: which hardware there is, what of it is known, and what is left to the input. A knob
 * that is free is one that real parts of this kind, or configurations of Linux on them, are seen to
 * differ in, or that nobody has published; a verdict is over all its values. Sources: domain.md,
 * section 1.5 (the table of implementation profiles), 1.6 and 8.
 */
#include "case.h"

#include <smmu/bits.h>

#include <string.h>

#define V(n) (1u << (n))
#define V2   (V(0) | V(1))
#define V3   (V2 | V(2))
#define V4   (V3 | V(3))
#define V5   (V4 | V(4))

/* What every part leaves open: power, timing, configuration of the kernel. */
#define OPEN_KNOBS                                                                                 \
	[FL_KNOB_off_read] = V5, [FL_KNOB_off_write] = V3, [FL_KNOB_reset_state] = V3,             \
	[FL_KNOB_gated_line] = V2, [FL_KNOB_collapsed_line] = V2, [FL_KNOB_power_off] = V3,        \
	[FL_KNOB_stalled_at_power_off] = V2, [FL_KNOB_posted_writes] = V3,                         \
	[FL_KNOB_tlb_sync_latency] = V2, [FL_KNOB_resume_without_ss] = V(0),                       \
	[FL_KNOB_spurious_threshold] = V(FL_SPURIOUS_SCALED) | V(FL_SPURIOUS_OFF),                 \
	[FL_KNOB_debug_shirq] = V2, [FL_KNOB_preemption] = V2, [FL_KNOB_unlinked_agent] = V2,      \
	[FL_KNOB_cfcfg_cleared] = V2, [FL_KNOB_disabled_bank] = V2

/* MMU-500: RESUME is ignored while FSR has more than SS, SS asserts the line, others stall. */
#define MMU500_KNOBS(trigger, forced_threads, domain, multi)                                       \
	{                                                                                          \
		OPEN_KNOBS,                                                                        \
		[FL_KNOB_resume_while_faulted] = V(FL_RESUME_IGNORED),                             \
		[FL_KNOB_resume_ignored_policy] = V2,                                              \
		[FL_KNOB_ss_asserts_line] = V(0),                                                  \
		[FL_KNOB_multi_while_stalled] = V(multi),                                          \
		[FL_KNOB_others_while_stalled] = V(FL_OTHERS_STALL),                               \
		[FL_KNOB_stall_queue_depth] = V4,                                                  \
		[FL_KNOB_trigger] = V(trigger),                                                    \
		[FL_KNOB_threadirqs] = V(forced_threads),                                          \
		[FL_KNOB_pm_domain] = V(domain),                                                   \
	}

/*
 * Qualcomm's SMMU v2: what is known of it is less, so RESUME's rule and SS on the line are open
 * too.
 */
#define QCOM_V2_KNOBS                                                                              \
	{                                                                                          \
		OPEN_KNOBS,                                                                        \
		[FL_KNOB_resume_while_faulted] = V(FL_RESUME_ACCEPTED),                            \
		[FL_KNOB_resume_ignored_policy] = V(FL_RESUME_LITERAL),                            \
		[FL_KNOB_ss_asserts_line] = V2,                                                    \
		[FL_KNOB_multi_while_stalled] = V2,                                                \
		[FL_KNOB_others_while_stalled] = V(FL_OTHERS_TERMINATE),                           \
		[FL_KNOB_stall_queue_depth] = V(0),                                                \
		[FL_KNOB_trigger] = V(FL_TRIGGER_LEVEL),                                           \
		[FL_KNOB_threadirqs] = V(0),                                                       \
		[FL_KNOB_pm_domain] = V(0),                                                        \
	}

enum { NOT_FORCED, FORCED };
enum { WITH_DOMAIN, WITHOUT_DOMAIN };

#define REGION_SIZE (2 * SMMU_NUMPAGE * SMMU_PAGE_SIZE)
#define OWN_LINES   .global_line = 0, .bank_lines = {1, 2, 3, 4}
#define SHARED_LINE .global_line = 0, .bank_lines = {0, 0, 0, 0}
#define SIZES	    .banks = 4, .stream_groups = 8, .address_bits = 36, .region_size = REGION_SIZE

#define PROFILE(identifier, ...)                                                                   \
	static const struct fl_profile identifier = {.other_line = FL_MAX_LINES, __VA_ARGS__}

PROFILE(mmu500, .name = "mmu500",
	.help = "qcom,sc7280-smmu-500 with qcom,adreno-smmu: the GPU's SMMU", .cpus = 2,
	.hardware = {.adreno = true, .pm_domain = true, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITH_DOMAIN, FL_MULTI_HELD));

PROFILE(mmu500_one_cpu, .name = "mmu500-one-cpu", .help = "mmu500 with a single CPU", .cpus = 1,
	.hardware = {.adreno = true, .pm_domain = true, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITH_DOMAIN, FL_MULTI_HELD));

PROFILE(mmu500_edge, .name = "mmu500-edge",
	.help = "mmu500 whose device tree says edge for its level interrupts", .cpus = 2,
	.hardware = {.adreno = true, .pm_domain = true, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_EDGE, NOT_FORCED, WITH_DOMAIN, FL_MULTI_HELD));

PROFILE(mmu500_no_pm_domain, .name = "mmu500-no-pm-domain",
	.help = "mmu500 without a power domain: its runtime PM stays disabled", .cpus = 2,
	.hardware = {.adreno = true, .pm_domain = false, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITHOUT_DOMAIN, FL_MULTI_HELD));

static const struct fl_profile mmu500_shared_line = {
	.name = "mmu500-shared-line",
	.help = "mmu500 with the global fault, all banks and another device on one line",
	.cpus = 2,
	.hardware = {.adreno = true, .pm_domain = true, SIZES, SHARED_LINE},
	.other_line = 0,
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITH_DOMAIN, FL_MULTI_HELD),
};

PROFILE(mmu500_threadirqs, .name = "mmu500-threadirqs",
	.help = "mmu500 on a kernel that makes every handler a thread", .cpus = 2,
	.hardware = {.adreno = true, .pm_domain = true, .threadirqs = true, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, FORCED, WITH_DOMAIN, FL_MULTI_HELD));

PROFILE(mmu500_recorded, .name = "mmu500-recorded",
	.help = "mmu500 that records faults while one is stalled: no driver can keep resume-order there",
	.cpus = 2, .hardware = {.adreno = true, .pm_domain = true, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITH_DOMAIN, FL_MULTI_RECORDED));

PROFILE(mmu500_tbu, .name = "mmu500-tbu",
	.help = "qcom,sc7280-smmu-500 with qcom,sc7280-tbu nodes, and no adreno", .cpus = 2,
	.hardware = {.adreno = false, .pm_domain = true, .tbus = 2, SIZES, OWN_LINES},
	.free_values = MMU500_KNOBS(FL_TRIGGER_LEVEL, NOT_FORCED, WITH_DOMAIN, FL_MULTI_HELD));

PROFILE(qcom_v2, .name = "qcom_v2", .help = "qcom,sc7180-smmu-v2 with qcom,adreno-smmu", .cpus = 2,
	.hardware = {.qcom_v2 = true, .adreno = true, .pm_domain = true, SIZES, OWN_LINES},
	.free_values = QCOM_V2_KNOBS);

const struct fl_profile *const fl_profiles[] = {
	&mmu500,
	&mmu500_one_cpu,
	&mmu500_edge,
	&mmu500_no_pm_domain,
	&mmu500_shared_line,
	&mmu500_threadirqs,
	&mmu500_recorded,
	&mmu500_tbu,
	&qcom_v2,
	NULL,
};

const struct fl_profile *fl_profile_find(const char *name)
{
	for (unsigned int i = 0; fl_profiles[i]; i++)
		if (!strcmp(fl_profiles[i]->name, name))
			return fl_profiles[i];
	return NULL;
}
