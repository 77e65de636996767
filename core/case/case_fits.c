// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a subject do what a case asks for? */
#include "case_form.h"

#include <faultline/subject.h>

bool fl_case_fits(const struct fl_case *wanted, const struct fl_subject *subject, char *why,
		  size_t why_size)
{
	for (unsigned int i = 0; i < wanted->program.count; i++) {
		const struct fl_actor *actor = &wanted->program.actors[i];

		for (unsigned int j = 0; j < actor->count; j++) {
			const struct fl_operation_info *info =
				&fl_operations[actor->operations[j].code];

			if (!(info->features & ~subject->features))
				continue;
			snprintf(why, why_size, "actor '%s' does '%s', which %s cannot",
				 actor->name, info->name, subject->name);
			return false;
		}
	}
	if (wanted->program.client.resume && !(subject->features & FL_SUBJECT_CLIENT_RESUME)) {
		snprintf(why, why_size,
			 "the client of the case writes RESUME, for which %s has no hook",
			 subject->name);
		return false;
	}
	return true;
}
