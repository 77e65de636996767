#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 of scripts/soak at moments that nobody chose: each finding that it announced is on disk, recorded and
# readable, and the next run goes on. $1 the program, $2 the source folder, $3 how many kills (3), $4 the seed.
set -eu
# shellcheck source=../cli/lib.sh
. "$2/tests/cli/lib.sh"
soak=$2/scripts/soak
kills=${3:-3}
state=${4:-1}
tab=$(printf '\t')
command -v setsid >/dev/null || exit 77

draw() {
	state=$((state * 48271 % 2147483647))
	drawn=$((state / 7 % $1))
}
run() {
	"$soak" --program "$faultline" --subject core:guard-v2 --rounds 30 --search-seconds 0 --out kept "$@"
}

announced=0
: >all
for kill in $(seq "$kills"); do
	setsid "$soak" --program "$faultline" --subject core:guard-v2 --rounds 30 --search-seconds 0 --out kept \
		--slices 1000000 >out 2>err </dev/null &
	pid=$!
	# Not before there is something to lose; then within the time of some slices.
	until grep -q '^soak: \(found\|again\): .*\.history$' err; do
		kill -0 $pid || fail "soak ended by itself: $(cat err)"
		sleep 0.05
	done
	draw 1500
	sleep "$(printf '%d.%03d' $((drawn / 1000)) $((drawn % 1000)))"
	# The whole group, or, each third time, only the script.
	if [ $((kill % 3)) = 0 ]; then
		kill -KILL $pid
	else
		kill -KILL -$pid
	fi
	wait $pid 2>/dev/null || true

	# The last line may have been cut off; a whole one is an announcement.
	sed -n 's/^soak: \(found\|again\): .*: \(kept\/.*\.history\)$/\2/p' err >paths
	cat paths >>all
	while read -r path; do
		[ -s "$path" ] || fail "kill $kill: $path was announced and is not there"
		grep -q "$tab${path#kept/}$tab.*$tab\.\$" kept/ledger || fail "kill $kill: $path is not in the ledger"
		"$faultline" explore --from "$path" --runs 1 --quiet --out cases >/dev/null || [ $? = 1 ] ||
			fail "kill $kill: $path cannot be read"
	done <paths

	# The next run goes on: it closes what was open, and its own slice ends.
	expect 1 run --slices 1
	grep -q '^this run: .*, 0 failed; 30 rounds, ' out || grep -q '^this run: .*, 0 failed; [1-9]' out ||
		fail "kill $kill: the next run did nothing: $(cat out)"
	begun=$(grep -c "${tab}begin$tab.*$tab\.\$" kept/ledger)
	ended=$(grep -c "$tab\(end\|interrupted\)$tab.*$tab\.\$" kept/ledger)
	[ "$begun" = "$ended" ] || fail "kill $kill: of $begun slices $ended came to an end: $(cat kept/ledger)"
	# No history without its line.
	find kept -name '*.history' | while read -r path; do
		grep -q "$tab${path#kept/}$tab.*$tab\.\$" kept/ledger || fail "kill $kill: $path is not in the ledger"
	done
done
announced=$(wc -l <all)
while read -r path; do
	[ -s "$path" ] || fail "$path was announced and is not there any more"
done <all
echo "$kills kills, $announced announced findings, $(grep -c "${tab}interrupted$tab" kept/ledger) interrupted slices"
