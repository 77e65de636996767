#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Golden signatures: whatever built this program, the corpus breaks by the same names, in the form that they
# have. "golden.sh --update ..." writes the list; look at the diff before it is committed: who has excused
# a finding has done so by its signature.
#   golden.sh [--update] FAULTLINE SOURCE
set -eu
update=
[ "$1" != --update ] || {
	update=1
	shift
}
faultline=$1 source=$2
list=$source/tests/triage/golden-signatures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
for case in "$source"/corpus/findings/*.case "$source"/corpus/litmus/*.case; do
	if grep -q '^subject core:' "$case"; then cp "$case" "$work/in"; fi
done
status=0
FAULTLINE_SUBJECTS=$work "$faultline" triage "$work/in" --db "$work/db" --retest --quiet 2>"$work/err" || status=$?
[ "$status" = 1 ] || {
	cat "$work/err" >&2
	exit 1
}
python3 - "$work/db" "$source" <<'END' >"$work/list"
import glob, re, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT name, subject, signature FROM hit ORDER BY 1, 2, 3").fetchall()
for subject, breaks in sqlite3.connect(sys.argv[1]).execute("SELECT tried_on, breaks FROM retest").fetchall():
    rows += [("retest", subject, signature) for signature in breaks.split("\n") if signature]
for row in sorted(set(rows)):
    print("\t".join(row))
# Of real drivers, too: an invariant, perhaps a function, perhaps words; digits in names of functions only.
known = [row[2] for row in rows]
for path in glob.glob(sys.argv[2] + "/corpus/findings/*.case"):
    known += re.findall(r'^breaks "(.*)" step', open(path).read(), re.M)
assert len(known) > 60
for signature in known:
    match = re.fullmatch(r"[a-z-]+( in [A-Za-z_][A-Za-z0-9_]*)?( \(([^()]*)\))?", signature)
    words = re.sub(r"\b[a-z]\w*_\w+\b", "", match[3] or "") if match else None
    if not match or re.search(r"\d|0x", words):
        sys.exit(f"'{signature}' does not have the form of a signature, or a number in it")
END
if [ -n "$update" ]; then
	cp "$work/list" "$list"
else
	diff "$list" "$work/list" || {
		echo "signatures changed; see tests/triage/golden.sh" >&2
		exit 1
	}
fi
