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
# The project's own tests, in a build of their own: nothing in the checkout changes. Without the fuzzing
# engine's flags, for these are programs with a main() of their own; the real drivers' tests are skipped.
cd "$SRC/faultline"
unset LIB_FUZZING_ENGINE CFLAGS CXXFLAGS
export FAULTLINE_SUBJECTS=$WORK/faultline-no-subjects
cmake -S . -B "$WORK/faultline-tests" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFAULTLINE_TESTS=ON \
	-DFAULTLINE_WERROR=OFF
cmake --build "$WORK/faultline-tests"
ctest --test-dir "$WORK/faultline-tests" --output-on-failure --label-exclude slow
