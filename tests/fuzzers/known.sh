#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Known findings: noted once, and passed by; what is not listed, or not any more, crashes.
set -eu
. "$(dirname "$0")/lib.sh"

"$faultline" case --fuzzer-output global_fault_fuzzer "$tests/crashes/storm-in-global-fault.case" --output storm
target=$targets/global_fault_fuzzer
storm='irq-storm in arm_smmu_global_fault (starved by hard IRQ while SUSPENDING)'
export FAULTLINE_SUBJECT=core:guard-v2

# All of them, in the order in which they occur: each crash is excused, until there is none.
echo '# nothing is known' >known
found=0
while [ "$found" -lt 20 ]; do
	status=0
	FAULTLINE_SUPPRESSIONS=known "$target" storm >out 2>err || status=$?
	[ "$status" -ne 0 ] || break
	signature=$(sed -n 's/.*ASSERTION FAILED: //p' err)
	[ -n "$signature" ] || fail "it ends without a report"
	! grep -qF "\"$signature\"" known || fail "'$signature' is excused and crashes"
	echo "${signature%% *} \"$signature\" reason \"test $found\"" >>known
	found=$((found + 1))
done
[ "$status" -eq 0 ] || fail "there is no end of findings"
[ "$found" -ge 3 ] || fail "only $found findings in the run"
grep -qF "known: $storm (test " err || fail "the storm is not noted"
[ "$(grep -c '^known: ' err)" -eq "$found" ] || fail "$(grep -c '^known: ' err) notes of $found findings"

# Once a signature, however many runs have it.
FAULTLINE_SUPPRESSIONS=known expect 0 "$target" --repeat 10 storm
[ "$(grep -c '^known: ' err)" -eq "$found" ] || fail "notes are repeated"
grep -q '^1 inputs, 10 runs each, 0 not repeated' out || fail "$(tail -n 1 out)"

# The last line excuses nothing any more after its day.
sed '$s/$/ until 2001-01-31/' known >over
last=$(sed -n '$s/.*"\(.*\)" reason.*/\1/p' known)
FAULTLINE_SUPPRESSIONS=over crashes "$last" "$target" storm
grep -qF "line $((found + 1)) of the suppressions is over: $last" err || fail "nothing is told of the line"
sed '$s/$/ until 9999-12-31/' known >later
FAULTLINE_SUPPRESSIONS=later expect 0 "$target" storm

# Every signature of an invariant.
echo 'irq-storm "*" reason "all storms"' >storms
FAULTLINE_SUPPRESSIONS=storms FAULTLINE_INVARIANTS=irq-storm expect 0 "$target" storm
grep -qxF "known: $storm (all storms)" err || fail "the storm is not noted"

# Only some invariants' violations crash, and the others are not noted.
FAULTLINE_INVARIANTS=irq-storm crashes "$storm" "$target" storm
head -n 1 err | grep -q '^core/check/irq_storm.c:[0-9]*: ASSERTION FAILED: ' || fail "the first line is another"
grep -qF "faultline case --fuzzer-input global_fault_fuzzer --subject core:guard-v2 --signature '$storm' FILE" err || fail "no way to replay"
arguments=$(sed -n 's/^  faultline \(case .*\) FILE >x.case .*/\1/p' err)
FAULTLINE_INVARIANTS=leak,deadlock expect 0 "$target" storm
[ ! -s err ] || fail "what was not asked for is told"

# The command of the report shows the crash: the case is of what crashed, not of what was passed by before.
eval "\"\$faultline\" $arguments storm" >x.case
grep -qF "$storm" x.case || fail "the case is of another finding"
"$faultline" case --fuzzer-input global_fault_fuzzer --subject core:guard-v2 storm >first.case
! grep -qF "$storm" first.case || fail "nothing is broken before the storm, so the case shows nothing"
expect 1 "$faultline" replay x.case
grep -qF ">>> BROKEN: $storm" out || fail "the replay does not show it"

# The file beside the program counts if no other is named; an empty name is none.
cp "$target" ./copy
cp known copy.suppressions
expect 0 ./copy storm
FAULTLINE_SUPPRESSIONS='' crashes "$(sed -n '2s/.*"\(.*\)" reason.*/\1/p' known)" ./copy storm

# memory-error: the models' own reports are excused like any other, and by FAULTLINE_INVARIANTS.
"$faultline" case --fuzzer-output domain_lifecycle_fuzzer "$tests/crashes/bug.case" --output freed
export FAULTLINE_SUBJECT=core:mutant-use-after-free
FAULTLINE_INVARIANTS=memory-error crashes 'memory-error in arm_smmu_context_fault (BUG)' \
	"$targets/domain_lifecycle_fuzzer" freed
echo 'memory-error "*" reason "the mutant"' >memory
FAULTLINE_SUPPRESSIONS=memory FAULTLINE_INVARIANTS=memory-error expect 0 "$targets/domain_lifecycle_fuzzer" freed
grep -q '^known: memory-error in arm_smmu_context_fault' err || fail "it is not noted"
[ "$(grep -vc '^known: ' err)" -eq 0 ] || fail "more is printed than the notes"
# Passing by wild accesses does not pass by the trap of another finding.
lifetime='lifetime in irq_default_primary_handler (freed domain)'
FAULTLINE_SUPPRESSIONS=memory FAULTLINE_INVARIANTS=memory-error,lifetime crashes "$lifetime" \
	"$targets/domain_lifecycle_fuzzer" freed
FAULTLINE_INVARIANTS=irq-storm expect 0 "$targets/domain_lifecycle_fuzzer" freed
[ ! -s err ] || fail "what was not asked for is told"
