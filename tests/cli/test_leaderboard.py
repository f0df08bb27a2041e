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
    """A page for people, an index, a board for each track, a page for each dataset."""
    result = session.benchkit("leaderboard")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "7 files in leaderboards, 7 changed, 0 plots drawn\n"
    names = {p.name for p in (session.folder / "leaderboards").iterdir()}
    tables = {f"series.real.{ending}" for ending in ("md", "csv", "parquet")}
    assert names == {
        *("records", "index.html", "README.md", "kdd99.real.md", "smd.real.md"), *tables
    }  # fmt: skip


def test_a_second_time_changes_nothing(session):
    """The same records make the same bytes."""
    session.benchkit("leaderboard")
    again = session.benchkit("leaderboard")
    assert again.stdout == "7 files in leaderboards, 0 changed, 0 plots drawn\n"


def test_check_passes_where_the_boards_are_right(session):
    """Exit code 0, and nothing is written."""
    session.benchkit("leaderboard")
    result = session.benchkit("leaderboard", "--check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "the boards in leaderboards are up to date\n"


def test_check_fails_with_a_diff_where_a_board_is_stale(session):
    """Exit code 1, the difference, one line of what to do, and the board left as it is."""
    session.benchkit("leaderboard")
    board = session.folder / "leaderboards" / "kdd99.real.md"
    board.write_text(stale := board.read_text().replace("0.500", "0.999"))
    result = session.benchkit("leaderboard", "--check")
    assert result.returncode == 1
    assert "--- kdd99.real.md (there)\n+++ kdd99.real.md (from records)\n" in result.stdout
    assert result.stderr == (
        "benchkit: the boards in leaderboards are stale: run 'benchkit leaderboard --no-plots'\n"
    )
    assert board.read_text() == stale


def test_a_check_compares_what_its_options_would_write(session):
    """Without plots what is there without them; with plots a page that has none is stale."""
    store = Store(session.folder / "leaderboards" / "records")
    for place, name in enumerate(("knn", "iforest"), 2):
        store.put(
            make_record(name, seconds={"fit": place, "score": 1, "trial": 9}), store.scratch()
        )
    (session.folder / "leaderboards").rename(session.folder / "my boards")
    session.plots = True  # else the session adds --no-plots itself
    place = ("--out", "my boards")
    session.benchkit("leaderboard", "--no-plots", *place)
    right = session.benchkit("leaderboard", "--no-plots", "--check", *place)
    assert (right.returncode, right.stderr) == (0, "")
    result = session.benchkit("leaderboard", "--check", *place)
    assert result.returncode == 1
    page, plots = result.stdout.splitlines()
    assert page.startswith("index.html differs: ")
    assert plots == "plots: 1 of 1 are not there"
    assert result.stderr == (
        "benchkit: the boards in my boards are stale: run 'benchkit leaderboard --out "
        "'my boards'', or check with --no-plots: only the page's plots are missing\n"
    )


def test_the_advice_of_a_check_is_the_command_that_makes_it_pass(session):
    """With the folder and with the options of the check."""
    (session.folder / "leaderboards").rename(session.folder / "mine")
    result = session.benchkit("leaderboard", "--check", "--out", "mine")
    assert "run 'benchkit leaderboard --no-plots --out mine'\n" in result.stderr
    session.benchkit("leaderboard", "--no-plots", "--out", "mine")
    assert session.benchkit("leaderboard", "--check", "--out", "mine").returncode == 0


def test_the_boards_of_records_that_are_gone_go_too(session):
    """A board without records is an orphan."""
    session.benchkit("leaderboard")
    store = Store(session.folder / "leaderboards" / "records")
    store.discard(next(f for f in store.folders() if "smd" in f.name))
    assert session.benchkit("leaderboard", "--check").returncode == 1
    assert session.benchkit("leaderboard").returncode == 0
    assert not list((session.folder / "leaderboards").glob("smd*"))


def test_plots_are_drawn_once_and_the_page_shows_them(session):
    """What is drawn is not drawn again; without plots the page keeps those that are there."""
    store = Store(session.folder / "leaderboards" / "records")
    for place, name in enumerate(("knn", "iforest"), 2):
        seconds = {"fit": place, "score": place, "trial": 9}
        store.put(make_record(name, auc_pr=place / 9, seconds=seconds), store.scratch())
    session.plots = True
    first, second = session.benchkit("leaderboard"), session.benchkit("leaderboard")
    drawn = sorted((session.folder / "leaderboards/plots").iterdir())
    assert drawn
    assert f"{len(drawn)} plots drawn" in first.stdout
    assert "0 changed, 0 plots drawn" in second.stdout
    page = (session.folder / "leaderboards/index.html").read_text()
    assert all(f"plots/{path.stem}" in page for path in drawn)
    assert session.benchkit("leaderboard", "--check").returncode == 0
    drawn[0].unlink()
    check = session.benchkit("leaderboard", "--check")
    assert (check.returncode, check.stdout) == (
        1,
        f"plots: 1 of {len(drawn) // 2} are not there\n",
    )
    session.benchkit("leaderboard")
    session.plots = False
    assert "0 changed" in session.benchkit("leaderboard").stdout


@pytest.mark.parametrize("name", ["README.md", "index.html"])
def test_what_benchkit_has_not_made_is_not_replaced(session, name):
    """Somebody's page in the folder stays, and is named."""
    (session.folder / "leaderboards" / name).write_text("mine")
    result = session.benchkit("leaderboard")
    assert result.returncode == 2
    assert f"{name} was not made by benchkit" in result.stderr
    assert (session.folder / "leaderboards" / name).read_text() == "mine"


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
