// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: device links as far as runtime PM follows them. */
#include "glue.h"

#include <linux/pm_qos.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

struct device_link *device_link_add(struct device *consumer, struct device *supplier, u32 flags)
{
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

/* No PM QoS constraint: any latency will do. */
s32 glue_resume_latency(struct device *dev) GLUE_PROVIDES(__dev_pm_qos_resume_latency);
s32 glue_resume_latency(struct device *dev)
{
	return PM_QOS_RESUME_LATENCY_NO_CONSTRAINT;
}
