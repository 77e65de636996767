#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Exploring: findings, exit statuses, one JSON object, the same list for the same seed.
set -eu
. "$(dirname "$0")/lib.sh"

# A search that finds something, on several jobs, twice: the same findings in the same order.
for turn in 1 2; do
	expect 1 "$faultline" explore --subject core:legacy --runs 1500 --jobs 2 --seed 7 --json --quiet --out found
	cp out found-$turn.json
done
for turn in 1 2; do
	[ "$(member found-$turn.json 'o["complete"]')" = true ] || fail "not complete"
	[ "$(member found-$turn.json 'o["schedules"]')" = 1500 ] || fail "not 1500 schedules"
	member found-$turn.json '[(f["signature"], f["first_schedule"], f["step"], f["count"], f["case"]) for f in o["findings"]]' >list-$turn
done
cmp list-1 list-2 || fail "the same seed gave other findings"
[ "$(member found-1.json 'len(o["findings"]) > 0')" = true ] || fail "core:legacy breaks nothing"
[ "$(member found-1.json '[f["first_schedule"] for f in o["findings"]] == sorted(f["first_schedule"] for f in o["findings"])')" = true ] ||
	fail "findings are not in the order of schedules"

# Every broken invariant has a finding, every finding has its case and nothing else is in the folder.
[ "$(member found-1.json 'set(i["name"] for i in o["invariants"] if i["verdict"] == "BROKEN") == set(f["invariant"] for f in o["findings"])')" = true ] ||
	fail "verdicts and findings disagree"
[ "$(member found-1.json 'len(o["findings"])')" = "$(ls found | wc -l)" ] || fail "folder and findings disagree"

# Each case replays, in another process, to the same violation, the same each time.
shown=0
for case in found/*.case; do
	expect 1 "$faultline" replay --json --repeat 3 "$case"
	grep -q '"runs": 3, "identical": 3,' out || fail "$case differs between runs"
	grep -q '"as_expected": true' out || fail "$case does not replay"
	shown=$((shown + 1))
	[ "$shown" -le 5 ] || continue
	expect 1 "$faultline" replay "$case"
	grep -q '>>> BROKEN' out || fail "$case: the table marks no violation"
	[ "$(awk '{ if (length($0) > 120) print }' out | head -n 1)" = "" ] || fail "$case: the table is too wide"
done
case=$(ls found/unclocked-access-*.case | head -n 1)
expect 1 "$faultline" replay --quiet --repeat 1000 "$case"
grep -q '^1000 of 1000 runs are the same' out || fail "$case differs in a thousand runs"

# A strategy that enumerates takes the scenarios one after the other, each for its share, on any number of jobs.
for jobs in 1 3; do
	expect 1 "$faultline" explore --subject core:guard-v2 --strategy dfs:1 --runs 12000 --jobs $jobs --json --quiet --out trees
	[ "$(member out 'o["schedules"] in range(11000, 12001) and not o["search_complete"]')" = true ] || fail "not the schedules that were asked for"
	[ "$(member out 'len(set(f["scenario"] for f in o["findings"])) > 1')" = true ] || fail "one scenario took all"
done

# Nothing found is exit status 0 and leaves no folder.
expect 0 "$faultline" explore --subject core:reference --scenario fault-vs-runtime-suspend --runs 3000 --out nothing --quiet
[ ! -e nothing ] || fail "a folder was left though nothing was found"
grep -q 'keeps' out || fail "core:reference keeps nothing"

# Only what was asked for is judged.
expect 0 "$faultline" explore --subject core:legacy --runs 500 --invariants lock-order --json --quiet --out only
[ "$(member out 'set(i["name"] for i in o["invariants"] if i["verdict"] != "not judged") <= {"lock-order"}')" = true ] ||
	fail "more was judged than asked for"

# What appears and what disappears.
expect 1 "$faultline" explore --subject core:reference --against core:legacy --scenario fault-vs-runtime-suspend --runs 2000 --json --quiet --out pair
[ "$(member out 'o["appears"]')" = "[]" ] || fail "core:reference brings something"
[ "$(member out 'len(o["disappears"]) > 0')" = true ] || fail "core:reference mends nothing"

# Several subjects make one table, and a report.
expect 1 "$faultline" explore --subject core:legacy --subject core:reference --scenario fault-vs-runtime-suspend --runs 2000 --out table --report report.md --quiet
grep -q '^unclocked-access *BROKEN *keeps' out || fail "the table is wrong: $(cat out)"
grep -q '^| unclocked-access | \*\*BROKEN\*\* | keeps |' report.md || fail "the report is wrong"
