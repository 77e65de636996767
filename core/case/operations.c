/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of operations: what an actor of a scenario can do. Any operation may come in any order
 * and beside any other. What Linux would keep from the driver (a second detach, a map into a domain
 * that is gone) is refused here with an error, for the operations play the part of the kernel's
 * cores and of the driver's users.
 */
#include "operations.h"

#include <case/world.h>
#include <client/client.h>
#include <faultline/host.h>

#include <errno.h>
#include <string.h>

#define BOOT_PAGES 7 /* pages 0 to 2 of domain 0 */

/* --- operations that fit nowhere else --------------------------------------------------------- */

/* arguments: page, write */
static int run_submit(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = operation_begin();

	if (result)
		return result;
	result = client_submit(fl_page_iova(arguments[0]), arguments[1]);
	operation_end();
	return result;
}

static int run_dump_read(const struct fl_subject *subject, const uint8_t arguments[3])
{
	client_dump_read();
	return 0;
}

/* 20 or 66 milliseconds later: whichever timer is next has expired. 1 if there was one. */
static int run_next_alarm(const struct fl_subject *subject, const uint8_t arguments[3])
{
	fl_point(FL_ACCESS_NONE, 0, 0);
	return fl_time_skip();
}

/* arguments: time */
static int run_sleep(const struct fl_subject *subject, const uint8_t arguments[3])
{
	static const uint64_t times_ns[] = {10000, 1000000, 20000000, 70000000, 600000000};

	fl_sleep_ns(times_ns[arguments[0]]);
	return 0;
}

#define FAIL(name, what, error)                                                                    \
	static int run_fail_##name(const struct fl_subject *subject, const uint8_t arguments[3])   \
	{                                                                                          \
		fl_failure_arm(what, error);                                                       \
		return 0;                                                                          \
	}
FAIL(clock, FL_FAIL_CLOCK, -EIO)
FAIL(allocation, FL_FAIL_ALLOC, -ENOMEM)
FAIL(irq, FL_FAIL_IRQ, -EBUSY)

static int run_fail_domain(const struct fl_subject *subject, const uint8_t arguments[3])
{
	fl_failure_arm(FL_FAIL_DOMAIN, -ETIMEDOUT);
	if (!operation_state->asleep)
		return 0;
	fl_failure_take(FL_FAIL_DOMAIN);
	return -EBUSY;
}

/* --- the table -------------------------------------------------------------------------------- */

#define NO_YES	"no,yes"
#define DEVICES "smmu,gpu"
#define FAULTS	"TF,PF,EF,AFF,TLBMCF"

