"""From the trials of a section to one row per detector: means over seeds, cost, status."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from benchkit.metrics.curves import INVERTED_BELOW
from benchkit.metrics.dense import is_rare, warn_of_rare
from benchkit.report.primary import DENSE, PRIMARY, find_primary
from benchkit.report.selection import Section
from benchkit.report.statistics import Interval, interval, settle
from benchkit.results.record import SCOPES, Record

HALVES = ("precision", "recall")
"""What metrics end in that a trivial detector maximises: only what weighs both is held against
sanity rows."""

COSTS = ("fit_s", "score_s", "points_per_s", "memory_mib", "device_mib")

NO_FAILURES = ("ok", "not_applicable")
"""Statuses that are not held against a detector."""


@dataclass(frozen=True)
class Row:
    """One detector in one section.

    Parameters
    ----------
    label, sanity
        The detector, and whether it is there to be beaten.
    rare
        Whether anomalies are too rare for VUS-PR here, see `benchkit.metrics.dense.is_rare`.
    statuses, seeds
        Of all its trials.
    values
        Of the trials that went well, by metric and seed.
    means
        Of the metrics and costs that exist for at least one of these.
    machine
        Processor, threads and device that the costs were measured on: that of most of its trials
        that went well, the first by name of several; those of other machines have no part in the
        costs. Empty where no trial went well.
    machines
        All machines its trials ran on.
    beaten
        Names of the metrics in which it is not above the best sanity row.
    lower
        Names of the metrics, without policy, of which less is better.
    undefined
        Reasons by metric.
    reasons, warnings
        Why trials failed, and what they warn of, each with its seed.
    """

    label: str
    sanity: bool
    rare: bool
    statuses: Counter[str]
    seeds: tuple[int, ...]
    values: dict[str, dict[int, float]]
    means: dict[str, Interval]
    machine: str
    machines: tuple[str, ...]
    beaten: frozenset[str]
    lower: frozenset[str]
    undefined: dict[str, str]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]

    def rate(self, metric: str) -> float:
        """Return the mean of a metric that it has, settled: what rows are compared by."""
        return settle(self.means[metric].mean)

    @property
    def failed(self) -> int:
        """How many trials failed; one whose detector does not apply did not."""
        return sum(n for status, n in self.statuses.items() if status not in NO_FAILURES)

    @property
    def inverted(self) -> bool:
        """Whether the AUC-ROC of a trial that went well is below `INVERTED_BELOW`."""
        return any(value < INVERTED_BELOW for value in self.values.get("auc_roc", {}).values())

    @property
    def status(self) -> str:
        """Status for people: ``ok``, or each status with its count."""
        return count_statuses(self.statuses)


def make_rows(section: Section) -> list[Row]:
    """Return a row per detector, the best first.

    First those with a value of `find_primary` and no failed trial, ordered by its mean; then those
    with a failed trial, likewise; then those without a value. Equal ones are ordered by label.
    """
    by_label: dict[str, list[Record]] = defaultdict(list)
    for record in section.records:
        by_label[record.detector.label].append(record)
    rows = [_make_row(label, records) for label, records in by_label.items()]
    bar = _best(row for row in rows if row.sanity)
    rows = [row if row.sanity else _hold_against(row, bar) for row in rows]
    primary = find_primary(rows)
    return sorted(rows, key=lambda row: _place(row, primary))


def find_machine(rows: Iterable[Row]) -> str:
    """Return the machine of most rows, the first by name of several; empty where there is none."""
    return _most(row.machine for row in rows if row.machine)


def metric_names(rows: Iterable[Row]) -> list[str]:
    """Return all metrics of some rows: threshold-free ones first, the oracle's last.

    The first of all is the one that orders the rows.
    """
    rows = list(rows)
    first = list(dict.fromkeys([find_primary(rows), *PRIMARY]))
    names = {name for row in rows for name in (*row.means, *row.undefined)} - set(COSTS)

    def order(name: str) -> tuple[int, str, int, str]:
        metric, _, policy = name.partition("@")
        place = first.index(metric) if metric in first else len(first)
        place += len(first) * metric.startswith(SCOPES)
        return (policy == "oracle") + bool(policy), policy, place, metric

    return sorted(names, key=order)


def is_main(name: str, primary: str) -> bool:
    """Whether a metric stands in a board's first table; the others follow below it.

    There stand the one that orders it, those over all thresholds, and at each threshold F1 and
    what it cost in false alarms.
    """
    metric, _, policy = name.partition("@")
    if not policy:
        return name == primary or not (metric.startswith("range_") or metric == DENSE)
    return metric == "f1" or (metric == "false_alarm_rate" and policy != "oracle")


def is_lower_better(name: str, lower: frozenset[str]) -> bool:
    """Whether less of a metric is better, given the names of such without policy and scope."""
    metric = name.partition("@")[0]
    for scope in SCOPES:
        metric = metric.removeprefix(scope)
    return metric in lower


def count_statuses(statuses: Counter[str]) -> str:
    """Return statuses for people: ``ok`` where that is all, or each with its count."""
    if len(statuses) == 1:
        return next(iter(statuses))
    return ", ".join(f"{count} {name}" for name, count in sorted(statuses.items()))


def describe_machine(record: Record) -> str:
    """Return what a trial ran on, as text: processor, threads, accelerator."""
    processor = record.environment.get("processor", "an unknown processor")
    threads = f"{record.threads} thread{'s' if record.threads > 1 else ''} a trial"
    # Of several equal cards it makes no difference which one.
    device = record.environment.get("accelerator", record.device)
    return f"{processor}, {threads}" + (f", {device}" if record.device != "cpu" else "")


def _make_row(label: str, records: list[Record]) -> Row:
    well = [record for record in records if record.status == "ok"]
    values: dict[str, dict[int, float]] = defaultdict(dict)
    for record in well:
        for name, value in record.metrics.items():
            if value is not None:
                values[name][record.seed] = value
    machine = _most(map(describe_machine, well))
    costs: dict[str, list[float]] = defaultdict(list)
    for record in well:
        if describe_machine(record) == machine:
            for name, cost in _costs(record).items():
                if cost is not None:
                    costs[name].append(cost)
    means = {name: interval(list(by_seed.values())) for name, by_seed in values.items()}
    means |= {name: interval(some) for name, some in costs.items()}
    return Row(
        label=label,
        sanity=records[0].detector.sanity,
        rare=is_rare(records[0].dataset.points, records[0].dataset.anomalies),
        statuses=Counter(r.status for r in records),
        seeds=tuple(r.seed for r in records),
        values=dict(values),
        means=means,
        machine=machine,
        machines=tuple(sorted({describe_machine(r) for r in records})),
        beaten=frozenset(),
        lower=frozenset(name for r in records for name in r.lower_is_better),
        undefined={k: v for r in records for k, v in r.undefined.items() if k not in means},
        reasons=tuple(f"seed {r.seed}: {r.status}: {r.reason}" for r in records if r.reason),
        warnings=tuple(f"seed {r.seed}: {w}" for r in records for w in _warnings(r)),
    )


def _warnings(record: Record) -> list[str]:
    """Return what is said of a trial; what is true of the data is said once, of the table."""
    data = record.dataset
    rare = warn_of_rare(data.points, data.anomalies)
    return [text for text in (*record.warnings, *record.doubts) if text != rare]


def _hold_against(row: Row, bar: dict[str, float]) -> Row:
    """Return the row with the metrics in which it is not above the best sanity row."""
    beaten = frozenset(
        name
        for name in row.values
        if name in bar and _is_compared(name, row.lower) and row.rate(name) <= bar[name]
    )
    return replace(row, beaten=beaten)


def _is_compared(name: str, lower: frozenset[str]) -> bool:
    return not is_lower_better(name, lower) and not name.partition("@")[0].endswith(HALVES)


def _place(row: Row, primary: str) -> tuple[int, float, str]:
    there = primary in row.means
    tier = 1 if row.failed else 0 if there else 2
    return tier, -row.rate(primary) if there else 0.0, row.label


def _best(rows: Iterable[Row]) -> dict[str, float]:
    best: dict[str, float] = {}
    for row in rows:
        for name in row.values:
            best[name] = max(row.rate(name), best.get(name, row.rate(name)))
    return best


def _most(names: Iterable[str]) -> str:
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _costs(record: Record) -> dict[str, float | None]:
    score = record.seconds.get("score")
    return {
        "fit_s": record.seconds.get("fit"),
        "score_s": score,
        "points_per_s": record.dataset.points / score if score else None,
        "memory_mib": record.memory.get("growth_mib"),
        "device_mib": record.memory.get("device_mib"),
    }
