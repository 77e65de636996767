#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Traces of a replay: what a reader of each form finds in them.
set -eu
. "$(dirname "$0")/lib.sh"
case=$2/corpus/findings/core-v2-storm-gated.case

expect 1 "$faultline" replay --quiet --trace run.vcd --trace run.perfetto.json "$case"

# The waveforms: a fault sets TF and SS, the line rises, the status goes on to suspended, the thread runs again and again.
cat >read-vcd.py <<'PY'
import re, sys

names, scope, values, changes = {}, [], {}, {}
time = None
for line in open(sys.argv[1]):
    words = line.split()
    if words[:1] == ["$scope"]:
        scope.append(words[2])
    elif words[:1] == ["$upscope"]:
        scope.pop()
    elif words[:1] == ["$var"]:
        names[words[3]] = ".".join(scope[1:] + [words[4]])
    elif line[0] == "#":
        assert time is None or int(line[1:]) > time, line
        time = int(line[1:])
    elif line[0] in "01":
        changes.setdefault(names[line[1:].strip()], []).append((time, int(line[0])))
    elif line[0] == "b":
        changes.setdefault(names[words[1]], []).append((time, int(words[0][1:], 2)))
    elif line[0] == "s":
        changes.setdefault(names[words[1]], []).append((time, words[0][1:]))
assert not scope

tf = changes["CB0.FSR_TF"]
assert [v for _, v in tf][:2] == [0, 1], tf
raised = tf[1][0]
assert changes["CB0.FSR_SS"][1] == (raised, 1)
assert changes["CB0.FSR"][1] == (raised, 0x40000402)
assert changes["CB0.FAR"][1] == (raised, 0x10003000)
assert changes["lines.line1"][1] == (raised, 1)
assert [v for _, v in changes["power.SMMU"]] == ["on", "gated"]
assert [v for _, v in changes["power.SMMU_runtime_status"]] == ["active", "suspending", "suspended"]
assert len([v for t, v in changes["lines.line1_masked"] if v]) >= 8
for values in changes.values():
    assert all(a[1] != b[1] for a, b in zip(values, values[1:])), values
running = [name for time, name in changes["contexts.running"] if time <= raised]
assert running[-1] == "gmu", running
PY
python3 read-vcd.py run.vcd || fail "the waveforms are wrong"

# Trace events: slices of a track nest, every arrow has two ends, the violation is there.
cat >read-events.py <<'PY'
import json, sys

events = json.load(open(sys.argv[1]))["traceEvents"]
threads = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
tracks = {}
for e in events:
    if e["ph"] == "X":
        tracks.setdefault(e["tid"], []).append((e["ts"], e["ts"] + e["dur"], e["name"]))
for slices in tracks.values():
    slices.sort(key=lambda s: (s[0], -s[1]))
    stack = []
    for start, end, name in slices:
        while stack and stack[-1] <= start:
            stack.pop()
        assert not stack or end <= stack[-1] + 1e-9, name
        stack.append(end)
named = {threads[tid]: {s[2] for s in slices} for tid, slices in tracks.items()}
assert "arm_smmu_context_fault" in named["irqthread/0"], named
assert "arm_smmu_runtime_suspend" in named["suspend"]
starts = {e["id"]: e for e in events if e["ph"] == "s"}
ends = {e["id"]: e for e in events if e["ph"] == "f"}
assert starts and set(starts) == set(ends)
assert all(starts[i]["ts"] < ends[i]["ts"] and starts[i]["tid"] != ends[i]["tid"] for i in starts)
assert {"interrupt", "wakes the thread"} <= {e["name"] for e in starts.values()}
assert any(e["name"].startswith("BROKEN: irq-storm") for e in events if e["ph"] == "i")
assert [e["args"]["value"] for e in events if e["name"] == "CB0.FSR"] == [0x40000402]
PY
python3 read-events.py run.perfetto.json || fail "the trace events are wrong"

# The same by GTKWave's own reader and writer, where they are.
if command -v vcd2fst >/dev/null; then
	expect 1 "$faultline" replay --quiet --trace run.fst "$case"
	fst2vcd run.fst -o again.vcd
	python3 read-vcd.py again.vcd || fail "what GTKWave makes of the waveforms is wrong"
	[ "$(find . -name 'run.fst*' | wc -l)" = 1 ] || fail "files were left beside the trace"
else
	refused "vcd2fst is missing" replay --trace run.fst "$case"
fi

refused "name a file that ends in" replay --trace run.txt "$case"
refused "no-such-folder/run.vcd" replay --quiet --trace no-such-folder/run.vcd "$case"
