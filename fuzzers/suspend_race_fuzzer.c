/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz_target.h"

FUZZ_TARGET(suspend_race_fuzzer)
