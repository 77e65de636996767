#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The store as its users meet it: what goes in, what states come out, and what is refused.
#   triage.sh FAULTLINE SOURCE
set -eu
source=$2 here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
unset FAULTLINE_SUBJECTS

mkdir in
cp "$source"/corpus/findings/core-v*.case in
echo "no case" >in/notes
"$faultline" case --pack in/core-v2-storm-gated.case >in/packed 2>/dev/null
rm in/core-v2-storm-gated.case

# state SUBJECT SIGNATURE: of a finding in ./out.
state() {
	member out "[f['state'] for f in o['findings'] if f['subject'] == '$1' and f['signature'].startswith('$2')][0]"
}

expect 1 "$faultline" triage in --db db --now 86400 --json --quiet
[ "$(member out 'o["skipped"] == 1 and o["inputs"] == 8 and o["complete"] and not o["quiet"]')" = true ] || fail "inputs are counted wrongly: $(head -c 300 out)"
[ "$(member out 'all(f["replays"] == f["identical"] == 10 and f["first_seen"] == 86400 for f in o["findings"])')" = true ] || fail "something does not replay"
[ "$(state core:guard-v2 irq-storm)" = new ] || fail "a finding is not new"
storm=$(member out '[f["signature"] for f in o["findings"] if f["subject"] == "core:guard-v2" and "gated" in f["signature"]][0]')
count=$(member out 'len(o["findings"])')

# The smallest case of a finding is a case, and breaks what it says.
member out '[f["case"] for f in o["findings"] if f["subject"] == "core:guard-v2" and "gated" in f["signature"]][0]' >small.case
expect 1 "$faultline" replay --json small.case
[ "$(member out 'o["as_expected"]')" = true ] || fail "the stored case does not break what it says"

# For people, without a folder: what is there.
expect 1 "$faultline" triage --db db
grep -qF "$storm" out || fail "the table lacks a finding"
grep -qF "$count findings: $count new" out || fail "the table does not count: $(tail -1 out)"

# --- who decides what is told ---
expect 1 "$faultline" triage --db db --fail-on new --quiet
expect 0 "$faultline" triage --db db --fail-on none --quiet
for invariant in $("$faultline" invariants | awk '/^[a-z]/ { print $1 }'); do
	echo "$invariant \"*\" reason \"all are known\" until 1970-01-10"
done >known
expect 0 "$faultline" triage --db db --fail-on new --suppressions known --now 86400 --json
[ "$(state core:guard-v2 irq-storm)" = known ] || fail "a suppressed finding is not known"
expect 1 "$faultline" triage --db db --fail-on new --suppressions known --now 86400000 --quiet
expect 1 "$faultline" triage --db db --suppressions known --now 86400 --quiet
expect 1 "$faultline" triage --db db --ignore "$storm" --reason "told the list" --json
[ "$(state core:guard-v2 'irq-storm in arm_smmu_context_fault (unretired while SUSPENDED, gated)')" = ignored ] || fail "an ignored finding is not ignored"
[ "$(member out '[f["reason"] for f in o["findings"] if f["state"] == "ignored"][0]')" = "told the list" ] || fail "the reason is lost"
expect 1 "$faultline" triage --db db --unignore "$storm" --json
[ "$(state core:guard-v2 'irq-storm in arm_smmu_context_fault (unretired while SUSPENDED, gated)')" = new ] || fail "a finding is still ignored"

# --- forms for programs ---
expect 1 "$faultline" triage --db db --sarif log.sarif --junit junit.xml --ktap log.ktap --suppressions known --now 86400 --fail-on any --quiet
expect 1 "$faultline" triage --db db --ktap -
grep -q "^KTAP version 1$" out || fail "--ktap - does not print KTAP"
python3 "$here/triage_forms.py" log.sarif junit.xml log.ktap "$count" "$source"
if [ -n "${FAULTLINE_NODE_MODULES:-}" ]; then
	NODE_PATH=$FAULTLINE_NODE_MODULES node "$here/triage_schema.js" log.sarif
fi

# --- a fix shows ---
# The same cases, as if they had broken subjects that since changed: the reference keeps everything, and
# core:legacy breaks other things.
cp db fixed
python3 - <<'END'
import sqlite3
store = sqlite3.connect("fixed")
for table in "hit", "found":
    store.execute(f"UPDATE {table} SET subject = 'core:reference' WHERE subject = 'core:guard-v3'")
    store.execute(f"UPDATE {table} SET subject = 'core:legacy' WHERE subject = 'core:guard-v4'")
