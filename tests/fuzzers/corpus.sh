#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each target runs what the project has as cases, a hundred times each in one process: every run is the same, and
# core:reference has no finding. Every call of the parser's target is as good as its first, too.
set -eu
. "$(dirname "$0")/lib.sh"

made=0
for target in context_fault suspend_race global_fault tbu_debug domain_lifecycle system_sleep; do
	mkdir "$target"
	for case in "$source"/corpus/litmus/*.case "$source"/corpus/findings/core-*.case; do
		# Some targets do not have the operations or the profile of a case.
		"$faultline" case --fuzzer-output "${target}_fuzzer" "$case" --output "$target/$(basename "$case" .case)" \
			>/dev/null 2>&1 || true
	done
	printf '' >"$target/empty"
	count=$(find "$target" -type f | wc -l)
	made=$((made + count - 1))
	expect 0 "$targets/${target}_fuzzer" --repeat 100 "$target"
	[ "$(tail -n 1 out)" = "$count inputs, 100 runs each, 0 not repeated" ] || fail "$target: $(tail -n 1 out)"
	# Not one hash for all, but for cases that differ in what this subject cannot do.
	[ "$count" -lt 3 ] || [ "$(sed '$d' out | cut -d ' ' -f 1 | sort -u | wc -l)" -gt 1 ] || fail "$target: one hash"
	cp out "$target.hashes"
	# In another process, after other inputs, they are the same.
	for input in "$target"/*; do
		expect 0 "$targets/${target}_fuzzer" --repeat 1 "$input"
		head -n 1 out
	done >alone
	sed '$d' "$target.hashes" | cmp -s - alone || fail "$target: what ran before an input changes its run"
done
[ "$made" -ge 60 ] || fail "only $made inputs could be made of the corpus"

mkdir packed
for case in "$source"/corpus/litmus/*.case; do
	"$faultline" case --pack "$case" --output "packed/$(basename "$case" .case)"
done
expect 0 "$targets/case_parser_fuzzer" --repeat 3 packed "$source/corpus/litmus" "$source/corpus/findings" \
	"$tests/crashes/use-after-free.suppressions" "$tests/crashes/CRASHES"
grep -q ', 3 runs each, 0 not repeated$' out || fail "$(tail -n 1 out)"
