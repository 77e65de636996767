#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a build with AddressSanitizer: what it reports of a subject is a finding with its kind of error, the
# search goes on and tells each run's, and the case replays to the same. Skipped in other builds.
set -eu
. "$(dirname "$0")/lib.sh"

expect 1 "$faultline" explore --subject core:mutant-use-after-free --runs 3000 --jobs 1 --json --quiet --out found
member out '[i["verdict"] for i in o["invariants"] if i["name"] == "memory-error"][0]' >verdict
signature="memory-error in arm_smmu_context_fault (use-after-poison)"
member out 'any("(BUG)" not in f["signature"] for f in o["findings"] if f["invariant"] == "memory-error")' >seen
grep -q true seen || {
	# Without the sanitizer the models alone tell of it, and the verdict says what is missing.
	expect 0 "$faultline" explore --subject core:guard-v2 --runs 100 --jobs 1 --invariants memory-error --quiet
	grep -q '^memory-error *not judged *needs a build with AddressSanitizer' out && exit 77
	fail "no report of AddressSanitizer is among the findings"
}
[ "$(cat verdict)" = BROKEN ] || fail "the verdict is $(cat verdict)"
[ "$(member out 'o["schedules"]')" = 3000 ] || fail "the search ended early"
[ "$(member out "[f['count'] > 1 for f in o['findings'] if f['signature'] == '$signature'][0]")" = true ] ||
	fail "only one run of many is told of"
! grep -q AddressSanitizer err || fail "the search printed reports: $(grep AddressSanitizer err | head -n 3)"

case=$(grep -lF "$signature" found/memory-error-*.case)
expect 1 "$faultline" replay --json --repeat 3 "$case"
grep -q '"identical": 3,' out || fail "$case differs between runs"
grep -q '"as_expected": true' out || fail "$case does not replay"
expect 1 "$faultline" replay "$case"
grep -qF ">>> BROKEN: $signature" out || fail "the table does not mark it"
grep -q 'ERROR: AddressSanitizer: use-after-poison' err || fail "the replay hides the sanitizer's report"

# A subject without such errors keeps it, which is now a verdict.
expect 0 "$faultline" explore --subject core:guard-v2 --runs 3000 --jobs 1 --invariants memory-error --quiet
grep -q '^memory-error *keeps' out || fail "core:guard-v2: $(grep '^memory-error' out)"
