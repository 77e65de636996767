/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crashes whose cause is known without asking the checkers what they would call it.
 *
 * A cause is one decision of one subject, and an invariant that it breaks. A crash is produced for a cause:
 * bytes that break that invariant, judged alone, on the subject, and do not break it on another subject that
 * differs in that decision. Where one decision can be seen at several places, the place is told from the
 * device and the machine at that moment (who runs, what is asserted, what is powered), not from what
 * the checker says.
 */
#ifndef FAULTLINE_TEST_CRASH_CAUSES_H
#define FAULTLINE_TEST_CRASH_CAUSES_H

#include <case/target.h>
#include <case/world.h>
#include <engine/prng.h>

#define CRASH_BYTES  4096 /* that a file of a real engine may have */
#define CRASH_PLACES 4

struct crash_cause {
	const char *subject, *target, *invariant;
	const char *without; /* the subject that differs in the decision */
	const char *decision;
	unsigned int
		places; /* by what they are told apart: enum crash_place bits; 0: there is one */
};

enum crash_place {
	/* The handler whose own code runs; a crash outside of it, or in what the client calls, is left out. */
	PLACE_HANDLER = 1,
	/* The one source whose interrupt is asserted; a crash with two is left out. */
	PLACE_SOURCE = 2,
	PLACE_STATE = 4,   /* runtime status, and power while suspended */
	PLACE_STARVED = 8, /* is somebody kept off the CPU that runs */
};

extern const struct crash_cause crash_causes[];
extern const unsigned int crash_cause_count;

struct crash {
	uint8_t bytes[CRASH_BYTES];
	size_t size;
	struct fl_case recorded;
	/* At which places it breaks the invariant that it was produced for; none if that cannot be told. */
	char places[CRASH_PLACES][64];
	unsigned int place_count;
	bool breaks; /* the invariant that it was produced for */
	bool breaks_without;
	uint32_t broken; /* mask of all invariants, each judged alone */
};

const struct fl_subject *crash_subject(const char *name);

/* One line on standard error, and the end. */
_Noreturn void crash_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Room for @count crashes that children share: each world is made in a process of its own. */
struct crash *crash_room(unsigned int count);
/* @count crashes of @cause into @crashes, with all that is to be known of them. */
void crash_produce(const struct crash_cause *cause, struct crash *crashes, unsigned int count,
		   struct fl_prng *prng);
/* What is to be known of @count crashes that somebody else has found, looking for @cause. */
void crash_label(const struct crash_cause *cause, struct crash *crashes, unsigned int count);

#endif
