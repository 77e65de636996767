/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of strategies; the first one is the default.
 */
#include "strategy.h"

#include <string.h>

const struct fl_strategy *const fl_strategies[] = {
	&fl_strategy_portfolio, &fl_strategy_random,
	&fl_strategy_pct,	&fl_strategy_pos,
	&fl_strategy_rf,	&fl_strategy_dfs,
	&fl_strategy_por,	&fl_strategy_replay,
	&fl_strategy_bytes,	&fl_strategy_history,
	NULL,
};

const struct fl_strategy *fl_strategy_find(const char *name, const char **argument)
{
	const char *colon = strchr(name, ':');
	size_t length = colon ? (size_t)(colon - name) : strlen(name);

	*argument = colon ? colon + 1 : NULL;
	for (int i = 0; fl_strategies[i]; i++)
		if (!strncmp(fl_strategies[i]->name, name, length) &&
		    !fl_strategies[i]->name[length])
			return fl_strategies[i];
	return NULL;
}
