"""The boards: an index and one page for each dataset and variant, in markdown and CSV."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable

from tabulate import tabulate

from benchkit.report.rows import COSTS, Row, find_primary, is_main, make_rows, metric_names
from benchkit.report.selection import Section, select_sections
from benchkit.report.tables import NOT_BEATEN, escape, make_further_table, make_table, title
from benchkit.results.record import Record

MARK = "<!-- Made by `benchkit leaderboard` from records. Do not edit. -->"
INDEX = "README.md"
FEW = 100
"""Calibration scores below which the threshold ``train_q99`` is little more than their largest."""

_READING = f"""\
Rows are ordered by the first column of numbers, means over seeds with the standard deviation \
behind ±; where a metric does not exist for all trials that went well, the number of those for \
which it does stands behind it. {NOT_BEATEN} marks a value that is not above the best sanity row \
(precision, recall, false alarms and delays are not held against it, since an alarm everywhere or \
nowhere is best at each of them). A detector with a failed trial stands below all those without \
one; its means are over the trials that went well. `@train_q99` is the 99 % quantile of the \
scores of training data that the detector did not fit on; `@pot` a generalised Pareto tail fitted \
to these scores, for one false alarm in 1,000 points; `@own` is the detector's own threshold, \
where it has one; `@oracle` is the best threshold in hindsight, chosen on the test labels, which \
nobody has in practice. `clear` is over the points whose label nobody doubts, `sequence` over \
whole sequences. Seconds are for the whole part; peak MiB is the most that resident memory grew \
by."""


def make_boards(records: Iterable[Record]) -> dict[str, str]:
    """Return the text of every board file by its name; the same for records in any order."""
    pages: dict[tuple[str, str], list[tuple[Section, list[Row]]]] = defaultdict(list)
    for section in select_sections(records):
        pages[section.dataset.name, section.dataset.variant].append((section, make_rows(section)))
    files = {INDEX: _index(pages)}
    for (name, variant), parts in sorted(pages.items()):
        files[f"{page_stem(name, variant)}.md"] = _page(name, variant, parts)
        files[f"{page_stem(name, variant)}.csv"] = _csv(parts)
    # A message may quote bytes that are no text, which no file could be written with.
    return {name: text.encode(errors="replace").decode() for name, text in files.items()}


def page_stem(name: str, variant: str) -> str:
    """Return the file name, without its ending, of the board of a dataset and variant."""
    # A record may come from another machine: its names must not lead out of the folder.
    return re.sub(r"[^\w-]", "_", name) + "." + re.sub(r"[^\w-]", "_", variant)


def _page(name: str, variant: str, parts: list[tuple[Section, list[Row]]]) -> str:
    lines = [MARK, "", f"# {escape(name)} ({escape(variant)})", ""]
    if variant == "sim":
        lines += ["**Simulated data.** These numbers say nothing about the real dataset.", ""]
    for section, rows in parts:
        lines += _section(section, rows, heading=len(parts) > 1 or section.dataset.label != name)
    lines += [_READING, "", *_definitions(parts)]
    return "\n".join(lines)


def _section(section: Section, rows: list[Row], *, heading: bool) -> list[str]:
    data = section.dataset
    lines = [f"## {escape(data.label)} ({escape(data.variant)})", ""] if heading else []
    shape = " × ".join
    lines += [
        f"Train {shape(map(str, data.train_shape))}, its last {data.calibration:,} points for "
        f"calibration; test {shape(map(str, data.test_shape))}; "
        f"{data.anomalies:,} of {data.points:,} points anomalous "
        f"({data.anomalies / data.points:.2%}). Values `{data.fingerprint[:12]}`.",
        "",
    ]
    lines += [f"- {escape(note)}" for note in data.notes] + ([""] if data.notes else [])
    metrics = [name for name in metric_names(rows) if is_main(name)]
    for caption, chosen in (
        ("", [r for r in rows if not r.sanity]),
        ("Sanity rows, there to be beaten:", [r for r in rows if r.sanity]),
    ):
        if chosen:
            lines += [caption, ""] if caption else []
            lines += [make_table(chosen, metrics), ""]
    lines += _further(rows)
    lines += _remarks(section, rows)
    return lines


def _further(rows: list[Row]) -> list[str]:
    """Return the metrics that do not stand in the first table, a table for each policy."""
    by_policy: dict[str, list[str]] = defaultdict(list)
    for name in metric_names(rows):
        if not is_main(name):
            by_policy[name.partition("@")[2]].append(name)
    lines = []
    for policy, names in by_policy.items():
        caption = f"More at `@{escape(policy)}`:" if policy else "More over all thresholds:"
        there = [row for row in rows if any(n in row.means or n in row.undefined for n in names)]
        lines += [caption, "", make_further_table(there, names), ""]
    return lines


