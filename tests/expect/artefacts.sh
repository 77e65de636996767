#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Interleavings that broke an invariant only because the glue was less strict than the kernel: they break
# it no more. Replayed as recorded; a change that moves their steps makes them say less.
#   artefacts.sh FAULTLINE FOLDER
set -eu
faultline=$1 folder=$2
present=$("$faultline" subjects | cut -d' ' -f1)
failed=0 gone=0

for case in "$folder"/*.case; do
	subject=$(sed -n 's/^subject //p' "$case")
	printf '%s\n' "$present" | grep -qx -F -e "$subject" || continue
	text=$("$faultline" replay --json "$case") || [ $? -eq 1 ]
	case $text in
	*'"as_expected": false'*) gone=$((gone + 1)) ;;
	*)
		failed=$((failed + 1))
		echo "$case: $(sed -n 's/^breaks //p' "$case") is back" >&2 ;;
	esac
done
echo "$gone artefacts are gone, $failed are back"
[ $failed -eq 0 ] || exit 1
[ $gone -gt 0 ] || exit 77
