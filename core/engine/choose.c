/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one door for chance, and the log of what came through it.
 */
#include "free.h"
#include "internal.h"

struct fl_decision fl_decision_log[FL_MAX_DECISIONS];

uint32_t fl_choose(enum fl_choice_kind kind, uint32_t n)
{
	uint32_t at, value;

	if (!n || n > UINT16_MAX + 1u)
		fl_die("fl_choose() among %u answers; it takes 1 to 65536", n);
	if (kind <= FL_CHOOSE_CONTEXT || kind >= FL_CHOICE_KINDS)
		fl_die("fl_choose() of kind %d, which is not the caller's", kind);
	if (!fl_in_run())
		return 0;
	at = fl_engine.choice_count[kind]++;
	if (n == 1)
		return 0;
	value = fl_free_running ? fl_free_choose(n) : fl_engine.strategy_choose(kind, n);
	if (value >= n)
		fl_die("strategy %s answered %u where %u answers exist", fl_engine.strategy->name,
		       value, n);
	fl_log_decision(at, value, kind, value != 0);
	return value;
}

uint32_t fl_choice_number(enum fl_choice_kind kind)
{
	return fl_engine.choice_count[kind] - 1;
}

const struct fl_decision *fl_decisions(size_t *count)
{
	*count = fl_engine.decision_count;
	return fl_decision_log;
}
