#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Lines of accesses on the page: those of the source, and nothing but decoration. $2: the sources.
set -eu
source=$(cd "$2" && pwd)
. "$(dirname "$0")/lib.sh"

command -v addr2line >/dev/null || exit 77
# Without debug information there are no lines; nor with MemorySanitizer, which takes SQLite's results for unset.
grep -q '\.debug_line' "$faultline" || exit 77
! grep -q __msan_init "$faultline" || exit 77
mkdir found
cp "$source/corpus/litmus/client-resumes-early.case" found
page() {
	name=$1
	shift
	expect 0 "$faultline" triage found --db "$name.db" --now 1000 --quiet --fail-on none --html "$name.html" --source "$source" "$@"
}
page lines
# Without addr2line: all else is the same, traces among it.
bare=$PATH
mkdir empty
PATH=$PWD/empty
page none
PATH=$bare

python3 - "$source" <<'END'
import json, os, re, sys

def read(name):
    found = re.findall(r'<script type="application/json" id="([a-z]+)-(\d+)">([^<]*)</script>', open(name).read())
    return {f"{kind}-{number}": json.loads(text) for kind, number, text in found}

lines, none = read("lines.html"), read("none.html")
assert lines.keys() == none.keys()
findings = lines["findings-0"]["findings"]
assert [finding["invariant"] for finding in findings] == ["double-report", "resume-order"], len(findings)
# What a row says, and what stands in the line that does it.
uses = {"read CB0.FSR": "FSR", "write CB0.FSR": "FSR", "write CB0.RESUME": "RESUME", "read CB0.FAR": "FAR"}
checked = 0
for number, finding in enumerate(findings):
    with_lines, without = lines[f"timeline-{number}"], none[f"timeline-{number}"]
    places, rows = with_lines.pop("places"), with_lines.pop("lines")
    assert without.pop("places") == [] and without.pop("lines") == []
    assert with_lines == without, "lines change what is told"
    assert places and len(rows) == len(with_lines["words"])
    for file, line, text in places:
        assert file.startswith("core/handler/"), file
        assert open(os.path.join(sys.argv[1], file)).read().split("\n")[line - 1] == text
    for kind, words, row in zip(with_lines["kinds"], with_lines["words"], rows):
        for start, name in uses.items():
            if words.startswith(start) and row:
                assert re.search(rf"_{name}\b|arm_smmu_read_context_fault_info", places[row - 1][2]), (words, places[row - 1])
                checked += 1
        # The violation is where its access is.
        if kind == "B" and row and words.startswith("BROKEN: resume-order"):
            assert "ARM_SMMU_CB_RESUME" in places[row - 1][2], places[row - 1]
            checked += 1
assert checked >= 5, checked
assert lines["findings-0"]["findings"] == none["findings-0"]["findings"]
END

# And in the text for a mail.
sed 's/^client /# its words\n&/; $d' found/client-resumes-early.case >short.case
printf 'breaks "resume-order in qcom_adreno_smmu_resume_translation" step 9\nend\n' >>short.case
expect 1 "$faultline" replay --explain --continuations 2 short.case
place=$(sed -n 's/^Source:  *//p' out)
expr "$place" : 'core/handler/qcom.c:[0-9]*, in [a-z_]*resume_translation$' >/dev/null || fail "the source is '$place'"
line=${place#*:} line=${line%%,*}
sed -n "${line}p" "$source/core/handler/qcom.c" | grep -q ARM_SMMU_CB_RESUME || fail "line $line writes no RESUME"

# A tree that is not the one that was built shows no text, and still the place.
mkdir -p other/core/handler
for file in "$source"/core/handler/*.c; do
	{
		echo "/* Another line. */"
		sed 's/^\(static \)\?[a-z].*(.*/\/\/ &/' "$file"
	} >"other/core/handler/$(basename "$file")"
done
expect 0 "$faultline" triage --db lines.db --now 1000 --quiet --fail-on none --html other.html --source other
python3 - <<'END'
import json, re
found = re.findall(r'<script type="application/json" id="timeline-\d+">([^<]*)</script>', open("other.html").read())
places = [place for text in found for place in json.loads(text)["places"]]
assert places and all(text == "" for _, _, text in places), places
END
