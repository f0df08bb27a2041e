"""The store: what is put in comes out, whole, once, and nothing else does."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.results import Entry, Record, Store, StoreError
from benchkit.results.folder import TrialFolder
from benchkit.results.store import newest
from tests.records import make_record

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    found = Store(tmp_path / "records")
    found.open_for_writing()
    return found


def put(store: Store, record: Record) -> Path:
    """Put a record with some scores beside it."""
    scratch = store.scratch()
    (scratch / "scores.npy").write_bytes(b"scores")
    return store.put(record, scratch)


def hidden(store: Store) -> list[str]:
    return [p.name for p in store.folder.iterdir() if p.name.startswith(".")]


class TestPutting:
    def test_a_record_comes_back(self, store):
        """As it was, with the files beside it that the trial left."""
        record = make_record()
        folder = put(store, record)
        assert list(store.records()) == [record]
        assert store.folders() == [folder]
        assert (folder / "scores.npy").read_bytes() == b"scores"
        assert hidden(store) == []

    def test_a_folder_says_what_is_in_it(self, store):
        """People find a trial by its folder's name."""
        name = put(store, make_record("knn[neighbours=3]", "smd/machine-1", seed=7)).name
        assert name.startswith("knn_neighbours_3_--smd_machine-1-real--s7--")

    @pytest.mark.parametrize(
        "label",
        [".tmp-hidden", "../up", "/root/x", "a\nb", "ü" * 300, "日" * 300, ".", "", "\x00"],
    )
    def test_any_label_makes_a_folder_of_the_store(self, store, label):
        """No label hides a trial, leads out of the store, or is too long for a name."""
        folder = put(store, make_record(label))
        assert folder.parent == store.folder
        assert [r.detector.label for r in store.records()] == [label]

    def test_a_trial_that_is_run_again_replaces_the_older(self, store):
        """One folder is left, the newer, and other trials keep theirs."""
        other = put(store, make_record(seed=1))
        old = put(store, make_record(status="timeout"))
        new = put(store, make_record(finished="2027"))
        assert not old.exists()
        assert sorted(store.folders()) == sorted([other, new])
        assert {r.status for r in store.records()} == {"ok"}
        assert hidden(store) == []

    def test_a_scratch_that_is_discarded_leaves_nothing(self, store):
        """A trial that was interrupted is not in the store."""
        scratch = store.scratch()
        (scratch / "scores.npy").write_bytes(b"half")
        store.discard(scratch)
        assert list(store.folder.iterdir()) == []

    def test_a_trial_in_flight_is_not_read(self, store):
        """Not even when its record is there already."""
        scratch = store.scratch()
        (scratch / "record.json").write_text(make_record().to_json())
        assert list(store.records()) == []

    def test_a_store_that_is_not_there_is_empty(self, tmp_path):
        """Reading makes no folder."""
        store = Store(tmp_path / "gone")
        assert list(store.records()) == []
        store.sweep()
        assert not store.folder.exists()

    def test_where_a_file_stands_in_the_way_it_says_so(self, tmp_path):
        """Noticed before any work, in one line that says what to do."""
        (tmp_path / "file").write_text("")
        with pytest.raises(StoreError, match="^cannot write to .*give another folder with --out$"):
            Store(tmp_path / "file" / "records").open_for_writing()


class TestReading:
    def test_a_newer_schema_is_refused_with_a_sentence(self, store):
        """Guessing at an unknown layout would make boards of nonsense."""
        path = put(store, make_record()) / "record.json"
        path.write_text(path.read_text().replace('"schema": 1', '"schema": 7'))
        with pytest.raises(StoreError) as caught:
            list(store.records())
        assert str(caught.value) == (
            f"{path} was written by a newer benchkit (schema 7, this one reads up to 1): upgrade "
            "benchkit, or use another folder with --out"
        )

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"null", b"[1]", b"\xff\xfe", b"{}", b'{"schema": 1}']
    )
    def test_an_unreadable_record_is_refused_with_a_sentence(self, store, content):
        """A damaged result is not left out in silence; the message says which and what to do."""
        path = put(store, make_record()) / "record.json"
        path.write_bytes(content)
        with pytest.raises(StoreError) as caught:
            list(store.records())
        message = str(caught.value)
        assert message.startswith(f"{path} cannot be read as a record")
        assert message.endswith("remove its folder and run again")
        assert len(message.splitlines()) == 1

    def test_other_peoples_files_are_no_records(self, store):
        """A note or a folder without a record is not a trial."""
        (store.folder / "notes.txt").write_text("mine")
        (store.folder / "figures").mkdir()
        assert list(store.records()) == []


