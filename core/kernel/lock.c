/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks and mutexes. A lock is a word of the subject's memory: 0 when free, else the holder's
 * context plus one, with a bit that says that somebody waits. Who waits is the engine's business:
 * everyone is woken at an unlock and they race for the lock, so that any order of acquisition can
 * happen. A lock that is taken twice by one context waits for itself, and the engine finds that.
 *
 * For events, locks and classes get numbers in order of their first use.
 */
#include "internal.h"
#include "lock.h"
#include "view.h"

#include <world/names.h>

#include <string.h>

#define CONTENDED   0x80000000u
#define MAX_CLASSES 48u
#define MAX_LOCKS   255u
#define HASH_SIZE   512u /* a power of two */

static struct lock_state {
	uint16_t lock_count;
	uint8_t class_count;
	uint8_t held_count[SLOTS];
	struct held_lock held[SLOTS][FL_VIEW_LOCKS];
	uint8_t hash[HASH_SIZE]; /* index in locks plus one; 0 is free */
	uint8_t class_of[MAX_LOCKS];
	uintptr_t locks[MAX_LOCKS];
	const char *classes[MAX_CLASSES];
} *state;

void fl_lock_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
}

static uint8_t class_number(const char *class)
{
	/* Mostly it is the very same string, so all are compared by address before any by content. */
	for (uint8_t i = 0; i < state->class_count; i++)
		if (state->classes[i] == class)
			return i;
	for (uint8_t i = 0; i < state->class_count; i++)
		if (fl_same_name(state->classes[i], class))
			return i;
	/* The last number is for all classes that found no room; 47 real ones are more than
	 * expected. */
	if (state->class_count == MAX_CLASSES)
		return MAX_CLASSES - 1;
	state->classes[state->class_count] = class;
	return state->class_count++;
}

/* Number and class of the lock at @lock; the table's hash is only looked up, never walked. */
static struct held_lock identify(const fl_lock_t *lock, const char *class)
{
	uintptr_t address = (uintptr_t)lock;
	uint32_t slot = (uint32_t)((address * 0x9e3779b97f4a7c15ull) >> 40) & (HASH_SIZE - 1);
	uint8_t index;

	for (; state->hash[slot]; slot = (slot + 1) & (HASH_SIZE - 1)) {
		index = state->hash[slot] - 1;
		if (state->locks[index] == address)
			return (struct held_lock){.object = index + 1,
						  .class = state->class_of[index]};
	}
	if (state->lock_count == MAX_LOCKS)
		return (struct held_lock){.object = MAX_LOCKS + 1, .class = class_number(class)};
	index = (uint8_t)state->lock_count++;
	state->hash[slot] = index + 1;
	state->locks[index] = address;
	state->class_of[index] = class_number(class);
	return (struct held_lock){.object = index + 1, .class = state->class_of[index]};
}

/* The same of one that is to be unlocked: mostly it is the one that was taken last. */
static struct held_lock identify_held(const fl_lock_t *lock, const char *class)
{
	unsigned int slot = own_slot();
	unsigned int count = state->held_count[slot];

	if (likely(count && count <= FL_VIEW_LOCKS)) {
		struct held_lock last = state->held[slot][count - 1];

		if (likely(last.object <= MAX_LOCKS &&
			   state->locks[last.object - 1] == (uintptr_t)lock))
			return last;
	}
	return identify(lock, class);
}

static uint32_t own_word(void)
{
	fl_context_t self = fl_current();

	return self == FL_NO_CONTEXT ? FL_MAX_CONTEXTS + 1 : (uint32_t)self + 1;
}

static unsigned int irq_bits(void)
{
	unsigned int bits = fl_context_bits();

	return (bits & FL_IRQS_OFF ? 1 : 0) | (bits & FL_IN_HARDIRQ ? 2 : 0);
}

static void note_acquired(struct held_lock id, const char *class, bool trylock)
{
	unsigned int slot = own_slot();

	/* Whoever hears of it sees what was held before. */
	if (fl_subscribers[FL_EV_LOCK])
		fl_emit_text(FL_EV_LOCK, id.class, id.object, irq_bits(), trylock, class);
	if (state->held_count[slot] < FL_VIEW_LOCKS)
		state->held[slot][state->held_count[slot]] = id;
	state->held_count[slot]++;
}

static void note_released(struct held_lock id, const char *class)
{
	unsigned int slot = own_slot();
	unsigned int count = state->held_count[slot];
	unsigned int i = count < FL_VIEW_LOCKS ? count : FL_VIEW_LOCKS;

	fl_emit_text(FL_EV_UNLOCK, id.class, id.object, 0, 0, class);
	while (i && state->held[slot][i - 1].object != id.object)
		i--;
	/* Mostly the last one, and then there is nothing to move. */
	if (unlikely(i && i < count && count <= FL_VIEW_LOCKS))
		memmove(&state->held[slot][i - 1], &state->held[slot][i],
			(count - i) * sizeof(struct held_lock));
	if (count)
		state->held_count[slot]--;
}

