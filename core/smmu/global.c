/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Global faults: sGFSR, its syndrome, sGFSRRESTORE (domain.md, section 1.2). */
#include "internal.h"

#include <string.h>

void smmu_global_reset(void)
{
	struct smmu_global *global = &smmu->global;
	bool output = global->output;

	memset(global, 0, sizeof(*global));
	global->output = output;
	/* Clients bypass until the driver says otherwise; conflicting matches fault. */
	global->cr0 = SMMU_CR0_CLIENTPD | SMMU_CR0_SMCFCFG;
	if (smmu->config.model == SMMU_MODEL_MMU500)
		global->acr = SMMU_ACR_CACHE_LOCK;
	smmu_changed();
}

static uint32_t new_global_fault(uint32_t bits, const char *text)
{
	struct smmu_global *global = &smmu->global;

	global->fault = smmu_new_fault(FL_BANK_GLOBAL);
	smmu_set_cause(&global->gfsr, global->gfsr | bits);
	fl_emit_text(FL_EV_FAULT_RECORDED, global->fault, FL_BANK_GLOBAL, global->gfsr, 0, text);
	return global->fault;
}

uint32_t smmu_global_fault(uint32_t bits, const struct smmu_request *request)
{
	struct smmu_global *global = &smmu->global;

	if (global->gfsr) {
		smmu_set_cause(&global->gfsr, global->gfsr | SMMU_GFSR_MULTI);
		fl_emit(FL_EV_FAULT_MULTI, global->fault, FL_BANK_GLOBAL, global->gfsr, 0);
		return 0;
	}
	if (request) {
		global->gfar = request->iova;
		global->gfsynr0 = (request->write ? SMMU_GFSYNR0_WNR : 0) |
				  (request->privileged ? SMMU_GFSYNR0_PNU : 0);
		global->gfsynr1 = request->stream;
	} else {
		global->gfar = 0;
		global->gfsynr0 = global->gfsynr1 = 0;
	}
	global->gfsynr2 = 0;
	return new_global_fault(bits, NULL);
}

void smmu_global_write_gfsr(uint32_t value)
{
	struct smmu_global *global = &smmu->global;
	uint32_t before = global->gfsr;
	uint32_t fault = global->fault;

	smmu_set_cause(&global->gfsr, before & ~value);
	fl_emit(FL_EV_FSR_WRITE, FL_BANK_GLOBAL, value, before, global->gfsr);
	if (!fault || global->gfsr)
		return;
	global->fault = 0;
	fl_emit(FL_EV_FAULT_RETIRED, fault, FL_BANK_GLOBAL, FL_RETIRE_W1C, 0);
	fl_progress();
}

void smmu_global_write_gfsrrestore(uint32_t value)
{
	struct smmu_global *global = &smmu->global;
	uint32_t added = value & SMMU_GFSR_ALL & ~global->gfsr;

	if (!added)
		return;
	if (!global->gfsr) {
		new_global_fault(added, "sGFSRRESTORE");
		return;
	}
	smmu_set_cause(&global->gfsr, global->gfsr | added);
	if (added & SMMU_GFSR_MULTI)
		fl_emit(FL_EV_FAULT_MULTI, global->fault, FL_BANK_GLOBAL, global->gfsr, 0);
}
