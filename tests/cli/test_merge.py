"""`benchkit merge`: the results of two machines in one store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchkit.results import Store
from tests.records import make_record
from tests.session import Session

DATA = "tiny[rows=400,channels=3]"


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, tiny_site: Path) -> Path:
    """Return a folder with the boards ``a`` and ``b`` of two runs; nobody changes it."""
    folder = tmp_path_factory.mktemp("machines")
    variables = {"BENCHKIT_CACHE": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "share")}
    session = Session(folder, [tiny_site], variables)
    for out, detector in (("a", "pca"), ("b", "knn")):
        done = session.benchkit("run", "-d", detector, "-D", DATA, "--out", out)
        assert done.returncode == 0, done.stderr
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def put(folder: Path, *records) -> Path:
    """Make boards of some records; return the folder."""
    store = Store(folder / "records")
    for record in records:
        store.put(record, store.scratch())
    return folder


def test_what_two_machines_found_stands_on_one_board(session, machines):
    """Each trial with its scores; sanity rows, which both ran, stay those of the first."""
    before = contents(machines)
    done = session.benchkit("merge", str(machines / "a"), str(machines / "b" / "records"))
    assert contents(machines) == before
    records = {record["detector"]["name"]: folder for record, folder in session.records()}
    assert set(records) == {"pca", "knn", "constant", "distance", "random"}
    assert all((folder / "scores_test.npy").is_file() for folder in records.values())
    board = (session.folder / "leaderboards/tiny.real.md").read_text()
    assert "| pca " in board
    assert "| knn " in board
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [str(machines / "a"), "4", "0", "0", "0", "0"] in rows
    assert [str(machines / "b" / "records"), "1", "0", "3", "0", "0"] in rows
    assert (done.returncode, done.stderr) == (0, "")

    done = session.benchkit("leaderboard", "--check")
    assert done.returncode == 0, done.stdout


def test_one_that_is_merged_again_changes_nothing(session, machines):
    """All of it is there already."""
    done = session.benchkit("merge", str(machines / "a"))
    assert done.returncode == 0, done.stderr
    before = contents(session.folder / "leaderboards")
    done = session.benchkit("merge", str(machines / "a"))
    assert done.returncode == 0, done.stderr
    assert [str(machines / "a"), "0", "4", "0", "0", "0"] in [
        x.split() for x in done.stdout.splitlines()
    ]
    assert contents(session.folder / "leaderboards") == before


def test_a_merged_trial_can_be_reproduced_and_measured_again(session, machines):
    """It is a trial like any other."""
    session.benchkit("merge", str(machines / "a"))
    assert "4 records measured again" in session.benchkit("score").stdout
    done = session.benchkit("reproduce", "pca")
    assert done.returncode == 0, done.stderr


class TestOnRecords:
    """What the command says, over records that no run has made."""

    @pytest.fixture
    def merge(self, benchkit: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that merges in this process; plots are not drawn."""
        return partial(benchkit, "merge", "--no-plots")

    def test_a_dry_run_writes_nothing(self, merge, tmp_path):
        """And says what would be there."""
        there = put(tmp_path / "there", make_record())
        out = tmp_path / "out"
        done = merge(str(there), "--out", str(out), "--dry-run")
        assert done.code == 0
        assert f"nothing written; {out} would have 1 trial" in done.out
        assert not out.exists()

    def test_machines_are_told_apart(self, merge, tmp_path):
        """Whose timings are in the store, and that they are not compared."""
        other = make_record(seed=1, environment={"processor": "Another, 64 cores"}, threads=8)
        here, there = put(tmp_path / "here", make_record()), put(tmp_path / "there", other)
        done = merge(str(there), "--out", str(here))
        assert done.code == 0
        assert "1 trial timed on A processor, 2 cores, 1 thread a trial" in done.out
        assert "1 trial timed on Another, 64 cores, 8 threads a trial" in done.out
        assert "Timings of different machines are never ranked together." in done.out

    def test_a_conflict_says_what_differs(self, merge, tmp_path):
        """Metrics, status, machine, time; that over all thresholds first."""
        here = put(tmp_path / "here", make_record(), make_record(seed=1), make_record(seed=2))
        there = put(
            tmp_path / "there",
            make_record(auc_pr=0.75, environment={"processor": "Another"}, finished="2027-01-01"),
            make_record(seed=1, status="timeout", finished="2027-01-02T03:04:05.678"),
            make_record(seed=2, warnings=("beware",)),
            make_record(seed=3),
        )
        done = merge(str(there), "--out", str(here))
        assert done.code == 1
        first, second = done.err.splitlines()
        assert f"what {here} has stays, {there} has another record: " in first
        assert first.endswith(
            "auc_pr 0.5, there 0.75; run on A processor, 2 cores, 1 thread a trial, there on "
            "Another, 1 thread a trial; finished 2026-01-02T03:04:00, there 2027-01-01"
        )
        assert "status ok, there timeout; auc_pr 0.5, there none;" in second
        assert second.endswith("finished 2026-01-02T03:04:01, there 2027-01-02T03:04:05")
        assert len(list(Store(here / "records").records())) == 4
        assert "| pca" in (here / "kdd99.real.md").read_text()

    def test_what_cannot_be_read_is_named_and_exits_1(self, merge, tmp_path):
        """One line for each; the rest comes."""
        there = put(tmp_path / "there", make_record(), make_record(seed=1))
        path = Store(there / "records").folders()[0] / "record.json"
        path.write_text(path.read_text().replace('"schema": 1', '"schema": 9'))
        done = merge(str(there), "--out", str(tmp_path / "out"))
        assert done.code == 1
        assert done.err == (
            f"benchkit: not readable: {path.parent}: a newer benchkit wrote it (schema 9, this "
            "one reads up to 1)\n"
        )
        assert len(list(Store(tmp_path / "out" / "records").records())) == 1

    def test_a_link_in_a_trial_is_named(self, merge, tmp_path):
        """The trial is there without it, which is no failure."""
        there = put(tmp_path / "there", make_record())
        (folder,) = Store(there / "records").folders()
        (folder / "link").symlink_to("/etc/hostname")
        done = merge(str(there), "--out", str(tmp_path / "out"))
        assert done.code == 0
        assert done.err == f"benchkit: left out: {folder / 'link'} is a link\n"

    def test_foreign_text_does_not_command_the_terminal(self, merge, tmp_path):
        """A label with an escape sequence is shown without it."""
        here = put(tmp_path / "here", make_record("\x1b[2Jpca"))
        there = put(tmp_path / "there", make_record("\x1b[2Jpca", auc_pr=0.9))
        done = merge(str(there), "--out", str(here))
        assert "?[2Jpca on kdd99" in done.err
        assert "\x1b" not in done.out + done.err

    @pytest.mark.parametrize(
        ("source", "out", "message"),
        [
            ("nowhere", "out", "there is no folder nowhere"),
            ("empty", "out", "there are no records in empty"),
            ("there", "there", "there is the store itself"),
            ("there/records", "there", "there/records is the store itself"),
            ("there", "foreign", "foreign/README.md was not made by benchkit"),
        ],
    )
    def test_misuse_is_one_line_and_exit_code_2(
        self, merge, tmp_path, monkeypatch, source, out, message
    ):
        """Noticed before anything is written."""
        monkeypatch.chdir(tmp_path)
        put(Path("there"), make_record())
        Path("empty").mkdir()
        Path("foreign").mkdir()
        Path("foreign/README.md").write_text("mine")
        done = merge(source, "--out", out)
        assert done.code == 2
        assert message in done.err
        assert len(done.err.splitlines()) == 1
        assert not Path("out").exists()