def newest_of(records):
    entries = (Entry(TrialFolder(Path("somewhere")), record) for record in records)
    return [entry.record for entry in newest(entries)]


class TestNewest:
    @given(st.data())
    def test_does_not_depend_on_the_order(self, data):
        """Whatever order records are read in, the same ones count, ties of time included."""
        some = data.draw(
            st.lists(
                st.builds(
                    make_record,
                    seed=st.integers(0, 2),
                    finished=st.sampled_from(["2026-01", "2026-02"]),
                    auc_pr=st.sampled_from([0.1, 0.2, 0.3]),
                ),
                max_size=8,
            )
        )
        other = data.draw(st.permutations(some))
        texts = [sorted(r.to_json() for r in newest_of(records)) for records in (some, other)]
        assert texts[0] == texts[1]

    def test_is_the_one_that_finished_last(self):
        """Each trial counts once."""
        records = [make_record(finished=f"2026-0{i}") for i in (2, 3, 1)]
        assert newest_of([*records, make_record(seed=1)]) == [records[1], make_record(seed=1)]


class TestSweeping:
    CODE = """\
import sys
from pathlib import Path
from benchkit.results import Store

print(Store(Path(sys.argv[1])).scratch(), flush=True)
sys.stdin.readline()
"""

    @pytest.fixture
    def another(self, store: Store) -> Iterator[subprocess.Popen[str]]:
        """Give a living process with a trial in flight."""
        process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(store.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield process
        process.communicate()

    def test_keeps_what_a_living_process_is_working_on(self, store, another):
        """Two runs may write one store at a time."""
        scratch = Path(another.stdout.readline().strip())
        store.sweep()
        assert scratch.is_dir()

    def test_removes_what_a_dead_process_left(self, store, another):
        """Kill -9 leaves something behind for one run at most."""
        scratch = Path(another.stdout.readline().strip())
        another.kill()
        another.wait()
        Store(store.folder).open_for_writing()
        assert not scratch.exists()

    def test_keeps_what_another_host_is_working_on(self, store):
        """Whether a process of another machine lives cannot be known here."""
        mine = store.scratch()
        host, _, rest = mine.name.rpartition("--")
        theirs = mine.rename(mine.with_name(f"{host}-elsewhere--{rest}"))
        store.sweep()
        assert theirs.is_dir()

    def test_removes_this_processes_own(self, store):
        """At the end of a run nothing of it is in flight."""
        store.scratch()
        put(store, make_record())
        store.sweep()
        assert hidden(store) == []
        assert len(store.folders()) == 1

    def test_keeps_hidden_folders_of_others(self, store):
        """What benchkit has not made it does not remove."""
        (store.folder / ".git").mkdir()
        (store.folder / ".tmp-notes").mkdir()
        store.sweep()
        assert sorted(hidden(store)) == [".git", ".tmp-notes"]


def fill(disk: Path) -> Path:
    """Write a file until the disk is full; return its path."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(512))
    return filler


class TestFullDisk:
    @pytest.fixture
    def disk(self, mount_disk: Callable[[str], Path]) -> Path:
        """Give a disk that a file fills at once."""
        return mount_disk("64k")

    def test_leaves_the_store_as_it_was(self, disk):
        """A record that does not fit is an error with a sentence, and what is there stays."""
        store = Store(disk / "records")
        store.open_for_writing()
        kept = make_record()
        put(store, kept)
        scratch = store.scratch()
        filler = fill(disk)
        with pytest.raises(StoreError, match="^cannot write the record of pca .*No space left"):
            store.put(make_record(finished="2027"), scratch)
        assert list(store.records()) == [kept]
        assert hidden(store) == []
        filler.unlink()
        again = make_record(finished="2028")
        put(store, again)
        assert list(store.records()) == [again]


def test_the_rest_of_benchkit_is_not_needed_to_read_records():
    """results/ stands on the ground: a notebook that reads records imports no other room."""
    code = (
        "import sys, benchkit.results; print(sorted(m for m in sys.modules if 'benchkit.' in m))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=os.sep
    )
    rooms = {name.split(".")[1] for name in eval(result.stdout)}
    assert not rooms & {"cli", "report", "execution", "protocol", "metrics", "data"}
