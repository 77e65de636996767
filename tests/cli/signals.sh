#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGINT and SIGTERM end a search cleanly, with what was found; jobs never outlive it.
set -eu
. "$(dirname "$0")/lib.sh"

for signal in INT TERM; do
	# A shell without job control starts background commands with SIGINT ignored; python does not.
	status=0
	python3 -c 'import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
with open("out", "w") as out:
    search = subprocess.Popen(sys.argv[2:], stdout=out, stderr=subprocess.PIPE)
    search.stderr.readline()
    time.sleep(0.3)
    search.send_signal(getattr(signal, "SIG" + sys.argv[1]))
    search.stderr.read()
    sys.exit(search.wait(timeout=60))' \
		"$signal" "$faultline" explore --subject core:legacy --seconds 1000 --json --out "found-$signal" || status=$?
	[ "$status" = 1 ] || fail "SIG$signal ended it with $status"
	[ "$(member out 'o["complete"]')" = false ] || fail "SIG$signal: it says that it is complete"
	[ "$(member out 'len(o["findings"]) > 0')" = true ] || fail "SIG$signal: the findings are lost"
done

# A signal to the whole process group (timeout, a service that is stopped) is no death of a job.
for command in "explore --subject core:reference --jobs 2" "stress --subject core:reference --threads 40"; do
	# shellcheck disable=SC2086 # the command is words
	python3 -c 'import os, signal, subprocess, sys, time
with open("out", "w") as out:
    search = subprocess.Popen(sys.argv[1:], stdout=out, stderr=subprocess.PIPE, start_new_session=True)
search.stderr.readline()
time.sleep(0.3)
os.killpg(search.pid, signal.SIGTERM)
said = search.stderr.read().decode()
status = search.wait(timeout=60)
assert status == 0, "it ended with %d: %s" % (status, said)
assert "died" not in said, said' "$faultline" $command --seconds 1000 --json --out group || fail "SIGTERM to the group of $command"
	[ "$(member out 'o["complete"]')" = false ] || fail "SIGTERM to the group of $command: it says that it is complete"
done

# Killed outright, it takes its jobs along.
python3 -c 'import os, subprocess, sys, time
search = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
search.stderr.readline()
children = open("/proc/%d/task/%d/children" % (search.pid, search.pid)).read().split()
assert children, "there are no jobs"
search.kill()
search.wait()
deadline = time.time() + 10
while any(os.path.exists("/proc/" + child) for child in children):
    assert time.time() < deadline, "a job outlived the search"
    time.sleep(0.05)' "$faultline" explore --subject core:legacy --seconds 1000 --jobs 2 --out found-kill ||
	fail "killing the search"
