"""`benchkit time`: red for a slower detector, and a line for one that cannot be timed."""

from __future__ import annotations

import json
import re

import pytest

from tests.session import Session

DETECTORS = """\
import os
import time

import numpy as np


def work():
    times = float(os.environ.get("TIMES", 1))
    sum(len(str(i)) for i in range(int(50_000 * times)))


class Work:
    def fit(self, X):
        work()

    def decision_function(self, X):
        work()
        return X[:, 0]


class Crash(Work):
    def fit(self, X):
        os.abort()


class Sleep(Work):
    def fit(self, X):
        time.sleep(600)


class Nan(Work):
    fit = decision_function = lambda self, X: np.full(len(X), np.nan)


class Images(Work):
    modalities = ("image-sequence",)
"""
WORK = ("time", "-d", "mine.py:Work", "-D", "tiny", "--rows", "300", "--like", "python")


@pytest.fixture(scope="module")
def measured(tmp_path_factory, tiny_site) -> Session:
    """Return a session with a baseline of the detector that works."""
    folder = tmp_path_factory.mktemp("timing")
    home = {"BENCHKIT_CACHE": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "share")}
    session = Session(folder, [tiny_site], home)
    (folder / "mine.py").write_text(DETECTORS)
    done = session.benchkit(*WORK, "--baseline", "timing.json", "--update")
    assert done.returncode == 0, done.stderr
    assert "timing.json written" in done.stdout
    return session


class TestTheGate:
    def test_a_baseline_says_what_it_is_of(self, measured):
        entries = json.loads((measured.folder / "timing.json").read_text())["benchmarks"]
        assert {name: entry["size"] for name, entry in entries.items()} == {
            "mine:Work on tiny/plain (real): fit": "300 × 5",
            "mine:Work on tiny/plain (real): score": "300 × 5, fitted on 300",
        }
        assert {entry["like"] for entry in entries.values()} == {"python"}

    def test_unchanged_is_green(self, measured):
        """Against a baseline a quarter slower, so that no busy machine makes this test fail."""
        content = json.loads((measured.folder / "timing.json").read_text())
        for entry in content["benchmarks"].values():
            entry["ratios"] = [1.25 * ratio for ratio in entry["ratios"]]
        (measured.folder / "generous.json").write_text(json.dumps(content))
        done = measured.benchkit(*WORK, "--baseline", "generous.json")
        assert done.returncode == 0, done.stderr
        assert "tiny/plain (real): fitted on the first 300 of 2,000 rows, scored" in done.stdout
        assert re.search(r"Work on tiny/plain \(real\): fit .* (same|faster)", done.stdout)
        assert "rows/s" in done.stdout
        assert "0 of 2 benchmarks slower than generous.json allows" in done.stdout

    def test_slower_is_red(self, measured):
        """Three times the work, in a process like any other: exit code 1, and a sentence each."""
        measured.variables["TIMES"] = "3"
        try:
            done = measured.benchkit(*WORK, "--baseline", "timing.json", "--quiet")
        finally:
            del measured.variables["TIMES"]
        assert done.returncode == 1, done.stderr
        said = re.findall(r"(\w+) takes \d\.\d\d times as long as in timing.json", done.stderr)
        assert said == ["fit", "score"]
        assert done.stdout == ""


def test_what_cannot_be_timed_is_a_line_each(session):
    """How it ended, and exit code 1; what does not apply is no failure."""
    (session.folder / "mine.py").write_text(DETECTORS)
    names = [f"mine.py:{name}" for name in ("Crash", "Nan", "Sleep", "Images")]
    done = session.benchkit("time", "-d", ",".join(names), "-D", "tiny", "--timeout", "5s")
    where = "on tiny/plain (real)"
    assert done.returncode == 1
    assert f"[1/4] mine:Crash {where}: crashed, the process was ended by SIG" in done.stderr
    assert f"[2/4] mine:Nan {where}: invalid_scores, decision_function" in done.stderr
    assert f"[3/4] mine:Sleep {where}: timeout, ran longer than 5 s" in done.stderr
    assert f"[4/4] mine:Images {where}: not_applicable" in done.stderr
    assert f"benchkit: 3 of 3 trials failed; log of mine:Nan {where}: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to time detectors on: add --datasets, or --growth"),
        (("-D", "kdd99", "--update"), "--update does not know where to: add --baseline FILE"),
        (("-D", "kdd99", "--baseline", "no.json"), "no baseline no.json: --update makes one"),
        (
            ("-D", "kdd99", "--baseline", "nowhere/timing.json", "--update"),
            "there is no folder nowhere to write timing.json to",
        ),
        (("-D", "kdd99", "--out", "page.md"), "--out is the page of --growth"),
        (
            ("--growth", "-D", "kdd99", "--rows", "5"),
            "--growth has data and sizes of its own: leave out --datasets, --rows",
        ),
        (("-D", "kdd99", "--like", "snake"), "'snake' is not one of 'auto', 'python'"),
        (("-D", "kdd9"), "unknown dataset 'kdd9'"),
    ],
)
def test_misuse_is_a_sentence_before_anything_runs(benchkit, arguments, said):
    """One line, exit code 2."""
    done = benchkit("time", "-d", "pca", *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
