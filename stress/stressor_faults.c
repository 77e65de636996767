// SPDX-License-Identifier: GPL-2.0-or-later
/* Stressors that are hardware: what faults, and what else pulls at a line. */
#include "stressor.h"

/* One access of stream 0, or of one of @streams; three of four are to a page that is not mapped. */
static void add_dma(struct fl_actor *actor, enum operation_code code, unsigned int streams)
{
	unsigned int stream = streams ? draw(streams) : 0;
	unsigned int page = draw(4) ? PAGE_UNMAPPED : draw(PAGE_UNMAPPED);
	unsigned int write = draw(2);

	add(actor, code, stream, page, write);
}

static void build_fault_storm(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 4 + draw(FL_MAX_OPERATIONS - 3);

	(void)features;
	while (count--)
		add_dma(actor, OP_DMA, draw(8) ? 0 : 3);
}

const struct stressor stressor_fault_storm = {
	.name = "fault-storm",
	.help = "the GPU's accesses, most of them to unmapped pages",
	.frequency = STRESS_OFTEN,
	.agent = true,
	.build = build_fault_storm,
};

static void build_gmu_traffic(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 2 + draw(6);

	(void)features;
	while (count--)
		add_dma(actor, OP_GMU_DMA, 0);
}

const struct stressor stressor_gmu_traffic = {
	.name = "gmu-traffic",
	.help = "accesses of a master that no device link holds up",
	.frequency = STRESS_SOMETIMES,
	.agent = true,
	.build = build_gmu_traffic,
};

static void build_global_faults(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(6);

	(void)features;
	while (count--) {
		if (draw(3))
			add(actor, OP_UNKNOWN_DMA, draw(2), 0, 0);
		else
			add(actor, OP_GLOBAL_SELF_TEST, draw(3), 0, 0);
	}
}

const struct stressor stressor_global_faults = {
	.name = "global-faults",
	.help = "streams that nobody knows, and set bits of sGFSR",
	.frequency = STRESS_SOMETIMES,
	.agent = true,
	.build = build_global_faults,
};

static void add_self_test(struct fl_actor *actor)
{
	unsigned int bank = draw(4);
	unsigned int fault = draw(5);

	add(actor, OP_SELF_TEST, bank, fault, 0);
}

static void build_self_test(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(6);

	(void)features;
	while (count--)
		add_self_test(actor);
}

const struct stressor stressor_self_test = {
	.name = "self-test",
	.help = "fault bits set through FSRRESTORE",
	.frequency = STRESS_RARELY,
	.agent = true,
	.build = build_self_test,
};

static void build_shared_line(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 2 + draw(8);

	(void)features;
	while (count--)
		add(actor, OP_OTHER_IRQ, 0, 0, 0);
}

const struct stressor stressor_shared_line = {
	.name = "shared-line",
	.help = "another device on the line asks for service",
	.frequency = STRESS_SOMETIMES,
	.agent = true,
	.shared_line = true,
	.build = build_shared_line,
};
