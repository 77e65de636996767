/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SMMUv2 registers that the driver uses (domain.md 1.2 to 1.4, 1.7): offsets within a page, and
 * bits. */
#ifndef FAULTLINE_HANDLER_REGISTERS_H
#define FAULTLINE_HANDLER_REGISTERS_H

#include <linux/bits.h>

/* Global register space 0 */
#define ARM_SMMU_GR0_sCR0	      0x0
#define ARM_SMMU_sCR0_CLIENTPD	      BIT(0)
#define ARM_SMMU_sCR0_GFRE	      BIT(1)
#define ARM_SMMU_sCR0_GFIE	      BIT(2)
#define ARM_SMMU_sCR0_EXIDENABLE      BIT(3)
#define ARM_SMMU_sCR0_GCFGFRE	      BIT(4)
#define ARM_SMMU_sCR0_GCFGFIE	      BIT(5)
#define ARM_SMMU_sCR0_USFCFG	      BIT(10)
#define ARM_SMMU_sCR0_VMIDPNE	      BIT(11)
#define ARM_SMMU_sCR0_PTM	      BIT(12)
#define ARM_SMMU_sCR0_FB	      BIT(13)
#define ARM_SMMU_sCR0_BSU	      GENMASK(15, 14)
#define ARM_SMMU_GR0_sACR	      0x10
#define ARM_MMU500_ACR_SMTNMB_TLBEN   BIT(8)
#define ARM_MMU500_ACR_S2CRB_TLBEN    BIT(10)
#define ARM_MMU500_ACR_CACHE_LOCK     BIT(26)
#define ARM_SMMU_GR0_ID0	      0x20
#define ARM_SMMU_ID0_ATOSNS	      BIT(26)
#define ARM_SMMU_ID0_S1TS	      BIT(30)
#define ARM_SMMU_GR0_ID1	      0x24
#define ARM_SMMU_ID1_NUMCB	      GENMASK(7, 0)
#define ARM_SMMU_ID1_NUMPAGENDXB      GENMASK(30, 28)
#define ARM_SMMU_ID1_PAGESIZE	      BIT(31)
#define ARM_SMMU_GR0_ID2	      0x28
#define ARM_SMMU_ID2_IAS	      GENMASK(3, 0)
#define ARM_SMMU_GR0_ID7	      0x3c
#define ARM_SMMU_ID7_MAJOR	      GENMASK(7, 4)
#define ARM_SMMU_GR0_sGFSR	      0x48
#define ARM_SMMU_sGFSR_USF	      BIT(1)
#define ARM_SMMU_GR0_sGFSYNR0	      0x50
#define ARM_SMMU_GR0_sGFSYNR1	      0x54
#define ARM_SMMU_GR0_sGFSYNR2	      0x58
#define ARM_SMMU_GR0_TLBIALLNSNH      0x68
#define ARM_SMMU_GR0_TLBIALLH	      0x6c
#define ARM_SMMU_GR0_sTLBGSYNC	      0x70
#define ARM_SMMU_GR0_sTLBGSTATUS      0x74
#define ARM_SMMU_sTLBGSTATUS_GSACTIVE BIT(0)
#define ARM_SMMU_GR0_SMR(n)	      (0x800 + 4 * (n))
#define ARM_SMMU_SMR_VALID	      BIT(31)
#define ARM_SMMU_GR0_S2CR(n)	      (0xc00 + 4 * (n))
#define ARM_SMMU_S2CR_CBNDX	      GENMASK(7, 0)
#define ARM_SMMU_S2CR_TYPE	      GENMASK(17, 16)
#define S2CR_TYPE_TRANS		      0u
#define S2CR_TYPE_BYPASS	      1u
#define S2CR_TYPE_FAULT		      2u

/* Global register space 1 */
#define ARM_SMMU_GR1_CBAR(n)	      (0x0 + 4 * (n))
#define ARM_SMMU_CBAR_TYPE	      GENMASK(17, 16)
#define CBAR_TYPE_S1_TRANS_S2_BYPASS  1u
#define ARM_SMMU_CBAR_S1_MEMATTR      GENMASK(15, 12)
#define CBAR_S1_MEMATTR_WB	      0xfu
#define ARM_SMMU_CBAR_S1_BPSHCFG      GENMASK(9, 8)
#define CBAR_S1_BPSHCFG_NSH	      3u
#define ARM_SMMU_GR1_CBFRSYNRA(n)     (0x400 + 4 * (n))
#define ARM_SMMU_CBFRSYNRA_SID	      GENMASK(15, 0)
#define ARM_SMMU_GR1_CBA2R(n)	      (0x800 + 4 * (n))
#define ARM_SMMU_CBA2R_VA64	      BIT(0)

