// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a subject's functions begin, and what its lines say, in the trees that --source names. */
#include "cli.h"
#include "triage_files.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const *trees;
static unsigned int tree_count;

void triage_source_trees(const char *const *paths, unsigned int count)
{
	static const char *const folders[] = {"core/handler", "drivers/iommu/arm/arm-smmu"};

	for (unsigned int i = 0; i < count; i++) {
		bool found = false;

		for (unsigned int j = 0; j < 2; j++) {
			char folder[4096];

			snprintf(folder, sizeof(folder), "%s/%s", paths[i], folders[j]);
			found |= !access(folder, R_OK | X_OK);
		}
		if (!found)
			fail_usage(
				"--source %s: neither %s nor %s is in it; name the top of a tree",
				paths[i], folders[0], folders[1]);
	}
	trees = paths;
	tree_count = count;
}

/* Is a definition what begins in @line, and goes on in @in? Where @in stands afterwards is of no use. */
static bool is_definition(const char *line, const char *function, FILE *in)
{
	const char *at = strstr(line, function);
	char more[512];

	if (!isalpha((unsigned char)*line) || !at || at == line || at[strlen(function)] != '(' ||
	    (at[-1] != ' ' && at[-1] != '*'))
		return false;
	for (const char *text = line; text; text = fgets(more, sizeof(more), in)) {
		size_t end = strcspn(text, ";{");

		if (text[end])
			return text[end] == '{';
	}
	return false;
}

static bool find_in_file(const char *path, const char *function, struct triage_source_line *found)
{
	FILE *in = fopen(path, "r");
	char line[512] = "";
	bool done = false;

	for (found->line = 1; in && !done && fgets(line, sizeof(line), in); found->line++) {
		long place = ftell(in);

		done = is_definition(line, function, in);
		if (done)
			break;
		fseek(in, place, SEEK_SET);
	}
	if (in)
		fclose(in);
	snprintf(found->text, sizeof(found->text), "%.*s", (int)strcspn(line, "\n{"), line);
	return done;
}

/* In the other files of the folder that @found->file is in. */
static bool find_in_folder(const char *tree, const char *function, struct triage_source_line *found)
{
	char folder[256], path[4096];
	struct dirent **names;
	int count;
	bool done = false;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(found->file, '/') - found->file),
		 found->file);
	snprintf(path, sizeof(path), "%s/%s", tree, folder);
	count = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *end = strrchr(names[i]->d_name, '.');

		if (!done && end && !strcmp(end, ".c")) {
			snprintf(path, sizeof(path), "%s/%s/%s", tree, folder, names[i]->d_name);
			done = find_in_file(path, function, found);
			if (done)
				snprintf(found->file, sizeof(found->file), "%s/%.200s", folder,
					 names[i]->d_name);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return done;
}

bool triage_source_line(const char *subject, const char *function, struct triage_source_line *found)
{
	for (unsigned int i = 0; i < tree_count; i++) {
		char path[4096];

		snprintf(found->file, sizeof(found->file), "%s",
			 triage_source_file(subject, function));
		snprintf(path, sizeof(path), "%s/%s", trees[i], found->file);
		if (find_in_file(path, function, found) ||
		    find_in_folder(trees[i], function, found))
			return true;
	}
	return false;
}

/* Line @number of a file, without what is around it; "" if there is none. */
static void read_text(const char *path, unsigned int number, char *text, size_t size)
{
	FILE *in = fopen(path, "r");
	char line[512] = "";

	*text = '\0';
	for (unsigned int i = 0; in && i < number; i++)
		if (!fgets(line, sizeof(line), in))
			*line = '\0';
	if (in)
		fclose(in);
	snprintf(text, size, "%.*s", (int)strcspn(line, "\n"), line);
}

void triage_source_text(const char *subject, const struct source_place *place,
			struct triage_source_line *found)
{
	/* The semantic patches of a variant are in no tree. */
	bool variant = strchr(subject, '+');

	snprintf(found->file, sizeof(found->file), "%s", place->file);
	for (unsigned int i = 0; i < tree_count && !variant; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", trees[i], place->file);
		if (!find_in_file(path, place->function, found) || found->line > place->line)
			continue;
		found->line = place->line;
		read_text(path, place->line, found->text, sizeof(found->text));
		return;
	}
	found->line = place->line;
	*found->text = '\0';
}
