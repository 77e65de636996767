/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The GPU's driver: runtime PM callbacks and the submit path (domain.md, sections 6.3 and 6.4).
 */
#include "internal.h"

#include <errno.h>

/* drm/msm's hang check. */
#define HANG_CHECK_NS	500000000ull
/* How long the bus interface is waited for before the power is cut; then the driver goes on. */
#define HALT_TIMEOUT_NS 1000000000ull

void client_configure(const struct client_config *config)
{
	client_state->config = *config;
	if (!(client_state->features & FL_SUBJECT_CLIENT_RESUME))
		client_state->config.resume = CLIENT_RESUME_NONE;
}

uint32_t client_mmio_read(uint32_t offset)
{
	return (uint32_t)fl_mmio_read(FL_MMIO(FL_REGION_GPU, 0) + offset, 4);
}

void client_mmio_write(uint32_t offset, uint32_t value)
{
	fl_mmio_write(FL_MMIO(FL_REGION_GPU, 0) + offset, value, 4);
}

/* --- runtime PM --------------------------------------------------------------------------- */

/*
 * Stop the bus interface and let what is outstanding come to its end: a stalled transaction ends
 * when the SMMU's driver has dealt with its fault. The SMMU is ACTIVE meanwhile, by the device
 * link.
 */
static void halt_bus(void)
{
	uint64_t deadline = fl_now() + HALT_TIMEOUT_NS;

	client_mmio_write(CLIENT_HALT, 1);
	while (!(client_mmio_read(CLIENT_HALT_ACK) & 1)) {
		unsigned int transaction;

		client_drain();
		transaction = client_outstanding();
		if (transaction &&
		    smmu_dma_wait_until(transaction, deadline) == SMMU_OUTCOME_PENDING &&
		    fl_now() >= deadline) {
			fl_printk(3, "gpu: the bus interface does not halt");
			return;
		}
	}
}

int fl_client_runtime_suspend(void)
{
	client_set_hw_up(false);
	halt_bus();
	fl_clk_disable(FL_DEVICE_GPU);
	fl_clk_unprepare(FL_DEVICE_GPU);
	fl_domain_off(FL_DEVICE_GPU);
	return 0;
}

int fl_client_runtime_resume(void)
{
	int error = fl_domain_on(FL_DEVICE_GPU);

	if (error)
		return error;
	error = fl_clk_prepare(FL_DEVICE_GPU);
	if (error)
		goto domain_off;
	error = fl_clk_enable(FL_DEVICE_GPU);
	if (error)
		goto unprepare;
	client_mmio_write(CLIENT_SCRATCH(0), client_state->fence);
	client_set_hw_up(true);
	return 0;
unprepare:
	fl_clk_unprepare(FL_DEVICE_GPU);
domain_off:
	fl_domain_off(FL_DEVICE_GPU);
	return error;
}

/* --- submit ------------------------------------------------------------------------------- */

/* Write one access into the ring and ring the doorbell; returns its transaction or -ENODEV. */
static int ring(uint64_t iova, bool write)
{
	int transaction;

	fl_mutex_lock(&client_state->lock, "gpu->lock");
	client_reenable_stall();
	client_state->ring_iova = iova;
	client_state->ring_write = write;
	client_mmio_write(CLIENT_SCRATCH(2), ++client_state->fence);
	client_mmio_write(CLIENT_DOORBELL, client_state->fence);
	transaction = client_state->ring_transaction;
	fl_mutex_unlock(&client_state->lock, "gpu->lock");
	return transaction;
}

/* The retire interrupt, or the hang check. */
static int wait_for_job(unsigned int transaction)
{
	uint64_t deadline = fl_now() + HANG_CHECK_NS;
	enum smmu_outcome outcome;

	do {
		outcome = smmu_dma_wait_until(transaction, deadline);
	} while (outcome == SMMU_OUTCOME_PENDING && fl_now() < deadline);
	switch (outcome) {
	case SMMU_OUTCOME_PENDING:
	case SMMU_OUTCOME_HUNG:
		if (client_mmio_read(CLIENT_STATUS3) & CLIENT_STATUS3_STALLED)
			fl_printk(4, "gpu: hang check: stalled on a fault of the SMMU");
		return -ETIMEDOUT;
	case SMMU_OUTCOME_ABORTED:
		return -EFAULT;
	default:
		return 0;
	}
}

int client_submit(uint64_t iova, bool write)
{
	int transaction, result;

	result = client_subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
	if (result < 0)
		return result;
	transaction = ring(iova, write);
	result = transaction < 0 ? transaction : wait_for_job((unsigned int)transaction);
	client_subject->pm(FL_DEVICE_GPU, FL_PM_MARK_BUSY);
	client_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_AUTOSUSPEND);
	return result;
}
