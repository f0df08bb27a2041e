"""The page, ``index.html``: made from records and an album of plots, in one file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from benchkit.report.boards import MARK
from benchkit.report.foreign import show_plainly
from benchkit.report.numbers import INVERTED, INVERTED_MEANS, NOT_BEATEN, title
from benchkit.report.page.answers import Answer, make_answer, sum_up
from benchkit.report.page.details import show_detail
from benchkit.report.page.links import Detectors, Machines, make_anchors
from benchkit.report.page.overview import choose, count
from benchkit.report.page.pictures import Picture, show_plots
from benchkit.report.page.results import Table, make_table
from benchkit.report.plots import Album
from benchkit.report.ranking import rank_detectors
from benchkit.report.remarks import define
from benchkit.report.rows import count_statuses
from benchkit.report.standing import Standing, format_marks
from benchkit.report.tracks import Part, Track
from benchkit.results.store import Entry

NAME = "index.html"


def make_page(
    entries: Iterable[Entry], tracks: Mapping[Track, Sequence[Part]], album: Album
) -> str:
    """Return the text of the page; the same for entries in any order.

    One file that needs no other but the plots, which ``album`` names and which lie beside it, and
    that asks no network. Everything of foreign origin is shown as text.

    Parameters
    ----------
    entries
        All trials of a store.
    tracks
        What `group_tracks` made of their records.
    album
        The plots to show; an empty one for none.
    """
    by_identity = {entry.record.identity: entry for entry in entries}
    parts = [part for those in tracks.values() for part in those]
    records = [record for section, _ in parts for record in section.records]
    machines, detectors = Machines(records), Detectors(records)
    anchors = iter(make_anchors("d", (f"{s.dataset.label} {s.dataset.variant}" for s, _ in parts)))
    views, details = [], []
    for number, (track, those) in enumerate(tracks.items(), 1):
        fragments = [next(anchors) for _ in those]
        views.append(_view_track(number, track, those, fragments, album, machines))
        details += [
            show_detail(section, rows, fragment, by_identity, album, machines, detectors)
            for (section, rows), fragment in zip(those, fragments, strict=True)
        ]
    css, script = _read("page.css"), _read("page.js")
    template = _environment().get_template("index.html.j2")
    return template.render(
        mark=Markup(MARK),
        policy=_allow(css, script),
        css=Markup(css),
        script=Markup(script),
        dagger=NOT_BEATEN,
        inverted=INVERTED,
        inverted_means=INVERTED_MEANS,
        counts=count(len(by_identity), parts, records),
        tracks=views,
        choices=choose(parts),
        details=details,
        detectors=detectors.all,
        machines=machines.all,
        definitions=define(records),
    )


@dataclass(frozen=True)
class TrackView:
    """A track as the page shows it."""

    id: str
    title: str
    sim: bool
    metric: str
    summary: str
    verdict: tuple[str, ...]
    standings: list[tuple[Standing, str, str]]
    answers: list[Answer]
    plots: list[Picture]
    table: Table


def _view_track(
    number: int,
    track: Track,
    parts: Sequence[Part],
    anchors: Sequence[str],
    album: Album,
    machines: Machines,
) -> TrackView:
    ranking = rank_detectors(track, parts)
    answers = [
        make_answer(section, rows, ranking.leads.get(section.dataset.label), anchor, machines)
        for (section, rows), anchor in zip(parts, anchors, strict=True)
    ]
    return TrackView(
        id=f"track-{number}",
        title=track.title,
        sim=track.variant == "sim",
        metric=title(ranking.metric),
        summary=sum_up(answers),
        verdict=ranking.verdict,
        standings=[(s, format_marks(s), count_statuses(s.statuses)) for s in ranking.standings],
        answers=answers,
        plots=show_plots(album.of_track(track.stem)),
        table=make_table(parts, anchors, machines),
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=show_plainly,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _read(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _allow(css: str, script: str) -> str:
    """Return a policy that lets a browser take the page's own style and script, and its plots."""
    return (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(script)}'; "
        "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
