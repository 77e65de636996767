/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Books that must balance, whatever is done to the device under whatever knobs: each transaction
 * has one end, each recorded fault is live or retired once, nothing changes without the generation,
 * and the lines follow the registers.
 */
#include "smmu_test.h"

#define OPERATIONS 150
#define ROUNDS	   400

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (random_state >> 33) % n;
}

/* What can be seen of the device without touching it. */
struct picture {
	struct smmu_bank_view banks[3];
	uint32_t gfsr, gfault, faults;
	unsigned int pending, held, power;
	bool global_output;
};

static void look(struct picture *picture)
{
	memset(picture, 0, sizeof(*picture));
	for (unsigned int i = 0; i < 3; i++)
		smmu_bank_view(i, &picture->banks[i]);
	picture->gfsr = smmu_gfsr();
	picture->gfault = smmu_gfault();
	picture->faults = smmu_fault_count();
	picture->pending = smmu_dma_pending();
	picture->held = smmu_dma_held();
	picture->power = smmu_power();
	picture->global_output = smmu_output(FL_BANK_GLOBAL);
}

static bool same(const struct picture *a, const struct picture *b)
{
	for (unsigned int i = 0; i < 3; i++) {
		const struct smmu_bank_view *x = &a->banks[i], *y = &b->banks[i];

		if (x->fsr != y->fsr || x->sctlr != y->sctlr || x->far != y->far ||
		    x->fsynr0 != y->fsynr0 || x->cbfrsynra != y->cbfrsynra ||
		    x->fault != y->fault || x->stalled != y->stalled || x->queued != y->queued ||
		    x->output != y->output)
			return false;
	}
	return a->gfsr == b->gfsr && a->gfault == b->gfault && a->faults == b->faults &&
	       a->pending == b->pending && a->held == b->held && a->power == b->power &&
	       a->global_output == b->global_output;
}

static unsigned int issued, done, recorded, retired;
static uint8_t retirements[4096];
static const char *broken;
static uint64_t broken_seed;

static void breaks(const char *what)
{
	if (broken)
		return;
	broken = what;
	broken_seed = random_state;
}

static void count(const struct fl_event *event)
{
	switch (event->kind) {
	case FL_EV_TXN_DONE:
		done++;
		break;
	case FL_EV_FAULT_RECORDED:
		recorded++;
		if (!smmu_fault_live(event->a))
			breaks("a fault is recorded and not live");
		break;
	case FL_EV_FAULT_RETIRED:
		retired++;
		if (retirements[event->a & 4095]++)
			breaks("a fault is retired twice");
		break;
	default:
		break;
	}
}

static void operate(void)
{
	static const uint32_t sctlr_bits[] = {SMMU_SCTLR_M, SMMU_SCTLR_CFCFG, SMMU_SCTLR_CFIE,
					      SMMU_SCTLR_HUPCF, SMMU_SCTLR_CFRE};
	struct smmu_request request = {
		.stream = random_below(8) ? STREAM + random_below(2) : 77,
		.iova = random_below(3) ? UNMAPPED : MAPPED,
		.write = random_below(2),
	};
	unsigned int bank = random_below(2);

	switch (random_below(14)) {
	case 0 ... 4:
		smmu_dma(&request);
		issued++;
		break;
	case 5:
		wr(CB(bank, SMMU_FSR), random_below(2) ? SMMU_FSR_FAULT : SMMU_FSR_TF);
		break;
	case 6 ... 7:
		wr(CB(bank, SMMU_FSR), rd(CB(bank, SMMU_FSR)));
		wr(CB(bank, SMMU_RESUME), random_below(2));
		break;
	case 8:
		wr(CB(bank, SMMU_RESUME), random_below(2));
		break;
	case 9:
		wr(CB(bank, SMMU_SCTLR), rd(CB(bank, SMMU_SCTLR)) ^ sctlr_bits[random_below(5)]);
		break;
	case 10:
		wr(SMMU_GFSR, random_below(2) ? ~0u : SMMU_GFSR_USF);
		break;
	case 11:
		wr(CB(bank, SMMU_FSRRESTORE), 1u << random_below(32));
		break;
	case 12:
		smmu_set_clocks(random_below(3));
		break;
	default:
		smmu_set_domain(random_below(3));
		break;
	}
	if (!random_below(20)) {
		smmu_set_domain(true);
		smmu_set_clocks(true);
		set_up(SCTLR_STALL);
		route(1, STREAM + 1, 1);
		set_up_bank(1, SCTLR_BASE);
	}
}

