#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# faultline fuzz, called wrongly: one line each, exit status 2, nothing written. No input runs here, so a
# program that does nothing stands for the target.
set -eu
. "$(dirname "$0")/lib.sh"

fuzzers=$(mktemp -d)
trap 'rm -rf "$work" "$fuzzers"' EXIT
export FAULTLINE_FUZZERS="$fuzzers"
target=suspend_race_fuzzer

refused "say which target" fuzz
refused "did you mean 'suspend_race_fuzzer'" fuzz suspend_rac_fuzzer
refused "unknown fuzz target 'nonsense'" fuzz nonsense
refused "unexpected argument 'x'" fuzz $target x
refused "did you mean '--engine'" fuzz $target --engin afl
refused "did you mean 'libfuzzer'" fuzz $target --engine libfuzer
refused "unknown engine 'honggfuzz'" fuzz $target --engine honggfuzz
refused "names no engine" fuzz $target --engine ,
refused "names libfuzzer twice" fuzz $target --engine libfuzzer,libfuzzer
refused "did you mean 'core:guard-v2'" fuzz $target --subject core:gaurd-v2
refused "linux_driver_fuzzer runs linux:6.12" fuzz $target --subject linux:6.12
refused "runs no subject" fuzz case_parser_fuzzer --subject core:legacy
refused "did you mean 'irq-storm'" fuzz $target --invariants irq-strom
refused "did you mean address" fuzz $target --sanitizer adress
refused "--jobs 0" fuzz $target --jobs 0
refused "--seconds never" fuzz $target --seconds never

# Targets that are not built, engines that are not installed.
refused "run scripts/build-fuzzers libfuzzer" fuzz $target
refused "run scripts/build-fuzzers libfuzzer --sanitizer address" fuzz $target --sanitizer address
path=$PATH
mkdir tools
for tool in find sort cat wc grep; do ln -s "$(command -v $tool)" tools/$tool; done
PATH=$work/tools
refused "afl-fuzz is not installed; scripts/setup --fuzzing installs it" fuzz $target --engine afl
PATH=$path
ln -s /bin/true tools/afl-fuzz
PATH=$work/tools:$path
refused "run scripts/build-fuzzers afl" fuzz $target --engine libfuzzer,afl --engine afl

mkdir -p "$fuzzers/libfuzzer/bin" "$fuzzers/afl/bin"
printf '#!/bin/sh\nexit 0\n' >"$fuzzers/libfuzzer/bin/$target"
chmod +x "$fuzzers/libfuzzer/bin/$target"
cp "$fuzzers/libfuzzer/bin/$target" "$fuzzers/afl/bin/$target"
refused "each of the 2 engines needs one" fuzz $target --engine libfuzzer,afl --jobs 1

# The suppression file.
refused "no-such-file" fuzz $target --suppressions no-such-file
printf '# known\nirq-storm "irq-storm in arm_smmu_global_fault"\n' >half.suppressions
refused "half.suppressions:2" fuzz $target --suppressions half.suppressions
printf 'irq-strom "*" reason "known"\n' >"$fuzzers/libfuzzer/bin/$target.suppressions"
refused "$target.suppressions:1" fuzz $target
rm "$fuzzers/libfuzzer/bin/$target.suppressions"

# Seeds.
refused "No such file" fuzz $target --seeds no-such-folder
refused "Not a directory" fuzz $target --seeds half.suppressions
mkdir empty garbage garbage/folder
refused "is empty" fuzz $target --seeds empty
head -c 300000 /dev/zero >garbage/large
ln -s nowhere garbage/broken
refused "nothing in it is an input of $target (1 no file, 1 unreadable, 1 too large for an input)" \
	fuzz $target --seeds garbage

# The folder.
refused "half.suppressions: Not a directory" fuzz $target --out half.suppressions
refused "half.suppressions: Not a directory" fuzz $target --out half.suppressions/below
refused "--out: give the name of a folder" fuzz $target --out ""
refused "garbage holds something else than a campaign" fuzz $target --out garbage
refused "there is no campaign in nowhere" fuzz $target --minimize --out nowhere
refused "there is no campaign in empty" fuzz $target --minimize --out empty
mkdir other
printf 'faultline-campaign 1\ntarget %s\nsubject core:legacy\n' $target >other/campaign
refused "this campaign is of subject core:legacy, not of subject core:guard-v2" \
	fuzz $target --subject core:guard-v2 --out other
cp "$fuzzers/libfuzzer/bin/$target" "$fuzzers/libfuzzer/bin/tbu_debug_fuzzer"
refused "this campaign is of target $target, not of target tbu_debug_fuzzer" \
	fuzz tbu_debug_fuzzer --subject core:legacy --out other
printf 'faultline-campaign 2\n' >other/campaign
refused "no campaign of this version" fuzz $target --out other
if [ "$(id -u)" != 0 ]; then
	mkdir read-only
	chmod a-w read-only
	refused "cannot write to folder" fuzz $target --out read-only
fi
if command -v flock >/dev/null; then
	printf 'faultline-campaign 1\ntarget %s\nsubject core:legacy\n' $target >other/campaign
	exec 9<other/campaign
	flock 9
	refused "in use by another faultline fuzz" fuzz $target --subject core:legacy --out other
	exec 9<&-
fi

# A target that does not take what it is told is heard before anything is written.
printf '#!/bin/sh\necho "$0: no such subject" >&2\nexit 2\n' >"$fuzzers/libfuzzer/bin/$target"
refused "does not run: $fuzzers/libfuzzer/bin/$target: no such subject" fuzz $target
