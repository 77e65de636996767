#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libFuzzer solves the puzzle by its features, and does not without them.
set -eu
puzzle=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	tail -5 log >&2
	exit 1
}

# features: how many the engine counts at the end.
features() {
	sed -n 's/.*DONE .* ft: \([0-9]*\).*/\1/p' log
}

if PUZZLE=blind "$puzzle" -seed=1 -max_len=8 -len_control=0 -runs=200000 >log 2>&1; then :; else
	fail "solved without features: it shows itself in edges"
fi
blind=$(features)
"$puzzle" -seed=1 -max_len=8 -len_control=0 -runs=1000 >log 2>&1 || fail "solved by luck"
[ "$(features)" -gt "$blind" ] || fail "the engine sees $(features) features, and $blind without any"
if "$puzzle" -seed=1 -max_len=8 -len_control=0 -runs=800000 >log 2>&1; then
	fail "not solved with features"
fi
grep -q 'deadly signal' log || fail "it did not end by the trap"
