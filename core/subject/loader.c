/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load subjects from shared objects.
 *
 * A subject's own memory (its writable segments, but for what the linker made read-only) belongs to the
 * world: each probe brings back what was in the file and registers it for the snapshot. So any number
 * of worlds can be made one after the other, and it does not matter which came before.
 */
#include "loader.h"

#include "search.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_LOADED 16
#define MAX_PIECES 4

struct piece {
	char *base;
	size_t size;
	char *pristine;
};

struct loaded {
	struct fl_subject subject; /* the file's, with probe() replaced */
	const struct fl_subject *original;
	char path[PATH_MAX];
	struct piece pieces[MAX_PIECES];
	unsigned int piece_count;
};
static struct loaded loaded[MAX_LOADED];
static unsigned int loaded_count;

static int probe_fresh(struct loaded *file, const struct fl_hardware *hardware)
{
	fl_segments_clear();
	for (unsigned int i = 0; i < file->piece_count; i++) {
		struct piece *piece = &file->pieces[i];

		memcpy(piece->base, piece->pristine, piece->size);
		fl_segment_add(piece->base, piece->size);
	}
	return file->original->probe(hardware);
}

/* The operation has no argument that says whose it is: one function a file. */
#define PROBE(n)                                                                                   \
	static int probe_##n(const struct fl_hardware *hardware)                                   \
	{                                                                                          \
		return probe_fresh(&loaded[n], hardware);                                          \
	}
PROBE(0)
PROBE(1) PROBE(2) PROBE(3) PROBE(4) PROBE(5) PROBE(6) PROBE(7) PROBE(8) PROBE(9) PROBE(10) PROBE(11)
	PROBE(12) PROBE(13) PROBE(14) PROBE(15) static int (*const probes[MAX_LOADED])(
		const struct fl_hardware *hardware) = {
		probe_0, probe_1, probe_2,  probe_3,  probe_4,	probe_5,  probe_6,  probe_7,
		probe_8, probe_9, probe_10, probe_11, probe_12, probe_13, probe_14, probe_15,
};

struct wanted {
	struct loaded *file;
	const void *inside; /* an address of the object that is looked for */
};

/* Keep [start, end) of the object without [hole, hole_end). */
static void add_piece(struct loaded *file, uintptr_t start, uintptr_t end, uintptr_t hole,
		      uintptr_t hole_end)
{
	if (hole < hole_end && start >= hole && start < hole_end)
		start = hole_end;
	if (hole < hole_end && end > hole && end <= hole_end)
		end = hole;
	if (start >= end || file->piece_count == MAX_PIECES)
		return;
	file->pieces[file->piece_count++] =
		(struct piece){.base = (char *)start, .size = end - start};
}

static int find_pieces(struct dl_phdr_info *info, size_t size, void *argument)
{
	const struct wanted *wanted = argument;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t relro = 0, relro_end = 0;
	bool found = false;

	(void)size;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_LOAD && (uintptr_t)wanted->inside >= start &&
		    (uintptr_t)wanted->inside < start + header->p_memsz)
			found = true;
		if (header->p_type == PT_GNU_RELRO) {
			/* What the loader protects is whole pages. */
			relro = start & ~(page - 1);
			relro_end = (start + header->p_memsz) & ~(page - 1);
		}
	}
	if (!found)
		return 0;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_LOAD && header->p_flags & PF_W)
			add_piece(wanted->file, start, start + header->p_memsz, relro, relro_end);
	}
	return 1;
}

static bool keep_pristine(struct loaded *file)
{
	for (unsigned int i = 0; i < file->piece_count; i++) {
		struct piece *piece = &file->pieces[i];

		piece->pristine = malloc(piece->size);
		if (!piece->pristine)
			return false;
		memcpy(piece->pristine, piece->base, piece->size);
	}
	return true;
}

