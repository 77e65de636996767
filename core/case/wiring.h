/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the parts of a world are connected. */
#ifndef FAULTLINE_WIRING_H
#define FAULTLINE_WIRING_H

#include <case/case.h>

/* Make machine, devices and kernel for @profile and connect them; nothing is probed yet. */
void fl_wire(const struct fl_subject *subject, const struct fl_profile *profile);

#endif
