/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text form: round trips of random cases, comments, and what every mistake is answered with. */
#include "case_test.h"

static struct fl_case original, again;
static char message[256];

static void round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 400; i++) {
		size_t size, size_again;
		char *text, *text_again;

		random_case(&original);
		text = text_of(&original, &size);
		if (fl_case_parse(&again, text, size, "x.case", message, sizeof(message)))
			fail_msg("%s\n%s", message, text);
		assert_memory_equal(&original, &again, sizeof(original));
		text_again = text_of(&again, &size_again);
		assert_int_equal(size, size_again);
		assert_memory_equal(text, text_again, size);
		free(text);
		free(text_again);
	}
}

/* A text that was cut anywhere before its last line is complete is refused. */
static void cut_short(void **state)
{
	size_t size;
	char *text;

	(void)state;
	random_case(&original);
	text = text_of(&original, &size);
	for (size_t length = 0; length < size - 1; length++) {
		assert_int_not_equal(
			fl_case_parse(&again, text, length, "x", message, sizeof(message)), 0);
		assert_null(strchr(message, '\n'));
		assert_non_null(strstr(message, "x:"));
	}
	free(text);
}

static const char written_by_hand[] = "# A case as a person writes it.\n"
				      "\n"
				      "faultline case 1   # the version\n"
				      "subject core:guard-v2\n"
				      "profile mmu500\n"
				      "   # blanks and comments are free\n"
				      "knob off_read=bus_dead\n"
				      "client resume=none answer=EAGAIN\n"
				      "agent gpu\n"
				      "  dma  stream=0 write=yes page=3\n"
				      "task suspend cpu=1\n"
				      "\tpm-suspend device=gpu\n"
				      "breaks \"irq-storm in f # (unretired)\" step 12\n"
				      "at 4 run 7 pm_wq/0\n"
				      "choose irq-delay 0 = 2\n"
				      "at 9 run 7\n"
				      "end\n";

static void by_hand(void **state)
{
	const struct fl_actor *agent = &again.program.actors[0];

	(void)state;
	if (fl_case_parse(&again, written_by_hand, sizeof(written_by_hand) - 1, "x", message,
			  sizeof(message)))
		fail_msg("%s", message);
	assert_string_equal(again.subject, "core:guard-v2");
	assert_string_equal(again.scenario, "");
	assert_int_equal(again.knobs.off_read, FL_OFF_READ_DEAD);
	assert_int_equal(again.program.client.answer, CLIENT_ANSWERS_EAGAIN);
	assert_int_equal(again.program.count, 2);
	assert_true(agent->agent);
	assert_int_equal(agent->operations[0].arguments[1], 3);
	assert_int_equal(agent->operations[0].arguments[2], 1);
	assert_int_equal(again.program.actors[1].cpu, 1);
	assert_string_equal(again.signature, "irq-storm in f # (unretired)");
	assert_int_equal(again.step, 12);
	assert_true(again.fair_since == UINT64_MAX);
	assert_int_equal(again.decision_count, 3);
	assert_string_equal(again.contexts[7], "pm_wq/0");
}

#define HEAD "faultline case 1\nsubject s\nprofile mmu500\n"
#define BODY "agent a\n\tunknown-dma write=no\n"

