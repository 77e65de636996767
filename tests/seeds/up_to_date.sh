#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seeds, dictionaries and options are those that the cases and tables make. $1 make_seeds, $2 the source folder.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

"$1" "$2" "$work"
for folder in "$work"/seeds/*; do
	target=$(basename "$folder")
	[ -n "$(ls "$folder")" ] || fail "there are no seeds for $target"
	diff -r -x 'mined-*' "$folder" "$2/corpus/seeds/$target" || fail "seeds of $target: run scripts/make-seeds"
	for suffix in dict options; do
		diff "$work/$target.$suffix" "$2/fuzzers/$target.$suffix" ||
			fail "fuzzers/$target.$suffix: run scripts/make-seeds"
	done
	# What engines read: a name, a value in quotes.
	if grep -vE '^(#.*|[A-Za-z0-9_]*=?"([^"\\]|\\x[0-9a-f]{2})+"|)$' "$work/$target.dict"; then
		fail "$target.dict has lines that are no entries"
	fi
done
status=0
"$1" "$work/nowhere" "$work" 2>"$work/error" || status=$?
[ $status = 2 ] && grep -q "there are no cases in $work/nowhere" "$work/error" || fail "no corpus: status $status"
