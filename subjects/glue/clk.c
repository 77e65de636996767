// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: one clock a device, and the TBUs' bandwidth votes, on the floor's counts. */
#include "glue.h"

#include <linux/clk.h>
#include <linux/interconnect.h>
#include <linux/slab.h>

/* What the driver holds; opaque to it. A clock is its device's number. */
struct clk {
	unsigned int device;
};
static struct clk clocks[FL_DEVICES] = {
	{ FL_DEVICE_SMMU }, { FL_DEVICE_GPU }, { FL_DEVICE_TBU },
};

struct icc_path {
	unsigned int number;
};
static struct icc_path paths[GLUE_TBUS] = { { 0 }, { 1 } };

int clk_prepare(struct clk *clk)
{
	GLUE_INSIDE();

	return clk ? fl_clk_prepare(clk->device) : 0;
}

void clk_unprepare(struct clk *clk)
{
	GLUE_INSIDE();

	if (clk)
		fl_clk_unprepare(clk->device);
}

int clk_enable(struct clk *clk)
{
	GLUE_INSIDE();

	return clk ? fl_clk_enable(clk->device) : 0;
}

void clk_disable(struct clk *clk)
{
	GLUE_INSIDE();

	if (clk)
		fl_clk_disable(clk->device);
}

int devm_clk_bulk_get_all(struct device *dev, struct clk_bulk_data **clks)
{
	struct clk_bulk_data *bulk = devm_kzalloc(dev, sizeof(*bulk), GFP_KERNEL);

	if (!bulk)
		return -ENOMEM;
	bulk->id = "bus";
	bulk->clk = &clocks[FL_DEVICE_SMMU];
	*clks = bulk;
	return 1;
}

struct clk *devm_clk_get_optional(struct device *dev, const char *id)
{
	int device = glue_device_id(dev);

	return device < 0 ? NULL : &clocks[device];
}

/* All or nothing, as in the clock framework. */
int clk_bulk_prepare(int count, const struct clk_bulk_data *clks)
{
	for (int i = 0; i < count; i++) {
		int error = clk_prepare(clks[i].clk);

		if (error) {
			clk_bulk_unprepare(i, clks);
			return error;
		}
	}
	return 0;
}

void clk_bulk_unprepare(int count, const struct clk_bulk_data *clks)
{
	while (--count >= 0)
		clk_unprepare(clks[count].clk);
}

int clk_bulk_enable(int count, const struct clk_bulk_data *clks)
{
	for (int i = 0; i < count; i++) {
		int error = clk_enable(clks[i].clk);

		if (error) {
			clk_bulk_disable(i, clks);
			return error;
		}
	}
	return 0;
}

void clk_bulk_disable(int count, const struct clk_bulk_data *clks)
{
	while (--count >= 0)
		clk_disable(clks[count].clk);
}

struct icc_path *devm_of_icc_get(struct device *dev, const char *name)
{
	for (unsigned int i = 0; i < GLUE_TBUS; i++)
		if (dev == &glue_tbu[i].dev)
			return &paths[i];
	return NULL;
}

int icc_set_bw(struct icc_path *path, u32 average, u32 peak)
{
	GLUE_INSIDE();

	return path ? fl_icc_set(path->number, peak) : 0;
}
