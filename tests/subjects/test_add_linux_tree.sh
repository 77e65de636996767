#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/add-linux on the tree of a Debian package: what it builds, what it refuses, what it leaves alone.
# The first argument is the version. Skipped (77) without the package.
set -u
ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
VERSION=${1:-6.12}
[ -r "/usr/src/linux-source-$VERSION.tar.xz" ] || { echo "skipped: no linux-source-$VERSION"; exit 77; }
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
export FAULTLINE_SUBJECTS=$SCRATCH/subjects
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

add() {
	"$ROOT/scripts/add-linux" "$@" 2>"$SCRATCH/messages" ||
		{ fail "add-linux $*: exit $?: $(cat "$SCRATCH/messages")"; return 1; }
}

add "$VERSION" || exit 1
subject=$FAULTLINE_SUBJECTS/$VERSION.so

# One symbol goes out.
exported=$(llvm-nm-19 -D --defined-only "$subject" | awk '{ print $3 }')
[ "$exported" = faultline_subject ] || fail "it exports: $exported"

# Its writable memory is copied at each reset: keep it small.
size=$(llvm-size-19 -A "$subject" | awk '$1 ~ /^\.(data|bss)/ { sum += $2 } END { print sum }')
[ "$size" -le 65536 ] || fail "it has $size bytes of writable data"

# Up to date: nothing is built.
before=$(stat -c '%Y %i' "$subject")
add "$VERSION"
grep -q 'up to date' "$SCRATCH/messages" || fail "it was built again"
[ "$(stat -c '%Y %i' "$subject")" = "$before" ] || fail "it was written again"

# What the version wants from below is what the list says.
"$ROOT/scripts/add-linux" --undefined "$VERSION" 2>/dev/null >"$SCRATCH/undefined"
grep -v '^#' "$ROOT/subjects/symbols/$VERSION" | diff - "$SCRATCH/undefined" ||
	fail "subjects/symbols/$VERSION differs (see above); if that is meant, write it with --undefined"

# The form for threads: its atomics are locked, all of them. Which they are the fiber's form tells.
add --threads "$VERSION"
threads=$FAULTLINE_SUBJECTS/$VERSION.free.so
[ -e "$threads" ] || fail "--threads: no subject was made"
# The prefix stands in a line of its own there.
locked_lines() {
	llvm-objdump-19 -d --no-show-raw-insn "$1" | sed -z 's/lock\n/lock/g'
}
atomics() {
	locked_lines "$1" | grep -E '[[:space:]](cmpxchg|xadd)[a-z]*[[:space:]].*\('
}
plain=$(atomics "$subject" | grep -vcw lock)
[ "$plain" -ge 10 ] || fail "the form for fibers has $plain plain atomics; what is the check below worth?"
plain=$(atomics "$threads" | grep -vcw lock)
[ "$plain" -eq 0 ] || fail "the form for threads has $plain plain atomics"
[ "$(atomics "$threads" | grep -cw lock)" -ge 10 ] || fail "the form for threads has hardly any atomics"
locked_lines "$threads" | grep -E '[[:space:]](incl|xaddl)[[:space:]]' | grep -q lock ||
	fail "the form for threads counts without a lock"

# Variants are made for 6.12: there each rule applies and the last one builds; elsewhere a rule is named.
if [ "$VERSION" = 6.12 ]; then
	for variant in resume+guard-v1 resume+guard-v2 resume+guard-v4; do
		add --variant $variant "$VERSION" && [ -e "$FAULTLINE_SUBJECTS/$VERSION+$variant.so" ] ||
			fail "variant $variant: no subject was made"
	done
else
	"$ROOT/scripts/add-linux" --variant resume "$VERSION" 2>"$SCRATCH/messages"
	[ $? -eq 2 ] && grep -q '^add-linux: variant resume: rule context-fault-resumes does not apply' "$SCRATCH/messages" ||
		fail "a variant that does not apply: $(cat "$SCRATCH/messages")"
fi

# A tree built in place, with a change: used as it is, and left as it is.
tree=$(find "$FAULTLINE_SUBJECTS/.trees" -maxdepth 1 -name "source-*" -type d)
mkdir -p "$tree/include/generated" "$tree/include/config"
echo '#error a product of another build' >"$tree/include/generated/autoconf.h"
echo broken >"$tree/drivers/iommu/arm/arm-smmu/arm-smmu.o"
echo CONFIG_SMP=y >"$tree/.config"
cat >>"$tree/drivers/iommu/arm/arm-smmu/arm-smmu.c" <<'END'
extern void nobody_has_this(void);
void (*calls_what_nobody_has)(void) = nobody_has_this;
END
state() {
	find "$tree" -type f -printf '%P %s %T@ %C@\n' | sort | sha256sum
}
before=$(state)
"$ROOT/scripts/add-linux" "$tree" changed 2>"$SCRATCH/messages"
status=$?
[ $status -eq 2 ] || fail "an unknown symbol: exit $status"
grep -q '^add-linux: .*does not supply: nobody_has_this (in arm-smmu.o)' "$SCRATCH/messages" ||
	fail "an unknown symbol: $(cat "$SCRATCH/messages")"
[ ! -e "$FAULTLINE_SUBJECTS/changed.so" ] || fail "an unknown symbol: a subject was made"

# The same tree with a patch that mends it.
cat >"$SCRATCH/mend.diff" <<'END'
--- a/drivers/iommu/arm/arm-smmu/arm-smmu.c
+++ b/drivers/iommu/arm/arm-smmu/arm-smmu.c
@@ -1,3 +1,5 @@
+#define nobody_has_this dump_stack
+#include <linux/printk.h>
 // SPDX-License-Identifier: GPL-2.0-only
 /*
  * IOMMU API for ARM architected SMMU implementations.
END
add --patch "$SCRATCH/mend.diff" "$tree" mended
[ -e "$FAULTLINE_SUBJECTS/mended.so" ] || fail "a patch: no subject was made"
[ "$(state)" = "$before" ] || fail "the tree was changed"

# A tree whose atomics stay those of one CPU is refused by the name of what is plain, and has no form for threads.
mkdir -p "$SCRATCH/plain"
cp -r "$tree/." "$SCRATCH/plain"
(cd "$SCRATCH/plain" && sed -i '/nobody_has_this/d' drivers/iommu/arm/arm-smmu/arm-smmu.c &&
	sed -i '0,/LOCK_PREFIX "incl/s//"incl/' arch/x86/include/asm/atomic.h &&
	rm -rf include/generated include/config .config drivers/iommu/arm/arm-smmu/arm-smmu.o)
"$ROOT/scripts/add-linux" --threads "$SCRATCH/plain" plain 2>"$SCRATCH/messages"
status=$?
[ $status -eq 2 ] && grep -q '^add-linux: .* cannot be built for threads: .*lock_atomic_inc' "$SCRATCH/messages" ||
	fail "plain atomics: exit $status, $(cat "$SCRATCH/messages")"
[ ! -e "$FAULTLINE_SUBJECTS/plain.free.so" ] || fail "plain atomics: a subject for threads was made"

[ $failures -eq 0 ] && echo "linux-source-$VERSION builds as it should"
exit $((failures > 0))
