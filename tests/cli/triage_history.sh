#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Histories of stress runs as a triage takes them: those that give a case are findings, those that give none are kept
# as what they are.
#   triage_history.sh FAULTLINE SOURCE
set -eu
source=$2 here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
unset FAULTLINE_SUBJECTS

# history ROUND CASE: a history whose case is that one, with an order that says little.
history() {
	printf 'faultline history 1\nseed 7\nprocess 0\nround %s\nthreads 8\nperturb 20\nfirst-step 0\n' "$1"
	printf 'detail it was seen on threads\n'
	cat "$2"
}

mkdir in
storm=$source/corpus/findings/core-v2-storm-gated.case
signature=$(sed -n 's/^breaks "\([^"]*\)".*/\1/p' "$storm")
[ -n "$signature" ] || fail "$storm does not say what it breaks"
history 11 "$storm" >in/storm.history
# The reference keeps everything: no schedule will break this one.
sed 's/^subject .*/subject core:reference/' "$storm" >reference.case
history 12 reference.case >in/never.history

# --- what gives a case, and what gives none ----------------------------------------------------------------
expect 1 "$faultline" triage in --db db --search-runs 2000 --now 86400 --json --quiet
[ "$(member out 'o["complete"] and o["inputs"] == 2 and o["skipped"] == o["refused"] == o["quiet"] == o["died"] == 0')" = true ] ||
	fail "histories are counted wrongly: $(head -c 300 out)"
[ "$(member out "[f['inputs'] for f in o['findings'] if f['signature'] == '$signature'][0]")" = 1 ] || fail "the storm's history is no finding"
[ "$(member out 'all(f["subject"] == "core:guard-v2" and f["replays"] == f["identical"] == 10 and f["input"] == "storm.history" for f in o["findings"])')" = true ] ||
	fail "a finding is of a history that gave no case, or does not replay"
[ "$(member out "[(h['path'], h['profile'], h['seed'], h['process'], h['round'], h['detail']) for f in o['findings'] if f['signature'] == '$signature' for h in f['histories']] == [('in/storm.history', 'mmu500', 7, 0, 11, 'it was seen on threads')]")" = true ] ||
	fail "where it comes from is lost"
[ "$(member out "[(h['path'], h['subject'], h['signature'], h['round'], h['schedules']) for h in o['unreproduced']] == [('in/never.history', 'core:reference', '$signature', 12, 2000)]")" = true ] ||
	fail "a history without a case is lost: $(member out 'o["unreproduced"]')"
cp out first
member out "[f['case'] for f in o['findings'] if f['signature'] == '$signature'][0]" >found.case
expect 1 "$faultline" replay --json found.case
[ "$(member out 'o["as_expected"]')" = true ] || fail "the history's case does not break what it says"

expect 1 "$faultline" triage in --db db --search-runs 2000 --now 86400
grep -qF "2 inputs, 1 history without a case" out || fail "the count lacks a history: $(tail -2 out)"
grep -qF "$signature on core:reference: no case in 2,000 schedules" out || fail "the table lacks a history without a case"
grep -qF "in/never.history (seed 7, process 0, round 12)" out || fail "the table does not say which"
! grep -q "^ .*new .*core:reference" out || fail "a history without a case is a finding"

# --- the same again changes nothing, wherever it lies --------------------------------------------------------
expect 1 "$faultline" triage in --db db --search-runs 2000 --now 86400 --json --quiet
cmp first out || fail "the same histories twice change something"
mkdir in/z
cp in/storm.history in/z/storm.history
expect 1 "$faultline" triage in --db db --search-runs 2000 --now 86400 --json --quiet
[ "$(member out 'o["findings"]')" = "$(member first 'o["findings"]')" ] || fail "a copy of a history is another input"
rm -r in/z

# --- tried again ---------------------------------------------------------------------------------------------
# One schedule finds nothing; more of them do, and then it is a finding and nothing else.
mkdir few
history 13 "$storm" >few/storm.history
expect 0 "$faultline" triage few --db few.db --search-runs 1 --now 86400 --json --quiet
[ "$(member out 'not o["findings"] and o["unreproduced"][0]["schedules"] == 1')" = true ] || fail "one schedule found something, or lost it"
expect 0 "$faultline" triage --db few.db --quiet
cp few.db none.db
expect 1 "$faultline" triage few --db few.db --search-runs 2000 --now 86400 --json --quiet
[ "$(member out 'bool(o["findings"]) and not o["unreproduced"]')" = true ] || fail "a history that gave a case is still without one"
# And fewer again take nothing back.
expect 1 "$faultline" triage few --db few.db --search-runs 1 --now 86400 --json --quiet
[ "$(member out 'bool(o["findings"]) and not o["unreproduced"]')" = true ] || fail "what was found is lost"

# --- merging ---------------------------------------------------------------------------------------------------
for order in "none.db few.db" "few.db none.db" "few.db few.db"; do
	set -- $order
	expect 1 "$faultline" triage --db "merged" --merge "$1" --merge "$2" --merge db --now 86400 --json --quiet
	member out '(o["findings"], o["unreproduced"])' >merged.now
	[ -e merged.before ] || cp merged.now merged.before
	cmp merged.before merged.now || fail "merging $order gives something else"
	rm merged
done
[ "$(member out '[f["inputs"] for f in o["findings"] if f["signature"].startswith("irq-storm")][0]')" = 2 ] || fail "two histories of one finding are not two inputs"

