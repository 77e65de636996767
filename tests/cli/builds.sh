#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same case is the same run in every build: gcc and clang, with and without AddressSanitizer.
# $1 the program, $2 the source folder, $3 a folder for the other builds.
set -eu
sources=$2
builds=$3
. "$(dirname "$0")/lib.sh"

build() {
	name=$1
	shift
	cmake -S "$sources" -B "$builds/$name" -G Ninja -DFAULTLINE_TESTS=OFF "$@" >"$work/log" 2>&1 &&
		cmake --build "$builds/$name" --target faultline --parallel 2 >>"$work/log" 2>&1 || {
		tail -n 30 "$work/log" >&2
		fail "the build '$name' failed"
	}
}
command -v gcc >/dev/null || exit 77
build gcc -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release
build asan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS="-fsanitize=address -fno-omit-frame-pointer -O1"

for subject in core:legacy core:guard-v2 core:guard-v4; do
	expect 1 "$faultline" explore --subject $subject --runs 3000 --quiet --out found
done
# A report of the sanitizer is no violation of the case.
export ASAN_OPTIONS=exitcode=99
count=0
for case in found/*.case; do
	expect 1 "$faultline" replay --all "$case"
	cp out here
	for name in gcc asan; do
		expect 1 "$builds/$name/bin/faultline" replay --all "$case"
		cmp here out || {
			diff here out | head -n 20 >&2
			fail "$case runs otherwise in the $name build"
		}
	done
	count=$((count + 1))
done
[ "$count" -ge 5 ] || fail "only $count cases to compare"

# And the search itself finds the same. (Strategy rf learns which objects are which by their addresses,
# and AddressSanitizer gives variables on a stack new ones; and what it reports of memory is no wild access elsewhere.)
expect 1 "$faultline" explore --subject core:guard-v2 --runs 1000 --jobs 1 --seed 3 --strategy pct --json --quiet --out same
member out '[(f["signature"], f["first_schedule"], f["count"]) for f in o["findings"] if f["invariant"] != "memory-error"]' >here
for name in gcc asan; do
	expect 1 "$builds/$name/bin/faultline" explore --subject core:guard-v2 --runs 1000 --jobs 1 --seed 3 --strategy pct --json --quiet --out same
	member out '[(f["signature"], f["first_schedule"], f["count"]) for f in o["findings"] if f["invariant"] != "memory-error"]' >there
	cmp here there || fail "the $name build finds something else"
done
