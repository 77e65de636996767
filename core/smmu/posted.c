/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Posted writes (knob posted_writes): the CPU goes on while the write is on its way. Writes reach
 * their device in order; a read of the device, from any CPU, pushes them before it. What has not
 * arrived when the clocks or the power go is lost.
 *
 * The way is an agent: it delivers the oldest write whenever the strategy lets it, or, for "long",
 * not before LONG_NS have passed.
 */
#include "internal.h"

#include <string.h>

#define LONG_NS 2000

enum { POSTED_NONE, POSTED_SHORT, POSTED_LONG };

static struct smmu_posted take(unsigned int index)
{
	struct smmu_posted write = smmu->posted[index];

	if (index != --smmu->posted_count)
		memmove(&smmu->posted[index], &smmu->posted[index + 1],
			(smmu->posted_count - index) * sizeof(write));
	return write;
}

static void deliver(unsigned int index)
{
	struct smmu_posted write = take(index);

	smmu_changed_silently();
	smmu_register_write(write.reg, write.value, write.size);
}

static void carry(void *arg)
{
	uint64_t due_ns;

	while (smmu->posted_count) {
		due_ns = smmu->posted[0].due_ns;
		if (fl_now() < due_ns) {
			fl_delay(due_ns - fl_now(), false);
			continue;
		}
		smmu_point(FL_ACCESS_WRITE, smmu_object_of(smmu->posted[0].reg),
			   smmu->posted[0].reg);
		/* A read may have pushed it meanwhile. */
		if (!smmu->posted_count || fl_now() < smmu->posted[0].due_ns)
			continue;
		smmu_settle();
		deliver(0);
		smmu_outputs_update();
	}
}

void smmu_posted_init(void)
{
	smmu->bus_agent = fl_context_create("smmu-bus", FL_CONTEXT_AGENT, 0, carry, NULL);
}

bool smmu_posted_wanted(void)
{
	return fl_knobs.posted_writes != POSTED_NONE && fl_running();
}

void smmu_posted_add(uint64_t reg, uint64_t value, unsigned int size)
{
	uint64_t delay_ns = fl_knobs.posted_writes == POSTED_LONG ? LONG_NS : 0;

	/* The buffers on the way are full: the oldest write makes room. */
	if (smmu->posted_count == SMMU_MAX_POSTED) {
		deliver(0);
		smmu_outputs_update();
	}
	smmu->posted[smmu->posted_count++] = (struct smmu_posted){
		.reg = reg,
		.value = value,
		.due_ns = fl_now() + delay_ns,
		.size = size,
	};
	smmu_changed_silently();
	if (fl_context_state(smmu->bus_agent) == FL_DORMANT)
		fl_context_activate(smmu->bus_agent);
}

/* The SMMU and each TBU are devices of their own. */
static uint64_t device_of(uint64_t reg)
{
	return reg >> 24 == FL_REGION_TBU ? reg >> 16 : reg >> 24 << 8;
}

void smmu_posted_flush(uint64_t reg)
{
	uint64_t device = device_of(reg);
	unsigned int index = 0;

	while (index < smmu->posted_count) {
		if (device_of(smmu->posted[index].reg) == device)
			deliver(index);
		else
			index++;
	}
}

void smmu_posted_lose(void)
{
	while (smmu->posted_count) {
		struct smmu_posted write = take(0);

		smmu_changed_silently();
		fl_emit(FL_EV_WRITE_LOST, write.reg, write.value, 0, 0);
	}
}
