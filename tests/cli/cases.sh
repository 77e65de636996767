#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cases as files: text and packed forms hold the same, and nothing else is taken for a case.
set -eu
litmus=$(cd "$(dirname "$0")/../../corpus/litmus" && pwd)
. "$(dirname "$0")/lib.sh"

expect 1 "$faultline" explore --subject core:legacy --runs 1000 --quiet --out found
case=$(ls found/*.case | head -n 1)

expect 0 "$faultline" case "$case"
cp out first.txt
expect 0 "$faultline" case --pack --output packed "$case"
[ ! -s out ] || fail "--output printed something too"
expect 0 "$faultline" case packed
cmp first.txt out || fail "text to packed to text is not identical"
expect 0 "$faultline" case --pack first.txt
cmp packed out || fail "packing is not canonical"
expect 0 "$faultline" case --check packed

expect 1 "$faultline" replay --json "$case"
member out 'o["trace"]' >trace-text
expect 1 "$faultline" replay --json packed
member out 'o["trace"]' >trace-packed
cmp trace-text trace-packed || fail "the packed form runs otherwise"

# Damaged in any way, a packed case is refused.
size=$(wc -c <packed)
for length in 1 4 8 12 $((size / 2)) $((size - 1)); do
	head -c "$length" packed >damaged
	refused damaged case damaged
done
cat packed packed >damaged
refused damaged case damaged
for at in 0 5 9 13 $((size / 2)) $((size - 1)); do
	python3 -c 'import sys
data = bytearray(open("packed", "rb").read())
data[int(sys.argv[1])] ^= 0x21
open("damaged", "wb").write(data)' "$at"
	refused damaged case damaged
	refused damaged replay damaged
done

# A damaged text is refused with its line.
sed '1s/.*/subject/' first.txt >damaged
refused damaged: case damaged

# Any bytes are a case of a fuzz target, and go back to bytes of the same case.
refused "did you mean 'suspend_race_fuzzer'" case --fuzzer-input suspend_race first.txt
refused "no-such-input" case --fuzzer-input suspend_race_fuzzer no-such-input
refused "ask for one" case --pack --fuzzer-output suspend_race_fuzzer first.txt
# Of what the bytes break, one is named.
python3 -c 'import random
random.seed(0)
open("raw", "wb").write(random.randbytes(60))'
later='lost-stall in arm_smmu_context_fault'
expect 0 "$faultline" case --fuzzer-input context_fault_fuzzer --subject core:legacy raw
first=$(sed -n 's/^breaks "\([^"]*\)".*/\1/p' out)
[ -n "$first" ] && [ "$first" != "$later" ] || fail "the bytes do not break something before '$later'"
expect 0 "$faultline" case --fuzzer-input context_fault_fuzzer --subject core:legacy --signature "$later" raw
grep -qF "breaks \"$later\"" out || fail "the case is of another finding"
cp out later.txt
expect 1 "$faultline" replay --json later.txt
[ "$(member out 'o["as_expected"]')" = true ] || fail "the case does not break what it names"
refused "but \"$first\"" case --fuzzer-input context_fault_fuzzer --subject core:legacy --signature nothing raw
refused "nor anything else" case --fuzzer-input context_fault_fuzzer --subject core:reference --signature nothing raw
refused "--signature is for --fuzzer-input" case --signature nothing first.txt
for size in 0 1 2 3 20 61 200 1000; do
	python3 -c 'import random, sys
random.seed(int(sys.argv[1]))
open("raw", "wb").write(random.randbytes(int(sys.argv[1])))' $size
	expect 0 "$faultline" case --fuzzer-input suspend_race_fuzzer raw
	cp out from-raw.txt
	expect 0 "$faultline" case --fuzzer-output suspend_race_fuzzer --output raw-again from-raw.txt
	expect 0 "$faultline" case --fuzzer-input suspend_race_fuzzer raw-again
	cmp from-raw.txt out || fail "$size bytes: raw to text to raw gives another case"
	if grep -q '^breaks' from-raw.txt; then
		expect 1 "$faultline" replay --json from-raw.txt
		[ "$(member out 'o["as_expected"]')" = true ] || fail "$size bytes: the case runs otherwise"
	else
		expect 0 "$faultline" replay --json from-raw.txt
	fi
done

# Bytes for a target from a case written by hand; a case that it cannot say is refused.
expect 0 "$faultline" case --fuzzer-output suspend_race_fuzzer --output seed "$litmus/suspend-waits.case"
expect 0 "$faultline" case --fuzzer-input suspend_race_fuzzer seed
grep -q '^	pm-suspend device=smmu' out || fail "the seed has lost an operation of its case"
refused "none of its operations" case --fuzzer-output context_fault_fuzzer "$litmus/domain-goes.case"
refused "its profile is mmu500" case --fuzzer-output suspend_race_fuzzer "$litmus/client-is-busy.case"
