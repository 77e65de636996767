// SPDX-License-Identifier: GPL-2.0-or-later
/* Stressors that are the client's driver. */
#include "stressor.h"

static void add_submits(struct fl_actor *actor)
{
	unsigned int count = 2 + draw(6);

	while (count--) {
		unsigned int page = draw(2) ? PAGE_UNMAPPED : draw(PAGE_UNMAPPED);
		unsigned int write = draw(2);

		add(actor, OP_SUBMIT, page, write, 0);
	}
}

static void build_submit(struct fl_actor *actor, uint32_t features)
{
	(void)features;
	add_submits(actor);
	if (draw(2))
		add(actor, OP_DUMP_READ, 0, 0, 0);
}

const struct stressor stressor_submit = {
	.name = "submit",
	.help = "the GPU's driver submits work and waits for it",
	.frequency = STRESS_OFTEN,
	.build = build_submit,
};

static void configure_blocking(struct client_config *client, uint32_t features)
{
	client->block = 1;
	client->dump = 1;
	client->fault_info = features & FL_SUBJECT_STALL ? 1 : 0;
	client->answer = (uint8_t)draw(4);
}

const struct stressor stressor_blocking_client = {
	.name = "blocking-client",
	.help = "work is submitted while the fault callback waits for the same lock, and dumps",
	.frequency = STRESS_SOMETIMES,
	.build = build_submit,
	.configure = configure_blocking,
};

static void build_stall_toggle(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 2 + draw(6);

	(void)features;
	while (count--) {
		switch (draw(4)) {
		case 0:
			add(actor, OP_GET_FAULT_INFO, 0, 0, 0);
			break;
		case 1:
			add(actor, OP_SET_TTBR0_CFG, draw(2), 0, 0);
			break;
		default:
			add(actor, OP_SET_STALL, draw(2), 0, 0);
			break;
		}
	}
}

const struct stressor stressor_stall_toggle = {
	.name = "stall-toggle",
	.help = "set_stall, set_ttbr0_cfg and get_fault_info",
	.frequency = STRESS_SOMETIMES,
	.features = FL_SUBJECT_STALL,
	.build = build_stall_toggle,
};
