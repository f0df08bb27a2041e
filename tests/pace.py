"""Bounds in seconds that the program holds at whatever pace the machine has at the moment.

A promise of seconds is one for the machine on which `leaderboards/timing.json` was measured. On a
slower one, or beside others who use it, a bound is wider by as much as a calibration workload
takes longer just then; on a faster one it stays. What disturbs a machine comes and goes, so a
bound counts as broken only when several attempts break it.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from benchkit.timing.baseline import read_baseline
from benchkit.timing.workloads import build_workload

BASELINE = Path(__file__).parents[1] / "leaderboards" / "timing.json"
ATTEMPTS = 3
CALLS = 5
"""Of the workload, before an attempt and after it."""

T = TypeVar("T")


def within(
    bound: float,
    attempt: Callable[[], T],
    *,
    took: Callable[[T], float] | None = None,
    like: str = "python",
) -> T:
    """Return the result of the first attempt that stays within so many seconds.

    ``took`` says how many seconds a result stands for; without it the attempt is timed by the
    clock. ``like`` is the nature of the workload that tells the machine's pace; see
    `benchkit.timing.workloads`.

    Raises ``pytest.fail.Exception`` where no attempt does.
    """
    said = []
    for _ in range(ATTEMPTS):
        before = _measure_workload(like)
        begin = time.perf_counter()
        result = attempt()
        seconds = time.perf_counter() - begin if took is None else took(result)
        pace = max(1, (before + _measure_workload(like)) / 2 / _usual_seconds(like))
        if seconds < bound * pace:
            return result
        said.append(f"{seconds:.3g} s with the machine at {pace:.2f} of its usual time")
    pytest.fail(f"{bound} s are allowed, and it took " + ", ".join(said))


@functools.cache
def _usual_seconds(like: str) -> float:
    entries = read_baseline(BASELINE, "tox -e bench -- --update").values()
    calibrations = [
        entry.milliseconds / statistics.median(entry.ratios) / 1000
        for entry in entries
        if entry.like == like
    ]
    return statistics.median(calibrations)


def _measure_workload(like: str) -> float:
    work = build_workload(like)
    work()
    seconds = []
    for _ in range(CALLS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)
