// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: device links as far as runtime PM follows them. */
#include "glue.h"

#include <linux/pm_qos.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

struct device_link *device_link_add(struct device *consumer, struct device *supplier, u32 flags)
{
	GLUE_INSIDE();
	struct device_link *link;

	list_for_each_entry(link, &consumer->links.suppliers, c_node)
		if (link->supplier == supplier)
			return link;
	link = kzalloc(sizeof(*link), GFP_KERNEL);
	if (!link)
		return NULL;
	link->consumer = consumer;
	link->supplier = supplier;
	link->flags = flags;
	link->status = DL_STATE_ACTIVE;
	refcount_set(&link->rpm_active, 1);
	kref_init(&link->kref);
	if (flags & DL_FLAG_PM_RUNTIME)
		pm_runtime_new_link(consumer);
	list_add_tail_rcu(&link->s_node, &supplier->links.consumers);
	list_add_tail_rcu(&link->c_node, &consumer->links.suppliers);
	return link;
}

/* Readers of the lists, which the kernel's SRCU counts: a link is freed after those that may know it. */
static unsigned int readers;
static bool awaited;

int device_links_read_lock(void)
{
	GLUE_INSIDE();

	readers++;
	return 0;
}

void device_links_read_unlock(int index)
{
	GLUE_INSIDE();

	if (!--readers && awaited)
		fl_wait_wake(&readers, true);
}

static void wait_for_readers(void)
{
	awaited = true;
	while (readers) {
		fl_wait_prepare(&readers, "readers of device links");
		if (readers)
			fl_wait_schedule();
		fl_wait_finish();
	}
	awaited = false;
}

void glue_links_remove(struct device *supplier)
{
	struct device_link *link, *next;

	list_for_each_entry_safe(link, next, &supplier->links.consumers, s_node) {
		pm_runtime_drop_link(link);
		list_del_rcu(&link->s_node);
		list_del_rcu(&link->c_node);
		wait_for_readers();
		fl_dealloc(link);
	}
}

/* No PM QoS constraint: any latency will do. */
s32 glue_resume_latency(struct device *dev) GLUE_PROVIDES(__dev_pm_qos_resume_latency);
s32 glue_resume_latency(struct device *dev)
{
	return PM_QOS_RESUME_LATENCY_NO_CONSTRAINT;
}
