/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Register addresses: which device, which instance, which offset. The devices do the rest. */
#include "internal.h"

static struct mmio_state {
	const struct fl_mmio_ops *ops[FL_REGIONS];
} *state;

void fl_mmio_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
}

void fl_mmio_connect(unsigned int region, const struct fl_mmio_ops *ops)
{
	if (region >= FL_REGIONS)
		fl_bug("a device for a register region that does not exist");
	state->ops[region] = ops;
}

static const struct fl_mmio_ops *ops_at(unsigned long address, unsigned int size,
					unsigned int *instance, uint32_t *offset)
{
	unsigned long distance = address - FL_MMIO_BASE;
	unsigned long region = distance / FL_MMIO_SIZE;

	if (unlikely(address < FL_MMIO_BASE || region >= FL_REGIONS || !state->ops[region]))
		fl_bug("access to a register address where no device is");
	if (unlikely((size != 4 && size != 8) || address % 4))
		fl_bug("register access of an odd size or to an odd address");
	*instance = (unsigned int)(distance % FL_MMIO_SIZE / FL_MMIO_INSTANCE);
	*offset = (uint32_t)(distance % FL_MMIO_INSTANCE);
	return state->ops[region];
}

uint64_t fl_mmio_read(unsigned long address, unsigned int size)
{
	unsigned int instance;
	uint32_t offset;
	const struct fl_mmio_ops *ops = ops_at(address, size, &instance, &offset);

	return ops->read(instance, offset, size);
}

void fl_mmio_write(unsigned long address, uint64_t value, unsigned int size)
{
	unsigned int instance;
	uint32_t offset;
	const struct fl_mmio_ops *ops = ops_at(address, size, &instance, &offset);

	ops->write(instance, offset, value, size);
}