static const struct {
	const char *text, *message;
} mistakes[] = {
	{"", "x:0: nothing here; a case begins with 'faultline case 1'"},
	{"hello\n", "x:1: a case begins with 'faultline case 1'; is this a case?"},
	{"faultline case\n", "x:1: a case begins with 'faultline case 1'"},
	{"faultline case 2\n", "x:1: version '2' of cases; this program reads version 1"},
	{HEAD "subject t\n", "x:4: 'subject' is said twice"},
	{HEAD "faultline case 1\n", "x:4: unknown statement 'faultline'; see docs/scenarios.md"},
	{"faultline case 1\nprofile\n", "x:2: 'profile' takes one word"},
	{"faultline case 1\nprofile nix\n", "x:2: unknown profile 'nix'; see 'faultline profiles'"},
	{"faultline case 1\nknob off_read=abort\n",
	 "x:2: 'knob' stands before 'profile'; say the profile first"},
	{HEAD "knob nix=1\n", "x:4: unknown knob 'nix'; see 'faultline profiles'"},
	{HEAD "knob trigger\n", "x:4: 'knob' takes NAME=VALUE"},
	{HEAD "knob trigger=up\n", "x:4: knob trigger has no value 'up'; it has level,edge"},
	{HEAD "knob trigger=edge\n",
	 "x:4: profile mmu500 does not have trigger=edge; see 'faultline profiles'"},
	{HEAD "knob preemption=none\nknob preemption=none\n", "x:5: knob preemption is said twice"},
	{HEAD "granularity fine\n", "x:4: 'granularity' is 'call' or 'memory'"},
	{HEAD "client answer=maybe\n",
	 "x:4: the client's answer is no 'maybe'; it is one of 0,EAGAIN,EBUSY,ENOSYS"},
	{HEAD "client color=red\n", "x:4: the client has no 'color'"},
	{HEAD "client dump=yes dump=yes\n", "x:4: the client's dump is said twice"},
	{HEAD "\tdma stream=0 page=0 write=no\n",
	 "x:4: a line that begins with a blank is an operation, and nobody is there to do it"},
	{HEAD "agent a\nend\n",
	 "x:5: 'a' does nothing; give it an operation, on a line that begins with a tab"},
	{HEAD BODY "agent a\n", "x:6: there is a 'a' already; give this one another name"},
	{HEAD "agent a\n\tjump\n", "x:5: unknown operation 'jump'; see docs/scenarios.md"},
	{HEAD "agent a\n\tunbind\n", "x:5: 'unbind' is nothing that an agent does"},
	{HEAD "task a cpu=0\n\tdma stream=0 page=0 write=no\n",
	 "x:5: 'dma' is nothing that a task does"},
	{HEAD "agent a\n\tdma stream=0 page=0\n", "x:5: 'dma' lacks its argument 'write'"},
	{HEAD "agent a\n\tdma stream=4 page=0 write=no\n",
	 "x:5: stream is 4; give a number below 4"},
	{HEAD "agent a\n\tdma stream=-1 page=0 write=no\n", "x:5: stream is '-1'; give a number"},
	{HEAD "agent a\n\tdma stream=00 page=0 write=no\n", "x:5: stream is '00'; give a number"},
	{HEAD "agent a\n\tdma stream=0 page=0 write=1\n",
	 "x:5: write is no '1'; it is one of no,yes"},
	{HEAD "agent a\n\tdma page=0 page=0 write=no\n", "x:5: argument page is said twice"},
	{HEAD "agent a\n\tdma where=0 page=0 write=no\n", "x:5: 'dma' has no argument 'where'"},
	{HEAD "task a\n", "x:4: 'task' takes a name and cpu=NUMBER"},
	{HEAD "task a cpu=8\n", "x:4: cpu is 8; give a number below 8"},
	{HEAD "fair\n", "x:4: 'fair' takes the step from which the run is fair"},
	{HEAD "fair soon\n", "x:4: the step is 'soon'; give a number"},
	{HEAD "breaks x step 1\n", "x:4: 'breaks' takes a signature in quotes and 'step NUMBER'"},
	{HEAD "breaks \"x step 1\n", "x:4: a quote is not closed; end it with '\"'"},
	{HEAD "at 4 run 64\n", "x:4: the context is 64; give a number below 64"},
	{HEAD "at 4 run 4\nat 4 run 5\n",
	 "x:5: decisions of one kind stand in order; this one belongs above the last"},
	{HEAD "at 4 run 4 p\nat 5 run 4 q\n", "x:5: context 4 is 'q' here and 'p' above"},
	{HEAD "at 4294967296 run 4\n",
	 "x:4: the step is 4294967296; give a number below 4294967296"},
	{HEAD "choose knob 0 = 1\n", "x:4: unknown kind of choice 'knob'; see docs/scenarios.md"},
	{HEAD "choose irq-delay 0 = 0\n",
	 "x:4: the answer 0 is what happens anyway; leave the line out"},
	{HEAD "choose irq-delay 0 1\n",
	 "x:4: 'choose' takes a kind, how many came before it, '=' and the answer"},
	{HEAD "sing\n", "x:4: unknown statement 'sing'; see docs/scenarios.md"},
	{HEAD BODY "end\nend\n", "x:7: something stands behind 'end'"},
	{HEAD BODY, "x:5: the case ends without 'end'; is it cut short?"},
	{HEAD "end\n", "x:4: nobody does anything; add an agent or a task"},
	{"faultline case 1\nprofile mmu500\n" BODY "end\n", "x:5: the case has no 'subject'"},
	{"faultline case 1\nsubject s\n" BODY "end\n", "x:5: the case has no 'profile'"},
	{HEAD "\x7f\x45\n", "x:4: byte 0x7f is no text; is this a case?"},
	{HEAD "end\r\n", "x:4: a carriage return; save the file with Unix line ends"},
};

static void wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		int result = fl_case_parse(&again, mistakes[i].text, strlen(mistakes[i].text), "x",
					   message, sizeof(message));

		assert_int_not_equal(result, 0);
		assert_string_equal(message, mistakes[i].message);
	}
}

/* Random damage to a text is refused with one line, or makes another valid case; it never crashes.
 */
static void damaged(void **state)
{
	size_t size;
	char *text;

	(void)state;
	random_case(&original);
	text = text_of(&original, &size);
	for (int i = 0; i < 3000; i++) {
		size_t at = below((uint32_t)size);
		char was = text[at];

		text[at] = (char)below(256);
		if (fl_case_parse(&again, text, size, "x", message, sizeof(message)))
			assert_null(strchr(message, '\n'));
		else
			assert_int_equal(case_check(&again, message, sizeof(message)), 0);
		text[at] = was;
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(cut_short),
		cmocka_unit_test(by_hand),    cmocka_unit_test(wrong),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
