"""Intervals, differences and tests, held against other implementations and published numbers."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from benchkit.report.statistics import (
    LEAST_DATASETS,
    difference,
    friedman,
    interval,
    least_datasets,
    settle,
    settle_all,
    signed_rank,
    wilcoxon_holm,
)
from tests.pace import within

DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],  # printed as equal, ranked as not
        [0.957, 0.978, 0.946, 0.970],
    ]
)
"""AUC of C4.5 with m and cf tuned or not: Demšar 2006, JMLR 7, table 6."""

seeds = st.dictionaries(
    st.integers(0, 20), st.floats(-1e3, 1e3).map(lambda x: round(x, 6)), max_size=8
)


def rank(values: np.ndarray) -> np.ndarray:
    return np.array([stats.rankdata(-row) for row in values])


class TestInterval:
    def test_is_that_of_the_textbook(self):
        """Student's data of 1908, drug 1: mean 0.75, sd 1.789, t(9) = 2.262."""
        found = interval([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
        assert (found.mean, found.count) == (pytest.approx(0.75), 10)
        assert (found.low, found.high) == (
            pytest.approx(-0.530, abs=5e-4),
            pytest.approx(2.030, abs=5e-4),
        )
        assert found.half == pytest.approx(1.280, abs=5e-4)

    @given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.randoms())
    def test_is_that_of_statsmodels_in_whatever_order(self, values, random):
        found = interval(values)
        if found.low is None:
            assert max(values) - min(values) < 1e-6
            return
        low, high = DescrStatsW(values).tconfint_mean()
        scale = max(1.0, *map(abs, values))
        assert found.mean == pytest.approx(statistics.fmean(values), abs=1e-12 * scale)
        assert found.low == pytest.approx(low, abs=1e-7 * scale)
        assert found.high == pytest.approx(high, abs=1e-7 * scale)
        random.shuffle(values)
        assert interval(values) == found

    def test_of_one_value_there_is_none(self):
        assert interval([0.5]) == interval((0.5,))
        assert (interval([0.5]).low, interval([0.5]).half) == (None, None)

    @pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-300])
    def test_of_equal_values_there_is_none(self, value):
        """Neither of zero width nor of that of the rounding of a sum: they are one value."""
        found = interval([value] * 7)
        assert (found.mean, found.low, found.half, found.fixed) == (value, None, None, True)
        assert not interval([value]).fixed

    def test_of_values_that_differ_by_arithmetic_there_is_none(self):
        assert interval([0.1 + 0.2, 0.3, 0.3]).fixed

    def test_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="no values"):
            interval([])

    def test_holds_the_truth_as_often_as_it_says(self):
        """95 % of the time, for three normal values."""
        draws = np.random.default_rng(0).normal(size=(4000, 3))
        found = [interval(row.tolist()) for row in draws]
        held = sum(f.low <= 0 <= f.high for f in found) / len(found)
        assert held == pytest.approx(0.95, abs=0.01)


