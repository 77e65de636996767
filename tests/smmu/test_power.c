/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The three levels of power: what each keeps, and what is lost on the way. */
#include "smmu_test.h"

static void collapse(void)
{
	smmu_set_clocks(false);
	smmu_set_domain(false);
}

static void restore(void)
{
	smmu_set_domain(true);
	smmu_set_clocks(true);
}

static void test_levels_of_power(void **state)
{
	fresh_device();
	assert_int_equal(smmu_power(), FL_POWER_ON);
	smmu_set_clocks(false);
	assert_int_equal(smmu_power(), FL_POWER_GATED);
	assert_int_equal(last_event(FL_EV_POWER).a, FL_POWER_ON);
	assert_int_equal(last_event(FL_EV_POWER).b, FL_POWER_GATED);
	smmu_set_domain(false);
	assert_int_equal(smmu_power(), FL_POWER_COLLAPSED);
	smmu_set_clocks(true);
	assert_int_equal(smmu_power(), FL_POWER_COLLAPSED);
	smmu_set_domain(true);
	assert_int_equal(smmu_power(), FL_POWER_ON);
	assert_int_equal(count_events(FL_EV_POWER), 3);
}

static void test_gating_keeps_state(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	smmu_set_clocks(false);
	assert_true(line_level[0]);
	assert_true(smmu_fault_asserting(1));
	smmu_set_clocks(true);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 0);

	fresh_device();
	fl_knobs.gated_line = FL_GATED_LINE_LOW;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	smmu_set_clocks(false);
	assert_false(line_level[0]);
	assert_true(smmu_fault_live(1));
	assert_false(smmu_fault_asserting(1));
	smmu_set_clocks(true);
	assert_true(line_level[0]);
}

static void test_collapse_loses_state(void **state)
{
	unsigned int stalled, waiting;
	struct smmu_bank_view view;

	fresh_device();
	set_up(SCTLR_STALL);
	stalled = dma(UNMAPPED, false);
	waiting = dma(UNMAPPED, false);
	collapse();
	assert_false(line_level[0]);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).a, 1);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_POWER_LOSS);
	assert_int_equal(smmu_dma_outcome(stalled), SMMU_OUTCOME_DROPPED);
	assert_int_equal(smmu_dma_outcome(waiting), SMMU_OUTCOME_DROPPED);
	assert_false(smmu_fault_live(1));
	restore();
	smmu_bank_view(0, &view);
	assert_int_equal(view.fsr | view.sctlr | view.far | view.fsynr0, 0);
	assert_int_equal(rd(SMMU_SMR(0)) | rd(SMMU_S2CR(0)), 0);
	assert_true(rd(SMMU_CR0) & SMMU_CR0_CLIENTPD);
	assert_true(rd(CB(0, SMMU_ACTLR)) & SMMU_ACTLR_CPRE);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_BYPASSED);
}

static void test_global_fault_is_lost(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_GFSRRESTORE, SMMU_GFSR_USF);
	collapse();
	assert_false(global_level);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).b, FL_BANK_GLOBAL);
	assert_int_equal(smmu_gfsr(), 0);
	assert_int_equal(smmu_gfault(), 0);
}

static void test_collapsed_line(void **state)
{
	fresh_device();
	fl_knobs.collapsed_line = FL_COLLAPSED_LINE_KEPT;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	collapse();
	assert_true(line_level[0]);
	restore();
	assert_false(line_level[0]);
}

static void test_power_off_knob(void **state)
{
	fresh_device();
	fl_knobs.power_off = FL_POWER_OFF_REFUSED;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	collapse();
	assert_int_equal(smmu_power(), FL_POWER_GATED);
	restore();
	assert_true(line_level[0]);

	fresh_device();
	fl_knobs.power_off = FL_POWER_OFF_RETAINED;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	collapse();
	assert_int_equal(smmu_power(), FL_POWER_COLLAPSED);
	assert_false(line_level[0]);
	assert_true(smmu_fault_live(1));
	restore();
	assert_true(line_level[0]);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(smmu_dma_pending(), 1);
}

static void test_stalled_at_power_off(void **state)
{
	unsigned int txn;

	fresh_device();
	fl_knobs.stalled_at_power_off = 1;
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	collapse();
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_HUNG);
	/* Nor does anybody answer what comes later. */
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_HUNG);
}

static void test_dma_without_power(void **state)
{
	unsigned int mapped, unmapped;

	fresh_device();
	set_up(SCTLR_STALL);
	smmu_set_clocks(false);
	mapped = dma(MAPPED, false);
	unmapped = dma(UNMAPPED, false);
	assert_int_equal(smmu_dma_outcome(mapped), SMMU_OUTCOME_PENDING);
	assert_int_equal(smmu_dma_held(), 2);
	assert_int_equal(smmu_dma_pending(), 0);
	smmu_set_clocks(true);
	assert_int_equal(smmu_dma_outcome(mapped), SMMU_OUTCOME_OK);
	assert_int_equal(smmu_dma_outcome(unmapped), SMMU_OUTCOME_PENDING);
	assert_int_equal(smmu_dma_held(), 0);
	assert_true(line_level[0]);
	collapse();
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_DROPPED);
}

