"""The detail of a trial."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from benchkit.report.commands import make_reproduce_command, make_run_command
from benchkit.report.foreign import clip
from benchkit.report.numbers import format_cost, format_value, title
from benchkit.report.page.lines import make_line
from benchkit.report.page.links import Link
from benchkit.report.page.pictures import Picture
from benchkit.report.remarks import format_rate
from benchkit.results.folder import TrialFolder
from benchkit.results.record import Record
from benchkit.results.store import Entry

RECORDS = "records"
"""The folder of the records, beside the page."""

_LONGEST = 2000
"""Characters of an error or a log that a page shows; all of it is in the trial's folder."""

_LINES = {"ok": 4}
"""Lines of a log that are shown, by status; 20 where something went wrong."""


@dataclass(frozen=True)
class Trial:
    """One trial as text; ``metrics`` are lines of a table with a column for each policy."""

    identity: str
    label: str
    seed: int
    note: str
    status: str
    reason: str
    detector: Link
    machine: Link
    seconds: str
    memory: str
    finished: str
    files: str
    summary: list[tuple[str, str]]
    warnings: tuple[str, ...]
    policies: Sequence[str]
    metrics: list[Markup]
    undefined: list[str]
    plots: list[Picture]
    log: str
    reproduce: str
    run: str


def show_trial(
    identity: str,
    entry: Entry,
    names: tuple[str, ...],
    primary: str,
    detector: Link,
    machine: Link,
    plots: list[Picture],
) -> Trial:
    """Return the detail of a trial; ``names`` are metrics in the order to show them in."""
    record, folder = entry.record, entry.folder
    policies, metrics = _tabulate(record, names)
    return Trial(
        identity=identity,
        label=record.detector.label,
        seed=record.seed,
        note=_note(record, primary),
        status=record.status,
        reason=clip(record.reason, _LONGEST),
        detector=detector,
        machine=machine,
        seconds=", ".join(f"{k} {format_cost(v)} s" for k, v in record.seconds.items()),
        memory=", ".join(
            f"{k.removesuffix('_mib')} {format_cost(v)} MiB"
            for k, v in record.memory.items()
            if v is not None
        ),
        finished=f"{record.finished[:19].replace('T', ' ')} UTC" if record.finished else "",
        files=f"{RECORDS}/{quote(os.fsencode(folder.name))}/",
        summary=_read_summary(folder),
        warnings=(*record.warnings, *record.doubts),
        policies=policies,
        metrics=metrics,
        undefined=_explain(record),
        plots=plots,
        log=folder.log_tail(_LINES.get(record.status, 20))[-_LONGEST:],
        reproduce=make_reproduce_command(identity),
        run=make_run_command(record),
    )


def _read_summary(folder: TrialFolder) -> list[tuple[str, str]]:
    try:
        return [(name, clip(str(text), _LONGEST)) for name, text in folder.summary().items()]
    except (OSError, ValueError) as error:  # of one trial among many, from another machine perhaps
        return [("Summary", f"cannot be read: {clip(str(error), _LONGEST)}")]


def _note(record: Record, primary: str) -> str:
    value = record.metrics.get(primary)
    words = [] if record.status == "ok" else [record.status]
    words += [] if value is None else [f"{title(primary)} {format_value(value)}"]
    return ", ".join(words)


def _tabulate(record: Record, names: tuple[str, ...]) -> tuple[Sequence[str], list[Markup]]:
    """Return policies, and a line for each metric that the record has, a cell for each policy."""
    there = {
        name: "undefined" if value is None else format_value(value)
        for name, value in record.metrics.items()
    }
    policies, heads = _lay_out(tuple(name for name in names if name in there))
    lines = [make_line(head, (there.get(name, "") for name in named)) for head, named in heads]
    for head, values in (("threshold", record.thresholds), ("promised rate", record.promised)):
        if values:
            cells = (f"{values[p]:.4g}" if p in values else "" for p in policies)
            lines.append(make_line(head, cells))
    if record.expected:
        lines.append(make_line("expected rate", (_expect(record, p) for p in policies)))
    return policies, lines


def _expect(record: Record, policy: str) -> str:
    """Return the false-alarm rate to expect with its interval, empty where nothing is promised."""
    if policy not in record.expected:
        return ""
    return format_rate(record.expected[policy]) + ", uncertain" * (policy in record.uncertain)


@lru_cache(maxsize=256)
def _lay_out(names: tuple[str, ...]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the policies of some metrics, and for each metric what it is called at each."""
    policies = list(dict.fromkeys(name.partition("@")[2] for name in names))
    metrics = dict.fromkeys(name.partition("@")[0] for name in names)
    return policies, [(title(m), [f"{m}@{p}" if p else m for p in policies]) for m in metrics]


def _explain(record: Record) -> list[str]:
    """Return why metrics are undefined, those of one reason together."""
    named: dict[str, list[str]] = defaultdict(list)
    for name, reason in record.undefined.items():
        named[reason].append(title(name))
    return [f"{reason}: {', '.join(titles)}" for reason, titles in named.items()]
