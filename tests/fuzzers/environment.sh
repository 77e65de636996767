#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A bad environment or bad usage: one line that says what, where and what to do, and exit status 2.
set -eu
. "$(dirname "$0")/lib.sh"
target=$targets/suspend_race_fuzzer
: >input

# refused TEXT COMMAND...
refused() {
	text=$1
	shift
	expect 2 "$@"
	[ "$(cat err)" = "$text" ] || fail "it says: $(cat err)"
	[ ! -s out ] || fail "it prints something, too"
}

refused "suspend_race_fuzzer: FAULTLINE_SUBJECT=core:nix: this target has no such subject; 'faultline subjects' lists the built-in ones" \
	env FAULTLINE_SUBJECT=core:nix "$target" input
refused "suspend_race_fuzzer: FAULTLINE_SUBJECT=linux:6.12: this target has no such subject; 'faultline subjects' lists the built-in ones" \
	env FAULTLINE_SUBJECT=linux:6.12 "$target" input
refused "suspend_race_fuzzer: FAULTLINE_INVARIANTS: there is no invariant 'irq-strom'; 'faultline invariants' lists them" \
	env FAULTLINE_INVARIANTS=leak,irq-strom "$target" input
refused "suspend_race_fuzzer: FAULTLINE_INVARIANTS is empty; leave it unset to judge all" \
	env FAULTLINE_INVARIANTS= "$target" input
refused "suspend_race_fuzzer: FAULTLINE_FEEDBACK: there is no feature 'all'; there are meeting, device-state, lock-order, reads-from, or none alone" \
	env FAULTLINE_FEEDBACK=all "$target" input
refused "suspend_race_fuzzer: cannot read none: No such file or directory" \
	env FAULTLINE_SUPPRESSIONS=none "$target" input
printf '# known\nirq-storm "dead-line" reason "r"\n' >known
refused "suspend_race_fuzzer: known:2: 'dead-line' is no signature of irq-storm; it begins with 'irq-storm', or is '*'" \
	env FAULTLINE_SUPPRESSIONS=known "$target" input

refused "suspend_race_fuzzer: usage: [--repeat N] FILE|FOLDER..." "$target"
refused "suspend_race_fuzzer: usage: [--repeat N] FILE|FOLDER..." "$target" --repeat 3
refused "suspend_race_fuzzer: usage: [--repeat N] FILE|FOLDER..." "$target" --runs 3 input
refused "suspend_race_fuzzer: --repeat takes a number from 1 on" "$target" --repeat
refused "suspend_race_fuzzer: --repeat takes a number from 1 on, not 0" "$target" --repeat 0 input
refused "suspend_race_fuzzer: cannot read none: No such file or directory" "$target" none
mkdir empty
refused "suspend_race_fuzzer: empty is empty; give it inputs" "$target" empty
head -c 1048577 /dev/zero >large
refused "suspend_race_fuzzer: large is larger than 1048576 bytes; an input is shorter" "$target" large
expect 0 "$target" input
[ ! -s err ] || fail "it has something to say"
