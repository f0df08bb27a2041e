"""What a reader wants to know first: the best detector on each dataset, and what that is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.report.leads import NOTHING, Judgement, Lead, judge_sanity
from benchkit.report.numbers import count, format_cost, format_label, format_mean, title
from benchkit.report.page.links import Link, Machines
from benchkit.report.rows import Row
from benchkit.report.selection import Section


@dataclass(frozen=True)
class Answer:
    """The best detectors of a section: several where they share the first place.

    ``best`` has their labels, ``names`` these with their marks. ``none`` says why there is no best
    one, and then nothing else does.
    """

    anchor: str
    dataset: str
    none: str = ""
    best: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    metric: str = ""
    value: str = ""
    lead: Judgement = NOTHING
    sanity: Judgement = NOTHING
    cost: str = ""
    machine: Link | None = None


def make_answer(
    section: Section, rows: list[Row], lead: Lead | None, anchor: str, machines: Machines
) -> Answer:
    """Return which detector of a section is best, whether that is clear, and at what cost.

    ``rows`` are ordered as `make_rows` does; ``lead`` is that of the ranking.
    """
    label = section.dataset.label
    if lead is None:
        failed = any(row.failed and not row.sanity for row in rows)
        none = "without a failed trial has a value" if failed else "has a value"
        return Answer(anchor, label, f"No detector {none} here.")
    best = lead.best[0]
    return Answer(
        anchor=anchor,
        dataset=label,
        best=lead.labels,
        names=tuple(format_label(row) for row in lead.best),
        metric=title(lead.metric),
        value=format_mean(best, lead.metric),
        lead=lead.judgement,
        sanity=judge_sanity(lead, rows),
        cost=_say_cost(best),
        machine=machines.link(best.machine),
    )


def _say_cost(row: Row) -> str:
    costs = (("fit_s", "fit {} s"), ("score_s", "score {} s"), ("memory_mib", "{} MiB"))
    there = [(text, row.means[name].mean) for name, text in costs if name in row.means]
    return ", ".join(text.format(format_cost(value)) for text, value in there)


def sum_up(answers: Sequence[Answer]) -> str:
    """Return in how many tables each detector is best, and whether that says something."""
    answers = [answer for answer in answers if answer.best]
    if not answers:
        return "No detector has a value here."
    wins = Counter(label for answer in answers for label in answer.best)
    those = sorted(wins.items(), key=lambda item: (-item[1], item[0]))
    number = len(answers)
    shared = "; some share the first place" if wins.total() > number else ""
    above = sum(answer.sanity.clear for answer in answers)
    return (
        f"Best in {count(number, 'table')}: "
        f"{', '.join(f'{label} in {won}' for label, won in those)}{shared}. The best is "
        f"clearly above the sanity rows in {above} of {number}."
    )
