"""The board of one dataset and variant: every metric of every detector, in markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from benchkit.report.numbers import INVERTED_MEANS, NOT_BEATEN, title
from benchkit.report.primary import find_primary
from benchkit.report.remarks import (
    define,
    describe_chance,
    describe_data,
    describe_fixed,
    describe_limits,
    describe_promises,
)
from benchkit.report.rows import Row, describe_machine, find_machine, is_main, metric_names
from benchkit.report.selection import Section
from benchkit.report.tables import ELSEWHERE, escape, make_further_table, make_table
from benchkit.report.tracks import Part

_READING = f"""\
Rows are ordered by the first column of numbers. Numbers are means over seeds, and behind ± \
stands half the width of their 95 % Student-t interval: it says what other seeds would give on \
these data, and nothing about other data. A single seed has no interval, nor have several that \
all gave the same. Where a metric does not exist for all trials that went well, the number of \
those for which it does stands behind it. {NOT_BEATEN} marks a value that is not above the best \
sanity row (precision, recall, false alarms and delays are not held against it, since an alarm \
everywhere or nowhere is best at each of them). {INVERTED_MEANS}. A detector with a failed trial \
stands below all those without one; its means are over the trials that went well. `@train_q99` \
is the 99 % quantile of the scores of training data that the detector did not fit on; `@pot` a \
generalised Pareto tail fitted to these scores, for one false alarm in 1,000 points; `@own` is \
the detector's own threshold, where it has one; `@oracle` is the best threshold in hindsight, \
chosen on the test labels, which nobody has in practice. `clear` is over the points whose label \
nobody doubts, `sequence` over whole sequences. Seconds are for the whole part; peak MiB is the \
most that resident memory grew by."""


def make_dataset_board(name: str, variant: str, parts: Sequence[Part]) -> str:
    """Return the page of a dataset: a heading for each member or split, and how to read it."""
    lines = [f"# {escape(name)} ({escape(variant)})", "", *warn_of_simulation(variant)]
    for section, rows in parts:
        lines += _section(section, rows, heading=len(parts) > 1 or section.dataset.label != name)
    lines += [_READING, "", *_definitions(parts)]
    return "\n".join(lines)


def warn_of_simulation(variant: str) -> list[str]:
    """Return the lines at the head of a page of simulated data, none for other data."""
    if variant != "sim":
        return []
    return ["**Simulated data.** These numbers say nothing about the real dataset.", ""]


def _section(section: Section, rows: list[Row], *, heading: bool) -> list[str]:
    data = section.dataset
    lines = [f"## {escape(data.label)} ({escape(data.variant)})", ""] if heading else []
    facts = f"{describe_data(data)}{describe_chance(section)} Values `{data.fingerprint[:12]}`."
    lines += [facts, ""]
    lines += [f"- {escape(note)}" for note in data.notes] + ([""] if data.notes else [])
    primary = find_primary(rows)
    metrics = [name for name in metric_names(rows) if is_main(name, primary)]
    machine = find_machine(rows)
    for caption, chosen in (
        ("", [r for r in rows if not r.sanity]),
        ("Sanity rows, there to be beaten:", [r for r in rows if r.sanity]),
    ):
        if chosen:
            lines += [caption, ""] if caption else []
            lines += [make_table(chosen, metrics, machine), ""]
    lines += _further(rows)
    lines += _remarks(section, rows, machine)
    return lines


def _further(rows: list[Row]) -> list[str]:
    """Return the metrics that do not stand in the first table, a table for each policy."""
    by_policy: dict[str, list[str]] = defaultdict(list)
    primary = find_primary(rows)
    for name in metric_names(rows):
        if not is_main(name, primary):
            by_policy[name.partition("@")[2]].append(name)
    lines = []
    for policy, names in by_policy.items():
        caption = f"More at `@{escape(policy)}`:" if policy else "More over all thresholds:"
        there = [row for row in rows if any(n in row.means or n in row.undefined for n in names)]
        lines += [caption, "", make_further_table(there, names), ""]
    return lines


def _definitions(parts: Sequence[Part]) -> list[str]:
    """Return a line for each text that says what names of metrics on the page leave open."""
    records = (record for section, _ in parts for record in section.records)
    lines = [f"- {escape(names)}: {escape(text)}" for names, text in define(records)]
    return [*lines, ""] if lines else []


def _remarks(section: Section, rows: list[Row], machine: str) -> list[str]:
    remarks = [f"{row.label}, {text}" for row in rows for text in (*row.reasons, *row.warnings)]
    remarks += [*describe_fixed(rows), *_undefined(rows)]
    remarks += describe_promises(section)
    remarks += [*_machines(section, machine), *describe_limits(section, rows)]
    return [f"- {escape(text)}" for text in remarks] + [""]


def _machines(section: Section, machine: str) -> list[str]:
    machines = sorted({describe_machine(record) for record in section.records})
    if len(machines) < 2:
        return [f"Measured on {machines[0]}."]
    others = "; ".join(other for other in machines if other != machine)
    return [
        f"Measured on several machines: do not compare the costs of one with those of another. "
        f"Each row's are from a single one: {machine or 'none'}, or where {ELSEWHERE} stands "
        f"another of these: {others}."
    ]


def _undefined(rows: list[Row]) -> list[str]:
    """Return which metrics do not exist and why, once for all detectors of which it is true."""
    labels: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for row in rows:
        names: dict[str, list[str]] = defaultdict(list)
        for name, reason in sorted(row.undefined.items()):
            names[reason].append(title(name))
        for reason, titles in names.items():
            labels[reason, tuple(titles)].append(row.label)
    return [
        f"Undefined for {'all' if len(those) == len(rows) > 1 else ', '.join(those)}, {reason}: "
        f"{', '.join(titles)}"
        for (reason, titles), those in labels.items()
    ]
