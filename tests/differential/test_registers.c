/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The built-in handler core against the real driver: the same flows, and the sequence of register
 * accesses of each must be equal. Generations that have been merged nowhere are compared with the
 * semantic patches of subjects/variants, which were written apart from the core.
 *
 * Probe is not compared: it depends on what the real kernel's cores do around the driver.
 */
#include "differential.h"

#include <case/operations.h>
#include <client/client.h>
#include <faultline/host.h>
#include <kernel/irq.h>
#include <smmu/bits.h>
#include <smmu/smmu.h>

#include <errno.h>

static const struct pair {
	const char *core, *real, *profile;
} pairs[] = {
	{"core:legacy", "linux:6.12", "mmu500"},
	{"core:legacy", "linux:6.12", "mmu500-no-pm-domain"},
	{"core:legacy", "linux:6.12", "mmu500-shared-line"},
	{"core:legacy", "linux:6.12", "mmu500-threadirqs"},
	{"core:legacy", "linux:6.12", "qcom_v2"},
	{"core:legacy", "linux:6.12", "mmu500-tbu"},
	{"core:resume", "linux:6.12+resume", "mmu500"},
	{"core:resume", "linux:6.12+resume", "mmu500-tbu"},
	{"core:guard-v1", "linux:6.12+resume+guard-v1", "mmu500"},
	{"core:guard-v1", "linux:6.12+resume+guard-v1", "mmu500-tbu"},
	{"core:guard-v2", "linux:6.12+resume+guard-v2", "mmu500"},
	{"core:guard-v2", "linux:6.12+resume+guard-v2", "mmu500-tbu"},
	{"core:guard-v2", "linux:6.12+resume+guard-v2", "mmu500-no-pm-domain"},
	{"core:guard-v3", "linux:6.12+resume+guard-v3", "mmu500"},
	{"core:guard-v3", "linux:6.12+resume+guard-v3", "mmu500-tbu"},
	{"core:guard-v3", "linux:6.12+resume+guard-v3", "mmu500-no-pm-domain"},
	{"core:guard-v4", "linux:6.12+resume+guard-v4", "mmu500"},
	{"core:guard-v4", "linux:6.12+resume+guard-v4", "mmu500-tbu"},
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static const struct fl_profile *profile;
static uint32_t features;  /* of the subject on this machine */
static uint64_t polled[8]; /* since the last access that is no poll */
static unsigned int poll_count;
static int spurious_line; /* whose interrupt has no cause; -1: none */

/* --- what is logged -------------------------------------------------------------------------- */

static bool has(const char *name, const char *part)
{
	return strstr(name, part) != NULL;
}

/*
 * Is a value an address, or how the tables are walked? The core has tables of its own, of another
 * form; all other values must be equal.
 */
static bool is_of_tables(const char *name)
{
	return has(name, ".TTBR") || has(name, ".TCR") || has(name, ".MAIR") || has(name, ".PAR") ||
	       has(name, ".TLBIVAL");
}

/*
 * How often a poll reads depends on how fast it is: reads of what is polled count once until
 * something else is accessed.
 */
static bool is_poll(const char *name)
{
	return has(name, "STATUS") || has(name, ".ATSR") || has(name, "TBU0.PAR");
}

static bool polled_already(uint64_t reg)
{
	for (unsigned int i = 0; i < poll_count; i++)
		if (polled[i] == reg)
			return true;
	polled[poll_count++] = reg;
	return false;
}

static void log_access(const struct fl_event *event)
{
	const char *kind = event->kind == FL_EV_REG_READ ? "R" : "W";
	char name[32];

	if (event->a >> 24 == FL_REGION_GPU)
		return;
	smmu_register_name(event->a, name, sizeof(name));
	if (event->kind == FL_EV_REG_READ && is_poll(name)) {
		if (!polled_already(event->a | event->d << 32))
			diff_log("R %s, %u bytes", name, (unsigned int)event->d);
		return;
	}
	poll_count = 0;
	if (is_of_tables(name))
		diff_log("%s %s, %u bytes", kind, name, (unsigned int)event->d);
	else
		diff_log("%s %s, %u bytes, %#llx", kind, name, (unsigned int)event->d,
			 (unsigned long long)event->b);
}

static void log_irq(const struct fl_event *event)
{
	diff_log("line %d: returned %d%s", (int)event->a, (int)event->d,
		 event->c ? " in the thread" : "");
}

static void log_pm(const struct fl_event *event)
{
	static const char *const devices[] = {"smmu", "gpu", "tbu"};

	diff_log("%s: status %d -> %d", devices[event->a], (int)event->b, (int)event->c);
}

static void log_report(const struct fl_event *event)
{
	diff_log("report %#llx, flags %d: %d", (unsigned long long)event->b, (int)event->c,
		 (int)event->d);
}

/* --- the flows ------------------------------------------------------------------------------- */

#define SETTLE	 3000000ull /* ns */
#define UNMAPPED 9	    /* a page */

static void settle(void)
{
	fl_sleep_ns(SETTLE);
}

static void result(const char *what, int value)
{
	diff_log("%s = %d", what, value);
}

static void fault(bool write)
{
	struct smmu_request request = {.stream = 0, .iova = fl_page_iova(UNMAPPED), .write = write};
	int transaction = client_dma(request);

	settle();
	result("dma",
	       transaction > 0 ? (int)smmu_dma_outcome((unsigned int)transaction) : transaction);
}

static void answers(unsigned int answer)
{
	struct client_config config = {.answer = (uint8_t)answer, .resume = CLIENT_RESUME_EARLY};

	client_configure(&config);
}

static void flow_fault_read(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_0);
	fault(false);
}

