#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# faultline stress on a real driver: what it finds of the driver as it is, that each case of it replays on the
# form for fibers, and what is refused. Skipped (77) where the form for threads is not built.
#   test_stress_linux.sh FAULTLINE SUBJECTS
set -u
FAULTLINE=$1
export FAULTLINE_SUBJECTS=$2
[ -e "$FAULTLINE_SUBJECTS/6.12.free.so" ] ||
	{ echo "skipped: no 6.12.free.so in $FAULTLINE_SUBJECTS; scripts/add-linux --threads 6.12 builds it"; exit 77; }
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# refused WANTED SUBJECTS SUBJECT: one line on standard error, exit 2
refused() {
	local wanted=$1 output status
	output=$(FAULTLINE_SUBJECTS=$2 "$FAULTLINE" stress --subject "$3" --rounds 1 --out "$SCRATCH/out" 2>&1 >/dev/null)
	status=$?
	[ $status -eq 2 ] && [ "$(wc -l <<<"$output")" -eq 1 ] && grep -qF -e "$wanted" <<<"$output" ||
		fail "stress of $3: exit $status, '$output', wanted '$wanted'"
}

# Its form for fibers alone is refused, with the command that builds the other one.
mkdir "$SCRATCH/fibers"
cp "$FAULTLINE_SUBJECTS/6.12.so" "$SCRATCH/fibers/"
refused "'scripts/add-linux --threads TREE 6.12'" "$SCRATCH/fibers" linux:6.12

# ThreadSanitizer does not see the kernel's atomics.
if nm -D --defined-only "$FAULTLINE" 2>/dev/null | grep -q ' __tsan_init$'; then
	refused "ThreadSanitizer" "$FAULTLINE_SUBJECTS" linux:6.12
	[ $failures -eq 0 ] && echo "refused as it should be"
	exit $((failures > 0))
fi

# stress ROUNDS SUBJECT INVARIANTS: what it prints, in $SCRATCH/stress
stress() {
	"$FAULTLINE" stress --subject "$2" --rounds "$1" --threads 8 --seed 3 --invariants "$3" --search-seconds 20 \
		--json --quiet --out "$SCRATCH/out" >"$SCRATCH/stress" 2>"$SCRATCH/messages"
	status=$?
	[ $status -eq 1 ] || fail "stress of $2: exit $status: $(tail -n1 "$SCRATCH/messages")"
}

stress 300 linux:6.12 unclocked-access,resume-order
for finding in "unclocked-access in arm_smmu_" "resume-order in qcom_adreno_smmu_resume_translation"; do
	grep -qF "$finding" "$SCRATCH/stress" || fail "linux:6.12: not found: $finding"
	replays=0
	for file in "$SCRATCH/out/${finding%% *}"-*.case; do
		"$FAULTLINE" replay "$file" >"$SCRATCH/replay" 2>&1
		[ $? -eq 1 ] && grep -qF "$finding" "$SCRATCH/replay" && replays=$((replays + 1))
	done
	[ $replays -gt 0 ] || fail "linux:6.12: no case of '$finding' replays"
done

# From a history on: another search, in another process.
history=$(find "$SCRATCH/out" -name 'resume-order-*.history' | head -n1)
"$FAULTLINE" explore --subject linux:6.12 --from "$history" --jobs 1 --seconds 60 --out "$SCRATCH/from" >"$SCRATCH/explore" 2>&1
[ $? -eq 1 ] && ls "$SCRATCH"/from/resume-order-*.case >/dev/null || fail "explore --from: $(tail -n3 "$SCRATCH/explore")"

# The variant that breaks by a storm.
if [ -e "$FAULTLINE_SUBJECTS/6.12+resume+guard-v2.free.so" ]; then
	stress 1500 linux:6.12+resume+guard-v2 irq-storm
	grep -q "irq-storm in arm_smmu_context_fault (unretired while SUSPENDED" "$SCRATCH/stress" ||
		fail "guard-v2: no irq-storm while SUSPENDED"
fi
[ $failures -eq 0 ] && echo "found, with cases that replay"
exit $((failures > 0))
