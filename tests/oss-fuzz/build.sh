#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build.sh as OSS-Fuzz calls it, with a kernel that does not build: the other targets are shipped with all
# that belongs to them, and nothing else is. $1 the sources.
set -eu
sources=$1
for tool in clang-19 clang++-19 ninja zip unzip; do
	command -v "$tool" >/dev/null || {
		echo "$tool is not installed" >&2
		exit 77
	}
done

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# Not among the sources, which it links to: CMake would lose its way.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export SRC=$folder/src OUT=$folder/out WORK=$folder/work
mkdir -p "$SRC" "$OUT" "$WORK" "$folder/linux/drivers/iommu/arm/arm-smmu"
ln -s "$sources" "$SRC/faultline"
printf 'all:\n\tfalse\n' >"$folder/linux/Makefile"
echo '#error no driver' >"$folder/linux/drivers/iommu/arm/arm-smmu/arm-smmu.c"
tar -C "$folder" -cJf "$SRC/linux-source-0.0.tar.xz" linux
export CC=clang-19 CXX=clang++-19 LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CFLAGS="-O1 -gline-tables-only -fsanitize=fuzzer-no-link -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
export CXXFLAGS=$CFLAGS
unset FAULTLINE_SUBJECTS FAULTLINE_SUBJECT FAULTLINE_SUPPRESSIONS FAULTLINE_INVARIANTS
bash -eux "$sources/scripts/oss-fuzz/build.sh" >"$folder/log" 2>&1 || fail "build.sh ended with $?: $(tail -n 3 "$folder/log")"
grep -q '^build.sh: linux_driver_fuzzer is left out: linux-source-0.0.tar.xz does not build' "$folder/log" ||
	fail "build.sh does not say that the kernel does not build: $(tail -n 3 "$folder/log")"

cd "$sources"
expected=
for source in fuzzers/*_fuzzer.c; do
	target=$(basename "$source" .c)
	[ "$target" != linux_driver_fuzzer ] || continue
	expected="$expected $target ${target}_seed_corpus.zip"
	for suffix in dict options suppressions; do
		[ ! -e "fuzzers/$target.$suffix" ] || expected="$expected $target.$suffix"
	done
done
difference=$(diff <(printf '%s\n' $expected | sort) <(ls "$OUT" | sort)) || fail "not what should be shipped: $difference"

# No file of the build's own machine is wanted at run time: moved, from elsewhere, each runs its seeds.
mv "$OUT" "$folder/moved"
cd /
for program in "$folder"/moved/*_fuzzer; do
	mkdir -p "$folder/seeds"
	unzip -q "${program}_seed_corpus.zip" -d "$folder/seeds"
	"$program" -runs=0 -artifact_prefix="$folder/" "$folder/seeds" >"$folder/run.log" 2>&1 ||
		fail "$(basename "$program") on its seeds: $(tail -n 3 "$folder/run.log")"
	grep -q 'DONE   cov: [1-9]' "$folder/run.log" || fail "$(basename "$program") sees no coverage"
	if readelf -d "$program" | grep 'NEEDED.*boost'; then
		fail "$(basename "$program") wants Boost at run time"
	fi
	rm -rf "$folder/seeds"
done
