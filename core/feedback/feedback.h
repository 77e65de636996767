/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What watches a world and tells its features (world/feature.h). It stands beside the world, on the
 * step hook and on events, so that a world without it pays nothing.
 */
#ifndef FAULTLINE_FEEDBACK_H
#define FAULTLINE_FEEDBACK_H

#include <world/feature.h>

#include <faultline/engine.h>

#include <stdbool.h>

/*
 * Watch the world that was just made (fl_world_make()). @kinds: a mask of 1 << enum fl_feature_kind; 0
 * watches nothing. Takes the engine's step hook.
 */
void feedback_watch(uint32_t kinds);
/* Before each run. */
void feedback_reset(void);

/* --- within the folder ---------------------------------------------------------------------- */

bool watches(enum fl_feature_kind kind);
/* One file a kind, and one for the two that are about who wrote an object last. begin: before a run; step: after each step of @context. */
void reads_from_begin(void);
void reads_from_step(fl_context_t context);
void reads_from_start(void);
void device_state_begin(void);
void device_state_step(void);
void device_state_start(void);
void lock_pairs_start(void);

#endif