class TestDifference:
    def test_is_over_the_seeds_that_both_have(self):
        found = difference({0: 0.5, 1: 0.7, 2: 0.9, 9: 5.0}, {0: 0.4, 1: 0.5, 2: 0.6, 8: 5.0})
        assert (found.mean, found.count, found.won) == (pytest.approx(0.2), 3, 1.0)
        paired = stats.ttest_rel([0.5, 0.7, 0.9], [0.4, 0.5, 0.6]).confidence_interval()
        assert (found.low, found.high) == (pytest.approx(paired.low), pytest.approx(paired.high))

    def test_has_the_effect_size_of_hedges(self):
        """(0.7 - 0.5) over a pooled deviation of sqrt((0.04 + 0.01) / 2), times 1 - 3/15."""
        found = difference({0: 0.5, 1: 0.7, 2: 0.9}, {0: 0.4, 1: 0.5, 2: 0.6})
        assert found.effect == pytest.approx(0.8 * 0.2 / math.sqrt(0.025))

    @given(seeds, seeds)
    def test_turns_round_with_its_sides(self, a, b):
        """What one wins the other loses."""
        one, other = difference(a, b), difference(b, a)
        if one.mean is None:
            assert not a.keys() & b.keys()
            return
        assert (one.mean, one.count, one.clear) == (-other.mean, other.count, other.clear)
        assert one.won + other.won == pytest.approx(1)
        if one.effect is not None:
            assert one.effect == pytest.approx(-other.effect)
            assert math.isfinite(one.effect)

    def test_of_detectors_without_chance_has_no_effect_size(self):
        """Nothing is divided by a spread that is not there."""
        found = difference(dict.fromkeys(range(3), 0.5), dict.fromkeys(range(3), 0.4))
        assert found.effect is None

    def test_of_detectors_without_chance_is_never_clear(self):
        """Their seeds are no replicates, so that there is no interval, however large it is."""
        found = difference(dict.fromkeys(range(9), 0.9), dict.fromkeys(range(9), 0.1))
        assert (found.mean, found.low, found.high) == (0.8, None, None)
        assert (found.fixed, found.clear) == (True, None)

    def test_of_one_without_chance_is_as_sure_as_the_seeds_of_the_other(self):
        """Those are replicates: 0.5 against 0.4, 0.41, 0.42 and against 0.3, 0.5, 0.4."""
        fixed = dict.fromkeys(range(3), 0.5)
        found = difference(fixed, {0: 0.4, 1: 0.41, 2: 0.42})
        assert (found.fixed, found.clear) == (False, True)
        assert found.low == pytest.approx(0.09 - 4.302653 * 0.01 / math.sqrt(3))
        assert difference(fixed, {0: 0.3, 1: 0.5, 2: 0.4}).clear is False

    @pytest.mark.parametrize("size", [1.0, 1e-3, 1e4])
    def test_that_arithmetic_alone_makes_is_none(self, size):
        """``.1 + .2`` against ``.3`` over seeds was clearly better by 6e-17."""
        a = {0: (0.1 + 0.2) * size, 1: 0.7 * size, 2: (0.1 + 0.7) * size}
        b = {0: 0.3 * size, 1: (0.1 + 0.2 + 0.4) * size, 2: 0.8 * size}
        found = difference(a, b)
        assert (found.mean, found.won, found.clear) == (0.0, 0.5, False)

    def test_of_equals_is_none(self):
        found = difference(dict.fromkeys(range(3), 0.5), dict.fromkeys(range(3), 0.5))
        assert (found.mean, found.effect, found.won, found.clear) == (0.0, None, 0.5, None)

    def test_of_one_pair_is_not_said_to_be_clear_or_not(self):
        found = difference({0: 0.5}, {0: 0.4, 1: 0.3})
        assert (found.count, found.low, found.effect, found.clear) == (1, None, None, None)

    def test_without_pairs_is_nothing(self):
        found = difference({0: 0.5}, {1: 0.4})
        assert (found.mean, found.count, found.won, found.clear) == (None, 0, None, None)


class TestSettling:
    @pytest.mark.parametrize("value", [k / 1024 for k in (1, 3, 513, 1023)])
    @pytest.mark.parametrize("sign", [1, -1])
    def test_of_shares_of_1024_pairs_knows_what_differs_by_arithmetic_alone(self, value, sign):
        """An AUC of 32 times 32 points has a 5 as its tenth and last decimal."""
        near = sign * np.array([value - 1e-16, value, value + 1e-16])
        assert len(set(map(settle, near.tolist()))) == 1
        assert len(set(settle_all(near).tolist())) == 1

    def test_moves_nothing_that_has_nine_decimals(self):
        """Nor is there a negative zero."""
        for value in (0.0, -0.0, 0.3, -0.123456789, 123.456789, 1e300):
            assert settle(value) == value
            assert math.copysign(1, settle(value)) == (-1 if value < 0 else 1)


