"""A timed trial: detectors are built anew, and given the same values each time."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit import steps
from benchkit.protocol.trial import InvalidScores, Task
from benchkit.timing.gate import Gate
from benchkit.timing.trial import TimedTask, time_trial
from benchkit.timing.trials import count_kept
from benchkit.timing.verdicts import Verdict

DETECTORS = """\
import numpy as np

from benchkit import progress

built = []


class Steady:
    def __init__(self):
        self.fits = 0
        built.append(self)

    def fit(self, X):
        self.fits += 1
        assert self.fits == 1
        return self

    def decision_function(self, X):
        assert self.fits == 1 and self is built[-1]
        return X[:, 0]


class Scaling(Steady):
    def fit(self, X):
        assert X.max() == 1
        X *= 2

    def decision_function(self, X):
        assert X.max() == 1
        X *= 2
        return X[:, 0]


class Chatting(Steady):
    def fit(self, X):
        self.fits += len(list(progress([1])))


class Following:
    def fit(self, X, segments):
        assert len(X) == 30 and segments.tolist() == [0, 12]

    def decision_function(self, X, segments):
        assert len(X) == 20 and segments.tolist() == [0]
        return X[:, 0]


class Nothing(Steady):
    def decision_function(self, X):
        return np.full(len(X), np.inf)


class Pixels:
    def fit(self, X, segments):
        assert X.shape == (32, 12) and segments.tolist() == list(range(0, 32, 4))

    def decision_function(self, X):
        return X[:, 0]
"""


@pytest.fixture(autouse=True)
def brief(monkeypatch) -> None:
    """Let rounds be short and few; these tests are not about how long they are."""
    monkeypatch.setattr("benchkit.timing.interleaving.SECONDS", 0.01)
    monkeypatch.setattr("benchkit.timing.interleaving.SHORTEST", 0.001)


@pytest.fixture
def run(tmp_path):
    """Give a function that times one of the detectors on rows or sequences that go up to 1."""
    (tmp_path / "mine.py").write_text(DETECTORS)

    def run(name: str, shape: tuple[int, ...], kept: tuple[int, int], **more) -> dict:
        part = tmp_path / "part.npy"
        values = np.ones(shape, dtype=np.float32)
        np.save(part, values)
        task = Task(
            target=f"{tmp_path / 'mine.py'}:{name}",
            params={},
            train=str(part),
            test=str(part),
            adaptation="none",
            seed=0,
            device="cpu",
            scratch=str(tmp_path),
        )
        task = Task(**{**vars(task), **more})
        gate = Gate.open(None, update=False, renew="--update")
        found = time_trial(TimedTask(task, "it", "python", kept, gate), lambda _: None)
        assert (np.load(part) == values).all()
        return found

    return run


def test_each_fit_is_of_a_new_detector(run):
    """And what is scored is the last one of them."""
    found = run("Steady", (100, 3), (50, 40))
    fit, score = map(Verdict.from_fields, found["verdicts"])
    assert (fit.name, fit.now.size) == ("it: fit", "50 × 3")
    assert (score.name, score.now.size) == ("it: score", "40 × 3, fitted on 50")
    assert len(fit.now.ratios) >= 11
    assert found["counts"] == {"it: fit": 50, "it: score": 40}


def test_a_detector_may_write_into_its_input(run):
    """As in a run; it finds the same values at its next call."""
    assert len(run("Scaling", (100, 3), (50, 40))["verdicts"]) == 2


def test_nobody_is_told_of_progress(run):
    """Telling takes time, and more of it than a short call does."""
    told: list[str] = []
    steps.watch(lambda desc, done, total: told.append(desc))
    try:
        run("Chatting", (100, 3), (50, 40))
    finally:
        steps.watch(None)
    assert not told


def test_segments_are_those_of_the_rows_that_are_used(run):
    run("Following", (100, 3), (30, 20), train_segments=(0, 12, 60), test_segments=(0, 20))


def test_a_detector_of_series_gets_the_frames_of_sequences(run):
    """As rows, each sequence a segment; so many frames are counted."""
    found = run("Pixels", (9, 4, 3, 4), (8, 5), adaptation="frames-as-rows")
    assert found["counts"] == {"it: fit": 32, "it: score": 20}


def test_scores_that_are_none_are_refused(run):
    """How fast they come is of no interest."""
    with pytest.raises(InvalidScores, match="not finite"):
        run("Nothing", (100, 3), (50, 40))


@pytest.mark.parametrize(
    ("shape", "rows", "kept"),
    [
        ((5000, 3), 2000, 2000),
        ((500, 3), 2000, 500),
        ((500, 10, 28, 28), 2000, 200),
        ((500, 10, 28, 28), 30, 8),
        ((5, 10, 28, 28), 30, 5),
    ],
)
def test_what_is_kept_of_a_part(shape, rows, kept):
    """Rows, or whole sequences with as many frames, at least eight of these."""
    assert count_kept(shape, rows) == kept