static void flow_fault_write(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_0);
	fault(true);
}

static void flow_fault_again(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_EAGAIN);
	fault(false);
}

/* The debug handler touches nothing then: a storm, of which the beginning is compared. */
static void flow_fault_busy(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_EBUSY);
	fault(false);
}

static void flow_fault_nobody(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_ENOSYS);
	fault(false);
}

/* Which error it is without process tables the glue says for the driver. */
static void switch_tables(bool per_process)
{
	result("set_ttbr0_cfg", diff_subject->set_ttbr0_cfg(per_process) ? -1 : 0);
}

/* Terminated, not stalled. */
static void flow_fault_no_stall(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_0);
	if (!(features & FL_SUBJECT_STALL))
		return;
	result("set_stall", diff_subject->set_stall(false));
	switch_tables(false);
	switch_tables(true);
	fault(false);
}

static void flow_fault_info(void *argument)
{
	struct client_config config = {.resume = CLIENT_RESUME_EARLY, .fault_info = 1};

	(void)argument;
	client_configure(&config);
	fault(false);
}

/* The client dumps, switches stalling off in its callback, and lets the worker resume. */
static void flow_fault_dump(void *argument)
{
	struct client_config config = {
		.resume = CLIENT_RESUME_WORKER, .fault_info = 1, .set_stall = 1, .dump = 1};

	(void)argument;
	client_configure(&config);
	fault(false);
}

static void suspend_all(void)
{
	result("put_sync", diff_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC));
	result("suspend gpu", diff_subject->pm(FL_DEVICE_GPU, FL_PM_SUSPEND));
	result("suspend smmu", diff_subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND));
}

static void resume_all(void)
{
	result("resume", diff_subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET));
}

static void no_interrupt_any_more(const struct fl_event *event)
{
	if (spurious_line >= 0 && (int)event->a == spurious_line)
		fl_irq_input(event->a, FL_SOURCE_OTHER, false);
}

static void spurious(unsigned int line)
{
	spurious_line = (int)line;
	fl_irq_input(line, FL_SOURCE_OTHER, true);
	settle();
	spurious_line = -1;
}

/* An interrupt for which the SMMU has no cause: while active, and while suspended. */
static void flow_nothing_pending(void *argument)
{
	const struct fl_hardware *hardware = &profile->hardware;

	(void)argument;
	answers(CLIENT_ANSWERS_0);
	spurious(hardware->bank_lines[0]);
	spurious(hardware->global_line);
	suspend_all();
	spurious(hardware->bank_lines[0]);
	spurious(hardware->global_line);
}

