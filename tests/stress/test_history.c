/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Histories: what is written is read again, what is damaged is refused with its line. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <case/history.h>
#include <case/world.h>
#include <handler/handler.h>

static struct fl_history history, again;
static char folder[] = "/tmp/faultline-history-XXXXXX", path[64], error[512];

static int make_folder(void **state)
{
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.history", folder);
	return 0;
}

static int remove_folder(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static void make_history(void)
{
	struct fl_actor *actor = &history.like.program.actors[0];

	memset(&history, 0, sizeof(history));
	history.seed = 7;
	history.round = 123456789012ull;
	history.process = 2;
	history.threads = 64;
	history.perturbation = 20;
	history.first_step = 99;
	snprintf(history.detail, sizeof(history.detail), "a sentence: with everything, 100 %%");
	fl_case_clear(&history.like);
	strcpy(history.like.subject, "core:guard-v2");
	strcpy(history.like.profile, "mmu500");
	strcpy(history.like.signature, "irq-storm in arm_smmu_context_fault (unretired)");
	history.like.step = 120;
	history.like.program.count = 1;
	strcpy(actor->name, "fault-storm-1");
	actor->agent = true;
	actor->count = 1;
	actor->operations[0].code = (uint8_t)fl_operation_find("dma");
	history.like.decisions[0] = (struct fl_decision){.kind = FL_CHOOSE_CPU, .value = 1};
	history.like.decision_count = 1;
	strcpy(history.names[0], "hardirq/0");
	strcpy(history.names[3], "setup");
	strcpy(history.names[9], "fault-storm-1");
	for (unsigned int i = 0; i < 300; i++)
		history.order[history.count++] = (uint8_t)(i % 7 < 3 ? 9 : i % 7 < 6 ? 0 : 3);
}

static void test_what_is_written_is_read(void **state)
{
	make_history();
	assert_int_equal(fl_history_save(&history, path, error, sizeof(error)), 0);
	assert_int_equal(fl_history_load(&again, path, error, sizeof(error)), 0);
	assert_int_equal(again.seed, history.seed);
	assert_int_equal(again.round, history.round);
	assert_int_equal(again.process, history.process);
	assert_int_equal(again.threads, history.threads);
	assert_int_equal(again.perturbation, history.perturbation);
	assert_int_equal(again.first_step, history.first_step);
	assert_string_equal(again.detail, history.detail);
	assert_string_equal(again.like.signature, history.like.signature);
	assert_int_equal(again.like.step, history.like.step);
	assert_int_equal(again.like.decision_count, 1);
	assert_memory_equal(&again.like.program, &history.like.program,
			    sizeof(history.like.program));
	assert_int_equal(again.count, history.count);
	for (uint32_t i = 0; i < history.count; i++)
		assert_string_equal(again.names[again.order[i]], history.names[history.order[i]]);
}

static void write_text(const char *text, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void refused(const char *text, const char *why)
{
	write_text(text, strlen(text));
	*error = '\0';
	assert_true(fl_history_load(&again, path, error, sizeof(error)) < 0);
	if (!strstr(error, why))
		fail_msg("'%s' was expected in '%s'", why, error);
	assert_null(strchr(error, '\n'));
}

#define HEAD "faultline history 1\n"

static void test_what_is_damaged_is_refused(void **state)
{
	refused("", "a.history:1: this is no history");
	refused("faultline case 1\n", "a.history:1: this is no history");
	refused(HEAD, "a.history:2: the file ends before its case");
	refused(HEAD "seed 1\nseed x\n", "a.history:3: 'x' is no number");
	refused(HEAD "seed -1\n", "a.history:2: '-1' is no number");
	refused(HEAD "threads 99999999999\n", "a.history:2: '99999999999' is no number");
	refused(HEAD "nonsense 1\n", "a.history:2: unknown statement 'nonsense'");
	refused(HEAD "nonsense\n", "a.history:2: 'nonsense'");
	refused(HEAD "order a*0\n", "a.history:2: 'a*0': give 1 to 8192");
	refused(HEAD "order a*9000\n", "a.history:2: 'a*9000'");
	refused(HEAD "order a*8000 b*8000\n", "a.history:2: 'b*8000'");
	refused(HEAD "order abc\n", "a.history:2: 'abc': an order is made of");
	refused(HEAD "order *3\n", "a.history:2: '*3'");
	refused(HEAD "seed 1\nfaultline case 1\nnonsense\n", "a.history:3: in its case");
}

/* Each byte cut off and each byte changed: read, or refused in one line, and never more. */
static void test_any_damage_is_survived(void **state)
{
	static char text[16384], copy[16384];
	size_t size;
	FILE *file;

	make_history();
	/* The one of before stays until somebody takes it away. */
	assert_int_equal(fl_history_save(&history, path, error, sizeof(error)), -EEXIST);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fl_history_save(&history, path, error, sizeof(error)), 0);
	file = fopen(path, "rb");
	assert_non_null(file);
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_true(size > 500 && size < sizeof(text));
	for (size_t i = 0; i < size; i += 1 + size / 400) {
		write_text(text, i);
		/* But for the last newline. */
		if (i + 1 == size)
			break;
		assert_true(fl_history_load(&again, path, error, sizeof(error)) < 0);
		memcpy(copy, text, size);
		copy[i] = (char)(copy[i] ^ (char)(1 << i % 8));
		write_text(copy, size);
		*error = '\0';
		if (fl_history_load(&again, path, error, sizeof(error)))
			assert_null(strchr(error, '\n'));
	}
}

static void test_contexts_are_found_by_name(void **state)
{
	static uint8_t order[FL_HISTORY_STEPS];
	const struct fl_subject *subject = fl_core_find("core:guard-v2");
	size_t count;

	assert_int_equal(
		fl_world_make(subject, fl_profile_find("mmu500"), ~0u, error, sizeof(error)), 0);
	make_history();
	strcpy(history.names[3], "nobody");
	count = fl_history_order(&history, order);
	/* Whoever the world does not know is left out. */
	assert_int_equal(count, 300 - 300 / 7);
	for (size_t i = 0; i < count; i++)
		assert_true(order[i] == fl_world_first_actor() ||
			    !strcmp(fl_context_name(order[i]), "hardirq/0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_written_is_read),
		cmocka_unit_test(test_what_is_damaged_is_refused),
		cmocka_unit_test(test_any_damage_is_survived),
		cmocka_unit_test(test_contexts_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
