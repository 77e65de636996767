/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What timeline.c records and timeline_print.c prints. */
#ifndef FAULTLINE_CLI_TIMELINE_RECORD_H
#define FAULTLINE_CLI_TIMELINE_RECORD_H

#include "places.h"
#include "timeline.h"

/* What the machine looks like; kept for each event. */
struct timeline_state {
	uint8_t power;			   /* enum fl_power */
	uint8_t status[FL_DEVICES];	   /* enum fl_rpm_status */
	uint16_t lines_high, lines_masked; /* bit = line */
};

/* Registers of the SMMU, looked at after each step. */
#define TIMELINE_BANKS 4
struct timeline_registers {
	bool seen; /* false: the run ended within the step, or nobody wanted them */
	uint32_t gfsr;
	struct {
		uint32_t fsr, sctlr, fsynr0;
		uint64_t far;
		uint16_t stalled;
		bool output;
	} banks[TIMELINE_BANKS];
};

#define FL_NO_FINDING UINT32_MAX

struct timeline_entry {
	struct fl_event event; /* kind FL_EVENT_KINDS: a step without event, or a violation */
	struct timeline_state after;
	struct timeline_registers registers; /* after the step; set on the step's last entry */
	uint32_t finding;		     /* index in findings, or FL_NO_FINDING */
	uint32_t place; /* for places_find(); in no text and no hash of the run */
};

struct timeline_record {
	struct timeline_entry *entries;
	uint32_t count;
	uint64_t lost; /* events that found no room */
	struct fl_finding findings[FL_MAX_FINDINGS];
	unsigned int finding_count;
};

extern struct timeline_record timeline_record;

/* The entry after which the step of @entry was over. */
const struct timeline_entry *timeline_step_end(const struct timeline_entry *entry);

#endif
