/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that list what there is: one --json option, and an array of objects or lines. */
#ifndef FAULTLINE_CLI_LIST_H
#define FAULTLINE_CLI_LIST_H

#include "cli.h"
#include "json.h"

/*
 * Parse the options of a listing command and run it: @print is called with a JSON writer inside the
 * array @key of one object, or with NULL for text.
 */
int list_run(int argc, char **argv, const char *doc, const char *key,
	     void (*print)(struct json *json));
/* One thing as a line of text ("name  help"), or as the first two members of an open object. */
void list_item(struct json *json, const char *name, const char *help);

#endif
