"""What makes a result another result: tried with the real command on real files."""

from __future__ import annotations

import os

import pytest

from tests.installed import install
from tests.session import Session

DETECTOR = """
import numpy as np
{line}

class Far:
    def fit(self, X):
        return self

    def decision_function(self, X):
        return SIGN * np.abs(X).sum(axis=1)
"""
PLUGIN = """
from benchkit import hookimpl
from benchkit.registry import Card, DatasetSpec, DetectorSpec

@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("far", "{summary}", "theirs.det:Far"))

@hookimpl
def benchkit_register_datasets(register):
    card = Card("made by a test", "none", "it cannot be had")
    register(DatasetSpec("noise", "{summary}", "theirs.data:Noise", "series", card, ("sim",)))
"""
DATASET = """
import numpy as np
from benchkit.data import Dataset
from theirs.level import LEVEL

class Noise:
    def load(self, variant, member, sources):
        train, test = np.random.default_rng(0).normal(size=(2, 500, 3))
        labels = np.arange(500) >= 450
        test[labels] += LEVEL
        return Dataset(train, test, labels)
"""


def auc(session: Session, name: str) -> list[float]:
    """Return the AUC-ROC of a detector's records in the order in which they were made."""
    records = [r for r, _ in session.records() if r["detector"]["name"].endswith(name)]
    records.sort(key=lambda r: r["finished"])
    return [round(r["metrics"]["auc_roc"], 3) for r in records]


def run(session: Session, detector: str, dataset: str = "tiny") -> str:
    """Run a detector, and return what was said of it."""
    done = session.benchkit("run", "-d", detector, "-D", dataset)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("selector", ["det.py:Far", "det:Far"])
def test_an_edited_neighbour_is_another_detector(session, selector):
    """Flipping a sign in net.py turns AUC-ROC 1 into 0, and reproduce says what differs."""
    (session.folder / "det.py").write_text(DETECTOR.format(line="from net import SIGN"))
    (session.folder / "net.py").write_text("SIGN = 1\n")
    run(session, selector)
    (session.folder / "net.py").write_text("SIGN = -1\n")
    assert "4 recorded already" not in run(session, selector)
    assert auc(session, "Far") == [1.0, 0.0]
    ours = [(r, f) for r, f in session.records() if r["detector"]["name"] == "det:Far"]
    old = next(folder for record, folder in ours if record["metrics"]["auc_roc"] == 1.0)
    again = session.benchkit("reproduce", str(old))
    assert again.returncode == 1
    assert "the detector's source" in again.stdout + again.stderr


def test_a_summary_and_a_dataset_are_no_part_of_a_detector(tmp_path, tiny_site):
    """Nor is a detector part of a dataset, of which only what it imports counts."""
    line = "from theirs.net import SIGN"
    files = {
        "theirs/__init__.py": "",
        "theirs/plugin.py": PLUGIN.format(summary="first"),
        "theirs/det.py": DETECTOR.format(line=line),
        "theirs/net.py": "SIGN = 1\n",
        "theirs/data.py": DATASET,
        "theirs/level.py": "LEVEL = 9\n",
    }
    site = install(tmp_path / "site", "theirs", {"theirs": "theirs.plugin"}, files)
    session = Session(tmp_path, [site, tiny_site])
    run(session, "far", "tiny,noise")
    (site / "theirs" / "plugin.py").write_text(PLUGIN.format(summary="second"))
    assert "0 trials to run" in run(session, "far", "tiny,noise")
    cache = os.path.join(os.environ["BENCHKIT_CACHE"], "datasets")
    before = set(os.listdir(cache))
    (site / "theirs" / "net.py").write_text("SIGN = -1\n")
    assert "2 trials to run" in run(session, "far", "tiny,noise")
    assert set(os.listdir(cache)) == before
    (site / "theirs" / "level.py").write_text("LEVEL = 0\n")
    run(session, "far", "noise")
    assert len(set(os.listdir(cache)) - before) == 1


METRIC_PLUGIN = """
from benchkit import hookimpl
from benchkit.registry import MetricSpec

@hookimpl
def benchkit_register_metrics(register):
    register(MetricSpec("theirs", "one", "theirs.metric:theirs"))
"""


def test_an_edited_metric_is_said_and_measured_again_by_score(tmp_path, tiny_site):
    """The code of a metric is no part of a trial, which need not run again for it."""
    files = {
        "theirs/__init__.py": "",
        "theirs/plugin.py": METRIC_PLUGIN,
        "theirs/metric.py": "from .low import A\ndef theirs(labels, scores):\n    return A\n",
        "theirs/low.py": "A = 1\n",
    }
    site = install(tmp_path / "site", "theirs", {"theirs": "theirs.plugin"}, files)
    session = Session(tmp_path, [site, tiny_site])
    assert "other code" not in run(session, "random")
    (site / "theirs" / "low.py").write_text("A = 2\n")
    said = "measured by other code of theirs: 'benchkit score' measures them again"
    assert said in run(session, "random")
    assert session.benchkit("score").returncode == 0
    assert {record["metrics"]["theirs"] for record, _ in session.records()} == {2.0}
    assert "other code" not in run(session, "random")
