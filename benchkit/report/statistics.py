"""What numbers over seeds and over datasets allow to say, and from how many on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

LEVEL = 0.05
"""Below this a p-value counts; intervals hold with the rest of the probability."""


APPROXIMATE = 200
"""From so many differences on `signed_rank` approximates: counting 2,000 takes 43 s."""

LEAST_SIGNS = 50
"""With fewer differences that are not 0 it counts all the same, whose chances are too coarse."""


DIGITS = 9
"""Decimals, of numbers above 1 digits, that mean something. Sums in another order, threads and
other processors move a metric in the twelfth; one point that changes places with another one moves
it by one over the product of both classes' counts, in the ninth of a part of 100,000 points."""


def settle(value: float, size: float = 0.0) -> float:
    """Return a number rounded to `DIGITS`, so that what differs by arithmetic alone is equal.

    ``size`` is that of what it was made from, where that is larger.
    """
    decimals = _decimals(max(abs(value), size))
    return math.copysign(round(abs(value) + _nudge(decimals), decimals), value) + 0.0  # no -0.0


def settle_all(values: np.ndarray) -> np.ndarray:
    """Return numbers as `settle` does, by the size of the largest; NaN and inf stay."""
    size = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    return _settle_to(values, _decimals(float(size)))


@dataclass(frozen=True)
class Interval:
    """A mean and its 95 % Student-t interval.

    ``low`` and ``high`` are None for a single value, and for several that are all the same: a
    detector that does not depend on the seed was run once, however often.
    """

    mean: float
    low: float | None
    high: float | None
    count: int

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def fixed(self) -> bool:
        """Whether there are several values, all the same."""
        return self.count > 1 and self.low is None