/* The points give back what the lock is known as, so that it is looked up once an operation. */
static struct held_lock lock_point(const fl_lock_t *lock, const char *class)
{
	struct held_lock id = identify(lock, class);

	fl_point(FL_ACCESS_LOCK, (uintptr_t)lock, SITE(SITE_LOCK, id.class));
	fl_check_freed(lock);
	return id;
}

static struct held_lock unlock_point(const fl_lock_t *lock, const char *class)
{
	struct held_lock id = identify_held(lock, class);

	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)lock, SITE(SITE_UNLOCK, id.class));
	fl_check_freed(lock);
	return id;
}

/* Wait until the lock is free and take it, in one step. */
static void acquire(fl_lock_t *lock, struct held_lock id, const char *class, bool spin)
{
	while (unlikely(*lock)) {
		uint32_t holder = *lock & ~CONTENDED;

		if (!fl_running())
			fl_bug("waits for a lock outside a run");
		if (!spin)
			fl_require_sleepable();
		*lock |= CONTENDED;
		/* The owner cannot change while somebody is blocked: its unlock wakes everyone. */
		fl_set_owner((uintptr_t)lock,
			     holder <= FL_MAX_CONTEXTS ? (fl_context_t)holder - 1 : FL_NO_CONTEXT);
		fl_block((uintptr_t)lock, class, spin);
	}
	*lock = own_word();
	fl_order_acquire(lock);
	note_acquired(id, class, false);
}

static bool try_acquire(fl_lock_t *lock, struct held_lock id, const char *class)
{
	if (*lock)
		return false;
	*lock = own_word();
	fl_order_acquire(lock);
	note_acquired(id, class, true);
	return true;
}

static void release(fl_lock_t *lock, struct held_lock id, const char *class)
{
	bool contended = *lock & CONTENDED;

	if (unlikely((*lock & ~CONTENDED) != own_word()))
		fl_warn("unlock of a lock that the context does not hold");
	note_released(id, class);
	fl_order_release(lock);
	*lock = 0;
	if (unlikely(contended)) {
		fl_set_owner((uintptr_t)lock, FL_NO_CONTEXT);
		fl_wake_all((uintptr_t)lock);
	}
}

/*
 * The point comes before preemption or interrupts go off. Nothing can be seen between the two, and
 * from the point on it is one step: the same behaviours, and no decision that decides nothing.
 */
void fl_spin_lock(fl_lock_t *lock, const char *class)
{
	struct held_lock id = lock_point(lock, class);

	fl_preempt_off();
	acquire(lock, id, class, true);
}

bool fl_spin_trylock(fl_lock_t *lock, const char *class)
{
	struct held_lock id = lock_point(lock, class);

	if (!try_acquire(lock, id, class))
		return false;
	fl_preempt_off();
	return true;
}

void fl_spin_unlock(fl_lock_t *lock, const char *class)
{
	release(lock, unlock_point(lock, class), class);
	fl_preempt_on();
}

unsigned long fl_spin_lock_irqsave(fl_lock_t *lock, const char *class)
{
	struct held_lock id = lock_point(lock, class);
	unsigned long flags = fl_local_irq_save();

	fl_preempt_off();
	acquire(lock, id, class, true);
	return flags;
}

void fl_spin_unlock_irqrestore(fl_lock_t *lock, const char *class, unsigned long flags)
{
	release(lock, unlock_point(lock, class), class);
	fl_local_irq_restore(flags);
	fl_preempt_on();
}

void fl_mutex_lock(fl_lock_t *lock, const char *class)
{
	struct held_lock id;

	fl_might_sleep("mutex_lock");
	id = lock_point(lock, class);
	acquire(lock, id, class, false);
}

bool fl_mutex_trylock(fl_lock_t *lock, const char *class)
{
	struct held_lock id = lock_point(lock, class);

	return try_acquire(lock, id, class);
}

void fl_mutex_unlock(fl_lock_t *lock, const char *class)
{
	release(lock, unlock_point(lock, class), class);
}

bool fl_lock_held(const fl_lock_t *lock)
{
	fl_point(FL_ACCESS_READ, (uintptr_t)lock, SITE(SITE_LOCK_LOOK, 0));
	fl_check_freed(lock);
	return *lock != 0;
}

bool fl_lock_mine(const fl_lock_t *lock)
{
	return (*lock & ~CONTENDED) == own_word();
}

const struct held_lock *fl_locks_held(fl_context_t context, unsigned int *count)
{
	unsigned int slot = fl_context_row(context);

	*count = state->held_count[slot] < FL_VIEW_LOCKS ? state->held_count[slot] : FL_VIEW_LOCKS;
	return state->held[slot];
}

const char *fl_lock_class_name(unsigned int class)
{
	return class < state->class_count ? state->classes[class] : "?";
}
