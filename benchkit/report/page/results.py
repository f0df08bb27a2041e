"""The tables of all results: a row a detector and dataset, a table a track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.report.foreign import clip
from benchkit.report.numbers import (
    COST_TITLES,
    MISSING,
    format_cost,
    format_mean,
    format_value,
    title,
)
from benchkit.report.page.links import Link, Machines
from benchkit.report.primary import find_primary
from benchkit.report.remarks import find_chance
from benchkit.report.rows import Row
from benchkit.report.selection import Section
from benchkit.report.tables import choose_costs
from benchkit.results.record import Record

BESIDE = ("auc_roc", "f1@train_q99", "false_alarm_rate@train_q99", "f1@oracle")
"""The metrics that stand beside the main one, where they were measured."""

_MORE_IS_BETTER = {"points_per_s"}
"""Of the costs those of which more is better."""


@dataclass(frozen=True)
class Column:
    """A column's title; ``kind`` is how it sorts, empty where it does not."""

    title: str
    kind: str = ""
    low: bool = False
    number: bool = False


@dataclass(frozen=True)
class ResultRow:
    """One detector on one dataset, as text."""

    label: str
    sanity: bool
    inverted: bool
    status: str
    failed: bool
    reason: str
    quality: list[str]
    costs: list[str]
    machine: Link | None
    trials: list[tuple[str, int]]


@dataclass(frozen=True)
class Group:
    """The rows of one dataset; they are never mixed with those of another one."""

    anchor: str
    name: str
    label: str
    variant: str
    note: str
    rows: list[ResultRow]
    sanity: list[ResultRow]


@dataclass(frozen=True)
class Table:
    """The groups of one track under one head."""

    columns: list[Column]
    groups: list[Group]


def make_table(
    parts: Sequence[tuple[Section, list[Row]]], anchors: Sequence[str], machines: Machines
) -> Table:
    """Return the table of one track; ``anchors`` are those of its parts."""
    there = {name for _, rows in parts for row in rows for name in row.means}
    metrics = [name for name in BESIDE if name in there]
    costs = choose_costs(row.means for _, rows in parts for row in rows)
    columns = [
        Column("Detector", "text"),
        Column("Status", "text"),
        Column("Main metric", "quality"),
        *(Column(title(m), "quality", low=_is_low(m, parts)) for m in metrics),
        *(
            Column(COST_TITLES[c], "cost", low=c not in _MORE_IS_BETTER, number=True)
            for c in costs
        ),
        Column("Machine", "text"),
        Column("Trials by seed"),
    ]
    groups = [
        _group(section, rows, anchor, metrics, costs, machines)
        for (section, rows), anchor in zip(parts, anchors, strict=True)
    ]
    return Table(columns, groups)


def _group(
    section: Section,
    rows: list[Row],
    anchor: str,
    metrics: list[str],
    costs: list[str],
    machines: Machines,
) -> Group:
    data = section.dataset
    primary = find_primary(rows)
    trials: dict[str, list[Record]] = {}
    for record in section.records:
        trials.setdefault(record.detector.label, []).append(record)
    made = [
        ResultRow(
            label=row.label,
            sanity=row.sanity,
            inverted=row.inverted,
            status=row.status,
            failed=bool(row.failed),
            reason=clip(row.reasons[0], 160) if row.reasons else "",
            quality=[format_mean(row, name) for name in (primary, *metrics)],
            costs=[format_cost(row.means[c].mean) if c in row.means else MISSING for c in costs],
            machine=machines.link(row.machine) if row.machine else None,
            trials=[(record.identity, record.seed) for record in trials[row.label]],
        )
        for row in rows
    ]
    chance = find_chance(section).get(primary)
    level = "" if chance is None else f" (chance {format_value(chance)})"
    note = f"main metric {title(primary)}{level}, {data.anomalies / data.points:.1%} anomalous"
    return Group(
        anchor=anchor,
        name=data.name,
        label=data.label,
        variant=data.variant,
        note=note,
        rows=[row for row in made if not row.sanity],
        sanity=[row for row in made if row.sanity],
    )


def _is_low(metric: str, parts: Sequence[tuple[Section, list[Row]]]) -> bool:
    return any(metric.partition("@")[0] in row.lower for _, rows in parts for row in rows)
