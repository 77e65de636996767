# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the program: sourced with $1 = the program. Each test works in a folder of its own.
faultline=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# expect STATUS COMMAND...: run it with output in ./out and ./err, and compare its exit status.
expect() {
	wanted=$1
	shift
	status=0
	"$@" >out 2>err </dev/null || status=$?
	[ "$status" = "$wanted" ] || {
		cat err >&2
		fail "'$*' ended with $status, not $wanted"
	}
}

# refused TEXT ARGUMENT...: exit 2, nothing on standard output, one line of error that has TEXT,
# and no file made.
refused() {
	text=$1
	shift
	before=$(find . -mindepth 1 ! -name out ! -name err | sort)
	expect 2 "$faultline" "$@"
	[ ! -s out ] || fail "'$*' printed something on standard output"
	[ "$(wc -l <err)" = 1 ] || fail "'$*' said $(wc -l <err) lines, not one"
	grep -qF -- "$text" err || fail "'$*' said '$(cat err)', not '$text'"
	after=$(find . -mindepth 1 ! -name out ! -name err | sort)
	[ "$before" = "$after" ] || fail "'$*' wrote files: $after"
}

# member FILE EXPRESSION: a value out of a file that holds one JSON object and nothing else.
member() {
	python3 -c 'import json, sys
value = eval(sys.argv[2], {"o": json.load(open(sys.argv[1]))})
print("true" if value is True else "false" if value is False else value)' "$1" "$2"
}
