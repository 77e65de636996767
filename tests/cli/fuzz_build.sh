#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds one fuzz target for each engine that is installed: $1 = the sources, $2 = where.
# What is in $FAULTLINE_FUZZERS is taken instead.
set -eu
target=suspend_race_fuzzer

build() {
	[ ! -x "${FAULTLINE_FUZZERS:-/nowhere}/$1/bin/$target" ] || return 0
	cmake -S "$source" -B "$folder/$1" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFAULTLINE_TESTS=OFF \
		-DFAULTLINE_FUZZERS=ON -DCMAKE_C_COMPILER="$2" -DCMAKE_CXX_COMPILER="$3" \
		-DFAULTLINE_FUZZING_FLAGS="$4" -DFAULTLINE_FUZZING_ENGINE=-fsanitize=fuzzer
	cmake --build "$folder/$1" --target $target $5
}

source=$1 folder=$2
export AFL_QUIET=1
if echo 'int LLVMFuzzerTestOneInput(const char *data, long size) { return data && size < 0; }' |
	clang-19 -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
	build libfuzzer clang-19 clang++-19 -fsanitize=fuzzer-no-link ""
fi
if command -v afl-clang-fast++ >/dev/null && command -v afl-fuzz >/dev/null; then
	build afl afl-clang-fast afl-clang-fast++ "" faultline_afl_mutator
fi
