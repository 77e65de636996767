#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# faultline stress: what it refuses, what it finds, and the way from a history to a case that replays.
set -eu
. "$(dirname "$0")/lib.sh"

# --- bad input ---------------------------------------------------------------------------------------
refused "with --subject" stress
refused "--threads 0" stress --subject core:resume --threads 0
refused "--threads 1" stress --subject core:resume --threads 1
refused "--threads 100000" stress --subject core:resume --threads 100000
refused "did you mean 'fault-storm'" stress --subject core:resume --stressors fault-strom
refused "unknown stressor 'x'" stress --subject core:resume --stressors x
refused "needs what core:resume on mmu500 does not have" stress --subject core:resume --stressors shared-line
refused "did you mean 'core:resume'" stress --subject core:resum
refused "one CPU" stress --subject core:resume --profile mmu500-one-cpu
refused "--perturb 1001" stress --subject core:resume --perturb 1001
refused "--rounds 0" stress --subject core:resume --rounds 0
refused "takes one subject" stress --subject core:resume --subject core:legacy
refused "did you mean 'irq-storm'" stress --subject core:resume --invariants irq-strom
echo text >file
refused "cannot write to folder file" stress --subject core:resume --rounds 1 --out file
refused "no.history" explore --from no.history
refused "file:1: this is no history" explore --from file
refused "--from takes no" explore --from file --scenario free
rm file

expect 0 "$faultline" stress --stressors list
for stressor in fault-storm suspend-resume autosuspend attach-detach map-unmap system-sleep unbind shared-line \
	clock-failures blocking-client; do
	grep -q "^$stressor " out || fail "--stressors list has no $stressor"
done

# --- the reference keeps everything --------------------------------------------------------------------
for threads in 2 8 32 40; do
	expect 0 "$faultline" stress --subject core:reference --threads $threads --rounds 100 --json --out clean --quiet
	[ "$(member out 'o["complete"]')" = true ] || fail "$threads threads: not complete"
	[ "$(member out 'len(o["findings"])')" = 0 ] || fail "$threads threads: $(member out 'o["findings"]')"
	processes=$(((threads + 31) / 32))
	[ "$(member out 'o["rounds"]')" = $((processes * 100)) ] || fail "$threads threads: $(member out 'o["rounds"]') rounds"
	[ "$(member out 'sum(s["threads"] for s in o["stressors"])')" = $((threads * 100)) ] ||
		fail "$threads threads did not all work in each round"
	[ "$(member out 'o["handled"] > 0 and o["suspends"] > 0')" = true ] || fail "nothing was handled or suspended"
done
[ ! -e clean ] || fail "a clean run left $(ls clean)"

# One stressor alone, and what it never exercises is told.
expect 0 "$faultline" stress --subject core:reference --stressors map-unmap --rounds 20 --out alone --quiet
grep -q "^lost-stall *not exercised" out || fail "what never happened is not told"
grep -q "^never ran: .*attach" out || fail "operations that never ran are not told"

# --- what must be found, and what becomes of it ---------------------------------------------------------
# must_find SUBJECT INVARIANT SIGNATURE: until it is found, at most 100,000 rounds; then a case that replays.
must_find() {
	expect 1 "$faultline" stress --subject "$1" --invariants "$2" --until-failure --rounds 100000 --search-seconds 0 \
		--seed 3 --json --out "found-$2" --quiet
	history=$(member out "[f['history'] for f in o['findings'] if f['signature'].startswith('$3')][0]")
	grep -q "^breaks \"$3" "$history" || fail "$history does not say what it breaks"
	expect 1 "$faultline" explore --from "$history" --runs 200000 --json
	[ "$(member out 'o["found"]')" = 1 ] || fail "no case was found for $history"
	case=$(member out 'o["searches"][0]["case"]')
	expect 1 "$faultline" replay "$case"
	expect 1 "$faultline" replay --bisect "$case"
}
must_find core:resume unclocked-access "unclocked-access in arm_smmu_"
must_find core:guard-v2 irq-storm "irq-storm in arm_smmu_"
must_find core:legacy resume-order "resume-order in "

# What stands in the way of the violation is left out: no submission works after an unbind.
cat >hindered.history <<END
faultline history 1
seed 1
process 0
round 1
threads 1
perturb 0
first-step 0
detail a submission after an unbind
order user*1
faultline case 1
subject core:legacy
profile mmu500
client answer=0 resume=early fault_info=yes set_stall=no block=no dump=no registers=none
task user cpu=0
	unbind
	submit page=3 write=no
breaks "resume-order in qcom_adreno_smmu_resume_translation" step 10
end
END
expect 1 "$faultline" explore --from hindered.history --runs 20000 --json
case=$(member out 'o["searches"][0]["case"]')
grep -q unbind "$case" && fail "$case has what hinders it"
expect 1 "$faultline" replay "$case"

# A case that cannot be written is told: on standard error, and in JSON.
(
	ulimit -f 1
	"$faultline" explore --from "$history" --runs 200000 --json --out full 2>&3 || echo $? >&4
) 4>status 3>err | cat >out
[ "$(cat status)" = 3 ] || fail "a case that could not be written: exit status $(cat status)"
grep -q "^no case for $history: cannot write " err || fail "a case that could not be written is not told: $(cat err)"
[ "$(member out 'o["found"] == 0 and "cannot write" in o["searches"][0]["problem"]')" = true ] ||
	fail "a case that could not be written is told as one: $(cat out)"

# A folder that cannot be written is refused before anything is searched: the second one's, nobody's to write.
refused "cannot write to folder /proc/self/fd" explore --from "$history" --from /proc/self/fd/3 --runs 200000 3<"$history"

# A checker's silence is tested here too: mutants of the reference.
for mutant in forgets-put:pm-imbalance reports-twice:double-report resume-first:resume-order drift:sctlr-drift \
	no-resume:irq-storm hard-irq:sleep-in-atomic never-suspends:livelock; do
	expect 1 "$faultline" stress --subject "core:mutant-${mutant%%:*}" --invariants "${mutant#*:}" --until-failure \
		--rounds 100000 --search-seconds 0 --json --out mutant --quiet
	[ "$(member out "o['findings'][0]['invariant']")" = "${mutant#*:}" ] || fail "$mutant was not found"
done

# --- Ctrl-C -----------------------------------------------------------------------------------------------
"$faultline" stress --subject core:reference --rounds 1000000000 --json --out interrupted --quiet >out 2>err &
sleep 1
kill -INT $!
status=0
wait $! || status=$?
[ "$status" = 0 ] || fail "an interrupted run ended with $status: $(cat err)"
[ "$(member out 'o["complete"]')" = false ] || fail "an interrupted run calls itself complete"
