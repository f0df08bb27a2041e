"""From the trials of a section to one row per detector: means over seeds, cost, status."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchkit.report.selection import Section
from benchkit.results.record import Record

PRIMARY = ("vus_pr", "auc_pr")
"""The metric that rows are ordered by: the first of these that there is."""

HALVES = ("precision", "recall")
"""What metrics end in that a trivial detector maximises: only what weighs both is held against
sanity rows."""

SCOPES = ("clear_", "sequence_")
"""What the names of metrics begin with that are not over all points."""

COSTS = ("fit_s", "score_s", "points_per_s", "memory_mib", "device_mib")


@dataclass(frozen=True)
class Mean:
    """A mean over the seeds for which a number exists; ``deviation`` is None for a single one."""

    value: float
    deviation: float | None
    count: int


@dataclass(frozen=True)
class Row:
    """One detector in one section.

    ``means`` has the metrics and costs that exist for at least one seed; ``beaten`` names the
    metrics in which it is not above the best sanity row. ``undefined`` gives reasons by metric.
    """

    label: str
    sanity: bool
    statuses: Counter[str]
    seeds: tuple[int, ...]
    means: dict[str, Mean]
    beaten: frozenset[str]
    undefined: dict[str, str]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many trials are not ``ok``."""
        return self.statuses.total() - self.statuses["ok"]

    @property
    def status(self) -> str:
        """Status for people: ``ok``, or each status with its count."""
        if len(self.statuses) == 1:
            return next(iter(self.statuses))
        return ", ".join(f"{count} {name}" for name, count in sorted(self.statuses.items()))


def make_rows(section: Section) -> list[Row]:
    """Return a row per detector, the best first.

    Rows without a failed trial come first, ordered by the mean of `find_primary`; then those with
    one, ordered likewise; equal ones by label.
    """
    by_label: dict[str, list[Record]] = defaultdict(list)
    for record in section.records:
        by_label[record.detector.label].append(record)
    means = {label: _means(records) for label, records in by_label.items()}
    bar = _best(means[label] for label, records in by_label.items() if records[0].detector.sanity)
    rows = [_row(label, records, means[label], bar) for label, records in by_label.items()]
    primary = find_primary(rows)
    return sorted(rows, key=lambda row: _rank(row, primary))


def find_primary(rows: Iterable[Row]) -> str:
    """Return the metric that rows are ordered by."""
    there = {name for row in rows for name in row.means}
    return next((name for name in PRIMARY if name in there), PRIMARY[-1])


def metric_names(rows: Iterable[Row]) -> list[str]:
    """Return all metrics of some rows: threshold-free ones, `PRIMARY` first, ..., the oracle's."""
    names = {name for row in rows for name in (*row.means, *row.undefined)} - set(COSTS)

    def order(name: str) -> tuple[int, str, int, str]:
        metric, _, policy = name.partition("@")
        place = PRIMARY.index(metric) if metric in PRIMARY else len(PRIMARY)
        place += len(PRIMARY) * metric.startswith(SCOPES)
        return (policy == "oracle") + bool(policy), policy, place, metric

    return sorted(names, key=order)


def is_main(name: str) -> bool:
    """Whether a metric stands in a board's first table; the others follow below it.

    There stand those over all thresholds, and at each threshold F1 and what it cost in false
    alarms.
    """
    metric, _, policy = name.partition("@")
    if not policy:
        return not metric.startswith("range_")
    return metric == "f1" or (metric == "false_alarm_rate" and policy != "oracle")


def _row(label: str, records: list[Record], means: dict[str, Mean], bar: dict[str, float]) -> Row:
    sanity = records[0].detector.sanity
    lower = {name for record in records for name in record.lower_is_better}
    compared = [m for m in means if m in bar and _is_compared(m.partition("@")[0], lower)]
    beaten = () if sanity else [m for m in compared if means[m].value <= bar[m]]
    return Row(
        label=label,
        sanity=sanity,
        statuses=Counter(r.status for r in records),
        seeds=tuple(r.seed for r in records),
        means=means,
        beaten=frozenset(beaten),
        undefined={k: v for r in records for k, v in r.undefined.items() if k not in means},
        reasons=tuple(f"seed {r.seed}: {r.status}: {r.reason}" for r in records if r.reason),
        warnings=tuple(f"seed {r.seed}: {w}" for r in records for w in (*r.warnings, *r.doubts)),
    )


def _is_compared(metric: str, lower: set[str]) -> bool:
    for scope in SCOPES:
        metric = metric.removeprefix(scope)
    return metric not in lower and not metric.endswith(HALVES)


def _rank(row: Row, primary: str) -> tuple[bool, float, str]:
    mean = row.means.get(primary)
    return row.failed > 0, -mean.value if mean else 0.0, row.label


def _best(rows: Iterable[dict[str, Mean]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for means in rows:
        for name, mean in means.items():
            if name not in COSTS:
                best[name] = max(mean.value, best.get(name, mean.value))
    return best


def _means(records: list[Record]) -> dict[str, Mean]:
    values: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.status == "ok":
            for name, value in {**record.metrics, **_costs(record)}.items():
                if value is not None:
                    values[name].append(value)
    return {name: _mean(v) for name, v in values.items()}


def _costs(record: Record) -> dict[str, float | None]:
    score = record.seconds.get("score")
    return {
        "fit_s": record.seconds.get("fit"),
        "score_s": score,
        "points_per_s": record.dataset.points / score if score else None,
        "memory_mib": record.memory.get("growth_mib"),
        "device_mib": record.memory.get("device_mib"),
    }


def _mean(values: list[float]) -> Mean:
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return Mean(statistics.fmean(values), deviation, len(values))
