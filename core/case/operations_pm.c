/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runtime PM operations on the SMMU and the GPU, as their users do them. A reference is put only if
 * an operation holds one: an unbalanced caller would be that caller's bug.
 */
#include "operations.h"

#include <faultline/host.h>

#include <errno.h>

static enum fl_device device_of(const uint8_t arguments[3])
{
	return arguments[0] == ON_GPU ? FL_DEVICE_GPU : FL_DEVICE_SMMU;
}

/* Which results of a get leave a reference behind. */
enum keeps { KEEPS_NONE, KEEPS_ALWAYS, KEEPS_ON_SUCCESS, KEEPS_IF_POSITIVE };

static bool keeps_reference(enum keeps keeps, int result)
{
	switch (keeps) {
	case KEEPS_ALWAYS:
		return true;
	case KEEPS_ON_SUCCESS:
		return result >= 0;
	case KEEPS_IF_POSITIVE:
		return result > 0;
	default:
		return false;
	}
}

static int get(const struct fl_subject *subject, enum fl_device device, enum fl_pm_op op,
	       enum keeps keeps)
{
	int result = operation_begin();

	if (result)
		return result;
	result = subject->pm(device, op);
	if (keeps_reference(keeps, result))
		operation_state->references[device]++;
	operation_end();
	return result;
}

static int put(const struct fl_subject *subject, enum fl_device device, enum fl_pm_op op)
{
	int result = operation_begin();

	if (result)
		return result;
	if (operation_state->references[device]) {
		operation_state->references[device]--;
		result = subject->pm(device, op);
	} else {
		result = -EINVAL;
	}
	operation_end();
	return result;
}

#define GET(name, op, keeps)                                                                       \
	int operation_pm_##name(const struct fl_subject *subject, const uint8_t arguments[3])      \
	{                                                                                          \
		return get(subject, device_of(arguments), op, keeps);                              \
	}
#define PUT(name, op)                                                                              \
	int operation_pm_##name(const struct fl_subject *subject, const uint8_t arguments[3])      \
	{                                                                                          \
		return put(subject, device_of(arguments), op);                                     \
	}

GET(get_sync, FL_PM_GET_SYNC, KEEPS_ALWAYS)
GET(resume_and_get, FL_PM_RESUME_AND_GET, KEEPS_ON_SUCCESS)
GET(get, FL_PM_GET, KEEPS_ALWAYS)
GET(get_noresume, FL_PM_GET_NORESUME, KEEPS_ALWAYS)
GET(get_if_active, FL_PM_GET_IF_ACTIVE, KEEPS_IF_POSITIVE)
GET(get_if_in_use, FL_PM_GET_IF_IN_USE, KEEPS_IF_POSITIVE)
GET(suspend, FL_PM_SUSPEND, KEEPS_NONE)
GET(request_idle, FL_PM_REQUEST_IDLE, KEEPS_NONE)
GET(mark_busy, FL_PM_MARK_BUSY, KEEPS_NONE)
GET(barrier, FL_PM_BARRIER, KEEPS_NONE)
PUT(put, FL_PM_PUT)
PUT(put_sync, FL_PM_PUT_SYNC)
PUT(put_autosuspend, FL_PM_PUT_AUTOSUSPEND)
PUT(put_noidle, FL_PM_PUT_NOIDLE)
