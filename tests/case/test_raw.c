// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Raw bytes: each string is a case; the case goes to text and back to bytes that make the same
 * case; a string that is cut keeps the meaning of what is left.
 */
#include "case_test.h"

#include <case/operations.h>
#include <case/raw_form.h>
#include <handler/handler.h>
#include <world/trace_hash.h>

#define ALL_INVARIANTS ((1ull << FL_MAX_INVARIANTS) - 1)
#define MOST_BYTES     200

static struct fl_case first, second;
static uint8_t bytes[FL_RAW_SIZE];
static const struct fl_target *target;

static const struct fl_subject *subject_of(const char *name)
{
	const struct fl_subject *subject = fl_core_find(name);

	if (!subject)
		fail_msg("there is no subject %s", name);
	return subject;
}

static void make_world(const char *target_name, const char *subject)
{
	char error[256];

	target = fl_target_find(target_name);
	assert_non_null(target);
	if (fl_world_make(subject_of(subject), fl_profile_find(target->profile),
			  (uint32_t)ALL_INVARIANTS, error, sizeof(error)))
		fail_msg("%s", error);
	fl_trace_hash_start();
}

static struct fl_outcome run_raw(const uint8_t *data, size_t size)
{
	struct fl_outcome outcome;

	fl_trace_hash_reset();
	fl_world_raw(target, data, size, &outcome);
	return outcome;
}

/* An input of any length; slots that are no preemption are as likely as those that are. */
static size_t random_input(uint8_t data[MOST_BYTES])
{
	size_t size = below(MOST_BYTES + 1);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)below(256);
	return size;
}

static void assert_same_case(const struct fl_case *left, const struct fl_case *right)
{
	size_t left_size, right_size;
	char *left_text = text_of(left, &left_size);
	char *right_text = text_of(right, &right_size);

	assert_string_equal(left_text, right_text);
	free(left_text);
	free(right_text);
}

/* The case of the run that ended, through its text. */
static void record_through_text(struct fl_case *result)
{
	static struct fl_case recorded;
	char error[256];
	size_t size;
	char *text;

	fl_world_record(&recorded);
	text = text_of(&recorded, &size);
	if (fl_case_parse(result, text, size, "raw", error, sizeof(error)))
		fail_msg("%s in:\n%s", error, text);
	assert_same_case(&recorded, result);
	free(text);
}

static void round_trip(const uint8_t *data, size_t size)
{
	struct fl_outcome outcome = run_raw(data, size);
	uint64_t wanted_trace = fl_trace_hash(), wanted_steps = outcome.steps;
	unsigned int wanted_findings = outcome.finding_count;
	char error[256] = "";
	size_t used;

	record_through_text(&first);

	/* The case runs as its bytes did. */
	fl_trace_hash_reset();
	fl_world_replay(&first, &outcome);
	assert_int_equal(fl_trace_hash(), wanted_trace);
	assert_int_equal(outcome.finding_count, wanted_findings);

	used = fl_raw_encode(target, &first, bytes, sizeof(bytes), error, sizeof(error));
	assert_string_equal(error, "");
	assert_in_range(used, RAW_HEAD_SIZE, sizeof(bytes));
	outcome = run_raw(bytes, used);
	assert_int_equal(fl_trace_hash(), wanted_trace);
	assert_int_equal(outcome.steps, wanted_steps);
	assert_int_equal(outcome.finding_count, wanted_findings);
	record_through_text(&second);
	assert_same_case(&first, &second);
}

static void test_round_trip(void **state)
{
	static const char *const subjects[] = {"core:legacy", "core:guard-v2", "core:reference"};
	uint8_t data[MOST_BYTES];

	for (unsigned int i = 0; fl_targets[i]; i++) {
		for (unsigned int j = 0; j < 3; j++) {
			make_world(fl_targets[i]->name, subjects[j]);
			for (unsigned int run = 0; run < 60; run++)
				round_trip(data, random_input(data));
		}
	}
}

/* Whatever a target's scenario draws, its operations are the target's. */
static void test_scenarios_of_targets(void **state)
{
	for (unsigned int i = 0; fl_targets[i]; i++) {
		make_world(fl_targets[i]->name, "core:legacy");
		for (unsigned int j = 0; target->scenarios[j]; j++) {
			for (unsigned int run = 0; run < 50; run++) {
				uint8_t data[RAW_HEAD_SIZE + RAW_DRAWS * RAW_SLOT_SIZE] = {
					(uint8_t)j, 0};

				for (unsigned int draw = 0; draw < RAW_DRAWS; draw++) {
					data[RAW_HEAD_SIZE + 2 * draw] = (uint8_t)(RAW_DRAW | draw);
					data[RAW_HEAD_SIZE + 2 * draw + 1] = (uint8_t)below(256);
				}
				round_trip(data, sizeof(data));
			}
		}
	}
}

/* Random bytes seldom come to a whole schedule in one scenario: mostly preemptions, and long waits.
 */
