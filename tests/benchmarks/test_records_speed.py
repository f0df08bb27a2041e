"""How fast records are written, read and made into boards."""

from __future__ import annotations

from benchkit.report.boards import make_boards
from benchkit.report.tracks import group_tracks
from benchkit.results import Store
from tests.report.many import make_records

BOARDS = 200


def test_writing_a_store(fresh, timed):
    """Each record whole or not at all."""
    records = make_records(20)

    def write(folder) -> int:
        store = Store(folder)
        store.open_for_writing()
        for record in records:
            store.put(record, store.scratch())
        return len(store.folders())

    assert timed(write, like="python", size="20 records of 40 metrics", setup=fresh) == 20


def test_reading_a_store(tmp_path, timed):
    """All of it, checked."""
    store = Store(tmp_path / "records")
    store.open_for_writing()
    for record in make_records(100):
        store.put(record, store.scratch())
    read = timed(lambda: list(store.records()), like="python", size="100 records of 40 metrics")
    assert len(read) == 100


def test_making_boards(timed):
    """Markdown, CSV, parquet and statistics; neither plots nor the page."""
    records = make_records(BOARDS)
    size = f"{BOARDS} records of 40 metrics"
    boards = timed(lambda: make_boards(group_tracks(records)), like="python", size=size)
    assert any(name.endswith(".md") for name in boards)
