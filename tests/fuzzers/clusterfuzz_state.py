# SPDX-License-Identifier: GPL-2.0-or-later
"""What ClusterFuzz makes of a crash's log: its type, and the state by which crashes are told apart.

The rules that matter here, in our own words; ClusterFuzz itself is not needed to run the tests.

A line that has the form of somebody's report gives the type; an assertion's text is the first line of the
state. Then come frames of the first stack, without those that every crash has, until there are three lines.
"""
import re
import sys

STATE_LINES = 3
LINE_LENGTH = 80

ASSERTIONS = [
    re.compile(r"^(?:.*\.(?:c|cc|cpp|cxx|h|hpp):\d+: ?)?(?:ASSERTION FAILED|panic): (?P<what>.*)$"),
    re.compile(r"^.*Assertion ['`](?P<what>.*)' failed\.?$"),
]
FATAL = re.compile(r"^# Fatal error in (?P<file>[^,]*), line \d+$")
CHECK = re.compile(r"^# Check failed: (?P<what>.*)$")
KERNEL_PANIC = re.compile(r"Kernel panic - not syncing: (?P<what>.*)")
KASAN = re.compile(r"BUG: KASAN: (?P<kind>[a-z-]+) in ")
KERNEL_BUG = re.compile(r"kernel BUG at ")
SANITIZER = re.compile(r"ERROR: AddressSanitizer: (?P<kind>[A-Za-z-]+)")
ACCESS = re.compile(r"^(?P<access>READ|WRITE) of size (?P<size>\d+) at ")
UBSAN = re.compile(r": runtime error: (?P<what>.*)")
SIGNALS = {"ILL": "Ill", "ABRT": "Abrt", "FPE": "Fpe", "BUS": "Bus", "SEGV": "UNKNOWN"}
DEADLY = re.compile(r"ERROR: (?:libFuzzer: deadly signal|[A-Za-z]*Sanitizer: (?:ILL|ABRT|FPE|BUS)\b)")
FRAME = re.compile(r"^\s*#(?P<number>\d+) (?:0x[0-9a-f]+ )?in (?P<function>.+?)(?: (?P<place>[^ ]*[/(].*))?$")

# Functions that are in too many stacks to tell anything.
IGNORED_FUNCTIONS = re.compile(
    r"^(free|new|main|abort|malloc|panic|raise|exit|fuzzer::|__sanitizer|__asan|__ubsan|__msan|__interceptor)"
    r"|assert|logger",
    re.IGNORECASE,
)
IGNORED_PATHS = re.compile(r"/libc/|/gcc/|/sanitizer_common/|/googletest/|.*libpthread")
# What makes a frame one of the fuzzing engine's: part of a folder's name.
FUZZER_PATHS = re.compile(r"(?:^|/)(?:[^/]*fuzz|fuzz[^/]*|[^/]*fuzzer[^/]*)/")


def mask(line):
    """Numbers that vary are not part of the state."""
    line = re.sub(r"0x[0-9a-fA-F]+", "ADDRESS", line)
    line = re.sub(r"(?<= )\d{2,}|\d{4,}", "NUMBER", line)
    return line[:LINE_LENGTH]


def frames(lines):
    """Function and place of each frame of the first stack."""
    expected = 0
    for line in lines:
        match = FRAME.match(line)
        if not match:
            if expected and not line.strip().startswith("#"):
                return
            # A frame without a function.
            expected += line.strip().startswith("#%d " % expected)
            continue
        if int(match["number"]) != expected:
            return
        expected += 1
        yield match["function"], match["place"] or ""


def telling_frames(lines):
    for function, place in frames(lines):
        if IGNORED_FUNCTIONS.search(function) or IGNORED_PATHS.search(place):
            continue
        if function == "LLVMFuzzerTestOneInput":
            function = place.rsplit("/", 1)[-1].split(":")[0]
        yield function, place


def parse(text):
    """The type of the crash, the lines of its state, and the frames that look like an engine's own."""
    lines = text.splitlines()
    kind, state = None, []
    for number, line in enumerate(lines):
        for pattern in ASSERTIONS:
            match = pattern.match(line)
            if match and kind is None:
                kind, state = "ASSERT", [mask(match["what"])]
        if FATAL.match(line) and number + 1 < len(lines) and CHECK.match(lines[number + 1]):
            kind = "CHECK failure"
            state = [mask("%s in %s" % (CHECK.match(lines[number + 1])["what"], FATAL.match(line)["file"]))]
        if KERNEL_BUG.search(line):
            kind, state = "Kernel failure", []
        if KERNEL_PANIC.search(line):
            kind, state = "Kernel failure\n" + KERNEL_PANIC.search(line)["what"], []
        if KASAN.search(line):
            kind, state = "Kernel failure\n" + KASAN.search(line)["kind"].capitalize(), []
        match = SANITIZER.search(line)
        if match and kind is None and match["kind"] not in SIGNALS:
            kind = match["kind"].capitalize()
        match = ACCESS.match(line)
        if match and kind and "\n" not in kind and kind != "ASSERT":
            kind += "\n%s %s" % (match["access"], match["size"])
        match = UBSAN.search(line)
        if match and kind is None:
            kind = "Undefined-behavior"
        if DEADLY.search(line) and kind is None:
            kind = "Abrt"
    engine = []
    for function, place in telling_frames(lines):
        if len(state) == STATE_LINES:
            break
        if FUZZER_PATHS.search(place):
            engine.append(function)
        state.append(mask(function))
    return kind, state, engine


def describe(text):
    kind, state, engine = parse(text)
    if engine:
        kind = "Fuzzer-crash-state (%s)" % ", ".join(engine)
    return "%s\n%s\n" % ((kind or "no crash").replace("\n", " "), "\n".join(state))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: clusterfuzz_state.py LOG")
    with open(sys.argv[1], errors="replace") as log:
        sys.stdout.write(describe(log.read()))