static void check_books(void)
{
	unsigned int live = 0;
	struct smmu_bank_view view;
	uint32_t causes = SMMU_FSR_W1C | (fl_knobs.ss_asserts_line ? 0 : SMMU_FSR_SS);

	for (uint32_t fault = 1; fault <= smmu_fault_count(); fault++)
		live += smmu_fault_live(fault);
	if (live + retired != recorded || recorded != smmu_fault_count())
		breaks("recorded faults are not live or retired");
	if (done + smmu_dma_pending() + smmu_dma_held() != issued)
		breaks("transactions have no end");
	for (unsigned int i = 0; i < 3 && smmu_power() == FL_POWER_ON; i++) {
		smmu_bank_view(i, &view);
		if (view.output != (view.sctlr & SMMU_SCTLR_CFIE && view.fsr & causes))
			breaks("a line does not follow its registers");
		if (view.output != line_level[i])
			breaks("a change of a line was not told");
		if (!view.fault != !(view.fsr & SMMU_FSR_FAULT))
			breaks("FSR has bits and no fault, or a fault and no bits");
	}
}

static void work(void *arg)
{
	struct picture before, after;
	uint64_t generation;

	for (int i = 0; i < OPERATIONS && !broken; i++) {
		look(&before);
		generation = smmu_generation();
		operate();
		look(&after);
		if (generation == smmu_generation() && !same(&before, &after))
			breaks("something changed and the generation did not");
		check_books();
	}
}

static void round_of(uint64_t seed, bool in_run)
{
	const char *argument, *error = "";
	struct fl_run_options options = {.strategy = fl_strategy_find("random", &argument)};

	fresh_device_with(seed & 1 ? SMMU_MODEL_MMU500 : SMMU_MODEL_QCOM_V2, seed & 2 ? 1 : 0);
	fl_unsubscribe_all();
	fl_subscribe(FL_EV_TXN_DONE, count);
	fl_subscribe(FL_EV_FAULT_RECORDED, count);
	fl_subscribe(FL_EV_FAULT_RETIRED, count);
	memset(retirements, 0, sizeof(retirements));
	issued = done = recorded = retired = 0;
	random_state = seed * 7919;
	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++)
		*fl_knob_at(&fl_knobs, knob) = random_below(fl_knob_count(knob));
	if (fl_knobs.off_read >= FL_OFF_READ_ABORT)
		fl_knobs.off_read = FL_OFF_READ_ONES;
	fl_knobs.off_write = FL_OFF_WRITE_DROPPED;
	set_up(SCTLR_STALL);
	route(1, STREAM + 1, 1);
	set_up_bank(1, SCTLR_BASE);
	if (!in_run) {
		work(NULL);
		return;
	}
	fl_context_activate(fl_context_create("task", FL_CONTEXT_TASK, 0, work, NULL));
	options.strategy->start(seed, argument, &error);
	if (fl_run(&options) != FL_END_QUIET)
		breaks("a run did not end");
}

static void test_outside_a_run(void **state)
{
	broken = NULL;
	for (uint64_t seed = 1; seed <= ROUNDS && !broken; seed++)
		round_of(seed, false);
	if (broken)
		fail_msg("%s (state %llx)", broken, (unsigned long long)broken_seed);
	assert_true(recorded > 0);
}

/* With choices, virtual time and posted writes. */
static void test_in_a_run(void **state)
{
	broken = NULL;
	for (uint64_t seed = 1; seed <= ROUNDS && !broken; seed++)
		round_of(seed, true);
	if (broken)
		fail_msg("%s (state %llx)", broken, (unsigned long long)broken_seed);
	assert_true(issued > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside_a_run),
		cmocka_unit_test(test_in_a_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