static void test_round_trip_of_schedules(void **state)
{
	uint8_t data[MOST_BYTES];

	make_world("suspend_race_fuzzer", "core:guard-v2");
	for (unsigned int run = 0; run < 200; run++) {
		data[0] = (uint8_t)below(8);
		data[1] = (uint8_t)below(256);
		for (size_t i = 2; i < MOST_BYTES; i += 2) {
			data[i] = (uint8_t)(below(8) ? below(128) : 0x80 + below(128));
			data[i + 1] = (uint8_t)(below(30) ? below(20) : below(256));
		}
		round_trip(data, below(MOST_BYTES));
	}
}

static void test_each_length(void **state)
{
	uint8_t data[MOST_BYTES];

	make_world("context_fault_fuzzer", "core:legacy");
	for (size_t i = 0; i < MOST_BYTES; i++)
		data[i] = (uint8_t)below(256);
	for (size_t size = 0; size <= MOST_BYTES; size++)
		round_trip(data, size);
}

/* No bytes are the plain case: the target's first scenario, its first answers, nobody preempted. */
static void test_nothing(void **state)
{
	static const uint8_t zeros[1];

	for (unsigned int i = 0; fl_targets[i]; i++) {
		make_world(fl_targets[i]->name, "core:reference");
		run_raw(NULL, 0);
		record_through_text(&first);
		assert_string_equal(first.scenario, target->scenarios[0]->name);
		for (uint32_t j = 0; j < first.decision_count; j++)
			assert_int_equal(first.decisions[j].kind, FL_CHOOSE_CONTEXT);
		run_raw(zeros, 1);
		record_through_text(&second);
		assert_same_case(&first, &second);
	}
}

/* A cut takes changes from the end away: what is before it means what it meant. */
static void test_a_cut_keeps_what_is_before_it(void **state)
{
	/* Two actors, three operations and a preemption after a step, in slots of two bytes. */
	static const uint8_t whole[] = {
		RAW_SPELLED,
		0,
		RAW_ACTOR,
		0,
		RAW_OPERATION | OP_DMA,
		12,
		RAW_OPERATION | OP_GMU_DMA,
		8,
		RAW_ACTOR,
		1 << 3 | 1,
		RAW_OPERATION | OP_SLEEP,
		0,
		12,
		1,
	};

	make_world("suspend_race_fuzzer", "core:guard-v2");
	run_raw(whole, sizeof(whole));
	fl_world_record(&first);
	assert_int_equal(first.program.count, 2);
	assert_string_equal(first.program.actors[0].name, "gpu");
	assert_int_equal(first.program.actors[0].count, 2);
	assert_int_equal(first.program.actors[0].operations[0].code, OP_DMA);
	assert_int_equal(first.program.actors[0].operations[0].arguments[1], PAGE_UNMAPPED);
	assert_int_equal(first.program.actors[0].operations[1].arguments[1], PAGE_READ_ONLY);
	assert_string_equal(first.program.actors[1].name, "suspend");
	assert_int_equal(first.program.actors[1].cpu, 1);
	assert_true(first.decision_count >= 1);
	assert_true(first.decisions[0].at >= 1);

	run_raw(whole, sizeof(whole) - 2);
	fl_world_record(&second);
	assert_memory_equal(&first.program, &second.program, sizeof(first.program));
	run_raw(whole, sizeof(whole) - 4);
	fl_world_record(&second);
	assert_int_equal(second.program.count, 1);
	assert_memory_equal(&first.program.actors[0], &second.program.actors[0],
			    sizeof(first.program.actors[0]));
	run_raw(whole, 6);
	fl_world_record(&second);
	assert_int_equal(second.program.actors[0].count, 1);
	assert_int_equal(second.program.actors[0].operations[0].arguments[1], PAGE_UNMAPPED);
}

/* A knob's slot changes that knob and nothing else, wherever it stands. */
static void test_a_slot_is_a_small_change(void **state)
{
	static const uint8_t with_knob[] = {0, 0, 5, 20, RAW_KNOB, FL_KNOB_off_write << 3 | 2,
					    3, 9};
	static const uint8_t without[] = {0, 0, 5, 20, 3, 9};

	make_world("suspend_race_fuzzer", "core:reference");
	run_raw(with_knob, sizeof(with_knob));
	fl_world_record(&first);
	run_raw(without, sizeof(without));
	fl_world_record(&second);
	assert_int_equal(first.knobs.off_write, 2);
	assert_int_equal(second.knobs.off_write, 0);
	first.knobs.off_write = 0;
	assert_memory_equal(&first.knobs, &second.knobs, sizeof(first.knobs));
	assert_memory_equal(&first.program, &second.program, sizeof(first.program));
	assert_memory_equal(first.decisions, second.decisions, sizeof(first.decisions[0]) * 2);
}