# --- a store that an earlier version wrote -----------------------------------------------------------------------
cp "$storm" plain.case
mkdir plain
mv plain.case plain
expect 1 "$faultline" triage plain --db old --now 86400 --json --quiet
cp out plain.json
python3 -c 'import sqlite3
store = sqlite3.connect("old")
store.executescript("DROP TABLE history; PRAGMA user_version = 1; PRAGMA journal_mode = DELETE")'
cp old old.before
expect 1 "$faultline" triage --db old --now 86400 --json --quiet
[ "$(member out 'o["findings"]')" = "$(member plain.json 'o["findings"]')" ] || fail "an earlier store is told otherwise"
cmp old old.before || fail "reading an earlier store changes it"
expect 1 "$faultline" triage in --db old --search-runs 2000 --now 86400 --json --quiet
[ "$(member out 'len(o["unreproduced"]) == 1 and all(f["inputs"] == 2 for f in o["findings"] if f["signature"].startswith("irq-storm"))')" = true ] ||
	fail "an earlier store does not take histories"

# --- killed --------------------------------------------------------------------------------------------------------
for delay in 0.02 0.05 0.1 0.2; do
	"$faultline" triage in --db killed --search-runs 2000 --now 86400 --quiet >/dev/null 2>&1 &
	sleep $delay
	kill -9 $! 2>/dev/null || true
	wait $! 2>/dev/null || true
done
expect 1 "$faultline" triage in --db killed --search-runs 2000 --now 86400 --json --quiet
sed 's/"store": *"[^"]*"//' out >left
sed 's/"store": *"[^"]*"//' first >right
cmp left right || fail "after kills the store differs"

# --- interrupted: what was not searched to its end is not recorded ---------------------------------------------------
"$faultline" triage in/never.history --db interrupted --search-runs 1000000000 --json --quiet >out 2>err &
until [ -e interrupted ] || ! kill -0 $! 2>/dev/null; do sleep 0.05; done
sleep 1
kill -INT $!
status=0
wait $! || status=$?
[ "$status" = 0 ] || fail "an interrupted triage ended with $status: $(cat err)"
[ "$(member out 'not o["complete"] and not o["unreproduced"] and not o["findings"]')" = true ] || fail "an interrupted search was recorded"

# --- what a stress run leaves -----------------------------------------------------------------------------------------
expect 1 "$faultline" stress --subject core:resume --invariants unclocked-access --until-failure --rounds 100000 \
	--search-seconds 0 --seed 3 --out stressed --quiet
expect 1 "$faultline" triage stressed --db stressed.db --json --quiet
[ "$(member out 'any(f["invariant"] == "unclocked-access" and f["histories"] for f in o["findings"])')" = true ] ||
	fail "what a stress run left is no finding: $(member out 'o["unreproduced"]')"

# --- damaged ones cost themselves alone ----------------------------------------------------------------------------
mkdir bad
cp in/storm.history bad
head -4 in/storm.history >bad/cut.history
sed 's/^threads .*/threads many/' in/storm.history >bad/number.history
sed 's/^faultline history 1/faultline history 9/' in/storm.history >bad/newer.history
sed 's/^profile .*/profile mmu5000/' in/storm.history >bad/profile.history
sed '/^breaks /d' in/storm.history >bad/nothing.history
expect 1 "$faultline" triage bad --db bad.db --search-runs 2000 --now 86400 --json --quiet
[ "$(member out 'o["inputs"] == 6 and o["refused"] == 5 and not o["unreproduced"]')" = true ] || fail "damaged histories are counted wrongly"
[ "$(member out "any(f['signature'] == '$signature' for f in o['findings'])")" = true ] || fail "a damaged history stops the others"
[ "$(wc -l <err)" = 5 ] || fail "five damaged histories are told in $(wc -l <err) lines: $(cat err)"
grep -q "bad/cut.history:5: .*cut short" err || fail "a cut history is told as '$(grep cut err)'"
grep -q "bad/number.history:5: 'many' is no number" err || fail "a bad number is told as '$(grep number err)'"
grep -q "bad/newer.history:1: " err || fail "a newer history is told as '$(grep newer err)'"
grep -q "bad/profile.history:9: .*mmu5000" err || fail "an unknown profile is told as '$(grep profile err)'"
grep -q "bad/nothing.history: .*what it breaks" err || fail "a history of nothing is told as '$(grep nothing err)'"

# --- one whose actors do what its subject cannot: not searched, but not lost ------------------------------------------
rm bad/*
sed 's/ resume=none / resume=early /' in/storm.history >bad/resumes.history
expect 0 "$faultline" triage bad --db cannot --json --quiet
[ "$(member out 'o["refused"] == 1 and o["unreproduced"][0]["schedules"] == 0 and not o["died"]')" = true ] || fail "a history that cannot be run is counted wrongly"
grep -q "bad/resumes.history: .*has no hook" err || fail "a history that cannot be run is told as '$(cat err)'"
refused "bad/resumes.history: " explore --from bad/resumes.history --runs 10

# --- one of a subject that is not here: as a case of it ---------------------------------------------------------------
rm bad/*
sed 's/^subject .*/subject core:nobody/' in/storm.history >bad/not-here.history
refused "bad/not-here.history: there is no subject 'core:nobody'" triage bad --db new
refused "--search-runs 0" triage in --db new --search-runs 0

# --- where a case is wanted ---------------------------------------------------------------------------------------------
for command in replay minimize case "case --check" "storms --subject core:guard-v2 --like"; do
	refused "in/storm.history is the history of a run on threads" $command in/storm.history
	grep -qF "'faultline explore --from in/storm.history'" err || fail "$command does not say what to do with a history"
done
