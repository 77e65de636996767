# SPDX-License-Identifier: GPL-2.0-or-later
"""The golden logs have the crash type and the state that stand beside them, and the rules do what they say."""
import glob
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import clusterfuzz_state

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
STACK = """==7== ERROR: libFuzzer: deadly signal
    #0 0x1 in __sanitizer_print_stack_trace (/out/x+0x1)
    #1 0x2  (/lib/x86_64-linux-gnu/libc.so.6+0x3c04f)
    #2 0x3 in assert_no_violation fuzzers/violation.c:90:1
    #3 0x4 in free_io_pgtable_ops drivers/iommu/io-pgtable.c:59:1
    #4 0x5 in arm_smmu_context_fault core/handler/fault.c:12:3
    #5 0x6 in LLVMFuzzerTestOneInput fuzz/one_fuzzer.c:3:1
"""
FRAMES = ["arm_smmu_context_fault", "one_fuzzer.c"]


def read(path):
    with open(path, errors="replace") as file:
        return file.read()


class Golden(unittest.TestCase):
    def test_logs(self):
        logs = sorted(glob.glob(os.path.join(GOLDEN, "*.log")))
        self.assertGreaterEqual(len(logs), 4)
        for log in logs:
            with self.subTest(log=os.path.basename(log)):
                expected = read(log[: -len("log")] + "state")
                self.assertEqual(clusterfuzz_state.describe(read(log)), expected)

    def test_two_functions_are_two_crashes(self):
        states = [read(os.path.join(GOLDEN, "storm-in-%s-fault.state" % which)) for which in ("context", "global")]
        self.assertNotEqual(states[0], states[1])
        for which, state in zip(("context", "global"), states):
            self.assertIn("irq-storm in arm_smmu_%s_fault" % which, state.splitlines()[1])


class Rules(unittest.TestCase):
    def check(self, text, kind, state):
        self.assertEqual(clusterfuzz_state.parse(text)[:2], (kind, state))

    def test_first_lines(self):
        self.check("f.c:2: ASSERTION FAILED: rule\n" + STACK, "ASSERT", ["rule"] + FRAMES)
        self.check("f.c:2: panic: rule\n" + STACK, "ASSERT", ["rule"] + FRAMES)
        self.check("x: f.c:2: f: Assertion 'rule' failed.\n" + STACK, "ASSERT", ["rule"] + FRAMES)
        self.check(
            "# Fatal error in f.c, line 2\n# Check failed: rule\n" + STACK, "CHECK failure", ["rule in f.c"] + FRAMES
        )
        self.check("kernel BUG at f.c:2!\n" + STACK, "Kernel failure", FRAMES)
        self.check("Kernel panic - not syncing: rule\n" + STACK, "Kernel failure\nrule", FRAMES)
        self.check(
            "BUG: KASAN: use-after-free in f+0x1/0x2\n" + STACK, "Kernel failure\nUse-after-free", FRAMES
        )
        self.check("==1==ERROR: SmmuSanitizer: rule\n" + STACK, "Abrt", FRAMES)
        self.check("WARNING: CPU: 0 PID: 1 at f.c:2\n", None, [])

    def test_kernel_text_behind_an_assertion_flips_the_type(self):
        text = "f.c:2: ASSERTION FAILED: rule\n  kernel BUG at f.c:2!\n" + STACK
        self.check(text, "Kernel failure", FRAMES)

    def test_numbers_vary(self):
        text = "f.c:2: ASSERTION FAILED: bank 3 of 12 at 0x10 is sm8250 after 99900\n"
        self.check(text, "ASSERT", ["bank 3 of NUMBER at ADDRESS is smNUMBER after NUMBER"])
        self.check("f.c:2: ASSERTION FAILED: %s\n" % ("x" * 90), "ASSERT", ["x" * 80])

    def test_engines_frames(self):
        text = "f.c:2: ASSERTION FAILED: rule\n    #0 0x1 in f /src/build/fuzzers/afl/core/f.c:2:1\n"
        self.assertEqual(clusterfuzz_state.parse(text)[2], ["f"])
        self.assertEqual(clusterfuzz_state.parse(text.replace("fuzzers", "all"))[2], [])


if __name__ == "__main__":
    unittest.main()
