/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the subject's entry points each context is in. */
#include <faultline/event.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 8

/* The first row is for code outside a run (probe). */
static struct where {
	const char *names[MAX_DEPTH];
	unsigned int depth;
} wheres[FL_MAX_CONTEXTS + 1];

static struct where *where_of(fl_context_t context)
{
	return &wheres[fl_context_row(context)];
}

void fl_enter(const char *function)
{
	struct where *where = where_of(fl_current());

	if (where->depth == MAX_DEPTH) {
		fprintf(stderr, "faultline: entry points nest deeper than %d in %s\n", MAX_DEPTH,
			function);
		exit(3);
	}
	where->names[where->depth++] = function;
	fl_emit_text(FL_EV_ENTER, 0, 0, 0, 0, function);
}

void fl_leave(void)
{
	struct where *where = where_of(fl_current());

	fl_emit_text(FL_EV_LEAVE, 0, 0, 0, 0, where->names[where->depth - 1]);
	where->depth--;
}

const char *fl_where(fl_context_t context)
{
	const struct where *where = where_of(context);

	return where->depth ? where->names[where->depth - 1] : NULL;
}

const char *fl_where_outermost(fl_context_t context)
{
	const struct where *where = where_of(context);

	return where->depth ? where->names[0] : NULL;
}

void fl_where_reset(void)
{
	for (int i = 0; i <= fl_context_most(); i++)
		wheres[i].depth = 0;
}
