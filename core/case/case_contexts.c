/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contexts that a case names. */
#include "case_form.h"

#include <string.h>

void fl_case_clear(struct fl_case *fresh)
{
	memset(fresh, 0, sizeof(*fresh));
	fresh->fair_since = UINT64_MAX;
}

void fl_case_name_contexts(struct fl_case *recorded)
{
	memset(recorded->contexts, 0, sizeof(recorded->contexts));
	for (uint32_t i = 0; i < recorded->decision_count; i++) {
		const struct fl_decision *decision = &recorded->decisions[i];
		char *name;

		if (decision->kind != FL_CHOOSE_CONTEXT || decision->value >= fl_context_count())
			continue;
		name = recorded->contexts[decision->value];
		if (!*name)
			snprintf(name, FL_CONTEXT_NAME_SIZE, "%s",
				 fl_context_name(decision->value));
	}
}

bool fl_case_same_contexts(const struct fl_case *replayed, char *error, size_t error_size)
{
	for (int i = 0; i < FL_MAX_CONTEXTS; i++) {
		const char *wanted = replayed->contexts[i];
		char name[FL_CONTEXT_NAME_SIZE] = "";

		if (!*wanted)
			continue;
		if (i < fl_context_count())
			snprintf(name, sizeof(name), "%s", fl_context_name(i));
		if (!strcmp(name, wanted))
			continue;
		snprintf(
			error, error_size,
			"context %d is '%s' in the case and %s%s%s in this world; it was made for another "
			"version",
			i, wanted, *name ? "'" : "nobody", name, *name ? "'" : "");
		return false;
	}
	return true;
}
