#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Crash files that real engines find, in their own layout and under their own names: each campaign looks for
# one cause (crash_causes.h), so its crashes have that label. What is found differs from time to time; that
# no finding is split and none merged holds for whatever it is.
#   found.sh FAULTLINE MAKE_CRASHES FUZZERS ENGINE [SECONDS]
set -eu
faultline=$1 make=$2 fuzzers=$3 engine=$4 seconds=${5:-3}
target=suspend_race_fuzzer
[ -x "${FAULTLINE_FUZZERS:-/nowhere}/$engine/bin/$target" ] || export FAULTLINE_FUZZERS="$fuzzers"
[ -x "$FAULTLINE_FUZZERS/$engine/bin/$target" ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/found"

# Those of the causes that this target can show.
"$make" --causes | while IFS='	' read -r name subject of invariant; do
	[ "$of" = $target ] || continue
	status=0
	"$faultline" fuzz $target --subject "$subject" --invariants "$invariant" --engine "$engine" --jobs 1 \
		--seeds none --seconds "$seconds" --no-minimize --quiet --json --out "$work/found/$name" \
		>"$work/$name.json" 2>"$work/err" || status=$?
	# AFL++ starts from what does not crash, and of some causes the empty input does.
	[ "$status" -le 1 ] || grep -q "input seed that does not crash" "$work/err" || {
		cat "$work/err" >&2
		exit 1
	}
done
"$make" --label "$work/found"
status=0
"$faultline" triage "$work/found" --db "$work/db" --json >"$work/report.json" 2>/dev/null || status=$?
[ "$status" = 1 ] || {
	echo "triage ended with $status" >&2
	exit 1
}
python3 "$(dirname "$0")/labelled.py" --subjects 3 "$work/found" "$work/db" "$work/report.json"
# What they are called is the engine's doing, not ours.
case $engine in
afl) name='/afl/main/crashes/id:[0-9]*,sig:[0-9]*,src:[^/]*,time:[0-9]*,execs:[0-9]*' ;;
libfuzzer) name='/libfuzzer/crashes/crash-[0-9a-f]\{40\}$' ;;
esac
cut -f1 "$work/found/labels" | grep -q "$name" || {
	echo "no crash file is called as the engine calls them: $(head -n 3 "$work/found/labels")" >&2
	exit 1
}
