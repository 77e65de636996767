#!/bin/bash -eu
# Copyright 2026 The Faultline Authors
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#
# SPDX-License-Identifier: Apache-2.0
#
################################################################################
# Builds the fuzz targets, and puts them and what they need at run time into $OUT. OSS-Fuzz and
# ClusterFuzzLite run it in their image, scripts/oss-fuzz/check runs it anywhere. What is built how comes
# from CC, CXX, CFLAGS, CXXFLAGS and LIB_FUZZING_ENGINE alone; the sources are in $SRC/faultline and, for
# linux_driver_fuzzer, in $SRC/linux-source-*.tar.*.
sources=$SRC/faultline
build=$WORK/faultline
cd "$sources"
rm -rf "$build"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DFAULTLINE_TESTS=OFF -DFAULTLINE_FUZZERS=ON
cmake --build "$build"

# seeds TARGET FILE...: these as the target's seed corpus, the same archive each time.
seeds() {
	local target=$1 folder=$build/seeds/$1
	shift
	rm -f "$OUT/${target}_seed_corpus.zip"
	[ $# -gt 0 ] || return 0
	mkdir -p "$folder"
	cp "$@" "$folder/"
	find "$folder" -type f -exec touch -d '2000-01-01 00:00 UTC' {} +
	(cd "$folder" && find . -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$OUT/${target}_seed_corpus.zip")
}

# ship TARGET: the program, and its seeds, its dictionary, its options, its known findings.
ship() {
	local suffix files=()
	cp "$build/bin/$1" "$OUT/"
	for suffix in dict options suppressions; do
		[ ! -e "fuzzers/$1.$suffix" ] || cp "fuzzers/$1.$suffix" "$OUT/"
	done
	files=("corpus/seeds/$1"/*)
	# What it parses are the project's own files.
	[ "$1" != case_parser_fuzzer ] || files+=(corpus/litmus/*.case corpus/findings/*.case fuzzers/*.suppressions)
	seeds "$1" "${files[@]}"
}

shopt -s nullglob
for target in "$build"/bin/*_fuzzer; do
	ship "$(basename "$target")"
done

# A real driver, of the first kernel that is there. Its tree's own build is not in this project's hands:
# whatever goes wrong with it, the other targets are shipped.
linux_driver() {
	FAULTLINE_SUBJECTS=$build/subjects scripts/add-linux --object "$build/linux.o" "$1" &&
		cmake -S . -B "$build" -DFAULTLINE_FUZZ_LINUX="$build/linux.o" &&
		cmake --build "$build" --target linux_driver_fuzzer &&
		ship linux_driver_fuzzer
}

left_out() {
	rm -f "$OUT"/linux_driver_fuzzer*
	echo "build.sh: linux_driver_fuzzer is left out: $1" >&2
}

tarball=$(find "$SRC" -maxdepth 1 -name 'linux-source-*.tar.*' | LC_ALL=C sort | head -n 1)
if [[ $CFLAGS == *-fsanitize=memory* ]]; then
	left_out "what the kernel's own code is handed is not instrumented for MemorySanitizer"
elif [ -z "$tarball" ]; then
	left_out "there is no kernel source in $SRC"
else
	linux_driver "$tarball" || left_out "$(basename "$tarball") does not build; the reason stands above"
fi
