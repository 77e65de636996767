/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of a run: one a signature, in order; and which premises occurred. */
#include <check/observe.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fl_subject *fl_checked_subject;
const struct fl_hardware *fl_checked_hardware;

static uint32_t armed;
static uint32_t premises;
static bool details;
static fl_violation_hook violation_hook;

/* The functions of those that are armed, so that a run need not look for them. */
static void (*resets[FL_MAX_INVARIANTS])(void);
static void (*finishes[FL_MAX_INVARIANTS])(enum fl_end end);
static unsigned int reset_count, finish_count;

static struct fl_finding findings[FL_MAX_FINDINGS];
static unsigned int finding_count;
/* What the finding was made from, so that a repeated one is recognised without printing it. */
static struct {
	const char *function;
	const char *variant;
} origins[FL_MAX_FINDINGS];

#define MAX_INTERNED 32
static char interned[MAX_INTERNED][FL_SIGNATURE_SIZE];
static unsigned int interned_count;

/*
 * Where an invariant stands in the table, by a hash of its address; it is asked for often. The factor is one that
 * gives each a place of its own, found before the first run: what changes as runs go on makes equal runs take
 * different branches, which fuzzing engines see.
 */
#define PLACE_BITS 8
static uint8_t places[1u << PLACE_BITS]; /* index + 1; 0: free */
static uint64_t place_factor;

static inline unsigned int place_of(const struct fl_invariant *invariant)
{
	return (unsigned int)((uintptr_t)invariant * place_factor >> (64 - PLACE_BITS));
}

static bool places_suffice(void)
{
	memset(places, 0, sizeof(places));
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		if (places[place_of(fl_invariants[i])])
			return false;
		places[place_of(fl_invariants[i])] = (uint8_t)(i + 1);
	}
	return true;
}

static void fill_places(void)
{
	place_factor = 0;
	do
		place_factor += 0x9e3779b97f4a7c15ull;
	while (!places_suffice());
}

static unsigned int index_of(const struct fl_invariant *invariant)
{
	unsigned int index = places[place_of(invariant)] - 1u;

	if (index >= FL_MAX_INVARIANTS || fl_invariants[index] != invariant) {
		fprintf(stderr,
			"faultline: invariant %s is not in the table; add it to invariants.c\n",
			invariant->name);
		exit(3);
	}
	return index;
}

int fl_invariant_find(const char *name)
{
	for (int i = 0; fl_invariants[i]; i++)
		if (!strcmp(fl_invariants[i]->name, name))
			return i;
	return -1;
}

static char *append(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	return at;
}

/* By hand, for a subject that breaks much has some of these in each run, and snprintf() is slow. */
static void print_signature(char *signature, const struct fl_invariant *invariant,
			    const char *function, const char *variant)
{
	const char *end = signature + FL_SIGNATURE_SIZE - 1;
	char *at = append(signature, end, invariant->name);

	if (function) {
		at = append(at, end, " in ");
		at = append(at, end, function);
	}
	if (variant) {
		at = append(at, end, " (");
		at = append(at, end, variant);
		at = append(at, end, ")");
	}
	*at = '\0';
}

bool fl_assert_violated(const char *file, unsigned int line, const struct fl_invariant *invariant,
			const char *function, const char *variant, const char *format, ...)
{
	unsigned int index = index_of(invariant);
	struct fl_finding *finding = &findings[finding_count];
	va_list arguments;

	if (!(armed & 1u << index))
		return false;
	for (unsigned int i = 0; i < finding_count; i++)
		if (findings[i].invariant == index && origins[i].function == function &&
		    origins[i].variant == variant)
			return false;
	if (finding_count == FL_MAX_FINDINGS)
		return false;
	print_signature(finding->signature, invariant, function, variant);
	for (unsigned int i = 0; i < finding_count; i++)
		if (!strcmp(findings[i].signature, finding->signature))
			return false;
	origins[finding_count].function = function;
	origins[finding_count].variant = variant;
	finding->invariant = (uint8_t)index;
	finding->step = fl_step();
	finding->detail[0] = '\0';
	if (details) {
		va_start(arguments, format);
		vsnprintf(finding->detail, sizeof(finding->detail), format, arguments);
		va_end(arguments);
	}
	finding_count++;
	return violation_hook && violation_hook(finding, file, line);
}

void fl_premise(const struct fl_invariant *invariant)
{
	premises |= 1u << index_of(invariant);
}

const char *check_intern(const char *text)
{
	for (unsigned int i = 0; i < interned_count; i++)
		if (!strncmp(interned[i], text, sizeof(interned[i]) - 1))
			return interned[i];
	if (interned_count == MAX_INTERNED)
		return NULL;
	snprintf(interned[interned_count], sizeof(interned[0]), "%s", text);
	return interned[interned_count++];
}

static void reset_all(void)
{
	interned_count = 0;
	finding_count = 0;
	premises = 0;
	for (unsigned int i = 0; i < reset_count; i++)
		resets[i]();
}

static void collect_functions(void)
{
	reset_count = 0;
	finish_count = 0;
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		if (armed & 1u << i && fl_invariants[i]->reset)
			resets[reset_count++] = fl_invariants[i]->reset;
		if (armed & 1u << i && fl_invariants[i]->finish)
			finishes[finish_count++] = fl_invariants[i]->finish;
	}
}

void fl_check_start(uint32_t mask)
{
	armed = mask;
	fill_places();
	collect_functions();
	fl_unsubscribe_all();
	check_observe_start();
	check_observe_begins();
	for (unsigned int i = 0; fl_invariants[i]; i++)
		if (mask & 1u << i && fl_invariants[i]->subscribe)
			fl_invariants[i]->subscribe();
	check_observe_ends();
	reset_all();
}

void fl_check_reset(void)
{
	check_observe_reset();
	reset_all();
}

void fl_check_finish(enum fl_end end)
{
	for (unsigned int i = 0; i < finish_count; i++)
		finishes[i](end);
}

void fl_check_details(bool on)
{
	details = on;
}

const struct fl_finding *fl_check_findings(unsigned int *count)
{
	*count = finding_count;
	return findings;
}

uint32_t fl_check_premises(void)
{
	return premises & armed;
}

void fl_check_set_hook(fl_violation_hook hook)
{
	violation_hook = hook;
}
