"""The detail of one dataset and variant: what it is, all its metrics, its trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from benchkit.report.numbers import count, format_label, format_mean, title
from benchkit.report.page.lines import make_line
from benchkit.report.page.links import Detectors, Machines
from benchkit.report.page.pictures import Picture, show_plots
from benchkit.report.page.trials import Trial, show_trial
from benchkit.report.plots import Album
from benchkit.report.primary import find_primary
from benchkit.report.remarks import (
    describe_chance,
    describe_data,
    describe_fixed,
    describe_limits,
)
from benchkit.report.rows import Row, describe_machine, metric_names
from benchkit.report.selection import Section
from benchkit.results.store import Entry


@dataclass(frozen=True)
class Detail:
    """A section as text; ``metrics`` are lines of a table with a column for each label."""

    anchor: str
    label: str
    variant: str
    note: str
    facts: str
    remarks: list[str]
    plots: list[Picture]
    labels: list[str]
    metrics: list[Markup]
    trials: list[Trial]


def show_detail(
    section: Section,
    rows: list[Row],
    anchor: str,
    entries: Mapping[str, Entry],
    album: Album,
    machines: Machines,
    detectors: Detectors,
) -> Detail:
    """Return the detail of a section; ``entries`` are those of its records by identity."""
    data = section.dataset
    names = tuple(metric_names(rows))
    primary = find_primary(rows)
    rows = [*(row for row in rows if not row.sanity), *(row for row in rows if row.sanity)]
    places = {row.label: place for place, row in enumerate(rows)}
    records = sorted(section.records, key=lambda r: (places[r.detector.label], r.seed))
    trials = []
    for record in records:
        identity = record.identity
        trials.append(
            show_trial(
                identity,
                entries[identity],
                names,
                primary,
                detectors.link(record.detector),
                machines.link_software(record),
                show_plots(album.of_trial(identity)),
            )
        )
    return Detail(
        anchor=anchor,
        label=data.label,
        variant=data.variant,
        note=f"{count(len(rows), 'row')}, {count(len(trials), 'trial')}",
        facts=f"{describe_data(data)}{describe_chance(section)} Values {data.fingerprint[:12]}.",
        remarks=_remark(section, rows),
        plots=show_plots(album.of_section(data.label, data.variant)),
        labels=[format_label(row) for row in rows],
        metrics=[make_line(title(n), [format_mean(row, n) for row in rows]) for n in names],
        trials=trials,
    )


def _remark(section: Section, rows: Sequence[Row]) -> list[str]:
    remarks = list(section.dataset.notes)
    if len({describe_machine(record) for record in section.records}) > 1:
        remarks.append("The costs come from different machines: do not compare them.")
    return [*remarks, *describe_fixed(rows), *describe_limits(section, rows)]
