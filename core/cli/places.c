// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of accesses (places.h). Noting copies return addresses; afterwards each of them is looked up once, by
 * an addr2line for each object that has code, which is asked one address after the other.
 */
#include "places.h"

#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
/* What the unwinder writes counts as unset there. */
#define NO_UNWINDING 1
#endif
#endif
#ifndef NO_UNWINDING
#define NO_UNWINDING 0
#endif

/* From the subject's access to whoever records it there are few calls; the subject's own nest less deep. */
#define MAX_CALLS   20
#define MAX_CHAINS  4096
#define CHAIN_SLOTS (2 * MAX_CHAINS)
#define MAX_LOOKUPS 4096
#define MAX_OBJECTS 4
/* No code is there: its answer ends that to another question. */
#define SENTINEL    UINT64_MAX

struct chain {
	uint64_t hash;
	unsigned int count;
	uintptr_t calls[MAX_CALLS];
};

static struct chain chains[MAX_CHAINS];
static uint16_t slots[CHAIN_SLOTS]; /* number + 1; 0: free */
static uint32_t chain_count;

/* --- while the run goes on -------------------------------------------------------------------- */

static _Unwind_Reason_Code take_call(struct _Unwind_Context *unwinding, void *into)
{
	struct chain *chain = into;
	uintptr_t address = _Unwind_GetIP(unwinding);

	if (!address || chain->count == MAX_CALLS)
		return _URC_END_OF_STACK;
	/* A return address is behind its call. */
	chain->calls[chain->count++] = address - 1;
	chain->hash = (chain->hash ^ address) * 1099511628211ull;
	return _URC_NO_REASON;
}

uint32_t places_note(void)
{
	struct chain *fresh = &chains[chain_count];
	uint64_t slot;

	if (NO_UNWINDING || chain_count == MAX_CHAINS - 1)
		return PLACE_NONE;
	fresh->count = 0;
	fresh->hash = 14695981039346656037ull;
	_Unwind_Backtrace(take_call, fresh);
	for (slot = fresh->hash % CHAIN_SLOTS; slots[slot]; slot = (slot + 1) % CHAIN_SLOTS)
		if (chains[slots[slot] - 1].hash == fresh->hash)
			return slots[slot] - 1u;
	slots[slot] = (uint16_t)(chain_count + 1);
	return chain_count++;
}

/* --- objects and their readers ---------------------------------------------------------------- */

struct object {
	uintptr_t base;
	FILE *answers; /* of its addr2line; NULL: there is none */
	int socket;
	bool used;
};

static struct object objects[MAX_OBJECTS];

struct wanted {
	uintptr_t address, base;
	char path[4096];
	bool found;
};

static int look_for_object(struct dl_phdr_info *info, size_t size, void *into)
{
	struct wanted *wanted = into;

	(void)size;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD || wanted->address < start ||
		    wanted->address - start >= part->p_memsz)
			continue;
		wanted->base = info->dlpi_addr;
		wanted->found = true;
		snprintf(wanted->path, sizeof(wanted->path), "%s",
			 *info->dlpi_name ? info->dlpi_name : "/proc/self/exe");
		return 1;
	}
	return 0;
}

static _Noreturn void become_reader(const char *path, int socket)
{
	char *whole = realpath(path, NULL);

	if (!whole || dup2(socket, STDIN_FILENO) < 0 || dup2(socket, STDOUT_FILENO) < 0)
		_exit(1);
	signal(SIGINT, SIG_IGN); /* it ends when nobody asks any more */
	if (!freopen("/dev/null", "w", stderr))
		_exit(1);
	execlp("addr2line", "addr2line", "-a", "-i", "-f", "-e", whole, (char *)NULL);
	_exit(1);
}

static void start_reader(struct object *object, const char *path)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return;
	/* Twice, so that nobody has to wait for it. */
	child = fork();
	if (!child) {
		if (fork())
			_exit(0);
		become_reader(path, ends[1]);
	}
	close(ends[1]);
	if (child > 0)
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	object->socket = ends[0];
	object->answers = child > 0 ? fdopen(ends[0], "r") : NULL;
	if (!object->answers)
		close(ends[0]);
}

static struct object *object_of(uintptr_t address)
{
	struct wanted wanted = {.address = address};

