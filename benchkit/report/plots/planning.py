"""Which plots belong to some trials: decided by records and by which files are there."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchkit.report.plots import (
    calibration,
    cost,
    detector,
    frames,
    parts,
    ranks,
    reference,
    roc,
    scores,
    sweep,
    training,
)
from benchkit.report.plots.album import Album, Order, Plot
from benchkit.report.tracks import Part, Track, group_tracks
from benchkit.results.folder import TEST_SCORES, TRUTH
from benchkit.results.record import Record
from benchkit.results.store import Entry

OF_TRIAL = (scores, parts, reference, frames, training, detector)
OF_SECTION = (roc, calibration, cost)
OF_TRACK = (ranks, sweep)


def plan_plots(
    entries: Iterable[Entry],
    tracks: Mapping[Track, Sequence[Part]] | None = None,
    *,
    all_seeds: bool = False,
) -> Album:
    """Return the plots that belong to some trials; draws nothing, and reads no scores.

    A trial has plots where it went well, stands on a board and is no sanity row.

    Parameters
    ----------
    entries
        The trials.
    tracks
        What `group_tracks` makes of their records, where that was done already.
    all_seeds
        Whether every seed of a detector has plots, and not the lowest alone.
    """
    by_identity = {entry.record.identity: entry for entry in entries}
    if tracks is None:
        tracks = group_tracks(entry.record for entry in by_identity.values())
    trials: dict[str, tuple[Plot, ...]] = {}
    sections: dict[tuple[str, str], tuple[Plot, ...]] = {}
    of_tracks: dict[str, tuple[Plot, ...]] = defaultdict(tuple)
    orders: dict[str, Order] = {}

    def enter(made: Iterable[Order]) -> tuple[Plot, ...]:
        found = {order.plot.path: order for order in made}
        orders.update(found)
        return tuple(order.plot for order in found.values())

    for track, ranked in tracks.items():
        of_tracks[track.stem] += enter(o for kind in OF_TRACK for o in kind.plan(track, ranked))
        for section, rows in ranked:
            well = [
                (by_identity[record.identity], record)
                for record in section.records
                if record.status == "ok"
            ]
            there = {record.identity: _list_files(entry) for entry, record in well}
            for entry, record in _choose_trials(well, all_seeds=all_seeds):
                files = there[record.identity]
                trials[record.identity] = enter(
                    o for kind in OF_TRIAL for o in kind.plan(entry, files)
                )
            scored = [
                entry for entry, record in well if {TEST_SCORES, TRUTH} <= there[record.identity]
            ]
            key = section.dataset.label, section.dataset.variant
            sections[key] = enter(
                (
                    *roc.plan(section, rows, scored),
                    *calibration.plan(section, rows),
                    *cost.plan(section, rows),
                )
            )
    return Album(trials, sections, dict(of_tracks), orders)


def _choose_trials(
    well: Sequence[tuple[Entry, Record]], *, all_seeds: bool
) -> list[tuple[Entry, Record]]:
    """Return the trials that have plots of their own: of each detector the lowest seed."""
    chosen: dict[object, tuple[Entry, Record]] = {}
    for entry, record in well:  # by detector and seed
        if not record.detector.sanity:
            key = (record.detector.label, record.seed if all_seeds else None)
            chosen.setdefault(key, (entry, record))
    return list(chosen.values())


def _list_files(entry: Entry) -> frozenset[str]:
    try:
        with os.scandir(entry.folder.path) as found:
            return frozenset(file.name for file in found)
    except OSError:  # another process has just put a newer folder in its place
        return frozenset()
