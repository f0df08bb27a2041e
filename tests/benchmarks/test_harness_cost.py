"""What the harness itself costs: isolation, records and boards, around detectors that do nothing.

`tox -e bench` compares the start of the command with the baseline; without it these are checks of
bounds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

import pytest

from tests.pace import within

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


def test_twenty_trials_of_a_trivial_detector(session):
    """20 trials on 2,000 rows take under 8 s in all, and under 0.3 s each beside fit and score."""
    (session.folder / "trivial.py").write_text(TRIVIAL)
    numbers = ",".join(map(str, range(17)))  # and the three sanity rows
    arguments = ["-d", f"./trivial.py:Trivial[number=[{numbers}]]", "-D", "tiny", "--rerun", "all"]

    def run() -> None:
        result = session.benchkit("run", *arguments)
        assert result.returncode == 0, result.stderr

    def run_and_read() -> list[float]:
        run()
        seconds = [record["seconds"] for record, _ in session.records()]
        return [each.pop("trial") - sum(each.values()) for each in seconds]

    within(8, run, like="process")
    assert len(within(0.3, run_and_read, took=statistics.median, like="process")) == 20


@pytest.mark.parametrize("arguments", [["--help"], ["list"]], ids=" ".join)
def test_the_command_starts_fast(timed, arguments):
    """`--help` and `list` answer in under 0.4 s."""
    command = [sys.executable, "-m", "benchkit", *arguments]

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    timed(run, like="process", size="with the plugins that are installed")
    within(0.4, run, like="process")
