#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each case of corpus/findings breaks what it says at the step that it says, on the subject that it
# names. Cases of a driver that is not built are skipped, those of memory granularity too if it was
# built without --memory.
#   findings.sh FAULTLINE FOLDER
#   findings.sh --update REFIND FAULTLINE FOLDER    finds those anew that do not hold (see refind.c)
# A storm's case stands for the cell of the table that it is named after; 'faultline storms' makes those.
set -eu
refind=
if [ "$1" = --update ]; then
	refind=$2
	shift 2
fi
faultline=$1 folder=$2
present=$("$faultline" subjects | cut -d' ' -f1)
held=0 skipped=0 failed=0

for case in "$folder"/*.case; do
	subject=$(sed -n 's/^subject //p' "$case")
	case $subject in
	linux:*)
		if ! printf '%s\n' "$present" | grep -qx -F -e "$subject"; then
			skipped=$((skipped + 1))
			continue
		fi ;;
	esac
	status=0
	text=$("$faultline" replay --json "$case" 2>&1) || status=$?
	case $status:$text in
	2:*'not instrumented for memory granularity'*) skipped=$((skipped + 1)) ;;
	1:*'"as_expected": true'*) held=$((held + 1)) ;;
	*)
		if [ -n "$refind" ] && "$refind" "$case" "$case"; then
			echo "$case: found again"
			held=$((held + 1))
			continue
		fi
		failed=$((failed + 1))
		echo "$case: $(sed -n 's/^breaks //p' "$case"), says the case; that did not happen" >&2 ;;
	esac
done
echo "$held cases hold, $skipped are of drivers that are not built, $failed fail"
[ $failed -eq 0 ] && [ $held -gt 0 ]
