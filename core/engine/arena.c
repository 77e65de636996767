/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a world, its snapshot, and the way back.
 *
 * What a snapshot keeps: the engine's world (as far as it is in use), the used part of the arena,
 * the registered segments; under AddressSanitizer also the shadow of the latter two, so that what
 * was poisoned then is poisoned again. Memory that a run allocates beyond the snapshot is not
 * copied back but forgotten, and zeroed when it is handed out again.
 *
 * Most of the arena is zero when the snapshot is taken (tables with room, page tables, what an
 * alignment leaves out), so the snapshot is kept as the pieces that are not, and the rest is
 * cleared, which costs half of what a copy does.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SEGMENTS 64
/* Between two allocations, in each build, so that offsets are equal with and without sanitizers. */
#define RED_ZONE     16u

struct segment {
	char *base;
	size_t size;
	char *copy;
	char *shadow_copy;
};

static char arena[FL_ARENA_SIZE] __attribute__((aligned(4096)));
static size_t arena_used;
static size_t arena_high; /* bytes below may be dirty */

static struct segment segments[MAX_SEGMENTS];
static unsigned int segment_count;

static struct segment arena_snapshot = {.base = arena};

static struct fl_world world_snapshot;
static struct fl_held held_snapshot[FL_MAX_HELD];
static bool have_snapshot;

#if defined(FL_ASAN)
void __asan_get_shadow_mapping(size_t *shadow_scale, size_t *shadow_offset);

/*
 * memcpy() would check the poison that lies in what is copied here; this loop must not become
 * one.
 */
__attribute__((no_sanitize_address)) static void copy(char *to, const char *from, size_t size)
{
	volatile uint64_t *out = (volatile uint64_t *)to;
	const volatile uint64_t *in = (const volatile uint64_t *)from;
	size_t words = 0;

	if (!(((uintptr_t)to | (uintptr_t)from) & 7))
		for (words = size / 8; words >= 8; words -= 8, in += 8, out += 8) {
			out[0] = in[0];
			out[1] = in[1];
			out[2] = in[2];
			out[3] = in[3];
			out[4] = in[4];
			out[5] = in[5];
			out[6] = in[6];
			out[7] = in[7];
		}
	for (size_t i = (size_t)((const volatile char *)in - from); i < size; i++)
		((volatile char *)to)[i] = ((const volatile char *)from)[i];
}

static char *shadow_of(const char *address)
{
	size_t scale, offset;

	__asan_get_shadow_mapping(&scale, &offset);
	return (char *)(((uintptr_t)address >> scale) + offset);
}

static size_t shadow_size(size_t size)
{
	return (size + 7) / 8;
}
#else
static inline void copy(char *to, const char *from, size_t size)
{
	memcpy(to, from, size);
}
#endif

static void *checked_realloc(void *old, size_t size)
{
	void *memory = realloc(old, size ? size : 1);

	if (!memory)
		fl_die("no memory for a snapshot of %zu bytes", size);
	return memory;
}

static void keep(struct segment *segment)
{
	segment->copy = checked_realloc(segment->copy, segment->size);
	copy(segment->copy, segment->base, segment->size);
#if defined(FL_ASAN)
	segment->shadow_copy = checked_realloc(segment->shadow_copy, shadow_size(segment->size));
	copy(segment->shadow_copy, shadow_of(segment->base), shadow_size(segment->size));
#endif
}

static void bring_back(const struct segment *segment)
{
	copy(segment->base, segment->copy, segment->size);
#if defined(FL_ASAN)
	copy(shadow_of(segment->base), segment->shadow_copy, shadow_size(segment->size));
#endif
}

/* MemorySanitizer is to know after a reset, too, what was never written: a copy keeps that, zeroes do not. */
#if defined(FL_ASAN) || defined(FL_MSAN)
static void bring_back_arena(void)
{
	bring_back(&arena_snapshot);
}

static void find_pieces(void)
{
}
#else
/* The arena's snapshot in pieces: bytes to copy, and the zeroes after them. */
#define GRANULE	   64u
#define MIN_ZEROES 256u /* a shorter row of them is copied along */
#define MAX_PIECES 512u
static struct piece {
	uint32_t copied, zeroes;
} pieces[MAX_PIECES];
static unsigned int piece_count;

static size_t zeroes_at(size_t start)
{
	static const char zero[GRANULE];
	size_t end = start;

	while (end + GRANULE <= arena_snapshot.size && !memcmp(arena + end, zero, GRANULE))
		end += GRANULE;
	return end - start;
}

