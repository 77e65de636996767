#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory stays flat over many schedules.
set -eu
. "$(dirname "$0")/lib.sh"

# Of the memory that AddressSanitizer keeps beside the program's, more is touched with time.
grown=512
grep -q __asan_init "$faultline" && grown=4096

python3 -c 'import subprocess, sys, time
search = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
sizes = []
while search.poll() is None:
    try:
        children = open("/proc/%d/task/%d/children" % (search.pid, search.pid)).read().split()
        for line in open("/proc/%s/status" % children[0]):
            if line.startswith("RssAnon"):
                sizes.append(int(line.split()[1]))
    except (OSError, IndexError):
        pass
    time.sleep(0.05)
assert search.returncode in (0, 1), search.returncode
assert len(sizes) >= 8, "it ended too soon to be watched"
early, late = max(sizes[:len(sizes) // 4]), max(sizes[len(sizes) // 2:])
assert late - early <= int(sys.argv[1]), "memory grew from %d to %d KiB" % (early, late)' \
	$grown "$faultline" explore --subject core:guard-v2 --runs 200000 --jobs 1 --quiet --out found ||
	fail "memory does not stay flat"
