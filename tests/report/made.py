"""Boards made from records, as text."""

from __future__ import annotations

from benchkit.report import boards
from benchkit.report.tracks import group_tracks
from benchkit.results import Record


def make_boards(records: list[Record]) -> dict[str, str | bytes]:
    """Return the content of every board file by its name."""
    return boards.make_boards(group_tracks(records))


def read_board(records: list[Record], name: str) -> str:
    """Return the text of one of them."""
    text = make_boards(records)[name]
    assert isinstance(text, str)
    return text
