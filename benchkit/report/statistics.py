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


@dataclass(frozen=True)
class Interval:
    """A mean and its 95 % Student-t interval; ``low`` and ``high`` are None for a single value."""

    mean: float
    low: float | None
    high: float | None
    count: int

    @property
    def half(self) -> float | None:
        """Half the width of the interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


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
    clear
        Whether the interval leaves out 0; None with fewer than two pairs.
    """

    mean: float | None
    low: float | None
    high: float | None
    count: int
    effect: float | None
    won: float | None
    clear: bool | None

    @property
    def interval(self) -> Interval | None:
        """The mean difference and its interval; None where no seed is common."""
        if self.mean is None:
            return None
        return Interval(self.mean, self.low, self.high, self.count)


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of some values, in whatever order, and its 95 % Student-t interval.

    The values are taken for independent and about normal. Of values that are all equal the
    interval has no width. Raises `ValueError` where there are none.
    """
    count = len(values)
    if not count:
        raise ValueError("there is no mean of no values")
    if count == 1 or min(values) == max(values):
        mean = float(values[0])
        return Interval(mean, mean, mean, count) if count > 1 else Interval(mean, None, None, 1)
    mean = math.fsum(values) / count
    half = _critical(count - 1) * _deviation(values) / math.sqrt(count)
    return Interval(mean, mean - half, mean + half, count)


def difference(a: Mapping[int, float], b: Mapping[int, float]) -> Difference:
    """Return how much higher the values of ``a`` are than those of ``b``, both by seed."""
    seeds = sorted(a.keys() & b.keys())
    if not seeds:
        return Difference(None, None, None, 0, None, None, None)
    gaps = [a[seed] - b[seed] for seed in seeds]
    over = interval(gaps)
    won = sum((a[seed] > b[seed]) + (a[seed] == b[seed]) / 2 for seed in seeds) / len(seeds)
    clear = None
    if over.low is not None and over.high is not None:
        clear = not over.low <= 0 <= over.high
    effect = _effect([a[seed] for seed in seeds], [b[seed] for seed in seeds])
    return Difference(over.mean, over.low, over.high, over.count, effect, won, clear)


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

    By `signed_rank` of the differences, rounded to twelve digits, so that equal ones tie. In a
    pair stands first who has the higher signed ranks, or of equals whose column comes first.
    """
    from statsmodels.stats.multitest import multipletests

    found = {}
    for i, j in combinations(range(values.shape[1]), 2):
        lean, p_value = signed_rank(np.round(values[:, i] - values[:, j], 12))
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


def _deviation(values: Sequence[float]) -> float:
    middle = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))


def _effect(a: Sequence[float], b: Sequence[float]) -> float | None:
    count = len(a)
    if count < 2 or (min(a) == max(a) and min(b) == max(b)):
        return None
    pooled = math.sqrt((_deviation(a) ** 2 + _deviation(b) ** 2) / 2)
    correction = 1 - 3 / (4 * (2 * count - 2) - 1)
    return correction * (math.fsum(a) - math.fsum(b)) / count / pooled


@lru_cache(maxsize=1024)
def _critical(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t, rounded so that versions of scipy agree."""
    from scipy import special

    return round(float(special.stdtrit(freedom, 1 - LEVEL / 2)), 10)
