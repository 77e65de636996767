#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# replay --bisect: statuses for 'git bisect run', 0, 1 and 125 and nothing else.
set -eu
. "$(dirname "$0")/lib.sh"
case=$2/corpus/findings/core-v2-storm-gated.case

expect 1 "$faultline" replay --bisect "$case"
grep -q 'core:guard-v2 breaks irq-storm' out || fail "'$(cat out)'"
expect 0 "$faultline" replay --bisect --search 300 --subject core:reference "$case"
# Its steps have moved: the schedule is searched anew.
awk '/^at [0-9]/ { $2 += 3 } { print }' "$2/corpus/findings/core-v4-storm-before-mask.case" >moved.case
expect 1 "$faultline" replay --bisect moved.case
expect 1 "$faultline" replay --bisect --subject core:guard-v3 moved.case

# What cannot be told is skipped, in one line.
for arguments in "--bisect no-such.case" "--bisect --subject core:nobody $case" "--bisect --subject linux:nowhere $case" \
	"--bisect --nonsense $case" "--bisect"; do
	# shellcheck disable=SC2086
	expect 125 "$faultline" replay $arguments
	[ "$(wc -l <err)" = 1 ] && [ ! -s out ] || fail "'$arguments' said more than one line"
done
sed '/^breaks/d' "$case" >silent.case
expect 125 "$faultline" replay --bisect silent.case

# A real 'git bisect run' over the generations, a file naming the one that each commit has.
command -v git >/dev/null || exit 0
git init -q history
cd history
for generation in reference guard-v4 guard-v4 guard-v3 guard-v2 guard-v2; do
	echo "core:$generation $(git rev-list --all --count)" >subject
	git add subject
	git -c user.name=test -c user.email=test@localhost commit -qm "$generation"
done
git bisect start HEAD HEAD~5 >/dev/null
git bisect run sh -c "'$faultline' replay --bisect --search 300 --subject \"\$(cut -d' ' -f1 subject)\" '$case'" >log 2>&1 ||
	fail "git bisect run failed: $(tail -n 3 log)"
[ "$(git log -1 --format=%s refs/bisect/bad)" = guard-v2 ] || fail "the wrong commit: $(cat log)"
[ "$(git log -1 --format=%s refs/bisect/bad~1)" = guard-v3 ] || fail "not the first commit of guard-v2"
