/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: clocks. A device's clocks are one; prepare may sleep and fail, enable may
 * fail. */
#ifndef FAULTLINE_LINUX_CLK_H
#define FAULTLINE_LINUX_CLK_H

#include <faultline/host.h>

struct clk {
	unsigned int device; /* enum fl_device that it feeds */
};

struct clk_bulk_data {
	const char *id;
	struct clk clk;
};

static inline int clk_prepare(struct clk *clk)
{
	return fl_clk_prepare(clk->device);
}

static inline void clk_unprepare(struct clk *clk)
{
	fl_clk_unprepare(clk->device);
}

static inline int clk_enable(struct clk *clk)
{
	return fl_clk_enable(clk->device);
}

static inline void clk_disable(struct clk *clk)
{
	fl_clk_disable(clk->device);
}

static inline int clk_prepare_enable(struct clk *clk)
{
	int error = clk_prepare(clk);

	if (error)
		return error;
	error = clk_enable(clk);
	if (error)
		clk_unprepare(clk);
	return error;
}

static inline void clk_disable_unprepare(struct clk *clk)
{
	clk_disable(clk);
	clk_unprepare(clk);
}

static inline void clk_bulk_unprepare(int count, struct clk_bulk_data *clks)
{
	while (count--)
		clk_unprepare(&clks[count].clk);
}

static inline int clk_bulk_prepare(int count, struct clk_bulk_data *clks)
{
	for (int i = 0; i < count; i++) {
		int error = clk_prepare(&clks[i].clk);

		if (error) {
			clk_bulk_unprepare(i, clks);
			return error;
		}
	}
	return 0;
}

static inline void clk_bulk_disable(int count, struct clk_bulk_data *clks)
{
	while (count--)
		clk_disable(&clks[count].clk);
}

static inline int clk_bulk_enable(int count, struct clk_bulk_data *clks)
{
	for (int i = 0; i < count; i++) {
		int error = clk_enable(&clks[i].clk);

		if (error) {
			clk_bulk_disable(i, clks);
			return error;
		}
	}
	return 0;
}

#endif