class TestFriedman:
    def test_agrees_with_demsar(self):
        """Average ranks 3.143, 2.000, 2.893, 1.964, and chi-squared 9.28 before ties count."""
        ranks = rank(DEMSAR)
        assert ranks.mean(axis=0) == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=5e-4)
        n, k = ranks.shape
        chi = 12 * n / (k * (k + 1)) * ((ranks.mean(axis=0) ** 2).sum() - k * (k + 1) ** 2 / 4)
        assert chi == pytest.approx(9.28, abs=0.005)
        ties = sum((c**3 - c) for row in ranks for c in np.unique(row, return_counts=True)[1])
        corrected = chi / (1 - ties / (n * k * (k**2 - 1)))
        assert friedman(ranks) == pytest.approx(stats.chi2.sf(corrected, k - 1))

    def test_of_ties_alone_finds_nothing(self):
        assert friedman(np.full((7, 3), 2.0)) == 1.0

    def test_rarely_rejects_where_there_is_nothing(self):
        """At most as often as 5 %, give or take what 500 repetitions leave open."""
        rng = np.random.default_rng(0)
        found = [friedman(rank(rng.normal(size=(10, 4)))) < 0.05 for _ in range(500)]
        assert sum(found) / 500 < 0.08


class TestWilcoxon:
    def test_agrees_with_demsar(self):
        """C4.5 against C4.5+m, his table 2: rank sums 93 and 12, z = -2.54."""
        gaps = np.round(DEMSAR[:, 1] - DEMSAR[:, 0], 12)
        ranks = stats.rankdata(abs(gaps))
        zeros = ranks[gaps == 0].sum() / 2
        assert ranks[gaps > 0].sum() + zeros == 93
        assert ranks[gaps < 0].sum() + zeros == 12
        z = (12 - 14 * 15 / 4) / math.sqrt(14 * 15 * 29 / 24)
        assert z == pytest.approx(-2.54, abs=5e-3)
        # Which is 0.011 by the normal approximation; exactly 128 of 2^14 signs are as far out.
        assert signed_rank(gaps) == ((93 - 12) / (93 + 12 - 3), 128 / 2**14)

    def test_is_exact_over_all_signs(self):
        """Without ties the p-value is a share of the 2^n ways to give the ranks their signs."""
        gaps = np.array([1.0, -2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
        signs = np.array(np.meshgrid(*[[0, 1]] * 7)).reshape(7, -1)  # (7, 128)
        sums = (np.arange(1, 8)[:, None] * signs).sum(axis=0)
        exact = 2 * np.mean(sums <= 2)
        found = wilcoxon_holm(np.column_stack([gaps, np.zeros(7)]), ["a", "b"])
        assert found["a", "b"] == pytest.approx(exact)

    @given(st.lists(st.integers(-4, 4), min_size=2, max_size=8))
    @settings(max_examples=15)
    def test_is_that_of_scipy_with_ties_and_zeros(self, gaps):
        """Which goes through all signs, and is slow."""
        method = stats.PermutationMethod(n_resamples=10**9)
        slow = stats.wilcoxon(gaps, zero_method="zsplit", method=method).pvalue
        assert signed_rank(np.array(gaps))[1] == pytest.approx(slow)

    @given(st.integers(1, 60), st.integers(0, 100))
    @settings(max_examples=50)
    def test_is_that_of_scipy_without(self, count, seed):
        gaps = np.random.default_rng(seed).normal(0.3, size=count)
        expected = stats.wilcoxon(gaps, method="exact").pvalue
        assert signed_rank(gaps)[1] == pytest.approx(expected)

    @given(st.integers(200, 400), st.integers(0, 9), st.integers(0, 100))
    @settings(max_examples=30, deadline=None)
    def test_of_many_differences_is_the_normal_one_of_scipy(self, count, levels, seed):
        """With ties and zeros where there are few levels, without for none."""
        rng = np.random.default_rng(seed)
        gaps = rng.normal(0.1, size=count)
        gaps = np.rint(gaps * levels) if levels else gaps
        expected = stats.wilcoxon(
            gaps, method="asymptotic", correction=True, zero_method="pratt"
        ).pvalue
        assert signed_rank(gaps)[1] == pytest.approx(expected, rel=1e-9)

    @pytest.mark.parametrize("shift", [0.0, 0.05, 0.1, 0.15])
    def test_is_continuous_where_counting_ends(self, shift):
        """One difference more moves it no further than the approximation and the value do."""
        gaps = np.random.default_rng(4).normal(shift, size=200)
        lean, approximate = signed_rank(gaps)
        counted = stats.wilcoxon(gaps, method="exact").pvalue
        assert approximate == pytest.approx(counted, rel=0.05)
        assert signed_rank(gaps[:-1])[0] == pytest.approx(lean, abs=0.02)

    def test_of_few_differences_among_many_equal_ones_is_counted(self):
        """Five that all lean one way are too few, whatever stands beside them."""
        gaps = np.zeros(2000)
        gaps[:5] = 1.0
        assert signed_rank(gaps) == (1.0, 2 / 2**5)

    def test_of_many_detectors_on_many_datasets_takes_seconds(self):
        """66 pairs on 199 datasets, with ties, and on 2,000: 43 s a pair it has been."""
        rng = np.random.default_rng(0)
        tied = rng.integers(0, 6, size=(199, 12)) / 10
        many = rng.normal(size=(2000, 12))
        within(1.5, lambda: [wilcoxon_holm(values, "abcdefghijkl") for values in (tied, many)])

    def test_is_corrected_by_holm(self):
        """The smallest p-value times the number of pairs, the next times one fewer, and so on."""
        values = np.random.default_rng(3).normal(size=(9, 4)) + np.arange(4) * 2
        names = list("abcd")
        plain = {
            (names[j], names[i]): stats.wilcoxon(values[:, i] - values[:, j]).pvalue
            for i in range(4)
            for j in range(i + 1, 4)
        }
        most, expected = 0.0, {}
        for place, pair in enumerate(sorted(plain, key=lambda pair: plain[pair])):
            most = max(most, min(1.0, plain[pair] * (6 - place)))
            expected[pair] = most
        assert wilcoxon_holm(values, names) == pytest.approx(expected)

    def test_names_the_better_of_a_pair_first(self):
        """By signed ranks: one loss by much may weigh more than two wins by little."""
        values = np.array([[2, 1], [2, 1], [1, 9], [1, 9]]) / 10
        assert list(wilcoxon_holm(values, "ab")) == [("b", "a")]
        assert list(wilcoxon_holm(values[:, ::-1], "ba")) == [("b", "a")]

    def test_of_equals_finds_nothing(self):
        assert wilcoxon_holm(np.ones((8, 2)), ["a", "b"]) == {("a", "b"): 1.0}

    @given(st.integers(0, 1000))
    @settings(max_examples=20)
    def test_does_not_depend_on_the_order_of_datasets(self, seed):
        rng = np.random.default_rng(seed)
        values = rng.integers(0, 5, size=(8, 3)) / 10
        shuffled = values[rng.permutation(8)]
        assert wilcoxon_holm(shuffled, "abc") == pytest.approx(wilcoxon_holm(values, "abc"))


class TestLeastDatasets:
    @pytest.mark.parametrize("detectors", range(2, 12))
    def test_is_the_first_number_that_can_come_below_five_per_cent(self, detectors):
        """If one detector always wins: the smallest of all p-values there can be."""

        def smallest(count: int) -> float:
            values = np.arange(detectors) * np.arange(1, count + 1)[:, None] ** 2.0
            return min(wilcoxon_holm(values, [str(i) for i in range(detectors)]).values())

        least = least_datasets(detectors)
        assert smallest(least) < 0.05 <= smallest(least - 1)

    def test_is_six_for_two_detectors(self):
        assert LEAST_DATASETS == 6
