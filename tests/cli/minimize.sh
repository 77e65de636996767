#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Minimising: shorter, the same signature, and what a person types wrong.
set -eu
. "$(dirname "$0")/lib.sh"

expect 1 "$faultline" explore --subject core:guard-v2 --scenario free --invariants irq-storm,unclocked-access --runs 4000 --jobs 1 --seed 5 --quiet --out found
shortened=0
for case in found/*.case; do
	expect 0 "$faultline" minimize "$case" -o short.case --json --quiet --search 300
	[ "$(member out 'o["complete"] and o["after"]["operations"] <= o["before"]["operations"]')" = true ] || fail "$case did not become shorter"
	[ "$(member out 'o["after"]["operations"] < o["before"]["operations"]')" != true ] || shortened=$((shortened + 1))
	signature=$(member out 'o["signature"]')
	expect 1 "$faultline" replay --json --repeat 20 short.case
	[ "$(member out 'o["as_expected"] and o["identical"] == 20 and o["expected_signature"]')" = "$signature" ] ||
		fail "the short form of $case breaks something else"
	# What is short already stays as it is.
	expect 0 "$faultline" minimize short.case -o again.case --quiet --search 0
	cmp short.case again.case || fail "$case: the short form is not as short as it gets"
done
[ "$shortened" -gt 0 ] || fail "nothing was long enough to be made shorter"

# Without a file it is printed; stopped at once, what there is is still a case.
expect 0 "$faultline" minimize "$case" --quiet --seconds 0.001
cp out printed.case
expect 1 "$faultline" replay --quiet printed.case

refused "say which case" minimize
refused "cannot read no-such.case" minimize no-such.case
refused "--json needs a file" minimize "$case" --json
refused "no-such-folder/short.case" minimize "$case" -o no-such-folder/short.case --search 0
sed '/^breaks/d' "$case" >silent.case
refused "does not say what it breaks" minimize silent.case
sed 's/^subject .*/subject core:reference/' "$case" >kept.case
refused 'does not break "' minimize kept.case -o short.case
sed 's/^subject .*/subject core:nobody/' "$case" >nobody.case
refused "unknown subject 'core:nobody'" minimize nobody.case