/* One member a line, each entry as deep as the next. */
/* clang-format off */
#define PM(op, text)                                                                               \
	{                                                                                          \
		.argument_names = { "device" }, .argument_limits = { 2 },                          \
		.argument_values = { DEVICES }, .task = true, .help = text,                        \
		.run = operation_pm_##op,

const struct fl_operation_info fl_operations[] = {
	[OP_SUBMIT] = {
		.name = "submit",
		.help = "the GPU's driver submits one access and waits for it",
		.argument_names = { "page", "write" },
		.argument_limits = { FL_PAGE_COUNT, 2 },
		.argument_values = { NULL, NO_YES },
		.task = true,
		.run = run_submit,
	},
	[OP_DMA] = {
		.name = "dma",
		.help = "the GPU sends one transaction, if it has power",
		.argument_names = { "stream", "page", "write" },
		.argument_limits = { OP_DOMAINS, FL_PAGE_COUNT, 2 },
		.argument_values = { NULL, NULL, NO_YES },
		.agent = true,
		.run = operation_dma,
	},
	[OP_GMU_DMA] = {
		.name = "gmu-dma",
		.help = "the GMU, which no device link holds, sends one (knob unlinked_agent)",
		.argument_names = { "stream", "page", "write" },
		.argument_limits = { OP_DOMAINS, FL_PAGE_COUNT, 2 },
		.argument_values = { NULL, NULL, NO_YES },
		.agent = true,
		.run = operation_gmu_dma,
	},
	[OP_UNKNOWN_DMA] = {
		.name = "unknown-dma",
		.help = "a stream that nobody knows sends one: a global fault",
		.argument_names = { "write" },
		.argument_limits = { 2 },
		.argument_values = { NO_YES },
		.agent = true,
		.run = operation_unknown_dma,
	},
	[OP_SELF_TEST] = {
		.name = "self-test",
		.help = "set a fault bit of an idle bank through FSRRESTORE",
		.argument_names = { "bank", "fault" },
		.argument_limits = { 4, 5 },
		.argument_values = { NULL, FAULTS },
		.agent = true,
		.run = operation_self_test,
	},
	[OP_GLOBAL_SELF_TEST] = {
		.name = "global-self-test",
		.help = "set a bit of sGFSR, when it is clear, through sGFSRRESTORE",
		.argument_names = { "fault" },
		.argument_limits = { 3 },
		.argument_values = { "USF,ICF,CAF" },
		.agent = true,
		.run = operation_global_self_test,
	},
	[OP_OTHER_IRQ] = {
		.name = "other-irq",
		.help = "another device on the shared line asks for service",
		.agent = true,
		.run = operation_other_irq,
	},
	[OP_MAP] = {
		.name = "map",
		.help = "map one page",
		.argument_names = { "domain", "page", "prot" },
		.argument_limits = { OP_DOMAINS, FL_PAGE_COUNT, 2 },
		.argument_values = { NULL, NULL, "rw,ro" },
		.task = true,
		.run = operation_map,
	},
	[OP_UNMAP] = {
		.name = "unmap",
		.help = "unmap one page",
		.argument_names = { "domain", "page" },
		.argument_limits = { OP_DOMAINS, FL_PAGE_COUNT },
		.task = true,
		.run = operation_unmap,
	},
	[OP_IOVA_TO_PHYS] = {
		.name = "iova-to-phys",
		.help = "ask where a page is mapped, by hardware if the driver does so",
		.argument_names = { "domain", "page" },
		.argument_limits = { OP_DOMAINS, FL_PAGE_COUNT },
		.task = true,
		.run = operation_iova_to_phys,
	},
	[OP_ATTACH] = {
		.name = "attach",
		.help = "attach a domain, allocated first if need be",
		.argument_names = { "domain" },
		.argument_limits = { OP_DOMAINS },
		.task = true,
		.run = operation_attach,
	},
	[OP_DETACH] = {
		.name = "detach",
		.help = "detach a domain",
		.argument_names = { "domain" },
		.argument_limits = { OP_DOMAINS },
		.task = true,
		.run = operation_detach_domain,
	},
	[OP_FREE_DOMAIN] = {
		.name = "free-domain",
		.help = "free a domain, detached first if need be",
		.argument_names = { "domain" },
		.argument_limits = { OP_DOMAINS },
		.task = true,
		.run = operation_free_domain,
	},
	[OP_SET_STALL] = {
		.name = "set-stall",
		.help = "the GPU's driver switches stalling",
		.argument_names = { "on" },
		.argument_limits = { 2 },
		.argument_values = { NO_YES },
		.features = FL_SUBJECT_STALL,
		.task = true,
		.run = operation_set_stall,
	},
	[OP_SET_TTBR0_CFG] = {
		.name = "set-ttbr0-cfg",
		.help = "the GPU's driver switches to per-process tables and back",
		.argument_names = { "per_process" },
		.argument_limits = { 2 },
		.argument_values = { NO_YES },
		.features = FL_SUBJECT_STALL,
		.task = true,
		.run = operation_set_ttbr0_cfg,
	},
	[OP_GET_FAULT_INFO] = {
		.name = "get-fault-info",
		.help = "the GPU's driver asks for the fault's registers, holding a reference",
		.features = FL_SUBJECT_STALL,
		.task = true,
		.run = operation_get_fault_info,
	},
	[OP_DUMP_READ] = {
		.name = "dump-read",
		.help = "user space has read the GPU's dump; another can be made",
		.task = true,
		.run = run_dump_read,
	},
	[OP_PM_GET_SYNC] = PM(get_sync, "pm_runtime_get_sync()") .name = "pm-get-sync" },
	[OP_PM_RESUME_AND_GET] =
		PM(resume_and_get, "pm_runtime_resume_and_get()") .name = "pm-resume-and-get" },
	[OP_PM_GET] = PM(get, "pm_runtime_get()") .name = "pm-get" },
	[OP_PM_GET_NORESUME] = PM(get_noresume, "pm_runtime_get_noresume()") .name = "pm-get-noresume" },
	[OP_PM_GET_IF_ACTIVE] =
		PM(get_if_active, "pm_runtime_get_if_active()") .name = "pm-get-if-active" },
	[OP_PM_GET_IF_IN_USE] =
		PM(get_if_in_use, "pm_runtime_get_if_in_use()") .name = "pm-get-if-in-use" },
	[OP_PM_PUT] = PM(put, "pm_runtime_put(), if a reference is held") .name = "pm-put" },
	[OP_PM_PUT_SYNC] =
		PM(put_sync, "pm_runtime_put_sync(), if a reference is held") .name = "pm-put-sync" },
	[OP_PM_PUT_AUTOSUSPEND] =
		PM(put_autosuspend, "pm_runtime_put_autosuspend(), if a reference is held")
		.name = "pm-put-autosuspend" },
	[OP_PM_PUT_NOIDLE] =
		PM(put_noidle, "pm_runtime_put_noidle(), if a reference is held")
		.name = "pm-put-noidle" },
	[OP_PM_SUSPEND] = PM(suspend, "pm_runtime_suspend()") .name = "pm-suspend" },
	[OP_PM_REQUEST_IDLE] = PM(request_idle, "pm_request_idle()") .name = "pm-request-idle" },
	[OP_PM_MARK_BUSY] = PM(mark_busy, "pm_runtime_mark_last_busy()") .name = "pm-mark-busy" },
	[OP_PM_BARRIER] = PM(barrier, "pm_runtime_barrier()") .name = "pm-barrier" },
	[OP_PM_DISABLE] =
		PM(disable, "pm_runtime_disable(), with the driver's users kept out")
		.name = "pm-disable" },
	[OP_PM_ENABLE] = PM(enable, "pm_runtime_enable(), after pm-disable") .name = "pm-enable" },
	[OP_NEXT_ALARM] = {
		.name = "next-alarm",
		.help = "time goes on until the next timer has expired (autosuspend)",
		.agent = true,
		.task = true,
		.run = run_next_alarm,
	},
	[OP_SLEEP] = {
		.name = "sleep",
		.help = "the task sleeps",
		.argument_names = { "time" },
		.argument_limits = { 5 },
		.argument_values = { "10us,1ms,20ms,70ms,600ms" },
		.task = true,
		.run = run_sleep,
	},
	[OP_SYSTEM_SLEEP] = {
		.name = "system-sleep",
		.help = "system suspend and resume; wakeup: an event before that stage, 0 none",
		.argument_names = { "wakeup" },
		.argument_limits = { 10 },
		.task = true,
		.run = operation_system_sleep,
	},
	[OP_SHUTDOWN] = {
		.name = "shutdown",
		.help = "the machine is shut down",
		.task = true,
		.run = operation_shutdown,
	},
	[OP_UNBIND] = {
		.name = "unbind",
		.help = "the GPU's driver, then the SMMU's, is unbound",
		.task = true,
		.run = operation_unbind,
	},
	[OP_FAIL_CLOCK] = {
		.name = "fail-clock",
		.help = "the next clock that is prepared or enabled fails",
		.agent = true,
		.task = true,
		.run = run_fail_clock,
	},
	[OP_FAIL_DOMAIN] = {
		.name = "fail-domain",
		.help = "the next power domain does not come on",
		.agent = true,
		.task = true,
		.run = run_fail_domain,
	},
	[OP_FAIL_ALLOCATION] = {
		.name = "fail-allocation",
		.help = "the next allocation fails",
		.agent = true,
		.task = true,
		.run = run_fail_allocation,
	},
	[OP_FAIL_IRQ] = {
		.name = "fail-irq",
		.help = "the next request of an interrupt fails",
		.agent = true,
		.task = true,
		.run = run_fail_irq,
	},
};
/* clang-format on */
const unsigned int fl_operation_count = OP_COUNT;
_Static_assert(sizeof(fl_operations) / sizeof(fl_operations[0]) == OP_COUNT,
	       "each operation has a row");

int fl_operation_find(const char *name)
{
	for (unsigned int i = 0; i < OP_COUNT; i++)
		if (!strcmp(fl_operations[i].name, name))
			return (int)i;
	return -1;
}

/* --- boot --------------------------------------------------------------------------------------- */

uint32_t fl_features_on(const struct fl_subject *subject, const struct fl_profile *profile)
{
	uint32_t features = subject->features;

	if (!profile->hardware.tbus)
		features &= ~FL_SUBJECT_TBU;
	if (!profile->hardware.adreno)
		features &= ~(FL_SUBJECT_STALL | FL_SUBJECT_CLIENT_RESUME);
	return features;
}

int fl_operations_boot(const struct fl_subject *subject, const struct fl_profile *profile)
{
	operation_state = fl_arena_alloc(sizeof(*operation_state), 8);
	operation_state->subject = subject;
	operation_state->features = fl_features_on(subject, profile);
	operation_state->other_line = (uint8_t)profile->other_line;
	operation_state->references[FL_DEVICE_GPU] = 1;
	operation_state->domains[0] = (struct operation_domain){
		.allocated = true,
		.attached = true,
		.mapped = BOOT_PAGES,
	};
	client_set_features(operation_state->features);
	return operation_other_probe();
}
