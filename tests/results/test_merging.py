"""Merging: what comes in is whole, what was there stays, and a source is only read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchkit.results import Record, Store, StoreError
from benchkit.results.merging import Merged, Merger
from tests.records import make_record

SCORES = 40_000


def put(store: Store, record: Record, scores: bytes = b"scores") -> Path:
    """Put a record with some files beside it."""
    scratch = store.scratch()
    (scratch / "scores_test.npy").write_bytes(scores)
    (scratch / "figures").mkdir()
    (scratch / "figures" / "own.png").write_bytes(b"figure")
    return store.put(record, scratch)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every plain file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return the empty store that is merged into."""
    found = Store(tmp_path / "target")
    found.open_for_writing()
    return found


@pytest.fixture
def source(tmp_path: Path) -> Store:
    """Return the empty store of another machine."""
    return Store(tmp_path / "source")


def merge(store: Store, source: Store, *, dry: bool = False) -> Merged:
    return Merger(store, dry=dry)(source.folder, "source")


class TestBringing:
    def test_a_trial_comes_with_all_its_files(self, store, source):
        """As they were, record included; the source stays as it was."""
        folder = put(source, make_record())
        before = contents(source.folder)
        merged = merge(store, source)
        assert merged.new == [make_record()]
        (copy,) = store.folders()
        assert contents(copy) == contents(folder)
        assert list(store.records()) == [make_record()]
        assert contents(source.folder) == before

    def test_files_are_copies(self, store, source):
        """What happens to the source later does not reach the store."""
        folder = put(source, make_record())
        merge(store, source)
        with (folder / "scores_test.npy").open("r+b") as file:
            file.write(b"changed")
        assert (store.folders()[0] / "scores_test.npy").read_bytes() == b"scores"

    def test_a_second_time_all_is_there_already(self, store, source):
        put(source, make_record())
        merge(store, source)
        before = contents(store.folder)
        merged = merge(store, source)
        assert (merged.new, merged.present) == ([], [make_record()])
        assert contents(store.folder) == before

    def test_a_dry_run_writes_nothing_and_says_the_same(self, tmp_path, source):
        """Not even the folder of the store."""
        store = Store(tmp_path / "none")
        put(source, make_record())
        assert merge(store, source, dry=True).new == [make_record()]
        assert not store.folder.exists()

    def test_of_two_records_of_a_trial_the_newer_counts(self, store, source):
        """A run that was killed between the two leaves both."""
        put(source, make_record(finished="2026-01"))
        older = next(source.folder.iterdir()).rename(source.folder.parent / "older")
        put(source, make_record(finished="2026-02"))
        older.rename(source.folder / older.name)
        assert [r.finished for r in merge(store, source).new] == ["2026-02"]

    @pytest.mark.parametrize("name", ["x", "ü" * 100, "a\nb", "some--folder", "pca--x--s0"])
    def test_a_folder_of_any_name_becomes_one_of_the_store(self, store, source, name):
        """And is replaced like any other when the trial is run again."""
        put(source, make_record()).rename(source.folder / name)
        assert len(merge(store, source).new) == 1
        put(store, make_record(finished="2027"))
        assert [r.finished for r in store.records()] == ["2027"]
        assert len(list(store.folder.iterdir())) == 1

    def test_what_is_in_flight_or_no_trial_stays(self, store, source):
        """Hidden folders, folders without a record, notes."""
        put(source, make_record())
        (source.scratch() / "record.json").write_text(make_record(seed=1).to_json())
        (source.folder / "figures").mkdir()
        (source.folder / "notes.txt").write_text("mine")
        merged = merge(store, source)
        assert merged.new == [make_record()]
        assert merged.skipped == {}
        assert len(list(store.folder.iterdir())) == 1


class TestConflicts:
    def test_nothing_is_overwritten(self, store, source):
        """Another record of the same trial stays where it is; everything else comes."""
        kept, other = make_record(), make_record(auc_pr=0.75)
        put(store, kept)
        put(source, other, b"other")
        put(source, make_record(seed=1))
        before = contents(store.folders()[0])
        merged = merge(store, source)
        (conflict,) = merged.conflicts
        assert (conflict.kept, conflict.other, conflict.holder) == (kept, other, "")
        assert merged.new == [make_record(seed=1)]
        assert before.items() <= contents(store.folders()[0]).items()
        assert sorted(r.seed for r in store.records()) == [0, 1]

    @pytest.mark.parametrize(("moved", "agrees"), [(0.0, True), (0.04, True), (0.06, False)])
    def test_a_second_run_that_agrees_is_no_conflict(self, store, source, moved, agrees):
        """Sanity rows run on every machine, and come to almost the same."""
        put(store, make_record())
        put(source, make_record(auc_pr=0.5 + moved, finished="2027-01-01"))
        merged = merge(store, source)
        assert (len(merged.repeated), len(merged.conflicts)) == (agrees, not agrees)
        assert [r.metrics["auc_pr"] for r in store.records()] == [0.5]

    def test_two_sources_may_conflict_with_each_other(self, store, source, tmp_path):
        """The first one is brought in, and the conflict says that it was."""
        second = Store(tmp_path / "second")
        put(source, make_record())
        put(second, make_record(status="timeout"))
        merger = Merger(store)
        merger(source.folder, "first")
        (conflict,) = merger(second.folder, "second").conflicts
        assert conflict.holder == "first"
        assert [r.status for r in store.records()] == ["ok"]

    def test_a_merge_knows_what_it_has_brought_in_when_dry(self, store, source, tmp_path):
        """Said beforehand, the same conflicts are named."""
        second = Store(tmp_path / "second")
        put(source, make_record())
        put(second, make_record(status="timeout"))
        merger = Merger(store, dry=True)
        merger(source.folder, "first")
        assert len(merger(second.folder, "second").conflicts) == 1
        assert merger.records == [make_record()]