def _definitions(parts: list[tuple[Section, list[Row]]]) -> list[str]:
    """Return what the names of metrics on a page leave open, those with one text together."""
    named: dict[str, set[str]] = defaultdict(set)
    for section, _ in parts:
        for record in section.records:
            for name, text in record.definitions.items():
                named[text].add(title(name))
    lines = [f"- {escape(', '.join(sorted(n)))}: {escape(t)}" for t, n in sorted(named.items())]
    return [*lines, ""] if lines else []


def _remarks(section: Section, rows: list[Row]) -> list[str]:
    remarks = [f"{row.label}, {text}" for row in rows for text in (*row.reasons, *row.warnings)]
    remarks += _undefined(rows)
    promised = sorted({item for r in section.records for item in r.promised.items()})
    if promised:
        rates = ", ".join(f"{policy} {rate:.3%}" for policy, rate in promised)
        remarks.append(f"False-alarm rates that thresholds promise: {rates}.")
    machines = sorted({_machine(r) for r in section.records})
    remarks.append(f"Measured on {'; '.join(machines)}.")
    if section.dataset.calibration < FEW:
        remarks.append(
            f"{section.dataset.calibration} calibration scores are too few for a 99 % quantile."
        )
    if len(machines) > 1:
        remarks.append("The costs come from different machines: do not compare them.")
    if section.left_out:
        remarks.append(f"{section.left_out} older or not comparable results are left out.")
    return [f"- {escape(text)}" for text in remarks] + [""]


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


def _index(pages: dict[tuple[str, str], list[tuple[Section, list[Row]]]]) -> str:
    body = []
    for (name, variant), parts in sorted(pages.items()):
        for section, rows in parts:
            trials = sum(row.statuses.total() for row in rows)
            body.append(
                [
                    f"[{escape(section.dataset.label)}]({page_stem(name, variant)}.md)",
                    escape(variant),
                    sum(not row.sanity for row in rows),
                    f"{trials - sum(row.failed for row in rows)}/{trials}",
                    _leader([row for row in rows if not row.sanity]),
                    _leader([row for row in rows if row.sanity]),
                ]
            )
    headers = ["dataset", "variant", "detectors", "trials ok", "best", "best sanity row"]
    table = tabulate(body, headers, tablefmt="github", disable_numparse=True)
    intro = (
        f"Best by VUS-PR, image sequences by AUC-PR; {NOT_BEATEN} is not above the best sanity "
        "row. `real` and `sim` are never ranked together: what was measured on simulated data "
        "says nothing about the real dataset."
    )
    empty = "There are no records yet: `benchkit run` makes some."
    return "\n".join([MARK, "", "# Leaderboards", "", intro, "", table if body else empty, ""])


def _leader(rows: list[Row]) -> str:
    primary = find_primary(rows)
    ranked = [row for row in rows if primary in row.means]
    if not ranked:
        return "-"
    top = f"{ranked[0].means[primary].value:.3f}"
    tied = [row for row in ranked if f"{row.means[primary].value:.3f}" == top]
    mark = f" {NOT_BEATEN}" if primary in ranked[0].beaten else ""
    return f"{', '.join(escape(row.label) for row in tied)} {top}{mark}"


def _csv(parts: list[tuple[Section, list[Row]]]) -> str:
    metrics = metric_names(row for _, rows in parts for row in rows)
    numbers = [*metrics, *COSTS]
    columns = [c for n in numbers for c in (n, f"{n}_std", f"{n}_n")]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["dataset", "variant", "detector", "sanity", "status", "ok", "trials", "seeds"]
    writer.writerow([*head, *columns])
    for section, rows in parts:
        for row in rows:
            cells: list[object] = []
            for number in numbers:
                mean = row.means.get(number)
                spread = "" if mean is None or mean.deviation is None else repr(mean.deviation)
                cells += ["", "", 0] if mean is None else [repr(mean.value), spread, mean.count]
            data, trials = section.dataset, row.statuses.total()
            ok = trials - row.failed
            seeds = " ".join(map(str, row.seeds))
            writer.writerow(
                [data.label, data.variant, row.label, int(row.sanity), row.status, ok, trials,
                 seeds, *cells]
            )  # fmt: skip
    return out.getvalue()


def _machine(record: Record) -> str:
    processor = record.environment.get("processor", "an unknown processor")
    threads = f"{record.threads} thread{'s' if record.threads > 1 else ''} a trial"
    return f"{processor}, {threads}" + (f", {record.device}" if record.device != "cpu" else "")
