/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's fault callback and its worker, after drm/msm (domain.md, section 6.2).
 *
 *  - With the resume hook (up to 6.15): a fault that is dumped is resumed by the worker, after it
 * has captured the GPU's state and dropped its reference; any other is resumed at once.
 *  - Without it: the SMMU's driver resumes, and the dump is captured in the handler's thread. In a
 * hard interrupt it goes to the worker all the same, because it sleeps.
 */
#include "internal.h"

#include <errno.h>

#define FSR_SS	     (1u << 30)
/* How long stalling stays off after a fault that was dumped. */
#define STALL_OFF_NS 500000000ull

static bool can_sleep(void)
{
	return !fl_context_bits();
}

static bool has_hook(void)
{
	return client_state->features & FL_SUBJECT_CLIENT_RESUME &&
	       client_subject->resume_translation;
}

/* --- stalling ----------------------------------------------------------------------------- */

static int switch_stall(bool on)
{
	struct client_state *state = client_state;
	unsigned long flags;
	int result = 0;

	flags = fl_spin_lock_irqsave(&state->stall_lock, "fault_stall_lock");
	if (state->stall_enabled != on) {
		state->stall_enabled = on;
		result = client_subject->set_stall(on);
	}
	if (!on)
		state->stall_reenable_time_ns = fl_now() + STALL_OFF_NS;
	fl_spin_unlock_irqrestore(&state->stall_lock, "fault_stall_lock", flags);
	return result;
}

int client_set_stall(bool on)
{
	if (!(client_state->features & FL_SUBJECT_STALL))
		return -EOPNOTSUPP;
	return switch_stall(on);
}

void client_reenable_stall(void)
{
	struct client_state *state = client_state;

	if (!state->config.set_stall || !(client_state->features & FL_SUBJECT_STALL))
		return;
	if (state->stall_enabled || state->crashstate || fl_now() < state->stall_reenable_time_ns)
		return;
	switch_stall(true);
}

/* --- reading the GPU's registers ---------------------------------------------------------- */

void client_set_hw_up(bool up)
{
	unsigned long flags = fl_spin_lock_irqsave(&client_state->hw_lock, "gpu->hw_lock");

	client_state->hw_up = up;
	fl_spin_unlock_irqrestore(&client_state->hw_lock, "gpu->hw_lock", flags);
}

/*
 * Read @count registers. A reference alone does not keep the GPU up: system sleep, shutdown and
 * unbind force it down whoever holds one. So a careful reader looks at hw_up, under its lock.
 */
static void read_registers(const uint32_t *registers, unsigned int count, bool careful)
{
	unsigned long flags = 0;

	if (careful)
		flags = fl_spin_lock_irqsave(&client_state->hw_lock, "gpu->hw_lock");
	for (unsigned int i = 0; i < count && (!careful || client_state->hw_up); i++) {
		uint32_t value = client_mmio_read(registers[i]);

		client_state->captured ^= value;
	}
	if (careful)
		fl_spin_unlock_irqrestore(&client_state->hw_lock, "gpu->hw_lock", flags);
}

/* --- dumps -------------------------------------------------------------------------------- */

/* Read the GPU's state; gpu->lock is held. */
static void capture(void)
{
	static const uint32_t registers[] = {CLIENT_STATUS3, CLIENT_INT_STATUS};

	client_subject->pm(FL_DEVICE_GPU, FL_PM_GET_SYNC);
	read_registers(registers, 2, true);
	client_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC);
}

static void fault_worker(void *work)
{
	struct client_state *state = client_state;

	fl_mutex_lock(&state->lock, "gpu->lock");
	if (state->dump_queued) {
		state->dump_queued = false;
		capture();
	}
	if (state->config.resume != CLIENT_RESUME_NONE && has_hook())
		client_subject->resume_translation(true);
	fl_mutex_unlock(&state->lock, "gpu->lock");
}

static void queue_worker(void)
{
	fl_work_queue(FL_WORKQUEUE_CLIENT, &client_state->work, fault_worker, "gpu_fault_worker");
}

void client_dump_read(void)
{
	fl_point(FL_ACCESS_WRITE, (uintptr_t)&client_state->crashstate, 0);
	client_state->crashstate = false;
}

void client_quiesce(void)
{
	fl_work_cancel_sync(&client_state->work);
}

/* --- the callback ------------------------------------------------------------------------- */

/* CP_SCRATCH 4 to 7, which the driver prints. */
static void read_scratch(void)
{
	static const uint32_t registers[] = {CLIENT_SCRATCH(4), CLIENT_SCRATCH(5),
					     CLIENT_SCRATCH(6), CLIENT_SCRATCH(7)};

	read_registers(registers, 4, client_state->config.registers == CLIENT_REGISTERS_CAREFUL);
}

/* Was a dump of this fault taken, or queued? */
static bool dump(bool locked)
{
	struct client_state *state = client_state;

	if (!state->config.dump || state->crashstate)
		return false;
	state->crashstate = true;
	if (state->config.set_stall && client_state->features & FL_SUBJECT_STALL)
		switch_stall(false);
	if (has_hook() || !can_sleep()) {
		state->dump_queued = true;
		queue_worker();
		return true;
	}
	if (!locked)
		fl_mutex_lock(&state->lock, "gpu->lock");
	capture();
	if (!locked)
		fl_mutex_unlock(&state->lock, "gpu->lock");
	return true;
}

static int answer(void)
{
	switch (client_state->config.answer) {
	case CLIENT_ANSWERS_EAGAIN:
		if (client_state->retries == CLIENT_RETRIES)
			return 0;
		client_state->retries++;
		return -EAGAIN;
	case CLIENT_ANSWERS_EBUSY:
		return -EBUSY;
	case CLIENT_ANSWERS_ENOSYS:
		return -ENOSYS;
	default:
		return 0;
	}
}

/* The GPU's own fault: look at it, dump it, resume it if that is the client's part. */
static void gpu_fault(void)
{
	const struct client_config *config = &client_state->config;
	struct fl_fault_info info = {.fsr = FSR_SS};
	bool locked = config->block && can_sleep();
	bool dumping = false;

	if (locked)
		fl_mutex_lock(&client_state->lock, "gpu->lock");
	if (config->fault_info && client_state->features & FL_SUBJECT_STALL)
		client_subject->get_fault_info(&info);
	if (config->registers)
		read_scratch();
	/* A fault that did not stall the GPU left nothing to see. */
	if (info.fsr & FSR_SS)
		dumping = dump(locked);
	if (config->set_stall && !config->dump && client_state->features & FL_SUBJECT_STALL)
		switch_stall(false);
	if (has_hook() && config->resume == CLIENT_RESUME_EARLY && !dumping)
		client_subject->resume_translation(true);
	else if (has_hook() && config->resume == CLIENT_RESUME_WORKER && !dumping)
		queue_worker();
	if (locked)
		fl_mutex_unlock(&client_state->lock, "gpu->lock");
}

int fl_client_fault(unsigned int domain, uint64_t iova, int flags)
{
	if (domain == CLIENT_DOMAIN)
		gpu_fault();
	return answer();
}
