#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/gdb.py: at a violation, all contexts with their stacks by name.
set -eu
. "$(dirname "$0")/lib.sh"
command -v gdb >/dev/null || exit 77
case=$2/corpus/findings/core-v4-storm-before-mask.case

gdb -q -batch -x "$2/scripts/gdb.py" -ex 'set pagination off' -ex faultline-break -ex run -ex continue -ex continue \
	-ex faultline-contexts -ex faultline-stacks --args "$faultline" replay --quiet "$case" >out 2>err </dev/null || true
# Where gdb may not trace, or there is no debug information, nothing can be shown.
grep -q 'take_violation (finding=' out || exit 77
grep -q '^ *[0-9]*  suspend  *runnable  CPU 0    arm_smmu_runtime_suspend$' out || fail "the suspending task is not listed: $(tail -n 40 out)"
# Of the contexts that wait, the stack of the one in the suspend callback, down to its actor.
awk '/  suspend  *runnable/ { inside = 1; next } /^[ *] *[0-9]+  / { inside = 0 } inside' out >stack
grep -q 'mask_interrupts' stack && grep -q 'run_actor' stack || fail "its stack is not shown: $(cat stack)"
