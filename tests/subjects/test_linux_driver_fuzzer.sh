#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2015
# linux_driver_fuzzer as scripts/build-fuzzers makes it: the driver of Debian's kernel source in a target of
# libFuzzer's. Its seeds find nothing but what is known; without the list of known findings the plain case
# crashes, and what the engine keeps is the same run in the program, which loads the driver.
#   test_linux_driver_fuzzer.sh FAULTLINE FOLDER     FOLDER keeps what was built, for the next time
set -u
ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
FAULTLINE=$1
FOLDER=$2
VERSION=6.12
export FAULTLINE_SUBJECTS=${FAULTLINE_SUBJECTS:-$ROOT/build/subjects}
for program in clang-19 ld.lld-19 llvm-nm-19 llvm-readelf-19 llvm-objcopy-19 ninja flex bison bc perl patch; do
	command -v $program >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
[ -r /usr/src/linux-source-$VERSION.tar.xz ] || { echo "skipped: linux-source-$VERSION is missing"; exit 77; }
mkdir -p "$FOLDER"
echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return 0; }' >"$FOLDER/empty.c"
clang-19 -fsanitize=fuzzer "$FOLDER/empty.c" -o "$FOLDER/empty" 2>/dev/null ||
	{ echo "skipped: clang-19 has no libFuzzer"; exit 77; }

fail() {
	echo "FAIL: $*"
	exit 1
}

# --- the object ----------------------------------------------------------------------------------
cd "$FOLDER" || exit 1
CC=clang-19 CFLAGS="-O1 -fsanitize=fuzzer-no-link" "$ROOT/scripts/add-linux" --object linux.o $VERSION ||
	fail "the driver does not build"
exported=$(llvm-nm-19 --defined-only --extern-only linux.o | awk '{ print $3 }')
[ "$exported" = faultline_subject ] || fail "the object exports $exported"
# Writable memory is the subject's, and comes back in each run, or it is the engine's.
others=$(llvm-readelf-19 -SW linux.o | sed -n 's/^ *\[ *[0-9]*\] //p' | awk '$2 ~ /BITS$/ && / WA/ { print $1 }' | sort -u |
	grep -vE '^(faultline_(data|bss)|__sancov_.*|\.data\.rel\.ro.*|\.init_array.*|\.(initcall|exitcall|discard).*)$')
[ -z "$others" ] || fail "nobody brings back what is in $others"

# --- the target ----------------------------------------------------------------------------------
cmake -S "$ROOT" -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DFAULTLINE_TESTS=OFF -DFAULTLINE_FUZZERS=ON \
	-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DFAULTLINE_FUZZING_FLAGS=-fsanitize=fuzzer-no-link \
	-DFAULTLINE_FUZZING_ENGINE=-fsanitize=fuzzer -DFAULTLINE_FUZZ_LINUX="$FOLDER/linux.o" >/dev/null &&
	cmake --build build --target linux_driver_fuzzer >build.log 2>&1 || { tail -n 20 build.log; fail "the target does not build"; }
target=$FOLDER/build/bin/linux_driver_fuzzer
seeds=$ROOT/corpus/seeds/linux_driver_fuzzer
known=$ROOT/fuzzers/linux-$VERSION.suppressions

FAULTLINE_SUPPRESSIONS=$known "$target" -runs=0 "$seeds" >seeds.log 2>&1 ||
	{ grep -A3 'ASSERTION FAILED' seeds.log; fail "a seed finds what is not known"; }
grep -q '^known: resume-order in qcom_adreno_smmu_resume_translation' seeds.log || fail "no seed finds what is known"

# Beside the program it is found without being named, as where no environment passes.
: >empty.input
cp "$known" "$target.suppressions"
env -u FAULTLINE_SUPPRESSIONS "$target" empty.input >beside.log 2>&1
status=$?
rm -f "$target.suppressions"
[ $status = 0 ] || fail "the suppressions beside the program are not used: exit $status"

# --- a crash, and the program's view of it -------------------------------------------------------
rm -f crash-*
FAULTLINE_SUPPRESSIONS='' "$target" empty.input >crash.log 2>&1
status=$?
# Of the engine or of the sanitizer that reports the trap; 2 would be wrong use.
[ $status != 0 ] && [ $status != 2 ] || fail "a violation that nothing excuses is no crash: exit $status"
signature=$(sed -n 's/^core.*ASSERTION FAILED: //p' crash.log)
grep -q '#[0-9]* .* in qcom_adreno_smmu_resume_translation .*arm-smmu-qcom.c' crash.log || fail "the driver's frames are not in the crash"
"$ROOT/scripts/add-linux" --memory --threads $VERSION || fail "the driver does not build as a shared object"
"$FAULTLINE" case --fuzzer-input linux_driver_fuzzer empty.input >empty.case || fail "the input is no case"
grep -qF "breaks \"$signature\"" empty.case || fail "the target says '$signature', the case says otherwise"
"$FAULTLINE" replay --quiet empty.case >replay.log
[ $? = 1 ] || fail "the case does not replay"
grep -q 'did not happen' replay.log && fail "the case replays otherwise"

# --- bad use -------------------------------------------------------------------------------------
error=$(FAULTLINE_SUBJECT=linux:6.1 "$target" empty.input 2>&1 >/dev/null)
status=$?
[ $status = 2 ] && [ "$(wc -l <<<"$error")" = 1 ] && grep -q 'FAULTLINE_SUBJECT=linux:6.1' <<<"$error" ||
	fail "a subject that is not linked in: exit $status, '$error'"
echo "the target finds what is known, and nothing else"
