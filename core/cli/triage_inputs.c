// SPDX-License-Identifier: GPL-2.0-or-later
/* What lies in the folders of a triage. */
#include "cli.h"
#include "triage.h"

#include <case/case_form.h>
#include <case/raw.h>
#include <handler/handler.h>
#include <subject/loader.h>
#include <world/trace_hash.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TEXT_MAGIC     "faultline case"
#define CAMPAIGN_FILE  "campaign"
#define CAMPAIGN_MAGIC "faultline-campaign 1\n"
/* Folders in folders; more is a loop of links. */
#define MAX_DEPTH      32

/* What a folder's files are, by the campaign that it belongs to. */
struct place {
	const struct fl_target *target; /* NULL: there are no raw bytes here */
	const struct fl_subject *subject;
	bool campaign; /* of `faultline fuzz`: only what engines call a crash is one */
};

static void *allocate(void *memory, size_t size)
{
	void *grown = realloc(memory, size);

	if (!grown)
		fail_internal("there is no memory for the inputs");
	return grown;
}

static char *join(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		fail_internal("there is no memory for the inputs");
	return path;
}

const struct fl_subject *triage_subject(const char *name, bool memory, char *error, size_t size)
{
	const struct fl_subject *const *tables[] = {fl_core_subjects, fl_core_mutants};
	const struct fl_subject *subject = NULL;

	for (unsigned int i = 0; i < 2 && !subject; i++)
		for (const struct fl_subject *const *each = tables[i]; *each; each++)
			if (!strcmp((*each)->name, name))
				subject = *each;
	if (!subject && (!strncmp(name, "linux:", 6) || strchr(name, '/')))
		subject = fl_subject_load(name, error, size);
	else if (!subject)
		snprintf(error, size, "there is no subject '%s'; 'faultline subjects' lists them",
			 name);
	return subject && memory ? fl_subject_for_memory(subject, error, size) : subject;
}

uint64_t triage_identity(const uint8_t *packed, size_t size)
{
	return fl_hash_bytes(fl_hash_bytes(FL_HASH_START, "case", 5), packed, size);
}

static uint64_t bytes_identity(const struct fl_target *target, const struct fl_subject *subject,
			       const uint8_t *data, size_t size)
{
	uint64_t hash = fl_hash_bytes(FL_HASH_START, "bytes", 6);

	hash = fl_hash_bytes(hash, target->name, strlen(target->name) + 1);
	hash = fl_hash_bytes(hash, subject->name, strlen(subject->name) + 1);
	return fl_hash_bytes(hash, data, size);
}

/* --- files ---------------------------------------------------------------------------------- */

static uint8_t *read_file(const char *path, size_t *size)
{
	size_t most = FL_RAW_SIZE + 1;
	uint8_t *data = allocate(NULL, most);
	FILE *file = fopen(path, "rb");

	if (!file)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	*size = fread(data, 1, most, file);
	if (ferror(file))
		fail_usage("cannot read %s: %s", path, strerror(errno));
	fclose(file);
	return data;
}

static struct triage_input *new_input(struct triage_inputs *inputs, const char *path)
{
	struct triage_input *input;

	if (inputs->count == inputs->room) {
		inputs->room = inputs->room * 2 + 64;
		inputs->all = allocate(inputs->all, inputs->room * sizeof(*inputs->all));
	}
	input = &inputs->all[inputs->count++];
	memset(input, 0, sizeof(*input));
	input->path = strdup(path);
	return input;
}

static void take_case(struct triage_inputs *inputs, const char *path)
{
	static struct fl_case loaded;
	struct triage_input *input = new_input(inputs, path);
	char error[512];

	if (fl_case_load(&loaded, path, error, sizeof(error)))
		fail_usage("%s", error);
	input->subject =
		triage_subject(loaded.subject, loaded.memory_granularity, error, sizeof(error));
	if (!input->subject)
		fail_usage("%s: %s", path, error);
	input->profile = fl_profile_find(loaded.profile);
	if (!input->profile)
		fail_usage("%s: there is no profile '%s'; 'faultline profiles' lists them", path,
			   loaded.profile);
	input->memory_granularity = loaded.memory_granularity;
	input->size = fl_case_pack(&loaded, NULL, 0);
	input->data = allocate(NULL, input->size);
	fl_case_pack(&loaded, input->data, input->size);
	input->identity = triage_identity(input->data, input->size);
}

static void take_bytes(struct triage_inputs *inputs, const char *path, uint8_t *data, size_t size,
		       const struct place *place)
{
	struct triage_input *input = new_input(inputs, path);

	input->target = place->target;
	input->subject = place->subject;
	input->profile = fl_profile_find(place->target->profile);
	input->data = allocate(data, size ? size : 1);
	input->size = size;
	input->identity = bytes_identity(place->target, place->subject, input->data, size);
}