store.commit()
END
expect 1 "$faultline" triage --db fixed --retest --now 172800 --json --quiet
[ "$(member out '{f["state"] for f in o["findings"] if f["subject"] == "core:reference"} == {"fixed"}')" = true ] || fail "a fix does not show"
[ "$(member out '{f["state"] for f in o["findings"] if f["subject"] == "core:guard-v2"} == {"new"}')" = true ] || fail "what breaks still is not new"
[ "$(member out '"changed" in {f["state"] for f in o["findings"] if f["subject"] == "core:legacy"}')" = true ] || fail "a change does not show"
[ "$(member out 'all(f["last_seen"] == (172800 if f["state"] == "new" else 86400) for f in o["findings"])')" = true ] || fail "last seen is wrong"
[ "$(member out 'all({r["subject"] for r in f["retests"]} >= {"core:legacy", "core:reference", "core:guard-v2"} for f in o["findings"])')" = true ] || fail "not every subject was tried"
cp out before
expect 1 "$faultline" triage --db fixed --retest --now 172800 --json --quiet
cmp before out || fail "a second retest changes something"
expect 1 "$faultline" triage --db fixed
grep -q "X breaks it" out || fail "there is no table of subjects"

# --- merging ---
mkdir half1 half2
for case in in/core-v2*; do cp "$case" half1; done
cp in/core-v3* in/core-v4* in/packed half2
expect 1 "$faultline" triage half1 --db one --now 86400 --quiet
expect 1 "$faultline" triage half2 --db two --now 86400 --json --quiet
cp out two.json
expect 1 "$faultline" triage --db merged --merge one --merge two --now 86400 --json --quiet
cp out merged.json
expect 1 "$faultline" triage in --db whole --now 86400 --json --quiet
[ "$(member out '[(f["subject"], f["signature"], f["inputs"], f["case"]) for f in o["findings"]]')" = \
	"$(member merged.json '[(f["subject"], f["signature"], f["inputs"], f["case"]) for f in o["findings"]]')" ] || fail "merged halves are not the whole"

# --- shorter ---
expect 1 "$faultline" triage --db two --minimize --now 86400 --json --quiet
[ "$(member out 'len(o["findings"])')" = "$(member two.json 'len(o["findings"])')" ] || fail "minimizing makes findings"
[ "$(member out 'all(f["operations"] <= 4 and f["identical"] == 10 for f in o["findings"])')" = true ] || fail "a short case is long, or does not replay"

# --- killed, and two at once ---
for delay in 0.01 0.03 0.05 0.08 0.12; do
	"$faultline" triage in --db killed --now 86400 --quiet >/dev/null 2>&1 &
	sleep $delay
	kill -9 $! 2>/dev/null || true
	wait $! 2>/dev/null || true
done
for number in 1 2 3; do
	"$faultline" triage in --db killed --now 86400 --quiet >/dev/null 2>err.$number &
	eval "pid$number=$!"
done
for number in 1 2 3; do
	status=0
	eval "wait \$pid$number" || status=$?
	[ $status = 1 ] || fail "one of three at once ended with $status: $(cat err.$number)"
done
expect 1 "$faultline" triage --db killed --now 86400 --json
member out 'o["findings"]' >left
expect 1 "$faultline" triage --db whole --now 86400 --json
member out 'o["findings"]' >right
cmp left right || fail "after kills and three at once the store differs"

# --- what is refused ---
refused "say which store" triage in
refused "there is no such store" triage --db missing
refused "did you mean '--suppressions'" triage --db db --supressions x
refused "--ignore needs a reason" triage --db db --ignore "$storm"
refused "begins with an invariant's name" triage --db db --ignore nonsense --reason x
refused "say --ignore" triage --db db --reason x
refused "--fail-on old" triage --db db --fail-on old
refused "did you mean 'tbu_debug_fuzzer'" triage in --db db --fuzzer-input tbu_debug_fuzer
refused "take standard output" triage --db db --json --sarif -
refused "cannot read folder no-such-folder" triage no-such-folder --db new
refused "no-such-folder/log: No such file" triage --db db --sarif no-such-folder/log
refused "in/notes:1" triage --db db --suppressions in/notes
refused "is no store" triage in --db in/notes
refused "there is no such store" triage --db new --merge missing
mkdir bad
sed 's/^subject .*/subject linux:not-here/' small.case >bad/not-here.case
refused "linux:not-here" triage bad --db new
sed 's/^subject .*/subject core:nobody/' small.case >bad/not-here.case
refused "bad/not-here.case: there is no subject 'core:nobody'" triage bad --db new
head -5 small.case >bad/not-here.case
refused "bad/not-here.case:" triage bad --db new
rm bad/not-here.case
if [ "$(id -u)" != 0 ]; then
	chmod 0 bad
	refused "cannot read folder bad: Permission denied" triage bad --db new
	chmod 755 bad
fi
cp db newer
python3 -c 'import sqlite3; s = sqlite3.connect("newer"); s.execute("PRAGMA user_version = 99"); s.execute("PRAGMA journal_mode = DELETE")'
cp newer copy
refused "newer faultline" triage in --db newer
cmp newer copy || fail "a newer store was changed"
cp whole damaged
python3 -c 'f = open("damaged", "r+b"); f.seek(4096 * 2); f.write(b"\xa5" * 4096)'
cp damaged copy
refused "damaged" triage in --db damaged
cmp damaged copy || fail "a damaged store was changed"
