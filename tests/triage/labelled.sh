#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand crash files of both engines over six subjects, whose labels are known: none split, none merged.
#   labelled.sh FAULTLINE MAKE_CRASHES LABELLED.txt [COUNT]
set -eu
faultline=$1 make=$2 wanted=$3 count=${4:-1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$make" "$work/crashes" "$count"
status=0
"$faultline" triage "$work/crashes" --db "$work/db" --now 1000 --json >"$work/once.json" 2>/dev/null || status=$?
[ "$status" = 1 ] || {
	echo "triage ended with $status" >&2
	exit 1
}
# Again, and somewhere else: nothing is counted twice.
mv "$work/crashes" "$work/moved"
"$faultline" triage "$work/moved" --db "$work/db" --now 2000 --fail-on none --json >"$work/twice.json" 2>/dev/null
python3 - "$work" "$wanted" "$count" <<'END'
import collections, json, os, sqlite3, sys
work, wanted, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
wanted = {tuple(line.rstrip("\n").split("\t")) for line in open(wanted) if not line.startswith("#")}
once, twice = (json.load(open(os.path.join(work, name))) for name in ("once.json", "twice.json"))
assert once["complete"] and once["inputs"] == count and not once["quiet"] and not once["died"], once["inputs"]
# The engines' notes, queues, logs and the campaigns' own files: three for each of six.
assert once["skipped"] == 6 * 3 + 1, once["skipped"]
found = {(f["subject"], f["signature"]) for f in once["findings"]}
assert found == wanted, f"split: {found - wanted}, merged: {wanted - found}"
hits = collections.defaultdict(set)
for name, subject, signature in sqlite3.connect(os.path.join(work, "db")).execute("SELECT name, subject, signature FROM hit"):
    hits[name].add((subject, signature.split()[0]))
labels = {}
for line in open(os.path.join(work, "moved", "labels")):
    name, subject, invariants = line.rstrip("\n").split("\t")
    labels[name] = {(subject, invariant) for invariant in invariants.split()}
assert len(labels) == count
for name in labels:
    assert hits[name] == labels[name], f"{name}: {hits[name]}, by its label {labels[name]}"
for finding in once["findings"]:
    assert finding["first_seen"] == finding["last_seen"] == 1000
    assert finding["replays"] == finding["identical"] == 10, finding
    finding["last_seen"] = 2000
assert twice == once, "a second time changed more than when it was seen last"
END
