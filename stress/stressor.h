/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stressors: what one thread of a stress run does in a round. One info struct each; a round draws one for
 * each thread, the more often the higher its frequency class. What it does is a list of operations, as an actor
 * of a scenario has one, so that whatever a round finds can be searched for by the deterministic engine.
 */
#ifndef FAULTLINE_STRESSOR_H
#define FAULTLINE_STRESSOR_H

#include <case/scenario.h>
#include <case/world.h>

enum stress_frequency { STRESS_RARELY = 1, STRESS_SOMETIMES = 4, STRESS_OFTEN = 12 };

struct stressor {
	const char *name;
	const char *help; /* one line */
	enum stress_frequency frequency;
	uint32_t features; /* FL_SUBJECT_* that it needs */
	bool agent;	   /* hardware, else a task */
	bool shared_line;  /* needs a profile where another device shares a line */
	bool once;	   /* ends what the others work on: at most one in a round */
	/* Fill in @actor's operations, at most FL_MAX_OPERATIONS, drawing with draw(). */
	void (*build)(struct fl_actor *actor, uint32_t features);
	/* What it wants of the client's driver; may be NULL. */
	void (*configure)(struct client_config *client, uint32_t features);
};

/* All stressors, ended by NULL. */
extern const struct stressor *const stressors[];
#define MAX_STRESSORS 32
/* The index of one by name, or -1. */
int stressor_find(const char *name);
/* Can it run for @subject on @profile? */
bool stressor_fits(const struct stressor *stressor, const struct fl_subject *subject,
		   const struct fl_profile *profile);

/* stressor_faults.c */
extern const struct stressor stressor_fault_storm, stressor_gmu_traffic, stressor_global_faults,
	stressor_self_test, stressor_shared_line;
/* stressor_power.c */
extern const struct stressor stressor_suspend_resume, stressor_autosuspend, stressor_pm_disable,
	stressor_system_sleep, stressor_clock_failures;
/* stressor_client.c */
extern const struct stressor stressor_submit, stressor_blocking_client, stressor_stall_toggle;
/* stressor_domain.c */
extern const struct stressor stressor_attach_detach, stressor_map_unmap, stressor_unbind;

#endif
