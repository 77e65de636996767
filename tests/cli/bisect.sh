#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# replay --bisect: statuses for 'git bisect run', 0, 1 and 125 and nothing else. And what faultline bisect refuses.
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

# faultline bisect: the same history with a driver, of which nothing builds.
cd ..
mkdir -p history/drivers/base/power
echo "int runtime;" >history/drivers/base/power/runtime.c
git -C history checkout -q --detach refs/bisect/bad 2>/dev/null || fail "no commit to go on from"
git -C history add drivers
git -C history -c user.name=test -c user.email=test@localhost commit -qm driver
printf '#!/bin/sh\necho "building" >&2\necho "add-linux: flux capacitor is missing" >&2\nexit 2\n' >builder
chmod +x builder
refused "say which git tree" bisect HEAD~1..HEAD
refused "say which commits" bisect --linux history --add-linux builder
refused "no git tree" bisect --linux "$work" --add-linux builder HEAD~1..HEAD
refused "give the top of it" bisect --linux history/drivers --add-linux builder HEAD~1..HEAD
refused "no range" bisect --linux history --add-linux builder HEAD
refused "no range" bisect --linux history --add-linux builder HEAD~1...HEAD
refused "has no commit 'nobody'" bisect --linux history --add-linux builder HEAD~1..nobody
refused "is empty" bisect --linux history --add-linux builder HEAD..HEAD~1
refused "touches the driver" bisect --linux history --add-linux builder HEAD~2..HEAD~1
refused "no-such-builder" bisect --linux history --add-linux no-such-builder HEAD~1..HEAD
refused "leaves nothing to do" bisect --linux history --add-linux builder --no-search HEAD~1..HEAD
refused "no-such.case" bisect --linux history --add-linux builder --case no-such.case HEAD~1..HEAD
refused "silent.case does not say what it breaks" bisect --linux history --add-linux builder --case silent.case HEAD~1..HEAD
refused "did you mean 'mmu500'" bisect --linux history --add-linux builder --profile mmu50 HEAD~1..HEAD
# Each commit is skipped with the last line of its build; that none could be tried is no result.
expect 2 "$faultline" bisect --linux history --add-linux ./builder --every --json HEAD~2..HEAD
[ "$(member out "[c['state'] + ': ' + c['why'] for c in o['commits']]")" = "$(printf "['%s', '%s', '%s']" \
	"skipped: flux capacitor is missing" "skipped: flux capacitor is missing" "skipped: flux capacitor is missing")" ] ||
	fail "$(cat out)"
expect 2 "$faultline" bisect --linux history --add-linux ./builder HEAD~2..HEAD
[ "$(grep -c '^      skipped: flux capacitor' out)" = 2 ] || fail "commits that do not touch the driver are tried: $(cat out)"
mkdir "with space"
cp builder "with space"
expect 2 "$faultline" bisect --linux history --add-linux ./builder --out "with space/out" HEAD~1..HEAD
grep -q 'refuses paths with spaces' err || fail "$(cat err)"
