"""Several processes at one store, some of them killed: it is whole at every moment."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchkit.results import Store

SCORES = 40_000
WRITER = f"""\
import itertools, sys
from pathlib import Path
from benchkit.results import Store
from tests.records import make_record

store, rounds = Store(Path(sys.argv[1])), int(sys.argv[2])
store.open_for_writing()
print("writing", flush=True)
for i in itertools.count() if rounds < 0 else range(rounds):
    scratch = store.scratch()
    (scratch / "scores.npy").write_bytes(bytes({SCORES}))
    store.put(make_record(seed=i % 4, finished=f"2026-{{i:06}}"), scratch)
"""


DYING = f"""\
import itertools, sys
from pathlib import Path
from benchkit.results import Store
from tests.killing import survive_until
from tests.records import make_record


def put(store, finished):
    scratch = store.scratch()
    for name in ("a.npy", "scores.npy", "z.npy"):
        (scratch / name).write_bytes(bytes({SCORES}))
    store.put(make_record(finished=finished), scratch)


for operation in itertools.count(1):
    store = Store(Path(sys.argv[1]) / str(operation))
    store.open_for_writing()
    put(store, "2026-01")
    if survive_until(operation, lambda: put(store, "2026-02")):
        break
"""


def environment() -> dict[str, str]:
    """Return an environment in which a script finds these tests' helpers."""
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}


def start_writer(folder: Path, rounds: int = -1) -> subprocess.Popen[str]:
    """Start a process that writes four trials again and again; return it once it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(rounds)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def check_whole(store: Store) -> None:
    """Fail unless every visible folder has a readable record and all its scores."""
    for folder in store.folder.iterdir():
        if not folder.name.startswith("."):
            assert (folder / "record.json").stat().st_size > 0
            assert (folder / "scores.npy").stat().st_size == SCORES
    assert len(list(store.records())) == len({r.identity for r in store.records()})


def test_kill_9_at_any_moment_leaves_a_whole_store(tmp_path):
    """Written whole or not at all: checked after each of several kills at random moments."""
    store = Store(tmp_path / "records")
    for _ in range(6):
        writer = start_writer(store.folder)
        time.sleep(random.uniform(0.005, 0.12))
        writer.kill()
        writer.communicate()
        check_whole(store)
    store.open_for_writing()
    assert not [p for p in store.folder.iterdir() if p.name.startswith(".")]
    check_whole(store)
    assert 1 <= len(list(store.records())) <= 4


def test_kill_9_at_any_file_operation_leaves_the_older_or_the_newer(tmp_path):
    """A process that replaces a trial dies at its first operation, at its second, and so on."""
    subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], env=environment(), check=True)
    operations = len(list(tmp_path.iterdir()))
    assert operations > 8
    finished = []
    for operation in range(1, operations + 1):
        store = Store(tmp_path / str(operation))
        check_whole(store)
        (record,) = store.records()
        finished.append(record.finished)
        store.open_for_writing()
        assert not [p for p in store.folder.iterdir() if p.name.startswith(".")]
    assert finished == sorted(finished)
    assert {finished[0], finished[-1]} == {"2026-01", "2026-02"}


def test_several_processes_may_write_while_another_reads(tmp_path):
    """No reader ever sees half a trial or an error, and no trial is lost."""
    store = Store(tmp_path / "records")
    writers = [start_writer(store.folder, rounds=80) for _ in range(3)]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        records = list(store.records())
        assert len(records) >= seen, "a trial that was there is gone"
        seen = len(records)
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    for writer in writers:
        writer.communicate()
    assert sorted(r.seed for r in store.records()) == [0, 1, 2, 3]
    assert not [p for p in store.folder.iterdir() if p.name.startswith(".")]
    check_whole(store)


@pytest.mark.parametrize("rounds", [1, 9])
def test_what_one_process_wrote_another_reads(tmp_path, rounds):
    """The store is nothing but its files."""
    folder = tmp_path / "records"
    start_writer(folder, rounds).communicate()
    assert len(list(Store(folder).records())) == min(rounds, 4)
