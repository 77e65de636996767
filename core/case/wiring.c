/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers to devices, interrupt outputs to lines, clocks and domains to what they feed. */
#include <case/wiring.h>

#include <client/client.h>
#include <kernel/kernel.h>
#include <smmu/smmu.h>

static const struct fl_hardware *hardware;

/*
 * Which line an output drives. A shared line is the OR of its sources, so each output keeps its own
 * source number.
 */
static void output_changed(unsigned int bank, bool level)
{
	unsigned int line =
		bank == FL_BANK_GLOBAL ? hardware->global_line : hardware->bank_lines[bank];

	fl_irq_input(line, bank, level);
}

/* The table walk of the hardware: it reads whatever is there, freed or not, and no sanitizer sees it. */
__attribute__((no_sanitize("address"))) static bool read_memory(uint64_t address, uint64_t *value)
{
	if (address & 7 || address > fl_arena_used() - sizeof(*value))
		return false;
	*value = __atomic_load_n((const uint64_t *)fl_phys_to_virt(address), __ATOMIC_RELAXED);
	return true;
}

static uint64_t smmu_region_read(unsigned int instance, uint32_t offset, unsigned int size)
{
	(void)instance;
	return smmu_read(offset, size);
}

static void smmu_region_write(unsigned int instance, uint32_t offset, uint64_t value,
			      unsigned int size)
{
	(void)instance;
	smmu_write(offset, value, size);
}

static const struct fl_mmio_ops smmu_region = {smmu_region_read, smmu_region_write};
static const struct fl_mmio_ops tbu_region = {smmu_tbu_read, smmu_tbu_write};
static const struct fl_mmio_ops gpu_region = {client_read, client_write};
static const struct fl_power_hooks smmu_hooks = {smmu_set_clocks, smmu_set_domain};
static const struct fl_power_hooks gpu_hooks = {client_set_clocks, client_set_domain};

void fl_wire(const struct fl_subject *subject, const struct fl_profile *profile)
{
	struct smmu_config config = {
		.model = profile->hardware.qcom_v2 ? SMMU_MODEL_QCOM_V2 : SMMU_MODEL_MMU500,
		.banks = profile->hardware.banks,
		.stream_groups = profile->hardware.stream_groups,
		.address_bits = profile->hardware.address_bits,
		.tbus = profile->hardware.tbus,
		.output = output_changed,
		.read_memory = read_memory,
	};

	hardware = &profile->hardware;
	fl_arena_clear();
	fl_machine_init(profile->cpus, true, fl_kernel_hardirq);
	fl_kernel_init();
	smmu_init(&config);
	client_init(subject);
	fl_mmio_connect(FL_REGION_SMMU, &smmu_region);
	fl_mmio_connect(FL_REGION_TBU, &tbu_region);
	fl_mmio_connect(FL_REGION_GPU, &gpu_region);
	fl_power_connect(FL_DEVICE_SMMU, &smmu_hooks);
	fl_power_connect(FL_DEVICE_GPU, &gpu_hooks);
}
