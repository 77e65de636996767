/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a world, its snapshot, and the way back.
 *
 * What a snapshot keeps: the engine's world (as far as it is in use), the used part of the arena,
 * the registered segments; under AddressSanitizer also the shadow of the latter two, so that what
 * was poisoned then is poisoned again. Memory that a run allocates beyond the snapshot is not
 * copied back but forgotten, and zeroed when it is handed out again.
 *
 * Most of the arena is zero when the snapshot is taken (tables with room, page tables), and most of
 * that is still zero after a run. So the snapshot is kept in pieces: what is not zero is copied back,
 * zeroes are looked at and written only where they are none any more, and what an alignment left
 * out is nobody's.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SEGMENTS 64
/* Between two allocations, in each build, so that offsets are equal with and without sanitizers. */
#define RED_ZONE     16u

#define GRANULE	     64u
#define MIN_ZEROES   256u /* a shorter row of them is copied along */
#define MAX_PIECES   128u

enum piece_kind { PIECE_COPIED, PIECE_ZEROES, PIECE_GAP };

struct piece {
	enum piece_kind kind;
	uint32_t size;
};

struct segment {
	char *base;
	size_t size;
	char *copy;
	char *shadow_copy;
	/* The copy, from one end to the other. */
	struct piece pieces[MAX_PIECES];
	unsigned int piece_count;
};

typedef uint64_t vector __attribute__((vector_size(16), aligned(8), may_alias));

static char arena[FL_ARENA_SIZE] __attribute__((aligned(4096)));
static size_t arena_used;
static size_t arena_high; /* bytes below may be dirty */

/* Large ones; the first too many are treated as what lies around them. */
#define MAX_GAPS 64u
#define MIN_GAP	 256u
static struct gap {
	size_t start, end;
} gaps[MAX_GAPS];
static unsigned int gap_count;

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
	volatile vector *out = (volatile vector *)to;
	const volatile vector *in = (const volatile vector *)from;

	if (!(((uintptr_t)to | (uintptr_t)from) & 7))
		for (size_t vectors = size / sizeof(vector); vectors >= 4; vectors -= 4) {
			vector first = *in++, second = *in++, third = *in++, fourth = *in++;

			*out++ = first;
			*out++ = second;
			*out++ = third;
			*out++ = fourth;
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

/* @size: a multiple of GRANULE, and a constant where it is called. */
static inline __attribute__((always_inline, no_sanitize_address)) bool is_zero(const char *memory,
									       size_t size)
{
	const vector *vectors = (const vector *)memory;
	vector any = {0};

	for (size_t i = 0; i < size / sizeof(vector); i++)
		any |= vectors[i];
	return !(any[0] | any[1]);
}

static bool in_gap(const char *start)
{
	size_t offset = (size_t)(start - arena);

	for (unsigned int i = 0; i < gap_count; i++)
		if (gaps[i].start <= offset && offset + GRANULE <= gaps[i].end)
			return true;
	return false;
}

__attribute__((no_sanitize_address)) static enum piece_kind kind_of(const struct segment *segment,
								    const char *start)
{
#if defined(FL_MSAN)
	/* It is to know after a reset, too, what was never written: a copy keeps that. */
	return PIECE_COPIED;
#endif
	if (start + GRANULE > segment->base + segment->size || (uintptr_t)start % sizeof(uint64_t))
		return PIECE_COPIED;
	if (segment == &arena_snapshot && in_gap(start))
		return PIECE_GAP;
	return is_zero(start, GRANULE) ? PIECE_ZEROES : PIECE_COPIED;
}

/* Enter the next granule: in the last piece, or in a new one. */
static void add_granule(struct segment *segment, enum piece_kind kind)
{
	struct piece *last = &segment->pieces[segment->piece_count - 1];

	if (segment->piece_count > 1 && kind == PIECE_COPIED && last->kind == PIECE_ZEROES &&
	    last->size < MIN_ZEROES && last[-1].kind == PIECE_COPIED) {
		last[-1].size += last->size;
		last--;
		segment->piece_count--;
	}
	if (last->kind == kind) {
		last->size += GRANULE;
	} else if (segment->piece_count == MAX_PIECES) {
		last->kind = PIECE_COPIED;
		last->size += GRANULE;
	} else {
		segment->pieces[segment->piece_count++] = (struct piece){kind, GRANULE};
	}
}

static void find_pieces(struct segment *segment)
{
	/* A copied piece of no bytes is there from the beginning. */
	segment->pieces[0] = (struct piece){PIECE_COPIED, 0};
	segment->piece_count = 1;
	for (size_t at = 0; at < segment->size; at += GRANULE)
		add_granule(segment, kind_of(segment, segment->base + at));
	/* The last granule need not be a whole one. */
	if (segment->size % GRANULE)
		segment->pieces[segment->piece_count - 1].size -=
			GRANULE - (uint32_t)(segment->size % GRANULE);
}

static void keep(struct segment *segment)
{
	segment->copy = checked_realloc(segment->copy, segment->size);
	copy(segment->copy, segment->base, segment->size);
#if defined(FL_ASAN)
	segment->shadow_copy = checked_realloc(segment->shadow_copy, shadow_size(segment->size));
	copy(segment->shadow_copy, shadow_of(segment->base), shadow_size(segment->size));
#endif
	find_pieces(segment);
}

__attribute__((no_sanitize_address)) static void clear_granules(char *memory, const char *end)
{
	for (; memory < end; memory += GRANULE)
		if (!is_zero(memory, GRANULE))
			for (unsigned int i = 0; i < GRANULE / sizeof(vector); i++)
				((volatile vector *)memory)[i] = (vector){0};
}

/*
 * Reading is cheaper than writing, most of all for what is not in the nearest cache; and several granules
 * are looked at at once, for mostly they are as they should be.
 */
__attribute__((no_sanitize_address)) static void clear(char *memory, size_t size)
{
	char *end = memory + size;

	for (; memory + MIN_ZEROES <= end; memory += MIN_ZEROES)
		if (!is_zero(memory, MIN_ZEROES))
			clear_granules(memory, memory + MIN_ZEROES);
	clear_granules(memory, end);
}

static void bring_back(const struct segment *segment)
{
	size_t at = 0;

	for (unsigned int i = 0; i < segment->piece_count; i++) {
		struct piece piece = segment->pieces[i];

		if (piece.kind == PIECE_COPIED)
			copy(segment->base + at, segment->copy + at, piece.size);
		else if (piece.kind == PIECE_ZEROES)
			clear(segment->base + at, piece.size);
		at += piece.size;
	}
#if defined(FL_ASAN)
	copy(shadow_of(segment->base), segment->shadow_copy, shadow_size(segment->size));
#endif
}

/* What an alignment leaves out before @start. */
static void note_gap(size_t start)
{
	size_t from = arena_used;

	/* What a run allocates is forgotten, its gaps with it. */
	if (have_snapshot || gap_count == MAX_GAPS || start - from < MIN_GAP)
		return;
	gaps[gap_count++] = (struct gap){from, start};
}

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
	note_gap(start);
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
	gap_count = 0;
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
	bring_back(&arena_snapshot);
	for (unsigned int i = 0; i < segment_count; i++)
		bring_back(&segments[i]);
	fl_engine.cut_short = false;
}
