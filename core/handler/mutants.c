/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "handler.h"
const struct fl_subject *const fl_core_mutants[] = { NULL };
