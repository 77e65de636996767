#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# replay --explain: every part of it, narrow enough for a mail, the same each time.
# (A command to copy is one line, however long.)
set -eu
. "$(dirname "$0")/lib.sh"
corpus=$2/corpus

explained=0
for case in "$corpus"/findings/core-*.case "$corpus"/litmus/*.case; do
	grep -q '^subject core:' "$case" && grep -q '^breaks' "$case" || continue
	signature=$(sed -n 's/^breaks "\(.*\)" step.*/\1/p' "$case")
	expect 1 "$faultline" replay --explain --continuations 5 "$case"
	[ "$(head -n 1 out)" = "$signature" ] || fail "$case: the title is '$(head -n 1 out)'"
	for heading in "What it needs" "What happens" "Who needs to be in a certain state for this" \
		"The point of no return" "How to see it again"; do
		grep -qx "$heading" out || fail "$case: '$heading' is missing"
	done
	[ "$(awk 'length($0) > 80 && !/faultline replay/' out)" = "" ] || fail "$case: wider than 80 columns: $(awk 'length($0) > 80 && !/faultline replay/' out | head -n 1)"
	grep -q '>>> BROKEN: ' out || fail "$case: the table does not show where it breaks"
	explained=$((explained + 1))
done
[ "$explained" -ge 8 ] || fail "only $explained cases were explained"

case=$corpus/findings/core-v2-storm-gated.case
for turn in 1 2; do
	expect 1 "$faultline" replay --explain "$case"
	cp out turn-$turn
done
cmp turn-1 turn-2 || fail "two explanations of one case differ"
# The storm is certain once the fault is there: the suspend refuses the power domain, and nobody wakes the device.
grep -q '^It became inevitable at step 41 (gmu: transaction 1 of stream 0 faults' <<-TEXT || fail "the point of no return is '$(tail -n 6 turn-1 | head -n 2)'"
	$(tr '\n' ' ' <turn-1 | sed 's/It became/\nIt became/')
TEXT
grep -q '  \* power_off=refused' turn-1 || fail "the knob that it needs is not told"
grep -q '\.\.\. these [0-9]* lines [0-9]* times more' turn-1 || fail "the storm's rounds are not folded"
grep -q 'nobody cared' turn-1 || fail "what a kernel would print is not told"

# Nothing broken is nothing to explain.
sed 's/^subject .*/subject core:reference/' "$case" >kept.case
expect 0 "$faultline" replay --explain kept.case
grep -q 'nothing to explain' out || fail "an explanation of nothing: $(head -n 1 out)"
refused "ask for one" replay --explain --json "$case"
