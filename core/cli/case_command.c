// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline case: a case from one form into another. */
#include "case_fuzzer.h"
#include "cli.h"

#include <case/replacement.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	KEY_PACK = 0x100,
	KEY_CHECK,
	KEY_FUZZER_INPUT,
	KEY_FUZZER_OUTPUT,
	KEY_SUBJECT,
	KEY_SIGNATURE
};

static const struct argp_option options[] = {
	{"pack", KEY_PACK, NULL, 0, "Make the packed form instead of text", 1},
	{"output", 'o', "FILE", 0, "Write here instead of standard output", 1},
	{"fuzzer-input", KEY_FUZZER_INPUT, "TARGET", 0,
	 "FILE holds raw bytes of this fuzz target: run them, and print the case that they make",
	 2},
	{"fuzzer-output", KEY_FUZZER_OUTPUT, "TARGET", 0,
	 "Make the raw bytes that give the case to this fuzz target", 2},
	{"subject", KEY_SUBJECT, "SUBJECT", 0,
	 "Run raw bytes on this subject instead of the target's", 2},
	{"signature", KEY_SIGNATURE, "SIGNATURE", 0,
	 "Of what raw bytes break, this is what the case is of; default: the first", 2},
	{"check", KEY_CHECK, NULL, 0, "Only see whether it is a valid case; print nothing", 1},
	{0},
};

struct conversion {
	const char *path, *output, *from, *to, *subject, *signature;
	bool pack, check;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct conversion *conversion = state->input;

	switch (key) {
	case KEY_PACK:
		conversion->pack = true;
		return 0;
	case KEY_CHECK:
		conversion->check = true;
		return 0;
	case KEY_FUZZER_INPUT:
		conversion->from = argument;
		return 0;
	case KEY_FUZZER_OUTPUT:
		conversion->to = argument;
		return 0;
	case KEY_SUBJECT:
		conversion->subject = argument;
		return 0;
	case KEY_SIGNATURE:
		conversion->signature = argument;
		return 0;
	case 'o':
		conversion->output = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (conversion->path)
			fail_usage("unexpected argument '%s'; give one case", argument);
		conversion->path = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The packed form, allocated; its size in @size. */
static uint8_t *packed_form(const struct fl_case *source, size_t *size)
{
	uint8_t *data;

	*size = fl_case_pack(source, NULL, 0);
	data = malloc(*size);
	if (!data)
		fail_internal("there is no memory for %zu bytes", *size);
	fl_case_pack(source, data, *size);
	return data;
}

/* A case in the form that was asked for: text if there are no bytes. Made before a file is opened. */
struct form {
	const struct fl_case *source;
	uint8_t *data;
	size_t size;
};

static struct form form_of(const struct fl_case *source, const struct conversion *conversion)
{
	struct form form = {.source = source};

	if (conversion->to)
		form.data = fuzzer_bytes(conversion->to, source, &form.size);
	else if (conversion->pack)
		form.data = packed_form(source, &form.size);
	return form;
}

static void write_form(const struct form *form, FILE *out)
{
	if (form->data)
		fwrite(form->data, 1, form->size, out);
	else
		fl_case_print(form->source, out);
}

static void write_file(const struct form *form, const char *path)
{
	struct fl_replacement file;
	int problem = fl_replacement_begin(&file, path);

	if (!problem) {
		write_form(form, file.stream);
		problem = fl_replacement_commit(&file);
	}
	if (problem)
		fail_usage("cannot write %s: %s; free some space or name another file", path,
			   strerror(-problem));
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Reads a case (text, packed, or raw bytes of a fuzz target) and prints it as text, or in another form.",
	};
	static struct fl_case source;
	struct conversion conversion = {0};
	struct form form;

	parse_options(&argp, argc, argv, &conversion);
	if (!conversion.path)
		fail_usage("say which case; see '%s --help'", argv[0]);
	if (conversion.pack && conversion.to)
		fail_usage("--pack and --fuzzer-output are two forms; ask for one");
	if (conversion.subject && !conversion.from)
		fail_usage(
			"--subject is for --fuzzer-input; 'faultline replay --subject' runs a case on another one");
	if (conversion.signature && !conversion.from)
		fail_usage("--signature is for --fuzzer-input; a case says itself what it breaks");
	if (conversion.from)
		case_of_fuzzer(conversion.from, conversion.subject, conversion.signature,
			       conversion.path, &source);
	else
		load_case(&source, conversion.path);
	if (conversion.check)
		return FL_EXIT_NOTHING;
	if (!conversion.output && (conversion.pack || conversion.to) && isatty(STDOUT_FILENO))
		fail_usage("these bytes are no text for a terminal; name a file with --output");
	form = form_of(&source, &conversion);
	if (conversion.output)
		write_file(&form, conversion.output);
	else
		write_form(&form, stdout);
	free(form.data);
	return FL_EXIT_NOTHING;
}

const struct command command_case = {
	.name = "case",
	.help = "turn a case from one form into another",
	.run = run,
};