static void test_reset_state_retained(void **state)
{
	struct smmu_bank_view view;

	fresh_device();
	fl_knobs.reset_state = FL_RESET_RETAINED;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	collapse();
	/* The transaction is gone, the fault is not. */
	assert_int_equal(smmu_dma_pending(), 0);
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 0);
	restore();
	smmu_bank_view(0, &view);
	assert_int_equal(view.fsr & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(view.sctlr, SCTLR_STALL);
	assert_int_equal(view.far, UNMAPPED);
	assert_int_equal(view.fault, 1);
	assert_true(line_level[0]);
	assert_true(rd(SMMU_SMR(0)) & SMMU_SMR_VALID);
	/* What the knob does not name is reset. */
	assert_int_equal(smmu_read(CB(0, SMMU_TTBR0), 8), 0);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr(), 0);
	assert_false(smmu_fault_live(1));
}

static uint32_t seen[8];

static void look_after_power_loss(void *arg)
{
	collapse();
	restore();
	seen[0] = line_level[0] + 2 * line_level[1] + 4 * line_level[2];
	seen[1] = rd(CB(0, SMMU_FSR));
	seen[2] = rd(CB(0, SMMU_SCTLR));
	seen[3] = rd(CB(0, SMMU_FAR));
	seen[4] = rd(SMMU_SMR(0));
	seen[5] = rd(SMMU_S2CR(0));
	/* Drawn once. */
	seen[6] = rd(CB(0, SMMU_FSR)) == seen[1] && rd(SMMU_S2CR(0)) == seen[5];
	wr(CB(0, SMMU_SCTLR), 0);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	seen[7] = rd(CB(0, SMMU_FSR));
}

static void after_power_loss(const struct fl_decision *decisions, size_t count)
{
	fresh_device();
	fl_knobs.reset_state = FL_RESET_RANDOM;
	set_up(SCTLR_STALL);
	run_with(look_after_power_loss, decisions, count);
}

#define HW(n, answer) {.kind = FL_CHOOSE_HARDWARE, .at = (n), .value = (answer)}

static void test_reset_state_random(void **state)
{
	/* At power-up no line is high; FSR, SCTLR, FAR (both halves), SMR, S2CR as they are read.
	 */
	const struct fl_decision stuck[] = {HW(1, 3), HW(2, 1), HW(3, 1), HW(4, 1), HW(5, 2)};
	/* Bank 0 comes up with its line high. */
	const struct fl_decision high[] = {HW(0, 1), HW(1, 1)};

	after_power_loss(NULL, 0);
	assert_int_equal(seen[0] | seen[1] | seen[2] | seen[3] | seen[4] | seen[5], 0);
	assert_int_equal(smmu_fault_count(), 0);

	after_power_loss(stuck, 5);
	assert_int_equal(seen[0], 0);
	assert_int_equal(seen[1], SMMU_FSR_FAULT);
	/* The line was low, so interrupts were off. */
	assert_true(seen[2] & SMMU_SCTLR_M);
	assert_false(seen[2] & SMMU_SCTLR_CFIE);
	assert_int_not_equal(seen[3], 0);
	assert_true(seen[4] & SMMU_SMR_VALID);
	assert_int_equal(SMMU_S2CR_TYPE(seen[5]), SMMU_S2CR_FAULT);
	assert_int_equal(seen[6], 1);
	assert_int_equal(seen[7], SMMU_FSR_SS);
	assert_string_equal(last_event(FL_EV_FAULT_RECORDED).text, "unknown after power loss");
	assert_true(smmu_fault_live(1));

	after_power_loss(high, 2);
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], SMMU_FSR_FAULT);
	assert_true(seen[2] & SMMU_SCTLR_CFIE);
}

static void enable_after_power_loss(void *arg)
{
	collapse();
	restore();
	wr(CB(0, SMMU_SCTLR), SMMU_SCTLR_M | SMMU_SCTLR_CFIE);
	seen[0] = line_level[0];
	/* A write before a look leaves nothing unknown. */
	wr(SMMU_SMR(0), 7);
	seen[1] = rd(SMMU_SMR(0));
}

/* write_context_bank enables interrupts before FSR is cleared: what FSR held shows on the line. */
static void test_enable_over_unknown_fsr(void **state)
{
	const struct fl_decision fault[] = {HW(1, 1)};

	fresh_device();
	fl_knobs.reset_state = FL_RESET_RANDOM;
	run_with(enable_after_power_loss, fault, 1);
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], 7);
}

static void test_hardware_reset(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	smmu_hardware_reset();
	assert_int_equal(smmu_power(), FL_POWER_ON);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_RESET);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_DROPPED);
	assert_int_equal(fsr(), 0);
	assert_false(line_level[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_of_power),
		cmocka_unit_test(test_gating_keeps_state),
		cmocka_unit_test(test_collapse_loses_state),
		cmocka_unit_test(test_global_fault_is_lost),
		cmocka_unit_test(test_collapsed_line),
		cmocka_unit_test(test_power_off_knob),
		cmocka_unit_test(test_stalled_at_power_off),
		cmocka_unit_test(test_dma_without_power),
		cmocka_unit_test(test_reset_state_retained),
		cmocka_unit_test(test_reset_state_random),
		cmocka_unit_test(test_enable_over_unknown_fsr),
		cmocka_unit_test(test_hardware_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