	dl_iterate_phdr(look_for_object, &wanted);
	if (!wanted.found)
		return NULL;
	for (unsigned int i = 0; i < MAX_OBJECTS; i++) {
		if (objects[i].used && objects[i].base != wanted.base)
			continue;
		if (!objects[i].used) {
			objects[i].used = true;
			objects[i].base = wanted.base;
			start_reader(&objects[i], wanted.path);
		}
		return objects[i].answers ? &objects[i] : NULL;
	}
	return NULL;
}

void places_start(void)
{
	object_of((uintptr_t)&places_start);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Inlined calls first: of one address there may be several. */
#define MAX_INLINED 8
struct lookup {
	uintptr_t address;
	unsigned int count;
	struct source_place places[MAX_INLINED];
};

static struct lookup *lookups;
static unsigned int lookup_count;

/* From the top of the tree, if it is a source file of a subject; else NULL. */
static const char *subject_file(const char *path)
{
	static const char *const folders[] = {"core/handler/", "drivers/"};

	for (unsigned int i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *at = NULL, *next = path;

		while ((next = strstr(next, folders[i]))) {
			if (next == path || next[-1] == '/')
				at = next;
			next++;
		}
		if (at)
			return at;
	}
	return NULL;
}

static void take_answer(struct lookup *lookup, const char *function, char *where)
{
	char *colon = strrchr(where, ':');
	const char *file;
	struct source_place *place = &lookup->places[lookup->count];
	size_t length;

	if (!colon || lookup->count == MAX_INLINED)
		return;
	*colon = '\0';
	file = subject_file(where);
	/* What is in headers are the accessors: the line that uses one is meant. */
	length = file ? strlen(file) : 0;
	if (length < 3 || length >= sizeof(place->file) || strcmp(file + length - 2, ".c") ||
	    atoi(colon + 1) <= 0)
		return;
	memcpy(place->file, file, length + 1);
	snprintf(place->function, sizeof(place->function), "%.63s", function);
	place->line = (unsigned int)atoi(colon + 1);
	lookup->count++;
}

static bool read_line(struct object *object, char *line, size_t size)
{
	if (!fgets(line, (int)size, object->answers))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

static void ask(struct object *object, struct lookup *lookup)
{
	uint64_t address = lookup->address - object->base;
	char line[4096], function[256], question[64];
	int length = snprintf(question, sizeof(question), "0x%llx\n0x%llx\n",
			      (unsigned long long)address, (unsigned long long)SENTINEL);
	bool mine = false;

	if (send(object->socket, question, (size_t)length, MSG_NOSIGNAL) != length) {
		object->answers = NULL;
		return;
	}
	while (read_line(object, line, sizeof(line))) {
		uint64_t heading = !strncmp(line, "0x", 2) ? strtoull(line, NULL, 16) : 0;

		if (heading == SENTINEL) {
			if (!read_line(object, line, sizeof(line)) ||
			    !read_line(object, line, sizeof(line)))
				break;
			/* Before mine come answers to a child that was killed. */
			if (mine)
				return;
			continue;
		}
		if (heading) {
			mine = heading == address;
			continue;
		}
		snprintf(function, sizeof(function), "%.255s", line);
		if (!read_line(object, line, sizeof(line)))
			break;
		if (mine)
			take_answer(lookup, function, line);
	}
	object->answers = NULL;
}

static const struct lookup *look_up(uintptr_t address)
{
	struct lookup *lookup;
	struct object *object;

	for (unsigned int i = 0; i < lookup_count; i++)
		if (lookups[i].address == address)
			return &lookups[i];
	if (!lookups)
		lookups = calloc(MAX_LOOKUPS, sizeof(*lookups));
	if (!lookups || lookup_count == MAX_LOOKUPS)
		return NULL;
	lookup = &lookups[lookup_count++];
	lookup->address = address;
	object = object_of(address);
	if (object)
		ask(object, lookup);
	return lookup;
}

const struct source_place *places_find(uint32_t noted, const char *subject)
{
	const char *folder = strncmp(subject, "core:", 5) ? "drivers/" : "core/handler/";

	if (noted >= chain_count)
		return NULL;
	for (unsigned int i = 0; i < chains[noted].count; i++) {
		const struct lookup *lookup = look_up(chains[noted].calls[i]);

		for (unsigned int j = 0; lookup && j < lookup->count; j++)
			if (!strncmp(lookup->places[j].file, folder, strlen(folder)))
				return &lookup->places[j];
	}
	return NULL;
}
