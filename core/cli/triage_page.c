// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page: one file for a browser that needs nothing else. The list of findings is one JSON object in it,
 * and each timeline one of its own, which the script reads when it is looked at.
 */
#include "cli.h"
#include "page.h"
#include "triage_files.h"

#include <stdlib.h>
#include <string.h>

#define PLACE "@data@\n"

struct page {
	struct json json;
	struct fl_store *store;
	FILE *timelines;
	unsigned int count;
};

static int put_retest(void *context, const struct fl_store_retest *retest)
{
	struct json *json = context;

	json_open(json, NULL, '[');
	json_string(json, NULL, retest->tried_on);
	json_string(json, NULL, triage_retest_word(retest));
	json_number(json, NULL, (uint64_t)retest->tried);
	json_number(json, NULL, retest->identical);
	json_number(json, NULL, retest->replays);
	json_string(json, NULL, retest->build);
	json_close(json, ']');
	return 0;
}

/* No text of a finding ends the element that it stands in: '<' is only in strings, where it has a number. */
static void put_data(FILE *out, const char *name, unsigned int number, const char *text)
{
	fprintf(out, "<script type=\"application/json\" id=\"%s-%u\">", name, number);
	for (; *text; text++)
		if (*text == '<')
			fputs("\\u003c", out);
		else
			fputc(*text, out);
	fputs("</script>\n", out);
}

static void put_timeline(struct page *page, const struct fl_store_finding *finding)
{
	char *text = triage_replayed(finding, true, triage_put_timeline);

	if (*text)
		put_data(page->timelines, "timeline", page->count, text);
	free(text);
}

static int put_finding(void *context, const struct fl_store_finding *finding)
{
	struct page *page = context;
	struct json *json = &page->json;
	int result;

	json_open(json, NULL, '{');
	triage_put_finding(json, finding);
	json_open(json, "retests", '[');
	result = fl_store_each_retest(page->store, finding->subject, finding->signature, put_retest,
				      json);
	json_close(json, ']');
	json_close(json, '}');
	put_timeline(page, finding);
	page->count++;
	return result;
}

static void put_invariants(struct json *json)
{
	json_open(json, "invariants", '{');
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		json_open(json, fl_invariants[i]->name, '[');
		json_string(json, NULL, fl_invariants[i]->help);
		json_string(json, NULL, fl_invariants[i]->consequence);
		json_close(json, ']');
	}
	json_close(json, '}');
}

void triage_print_page(FILE *out, struct fl_store *store, const struct fl_store_view *view)
{
	const char *place = strstr(page_source, PLACE);
	char *list = NULL, *timelines = NULL;
	size_t list_size, timelines_size;
	struct page page = {
		.json = {.out = open_memstream(&list, &list_size)},
		.store = store,
		.timelines = open_memstream(&timelines, &timelines_size),
	};
	struct json *json = &page.json;

	if (!json->out || !page.timelines)
		fail_internal("there is no memory for the page");
	json_open(json, NULL, '{');
	json_string(json, "version", FAULTLINE_VERSION);
	json_number(json, "made", (uint64_t)view->now);
	put_invariants(json);
	json_open(json, "findings", '[');
	triage_do(store, fl_store_each_finding(store, view, put_finding, &page));
	json_close(json, ']');
	json_close(json, '}');
	if (fclose(json->out) || fclose(page.timelines))
		fail_internal("there is no memory for the page");
	fwrite(page_source, 1, (size_t)(place - page_source), out);
	put_data(out, "findings", 0, list);
	fputs(timelines, out);
	fputs(place + strlen(PLACE), out);
	free(list);
	free(timelines);
}
