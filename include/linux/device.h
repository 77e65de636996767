/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: devices and the link from a consumer to its supplier. */
#ifndef FAULTLINE_LINUX_DEVICE_H
#define FAULTLINE_LINUX_DEVICE_H

#include <linux/bits.h>
#include <linux/pm.h>
#include <linux/printk.h>
#include <faultline/event.h>

#define DL_FLAG_AUTOREMOVE_SUPPLIER BIT(4)
#define DL_FLAG_PM_RUNTIME	    BIT(2)

struct device_link {
	struct device *supplier;
	u32 flags;
	atomic_t rpm_active; /* references that the link holds on the supplier */
};

#define DEVICE_MAX_SUPPLIERS 2

struct device {
	const char *name;
	enum fl_device id;		 /* which of the machine's devices it is */
	const struct dev_pm_ops *pm_ops; /* of its driver */
	struct device *parent;
	bool pm_domain; /* attached to a power domain */
	bool domain_on;
	bool prepared; /* between the prepare and complete phases of system sleep */
	struct dev_pm_info power;
	struct device_link links[DEVICE_MAX_SUPPLIERS];
	unsigned int link_count;
	void *driver_data;
};

/*
 * Set up @dev, zeroed before: runtime PM disabled, SUSPENDED, usage count 0, its power domain on
 * (as the bus left it for probe). @name must stay valid.
 */
void device_initialize(struct device *dev, enum fl_device id, const char *name,
		       const struct dev_pm_ops *pm_ops, bool pm_domain);

/* Link @consumer to @supplier; 0 or -ENOSPC. With DL_FLAG_PM_RUNTIME it pulls the supplier up. */
int device_link_add(struct device *consumer, struct device *supplier, u32 flags);
/* Remove the link, with the references that it holds on the supplier. */
void device_link_remove(struct device *consumer, struct device *supplier);

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline const char *dev_name(const struct device *dev)
{
	return dev->name;
}

#define dev_err(dev, ...)    fl_linux_printk(KERN_LEVEL_ERR, dev_name(dev), __VA_ARGS__)
#define dev_warn(dev, ...)   fl_linux_printk(KERN_LEVEL_WARNING, dev_name(dev), __VA_ARGS__)
#define dev_notice(dev, ...) fl_linux_printk(KERN_LEVEL_NOTICE, dev_name(dev), __VA_ARGS__)
#define dev_info(dev, ...)   fl_linux_printk(KERN_LEVEL_INFO, dev_name(dev), __VA_ARGS__)

/* As in Linux, each call site has a state of its own: @limit belongs to the caller's device. */
#define dev_err_ratelimited(dev, limit, ...)                                                       \
	do {                                                                                       \
		if (__ratelimit(limit))                                                            \
			dev_err(dev, __VA_ARGS__);                                                 \
	} while (0)

#endif
