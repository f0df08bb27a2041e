"""Tracks: which datasets are ranked together, and what the files of their boards are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from benchkit.report.rows import Row, make_rows
from benchkit.report.selection import Section, select_sections
from benchkit.results.record import Record

_PLURALS = {"image-sequence": "image-sequences"}
_TITLES = {"series": "Time series", "image-sequence": "Image sequences"}

Part = tuple[Section, list[Row]]
"""A section and its rows, the best first."""


@dataclass(frozen=True)
class Track:
    """The datasets of one modality and one variant."""

    modality: str
    variant: str

    @property
    def stem(self) -> str:
        """The file name of its boards without the ending, such as ``image-sequences.sim``."""
        return f"{_plain(_PLURALS.get(self.modality, self.modality))}.{_plain(self.variant)}"

    @property
    def title(self) -> str:
        """Its name for people; of foreign origin where the modality or the variant is."""
        return f"{_TITLES.get(self.modality, self.modality)} ({self.variant})"


def group_tracks(records: Iterable[Record]) -> dict[Track, list[Part]]:
    """Return the sections of every track with their rows, both in order: real series first."""
    tracks: dict[Track, list[Part]] = defaultdict(list)
    for section in select_sections(records):
        track = Track(section.dataset.modality, section.dataset.variant)
        tracks[track].append((section, make_rows(section)))
    return {track: tracks[track] for track in sorted(tracks, key=_order)}


def page_stem(name: str, variant: str) -> str:
    """Return the file name, without its ending, of the board of a dataset and variant."""
    # A record may come from another machine: its names must not lead out of the folder. And a
    # dataset may be called like a track, whose board it must not replace.
    plain = _plain(name)
    taken = {_plain(_PLURALS.get(modality, modality)) for modality in _TITLES}
    return f"{plain}{'_' * (plain in taken)}.{_plain(variant)}"


def _order(track: Track) -> tuple[int, str, str]:
    known = list(_TITLES)
    place = known.index(track.modality) if track.modality in known else len(known)
    return place, track.modality, track.variant


def _plain(text: str) -> str:
    return re.sub(r"[^\w-]", "_", text)
