"""All that people look at, made of a store: the boards, the page, the plots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchkit.report.boards import make_boards
from benchkit.report.folder import Files, check_folder, compare_boards, write_boards
from benchkit.report.page import NAME, make_page
from benchkit.report.plots import Album, draw_plots, plan_plots
from benchkit.report.tracks import group_tracks
from benchkit.results.store import Entry


@dataclass(frozen=True)
class Publication:
    """What was published into a folder.

    ``files`` counts boards and page, ``changed`` those of them that were not there like this;
    ``drawn`` counts new plots, ``warnings`` has a sentence for each that could not be drawn.
    """

    files: int
    changed: int
    drawn: int
    warnings: tuple[str, ...]


def publish(
    folder: Path, entries: Iterable[Entry], *, plots: bool = True, jobs: int = 1
) -> Publication:
    """Write boards and page into a folder, then draw the plots that are not there yet.

    Parameters
    ----------
    folder, entries
        Of the boards; what they are made of.
    plots
        Whether to draw any; without it the page has those that are there already.
    jobs
        How many processes draw at most.

    Raises
    ------
    BenchkitError
        The folder cannot be written to, or has an index or a page that benchkit has not made.
    """
    files, album = _make(folder, entries, plots=plots)
    changed = write_boards(folder, files)  # first: plots take longer, and may be interrupted
    if not plots:
        return Publication(len(files), len(changed), 0, ())
    drawing = draw_plots(album, folder, jobs)
    return Publication(len(files), len(changed), len(drawing.drawn), drawing.warnings)


def check_published(folder: Path, entries: Iterable[Entry], *, plots: bool = True) -> str:
    """Return a diff from what is in the folder to what `publish` would write; empty if they agree.

    A last line counts the plots that are not there, unless none are asked for. Raises
    `BenchkitError` where there is an index or a page that benchkit has not made.
    """
    check_folder(folder)
    files, album = _make(folder, entries, plots=plots)
    diff = compare_boards(folder, files)
    missing = len(album.orders) - len(album.there(folder).orders) if plots else 0
    return diff + f"plots: {missing} of {len(album.orders)} are not there\n" * bool(missing)


def _make(folder: Path, entries: Iterable[Entry], *, plots: bool) -> tuple[Files, Album]:
    entries = list(entries)
    tracks = group_tracks(entry.record for entry in entries)
    album = plan_plots(entries, tracks)
    shown = album if plots else album.there(folder)
    return {**make_boards(tracks), NAME: make_page(entries, tracks, shown)}, album