static const struct fl_subject *open_file(const char *path, char *error, size_t error_size)
{
	struct loaded *file = &loaded[loaded_count];
	struct wanted wanted = {.file = file};
	void *handle;

	for (unsigned int i = 0; i < loaded_count; i++)
		if (!strcmp(loaded[i].path, path))
			return &loaded[i].subject;
	if (loaded_count == MAX_LOADED) {
		snprintf(error, error_size, "%s: %d subjects are loaded already, no more fit", path,
			 MAX_LOADED);
		return NULL;
	}
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		snprintf(error, error_size, "%s; build the subject again with scripts/add-linux",
			 dlerror());
		return NULL;
	}
	file->original = dlsym(handle, "faultline_subject");
	if (!file->original) {
		snprintf(error, error_size,
			 "%s: it exports no faultline_subject, so it is no subject", path);
		goto close;
	}
	if ((file->original->host_abi & ~FL_HOST_FREE) != FL_HOST_VERSION) {
		snprintf(
			error, error_size,
			"%s: built for floor %u, this program has %d; build it again with scripts/add-linux",
			path, file->original->host_abi, FL_HOST_ABI);
		goto close;
	}
	wanted.inside = file->original;
	file->piece_count = 0;
	dl_iterate_phdr(find_pieces, &wanted);
	if (!keep_pristine(file)) {
		snprintf(error, error_size, "%s: no memory to keep its data", path);
		goto close;
	}
	file->subject = *file->original;
	file->subject.probe = probes[loaded_count];
	snprintf(file->path, sizeof(file->path), "%s", path);
	loaded_count++;
	return &file->subject;
close:
	dlclose(handle);
	return NULL;
}

const struct fl_subject *fl_subject_load(const char *name, char *error, size_t error_size)
{
	const char *stem = strncmp(name, "linux:", 6) ? name : name + 6;
	char path[PATH_MAX];

	if (strchr(name, '/')) {
		if (!realpath(name, path)) {
			snprintf(error, error_size, "%s: no such file", name);
			return NULL;
		}
		return open_file(path, error, error_size);
	}
	if (!subject_find(stem, path)) {
		snprintf(
			error, error_size,
			"subject '%s' is not built; 'scripts/add-linux TREE %s' builds it from a Linux tree",
			name, stem);
		return NULL;
	}
	return open_file(path, error, error_size);
}

/* The file NAME.@form.so beside @subject's NAME.so; NULL without an error in @error if there is none. */
static const struct fl_subject *open_form(const struct fl_subject *subject, const char *form,
					  char *error, size_t error_size)
{
	char path[PATH_MAX];

	error[0] = '\0';
	for (unsigned int i = 0; i < loaded_count; i++) {
		int length;

		if (&loaded[i].subject != subject)
			continue;
		length = (int)strlen(loaded[i].path) - 3;
		if ((size_t)snprintf(path, sizeof(path), "%.*s.%s.so", length, loaded[i].path,
				     form) < sizeof(path) &&
		    !access(path, R_OK))
			return open_file(path, error, error_size);
	}
	return NULL;
}

const struct fl_subject *fl_subject_for_memory(const struct fl_subject *subject, char *error,
					       size_t error_size)
{
	const struct fl_subject *form;

	if (subject->features & FL_SUBJECT_MEMORY)
		return subject;
	form = open_form(subject, "mem", error, error_size);
	if (!form && !error[0])
		snprintf(
			error, error_size,
			"subject '%s' is not instrumented for memory granularity; build it with 'scripts/add-linux --memory'",
			subject->name);
	return form;
}

const struct fl_subject *fl_subject_for_threads(const struct fl_subject *subject, char *error,
						size_t error_size)
{
	const struct fl_subject *form;

	if (subject->host_abi & FL_HOST_FREE)
		return subject;
	form = open_form(subject, "free", error, error_size);
	if (form || error[0])
		return form;
	if (subject->features & FL_SUBJECT_REAL)
		snprintf(
			error, error_size,
			"%s is not built for threads: its kernel is one for one CPU, without atomics and barriers; build it with "
			"'scripts/add-linux --threads TREE %s'",
			subject->name,
			strncmp(subject->name, "linux:", 6) ? subject->name : subject->name + 6);
	else
		snprintf(error, error_size,
			 "%s is not built for threads: compile it with -include faultline/free.h",
			 subject->name);
	return NULL;
}
