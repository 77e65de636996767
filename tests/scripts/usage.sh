#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts as they are called wrongly, and from elsewhere: help on standard output, an error of one
# line and exit status 2 before anything is built. $1 the source folder.
set -eu
sources=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/a name with spaces"
ln -s "$sources/scripts" "$work/a name with spaces/scripts"
cd "$work"
scripts="$work/a name with spaces/scripts"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

for name in add-linux bench coverage driver-table oss-fuzz/check make-seeds measure-fuzzing quickstart setup soak \
	soak-table test; do
	timeout 10 "$scripts/$name" --help >out 2>err || fail "$name --help ended with $?"
	grep -q "scripts/$name" out || fail "$name --help does not say how it is called"
	[ ! -s err ] || fail "$name --help says on standard error: $(cat err)"
done

# refused TEXT SCRIPT ARGUMENT...
refused() {
	text=$1 name=$2
	shift 2
	status=0
	timeout 10 "$scripts/$name" "$@" >out 2>err || status=$?
	[ $status = 2 ] || fail "'$name $*' ended with $status"
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ] || fail "'$name $*' says more than one line"
	grep -qF -- "$text" err || fail "'$name $*' says '$(cat err)'"
}
refused "unknown option '--no-such'" quickstart --no-such
refused "--seconds" quickstart --seconds
refused "give a whole number" quickstart --seconds soon
refused "give a whole number" quickstart --seconds 0
refused "unknown option '--no-such'" setup --no-such
refused "unknown option '--no-such'" make-seeds --no-such
refused "--seeds: '0' is not" measure-fuzzing --seeds 0
refused "is not TARGET,SUBJECT,INVARIANT" measure-fuzzing --search nothing
refused "there is no no_such_fuzzer" measure-fuzzing --search no_such_fuzzer,core:resume,irq-storm
echo garbage >kept
refused "kept:1: not a line of --keep" measure-fuzzing --keep kept
refused "no-such" add-linux --no-such
refused "no-such-tree" add-linux no-such-tree
refused "unknown option '--no-such'" soak --no-such
refused "--subject needs a value" soak --subject
refused "--threads 1: give a whole number from 2 to 1024" soak --threads 1
refused "--seconds 0: give a whole number" soak --seconds 0
refused "--keep-mib much: give a whole number" soak --keep-mib much
refused "cannot make folder /dev/null/soak" soak --out /dev/null/soak
refused "there is no ledger" soak-table .
refused "name the subjects" driver-table
refused "argument --runs" driver-table --runs few core:resume
refused "cannot run ./no-such" driver-table --faultline ./no-such core:resume

"$scripts/setup" --print >out || fail "setup --print ended with $?"
# A fresh machine has nothing: what any script or the build of a driver asks for by name is on the list.
sed -n -e 's/^\tneed [^ ]* \([^ ]*\)$/\1/p' -e 's/.*sudo apt install \([a-z0-9.+-][a-z0-9.+-]*\).*/\1/p' "$sources"/subjects/build/*.sh \
	"$sources"/scripts/add-linux "$sources"/core/cli/*.c | sort -u >wanted
grep -qx patch wanted && grep -qx clang-19 wanted || fail "what is asked for was not found in the sources"
while read -r package; do
	grep -qx "$package" out || [ "$package" = linux-source- ] || fail "setup does not install $package"
done <wanted
grep -q '^clang-19$' out || fail "setup --print does not list the compiler"
! grep -q ' ' out || fail "setup --print does not print one package a line"
refused "unknown option '--no-such'" coverage --no-such
refused "--lines wants a value" coverage --lines
refused "no such part" coverage --lines no-such
refused "unknown option '--no-such'" oss-fuzz/check --no-such
refused "--engine no-such: there is no such build" oss-fuzz/check --engine no-such
refused "with --sanitizer address only" oss-fuzz/check --engine afl --sanitizer memory
refused "--linux /no-such: no such file" oss-fuzz/check --linux /no-such
OSS_FUZZ_DIR=/no-such
export OSS_FUZZ_DIR
refused "name a checkout of oss-fuzz" oss-fuzz/check
