"""A run that is stopped, in whatever way, loses at most the trials in flight."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.pace import within

FOREIGN = Path(__file__).parent / "foreign.py"
SLOW = f"{FOREIGN}:Sleeps[seconds=0.4,number=[0,1,2,3,4,5,6,7,8,9]]"


def records(session) -> dict[str, str]:
    """Return when each recorded trial finished; fails if any record is not whole."""
    found = session.records()
    assert all((folder / "scores_test.npy").is_file() for _, folder in found)
    return {record["detector"]["label"]: record["finished"] for record, _ in found}


def wait_for_records(session, process, count: int) -> None:
    """Wait until a run has recorded ``count`` trials and is busy with the next."""
    deadline = time.monotonic() + 60
    while len(records(session)) < count:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.1)


def wait_for_processes(session, count: int) -> None:
    """Wait until a run has ``count`` processes: itself, the warm server, then supervisors."""
    deadline = time.monotonic() + 30
    while len(session.processes()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_run_that_was_killed_goes_on_where_it_was(session):
    """Kill -9: no process is left, nothing recorded is run again, the store is whole."""
    arguments = ("run", "-d", SLOW, "-D", "tiny")
    process = session.start(*arguments)
    wait_for_records(session, process, 3)
    process.kill()
    process.wait()
    assert session.wait_until_alone() == []
    before = records(session)
    assert 3 <= len(before) < 13

    result = session.benchkit(*arguments)
    assert result.returncode == 0, result.stderr
    assert f"{13 - len(before)} trials to run on cpu: " in result.stderr
    assert f"; {len(before)} recorded already\n" in result.stderr
    after = records(session)
    assert len(after) == 13
    assert before.items() <= after.items()
    assert list((session.folder / "leaderboards/records").glob(".tmp-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_stops_at_once_and_says_how_to_go_on(session, number):
    """Ctrl-C: the end in under two seconds, no process, no scratch folder, one line."""

    def interrupt() -> float:
        shutil.rmtree(session.folder / "leaderboards", ignore_errors=True)
        process = session.start("run", "-d", SLOW, "-D", "tiny", "-j", "2")
        wait_for_records(session, process, 2)
        sent = time.monotonic()
        os.kill(process.pid, number)
        _, err = process.communicate(timeout=60)
        seconds = time.monotonic() - sent
        assert process.returncode == 130
        assert err.splitlines()[-1] == (
            "benchkit: stopped: what was finished is recorded, and the same command goes on from"
            " there"
        )
        assert "Traceback" not in err
        assert session.wait_until_alone() == []
        assert list((session.folder / "leaderboards/records").glob(".tmp-*")) == []
        return seconds

    within(2, interrupt, took=float, like="process")


def test_ctrl_c_while_planning_leaves_nothing(session):
    """The same while detectors are still being looked at and data is being loaded."""
    process = session.start("run", "-d", "pca", "-D", "kdd99", "--variant", "sim")
    wait_for_processes(session, 3)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)  # the server ends when its imports are done
    assert process.returncode == 130
    assert "Traceback" not in err
    assert session.wait_until_alone() == []


@pytest.mark.parametrize("seconds", [0, 0.1, 0.3, 0.6, 1.2])
def test_ctrl_c_on_a_terminal_reaches_everything_and_prints_one_line(session, seconds):
    """A terminal sends it to every process of the group, the warming server included."""
    process = session.start("run", "-d", f"pca,{SLOW}", "-D", "kdd99", "--variant", "sim")
    wait_for_processes(session, 2)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)  # the server ends when its imports are done
    assert process.returncode == 130
    assert "Traceback" not in err
    assert session.wait_until_alone() == []


def test_two_runs_may_write_one_store_at_once(session):
    """Two processes, the same trials: both end well, and the store holds every trial whole."""
    arguments = ("run", "-d", SLOW.replace("0.4", "0.05"), "-D", "tiny")
    both = [session.start(*arguments) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert len(records(session)) == 13


def test_slots_share_the_cores_and_run_at_once(session):
    """With -j 2 two trials run side by side, and no processor belongs to both."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one processor")
    result = session.benchkit(
        "run", "-d", f"{FOREIGN}:Cores", "-D", "tiny", "--seeds", "2", "-j", "2"
    )
    assert result.returncode == 0, result.stderr
    logs = sorted(session.folder.glob("leaderboards/records/*Cores*/log.txt"))
    said = [re.search(r"cores \[(.*)\] threads \[(.*)\]", log.read_text()) for log in logs]
    cores = [set(match[1].split(", ")) for match in said]
    assert len(cores) == 2
    assert not cores[0] & cores[1]
    assert all(match[2] == str(len(cores[0])) for match in said)


def test_a_temporary_folder_with_a_long_path_is_named(session):
    """No socket can be made there; one line says what to do."""
    folder = session.folder / ("long" * 30)
    folder.mkdir()
    session.variables["TMPDIR"] = str(folder)
    result = session.benchkit("run", "-d", "pca", "-D", "tiny")
    assert result.returncode == 2
    assert f"cannot make a socket in {folder}" in result.stderr
    assert "TMPDIR" in result.stderr