@dataclass(frozen=True)
class Difference:
    """How much higher one detector's values are than another's, pair by pair of equal seeds.

    Parameters
    ----------
    mean, low, high, count
        Of the differences, as in `Interval`; ``mean`` is None where no seed is common.
    effect
        Hedges' g: the difference of means over the pooled standard deviation, corrected for few
        seeds (Hedges 1981, doi:10.3102/10769986006002107). None where it does not exist: with a
        single pair, or where neither's values differ from seed to seed.
    won
        Share of pairs in which the first is higher; equal ones count half. None without pairs.
    fixed
        Whether there are several pairs and neither's values differ from seed to seed. Then seeds
        are no replicates, and there is no interval.
    clear
        Whether the interval leaves out 0; None without an interval.
    """

    mean: float | None
    low: float | None
    high: float | None
    count: int
    effect: float | None
    won: float | None
    fixed: bool
    clear: bool | None

    @property
    def interval(self) -> Interval | None:
        """The mean difference and its interval; None where no seed is common."""
        if self.mean is None:
            return None
        return Interval(self.mean, self.low, self.high, self.count)


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of some values, in whatever order, and its 95 % Student-t interval.

    The values are taken for independent and about normal. Of one value, and of several that are
    equal once they are settled, there is no interval. Raises `ValueError` where there are none.
    """
    count = len(values)
    if not count:
        raise ValueError("there is no mean of no values")
    if _is_fixed(values):
        return Interval(float(min(values)), None, None, count)
    mean = math.fsum(values) / count
    half = _critical(count - 1) * _deviation(values) / math.sqrt(count)
    return Interval(mean, mean - half, mean + half, count)


def difference(a: Mapping[int, float], b: Mapping[int, float]) -> Difference:
    """Return how much higher the values of ``a`` are than those of ``b``, both by seed."""
    seeds = sorted(a.keys() & b.keys())
    if not seeds:
        return Difference(None, None, None, 0, None, None, False, None)
    one, other = [a[seed] for seed in seeds], [b[seed] for seed in seeds]
    gaps = [settle(x - y, max(abs(x), abs(y))) for x, y in zip(one, other, strict=True)]
    won = sum((gap > 0) + (gap == 0) / 2 for gap in gaps) / len(gaps)
    over = interval(gaps)
    fixed = over.count > 1 and _is_fixed(one) and _is_fixed(other)
    mean, low, high = settle(over.mean), over.low, over.high
    if over.fixed and not fixed:
        low = high = mean  # both vary, and together
    clear = None if low is None or high is None else mean != 0 and not low <= 0 <= high
    return Difference(mean, low, high, over.count, _effect(one, other), won, fixed, clear)


def friedman(ranks: np.ndarray) -> float:
    """Return the p-value of Friedman's test that all columns of (datasets, detectors) are alike.

    Through scipy: chi-squared, corrected for ties. 1 where all are tied everywhere.
    """
    from scipy import stats

    if np.all(ranks == ranks[:, :1]):
        return 1.0
    return float(stats.friedmanchisquare(*ranks.T).pvalue)


def wilcoxon_holm(values: np.ndarray, names: Sequence[str]) -> dict[tuple[str, str], float]:
    """Return the p-value after Holm for each pair of columns of (datasets, detectors).

    By `signed_rank` of the differences, settled, so that equal ones tie. In a
    pair stands first who has the higher signed ranks, or of equals whose column comes first.
    """
    from statsmodels.stats.multitest import multipletests

    found = {}
    decimals = _decimals(float(np.abs(values).max(initial=0.0)))
    for i, j in combinations(range(values.shape[1]), 2):
        lean, p_value = signed_rank(_settle_to(values[:, i] - values[:, j], decimals))
        found[(names[j], names[i]) if lean < 0 else (names[i], names[j])] = p_value
    if not found:
        return {}
    adjusted = multipletests(list(found.values()), method="holm")[1]
    return dict(zip(found, map(float, adjusted), strict=True))


def signed_rank(gaps: np.ndarray) -> tuple[float, float]:
    """Return which way differences lean, and the two-sided p-value of Wilcoxon's test of that.

    The first is from -1 to 1: the share of the ranks of the differences' sizes that are positive,
    less the share that are negative. Sizes stay and take every sign with equal chance. The ranks
    of zeros are split between both sides, as Demšar 2006 ("Statistical Comparisons of Classifiers
    over Multiple Data Sets", JMLR 7, section 3.1.3) has it.

    Below `APPROXIMATE` differences, or with fewer than `LEAST_SIGNS` but zeros, the p-value is
    exact, with ties, too. scipy has the same; with ties it goes through all signs of up to 13
    datasets one by one, a thousand times slower, and approximates for more. From there on it is
    that of the normal distribution, corrected for ties, zeros and continuity: what scipy calls
    ``method="asymptotic", zero_method="pratt", correction=True``.
    """
    from scipy import stats

    there = gaps != 0
    ranks = stats.rankdata(np.abs(gaps))[there]
    excess = float(np.where(gaps[there] > 0, ranks, -ranks).sum())
    lean = excess / max(float(ranks.sum()), 1.0)
    if len(gaps) >= APPROXIMATE and len(ranks) >= LEAST_SIGNS:
        # Of ``excess`` / 2, which half a rank of continuity belongs to.
        deviation = math.sqrt(float((ranks**2).sum())) / 2
        distance = max(abs(excess) / 2 - 0.5, 0.0) / deviation
        return lean, math.erfc(distance / math.sqrt(2))
    # Twice the ranks, so that those of ties are whole numbers.
    doubled = np.rint(2 * np.sort(ranks)).astype(int)
    smaller = (int(doubled.sum()) - abs(round(2 * excess))) // 2
    return lean, min(1.0, 2 * float(_tails(tuple(doubled.tolist()))[smaller]))


@lru_cache(maxsize=32)
def _tails(ranks: tuple[int, ...]) -> np.ndarray:
    """Return the chance that the positive ones of ranks sum to at most 0, 1, ..., half of all.

    Of many detectors most pairs have the same ranks, those without ties.
    """
    half = sum(ranks) // 2
    ways = np.zeros(half + 1)
    ways[0] = 1.0
    reached = 0
    for rank in ranks:  # rising, so that the sums stay short for long
        reached = min(reached + rank, half)
        ways[rank : reached + 1] += ways[: max(reached + 1 - rank, 0)].copy()
    return np.cumsum(ways) / 2.0 ** len(ranks)


def least_datasets(detectors: int) -> int:
    """Return from how many datasets on `wilcoxon_holm` can tell some of so many detectors apart.

    With n datasets the smallest p-value of a two-sided signed-rank test is 2 / 2^n, and Holm
    multiplies the smallest by the number of pairs. Six for two detectors, nine for five.
    """
    pairs = max(math.comb(detectors, 2), 1)
    return math.floor(1 + math.log2(pairs / LEVEL)) + 1


LEAST_DATASETS = least_datasets(2)
"""Below so many datasets nothing is tested: no two-sided test could come below `LEVEL`."""


def _decimals(size: float) -> int:
    return DIGITS - (max(0, math.ceil(math.log10(size))) if 1 < size < math.inf else 0)


def _settle_to(values: np.ndarray, decimals: int) -> np.ndarray:
    return np.asarray(np.copysign(np.round(np.abs(values) + _nudge(decimals), decimals), values))


def _nudge(decimals: int) -> float:
    """Return what keeps halves, k / 1024 for instance, from the border of being rounded up."""
    return 10.0 ** (-decimals - 2)


def _is_fixed(values: Sequence[float]) -> bool:
    return settle(min(values)) == settle(max(values))


def _deviation(values: Sequence[float]) -> float:
    middle = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))


def _effect(a: Sequence[float], b: Sequence[float]) -> float | None:
    count = len(a)
    if count < 2 or (_is_fixed(a) and _is_fixed(b)):
        return None
    pooled = math.sqrt((_deviation(a) ** 2 + _deviation(b) ** 2) / 2)
    correction = 1 - 3 / (4 * (2 * count - 2) - 1)
    return settle(correction * (math.fsum(a) - math.fsum(b)) / count / pooled)


@lru_cache(maxsize=1024)
def _critical(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t, rounded so that versions of scipy agree."""
    from scipy import special

    return round(float(special.stdtrit(freedom, 1 - LEVEL / 2)), 10)
