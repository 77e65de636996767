#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lists, the help and the version; each list is one JSON object when asked.
set -eu
. "$(dirname "$0")/lib.sh"

expect 0 "$faultline" --help
for command in explore replay case subjects scenarios profiles invariants bisect; do
	grep -q "^  $command " out || fail "--help does not name $command"
done
expect 0 "$faultline" --version
grep -Eq '^faultline [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version says $(cat out)"
for command in explore replay case subjects scenarios profiles invariants bisect; do
	expect 0 "$faultline" "$command" --help
	grep -q "^Usage: faultline $command" out || fail "$command --help says $(head -n 1 out)"
done

has() {
	expect 0 "$faultline" "$1"
	for name in $2; do
		grep -q "^$name " out || fail "$1 does not list $name"
	done
	expect 0 "$faultline" "$1" --json
	missing=$(member out "sorted(set('$(echo $2)'.split()) - set(x['name'] for x in o['$1']))")
	[ "$missing" = "[]" ] || fail "$1 --json does not list $missing"
	[ "$(member out "all(x['help'] for x in o['$1'])")" = true ] || fail "$1: something has no help"
}
has subjects "core:legacy core:resume core:guard-v1 core:guard-v2 core:guard-v3 core:guard-v4 core:reference"
has profiles "mmu500 mmu500-one-cpu mmu500-edge mmu500-no-pm-domain mmu500-shared-line mmu500-threadirqs mmu500-tbu qcom_v2"
has scenarios "fault-vs-runtime-suspend free"
has invariants "unclocked-access unguarded-access pm-imbalance sleep-in-atomic irq-return irq-storm dead-line lost-stall
resume-order double-report lost-fault torn-report lifetime client-unpowered sctlr-drift suspended-line-high deadlock
lock-order data-race leak livelock memory-error kernel-warning"
