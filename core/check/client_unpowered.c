/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client-unpowered: the client callback touches the client's own registers only while the client is
 * powered. The SMMU's fault may come later than the client's suspend, and the SMMU's driver holds no
 * reference of the client.
 */
#include <check/observe.h>

static void client_access(const struct fl_event *event)
{
	if (!check_smmu_frame_of(check_context_of(event)))
		return;
	fl_premise(&fl_invariant_client_unpowered);
	if (!event->b)
		fl_violation(
			&fl_invariant_client_unpowered, fl_where(event->context), NULL,
			"the client's fault callback touches its register %#llx; the client's runtime "
			"status is %s",
			(unsigned long long)event->a & 0xffffff,
			check_status_name(check_world->status[FL_DEVICE_GPU]));
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_CLIENT_ACCESS, client_access);
}

const struct fl_invariant fl_invariant_client_unpowered = {
	.name = "client-unpowered",
	.help = "the client callback touches the client's registers only while it is powered",
	.premise = "a fault callback touched the client's registers",
	.consequence =
		"The client's driver reads its own registers while the GPU is off: a "
		"synchronous external abort (an oops) where the bus answers unpowered reads so, "
		"else the read hangs the interconnect or returns all ones.",
	.subscribe = subscribe,
};