/* Context banks */
#define ARM_SMMU_CB_SCTLR	      0x0
#define ARM_SMMU_SCTLR_M	      BIT(0)
#define ARM_SMMU_SCTLR_TRE	      BIT(1)
#define ARM_SMMU_SCTLR_AFE	      BIT(2)
#define ARM_SMMU_SCTLR_CFRE	      BIT(5)
#define ARM_SMMU_SCTLR_CFIE	      BIT(6)
#define ARM_SMMU_SCTLR_CFCFG	      BIT(7)
#define ARM_SMMU_SCTLR_HUPCF	      BIT(8)
#define ARM_SMMU_SCTLR_S1_ASIDPNE     BIT(12)
#define ARM_SMMU_CB_ACTLR	      0x4
#define ARM_MMU500_ACTLR_CPRE	      BIT(1)
#define ARM_SMMU_CB_RESUME	      0x8
#define ARM_SMMU_RESUME_TERMINATE     BIT(0)
#define ARM_SMMU_CB_TCR2	      0x10
#define ARM_SMMU_TCR2_PASIZE	      GENMASK(3, 0)
#define ARM_SMMU_TCR2_AS	      BIT(4)
#define ARM_SMMU_CB_TTBR0	      0x20
#define ARM_SMMU_TTBRn_ASID	      GENMASK_ULL(63, 48)
#define ARM_SMMU_CB_TTBR1	      0x28
#define ARM_SMMU_CB_TCR		      0x30
#define ARM_SMMU_TCR_T0SZ	      GENMASK(5, 0)
#define ARM_SMMU_TCR_IRGN0	      GENMASK(9, 8)
#define ARM_SMMU_TCR_ORGN0	      GENMASK(11, 10)
#define ARM_SMMU_TCR_SH0	      GENMASK(13, 12)
#define ARM_SMMU_TCR_EPD1	      BIT(23)
#define ARM_SMMU_CB_CONTEXTIDR	      0x34
#define ARM_SMMU_CB_S1_MAIR0	      0x38
#define ARM_SMMU_CB_S1_MAIR1	      0x3c
#define ARM_SMMU_CB_PAR		      0x50
#define ARM_SMMU_CB_PAR_F	      BIT(0)
#define ARM_SMMU_CB_FSR		      0x58
#define ARM_SMMU_FSR_TF		      BIT(1)
#define ARM_SMMU_FSR_AFF	      BIT(2)
#define ARM_SMMU_FSR_PF		      BIT(3)
#define ARM_SMMU_FSR_EF		      BIT(4)
#define ARM_SMMU_FSR_TLBMCF	      BIT(5)
#define ARM_SMMU_FSR_TLBLKF	      BIT(6)
#define ARM_SMMU_FSR_ASF	      BIT(7)
#define ARM_SMMU_FSR_UUT	      BIT(8)
#define ARM_SMMU_FSR_SS		      BIT(30)
#define ARM_SMMU_FSR_MULTI	      BIT(31)
/* The bits that carry a syndrome of their own. */
#define ARM_SMMU_FSR_TYPES                                                                         \
	(ARM_SMMU_FSR_TF | ARM_SMMU_FSR_AFF | ARM_SMMU_FSR_PF | ARM_SMMU_FSR_EF |                  \
	 ARM_SMMU_FSR_TLBMCF | ARM_SMMU_FSR_TLBLKF | ARM_SMMU_FSR_ASF | ARM_SMMU_FSR_UUT)
#define ARM_SMMU_FSR_FAULT		     (ARM_SMMU_FSR_TYPES | BIT(30) | BIT(31))
#define ARM_SMMU_CB_FAR			     0x60
#define ARM_SMMU_CB_FSYNR0		     0x68
#define ARM_SMMU_FSYNR0_WNR		     BIT(4)
#define ARM_SMMU_CB_FSYNR1		     0x6c
#define ARM_SMMU_CB_S1_TLBIASID		     0x610
#define ARM_SMMU_CB_S1_TLBIVAL		     0x620
#define ARM_SMMU_CB_TLBSYNC		     0x7f0
#define ARM_SMMU_CB_TLBSTATUS		     0x7f4
#define ARM_SMMU_CB_ATS1PR		     0x800
#define ARM_SMMU_CB_ATSR		     0x8f0
#define ARM_SMMU_ATSR_ACTIVE		     BIT(0)

/* Qualcomm's implementation-defined state, looked at after a TLB sync timed out. */
#define QCOM_SMMU_TBU_PWR_STATUS	     0x2204
#define QCOM_SMMU_STATS_SYNC_INV_TBU_ACK     0x25dc
#define QCOM_SMMU_MMU2QSS_AND_SAFE_WAIT_CNTR 0x2670

/* Qualcomm's TBU debug block */
#define DEBUG_SID_HALT_REG		     0x0
#define DEBUG_SID_HALT_VAL		     BIT(16)
#define DEBUG_SID_HALT_SID		     GENMASK(9, 0)
#define DEBUG_VA_ADDR_REG		     0x8
#define DEBUG_TXN_TRIGG_REG		     0x18
#define DEBUG_TXN_AXPROT		     GENMASK(8, 6)
#define DEBUG_TXN_AXPROT_PRIV		     1u
#define DEBUG_TXN_AXPROT_NSEC		     2u
#define DEBUG_TXN_AXCACHE		     GENMASK(5, 2)
#define DEBUG_TXN_TRIGGER		     BIT(0)
#define DEBUG_SR_HALT_ACK_REG		     0x20
#define DEBUG_SR_HALT_ACK_VAL		     BIT(1)
#define DEBUG_SR_ECATS_RUNNING_VAL	     BIT(0)
#define DEBUG_PAR_REG			     0x28
#define DEBUG_PAR_PA			     GENMASK_ULL(47, 12)
#define DEBUG_PAR_FAULT_VAL		     BIT(0)
#define DEBUG_AXUSER_REG		     0x30
#define DEBUG_AXUSER_CDMID		     GENMASK_ULL(43, 36)
#define DEBUG_AXUSER_CDMID_VAL		     255ull

#endif
