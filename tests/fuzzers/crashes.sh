#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Real crashes of real targets: libFuzzer with AddressSanitizer, built here. What ClusterFuzz would make of each
# stands in golden/, with the log of one. Skipped without clang's libFuzzer.
#   crashes.sh FAULTLINE SOURCE FOLDER [--update]     --update writes golden/ anew
set -eu
faultline=$1
source=$2
folder=$3
update=${4:-}
tests=$source/tests/fuzzers

fail() {
	echo "crashes: $*" >&2
	exit 1
}

mkdir -p "$folder"
cd "$folder"
echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return 0; }' >empty.c
clang-19 -fsanitize=fuzzer,address empty.c -o empty 2>/dev/null || exit 77
command -v llvm-symbolizer-19 >/dev/null || exit 77
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
export ASAN_SYMBOLIZER_PATH

grep -v '^#' "$tests/crashes/CRASHES" >rows
# File by file, as ClusterFuzz gets them: optimised as a whole, static functions that share a name get numbers.
flags='-fsanitize=address -fno-omit-frame-pointer -gline-tables-only -O1'
cmake -S "$source" -B build -G Ninja -DCMAKE_BUILD_TYPE=None -DFAULTLINE_TESTS=OFF -DFAULTLINE_FUZZERS=ON \
	-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" \
	-DFAULTLINE_LTO=OFF -DFAULTLINE_FUZZING_FLAGS=-fsanitize=fuzzer-no-link -DFAULTLINE_FUZZING_ENGINE=-fsanitize=fuzzer >/dev/null
# shellcheck disable=SC2046 # a word a target
cmake --build build --target $(awk '{ print $2 }' rows | sort -u) >build.log 2>&1 || {
	tail -n 20 build.log >&2
	fail "the targets do not build"
}

# One crash: $1 the options of the sanitizer, $2 where the log goes, then a row.
crash() {
	options=$1 log=$2 name=$3 target=$4 subject=$5 invariants=$6 case=$7
	"$faultline" case --fuzzer-output "$target" "$source/$case" --output "$name.bytes"
	# As a corpus: libFuzzer keeps no copy of a file that it was told to run.
	rm -rf corpus
	mkdir corpus
	cp "$name.bytes" corpus/
	known=$tests/crashes/$name.suppressions
	[ -e "$known" ] || known=
	rm -f kept-crash-*
	status=0
	FAULTLINE_SUBJECT=$subject FAULTLINE_INVARIANTS=$invariants FAULTLINE_SUPPRESSIONS=$known ASAN_OPTIONS=$options \
		"build/bin/$target" -artifact_prefix=kept- -runs=1 corpus >"$log" 2>&1 || status=$?
	[ "$status" -ne 0 ] || fail "$name does not crash $target; its log is $folder/$log"
	[ -n "$(find . -maxdepth 1 -name 'kept-crash-*')" ] || fail "$name: the engine kept no input; see $folder/$log"
	cmp -s "$name.bytes" kept-crash-* || fail "$name: the engine kept another input"
}

compare() {
	python3 "$tests/clusterfuzz_state.py" "$2" >"$2.state"
	diff -u "$tests/golden/$1.state" "$2.state" >&2 || fail "$1 is another crash to ClusterFuzz; its log is $folder/$2"
}

while read -r name target subject invariants case; do
	# Reported by libFuzzer, as in a build without a sanitizer.
	crash detect_leaks=0:handle_sigill=0 "$name.log" "$name" "$target" "$subject" "$invariants" "$case"
	if [ "$update" = --update ]; then
		# No name of this machine's: process, folders, what was loaded where.
		sed -e "s|$folder|/out|g" -e 's/==[0-9]*==/==1==/' -e 's/ *(BuildId: [0-9a-f]*)//' -e '/^INFO:/d' \
			"$name.log" >"$tests/golden/$name.log"
		python3 "$tests/clusterfuzz_state.py" "$name.log" >"$tests/golden/$name.state"
	fi
	compare "$name" "$name.log"
	# As a target asks for, and ClusterFuzz: the trap is the sanitizer's to report, and it must be the same crash.
	crash detect_leaks=0:handle_abort=1:handle_segv=1:handle_sigill=1:fast_unwind_on_fatal=0 "$name.asan.log" \
		"$name" "$target" "$subject" "$invariants" "$case"
	compare "$name" "$name.asan.log"
done <rows
