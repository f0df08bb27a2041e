"""What the harness itself costs: isolation, records and boards, around detectors that do nothing.

Run with `tox -e bench` for timings; in the ordinary tests each of these runs once, as a check of
the bounds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import pytest

TRIVIAL = """\
import numpy as np


class Trivial:
    def __init__(self, number=0):
        self.number = number

    def fit(self, X):
        self.mean_ = X.mean(axis=0)
        return self

    def decision_function(self, X):
        return np.abs(X - self.mean_).sum(axis=1)
"""


def test_twenty_trials_of_a_trivial_detector(session, benchmark):
    """20 trials on 2,000 rows take under 8 s in all, and under 0.3 s each beside fit and score."""
    (session.folder / "trivial.py").write_text(TRIVIAL)
    numbers = ",".join(map(str, range(17)))  # and the three sanity rows

    def run() -> float:
        started = time.perf_counter()
        result = session.benchkit(
            "run",
            "-d",
            f"./trivial.py:Trivial[number=[{numbers}]]",
            "-D",
            "tiny",
            "--rerun",
            "all",
        )
        assert result.returncode == 0, result.stderr
        return time.perf_counter() - started

    whole = benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    own = []
    for record, _ in session.records():
        seconds = record["seconds"]
        own.append(seconds.pop("trial") - sum(seconds.values()))
    assert len(own) == 20
    benchmark.extra_info["harness seconds per trial"] = round(statistics.median(own), 4)
    assert statistics.median(own) < 0.3
    assert whole < 8


@pytest.mark.parametrize("arguments", [["--help"], ["list"]], ids=" ".join)
def test_the_command_starts_fast(timed, arguments):
    """`--help` and `list` answer in under 0.4 s."""
    seconds = []

    def run() -> None:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "benchkit", *arguments], check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - started)

    timed(run, like="process", size="with the plugins that are installed")
    for _ in range(3):
        run()
    assert min(seconds) < 0.4