def change(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


class TestStrangeSources:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "Expecting value"),
            ("[1]", "this is no record of schema 1"),
            ("{}", "this is no record of schema 1"),
            ("[" * 100_000, "recursion"),
            ("\udcff", "codec can't decode"),
        ],
    )
    def test_a_broken_record_is_named_and_the_rest_comes(self, store, source, text, reason):
        path = put(source, make_record()) / "record.json"
        path.write_bytes(text.encode(errors="surrogateescape"))
        put(source, make_record(seed=1))
        merged = merge(store, source)
        assert list(merged.skipped) == [path.parent]
        assert reason in merged.skipped[path.parent]
        assert [r.seed for r in merged.new] == [1]

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"schema": 7}, "a newer benchkit wrote it (schema 7, this one reads up to 1)"),
            (
                {"metrics": {"auc_pr": "high"}},
                "metrics is \"{'auc_pr': 'high'}\", which cannot be",
            ),
            ({"seed": True}, "seed is 'True', which cannot be"),
            ({"warnings": [1]}, "warnings is '(1,)', which cannot be"),
        ],
    )
    def test_a_record_that_boards_would_stumble_over_is_named(self, store, source, fields, reason):
        """A newer layout, or values that no run has written."""
        path = put(source, make_record()) / "record.json"
        change(path, **fields)
        assert merge(store, source).skipped == {path.parent: reason}
        assert store.folders() == []

    def test_links_and_what_is_no_file_are_not_followed(self, store, source, tmp_path):
        """A file elsewhere, a folder elsewhere, a pipe: named, and nothing of them comes."""
        (tmp_path / "secret").mkdir()
        (tmp_path / "secret" / "key").write_text("secret")
        folder = put(source, make_record())
        (folder / "a.txt").symlink_to(tmp_path / "secret" / "key")
        (folder / "b").symlink_to(tmp_path / "secret")
        (folder / "figures" / "c.png").symlink_to("../../../secret/key")
        os.mkfifo(folder / "pipe")
        merged = merge(store, source)
        assert {p.name: reason for p, reason in merged.left_out.items()} == {
            "a.txt": "a link",
            "b": "a link",
            "c.png": "a link",
            "pipe": "no plain file",
        }
        (copy,) = store.folders()
        assert set(contents(copy)) == {"record.json", "scores_test.npy", "figures/own.png"}
        assert not [path for path in copy.rglob("*") if path.is_symlink()]

    def test_a_trial_that_is_a_link_is_not_followed(self, store, source, tmp_path):
        """Neither the folder nor its record."""
        elsewhere = put(source, make_record()).rename(tmp_path / "elsewhere")
        (source.folder / "linked").symlink_to(elsewhere)
        (source.folder / "inside").mkdir()
        (source.folder / "inside" / "record.json").symlink_to(elsewhere / "record.json")
        merged = merge(store, source)
        assert merged.skipped == {
            source.folder / name: "it is a link, and those are not followed"
            for name in ("inside", "linked")
        }
        assert store.folders() == []

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_what_may_not_be_read_is_named(self, store, source):
        """The trial does not come without it."""
        folder = put(source, make_record())
        (folder / "scores_test.npy").chmod(0)
        merged = merge(store, source)
        assert "scores_test.npy cannot be copied: Permission denied" in merged.skipped[folder]
        assert list(store.folder.iterdir()) == []


def test_a_full_disk_leaves_whole_trials(source, mount_disk: Callable[[str], Path]):
    """What was brought in before stays, of the last one nothing."""
    store = Store(mount_disk("192k") / "records")
    store.open_for_writing()
    for seed in range(9):
        put(source, make_record(seed=seed), bytes(SCORES))
    with pytest.raises(StoreError, match="No space left on device"):
        merge(store, source)
    assert 1 <= len(store.folders()) < 9
    assert len(list(store.folder.iterdir())) == len(store.folders())
    assert all((f / "scores_test.npy").stat().st_size == SCORES for f in store.folders())


DYING = f"""\
import itertools, sys
from pathlib import Path
from benchkit.results import Store
from benchkit.results.merging import Merger
from tests.killing import survive_until
from tests.records import make_record

source = Store(Path(sys.argv[1]) / "source")
for seed in range(2):
    scratch = source.scratch()
    for name in ("a.npy", "z.npy"):
        (scratch / name).write_bytes(bytes({SCORES}))
    source.put(make_record(seed=seed), scratch)


for operation in itertools.count(1):
    store = Store(Path(sys.argv[1]) / f"target-{{operation}}")
    store.open_for_writing()
    if survive_until(operation, lambda: Merger(store)(source.folder, "source")):
        break
"""


def test_kill_9_at_any_file_operation_leaves_whole_trials(tmp_path):
    """A merge dies at its first operation, at its second, and so on; the next one goes on."""
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], env=environment, check=True)
    source = Store(tmp_path / "source")
    assert len(list(source.folder.iterdir())) == 2
    counts = []
    for number in range(1, len(list(tmp_path.glob("target-*"))) + 1):
        store = Store(tmp_path / f"target-{number}")
        for folder in store.folder.iterdir():
            if not folder.name.startswith("."):
                sizes = {p.name: p.stat().st_size for p in folder.iterdir()}
                assert sizes.pop("record.json") > 0
                assert sizes == {"a.npy": SCORES, "z.npy": SCORES}
        counts.append(len(list(store.records())))
        store.open_for_writing()
        merged = merge(store, source)
        assert len(merged.new) == 2 - counts[-1]
        assert len(list(store.folder.iterdir())) == 2
    assert len(counts) > 8
    assert counts == sorted(counts)
    assert {counts[0], counts[-1]} == {0, 2}
