"""How fast the built-in detectors learn and score: a few steps of training, some windows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest

from benchkit_detectors.baselines.knn import KNNDetector
from benchkit_detectors.baselines.pca import PCADetector
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector
from benchkit_detectors.mcgan.detector import MCGANDetector

CHANNELS = 51


def make_series(rows: int) -> np.ndarray:
    """Return a random walk that is pulled back, float32 (rows, 51)."""
    generator = np.random.default_rng(0)
    values = np.cumsum(generator.normal(size=(rows, CHANNELS)), axis=0)
    return np.sin(values / 20 + generator.normal(size=CHANNELS)).astype(np.float32)


def make_sequences(count: int) -> np.ndarray:
    """Return blobs that move, float32 (sequences, 10, 28, 28)."""
    generator = np.random.default_rng(0)
    places = generator.uniform(8, 20, (count, 1, 2)) + np.linspace(0, 4, 10)[:, None]
    rows, columns = np.mgrid[:28, :28]
    # (sequences, 10, 1, 1) each
    down, right = (places[..., axis, None, None] for axis in (0, 1))
    squares = (rows - down) ** 2 + (columns - right) ** 2
    return np.exp(-squares / 12).astype(np.float32)


DETECTORS = {
    "madgan": (lambda: MADGANDetector(epochs=1, epoch_windows=320), "lstm"),
    "madgan-cnn": (lambda: MADGANCNNDetector(steps=5), "lstm"),
    "mcgan": (
        lambda: MCGANDetector(epochs=1, draws=500, references=500, window=10, step=10),
        "matmul",
    ),
    "pca": (PCADetector, "matmul"),
    "iforest": (lambda: IsolationForest(random_state=0), "python"),
    "knn": (lambda: KNNDetector(sample=2_000), "matmul"),
}
LEARNED = {
    "madgan": (make_series(1_000), "5 steps of 64 windows of 30 × 51"),
    "madgan-cnn": (make_sequences(24), "5 steps of 8 sequences of 10 × 28 × 28"),
    "mcgan": (make_series(2_000), "1 epoch of 140 windows of 10 × 51"),
    "pca": (make_series(5_000), "5,000 × 51"),
    "iforest": (make_series(2_000), "2,000 × 51"),
    "knn": (make_series(5_000), "5,000 × 51, a sample of 2,000"),
}
SCORED = {
    "madgan": (make_series(5_130), "511 windows of 30 × 51"),
    "madgan-cnn": (make_sequences(16), "16 sequences of 10 × 28 × 28"),
    "mcgan": (make_series(20_000), "2,000 windows of 10 × 51"),
    "pca": (make_series(5_000), "5,000 × 51"),
    "iforest": (make_series(2_000), "2,000 × 51"),
    "knn": (make_series(1_000), "1,000 × 51 against 2,000"),
}


@pytest.mark.parametrize("name", DETECTORS)
def test_learning(name, timed):
    """As few steps as there can be, and what comes before and after them."""
    build, like = DETECTORS[name]
    values, size = LEARNED[name]
    timed(lambda: build().fit(values), like=like, size=size)


@pytest.mark.parametrize("name", DETECTORS)
def test_scoring(name, timed):
    """Of a detector that has learned as above."""
    build, like = DETECTORS[name]
    detector = build().fit(LEARNED[name][0])
    values, size = SCORED[name]
    scores = timed(detector.decision_function, values, like=like, size=size)
    assert np.isfinite(scores).all()
