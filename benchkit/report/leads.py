"""Who is ahead in one table, and what its seeds say of that: one verdict for all who write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.report.numbers import NOT_BEATEN, format_interval, format_value
from benchkit.report.rows import Row
from benchkit.report.statistics import difference

SEEDS_SILENT = "Seeds do not say"
"""The word for two detectors of which neither varies with the seed."""


@dataclass(frozen=True)
class Judgement:
    """A verdict in a word or two, what it rests on, and whether it is a clear yes."""

    word: str
    text: str = ""
    clear: bool = False


NOTHING = Judgement("")
"""Where there is nothing to judge."""


@dataclass(frozen=True)
class Lead:
    """Who is ahead in one table, of the detectors without a failed trial there.

    Parameters
    ----------
    metric
        By which one.
    best
        The one with the highest mean; of equals all, by label.
    contested
        Whether several have a value.
    judgement
        Whether the best one is clearly ahead of all others, and if not of whom.
    """

    metric: str
    best: tuple[Row, ...]
    contested: bool
    judgement: Judgement

    @property
    def labels(self) -> tuple[str, ...]:
        """Who shares the first place."""
        return tuple(row.label for row in self.best)


def find_lead(rows: Sequence[Row], metric: str) -> Lead | None:
    """Return who is ahead in a table by the rows of it; None where nobody has a value.

    Ahead is who has the higher mean, clearly so where `difference` says that over its seeds.
    """
    measured = [row for row in rows if metric in row.means and not row.sanity]
    there = sorted(
        (row for row in measured if not row.failed),
        key=lambda row: (-row.rate(metric), row.label),
    )
    if not there:
        return None
    best = find_best(there, metric)
    behind = there[len(best) :]
    if len(best) > 1:
        judgement = Judgement("Several share it" if behind else "All are equal")
    elif behind:
        weighed = [weigh(best[0], row, metric, ("ahead of", "behind")) for row in behind]
        # The one that is least behind, or of whom it is not clear.
        judgement = next((found for found in weighed if not found.clear), weighed[0])
    elif len(measured) > 1:
        failed = next(row for row in measured if row.failed)
        judgement = Judgement("No rival", f"the next one, {failed.label}, has a failed trial")
    else:
        judgement = Judgement("No other detector")
    return Lead(metric, best, len(there) > 1, judgement)


def find_best(rows: Sequence[Row], metric: str) -> tuple[Row, ...]:
    """Return the rows with the highest mean, by label; none where nobody has a value."""
    there = [row for row in rows if metric in row.means]
    top = max((row.rate(metric) for row in there), default=None)
    return tuple(
        sorted((row for row in there if row.rate(metric) == top), key=lambda row: row.label)
    )


def judge_sanity(lead: Lead, rows: Sequence[Row]) -> Judgement:
    """Return whether the best of a table is clearly above its best sanity row."""
    bars = find_best([row for row in rows if row.sanity], lead.metric)
    if not bars:
        return Judgement("Unknown", "there is no sanity row")
    best, bar = lead.best[0], bars[0]
    value = f" with {format_value(bar.rate(lead.metric))}"
    if lead.metric in best.beaten:
        return Judgement(f"No {NOT_BEATEN}", f"not above {bar.label}{value}")
    return weigh(best, bar, lead.metric, ("above", "below"), value)


def weigh(
    best: Row, other: Row, metric: str, relation: tuple[str, str], more: str = ""
) -> Judgement:
    """Return by how much a row is above another one, seed by seed, and whether that is clear.

    On the seeds that both have the order may be another one than that of the means.
    """
    gap = difference(best.values.get(metric, {}), other.values.get(metric, {}))
    ahead, behind = (f"{words} {other.label}{more}" for words in relation)
    if gap.mean is None:
        return Judgement("Not comparable", f"{ahead}: they have no seed in common")
    interval = format_interval(gap.interval)
    if gap.mean <= 0:
        text = (
            f"{interval.removeprefix('-')} {behind}" if gap.mean else f"level with {other.label}"
        )
        return Judgement("Not clearly", f"{text} on the seeds that both have")
    text = f"{'less than 0.001' if gap.mean < 0.0005 else interval} {ahead}"
    if gap.fixed:
        return Judgement(SEEDS_SILENT, f"{text}; neither varies with the seed")
    if gap.clear is None:
        return Judgement("Too few seeds to say", text)
    return Judgement("Yes" if gap.clear else "Not clearly", text, gap.clear)
