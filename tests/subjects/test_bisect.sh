#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# faultline bisect on a git tree of Linux 6.12 with the semantic patches as commits: who breaks what and who
# mends it, what is skipped, that the tree stays as it is, and what an interrupt leaves.
#   test_bisect.sh FAULTLINE
set -eu -o pipefail
FAULTLINE=$1
ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
for program in clang-19 ld.lld-19 flex bison bc perl patch git spatch python3; do
	command -v $program >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
[ -r /usr/src/linux-source-6.12.tar.xz ] || { echo "skipped: no linux-source-6.12"; exit 77; }
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
. "$ROOT/tests/subjects/series.sh"

fail() {
	echo "FAIL: $*"
	exit 1
}

make_series resume
# One that nobody has to try, and one that nobody can.
echo "about the tree" >"$TREE/README"
in_tree add -f README
in_tree commit -q -m "no driver"
sed -i '$a this_is_no_type at_all;' "$TREE/$DRIVER_FOLDER/arm-smmu.c"
in_tree commit -q -a -m "does not build"
more_series resume+guard-v1 resume+guard-v2 resume+guard-v3
# The user has changes that are nobody's business.
echo "int not_committed;" >>"$TREE/$DRIVER_FOLDER/arm-smmu.c"
tree_state() {
	find "$TREE" -type f -printf '%P %s %T@ %C@\n' | LC_ALL=C sort | digest
}
before=$(tree_state)

cd "$SCRATCH"
# bisect STATUS ARGUMENT...: output in ./out, messages in ./err
bisect() {
	local wanted=$1 status=0
	shift
	"$FAULTLINE" bisect --linux "$TREE" --add-linux "$ROOT/scripts/add-linux" --out bisect "$@" >out 2>err </dev/null ||
		status=$?
	[ $status = "$wanted" ] || fail "bisect $* ended with $status, not $wanted: $(cat err)"
}

bisect 1 --json --runs 3000 --seed 1 --jobs 1 HEAD~6..HEAD
python3 - out <<'END_OF_CHECK'
import json, sys

o = json.load(open(sys.argv[1]))
commits = o["commits"]
names = [c["title"] for c in commits]
titles = {c["commit"]: c["title"] for c in commits}
assert names == ["base", "resume", "does not build", "resume+guard-v1", "resume+guard-v2", "resume+guard-v3"], names
states = [c["state"] for c in commits]
assert states == ["tried", "tried", "skipped", "tried", "tried", "tried"], states
assert "this_is_no_type" in commits[2]["why"], commits[2]["why"]
assert o["complete"]


def row(name):
    short = {"BROKEN": "B", "keeps": "k"}
    return "".join(short.get(c["invariants"][name]["verdict"], "-") if c["invariants"] else "s" for c in commits)


def change(name):
    b = o["broken"][name]
    return (titles[b["first_bad"]], [titles[c] for c in b["first_bad_or"]], titles.get(b["first_good"]))


v1, v2, v3 = names[3:]
table = {
    "resume-order": ("Bkskkk", ("base", [], "resume")),
    "client-unpowered": ("Bkskkk", ("base", [], "resume")),
    "sleep-in-atomic": ("kksBkk", (v1, ["does not build"], v2)),
    "suspended-line-high": ("BBsBBk", ("base", [], v3)),
    "irq-storm": ("BBsBBB", ("base", [], None)),
}
for name, (cells, who) in table.items():
    assert row(name) == cells, (name, row(name))
    assert change(name) == who, (name, change(name))
assert o["broken"]["resume-order"]["by_the_base"] and not o["broken"]["sleep-in-atomic"]["by_the_base"]
assert row("lock-order") == "kkskkk" and "lock-order" not in o["broken"]
END_OF_CHECK
[ "$(tree_state)" = "$before" ] || fail "the tree was changed"

# Cases alone, on what is built already. From 'resume' on there is no client that could do what the first one
# wants; the schedule of the other is found again where it breaks, and nowhere else.
case_folder() {
	echo "bisect/cases/$(git -C "$TREE" rev-parse "$1" | cut -c1-12)"
}
base=$(case_folder HEAD~6)
cp "$base/resume-order-01.case" order.case
cp "$(case_folder HEAD~2)/sleep-in-atomic-01.case" sleep.case
bisect 1 --no-search --search 300 --case order.case --case sleep.case HEAD~6..HEAD
grep -Eq '^case 1 +BROKEN +cannot +skipped( +cannot){3} *$' out || fail "the first case: $(cat out)"
grep -Eq '^case 2 +keeps +keeps +skipped +BROKEN +keeps +keeps *$' out || fail "the second case: $(cat out)"
grep -q '^resume-order, broken by the base already.*kept by none after it' out || fail "$(cat out)"
grep -q '^sleep-in-atomic, first broken by 3 .*"resume+guard-v1" or one of the 1 skipped before it, first kept again by 4 ' out ||
	fail "$(cat out)"
grep -q '^      skipped: .*this_is_no_type' out || fail "the table does not say why a commit is skipped"
grep -q '^irq-storm' out && fail "a row of what nobody asked for"
FAULTLINE_SUBJECTS=bisect/subjects "$FAULTLINE" replay --quiet "$base/resume-order-01.case" >replayed &&
	fail "the base's case does not replay"
grep -q '^BROKEN at step .*resume-order' replayed || fail "the base's case breaks something else: $(cat replayed)"
bisect 0 --no-search --search 300 --case order.case HEAD~2..HEAD

# Interrupted: what is known is told.
rm -r bisect/logs
"$FAULTLINE" bisect --linux "$TREE" --add-linux "$ROOT/scripts/add-linux" --out bisect --json --seconds 600 --jobs 1 \
	HEAD~6..HEAD >out 2>err </dev/null &
pid=$!
for _ in $(seq 600); do
	! grep -q 'breaks resume-order' bisect/logs/* 2>/dev/null || break
	sleep 0.1
done
kill -INT $pid
status=0
wait $pid || status=$?
[ $status = 1 ] || fail "interrupted, it ended with $status: $(cat err)"
python3 -c '
import json
o = json.load(open("out"))
states = [c["state"] for c in o["commits"]]
assert not o["complete"] and states == ["interrupted"] + ["not tried"] * 5, states
assert "resume-order" in o["broken"]' || fail "interrupted, the table is wrong"

# Nothing that could be tried is no result.
bisect 2 --runs 10 HEAD~3..HEAD~3
grep -q 'is empty' err || fail "an empty range: $(cat err)"
bisect 2 --runs 10 HEAD~5..HEAD~4
grep -q 'no commit of .* touches the driver' err || fail "a range without the driver: $(cat err)"
echo "bisect names who breaks and who mends"
