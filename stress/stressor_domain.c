// SPDX-License-Identifier: GPL-2.0-or-later
/* Stressors of domains: attached, mapped, and taken away. */
#include "stressor.h"

static void build_attach_detach(struct fl_actor *actor, uint32_t features)
{
	unsigned int domain = draw(4) ? 1 + draw(3) : 0;
	unsigned int count = 1 + draw(3);

	(void)features;
	while (count--) {
		add(actor, OP_ATTACH, domain, 0, 0);
		add(actor, OP_MAP, domain, draw(PAGE_UNMAPPED + 2), 0);
		add(actor, draw(3) ? OP_DETACH : OP_FREE_DOMAIN, domain, 0, 0);
	}
	if (!domain)
		add(actor, OP_ATTACH, domain, 0, 0);
}

const struct stressor stressor_attach_detach = {
	.name = "attach-detach",
	.help = "domains are attached, detached and freed",
	.frequency = STRESS_SOMETIMES,
	.build = build_attach_detach,
};

static void build_map_unmap(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 2 + draw(3);

	(void)features;
	while (count--) {
		unsigned int page = draw(6);

		add(actor, OP_MAP, 0, page, draw(2));
		add(actor, OP_IOVA_TO_PHYS, 0, page, 0);
		add(actor, OP_UNMAP, 0, page, 0);
	}
}

const struct stressor stressor_map_unmap = {
	.name = "map-unmap",
	.help = "pages are mapped, asked for and unmapped",
	.frequency = STRESS_SOMETIMES,
	.build = build_map_unmap,
};

static void build_unbind(struct fl_actor *actor, uint32_t features)
{
	(void)features;
	add(actor, OP_SLEEP, draw(3), 0, 0);
	add(actor, draw(4) ? OP_UNBIND : OP_SHUTDOWN, 0, 0, 0);
}

const struct stressor stressor_unbind = {
	.name = "unbind",
	.help = "the drivers are unbound, or the machine is shut down; the next round binds them again",
	.frequency = STRESS_RARELY,
	.once = true,
	.build = build_unbind,
};
