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

# ship TARGET: the program, and its seeds, its dictionary, its options, its known findings.
ship() {
	local target=$1 suffix
	cp "$build/bin/$target" "$OUT/"
	for suffix in dict options suppressions; do
		[ ! -e "fuzzers/$target.$suffix" ] || cp "fuzzers/$target.$suffix" "$OUT/"
	done
	rm -f "$OUT/${target}_seed_corpus.zip"
	[ ! -d "corpus/seeds/$target" ] || zip -q -X -r -j "$OUT/${target}_seed_corpus.zip" "corpus/seeds/$target"
}

for target in "$build"/bin/*_fuzzer; do
	ship "$(basename "$target")"
done
