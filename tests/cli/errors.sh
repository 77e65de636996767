#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad usage and bad input: one line each, exit status 2, nothing written.
set -eu
. "$(dirname "$0")/lib.sh"

refused "say what to do"
refused "did you mean 'explore'" explor
refused "did you mean '--subject'" explore --subjct core:legacy
refused "needs a value" explore --subject
refused "takes no value" explore --subject core:legacy --json=1
refused "unexpected argument 'x'" explore --subject core:legacy x
refused "with --subject" explore
refused "did you mean 'core:guard-v2'" explore --subject core:gaurd-v2
refused "unknown subject 'nonsense'" explore --subject nonsense
refused "linux:no-such-tree" explore --subject linux:no-such-tree
refused "did you mean 'mmu500'" explore --subject core:legacy --profile mmu5000
refused "unknown scenario" explore --subject core:legacy --scenario nonsense
refused "unknown strategy" explore --subject core:legacy --strategy nonsense
refused "strategy 'pct:x'" explore --subject core:legacy --strategy pct:x
refused "did you mean 'irq-storm'" explore --subject core:legacy --invariants irq-strom
refused "--seconds -1" explore --subject core:legacy --seconds -1
refused "--runs many" explore --subject core:legacy --runs many
refused "--jobs 0" explore --subject core:legacy --jobs 0
refused "--granularity byte" explore --subject core:legacy --granularity byte
refused "unknown option '--nonsense'" subjects --nonsense

# Folders and files that cannot be written.
echo text >file
refused "cannot write to folder file: Not a directory" explore --subject core:legacy --seconds 1 --out file/below
refused "cannot write to folder file: Not a directory" explore --subject core:legacy --seconds 1 --out file
refused "--out: give the name of a folder" explore --subject core:legacy --seconds 1 --out ""
refused "no-such-folder/report.md" explore --subject core:legacy --seconds 1 --report no-such-folder/report.md
if [ "$(id -u)" != 0 ]; then
	mkdir read-only
	chmod a-w read-only
	refused "cannot write to folder" explore --subject core:legacy --seconds 1 --out read-only
fi

# No room for the case: one line, and no half of a file.
# (ThreadSanitizer's runtime writes a file of its own, and dies of this limit before main().)
grep -q __tsan_init "$faultline" || python3 -c 'import resource, subprocess, sys
result = subprocess.run(sys.argv[1:], capture_output=True, text=True,
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
assert result.returncode == 2, result
assert result.stderr.count("\n") == 1 and result.stdout == "", result' \
	"$faultline" explore --subject core:legacy --runs 2000 --out full --quiet ||
	fail "a full disk is not told well"
[ ! -e full ] || fail "a full disk left a folder with: $(ls full)"

# Nor for a report: what stands there stays.
grep -q __tsan_init "$faultline" || {
	echo old >report.md
	python3 -c 'import resource, subprocess, sys
result = subprocess.run(sys.argv[1:], capture_output=True, text=True,
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2, 2)))
assert result.returncode == 2, result
assert result.stderr.count("\n") == 1 and "report.md" in result.stderr, result' \
		"$faultline" explore --subject core:reference --runs 100 --report report.md --quiet ||
		fail "a full disk is not told well"
	[ "$(cat report.md)" = old ] && [ "$(echo report.md*)" = report.md ] || fail "a full disk spoilt the report"
	rm -f report.md
}

# A full disk under standard output.
if [ -w /dev/full ]; then
	status=0
	"$faultline" subjects >/dev/full 2>err || status=$?
	[ "$status" = 2 ] || fail "a full standard output ended with $status"
	[ "$(wc -l <err)" = 1 ] || fail "a full standard output is told in $(wc -l <err) lines"
fi

# What is no case.
refused "no-such.case" replay no-such.case
refused "say which case" replay
: >empty.case
refused "empty.case" replay empty.case
head -c 300 "$faultline" >binary.case
refused "binary.case" replay binary.case
printf 'nonsense here\n' >nonsense.case
refused "nonsense.case:1" replay nonsense.case
refused "nonsense.case:1" case nonsense.case
mkdir folder.case
refused "folder.case" replay folder.case