static void flow_global_fault(void *argument)
{
	(void)argument;
	result("self test", smmu_self_test(FL_BANK_GLOBAL, SMMU_GFSR_USF));
	settle();
	result("self test", smmu_self_test(FL_BANK_GLOBAL, SMMU_GFSR_CAF));
	settle();
}

static void flow_suspend_resume(void *argument)
{
	(void)argument;
	suspend_all();
	settle();
	resume_all();
}

static void flow_fault_after_resume(void *argument)
{
	(void)argument;
	answers(CLIENT_ANSWERS_0);
	suspend_all();
	resume_all();
	fault(true);
}

static void use_domain_1(void)
{
	result("alloc", diff_subject->domain_alloc(1));
	result("attach", diff_subject->attach(1));
	settle();
	result("map", diff_subject->map(1, fl_page_iova(4), fl_page_phys(4), 3));
	result("phys", diff_subject->iova_to_phys(1, fl_page_iova(4)) == fl_page_phys(4));
	result("no phys", diff_subject->iova_to_phys(1, fl_page_iova(5)) == 0);
	result("unmap", diff_subject->unmap(1, fl_page_iova(4)));
	result("unmap nothing", diff_subject->unmap(1, fl_page_iova(4)));
	result("detach", diff_subject->detach(1));
	result("free", diff_subject->domain_free(1));
	settle();
}

static void flow_domain(void *argument)
{
	(void)argument;
	use_domain_1();
}

/* Each call brings the device up by itself. */
static void flow_domain_suspended(void *argument)
{
	(void)argument;
	suspend_all();
	use_domain_1();
}

static void flow_map(void *argument)
{
	(void)argument;
	result("map", diff_subject->map(0, fl_page_iova(4), fl_page_phys(4), 1));
	result("unmap", diff_subject->unmap(0, fl_page_iova(4)));
	result("unmap nothing", diff_subject->unmap(0, fl_page_iova(4)));
	suspend_all();
	result("map", diff_subject->map(0, fl_page_iova(4), fl_page_phys(4), 1));
	result("unmap", diff_subject->unmap(0, fl_page_iova(4)));
}

static void flow_phys(void *argument)
{
	(void)argument;
	result("phys", diff_subject->iova_to_phys(0, fl_page_iova(1)) == fl_page_phys(1));
	result("no phys", diff_subject->iova_to_phys(0, fl_page_iova(5)) == 0);
}

static void flow_stall(void *argument)
{
	(void)argument;
	if (!(features & FL_SUBJECT_STALL))
		return;
	result("set_stall", diff_subject->set_stall(true));
	result("set_stall", diff_subject->set_stall(false));
	result("set_stall", diff_subject->set_stall(false));
	suspend_all();
	result("set_stall", diff_subject->set_stall(true));
	resume_all();
	result("set_stall", diff_subject->set_stall(true));
}

static void flow_ttbr0(void *argument)
{
	(void)argument;
	if (!(features & FL_SUBJECT_STALL))
		return;
	switch_tables(false);
	switch_tables(true);
	suspend_all();
	switch_tables(false);
}

static void flow_get_fault_info(void *argument)
{
	struct fl_fault_info info = {0};

	(void)argument;
	if (!(features & FL_SUBJECT_STALL))
		return;
	result("get_fault_info", diff_subject->get_fault_info(&info));
}

static void flow_resume_translation(void *argument)
{
	(void)argument;
	if (!(features & FL_SUBJECT_CLIENT_RESUME))
		return;
	result("resume_translation", diff_subject->resume_translation(true));
	result("resume_translation", diff_subject->resume_translation(false));
}

static void flow_shutdown(void *argument)
{
	(void)argument;
	result("shutdown", diff_subject->shutdown());
}

static void flow_unbind(void *argument)
{
	(void)argument;
	result("unbind", diff_subject->unbind());
}

