// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: what a driver asked to be undone when its device goes (devm_*). */
#include "glue.h"

#include <linux/interrupt.h>
#include <linux/slab.h>

#define PROMISES 48

static struct promise {
	struct device *dev;	/* NULL: free slot */
	enum { MEMORY, INTERRUPT, ACTION } kind;
	void *pointer;		/* memory, dev_id, or the action's argument */
	unsigned int irq;
	void (*action)(void *);
} promises[PROMISES];
static unsigned int promise_count; /* slots in use or used; the order is that of calls */

static struct promise *promise(struct device *dev)
{
	struct promise *slot;

	if (promise_count == PROMISES)
		fl_bug("devres: more than 48 managed resources");
	slot = &promises[promise_count++];
	slot->dev = dev;
	return slot;
}

static void keep(struct promise *slot)
{
	if (slot->kind == MEMORY)
		kfree(slot->pointer);
	else if (slot->kind == INTERRUPT)
		glue_irq_free(slot->irq, slot->pointer);
	else
		slot->action(slot->pointer);
}

/* Free slots at the end are used again, so that attach and detach for ever need no more of them. */
static void shrink(void)
{
	while (promise_count && !promises[promise_count - 1].dev)
		promise_count--;
}

void glue_devres_release(struct device *dev)
{
	for (unsigned int i = promise_count; i-- > 0;) {
		struct promise kept = promises[i];

		if (kept.dev != dev)
			continue;
		promises[i].dev = NULL;
		keep(&kept);
	}
	shrink();
}

/*
 * What a managed allocation of @size really has: kmalloc's buckets, less the header in front. Drivers
 * may grow into the rest: devm_krealloc() moves an object only when it does not fit, and 6.1's
 * arm-smmu-qcom.c goes on with the old pointer, which works for that reason alone.
 */
#define DEVRES_HEADER 40

static size_t capacity(size_t size)
{
	size_t total = size + DEVRES_HEADER;
	size_t bucket = 8;

	if (total > 64 && total <= 96)
		bucket = 96;
	else if (total > 128 && total <= 192)
		bucket = 192;
	while (bucket < total)
		bucket *= 2;
	return bucket - DEVRES_HEADER;
}

void *glue_devm_kmalloc(struct device *dev, size_t size, gfp_t gfp) GLUE_PROVIDES(devm_kmalloc);
void *glue_devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)
{
	GLUE_INSIDE();
	void *memory = fl_alloc(capacity(size), gfp & __GFP_ZERO, gfpflags_allow_blocking(gfp), true);
	struct promise *slot;

	if (!memory)
		return NULL;
	slot = promise(dev);
	slot->kind = MEMORY;
	slot->pointer = memory;
	return memory;
}

void *glue_devm_krealloc(struct device *dev, void *old, size_t size, gfp_t gfp)
	GLUE_PROVIDES(devm_krealloc);
void *glue_devm_krealloc(struct device *dev, void *old, size_t size, gfp_t gfp)
{
	GLUE_INSIDE();
	void *memory;

	if (!old)
		return glue_devm_kmalloc(dev, size, gfp);
	if (size <= fl_alloc_size(old))
		return old;
	memory = fl_alloc(capacity(size), true, gfpflags_allow_blocking(gfp), true);
	if (!memory)
		return NULL;
	memcpy(memory, old, fl_alloc_size(old));
	for (unsigned int i = 0; i < promise_count; i++)
		if (promises[i].dev == dev && promises[i].pointer == old)
			promises[i].pointer = memory;
	fl_dealloc(old);
	return memory;
}

int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
			      irq_handler_t thread_fn, unsigned long flags, const char *name,
			      void *dev_id)
{
	GLUE_INSIDE();
	int error = glue_irq_request(irq, handler, thread_fn, flags, name, dev_id);
	struct promise *slot;

	if (error)
		return error;
	slot = promise(dev);
	slot->kind = INTERRUPT;
	slot->irq = irq;
	slot->pointer = dev_id;
	return 0;
}

void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id)
{
	GLUE_INSIDE();

	for (unsigned int i = promise_count; i-- > 0;) {
		struct promise *slot = &promises[i];

		if (slot->dev == dev && slot->kind == INTERRUPT && slot->irq == irq &&
		    slot->pointer == dev_id) {
			slot->dev = NULL;
			shrink();
			glue_irq_free(irq, dev_id);
			return;
		}
	}
	fl_warn("devm_free_irq: not requested");
}

int glue_devm_add_action(struct device *dev, void (*action)(void *), void *data)
	GLUE_PROVIDES(devm_add_action);
int glue_devm_add_action(struct device *dev, void (*action)(void *), void *data)
{
	GLUE_INSIDE();
	struct promise *slot = promise(dev);

	slot->kind = ACTION;
	slot->action = action;
	slot->pointer = data;
	return 0;
}

int glue__devm_add_action(struct device *dev, void (*action)(void *), void *data, const char *name)
	GLUE_PROVIDES(__devm_add_action);
int glue__devm_add_action(struct device *dev, void (*action)(void *), void *data, const char *name)
{
	return glue_devm_add_action(dev, action, data);
}
