/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The GPU's hardware: power, a few registers, DMA. It loses everything when its clocks or its
 * domain go: it has no retention, its driver programs it again at each resume.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* Unit of the GPU whose accesses these are, as FSYNR1[7:0] names it. */
#define CLIENT_UNIT 3

struct client_state *client_state;
const struct fl_subject *client_subject;

/* Program points, for strategies that guide themselves by sites: the register. */
#define SITE_POWER FL_REGISTER(FL_REGION_GPU, 1)

void client_init(const struct fl_subject *subject)
{
	client_state = fl_arena_alloc(sizeof(*client_state), 8);
	client_subject = subject;
	client_set_features(subject->features);
}

void client_set_features(uint32_t features)
{
	client_state->features = features;
	client_state->stall_enabled = features & FL_SUBJECT_STALL;
}

bool client_powered(void)
{
	return client_state->clocks && client_state->domain;
}

static void power_changed(bool was_powered)
{
	struct client_state *state = client_state;

	if (was_powered == client_powered())
		return;
	state->halted = false;
	state->int_status = 0;
	state->doorbell = 0;
	memset(state->scratch, 0, sizeof(state->scratch));
	memset(state->outstanding, 0, sizeof(state->outstanding));
}

void client_set_clocks(bool on)
{
	bool was_powered = client_powered();

	client_state->clocks = on;
	power_changed(was_powered);
}

void client_set_domain(bool on)
{
	bool was_powered = client_powered();

	client_state->domain = on;
	power_changed(was_powered);
}

/* --- DMA ---------------------------------------------------------------------------------- */

unsigned int client_outstanding(void)
{
	for (unsigned int i = 0; i < CLIENT_OUTSTANDING; i++) {
		uint32_t *slot = &client_state->outstanding[i];

		if (!*slot)
			continue;
		if (smmu_dma_outcome(*slot) == SMMU_OUTCOME_PENDING)
			return *slot;
		*slot = 0;
	}
	return 0;
}

static void note_outstanding(uint32_t transaction)
{
	uint32_t *slots = client_state->outstanding;
	unsigned int slot;

	/* Drops those that have an outcome; if none has, the oldest place is as good as any. */
	client_outstanding();
	for (slot = 0; slot < CLIENT_OUTSTANDING - 1 && slots[slot]; slot++)
		if (smmu_dma_outcome(slots[slot]) != SMMU_OUTCOME_PENDING)
			break;
	slots[slot] = transaction;
}

void client_drain(void)
{
	while (client_state->under_way)
		fl_block((uintptr_t)&client_state->under_way,
			 "the GPU's transactions to reach the SMMU", false);
}

int client_dma(struct smmu_request request)
{
	unsigned int transaction;

	fl_point(FL_ACCESS_READ, (uintptr_t)client_state, SITE_POWER);
	if (!client_powered() || client_state->halted)
		return -ENODEV;
	request.unit = CLIENT_UNIT;
	/* On its way through the interconnect it is outstanding already: no halt is acknowledged.
	 */
	client_state->under_way++;
	transaction = smmu_dma(&request);
	if (!--client_state->under_way)
		fl_wake_all((uintptr_t)&client_state->under_way);
	/* The power may have gone at the points that the transaction passed. */
	if (client_powered() && smmu_dma_outcome(transaction) == SMMU_OUTCOME_PENDING)
		note_outstanding(transaction);
	return (int)transaction;
}

static void run_ring(void)
{
	struct smmu_request request = {
		.stream = CLIENT_DOMAIN,
		.iova = client_state->ring_iova,
		.write = client_state->ring_write,
	};

	client_state->ring_transaction = client_dma(request);
}

/* --- registers ---------------------------------------------------------------------------- */

static uint32_t off_value(void)
{
	/*
	 * Its own interconnect answers; only the two bus constants make sense for a device so far
	 * away.
	 */
	return fl_knobs.off_read == FL_OFF_READ_DEAD ? 0xdeadbeef : 0xffffffff;
}

static uint32_t *scratch_at(uint32_t offset)
{
	if (offset < CLIENT_SCRATCH(0) || offset >= CLIENT_SCRATCH(CLIENT_SCRATCH_COUNT) ||
	    offset & 3)
		return NULL;
	return &client_state->scratch[(offset - CLIENT_SCRATCH(0)) / 4];
}

uint64_t client_read(unsigned int instance, uint32_t offset, unsigned int size)
{
	uint64_t reg = FL_REGISTER(FL_REGION_GPU, offset);

	fl_point(FL_ACCESS_READ, (uintptr_t)client_state, reg);
	fl_emit(FL_EV_CLIENT_ACCESS, reg, client_powered(), 0, 0);
	if (!client_powered())
		return off_value();
	switch (offset) {
	case CLIENT_INT_STATUS:
		return client_state->int_status;
	case CLIENT_STATUS3:
		return client_outstanding() ? CLIENT_STATUS3_STALLED : 0;
	case CLIENT_HALT:
		return client_state->halted;
	case CLIENT_HALT_ACK:
		return client_state->halted && !client_state->under_way && !client_outstanding();
	case CLIENT_DOORBELL:
		return client_state->doorbell;
	default:
		return scratch_at(offset) ? *scratch_at(offset) : 0;
	}
}

void client_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size)
{
	uint64_t reg = FL_REGISTER(FL_REGION_GPU, offset);

	fl_point(FL_ACCESS_WRITE, (uintptr_t)client_state, reg);
	fl_emit(FL_EV_CLIENT_ACCESS, reg, client_powered(), 0, 0);
	if (!client_powered())
		return;
	switch (offset) {
	case CLIENT_INT_CLEAR:
		client_state->int_status &= ~(uint32_t)value;
		break;
	case CLIENT_HALT:
		client_state->halted = value & 1;
		break;
	case CLIENT_DOORBELL:
		client_state->doorbell = (uint32_t)value;
		run_ring();
		break;
	default:
		if (scratch_at(offset))
			*scratch_at(offset) = (uint32_t)value;
		break;
	}
}
