/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offsets and bits of the SMMUv2 register map (domain.md, sections 1.1 to 1.4 and 1.7). Offsets are
 * within their 4 KiB page: GR0 is page 0, GR1 is page 1, context bank n is page SMMU_NUMPAGE + n.
 */
#ifndef FAULTLINE_SMMU_BITS_H
#define FAULTLINE_SMMU_BITS_H

#define SMMU_PAGE_SHIFT	      12
#define SMMU_PAGE_SIZE	      (1u << SMMU_PAGE_SHIFT)
#define SMMU_NUMPAGENDXB      3u
#define SMMU_NUMPAGE	      (1u << (SMMU_NUMPAGENDXB + 1))

/* GR0 */
#define SMMU_CR0	      0x000
#define SMMU_CR0_CLIENTPD     (1u << 0)
#define SMMU_CR0_GFRE	      (1u << 1)
#define SMMU_CR0_GFIE	      (1u << 2)
#define SMMU_CR0_EXIDENABLE   (1u << 3)
#define SMMU_CR0_GCFGFRE      (1u << 4)
#define SMMU_CR0_GCFGFIE      (1u << 5)
#define SMMU_CR0_STALLD	      (1u << 8)
#define SMMU_CR0_GSE	      (1u << 9)
#define SMMU_CR0_USFCFG	      (1u << 10)
#define SMMU_CR0_SMCFCFG      (1u << 21)
#define SMMU_ACR	      0x010
#define SMMU_ACR_SMTNMB_TLBEN (1u << 8)
#define SMMU_ACR_S2CRB_TLBEN  (1u << 10)
#define SMMU_ACR_CACHE_LOCK   (1u << 26)
#define SMMU_IDR0	      0x020
#define SMMU_IDR1	      0x024
#define SMMU_IDR2	      0x028
#define SMMU_IDR7	      0x03c
#define SMMU_GFAR	      0x040
#define SMMU_GFSR	      0x048
#define SMMU_GFSR_ICF	      (1u << 0)
#define SMMU_GFSR_USF	      (1u << 1)
#define SMMU_GFSR_SMCF	      (1u << 2)
#define SMMU_GFSR_UCBF	      (1u << 3)
#define SMMU_GFSR_UCIF	      (1u << 4)
#define SMMU_GFSR_CAF	      (1u << 5)
#define SMMU_GFSR_EF	      (1u << 6)
#define SMMU_GFSR_PF	      (1u << 7)
#define SMMU_GFSR_UUT	      (1u << 8)
#define SMMU_GFSR_MULTI	      (1u << 31)
#define SMMU_GFSR_ALL	      (0x1ffu | SMMU_GFSR_MULTI)
#define SMMU_GFSR_CONFIG      (SMMU_GFSR_UCIF | SMMU_GFSR_CAF)
#define SMMU_GFSRRESTORE      0x04c
#define SMMU_GFSYNR0	      0x050
#define SMMU_GFSYNR0_WNR      (1u << 1)
#define SMMU_GFSYNR0_PNU      (1u << 2)
#define SMMU_GFSYNR1	      0x054
#define SMMU_GFSYNR2	      0x058
#define SMMU_TLBIVMID	      0x064
#define SMMU_TLBIALLNSNH      0x068
#define SMMU_TLBIALLH	      0x06c
#define SMMU_TLBGSYNC	      0x070
#define SMMU_TLBGSTATUS	      0x074
#define SMMU_SMR(n)	      (0x800 + 4 * (n))
#define SMMU_SMR_ID	      0x7fffu
#define SMMU_SMR_MASK	      (0x7fffu << 16)
#define SMMU_SMR_VALID	      (1u << 31)
#define SMMU_S2CR(n)	      (0xc00 + 4 * (n))
#define SMMU_S2CR_CBNDX	      0xffu
#define SMMU_S2CR_TYPE(r)     ((r) >> 16 & 3)
#define SMMU_S2CR_PRIVCFG(r)  ((r) >> 24 & 3)
enum { SMMU_S2CR_TRANSLATE, SMMU_S2CR_BYPASS, SMMU_S2CR_FAULT };
enum { SMMU_PRIVCFG_DEFAULT, SMMU_PRIVCFG_DIPAN, SMMU_PRIVCFG_UNPRIV, SMMU_PRIVCFG_PRIV };

/* GR1 */
#define SMMU_CBAR(n)	   (0x000 + 4 * (n))
#define SMMU_CBAR_TYPE(r)  ((r) >> 16 & 3)
#define SMMU_CBAR_CBNDX(r) ((r) >> 8 & 0xff)
enum { SMMU_CBAR_S2, SMMU_CBAR_S1_S2_BYPASS, SMMU_CBAR_S1_S2_FAULT, SMMU_CBAR_NESTED };
#define SMMU_CBFRSYNRA(n)	    (0x400 + 4 * (n))
#define SMMU_CBA2R(n)		    (0x800 + 4 * (n))
#define SMMU_CBA2R_VA64		    (1u << 0)

