#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/add-linux on bad input: one line, exit 2, nothing left behind. No Linux tree is needed.
set -u
ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
export FAULTLINE_SUBJECTS=$SCRATCH/subjects
for program in clang-19 ld.lld-19 llvm-nm-19 llvm-objcopy-19 flex bison bc perl patch; do
	command -v $program >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
failures=0

# refused WANTED ARGUMENT...: exit 2, one line on standard error that has WANTED, no subject made
refused() {
	local wanted=$1 output status
	shift
	output=$("$ROOT/scripts/add-linux" "$@" 2>&1 >/dev/null)
	status=$?
	output=$(grep '^add-linux:' <<<"$output")
	if [ $status -ne 2 ] || [ "$(wc -l <<<"$output")" -ne 1 ] || ! grep -qF -e "$wanted" <<<"$output"; then
		echo "FAIL: add-linux $*: exit $status, '$output', wanted '$wanted'"
		failures=$((failures + 1))
	fi
	if compgen -G "$SCRATCH/subjects/*.so" >/dev/null; then
		echo "FAIL: add-linux $*: left a subject behind"
		failures=$((failures + 1))
	fi
}

refused "see --help"
refused "unknown option --nonsense" --nonsense tree
refused "--patch wants a value" --patch
refused "--object wants a value" --object
refused "no such folder for the object" --object "$SCRATCH/nowhere/linux.o" 6.12
CFLAGS="-O1 -fsanitize=memory" refused "-fsanitize=memory" --object "$SCRATCH/linux.o" 6.12
refused "no such tree" "$SCRATCH/nowhere"
refused "sudo apt install linux-source-9.99" 9.99
refused "unknown variant guard-v9" --variant guard-v9 "$SCRATCH"
refused "no such patch" --patch "$SCRATCH/nowhere" "$SCRATCH"
refused "letters, digits" "$SCRATCH" "a/b"

mkdir -p "$SCRATCH/empty"
refused "has no arm-smmu driver" "$SCRATCH/empty"
: >"$SCRATCH/file"
refused "is no Linux tree" "$SCRATCH/file"

# A tree whose build fails: the error and the log are named.
tree=$SCRATCH/tree
mkdir -p "$tree/drivers/iommu/arm/arm-smmu"
printf 'one\ntwo\nthree\n' >"$tree/drivers/iommu/arm/arm-smmu/arm-smmu.c"
printf 'VERSION = 7\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n%%:\n\t@echo "x.c:1:2: error: it is broken" >&2; exit 1\n' >"$tree/Makefile"
refused "error: it is broken (log: " "$tree"

# A patch that does not apply is named, by its file or by the mail's subject.
cat >"$SCRATCH/bad.diff" <<'END'
--- a/drivers/iommu/arm/arm-smmu/arm-smmu.c
+++ b/drivers/iommu/arm/arm-smmu/arm-smmu.c
@@ -1,3 +1,3 @@
 four
-five
+six
 seven
END
refused "the patch does not apply: bad.diff" --patch "$SCRATCH/bad.diff" "$tree"
{
	printf 'From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n'
	printf 'From: A <a@example.org>\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: [PATCH 1/1] iommu: do it\n\nWhy.\n---\n'
	cat "$SCRATCH/bad.diff"
} >"$SCRATCH/bad.mbox"
refused "does not apply: iommu: do it" --patch "$SCRATCH/bad.mbox" "$tree"
echo hello >"$SCRATCH/no.diff"
refused "holds no patch" --patch "$SCRATCH/no.diff" "$tree"
grep -q two "$tree/drivers/iommu/arm/arm-smmu/arm-smmu.c" || { echo "FAIL: the tree was changed"; failures=$((failures + 1)); }

FAULTLINE_SUBJECTS="$SCRATCH/a space" refused "paths with spaces or colons" "$tree"
mkdir "$SCRATCH/locked"
chmod 555 "$SCRATCH/locked"
if [ ! -w "$SCRATCH/locked" ]; then
	FAULTLINE_SUBJECTS=$SCRATCH/locked/subjects refused "cannot be written" "$tree"
fi
[ $failures -eq 0 ] && echo "all refused as they should"
exit $((failures > 0))
