"""What is said about the data and the records of a table in sentences, on boards and the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchkit.report.numbers import format_value, title
from benchkit.report.primary import explain_order, find_primary
from benchkit.report.rows import Row
from benchkit.report.selection import Section
from benchkit.results.record import DatasetFacts, Record

SHOWN = ("vus_pr", "vus_pr_dense", "auc_pr", "auc_roc")
"""Metrics of which the chance level is said."""
FEW = 100
"""Calibration scores below which the threshold ``train_q99`` is little more than their largest."""


def describe_data(data: DatasetFacts) -> str:
    """Return the shapes of a dataset's parts and how much of it is anomalous, in sentences."""
    train, test = (" × ".join(map(str, shape)) for shape in (data.train_shape, data.test_shape))
    window = f" VUS windows up to {data.window} rows." if data.modality == "series" else ""
    return (
        f"Train {train}, its last {data.calibration:,} points for calibration; test {test}; "
        f"{data.anomalies:,} of {data.points:,} points anomalous "
        f"({data.anomalies / data.points:.2%}).{window}"
    )


def find_chance(section: Section) -> dict[str, float]:
    """Return what random scores get on the section's labels, by metric; empty if unknown.

    It is the same in all records that have it, but for metrics that came later.
    """
    return {name: level for record in section.records for name, level in record.chance.items()}


def describe_chance(section: Section) -> str:
    """Return a sentence about what random scores get, with a space before it; empty if unknown."""
    chance = find_chance(section)
    there = [name for name in SHOWN if name in chance]
    levels = ", ".join(f"{title(name)} {format_value(chance[name])}" for name in there)
    return f" Random scores get {levels} on these labels." if levels else ""


def describe_limits(section: Section, rows: Iterable[Row]) -> list[str]:
    """Return what a reader of the section's numbers should be careful about, but for costs."""
    order = explain_order(section.dataset, rows)
    remarks = [order] if order else []
    if section.dataset.calibration < FEW:
        remarks.append(
            f"{section.dataset.calibration} calibration scores are too few for a 99 % quantile."
        )
    if section.left_out:
        remarks.append(f"{section.left_out} older or not comparable results are left out.")
    return remarks


def describe_promises(section: Section) -> list[str]:
    """Return the false-alarm rates that thresholds promise, and where these are uncertain.

    Of several seeds of a detector that one is named whose interval reaches highest.
    """
    promised = sorted({item for r in section.records for item in r.promised.items()})
    if not promised:
        return []
    rates = ", ".join(f"{policy} {rate:.3%}" for policy, rate in promised)
    remarks = [f"False-alarm rates that thresholds promise: {rates}."]
    for policy in dict.fromkeys(policy for policy, _ in promised):
        found: dict[str, list[float]] = {}
        for record in section.records:
            if policy in {*record.uncertain} & {*record.expected} and not record.detector.sanity:
                label = record.detector.label
                found[label] = max(
                    record.expected[policy], found.get(label, [0.0] * 3), key=lambda rate: rate[2]
                )
        if found:
            each = ", ".join(f"{label} {format_rate(found[label])}" for label in sorted(found))
            remarks.append(
                f"By the number of calibration scores and their dependence, what {policy} "
                f"promises is uncertain; expected are, with 95 % intervals: {each}."
            )
    return remarks


def format_rate(expected: Sequence[float]) -> str:
    """Return an expected false-alarm rate and its interval: ``0.2% (0.01% to 1%)``."""
    mean, low, high = (f"{100 * v:.2g}%" if v >= 1e-5 else "below 0.001%" for v in expected)
    return f"{mean} ({low} to {high})"


def describe_fixed(rows: Sequence[Row]) -> list[str]:
    """Return which detectors do not depend on the seed, by the metric that rows are ordered by."""
    primary = find_primary(rows)
    labels = [row.label for row in rows if primary in row.means and row.means[primary].fixed]
    if not labels:
        return []
    return [
        f"The same {title(primary)} with every seed, so that seeds say nothing of how sure it is: "
        f"{', '.join(labels)}."
    ]


def define(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Return what the names of metrics leave open, those with one text together."""
    named: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for name, text in record.definitions.items():
            named[text].add(title(name))
    return sorted((", ".join(sorted(titles)), text) for text, titles in named.items())
