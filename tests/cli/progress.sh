#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Progress: plain lines in a file, a status line on a terminal, no colour with NO_COLOR.
set -eu
. "$(dirname "$0")/lib.sh"

expect 0 "$faultline" explore --subject core:reference --invariants lock-order --seconds 1 --jobs 1 --out found
grep -q 'schedules, .*/s, 0 findings, .* s left' err || fail "no progress: $(cat err)"
! grep -q "$(printf '\033')" err || fail "escape sequences in a file"
expect 0 "$faultline" explore --subject core:reference --invariants lock-order --runs 10 --jobs 1 --quiet --out found
[ ! -s err ] || fail "--quiet says $(cat err)"

# A terminal of our own, with python's pty.
on_terminal() {
	python3 -c 'import os, pty, sys
out = open("terminal", "wb")
def read(fd):
    data = os.read(fd, 4096)
    out.write(data)
    return b""
pty.spawn(sys.argv[1:], read)' "$faultline" "$@" </dev/null >/dev/null
}
export TERM=xterm
on_terminal explore --subject core:legacy --runs 3000 --out coloured
grep -q "$(printf '\033')\[31m" terminal || fail "no colour on a terminal"
NO_COLOR=1 on_terminal explore --subject core:legacy --runs 3000 --out plain
! grep -q "$(printf '\033')\[31m" terminal || fail "colour in spite of NO_COLOR"
