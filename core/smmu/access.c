/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device's bus interface: scheduling point, power check, errors, events; then the register. */
#include "internal.h"

static void bus_error_now(uint64_t reg, const char *why)
{
	fl_emit(FL_EV_BUS_ERROR, reg, 0, 0, 0);
	if (fl_running())
		fl_stop(why);
}

/* An SError of an earlier access arrives with the first access that has power. */
static void deliver_late_error(void)
{
	uint64_t reg = smmu->late_error;

	if (!reg)
		return;
	smmu->late_error = 0;
	smmu_changed_silently();
	fl_emit(FL_EV_BUS_ERROR, reg - 1, 1, 0, 0);
}

static void note_late_error(uint64_t reg)
{
	if (smmu->late_error)
		return;
	smmu->late_error = reg + 1;
	smmu_changed_silently();
}

static uint64_t read_off(uint64_t reg, unsigned int size)
{
	uint64_t mask = size == 8 ? ~0ull : 0xffffffffull;
	uint64_t value = 0;

	switch (fl_knobs.off_read) {
	case FL_OFF_READ_ONES:
		value = mask;
		break;
	case FL_OFF_READ_DEAD:
		value = 0xdeadbeefdeadbeefull & mask;
		break;
	case FL_OFF_READ_RETAINED:
		value = smmu_register_read(reg, size);
		break;
	case FL_OFF_READ_ABORT:
	case FL_OFF_READ_LATE:
		break;
	}
	fl_emit(FL_EV_OFF_ACCESS, reg, value, 0, smmu->power);
	if (fl_knobs.off_read == FL_OFF_READ_ABORT)
		bus_error_now(reg, "synchronous external abort: read of the SMMU without power");
	if (fl_knobs.off_read == FL_OFF_READ_LATE)
		note_late_error(reg);
	fl_emit(FL_EV_REG_READ, reg, value, 0, size);
	return value;
}

static void write_off(uint64_t reg, uint64_t value, unsigned int size)
{
	fl_emit(FL_EV_OFF_ACCESS, reg, value, 1, smmu->power);
	if (fl_knobs.off_write == FL_OFF_WRITE_ABORT)
		bus_error_now(reg, "synchronous external abort: write to the SMMU without power");
	if (fl_knobs.off_write == FL_OFF_WRITE_LATE)
		note_late_error(reg);
	fl_emit(FL_EV_REG_WRITE, reg, value, 0, size);
}

static uint64_t device_read(uint64_t reg, unsigned int size)
{
	uint64_t value;

	smmu_point(FL_ACCESS_READ, smmu_object_of(reg), reg);
	smmu_settle();
	if (smmu->power != FL_POWER_ON)
		return read_off(reg, size);
	deliver_late_error();
	/* A read does not overtake the writes to its device, whoever made them. */
	smmu_posted_flush(reg);
	value = smmu_register_read(reg, size);
	fl_emit(FL_EV_REG_READ, reg, value, smmu_register_fault(reg), size);
	smmu_outputs_update();
	return value;
}

static void device_write(uint64_t reg, uint64_t value, unsigned int size)
{
	smmu_point(FL_ACCESS_WRITE, smmu_object_of(reg), reg);
	smmu_settle();
	if (smmu->power != FL_POWER_ON) {
		write_off(reg, value, size);
		return;
	}
	deliver_late_error();
	fl_emit(FL_EV_REG_WRITE, reg, value, smmu_register_fault(reg), size);
	if (smmu_posted_wanted()) {
		smmu_posted_add(reg, value, size);
		return;
	}
	smmu_register_write(reg, value, size);
	smmu_outputs_update();
}

/* No such register: the interconnect has nobody to ask. */
static bool decodes(uint64_t reg, bool inside, unsigned int size)
{
	if (inside && (size == 4 || size == 8) && !(reg & (size - 1)))
		return true;
	bus_error_now(reg, "bus abort: access outside the SMMU's region, or not aligned");
	return false;
}

uint64_t smmu_read(uint32_t offset, unsigned int size)
{
	uint64_t reg = FL_REGISTER(FL_REGION_SMMU, offset);

	return decodes(reg, offset < smmu_region_size(), size) ? device_read(reg, size) : ~0ull;
}

void smmu_write(uint32_t offset, uint64_t value, unsigned int size)
{
	uint64_t reg = FL_REGISTER(FL_REGION_SMMU, offset);

	if (decodes(reg, offset < smmu_region_size(), size))
		device_write(reg, value, size);
}

static bool tbu_decodes(uint64_t reg, unsigned int tbu, uint32_t offset, unsigned int size)
{
	return decodes(reg, tbu < smmu->config.tbus && offset < SMMU_PAGE_SIZE, size);
}

uint64_t smmu_tbu_read(unsigned int tbu, uint32_t offset, unsigned int size)
{
	uint64_t reg = SMMU_TBU_REGISTER(tbu, offset);

	return tbu_decodes(reg, tbu, offset, size) ? device_read(reg, size) : ~0ull;
}

void smmu_tbu_write(unsigned int tbu, uint32_t offset, uint64_t value, unsigned int size)
{
	uint64_t reg = SMMU_TBU_REGISTER(tbu, offset);

	if (tbu_decodes(reg, tbu, offset, size))
		device_write(reg, value, size);
}
