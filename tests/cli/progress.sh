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

# On a narrow one the status line keeps to one row, or erasing it would leave the others.
python3 -c 'import fcntl, os, pty, re, struct, sys, termios
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
text = b""
try:
    while True:
        text += os.read(terminal, 4096)
except OSError:
    pass
os.waitpid(pid, 0)
lines = [line for line in re.split(r"\r\n|\r\x1b\[K", text.decode()) if line.startswith("core:reference on ")]
lines = [line for line in lines if "schedules, " in line]
assert lines, "there is no status line in %r" % text
assert all(len(line) == 59 for line in lines), lines' "$faultline" explore --subject core:reference \
	--invariants lock-order --scenario fault-vs-runtime-suspend --seconds 1 --jobs 1 --out narrow ||
	fail "the status line is wider than its terminal"
