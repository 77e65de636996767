/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations of hardware agents: bus masters, self-tests, another device on a shared line. They are
 * bound by power and wiring only, never by what a driver thinks of it.
 */
#include "operations.h"

#include <case/world.h>
#include <client/client.h>
#include <faultline/host.h>
#include <smmu/bits.h>

#include <errno.h>

/* A stream that no device tree gives to anybody. */
#define UNKNOWN_STREAM 0x155
/* Bank's block that the GMU is, as FSYNR1[7:0] names it. */
#define GMU_UNIT       5

/* arguments: stream, page, write */
int operation_dma(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct smmu_request request = {
		.stream = arguments[0],
		.iova = fl_page_iova(arguments[1]),
		.write = arguments[2],
	};

	return client_dma(request);
}

/* The same from the GMU, which has its own power and no device link to the SMMU. */
int operation_gmu_dma(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct smmu_request request = {
		.stream = arguments[0],
		.iova = fl_page_iova(arguments[1]),
		.write = arguments[2],
		.unit = GMU_UNIT,
	};

	if (!fl_knobs.unlinked_agent)
		return -ENODEV;
	return (int)smmu_dma(&request);
}

/* Firmware that runs a stream which nobody knows. arguments: write */
int operation_unknown_dma(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct smmu_request request = {
		.stream = UNKNOWN_STREAM,
		.iova = fl_page_iova(PAGE_UNMAPPED),
		.write = arguments[0],
	};

	return (int)smmu_dma(&request);
}

/* arguments: bank, fault */
int operation_self_test(const struct fl_subject *subject, const uint8_t arguments[3])
{
	static const uint32_t faults[] = {SMMU_FSR_TF, SMMU_FSR_PF, SMMU_FSR_EF, SMMU_FSR_AFF,
					  SMMU_FSR_TLBMCF};

	return smmu_self_test(arguments[0], faults[arguments[1]]) ? 0 : -EBUSY;
}

/* arguments: fault */
int operation_global_self_test(const struct fl_subject *subject, const uint8_t arguments[3])
{
	static const uint32_t faults[] = {SMMU_GFSR_USF, SMMU_GFSR_ICF, SMMU_GFSR_CAF};

	return smmu_self_test(FL_BANK_GLOBAL, faults[arguments[0]]) ? 0 : -EBUSY;
}

/* --- another device on the line ------------------------------------------------------------- */

static int other_device_irq(int irq, void *dev_id)
{
	struct operation_state *state = dev_id;

	fl_atomic_point(&state->other_pending, 3);
	if (!state->other_pending)
		return FL_IRQ_NONE;
	state->other_pending = false;
	fl_irq_input(state->other_line, FL_SOURCE_OTHER, false);
	return FL_IRQ_HANDLED;
}

int operation_other_probe(void)
{
	const struct fl_irq_request request = {
		.line = operation_state->other_line,
		.handler = other_device_irq,
		.handler_name = "other_device_irq",
		.flags = FL_IRQF_SHARED,
		.name = "other-device",
		.dev_id = operation_state,
		.irq = operation_state->other_line,
		.source = FL_SOURCE_OTHER,
	};
	int error;

	if (operation_state->other_line == FL_MAX_LINES)
		return 0;
	error = fl_irq_request(&request);
	/* Its driver does without the device when the sharers disagree; so does the operation. */
	if (error)
		operation_state->other_line = FL_MAX_LINES;
	return error == -EBUSY ? 0 : error;
}

int operation_other_irq(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct operation_state *state = operation_state;

	fl_point(FL_ACCESS_WRITE, (uintptr_t)&state->other_pending, 0);
	if (state->other_line == FL_MAX_LINES)
		return -ENODEV;
	state->other_pending = true;
	fl_irq_input(state->other_line, FL_SOURCE_OTHER, true);
	return 0;
}
