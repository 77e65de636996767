#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs per second of fuzzing engines around the micro-benchmark and the standard scenario, each as a ratio
to the same engine's loop around nothing, in the same run. Called by scripts/bench --fuzzing; prints the section
of docs/performance.md. argv[1]: the sources.

Times are CPU time of the engine's process and its children, user and system, the best of three. libFuzzer has
clang 19's, with -O2; AFL++ that of its own compiler. Inputs begin with nothing and grow as the engine has it.
"""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
BUILDS = (("libfuzzer", None), ("libfuzzer", "address"), ("libfuzzer", "undefined"), ("libfuzzer", "memory"),
          ("afl", None), ("afl", "address"))
LOOPS = ("empty_loop", "micro_loop", "scenario_loop")
RUNS = {"libfuzzer": {"empty_loop": 4000000, "micro_loop": 1000000, "scenario_loop": 50000},
        "afl": {"empty_loop": 60000, "micro_loop": 60000, "scenario_loop": 20000}}
# As a ratio to the empty loop; the standard scenario's are 60,000 of 3.6 M inputs a second, and 25,000 of 1.7 M.
AIMS = {("libfuzzer", None, "micro_loop"): 0.35, ("libfuzzer", "address", "micro_loop"): 0.35,
        ("afl", None, "micro_loop"): 0.95, ("libfuzzer", None, "scenario_loop"): 60e3 / 3.6e6,
        ("libfuzzer", "address", "scenario_loop"): 25e3 / 1.7e6}


def fail(message):
    print("bench: " + message, file=sys.stderr)
    sys.exit(3)


def folder_of(engine, sanitizer):
    return os.path.join(ROOT, "build", "fuzzers", engine + ("-" + sanitizer if sanitizer else ""))


def build(engine, sanitizer):
    for command in ([os.path.join(ROOT, "scripts", "build-fuzzers"), engine] +
                    (["--sanitizer", sanitizer] if sanitizer else []),
                    ["cmake", "--build", folder_of(engine, sanitizer), "--target", *LOOPS]):
        result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "AFL_QUIET": "1"})
        if result.returncode:
            fail("%s ended with %d: %s" % (" ".join(command), result.returncode,
                                           (result.stderr or result.stdout).strip().splitlines()[-1]))


def cpu_seconds(command, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, capture_output=True, text=True, errors="replace",
                            env={**os.environ, **environment})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode:
        fail("%s ended with %d: %s" % (" ".join(command), result.returncode, result.stderr.strip()[-200:]))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_libfuzzer(program, runs):
    return runs / cpu_seconds([program, "-runs=%d" % runs, "-seed=1", "-max_len=64", "-verbosity=0", "-print_funcs=0"], {}), None


def run_afl(program, runs):
    """Inputs a second, and the stability that afl-fuzz tells."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "in"))
        with open(os.path.join(folder, "in", "input"), "w") as file:
            file.write("input")
        environment = {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1", "AFL_QUIET": "1",
                       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FORKSRV_INIT_TMOUT": "30000",
                       "AFL_NO_AUTODICT": "1"}
        out = os.path.join(folder, "out")
        seconds = cpu_seconds(["afl-fuzz", "-m", "none", "-t", "10000", "-s", "1", "-E", str(runs), "-i",
                               os.path.join(folder, "in"), "-o", out, "--", program], environment)
        with open(os.path.join(out, "default", "fuzzer_stats")) as file:
            stats = dict(re.findall(r"^(\w+) +: (.*)$", file.read(), re.M))
        return int(stats["execs_done"]) / seconds, stats["stability"]


def measure(engine, sanitizer):
    """Loop: the best of three, stability."""
    found = {}
    run = run_libfuzzer if engine == "libfuzzer" else run_afl
    # One after the other, so that what else the machine does falls on all of them.
    for _ in range(3):
        for loop in LOOPS:
            program = os.path.join(folder_of(engine, sanitizer), "bin", loop)
            found[loop] = max(found.get(loop, (0, None)), run(program, RUNS[engine][loop]), key=lambda pair: pair[0])
    return found


def row(engine, sanitizer, found):
    cells = [engine + (", " + sanitizer if sanitizer else ""), "{:,.0f}".format(found["empty_loop"][0])]
    for loop in LOOPS[1:]:
        ratio = found[loop][0] / found["empty_loop"][0]
        aim = AIMS.get((engine, sanitizer, loop))
        cells += ["{:,.0f}".format(found[loop][0]), "%.3f" % ratio, "%.3f" % aim if aim else ""]
    cells.append(", ".join(found[loop][1] for loop in LOOPS if found[loop][1]))
    return "| %s |" % " | ".join(cells)


def main():
    builds = [entry for entry in BUILDS if entry[0] != "afl" or shutil.which("afl-fuzz")]
    for entry in builds:
        build(*entry)
    # On one core: afl-fuzz and its target never run at once, and waking another core costs more than all the rest.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print("## Fuzzing")
    print()
    print("Written by `scripts/bench --fuzzing`: inputs a second of CPU time on one core, and the ratio to the same")
    print("engine's loop around nothing. The loops are tests/bench/fuzzing; the standard scenario is fault-vs-resume")
    print("on core:reference, with the feedback of the fuzz targets. Stability is afl-fuzz's word on each loop.")
    print()
    print("| engine | empty | micro-benchmark | ratio | aim | standard scenario | ratio | aim | stability |")
    print("|---|---|---|---|---|---|---|---|---|")
    for engine, sanitizer in builds:
        print(row(engine, sanitizer, measure(engine, sanitizer)), flush=True)
    if len(builds) < len(BUILDS):
        print()
        print("AFL++ was not installed.")


main()
