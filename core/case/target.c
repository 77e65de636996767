/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of fuzz targets. */
#include "target.h"
#include "scenario.h"

#include <string.h>

#define OP(code) (1ull << OP_##code)
_Static_assert(OP_COUNT <= 64, "a target's operations are a mask of 64 bits");

/* What a master, its driver and their runtime PM do on any target. */
#define TRAFFIC	 (OP(DMA) | OP(GMU_DMA) | OP(SUBMIT) | OP(DUMP_READ) | OP(SLEEP) | OP(NEXT_ALARM))
#define GLOBAL	 (OP(UNKNOWN_DMA) | OP(GLOBAL_SELF_TEST) | OP(OTHER_IRQ))
#define STALLING (OP(SET_STALL) | OP(SET_TTBR0_CFG) | OP(GET_FAULT_INFO))
#define PAGES	 (OP(MAP) | OP(UNMAP) | OP(IOVA_TO_PHYS))
#define DOMAINS	 (PAGES | OP(ATTACH) | OP(DETACH) | OP(FREE_DOMAIN))
#define SUSPEND	 (OP(PM_PUT_NOIDLE) | OP(PM_SUSPEND) | OP(PM_PUT_AUTOSUSPEND) | OP(PM_MARK_BUSY))
#define USAGE                                                                                      \
	(SUSPEND | OP(PM_GET_SYNC) | OP(PM_RESUME_AND_GET) | OP(PM_GET) | OP(PM_GET_NORESUME) |    \
	 OP(PM_GET_IF_ACTIVE) | OP(PM_GET_IF_IN_USE) | OP(PM_PUT) | OP(PM_PUT_SYNC) |              \
	 OP(PM_REQUEST_IDLE) | OP(PM_BARRIER))
#define ALL ((1ull << OP_COUNT) - 1)

#define TARGET(identifier, ...)                                                                    \
	static const struct fl_target identifier = {.name = #identifier, __VA_ARGS__}
#define SCENARIOS(main, ...)                                                                       \
	.scenarios = (const struct fl_scenario *const[])                                           \
	{                                                                                          \
		&scenario_##main, &scenario_free, __VA_ARGS__, NULL                                \
	}

TARGET(context_fault_fuzzer, .subject = "core:reference",
       .help = "context faults: stalled, reported, resumed, recorded again", .profile = "mmu500",
       .operations = TRAFFIC | STALLING | PAGES | SUSPEND | OP(SELF_TEST) | OP(GLOBAL_SELF_TEST) |
		     OP(FAIL_CLOCK),
       SCENARIOS(storm_of_faults, &scenario_stall_and_resume, &scenario_set_stall_race,
		 &scenario_ttbr0_switch, &scenario_submit_loop, &scenario_map_and_unmap,
		 &scenario_iova_to_phys, &scenario_self_test));

TARGET(global_fault_fuzzer, .subject = "core:reference",
       .help = "global faults, and who else is on their line", .profile = "mmu500-shared-line",
       .operations = TRAFFIC | GLOBAL | USAGE | OP(SELF_TEST),
       SCENARIOS(global_fault_vs_suspend, &scenario_shared_line, &scenario_self_test));

TARGET(suspend_race_fuzzer, .subject = "core:reference",
       .help = "faults while GPU and SMMU suspend and resume at run time", .profile = "mmu500",
       .operations = TRAFFIC | GLOBAL | USAGE | OP(SET_STALL) | OP(PM_DISABLE) | OP(PM_ENABLE) |
		     OP(FAIL_CLOCK) | OP(FAIL_DOMAIN) | OP(FREE_DOMAIN),
       SCENARIOS(fault_vs_runtime_suspend, &scenario_fault_vs_autosuspend,
		 &scenario_fault_vs_resume, &scenario_global_fault_vs_suspend,
		 &scenario_gmu_traffic, &scenario_submit_loop, &scenario_clock_failure,
		 &scenario_pm_disable));

TARGET(tbu_debug_fuzzer, .subject = "core:reference",
       .help = "faults that the TBU debug path looks up", .profile = "mmu500-tbu",
       .operations = TRAFFIC | PAGES | SUSPEND | OP(SELF_TEST) | OP(ATTACH) | OP(FAIL_CLOCK),
       SCENARIOS(tbu_debug, &scenario_fault_vs_runtime_suspend, &scenario_iova_to_phys));

TARGET(domain_lifecycle_fuzzer, .subject = "core:reference",
       .help = "faults while domains and pages come and go", .profile = "mmu500",
       .operations = TRAFFIC | DOMAINS | SUSPEND | OP(UNKNOWN_DMA) | OP(FAIL_ALLOCATION) |
		     OP(FAIL_IRQ) | OP(UNBIND) | OP(FAIL_CLOCK) | OP(FAIL_DOMAIN),
       SCENARIOS(fault_vs_detach, &scenario_domain_life, &scenario_allocation_failure,
		 &scenario_map_and_unmap, &scenario_fault_vs_unbind));

TARGET(system_sleep_fuzzer, .subject = "core:reference",
       .help = "faults while the machine sleeps, wakes, or is shut down", .profile = "mmu500",
       .operations = TRAFFIC | USAGE | STALLING | DOMAINS | OP(SELF_TEST) | OP(UNKNOWN_DMA) |
		     OP(SYSTEM_SLEEP) | OP(SHUTDOWN) | OP(FAIL_CLOCK) | OP(FAIL_DOMAIN),
       SCENARIOS(fault_vs_system_sleep, &scenario_fault_vs_shutdown));

TARGET(linux_driver_fuzzer, .help = "everything, on a real driver", .profile = "mmu500",
       .subject = "linux:6.12", .operations = ALL,
       SCENARIOS(fault_vs_runtime_suspend, &scenario_fault_vs_autosuspend,
		 &scenario_fault_vs_resume, &scenario_storm_of_faults, &scenario_stall_and_resume,
		 &scenario_global_fault_vs_suspend, &scenario_fault_vs_detach,
		 &scenario_domain_life, &scenario_fault_vs_system_sleep,
		 &scenario_fault_vs_shutdown, &scenario_fault_vs_unbind, &scenario_set_stall_race,
		 &scenario_ttbr0_switch, &scenario_clock_failure, &scenario_allocation_failure,
		 &scenario_pm_disable, &scenario_gmu_traffic, &scenario_submit_loop,
		 &scenario_iova_to_phys, &scenario_map_and_unmap, &scenario_self_test,
		 &scenario_two_banks));

const struct fl_target *const fl_targets[] = {
	&context_fault_fuzzer,	  &global_fault_fuzzer, &suspend_race_fuzzer, &tbu_debug_fuzzer,
	&domain_lifecycle_fuzzer, &system_sleep_fuzzer, &linux_driver_fuzzer, NULL,
};

const struct fl_target *fl_target_find(const char *name)
{
	for (unsigned int i = 0; fl_targets[i]; i++)
		if (!strcmp(fl_targets[i]->name, name))
			return fl_targets[i];
	return NULL;
}