/* Implementation-defined page of Qualcomm's parts: offsets from the region's base. */
#define SMMU_QCOM_TBU_PWR_STATUS    0x2204
#define SMMU_QCOM_SYNC_INV_TBU_ACK  0x25dc
#define SMMU_QCOM_SAFE_WAIT_CNTR    0x2670

/* Context banks */
#define SMMU_SCTLR		    0x000
#define SMMU_SCTLR_M		    (1u << 0)
#define SMMU_SCTLR_TRE		    (1u << 1)
#define SMMU_SCTLR_AFE		    (1u << 2)
#define SMMU_SCTLR_CFRE		    (1u << 5)
#define SMMU_SCTLR_CFIE		    (1u << 6)
#define SMMU_SCTLR_CFCFG	    (1u << 7)
#define SMMU_SCTLR_HUPCF	    (1u << 8)
#define SMMU_ACTLR		    0x004
#define SMMU_ACTLR_CMTLB	    (1u << 0)
#define SMMU_ACTLR_CPRE		    (1u << 1)
#define SMMU_RESUME		    0x008
#define SMMU_RESUME_TERMINATE	    (1u << 0)
#define SMMU_TCR2		    0x010
#define SMMU_TTBR0		    0x020
#define SMMU_TTBR1		    0x028
#define SMMU_TCR		    0x030
#define SMMU_TCR_EPD0		    (1u << 7)
#define SMMU_TCR_EPD1		    (1u << 23)
#define SMMU_CONTEXTIDR		    0x034
#define SMMU_MAIR0		    0x038
#define SMMU_MAIR1		    0x03c
#define SMMU_PAR		    0x050
#define SMMU_PAR_F		    1ull
#define SMMU_FSR		    0x058
#define SMMU_FSR_TF		    (1u << 1)
#define SMMU_FSR_AFF		    (1u << 2)
#define SMMU_FSR_PF		    (1u << 3)
#define SMMU_FSR_EF		    (1u << 4)
#define SMMU_FSR_TLBMCF		    (1u << 5)
#define SMMU_FSR_TLBLKF		    (1u << 6)
#define SMMU_FSR_ASF		    (1u << 7)
#define SMMU_FSR_UUT		    (1u << 8)
#define SMMU_FSR_FORMAT		    (3u << 9)
#define SMMU_FSR_FORMAT_AARCH64	    (2u << 9)
#define SMMU_FSR_SS		    (1u << 30)
#define SMMU_FSR_MULTI		    (1u << 31)
#define SMMU_FSR_TYPES		    0x1feu
/* What a write of ones clears: everything but SS and FORMAT. */
#define SMMU_FSR_W1C		    (SMMU_FSR_TYPES | SMMU_FSR_MULTI)
#define SMMU_FSR_FAULT		    (SMMU_FSR_W1C | SMMU_FSR_SS)
#define SMMU_FSRRESTORE		    0x05c
#define SMMU_FAR		    0x060
#define SMMU_FSYNR0		    0x068
#define SMMU_FSYNR0_WNR		    (1u << 4)
#define SMMU_FSYNR0_PNU		    (1u << 5)
#define SMMU_FSYNR0_PTWF	    (1u << 10)
#define SMMU_FSYNR1		    0x06c
#define SMMU_TLBIVA		    0x600
#define SMMU_TLBIASID		    0x610
#define SMMU_TLBIVAL		    0x620
#define SMMU_TLBIIPAS2		    0x630
#define SMMU_TLBIIPAS2L		    0x638
#define SMMU_TLBSYNC		    0x7f0
#define SMMU_TLBSTATUS		    0x7f4
#define SMMU_ATS1PR		    0x800
#define SMMU_ATS1PW		    0x808
#define SMMU_ATS1UR		    0x810
#define SMMU_ATS1UW		    0x818
#define SMMU_ATSR		    0x8f0
#define SMMU_ATSR_ACTIVE	    (1u << 0)

/* TBU debug block */
#define SMMU_TBU_SID_HALT	    0x00
#define SMMU_TBU_SID		    0x3ffull
#define SMMU_TBU_HALT		    (1ull << 16)
#define SMMU_TBU_VA		    0x08
#define SMMU_TBU_TRIGGER	    0x18
#define SMMU_TBU_TRIGGER_GO	    (1ull << 0)
#define SMMU_TBU_TRIGGER_PRIVILEGED (1ull << 6)
#define SMMU_TBU_STATUS		    0x20
#define SMMU_TBU_STATUS_RUNNING	    (1ull << 0)
#define SMMU_TBU_STATUS_HALT_ACK    (1ull << 1)
#define SMMU_TBU_PAR		    0x28
#define SMMU_TBU_PAR_FAULT	    (1ull << 0)
#define SMMU_TBU_AXUSER		    0x30
#define SMMU_TBU_PA		    0x0000fffffffff000ull

#endif
