"""What stands around the tables: counts, and the choices of the filters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.report.numbers import title
from benchkit.report.rows import NO_FAILURES, metric_names
from benchkit.report.tracks import Part
from benchkit.results.record import Record


@dataclass(frozen=True)
class Counts:
    """How much a page is made from; ``left_out`` records are of no table."""

    records: int
    left_out: int
    detectors: int
    sanity: int
    datasets: int
    parts: int
    failed: int


@dataclass(frozen=True)
class MetricChoice:
    """A metric that may stand in the first column of numbers."""

    title: str
    low: bool


@dataclass(frozen=True)
class Choices:
    """What may be chosen: labels by dataset name, variants, metrics by policy."""

    datasets: list[tuple[str, list[str]]]
    variants: list[str]
    metrics: list[tuple[str, list[MetricChoice]]]


def count(total: int, parts: Sequence[Part], records: Sequence[Record]) -> Counts:
    """Return how much a page is made from; ``records`` are those of its parts."""
    return Counts(
        records=total,
        left_out=total - len(records),
        detectors=len({r.detector.label for r in records if not r.detector.sanity}),
        sanity=len({r.detector.label for r in records if r.detector.sanity}),
        datasets=len({section.dataset.name for section, _ in parts}),
        parts=len(parts),
        failed=sum(r.status not in NO_FAILURES for r in records),
    )


def choose(parts: Sequence[Part]) -> Choices:
    """Return what may be chosen in the filters."""
    labels: dict[str, set[str]] = defaultdict(set)
    for section, _ in parts:
        labels[section.dataset.name].add(section.dataset.label)
    rows = [row for _, those in parts for row in those]
    low = {name for row in rows for name in row.lower}
    metrics: dict[str, list[MetricChoice]] = defaultdict(list)
    for name in metric_names(rows):
        metric, _, policy = name.partition("@")
        group = f"at {policy}" if policy else "over all thresholds"
        metrics[group].append(MetricChoice(title(name), metric in low))
    return Choices(
        datasets=[(name, sorted(those)) for name, those in sorted(labels.items())],
        variants=sorted({section.dataset.variant for section, _ in parts}),
        metrics=list(metrics.items()),
    )
