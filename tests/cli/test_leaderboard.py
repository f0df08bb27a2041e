"""`benchkit leaderboard` makes the boards again, or says that they are stale."""

from __future__ import annotations

import pytest

from benchkit.results import Store
from tests.records import make_record
from tests.session import Session


@pytest.fixture
def session(tmp_path) -> Session:
    """Return a session in a folder with two records and no boards."""
    store = Store(tmp_path / "leaderboards" / "records")
    store.open_for_writing()
    for record in (make_record("pca"), make_record("random", "smd", sanity=True)):
        store.put(record, store.scratch())
    return Session(tmp_path, [])


def test_boards_are_made_from_records_alone(session):
    """One page and one CSV for each dataset and variant, and an index."""
    result = session.benchkit("leaderboard")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "5 boards in leaderboards, 5 changed\n"
    names = {p.name for p in (session.folder / "leaderboards").iterdir()}
    assert names == {
        *("README.md", "kdd99.real.md", "kdd99.real.csv", "smd.real.md", "smd.real.csv", "records")
    }


def test_a_second_time_changes_nothing(session):
    """The same records make the same bytes."""
    session.benchkit("leaderboard")
    assert session.benchkit("leaderboard").stdout == "5 boards in leaderboards, 0 changed\n"


def test_check_passes_where_the_boards_are_right(session):
    """Exit code 0, and nothing is written."""
    session.benchkit("leaderboard")
    result = session.benchkit("leaderboard", "--check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "the 5 boards in leaderboards are up to date\n"


def test_check_fails_with_a_diff_where_a_board_is_stale(session):
    """Exit code 1, the difference, one line of what to do, and the board left as it is."""
    session.benchkit("leaderboard")
    board = session.folder / "leaderboards" / "kdd99.real.md"
    board.write_text(stale := board.read_text().replace("0.500", "0.999"))
    result = session.benchkit("leaderboard", "--check")
    assert result.returncode == 1
    assert "--- kdd99.real.md (there)\n+++ kdd99.real.md (from records)\n" in result.stdout
    assert result.stderr == (
        "benchkit: the boards in leaderboards are stale: run 'benchkit leaderboard'\n"
    )
    assert board.read_text() == stale


def test_the_boards_of_records_that_are_gone_go_too(session):
    """A board without records is an orphan."""
    session.benchkit("leaderboard")
    store = Store(session.folder / "leaderboards" / "records")
    store.discard(next(f for f in store.folders() if "smd" in f.name))
    assert session.benchkit("leaderboard", "--check").returncode == 1
    assert session.benchkit("leaderboard").returncode == 0
    assert not list((session.folder / "leaderboards").glob("smd*"))


@pytest.mark.parametrize("out", ["gone", "leaderboards/records", "."])
def test_a_folder_without_records_is_refused(session, out):
    """A slip in --out must not make a README.md, or replace one."""
    (session.folder / "README.md").write_text("mine")
    result = session.benchkit("leaderboard", "--out", out)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "benchkit run" in result.stderr
    assert (session.folder / "README.md").read_text() == "mine"
    assert not (session.folder / "leaderboards" / "records" / "README.md").exists()


def test_a_damaged_record_is_named(session):
    """One line that says which and what to do; no board is made without it."""
    store = Store(session.folder / "leaderboards" / "records")
    path = store.folders()[0] / "record.json"
    path.write_text("{")
    result = session.benchkit("leaderboard")
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert str(path.relative_to(session.folder)) in result.stderr
    assert not (session.folder / "leaderboards" / "README.md").exists()