static void test_repeats(void **state)
{
	uint8_t data[MOST_BYTES];

	make_world("system_sleep_fuzzer", "core:guard-v2");
	for (unsigned int input = 0; input < 20; input++) {
		size_t size = random_input(data);
		struct fl_outcome outcome = run_raw(data, size);
		unsigned int findings = outcome.finding_count;
		uint64_t wanted = fl_trace_hash();

		for (unsigned int run = 0; run < 100; run++) {
			outcome = run_raw(data, size);
			assert_int_equal(fl_trace_hash(), wanted);
			assert_int_equal(outcome.finding_count, findings);
		}
	}
}

/* Random bytes alone break what the generation is known to break. */
static void test_finds(void **state)
{
	uint8_t data[MOST_BYTES];
	bool storm = false, access = false;

	make_world("suspend_race_fuzzer", "core:guard-v2");
	for (unsigned int run = 0; run < 20000 && !storm; run++) {
		struct fl_outcome outcome = run_raw(data, random_input(data));

		for (unsigned int i = 0; i < outcome.finding_count; i++)
			storm |= !strncmp(outcome.findings[i].signature, "irq-storm", 9);
	}
	assert_true(storm);
	make_world("suspend_race_fuzzer", "core:resume");
	for (unsigned int run = 0; run < 20000 && !access; run++) {
		struct fl_outcome outcome = run_raw(data, random_input(data));

		for (unsigned int i = 0; i < outcome.finding_count; i++)
			access |= !strncmp(outcome.findings[i].signature, "unclocked-access", 16);
	}
	assert_true(access);
}

static void test_refused(void **state)
{
	char error[256];

	make_world("domain_lifecycle_fuzzer", "core:reference");
	run_raw(NULL, 0);
	fl_world_record(&first);
	assert_true(fl_raw_encode(target, &first, bytes, sizeof(bytes), error, sizeof(error)));
	assert_int_equal(fl_raw_encode(fl_target_find("tbu_debug_fuzzer"), &first, bytes,
				       sizeof(bytes), error, sizeof(error)),
			 0);
	assert_string_equal(error,
			    "tbu_debug_fuzzer cannot say this case: its profile is mmu500-tbu, "
			    "that of the case mmu500");
	assert_int_equal(fl_raw_encode(fl_target_find("context_fault_fuzzer"), &first, bytes,
				       sizeof(bytes), error, sizeof(error)),
			 0);
	assert_string_equal(error,
			    "context_fault_fuzzer cannot say this case: 'detach' is none of its "
			    "operations");
	assert_int_equal(fl_raw_encode(target, &first, bytes, RAW_HEAD_SIZE, error, sizeof(error)),
			 0);
	assert_string_equal(
		error, "domain_lifecycle_fuzzer cannot say this case: it takes more than 2 bytes");
	/* A decision that no run reaches: refused, and not after minutes of slots that wait for it. */
	first.decision_count = 1;
	first.decisions[0] =
		(struct fl_decision){.kind = FL_CHOOSE_WAITER, .at = UINT32_MAX, .value = 1};
	assert_int_equal(fl_raw_encode(target, &first, bytes, sizeof(bytes), error, sizeof(error)),
			 0);
	first.decisions[0] =
		(struct fl_decision){.kind = FL_CHOOSE_CONTEXT, .at = UINT32_MAX, .value = 1};
	assert_int_equal(fl_raw_encode(target, &first, bytes, sizeof(bytes), error, sizeof(error)),
			 0);
	first.decision_count = 0;
	first.memory_granularity = true;
	assert_int_equal(fl_raw_encode(target, &first, bytes, sizeof(bytes), error, sizeof(error)),
			 0);
}

/* What the form relies on. */
static void test_tables(void **state)
{
	for (unsigned int i = 0; i < fl_operation_count; i++) {
		unsigned int span = 1;

		for (unsigned int j = 0; j < case_argument_count(&fl_operations[i]); j++)
			span *= fl_operations[i].argument_limits[j];
		assert_in_range(span, 1, 256);
	}
	assert_true(fl_operation_count <= 64);
	assert_true(FL_KNOB_COUNT <= 64);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		assert_in_range(fl_knob_count(i), 1, 8);
	for (unsigned int i = 0; i < raw_name_count; i++)
		assert_int_equal(raw_name_find(raw_names[i].name, raw_names[i].agent), i);
	for (unsigned int i = 0; fl_targets[i]; i++) {
		bool has_free = false;

		assert_non_null(fl_profile_find(fl_targets[i]->profile));
		assert_true(fl_targets[i]->operations >> OP_DMA & 1);
		for (unsigned int j = 0; fl_targets[i]->scenarios[j]; j++)
			has_free |= !strcmp(fl_targets[i]->scenarios[j]->name, "free");
		assert_true(has_free);
		assert_ptr_equal(fl_target_find(fl_targets[i]->name), fl_targets[i]);
	}
	assert_null(fl_target_find("no_such_fuzzer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_scenarios_of_targets),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_of_schedules),
		cmocka_unit_test(test_each_length),
		cmocka_unit_test(test_a_cut_keeps_what_is_before_it),
		cmocka_unit_test(test_a_slot_is_a_small_change),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_finds),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
