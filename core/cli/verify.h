/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding is believed only when its case, replayed in a fresh world, shows it again. */
#ifndef FAULTLINE_CLI_VERIFY_H
#define FAULTLINE_CLI_VERIFY_H

#include "campaign.h"

/*
 * Replay @found in a process of its own, with a world of its own. Returns true if it breaks its
 * signature at its step, with the sentence of the violation in @detail; else false, with what
 * happened instead in @detail.
 */
bool verify_finding(const struct campaign_options *options, const struct fl_case *found,
		    char *detail, size_t size);

#endif
