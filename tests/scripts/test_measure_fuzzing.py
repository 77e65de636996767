#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics of scripts/measure-fuzzing, against examples that were worked out by hand."""
import importlib.machinery
import importlib.util
import math
import os
import sys
import types
import unittest

sys.dont_write_bytecode = True
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "measure-fuzzing")
LOADER = importlib.machinery.SourceFileLoader("measure_fuzzing", SCRIPT)
SPEC = importlib.util.spec_from_loader("measure_fuzzing", LOADER)
measure_fuzzing = importlib.util.module_from_spec(SPEC)
LOADER.exec_module(measure_fuzzing)
log_rank, rank_sum = measure_fuzzing.log_rank, measure_fuzzing.rank_sum


def two_sided(z):
    return math.erfc(abs(z) / math.sqrt(2))


class LogRank(unittest.TestCase):
    # At 1 two of four at risk are of the first: 1/2 expected, variance 1/4. At 2 one of three: 1/3 and 2/9. At 3 one of
    # two: 1/2 and 1/4. Two findings where 4/3 were expected, and one where 5/3 were; variance 13/18.
    ONE, OTHER = [1, 3], [2, None]
    Z = (2 - 4 / 3) / math.sqrt(13 / 18)

    def test_one_stratum(self):
        rate, p = log_rank([(self.ONE, self.OTHER)])
        self.assertAlmostEqual(rate, (2 / (4 / 3)) / (1 / (5 / 3)))
        self.assertAlmostEqual(p, two_sided(self.Z))
        self.assertAlmostEqual(p, 0.4328, places=4)

    def test_the_other_way_round(self):
        rate, p = log_rank([(self.OTHER, self.ONE)])
        self.assertAlmostEqual(rate, 0.4)
        self.assertAlmostEqual(p, two_sided(self.Z))

    def test_strata_are_compared_within_themselves(self):
        # The second search takes a thousand times as long, for both: the same evidence once more.
        rate, p = log_rank([(self.ONE, self.OTHER), ([1000, 3000], [2000, None])])
        self.assertAlmostEqual(rate, 2.5)
        self.assertAlmostEqual(p, two_sided(self.Z * math.sqrt(2)))

    def test_findings_at_the_same_time(self):
        # At 5 two of four find it, one on each side: 2 * 1/2 expected, variance 2 * 1/2 * 1/2 * 2/3. At 6 one of two: 1/2, 1/4.
        rate, p = log_rank([([5, 6], [5, None])])
        self.assertAlmostEqual(rate, (2 / 1.5) / (1 / 1.5))
        self.assertAlmostEqual(p, two_sided(0.5 / math.sqrt(1 / 3 + 1 / 4)))

    def test_nothing_found(self):
        self.assertEqual(log_rank([([None, None], [None, None])]), (None, 1.0))

    def test_only_one_finds(self):
        rate, p = log_rank([([1, 2, 3], [None, None, None])])
        self.assertEqual(rate, math.inf)
        # Expected 3/6 + 2/5 + 1/4, variance 1/4 + 6/25 + 3/16.
        self.assertAlmostEqual(p, two_sided((3 - 1.15) / math.sqrt(0.6775)))


class RankSum(unittest.TestCase):
    OPTIONS = types.SimpleNamespace(runs=100)

    def test_no_overlap(self):
        # Ranks 1 to 3 of 6: a sum of 6 where 10.5 is expected, variance 9/12 * 7; half a rank for continuity.
        self.assertAlmostEqual(rank_sum(self.OPTIONS, [1, 2, 3], [4, 5, None]), two_sided(4 / math.sqrt(5.25)))

    def test_ties(self):
        # Those not found share ranks 3 and 4: 1 + 3.5 where 5 is expected, within the correction.
        self.assertEqual(rank_sum(self.OPTIONS, [1, None], [2, None]), 1.0)


if __name__ == "__main__":
    unittest.main()
