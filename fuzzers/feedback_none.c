/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No feedback but the engine's own: for programs that are no fuzz targets of an engine. */
#include "feedback.h"

const uint32_t fuzz_feedback_slots = 1;

void fuzz_feedback_show(uint32_t slot)
{
}
