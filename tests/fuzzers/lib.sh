# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the targets share. FAULTLINE SOURCE TARGETS: the program, the source, the targets' folder.
faultline=$1
source=$2
targets=$3
tests=$source/tests/fuzzers
unset FAULTLINE_SUBJECT FAULTLINE_INVARIANTS FAULTLINE_SUPPRESSIONS FAULTLINE_FEEDBACK
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "$0: $*" >&2
	sed 's/^/  /' err >&2
	exit 1
}

# expect STATUS COMMAND...: run it, its output in out and err.
expect() {
	wanted=$1
	shift
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" -eq "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}

# crashes TEXT COMMAND...: it ends by a signal, and says so.
crashes() {
	wanted=$1
	shift
	status=0
	"$@" >out 2>err || status=$?
	[ "$status" -gt 128 ] || fail "exit status $status instead of a signal: $*"
	grep -qF "ASSERTION FAILED: $wanted" err || fail "no crash of '$wanted': $*"
}
