/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks and power domains, counted as the clk framework counts, and interconnect votes. A device's
 * clocks are one clock here: a driver handles them in bulk, and the first on and the last off are
 * what the hardware notices. Facts: drivers/clk/clk.c (warnings, errors), domain.md 3.7 (domains).
 */
#include "internal.h"

#include <errno.h>

#define ICC_PATHS 4

static struct power_state {
	struct device_power {
		const struct fl_power_hooks *hooks;
		uint16_t prepared;
		uint16_t enabled;
		bool domain;
	} devices[FL_DEVICES];
	uint32_t peak[ICC_PATHS];
} *state;

void fl_power_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
	/* A driver core attaches a device to its domain before probe, and powers it. */
	for (unsigned int i = 0; i < FL_DEVICES; i++)
		state->devices[i].domain = true;
}

static struct device_power *power_of(unsigned int device)
{
	if (device >= FL_DEVICES)
		fl_bug("clock or power domain of a device that does not exist");
	return &state->devices[device];
}

void fl_power_connect(unsigned int device, const struct fl_power_hooks *hooks)
{
	struct device_power *power = power_of(device);

	power->hooks = hooks;
	if (hooks && hooks->domain)
		hooks->domain(power->domain);
	if (hooks && hooks->clocks)
		hooks->clocks(power->enabled != 0);
}

static void switch_clocks(unsigned int device, bool on)
{
	const struct fl_power_hooks *hooks = power_of(device)->hooks;

	fl_emit(FL_EV_CLOCKS, device, on, 0, 0);
	if (hooks && hooks->clocks)
		hooks->clocks(on);
}

static void switch_domain(unsigned int device, bool on)
{
	struct device_power *power = power_of(device);

	if (power->domain == on)
		return;
	power->domain = on;
	fl_emit(FL_EV_DOMAIN, device, on, 0, 0);
	if (power->hooks && power->hooks->domain)
		power->hooks->domain(on);
}

static void power_point(unsigned int device)
{
	fl_point(FL_ACCESS_RMW, (uintptr_t)power_of(device), SITE(SITE_POWER, device));
	order_step(power_of(device));
}

int fl_clk_prepare(unsigned int device)
{
	struct device_power *power = power_of(device);
	int error;

	fl_might_sleep("clk_prepare");
	power_point(device);
	error = fl_failure_take(FL_FAIL_CLOCK);
	if (error)
		return error;
	power->prepared++;
	return 0;
}

void fl_clk_unprepare(unsigned int device)
{
	struct device_power *power = power_of(device);

	fl_might_sleep("clk_unprepare");
	power_point(device);
	if (!power->prepared) {
		fl_warn("clock already unprepared");
		return;
	}
	if (power->prepared == 1 && power->enabled)
		fl_warn("unpreparing an enabled clock");
	power->prepared--;
}

int fl_clk_enable(unsigned int device)
{
	struct device_power *power = power_of(device);
	int error;

	power_point(device);
	if (!power->prepared) {
		fl_warn("enabling an unprepared clock");
		return -ESHUTDOWN;
	}
	error = fl_failure_take(FL_FAIL_CLOCK);
	if (error)
		return error;
	if (!power->enabled++)
		switch_clocks(device, true);
	return 0;
}

void fl_clk_disable(unsigned int device)
{
	struct device_power *power = power_of(device);

	power_point(device);
	if (!power->enabled) {
		fl_warn("clock already disabled");
		return;
	}
	if (!--power->enabled)
		switch_clocks(device, false);
}

bool fl_clk_enabled(unsigned int device)
{
	return power_of(device)->enabled != 0;
}

int fl_domain_on(unsigned int device)
{
	int error;

	fl_might_sleep("genpd power on");
	power_point(device);
	error = fl_failure_take(FL_FAIL_DOMAIN);
	if (error)
		return error;
	switch_domain(device, true);
	return 0;
}

void fl_domain_off(unsigned int device)
{
	fl_might_sleep("genpd power off");
	power_point(device);
	switch_domain(device, false);
}

int fl_icc_set(unsigned int path, uint32_t peak)
{
	fl_might_sleep("icc_set_bw");
	if (path >= ICC_PATHS)
		return -EINVAL;
	fl_point(FL_ACCESS_WRITE, (uintptr_t)&state->peak[path], SITE(SITE_POWER, 16 + path));
	state->peak[path] = peak;
	return 0;
}