static void find_pieces(void)
{
	size_t at = 0;

	piece_count = 0;
	while (at < arena_snapshot.size && piece_count < MAX_PIECES) {
		struct piece *piece = &pieces[piece_count++];
		size_t start = at, zeroes = 0;

		while (at < arena_snapshot.size && (zeroes = zeroes_at(at)) < MIN_ZEROES)
			at += zeroes ? zeroes : GRANULE;
		if (at >= arena_snapshot.size || piece_count == MAX_PIECES) {
			at = arena_snapshot.size;
			zeroes = 0;
		}
		*piece = (struct piece){(uint32_t)(at - start), (uint32_t)zeroes};
		at += zeroes;
	}
}

static void bring_back_arena(void)
{
	size_t at = 0;

	for (unsigned int i = 0; i < piece_count; i++) {
		memcpy(arena + at, arena_snapshot.copy + at, pieces[i].copied);
		at += pieces[i].copied;
		memset(arena + at, 0, pieces[i].zeroes);
		at += pieces[i].zeroes;
	}
}
#endif

void *fl_arena_alloc(size_t size, size_t align)
{
	size_t start, end;

	if (!align || (align & (align - 1)) || align > 4096)
		fl_die("alignment %zu: it must be a power of two up to 4096", align);
	/* Objects begin at shadow granules: what one leaves of its last is not the next one's. */
	if (align < 8)
		align = 8;
	start = (arena_used + align - 1) & ~(align - 1);
	if (size > FL_ARENA_SIZE - RED_ZONE || start > FL_ARENA_SIZE - RED_ZONE - size)
		fl_die("the arena of %u bytes is full: %zu used, %zu more wanted", FL_ARENA_SIZE,
		       arena_used, size);
	end = start + size;
#if defined(FL_ASAN)
	/* Everything beyond the objects is poisoned, so the gaps and the rest are red zones. */
	if (!arena_high)
		__asan_poison_memory_region(arena, FL_ARENA_SIZE);
	__asan_unpoison_memory_region(arena + start, size);
#endif
	if (start < arena_high)
		memset(arena + start, 0, (end < arena_high ? end : arena_high) - start);
	arena_used = end + RED_ZONE;
	if (arena_high < arena_used)
		arena_high = arena_used;
	return arena + start;
}

size_t fl_arena_used(void)
{
	return arena_used;
}

void *fl_arena_base(void)
{
	return arena;
}

void fl_segment_add(void *base, size_t size)
{
	if (segment_count == MAX_SEGMENTS)
		fl_die("there are %d segments already, no more fit", MAX_SEGMENTS);
	segments[segment_count++] = (struct segment){.base = base, .size = size};
	/* It knows nothing of this segment. */
	have_snapshot = false;
}

void fl_segments_clear(void)
{
	for (unsigned int i = 0; i < segment_count; i++) {
		free(segments[i].copy);
		free(segments[i].shadow_copy);
	}
	segment_count = 0;
	have_snapshot = false;
}

void fl_arena_clear(void)
{
	if (fl_in_run())
		fl_die("fl_arena_clear() inside a run");
	arena_used = 0;
	have_snapshot = false;
#if defined(FL_ASAN)
	__asan_poison_memory_region(arena, FL_ARENA_SIZE);
#endif
}

/* Copy what is in use of a world that has as many of everything as @from. */
static void copy_world(struct fl_world *to, const struct fl_world *from)
{
	copy((char *)to, (const char *)from,
	     offsetof(struct fl_world, cpus) + (from->cpu_count + 1) * sizeof(from->cpus[0]));
	if (from->alarm_count)
		copy((char *)to->alarms, (const char *)from->alarms,
		     (size_t)from->alarm_count * sizeof(from->alarms[0]));
	copy((char *)to->contexts, (const char *)from->contexts,
	     (size_t)from->context_count * sizeof(from->contexts[0]));
	if (from->held_count)
		memcpy(to == &fl_world ? fl_held : held_snapshot,
		       to == &fl_world ? held_snapshot : fl_held,
		       from->held_count * sizeof(fl_held[0]));
}

void fl_snapshot(void)
{
	if (fl_in_run() || fl_world.active)
		fl_die("fl_snapshot() while a context is active");
	copy_world(&world_snapshot, &fl_world);
	arena_snapshot.size = arena_used;
	keep(&arena_snapshot);
	find_pieces();
	for (unsigned int i = 0; i < segment_count; i++)
		keep(&segments[i]);
	have_snapshot = true;
}

void fl_reset(void)
{
	if (fl_in_run())
		fl_die("fl_reset() inside a run");
	if (!have_snapshot)
		fl_die("fl_reset() without fl_snapshot()");
	copy_world(&fl_world, &world_snapshot);
#if defined(FL_ASAN)
	if (arena_used > arena_snapshot.size)
		__asan_poison_memory_region(arena + arena_snapshot.size,
					    arena_used - arena_snapshot.size);
#endif
	arena_used = arena_snapshot.size;
	if (arena_snapshot.size)
		bring_back_arena();
	for (unsigned int i = 0; i < segment_count; i++)
		bring_back(&segments[i]);
	fl_engine.cut_short = false;
}
