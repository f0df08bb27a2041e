"""What a reader wants to know first: the best detector on each dataset, and what that is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.report.numbers import (
    NOT_BEATEN,
    count,
    format_cost,
    format_interval,
    format_label,
    format_mean,
    format_value,
    title,
)
from benchkit.report.page.links import Link, Machines
from benchkit.report.primary import find_primary
from benchkit.report.rows import Row
from benchkit.report.selection import Section
from benchkit.report.statistics import difference


@dataclass(frozen=True)
class Saying:
    """A verdict in a word or two, what it rests on, and whether it is a clear yes."""

    word: str
    text: str = ""
    clear: bool = False


@dataclass(frozen=True)
class Answer:
    """The best detectors of a section: several where they share the first place.

    ``none`` says why there is no best one, and then nothing else does.
    """

    anchor: str
    dataset: str
    none: str = ""
    best: tuple[str, ...] = ()
    status: str = ""
    metric: str = ""
    value: str = ""
    lead: Saying = Saying("")
    sanity: Saying = Saying("")
    cost: str = ""
    machine: Link | None = None


def make_answer(section: Section, rows: list[Row], anchor: str, machines: Machines) -> Answer:
    """Return which detector of a section is best, by how much, and at what cost.

    Detectors that are equal to three digits share the first place; the lead is that of the first
    over the next one behind them. ``rows`` are ordered as `make_rows` does.
    """
    label = section.dataset.label
    primary = find_primary(rows)
    ranked = [row for row in rows if primary in row.means and not row.sanity]
    if not ranked:
        return Answer(anchor, label, "No detector has a value here.")
    best = ranked[0]
    tied = [row for row in ranked if _looks_like(row, best, primary)]
    behind = [row for row in ranked if row not in tied]
    return Answer(
        anchor=anchor,
        dataset=label,
        best=tuple(format_label(row) for row in tied),
        status=best.status if best.failed else "",
        metric=title(primary),
        value=format_mean(best, primary),
        lead=_say_lead(best, behind, primary, shared=len(tied) > 1),
        sanity=_say_sanity(best, [row for row in rows if row.sanity], primary),
        cost=_say_cost(best),
        machine=machines.link(best.machine),
    )


def _looks_like(row: Row, best: Row, metric: str) -> bool:
    shown = [format_value(r.means[metric].mean) for r in (row, best)]
    return shown[0] == shown[1] and bool(row.failed) == bool(best.failed)


def _say_lead(best: Row, behind: list[Row], metric: str, *, shared: bool) -> Saying:
    if not behind:
        return Saying("All are equal" if shared else "No other detector")
    other = behind[0]
    if other.failed and not best.failed:
        return Saying("No rival", f"the next one, {other.label}, has a failed trial")
    return _weigh(best, other, metric, f"ahead of {other.label}")


def _say_sanity(best: Row, sanity: list[Row], metric: str) -> Saying:
    measured = [row for row in sanity if metric in row.means]
    if not measured:
        return Saying("Unknown", "there is no sanity row")
    bar = max(measured, key=lambda row: row.means[metric].mean)
    against = f"above {bar.label} with {format_value(bar.means[metric].mean)}"
    if metric in best.beaten:
        return Saying(f"No {NOT_BEATEN}", f"not {against}")
    return _weigh(best, bar, metric, against)


def _weigh(best: Row, other: Row, metric: str, against: str) -> Saying:
    """Say by how much a detector is above another one, seed by seed, and whether that is clear."""
    gap = difference(best.values.get(metric, {}), other.values.get(metric, {}))
    if gap.mean is None:
        return Saying("Not comparable", f"{against}: they have no seed in common")
    amount = "less than 0.001" if 0 <= gap.mean < 0.0005 else format_interval(gap.interval)
    if gap.clear is None:
        return Saying("Too few seeds to say", f"{amount} {against}")
    # On the seeds that both have the order may be another one than that of the means.
    clear = gap.clear and gap.mean > 0
    return Saying("Yes" if clear else "Not clearly", f"{amount} {against}", clear)


def _say_cost(row: Row) -> str:
    costs = (("fit_s", "fit {} s"), ("score_s", "score {} s"), ("memory_mib", "{} MiB"))
    there = [(text, row.means[name].mean) for name, text in costs if name in row.means]
    return ", ".join(text.format(format_cost(value)) for text, value in there)


def sum_up(answers: Sequence[Answer]) -> str:
    """Return in how many tables each detector is best, and in how many that says something."""
    answers = [answer for answer in answers if answer.best]
    if not answers:
        return "No detector has a value here."
    wins = Counter(label for answer in answers for label in answer.best)
    those = sorted(wins.items(), key=lambda item: (-item[1], item[0]))
    number = len(answers)
    shared = "; some share the first place" if wins.total() > number else ""
    above = sum(answer.sanity.clear for answer in answers)
    ahead = sum(answer.lead.clear for answer in answers)
    return (
        f"Best in {count(number, 'table')}: "
        f"{', '.join(f'{label} in {won}' for label, won in those)}{shared}. The best is "
        f"clearly above the sanity rows in {above} of {number}, and clearly ahead of the next "
        f"detector in {ahead} of {number}."
    )
