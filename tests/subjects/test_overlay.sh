#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The overlay of a tree: what a build left behind is not in it, what the user changed is, and a patch
# changes the overlay and not the tree.
set -eu -o pipefail
ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
HERE=$ROOT/subjects/build
. "$HERE/common.sh"
. "$HERE/overlay.sh"
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
tree=$SCRATCH/tree
driver=drivers/iommu/arm/arm-smmu

fail() {
	echo "FAIL: $*"
	exit 1
}

mkdir -p $tree/$driver $tree/include/linux $tree/scripts/basic $tree/fs/ext4 $tree/arch/um/include
printf 'one\ntwo\nthree\n' >$tree/$driver/arm-smmu.c
echo "source" >$tree/include/linux/iommu.h
echo "config" >$tree/fs/ext4/Kconfig
echo "text" >$tree/fs/ext4/inode.c
echo "VERSION = 7" >$tree/Makefile
echo "#!/bin/sh" >$tree/scripts/config

# What a build in place leaves.
products="$driver/arm-smmu.o $driver/.arm-smmu.o.cmd include/generated/autoconf.h include/config/auto.conf .config
	arch/um/include/generated/asm/x.h scripts/basic/fixdep vmlinux Module.symvers kernel/bounds.s"
for product in $products; do
	mkdir -p "$(dirname "$tree/$product")"
	echo product >"$tree/$product"
done
cp "$BASH" $tree/scripts/basic/fixdep

check() {
	local overlay=$1 product
	for product in $products; do
		[ ! -e "$overlay/$product" ] || fail "$2: $product is in the overlay"
	done
	[ -L "$overlay/$driver/arm-smmu.c" ] || fail "$2: the driver is missing"
	[ -e "$overlay/include/linux/iommu.h" ] || fail "$2: a header is missing"
	[ -e "$overlay/fs/ext4/Kconfig" ] || fail "$2: a Kconfig is missing"
	[ -e "$overlay/scripts/config" ] || fail "$2: a script is missing"
	[ ! -e "$overlay/fs/ext4/inode.c" ] || fail "$2: what no build of the driver reads is there"
}

make_overlay $tree "$SCRATCH/plain"
check "$SCRATCH/plain" "without git"

if command -v git >/dev/null; then
	printf '*.o\n.*.cmd\n*.s\n/vmlinux\n/include/generated\n/include/config\n/arch/um/include/generated\n/.config\n/Module.symvers\n/scripts/basic/fixdep\n' >$tree/.gitignore
	git -C $tree init -q
	git -C $tree add -A
	git -C $tree -c user.name=a -c user.email=a@example.org commit -q -m tree
	echo changed >>$tree/$driver/arm-smmu.c
	echo new >$tree/$driver/new.c
	echo gone >$tree/include/linux/gone.h
	git -C $tree add include/linux/gone.h
	rm $tree/include/linux/gone.h
	make_overlay $tree "$SCRATCH/git"
	check "$SCRATCH/git" "with git"
	grep -q changed "$SCRATCH/git/$driver/arm-smmu.c" || fail "an uncommitted change is missing"
	[ -e "$SCRATCH/git/$driver/new.c" ] || fail "an untracked file is missing"
	[ ! -L "$SCRATCH/git/include/linux/gone.h" ] || fail "a deleted file is there"
fi

before=$(find $tree -type f -not -path '*/.git/*' -exec sha256sum {} + | sort | sha256sum)
cat >"$SCRATCH/series" <<'END'
From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Date: Mon, 1 Jan 2024 00:00:00 +0000
Subject: [PATCH 0/2] a cover letter

Nothing to apply.

From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Date: Mon, 1 Jan 2024 00:00:01 +0000
Subject: [PATCH 1/2] first
Content-Transfer-Encoding: quoted-printable

---
--- a/drivers/iommu/arm/arm-smmu/arm-smmu.c
+++ b/drivers/iommu/arm/arm-smmu/arm-smmu.c
@@ -1,3 +1,3 @@
 one
-two
+two =3D 2
 three
From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Date: Mon, 1 Jan 2024 00:00:02 +0000
Subject: [PATCH 2/2] second

---
--- a/drivers/iommu/arm/arm-smmu/arm-smmu.c
+++ b/drivers/iommu/arm/arm-smmu/arm-smmu.c
@@ -1,3 +1,3 @@
 one
-two = 2
+two = 22
 three
--- /dev/null
+++ b/drivers/iommu/arm/arm-smmu/added.c
@@ -0,0 +1 @@
+added
END
apply_patch "$SCRATCH/plain" "$SCRATCH/series" "$SCRATCH/scratch"
grep -q 'two = 22' "$SCRATCH/plain/$driver/arm-smmu.c" || fail "the series was not applied"
[ "$(cat "$SCRATCH/plain/$driver/added.c")" = added ] || fail "the series adds no file"
[ "$(find $tree -type f -not -path '*/.git/*' -exec sha256sum {} + | sort | sha256sum)" = "$before" ] ||
	fail "the tree was changed"
echo "the overlay is as it should be"
