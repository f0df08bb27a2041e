"""The detail of one dataset and variant: what it is, all its metrics, its trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from benchkit.report.dataset_board import FEW
from benchkit.report.page.links import Detectors, Machines
from benchkit.report.page.numbers import count_of, make_line, show_mean
from benchkit.report.page.pictures import Picture, show_plots
from benchkit.report.page.trials import Trial, show_trial
from benchkit.report.plots import Album
from benchkit.report.rows import Row, describe_machine, find_primary, metric_names
from benchkit.report.selection import Section
from benchkit.report.tables import title
from benchkit.results.record import DatasetFacts
from benchkit.results.store import Entry


@dataclass(frozen=True)
class Part:
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


def show_part(
    section: Section,
    rows: list[Row],
    anchor: str,
    entries: Mapping[str, Entry],
    album: Album,
    machines: Machines,
    detectors: Detectors,
) -> Part:
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
    return Part(
        anchor=anchor,
        label=data.label,
        variant=data.variant,
        note=f"{count_of(len(rows), 'row')}, {count_of(len(trials), 'trial')}",
        facts=_describe(data),
        remarks=_remark(section),
        plots=show_plots(album.of_section(data.label, data.variant)),
        labels=[row.label for row in rows],
        metrics=[make_line(title(n), [show_mean(row, n) for row in rows]) for n in names],
        trials=trials,
    )


def _describe(data: DatasetFacts) -> str:
    train, test = (" × ".join(map(str, shape)) for shape in (data.train_shape, data.test_shape))
    window = f" VUS windows up to {data.window} rows." if data.modality == "series" else ""
    return (
        f"Train {train}, its last {data.calibration:,} points for calibration; test {test}; "
        f"{data.anomalies:,} of {data.points:,} points anomalous "
        f"({data.anomalies / data.points:.2%}).{window} Values {data.fingerprint[:12]}."
    )


def _remark(section: Section) -> list[str]:
    data = section.dataset
    remarks = list(data.notes)
    if data.calibration < FEW:
        remarks.append(f"{data.calibration} calibration scores are too few for a 99 % quantile.")
    if len({describe_machine(record) for record in section.records}) > 1:
        remarks.append("The costs come from different machines: do not compare them.")
    if section.left_out:
        remarks.append(f"{section.left_out} older or not comparable results are left out.")
    return remarks
