"""A store that cannot be written to: nothing that was there is lost, a line says what to do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FOREIGN = Path(__file__).parent / "foreign.py"


@pytest.fixture
def small_disk(mount_disk: Callable[[str], Path]) -> Path:
    """Give a disk that a few trials fill."""
    return mount_disk("192k")


def test_a_full_disk_ends_the_run_with_a_sentence(session, small_disk):
    """The records written before are whole, and no half of one is left."""
    detectors = f"{FOREIGN}:Sleeps[seconds=0.0,number=[0,1,2,3,4,5,6,7,8,9,10,11,12]]"
    result = session.benchkit("run", "-d", detectors, "-D", "tiny", "--out", str(small_disk))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    last = result.stderr.splitlines()[-1]
    assert "No space left on device" in last
    assert "what was finished before is safe" in last
    whole = list(small_disk.glob("records/*/record.json"))
    assert whole
    assert len(whole) == len(list(small_disk.glob("records/*")))


def test_a_read_only_folder_is_noticed_before_any_work(session, small_disk):
    """Nothing is planned or run for a result that could not be kept."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    result = session.benchkit("run", "-d", "pca", "-D", "tiny", "--out", str(small_disk))
    assert result.returncode == 2
    assert f"cannot write to {small_disk}/records: Read-only file system" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_out_that_is_a_file_is_named(session):
    """--out FILE is a mistake with a sentence of its own."""
    (session.folder / "leaderboards").write_text("a file")
    result = session.benchkit("run", "-d", "pca", "-D", "tiny")
    assert result.returncode == 2
    assert "leaderboards is no folder" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_store_from_a_newer_benchkit_is_left_alone(session):
    """A schema that is not known is refused, not guessed at and not overwritten."""
    session.benchkit("run", "-d", "pca", "-D", "tiny")
    record = next(session.folder.glob("leaderboards/records/*pca*/record.json"))
    record.write_text(record.read_text().replace('"schema": 1', '"schema": 99'))
    before = record.read_text()
    for arguments in (("run", "-d", "pca", "-D", "tiny"), ("leaderboard",)):
        result = session.benchkit(*arguments)
        assert result.returncode == 2
        assert (
            "was written by a newer benchkit (schema 99, this one reads up to 1)" in result.stderr
        )
        assert len(result.stderr.splitlines()) == 1
    assert record.read_text() == before
