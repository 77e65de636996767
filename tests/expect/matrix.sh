#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Subject x invariant, as expected: what a fixed search says of each subject is compared with the
# checked-in table, so that a change of verdict shows in a diff, and a checker that falls silent fails.
#   matrix.sh FAULTLINE TABLE PROFILE GRANULARITY SUBJECT...
#   matrix.sh --update FAULTLINE TABLE PROFILE GRANULARITY SUBJECT...    writes the table anew
# A verdict that changes on purpose is updated with the target expectations (cmake --build ... --target).
set -eu
update=
if [ "$1" = --update ]; then
	update=yes
	shift
fi
faultline=$1 table=$2 profile=$3 granularity=$4
shift 4
# Strategy rf tells objects apart by their addresses, and AddressSanitizer gives variables on a stack new
# ones: there the same search takes other schedules.
if grep -q __asan_init "$faultline"; then
	echo "the table is of builds without AddressSanitizer"
	exit 77
fi
runs=10000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
	echo "# faultline explore --profile $profile --runs $runs --seed 1 --jobs 1 --granularity $granularity, each subject"
	for subject; do
		status=0
		"$faultline" explore --subject "$subject" --profile "$profile" --runs $runs --seed 1 --jobs 1 --quiet \
			--granularity "$granularity" --out "$work/out" >"$work/text" 2>"$work/errors" || status=$?
		if [ $status -gt 1 ]; then
			cat "$work/errors" >&2
			exit 1
		fi
		echo
		echo "$subject on $profile"
		for verdict in BROKEN keeps "not exercised" "not judged"; do
			names=$(sed -n "s/^\([a-z-]*\)  *$verdict .*/\1/p" "$work/text" | tr '\n' ' ')
			[ -z "$names" ] || echo "$verdict: $names" | sed 's/ $//'
		done
	done
} >"$work/table"

if [ -n "$update" ]; then
	cp "$work/table" "$table"
	exit 0
fi
diff -u "$table" "$work/table" || {
	echo "verdicts have changed; if that is meant, build the target 'expectations' and commit the diff" >&2
	exit 1
}
