"""How many trials run at once, and on how many threads."""

from __future__ import annotations

import os

import psutil
import pytest

from benchkit.execution.concurrency import LEAST_SHARE, Concurrency, choose_concurrency
from benchkit.execution.environment import usable_cores, usable_memory
from benchkit.execution.local import divide

MANY = 1000 * LEAST_SHARE


def choose(jobs=None, threads=1, trials=100, cores=8, devices=("cpu",), memory=MANY):
    """Return how a machine of eight cores and much memory is shared, or another one."""
    return choose_concurrency(
        jobs, threads, trials=trials, cores=cores, devices=devices, memory=memory
    )


@pytest.mark.parametrize(
    ("given", "jobs", "threads"),
    [
        ({}, 8, 1),
        ({"cores": 2}, 2, 1),
        ({"cores": 1}, 1, 1),
        ({"threads": 4}, 2, 4),
        ({"threads": 16}, 1, 16),
        ({"trials": 3}, 3, 1),
        ({"trials": 0}, 1, 1),
        ({"memory": 3 * LEAST_SHARE}, 3, 1),
        ({"memory": LEAST_SHARE // 2}, 1, 1),
        ({"devices": ("cuda:0",)}, 1, 1),
        ({"devices": ("cuda:0", "cuda:1")}, 2, 1),
        ({"jobs": 5, "cores": 2}, 5, 1),
        ({"jobs": 1}, 1, 1),
    ],
)
def test_trials_run_side_by_side_on_one_thread_each_unless_told_otherwise(given, jobs, threads):
    """As many as cores, memory, trials and accelerators allow; what was asked for is done."""
    assert choose(**given) == Concurrency(jobs, threads)


def test_slots_share_no_processor_while_there_are_enough():
    """Two threads each on six cores are three slots of two cores."""
    slots = divide([0, 1, 2, 3, 4, 5], ["cpu"], Concurrency(jobs=3, threads=2))
    assert [slot.cores for slot in slots] == [(0, 1), (2, 3), (4, 5)]


def test_a_slot_has_no_processor_twice():
    """More threads than processors are as many as there are."""
    (slot,) = divide([0, 1], ["cpu"], Concurrency(jobs=1, threads=8))
    assert slot.cores == (0, 1)


@pytest.mark.parametrize(
    ("quota", "cores"), [("100000 100000", 1), ("150000 100000", 2), ("5000 100000", 1)]
)
def test_a_quota_of_processor_time_counts_as_fewer_cores(tmp_path, monkeypatch, quota, cores):
    """With 1.5 processors of a host two trials run at once, not one for each of it."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert usable_cores(tmp_path) == list(range(cores))


def test_without_a_quota_all_cores_count(tmp_path, monkeypatch):
    """The word max, or no control group at all, is no limit."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert usable_cores(tmp_path) == [0, 1, 2]
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert usable_cores(tmp_path) == [0, 1, 2]


def test_the_memory_of_a_container_is_what_counts(tmp_path):
    """The smaller of the container's limit and the machine's memory."""
    total = psutil.virtual_memory().total
    assert usable_memory(tmp_path) == total
    (tmp_path / "memory.max").write_text("max\n")
    assert usable_memory(tmp_path) == total
    (tmp_path / "memory.max").write_text(f"{total // 2}\n")
    assert usable_memory(tmp_path) == total // 2


def test_a_run_says_how_it_shares_the_machine_and_records_the_threads(session):
    """Without any option a trial has one thread, and the plan says so."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny")
    assert result.returncode == 0, result.stderr
    cores = min(len(usable_cores()), 4)
    expected = f"{cores} trials at once, 1 thread each" if cores > 1 else "one trial at a time"
    assert expected in result.stderr
    assert {record["threads"] for record, _ in session.records()} == {1}


def test_threads_can_be_asked_for(session):
    """One trial with two threads, where there are two cores."""
    run = ("run", "-d", "pca", "-D", "tiny", "-j", "1", "--threads", "2")
    result = session.benchkit(*run)
    assert "one trial at a time, 2 threads" in result.stderr
    expected = min(2, len(usable_cores()))
    assert {record["threads"] for record, _ in session.records()} == {expected}
