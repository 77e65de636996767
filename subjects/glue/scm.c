// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: the secure monitor of Qualcomm's firmware: it reads the SMMU's own registers for Linux. */
#include "glue.h"

#ifdef GLUE_HAVE_QCOM_SCM_FOLDER
#include <linux/firmware/qcom/qcom_scm.h>
#else
#include <linux/qcom_scm.h>
#endif

bool qcom_scm_is_available(void)
{
	return true;
}

/* Only reads within the SMMU are asked for; the firmware has them on the bus as the CPU would. */
int qcom_scm_io_readl(phys_addr_t address, unsigned int *value)
{
	GLUE_INSIDE();
	phys_addr_t offset = address - 0x3da0000ul;

	if (offset >= glue_hardware.region_size)
		return -EINVAL;
	*value = (u32)fl_mmio_read(FL_MMIO(FL_REGION_SMMU, 0) + offset, 4);
	return 0;
}
