#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand crash files of both engines, each produced for a known cause (crash_causes.h): as many findings
# as there are causes and places, none split, none merged.
#   labelled.sh [--update] FAULTLINE MAKE_CRASHES LABELLED.txt [COUNT]
# "--update" writes what the findings are called, and what else the crashes break; that none is split
# or merged is tested before, and look at the diff before it is committed.
set -eu
update=
[ "$1" != --update ] || {
	update=--update
	shift
}
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
python3 "$(dirname "$0")/labelled.py" $update --subjects 12 --count "$count" --names "$wanted" "$work/moved" "$work/db" "$work/once.json"
python3 - "$work" <<'END'
import json, os, sys
once, twice = (json.load(open(os.path.join(sys.argv[1], name))) for name in ("once.json", "twice.json"))
# The engines' notes, queues and the campaigns' own files: three for each of twelve causes.
assert once["skipped"] == 12 * 3 + 1, once["skipped"]
for finding in once["findings"]:
    assert finding["first_seen"] == finding["last_seen"] == 1000
    assert finding["replays"] == finding["identical"] == 10, finding
    finding["last_seen"] = 2000
assert twice == once, "a second time changed more than when it was seen last"
END