/* As the engines name them: libFuzzer's crash-, leak-, oom- and timeout-; AFL++'s id:. */
static bool is_crash_name(const char *name)
{
	static const char *const starts[] = {"crash-", "leak-", "oom-", "timeout-", "id:", "id_"};

	for (unsigned int i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* AFL++ puts a note beside its crashes. */
static bool may_be_bytes(const char *name, const struct place *place)
{
	if (!place->target || !strcmp(name, "README.txt"))
		return false;
	return !place->campaign || is_crash_name(name);
}

static bool is_case(const uint8_t *data, size_t size)
{
	if (size >= sizeof(case_magic) && !memcmp(data, case_magic, sizeof(case_magic)))
		return true;
	/* Comments and empty lines may stand before a case. */
	while (size && (*data == '#' || *data == '\n')) {
		const uint8_t *end = memchr(data, '\n', size);

		if (!end)
			return false;
		size -= (size_t)(end + 1 - data);
		data = end + 1;
	}
	return size >= strlen(TEXT_MAGIC) && !memcmp(data, TEXT_MAGIC, strlen(TEXT_MAGIC));
}

static void take_file(struct triage_inputs *inputs, const char *path, const char *name,
		      const struct place *place)
{
	size_t size;
	uint8_t *data = read_file(path, &size);

	if (is_case(data, size)) {
		free(data);
		take_case(inputs, path);
	} else if (triage_is_history(data, size)) {
		free(data);
		triage_take_history(inputs, path);
	} else if (size <= FL_RAW_SIZE && may_be_bytes(name, place)) {
		take_bytes(inputs, path, data, size, place);
	} else {
		free(data);
		inputs->skipped++;
	}
}

/* --- folders -------------------------------------------------------------------------------- */

static const char *value_of(char *line, const char *word)
{
	size_t length = strlen(word);

	line[strcspn(line, "\n")] = '\0';
	return !strncmp(line, word, length) && line[length] == ' ' ? line + length + 1 : NULL;
}

/* If @folder is that of a campaign, what its crash files are. What was asked for goes before. */
static void look_for_campaign(const struct triage_options *options, const char *folder,
			      struct place *place)
{
	char *path = join(folder, CAMPAIGN_FILE), heading[64], target[256], subject[256];
	FILE *file = fopen(path, "r");
	const char *name, *of;
	char error[512];

	if (!file || !fgets(heading, sizeof(heading), file) || strcmp(heading, CAMPAIGN_MAGIC) ||
	    !fgets(target, sizeof(target), file) || !fgets(subject, sizeof(subject), file)) {
		if (file)
			fclose(file);
		free(path);
		return;
	}
	fclose(file);
	name = value_of(target, "target");
	of = options->subject ? options->subject : value_of(subject, "subject");
	place->campaign = true;
	place->target = options->target;
	if (!place->target && name)
		place->target = fl_target_find(name);
	/* A target whose inputs are no cases, or that only other programs know. */
	if (place->target) {
		place->subject = triage_subject(of && *of ? of : place->target->subject, false,
						error, sizeof(error));
		if (!place->subject)
			fail_usage("%s: %s", path, error);
	}
	free(path);
}

static void take_folder(const struct triage_options *options, struct triage_inputs *inputs,
			const char *path, struct place place, unsigned int depth)
{
	struct dirent **entries;
	int count;

	if (depth > MAX_DEPTH)
		fail_usage("%s: folders go deeper than %d; is there a link that leads back?", path,
			   MAX_DEPTH);
	look_for_campaign(options, path, &place);
	count = scandir(path, &entries, NULL, alphasort);
	if (count < 0)
		fail_usage("cannot read folder %s: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *inside = join(path, name);
		struct stat status;

		if (name[0] == '.') {
			/* Hidden: not ours. */
		} else if (lstat(inside, &status)) {
			fail_usage("cannot read %s: %s", inside, strerror(errno));
		} else if (S_ISDIR(status.st_mode)) {
			struct place below = place;

			/* What engines keep to go on from: names as of crashes, and none. */
			if (place.campaign && (!strcmp(name, "queue") || !strcmp(name, "corpus")))
				below.target = NULL;
			take_folder(options, inputs, inside, below, depth + 1);
		} else if (S_ISREG(status.st_mode)) {
			take_file(inputs, inside, name, &place);
		} else {
			inputs->skipped++;
		}
		free(inside);
		free(entries[i]);
	}
	free(entries);
}

/* A folder inside a campaign is named: what it is part of says what its files are. */
static void look_above(const struct triage_options *options, const char *folder,
		       struct place *place)
{
	char *path = realpath(folder, NULL);

	for (char *slash;
	     path && !place->campaign && (slash = strrchr(path, '/')) && slash != path;) {
		*slash = '\0';
		look_for_campaign(options, path, place);
	}
	free(path);
}

static void take_argument(const struct triage_options *options, struct triage_inputs *inputs,
			  const char *path)
{
	struct place place = {.target = options->target};
	char error[512];
	struct stat status;

	if (stat(path, &status))
		fail_usage("cannot read folder %s: %s", path, strerror(errno));
	if (place.target) {
		place.subject =
			triage_subject(options->subject ? options->subject : place.target->subject,
				       false, error, sizeof(error));
		if (!place.subject)
			fail_usage("%s", error);
	} else {
		look_above(options, path, &place);
	}
	if (S_ISDIR(status.st_mode))
		take_folder(options, inputs, path, place, 0);
	else
		take_file(inputs, path, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, &place);
}

static int by_world(const void *left, const void *right)
{
	const struct triage_input *a = left, *b = right;
	int order = strcmp(a->subject->name, b->subject->name);

	if (!order)
		order = strcmp(a->profile->name, b->profile->name);
	if (!order)
		order = (int)a->memory_granularity - (int)b->memory_granularity;
	return order ? order : strcmp(a->path, b->path);
}

void triage_collect(const struct triage_options *options, struct triage_inputs *inputs)
{
	for (unsigned int i = 0; i < options->folder_count; i++)
		take_argument(options, inputs, options->folders[i]);
	if (inputs->count)
		qsort(inputs->all, inputs->count, sizeof(*inputs->all), by_world);
}
