/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The known name that somebody who mistyped probably meant. */
#ifndef FAULTLINE_CLI_NEAREST_H
#define FAULTLINE_CLI_NEAREST_H

/*
 * The one of @names (@count of them) with the fewest edits from @text, or NULL when none is near
 * enough to be worth a suggestion (more than a third of the letters differ, and no prefix).
 */
const char *nearest(const char *text, const char *const *names, unsigned int count);

#endif