/* The phases of the SMMU around those of the GPU, which touch no register of the SMMU. */
static void flow_system_sleep(void *argument)
{
	static const enum fl_device down[] = {FL_DEVICE_GPU, FL_DEVICE_SMMU};

	(void)argument;
	for (int phase = FL_SLEEP_PREPARE; phase <= FL_SLEEP_SUSPEND_NOIRQ; phase++)
		for (unsigned int i = 0; i < 2; i++)
			result("phase",
			       diff_subject->system_sleep(down[i], (enum fl_sleep_phase)phase));
	for (int phase = FL_SLEEP_RESUME_NOIRQ; phase <= FL_SLEEP_COMPLETE; phase++)
		for (unsigned int i = 2; i-- > 0;)
			result("phase",
			       diff_subject->system_sleep(down[i], (enum fl_sleep_phase)phase));
}

/* The first enable of a clock after the failure is the device's own. */
static void flow_failing_resume(void *argument)
{
	(void)argument;
	suspend_all();
	fl_failure_arm(FL_FAIL_CLOCK, -EIO);
	resume_all();
	result("detach", diff_subject->detach(0));
	result("free", diff_subject->domain_free(0));
}

static const struct flow {
	const char *name;
	fl_entry_t run;
} flows[] = {
	{"fault of a read", flow_fault_read},
	{"fault of a write", flow_fault_write},
	{"fault, the client wants a retry", flow_fault_again},
	{"fault, the client is busy", flow_fault_busy},
	{"fault, no handler", flow_fault_nobody},
	{"fault without stall", flow_fault_no_stall},
	{"fault, the client looks", flow_fault_info},
	{"fault, the client dumps", flow_fault_dump},
	{"fault after a resume", flow_fault_after_resume},
	{"nothing pending", flow_nothing_pending},
	{"global fault", flow_global_fault},
	{"suspend and resume", flow_suspend_resume},
	{"a second domain", flow_domain},
	{"a second domain, suspended", flow_domain_suspended},
	{"map", flow_map},
	{"iova_to_phys", flow_phys},
	{"set_stall", flow_stall},
	{"set_ttbr0_cfg", flow_ttbr0},
	{"get_fault_info", flow_get_fault_info},
	{"resume_translation", flow_resume_translation},
	{"shutdown", flow_shutdown},
	{"unbind", flow_unbind},
	{"system sleep", flow_system_sleep},
	{"a resume that fails", flow_failing_resume},
};
#define FLOWS (sizeof(flows) / sizeof(flows[0]))

static void record(void)
{
	features = fl_features_on(diff_subject, profile);
	fl_subscribe(FL_EV_REG_READ, log_access);
	fl_subscribe(FL_EV_REG_WRITE, log_access);
	fl_subscribe(FL_EV_IRQ_RETURN, log_irq);
	fl_subscribe(FL_EV_IRQ_ENTER, no_interrupt_any_more);
	fl_subscribe(FL_EV_REPORT, log_report);
	fl_subscribe(FL_EV_PM_STATUS, log_pm);
	for (unsigned int i = 0; i < FLOWS; i++) {
		spurious_line = -1;
		poll_count = 0;
		diff_run(flows[i].name, flows[i].run, NULL);
	}
}

static unsigned int compare(const struct pair *pair)
{
	unsigned int runs, differences;
	FILE *core, *real;

	profile = fl_profile_find(pair->profile);
	core = diff_record(pair->core, pair->profile, record);
	real = diff_record(pair->real, pair->profile, record);
	assert_non_null(core);
	assert_non_null(real);
	differences = diff_compare(pair->core, core, pair->real, real, &runs);
	print_message("%s, %s, %s: %u flows, %u differ\n", pair->core, pair->real, pair->profile,
		      runs, differences);
	assert_int_equal(runs, FLOWS);
	fclose(core);
	fclose(real);
	return differences;
}

static void test_equal(void **state)
{
	unsigned int differences = 0;

	(void)state;
	for (unsigned int i = 0; i < PAIRS; i++)
		if (diff_present(pairs[i].real))
			differences += compare(&pairs[i]);
	assert_int_equal(differences, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_equal)};
	bool any = false;

	for (unsigned int i = 0; i < PAIRS; i++)
		any |= diff_present(pairs[i].real);
	if (!any) {
		fprintf(stderr,
			"skipped: no variant of linux:6.12 is built; see scripts/add-linux\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
