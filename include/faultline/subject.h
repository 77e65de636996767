/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subject: the code under test, behind one table of operations. The built-in generations
 * (core/handler), real Linux trees (subjects/) and a user's own handler each export one of these.
 * Operations run in a context of the world, may block, and return 0 or a negative errno unless said
 * otherwise. A subject outside the program is a shared object that exports
 * `const struct fl_subject faultline_subject`; its writable segments are part of the snapshot.
 */
#ifndef FAULTLINE_SUBJECT_H
#define FAULTLINE_SUBJECT_H

#include <faultline/event.h>
#include <faultline/host.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a subject can do; operations without their feature are refused in a case. */
#define FL_SUBJECT_CLIENT_RESUME    (1u << 0) /* resume_translation hook exists */
#define FL_SUBJECT_STALL	    (1u << 1) /* adreno: set_stall, set_ttbr0_cfg, fault info */
#define FL_SUBJECT_TBU		    (1u << 2) /* TBU debug path, on a profile with TBUs */
#define FL_SUBJECT_MASKS_IN_SUSPEND (1u << 3) /* sctlr-drift: CFIE must be 0 while SUSPENDED */
#define FL_SUBJECT_REAL		    (1u << 4) /* a real driver: no model of runtime PM */
#define FL_SUBJECT_MEMORY	    (1u << 5) /* instrumented for --granularity memory */

/* What the profile puts into the machine (set before probe). */
struct fl_hardware {
	bool qcom_v2; /* qcom,sc7180-smmu-v2; else qcom,sc7280-smmu-500 */
	bool adreno;  /* qcom,adreno-smmu: the GPU is stream 0 */
	bool pm_domain;
	bool threadirqs;
	unsigned int banks;
	unsigned int stream_groups;
	unsigned int address_bits;
	unsigned int tbus;
	uint32_t region_size;
	unsigned int global_line; /* interrupt lines */
	unsigned int bank_lines[8];
};

enum fl_pm_op {
	FL_PM_GET_SYNC,
	FL_PM_RESUME_AND_GET,
	FL_PM_GET,
	FL_PM_GET_NORESUME,
	FL_PM_GET_IF_ACTIVE,
	FL_PM_GET_IF_IN_USE,
	FL_PM_PUT,
	FL_PM_PUT_SYNC,
	FL_PM_PUT_AUTOSUSPEND,
	FL_PM_PUT_NOIDLE,
	FL_PM_SUSPEND,
	FL_PM_REQUEST_IDLE,
	FL_PM_MARK_BUSY,
	FL_PM_ENABLE,
	FL_PM_DISABLE,
	FL_PM_BARRIER,
	FL_PM_FORCE_SUSPEND,
	FL_PM_FORCE_RESUME,
	FL_PM_OPS
};

/* Phases of system sleep, per device (domain.md 3.8). */
enum fl_sleep_phase {
	FL_SLEEP_PREPARE,
	FL_SLEEP_SUSPEND,
	FL_SLEEP_SUSPEND_LATE,
	FL_SLEEP_SUSPEND_NOIRQ,
	FL_SLEEP_RESUME_NOIRQ,
	FL_SLEEP_RESUME_EARLY,
	FL_SLEEP_RESUME,
	FL_SLEEP_COMPLETE
};

struct fl_pm_view {
	enum fl_rpm_status status;
	int usage_count;
	int child_count;
	int disable_depth;
	int runtime_error;
};

/* adreno_smmu_fault_info */
struct fl_fault_info {
	uint64_t far, ttbr0;
	uint32_t contextidr, fsr, fsynr0, fsynr1, cbfrsynra;
};

struct fl_subject {
	uint32_t host_abi;   /* FL_HOST_ABI */
	const char *name;    /* "core:guard-v2", "linux:6.12" */
	const char *help;    /* one line */
	const char *version; /* "6.12.117", or "" */
	uint32_t features;   /* FL_SUBJECT_* */

	/* 0, or -EOPNOTSUPP with *reason when this hardware is not supported by the subject. */
	int (*supports)(const struct fl_hardware *hardware, const char **reason);
	/* Probe SMMU and GPU (and TBUs), device link, no domain attached. Outside a run, once. */
	int (*probe)(const struct fl_hardware *hardware);

	/* Domains, numbers 0 to 3. Domain 0 is the GPU's (stream 0, stall if the subject can). */
	int (*domain_alloc)(unsigned int domain);
	int (*attach)(unsigned int domain);
	int (*detach)(unsigned int domain);
	int (*domain_free)(unsigned int domain);
	/* One 4 KiB page at @iova to @phys; prot: bit 0 read, bit 1 write. */
	int (*map)(unsigned int domain, uint64_t iova, uint64_t phys, unsigned int prot);
	int (*unmap)(unsigned int domain, uint64_t iova);
	uint64_t (*iova_to_phys)(unsigned int domain, uint64_t iova);

	/* adreno_smmu_priv; NULL without FL_SUBJECT_STALL. */
	int (*set_stall)(bool on);
	int (*set_ttbr0_cfg)(bool per_process);
	int (*get_fault_info)(struct fl_fault_info *info);
	/* NULL without FL_SUBJECT_CLIENT_RESUME. */
	int (*resume_translation)(bool terminate);

	/* Runtime PM of FL_DEVICE_SMMU and FL_DEVICE_GPU, as a driver of that device would call it. */
	int (*pm)(enum fl_device device, enum fl_pm_op op);
	void (*pm_view)(enum fl_device device, struct fl_pm_view *view); /* looks only */
	int (*system_sleep)(enum fl_device device, enum fl_sleep_phase phase);
	int (*shutdown)(void);
	int (*unbind)(void);
};

#ifdef __cplusplus
}
#endif

#endif
