"""How much slower than its baseline a benchmark is, and how sure that is.

The value is the ratio of two medians of rounds: no round that something interfered with moves a
median far. Its interval is a percentile bootstrap of that ratio, both sets of rounds resampled.

Red needs both: a value above `ALLOWED`, and an interval wholly above `CERTAIN`. The interval says
how rounds of one session differ, but not how sessions do (memory laid out otherwise, another
clock rate), which moves the ratios of unchanged programs by 3 to 5 %. `CERTAIN` leaves room for
three times that, and is no further from 1 than half of what is allowed.

One measurement that looks slower is not believed: `confirm` wants a second one, of its own rounds
and more of them. What chance makes red once in p it makes red twice in p², as far as both are
independent; what both share, the session, is what `CERTAIN` is for. A real slowdown has to be
seen twice, so its misses add up to less than twice those of one measurement. Where the second one
leaves doubt, rounds are added to it, at most twice: each look is another chance for its interval
to be wrong, at most three times 0.5 %, of a slowdown that two values above `ALLOWED` already
speak for. ``tests/timing`` holds all this to numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

ALLOWED = 1.30
"""The slowdown up to which nothing is red."""
CERTAIN = 1.15
"""The slowdown that the whole interval has to be above."""
LEVEL = 0.99
"""Of the interval."""
LOOKS = 3
"""How often the interval of a second measurement is looked at, at most."""
RESAMPLES = 1_000


@dataclass(frozen=True)
class Slowdown:
    """How many times as long as before something takes, with the bounds of an interval."""

    value: float
    low: float
    high: float

    @property
    def red(self) -> bool:
        """Whether it is slower beyond what is allowed, and that is certain."""
        return self.value > ALLOWED and self.low > CERTAIN

    @property
    def doubtful(self) -> bool:
        """Whether it looks slower beyond what is allowed, and that is not certain."""
        return self.value > ALLOWED and not self.red

    @property
    def faster(self) -> bool:
        """Whether it is as certainly and as much faster as red is slower."""
        return self.value < 1 / ALLOWED and self.high < 1 / CERTAIN


def compare(before: Sequence[float], now: Sequence[float]) -> Slowdown:
    """Return the slowdown that rounds' ratios show against those of a baseline.

    The same numbers give the same bounds. Raises ValueError where there are none on one side, or
    one is not a positive number.
    """
    pair = [np.asarray(part, float) for part in (before, now)]
    if any(not part.size or not (np.isfinite(part) & (part > 0)).all() for part in pair):
        raise ValueError("a benchmark needs rounds, each with a positive ratio")
    generator = np.random.default_rng(0)
    old, new = (np.median(_resampled(part, generator), axis=1) for part in pair)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(new / old, [tail, 1 - tail])
    value = np.median(pair[1]) / np.median(pair[0])
    return Slowdown(float(value), float(low), float(high))


def confirm(
    before: Sequence[float], now: Sequence[float], again: Callable[[], Sequence[float]]
) -> tuple[Sequence[float], Slowdown]:
    """Return the rounds to believe and their slowdown; ``again`` measures once more.

    That is asked for where the first measurement looks slower than allowed, certain or not, and
    then only what comes after it counts.
    """
    first = compare(before, now)
    if first.value <= ALLOWED:
        return now, first
    rounds: list[float] = []
    for _ in range(LOOKS):
        rounds += again()
        slowdown = compare(before, rounds)
        if not slowdown.doubtful:
            break
    return rounds, slowdown


def _resampled(values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return resamples of some values with replacement, (resamples, values)."""
    return values[generator.integers(0, len(values), (RESAMPLES, len(values)))]
