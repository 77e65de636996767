# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A git tree of Linux 6.12 whose commits are the semantic patches; sourced with ROOT and SCRATCH set.
# shellcheck disable=SC1091,SC2034
HERE=$ROOT/subjects/build CACHE=$SCRATCH
. "$HERE/common.sh"
. "$HERE/overlay.sh"
. "$HERE/variant.sh"
DRIVER_FOLDER=drivers/iommu/arm/arm-smmu

in_tree() {
	git -C "$TREE" -c user.name=test -c user.email=test@localhost -c gc.auto=0 "$@"
}

# make_series VARIANT...: $TREE with a commit "base", and one for each variant, named after it.
make_series() {
	TREE=$SCRATCH/linux OVERLAY=$SCRATCH/base
	unpack /usr/src/linux-source-6.12.tar.xz "$TREE"
	git init -q "$TREE"
	in_tree add -f -A .
	in_tree commit -q -m base
	mkdir -p "$OVERLAY/$(dirname $DRIVER_FOLDER)"
	cp -r "$TREE/$DRIVER_FOLDER" "$OVERLAY/$DRIVER_FOLDER"
	more_series "$@"
}

more_series() {
	for VARIANT in "$@"; do
		apply_variant "$SCRATCH/variant-$VARIANT"
		cp "$SCRATCH/variant-$VARIANT"/*.[ch] "$TREE/$DRIVER_FOLDER/"
		in_tree commit -q -a -m "$VARIANT"
	done
}
