"""What our GAN detectors leave for people to look at, and that it costs their scores nothing."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from benchkit_detectors.gan.figures import DOTS, WIDTH
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.gan.training import TrainingDiverged
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan.paper import PAPER
from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector
from benchkit_detectors.madgan_cnn.presets import PAPER as CNN_PAPER
from benchkit_detectors.madgan_cnn.threshold import tail_threshold
from benchkit_detectors.mcgan.described import DESCRIBED
from benchkit_detectors.mcgan.detector import MCGANDetector
from benchkit_detectors.mcgan.threshold import ThresholdCalibration, weighted_quantile

WINDOWS, FRAMES, ROWS = "generated-windows.png", "generated-frames.png", "generated-rows.png"
MADGAN: dict[str, Any] = {"epochs": 1, "epoch_windows": 128, "hidden": 8, "components": 2}
MADGAN_PAPER = PAPER | {"epochs": 1, "hidden": 8, "inversion_steps": 3, "batch_size": 16}
CNN: dict[str, Any] = {"steps": 12, "channels": 2, "hidden": 8, "latent": 3, "shared": 2}
CNN_SMALL_PAPER = CNN_PAPER | {"steps": 2, "channels": 2, "hidden": 6, "inversion_steps": 2}
MCGAN: dict[str, Any] = {"epochs": 2, "draws": 400, "references": 200, "generator": (16,)}


def waves(rows: int = 500, channels: int = 4, seed: int = 0) -> np.ndarray:
    """Return sines with noise, (rows, channels) float32."""
    noise = np.random.default_rng(seed).normal(scale=0.1, size=(rows, channels))
    return (np.sin(np.arange(rows)[:, None] / 8 + np.arange(channels)) + noise).astype(np.float32)


def bars(sequences: int = 30, frames: int = 6, shape: tuple = (8, 8), seed: int = 0) -> np.ndarray:
    """Return frames with an upright bar, its place that of the sequence."""
    random = np.random.default_rng(seed)
    X = 0.1 * random.random((sequences, frames, *shape), np.float32)
    for number in range(sequences):
        X[number, :, :, number % shape[1]] += 0.8
    return X


CASES = {
    "madgan": (lambda: MADGANDetector(**MADGAN), waves(), {WINDOWS}),
    "madgan, all channels": (lambda: MADGANDetector(**MADGAN | {"components": 0}), waves(),
                             {WINDOWS}),
    "madgan, frames": (lambda: MADGANDetector(**MADGAN), bars(), {FRAMES}),
    "madgan@paper": (lambda: MADGANDetector(**MADGAN_PAPER), waves(), {WINDOWS}),
    "madgan-cnn": (lambda: MADGANCNNDetector(**CNN), bars(), {FRAMES, "residual-maps.png"}),
    "madgan-cnn, λ": (lambda: MADGANCNNDetector(**CNN, reconstruction_weight=0.3), bars(),
                      {FRAMES, "residual-maps.png"}),
    "madgan-cnn@paper": (lambda: MADGANCNNDetector(**CNN_SMALL_PAPER), bars(),
                         {FRAMES, "residual-maps.png"}),
    "mcgan, rows": (lambda: MCGANDetector(**MCGAN), waves(), {ROWS}),
    "mcgan, windows": (lambda: MCGANDetector(**MCGAN, window=6), waves(), {WINDOWS}),
    "mcgan, frames": (lambda: MCGANDetector(**MCGAN), bars(), {FRAMES}),
    "mcgan@described": (lambda: MCGANDetector(**DESCRIBED | MCGAN), bars(), {FRAMES}),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def case(request):
    """Return a fitted detector, what it was fitted on, and the figures it should draw."""
    make, X, figures = CASES[request.param]
    return make().fit(X), X, figures


def test_terms_add_up_to_what_was_scored_last(case):
    """To a float32's rounding, one number a point, and the same whatever was scored before."""
    detector, X, _ = case
    whole = detector.decision_function(X)
    if isinstance(detector, MCGANDetector):  # its score is one distance
        assert not hasattr(detector, "score_parts_")
        return
    first = detector.score_parts_
    some = detector.decision_function(X[: len(X) // 2])
    terms = detector.score_parts_
    assert {term.shape for term in terms.values()} == {(some.size,)}
    assert {term.dtype for term in terms.values()} == {np.dtype(np.float32)}
    assert np.allclose(sum(terms.values()), some.ravel(), rtol=1e-5, atol=1e-6)
    again = detector.decision_function(X)
    assert np.array_equal(whole, again)
    assert all(np.array_equal(first[name], detector.score_parts_[name]) for name in first)


def test_terms_are_there_where_there_is_something_to_tell():
    """What the components leave out is no term of a score in which it does not count."""
    names = []
    for settings in ({}, {"outside": False}, {"components": 0}):
        detector = MADGANDetector(**MADGAN | settings).fit(waves())
        detector.decision_function(waves())
        names.append(list(detector.score_parts_))
    inside = ["reconstruction", "discrimination"]
    assert names == [["reconstruction", "outside", "discrimination"], inside, inside]


def test_threshold_comes_from_the_reference_scores(case):
    """By the rule that the detector's page names, to a float32's rounding."""
    detector, _, _ = case
    references = detector.reference_scores_
    assert all(r.dtype == np.float32 and np.isfinite(r).all() for r in references.values())
    if isinstance(detector, MADGANDetector):
        (scores,) = references.values()
        expected = np.quantile(scores, 0.99)
    elif isinstance(detector, MADGANCNNDetector):
        (scores,) = references.values()
        expected = tail_threshold(scores, detector.false_alarm_rate)
    elif detector.correct:
        draws, held_out = references.values()
        model = ThresholdCalibration(draws, detector.draw_weights_, held_out)
        expected = model.quantile(
            detector.false_alarm_rate, np.random.default_rng(0), resamples=1
        ).value
    else:
        (draws,) = references.values()
        expected = weighted_quantile(draws, np.ones(len(draws)), detector.false_alarm_rate)
    assert detector.threshold_ == pytest.approx(expected, rel=1e-4)


def test_reference_scores_are_few_enough_to_publish():
    """Every third of 50,000, in order and as float32; fewer are all there."""
    assert np.array_equal(
        subsample(np.arange(50_000.0)), np.arange(0, 50_000, 3, dtype=np.float32)
    )
    assert subsample(np.ones((4, 5))).shape == (20,)


def test_summary_is_short_words(case):
    """Four to eight, names with spaces, and numbers that are finite."""
    detector, _, _ = case
    assert 4 <= len(detector.summary_) <= 8
    for name, value in detector.summary_.items():
        assert isinstance(value, str) or math.isfinite(value)
        assert "_" not in name
        assert 0 < len(str(value)) < 500
    assert detector.summary_["threshold"] == detector.threshold_


def test_all_that_was_learned_is_kept_and_what_was_scored_is_not(case):
    """A detector that takes up a state offers the same, before it has scored anything."""
    detector, X, _ = case
    detector.decision_function(X)
    other = type(detector)(**{k: v for k, v in vars(detector).items() if not k.endswith("_")})
    other.load_state_dict(pickle.loads(pickle.dumps(detector.state_dict())))
    assert other.summary_ == detector.summary_
    assert other.history_ == detector.history_
    mine, others = detector.reference_scores_, other.reference_scores_
    assert all(np.array_equal(mine[name], others[name]) for name in mine)
    assert not hasattr(other, "score_parts_")


@pytest.mark.parametrize("name", ["madgan", "madgan-cnn", "mcgan, rows"])
def test_a_fit_that_fails_leaves_the_detector_as_it_was(name):
    """Everything that was learned is published at the end of a fit, or nothing is."""
    make, X, _ = CASES[name]
    detector = make().fit(X)
    scores, threshold = detector.decision_function(X), detector.threshold_
    detector.learning_rate, rate = 1e30, detector.learning_rate
    with pytest.raises(TrainingDiverged):
        detector.fit(X[::2])
    detector.learning_rate = rate
    assert np.array_equal(detector.decision_function(X), scores)
    assert detector.threshold_ == threshold


def test_diagnostics_draw_what_they_say(case, tmp_path):
    """As wide as all figures, with something on them, and the same figure each time."""
    detector, _, figures = case
    detector.diagnostics(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == figures
    drawn = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for path in drawn:
        image = imread(path)[..., :3]
        assert image.shape[1] == WIDTH * DOTS
        assert 0.02 < (image.min(axis=2) < 0.8).mean() < 0.98
    detector.diagnostics(tmp_path)
    assert drawn == {path: path.read_bytes() for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("detector", "X"),
    [
        (MADGANDetector(**MADGAN, window=1, step=1), waves(40, 1)),
        (MADGANDetector(**MADGAN), bars(3, 1, (1, 5))),
        (MADGANDetector(**MADGAN), np.ones((60, 3), np.float32)),
        (MADGANCNNDetector(**CNN), bars(1, 1)),
        (MADGANCNNDetector(**CNN), bars(2, 2, (3, 20))),
        (MADGANCNNDetector(**CNN), np.zeros((4, 3, 8, 8), np.float32)),
        (MCGANDetector(**MCGAN), waves(40, 1)),
        (MCGANDetector(**MCGAN), waves(40, 300)),
        (MCGANDetector(**MCGAN, window=2), waves(9, 2)),
        (MCGANDetector(**MCGAN), bars(1, 1)),
        (MCGANDetector(**MCGAN), np.ones((40, 2), np.float32)),
    ],
)
@pytest.mark.filterwarnings("error")
def test_diagnostics_draw_whatever_was_fitted_on(detector, X, tmp_path):
    """One channel, one frame, nothing that varies: a figure, and no warning."""
    detector.fit(X).diagnostics(tmp_path)
    assert list(tmp_path.glob("*.png"))


def test_matplotlib_is_imported_for_figures_alone():
    """And pyplot, which looks for a display and keeps figures, never."""
    code = f"""
import sys, tempfile
from pathlib import Path
import numpy as np
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector
from benchkit_detectors.mcgan.detector import MCGANDetector
X = np.random.default_rng(0).random((12, 4, 6, 6), dtype=np.float32)
fitted = [
    MADGANDetector(**{MADGAN!r}).fit(X),
    MADGANCNNDetector(**{CNN!r}).fit(X),
    MCGANDetector(**{MCGAN!r}).fit(X),
]
for detector in fitted:
    detector.decision_function(X)
    detector.summary_, detector.reference_scores_
assert "matplotlib" not in sys.modules
for detector in fitted:
    detector.diagnostics(Path(tempfile.mkdtemp()))
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
