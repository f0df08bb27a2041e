"""A small store of trials with all that plots are drawn from."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.results.folder import Examples, StoredTruth, TrialFolder
from benchkit.results.record import Record
from benchkit.results.store import Entry, Store
from tests.records import make_record

THRESHOLDS = {"train_q99": 2.5, "pot": 3.5, "own": 2.0, "oracle": 1.5}
PROMISED = {"train_q99": 0.01, "pot": 0.001}


def keep(folder: Path, record: Record, **kept: Any) -> Path:
    """Put a record into the store of a folder of boards, with what its trial left beside it."""
    store = Store(folder / "records")
    store.folder.mkdir(parents=True, exist_ok=True)
    scratch = store.scratch()
    files = TrialFolder(scratch)
    if "scores" in kept:
        files.keep_scores(kept.pop("calibration", kept["scores"]), kept.pop("scores"))
    figures = kept.pop("figures", {})
    for name, content in figures.items():
        (files.figure_folder() / name).write_bytes(content)
    for name, value in kept.items():
        getattr(files, f"keep_{name}")(value)
    return store.put(record, scratch)


def read(folder: Path) -> list[Entry]:
    """Return the trials of a folder of boards."""
    return Store(folder / "records").entries()


def make_measured(
    detector: str = "pca", dataset: str = "kdd99", *, auc_pr: float = 0.5, **fields: Any
) -> Record:
    """Return a record of a trial that was measured at some thresholds."""
    rates = {"false_alarm_rate@train_q99": 0.02, "false_alarm_rate@pot": 0.0}
    metrics = {"auc_pr": auc_pr, "auc_roc": 0.75, **rates}
    values = {"thresholds": THRESHOLDS, "promised": PROMISED, "metrics": metrics, **fields}
    record = make_record(detector, dataset, **values)
    name = detector.partition("[")[0]
    return dataclasses.replace(record, detector=dataclasses.replace(record.detector, name=name))


def make_scores(n: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and labels of n points, a tenth of them in two events."""
    random = np.random.default_rng(seed)
    labels = np.zeros(n, dtype=bool)
    labels[n // 4 : n // 4 + n // 20] = labels[n // 2 : n // 2 + n // 20] = True
    return np.abs(random.normal(0, 1, n)) + 2 * labels, labels


def fill(folder: Path) -> None:
    """Fill the store of a folder of boards: a series with all by-products, and images."""
    scores, labels = make_scores()
    doubtful = np.roll(labels, 5) & ~labels
    truth = StoredTruth(labels, doubtful, (0, 150), None, 1.0)
    keep(
        folder,
        make_measured("madgan"),
        scores=scores,
        calibration=scores[:100],
        truth=truth,
        history={"loss": [3.0, 2.0, None, 1.0], "distance": [0.5] * 900},  # type: ignore[list-item]
        parts={"reconstruction": scores * 0.75, "discrimination": scores * 0.25},
        reference_scores={"draws": np.linspace(0, 3, 500), "held out": scores[:60]},
    )
    for name, sanity in (("pca", False), ("random", True)):
        some, _ = make_scores(seed=len(name))
        record = make_measured(name, sanity=sanity)
        keep(folder, record, scores=some, calibration=some[:100], truth=truth)
    frames = np.random.default_rng(0).random((3, 5, 8, 8), dtype=np.float32)
    record = make_measured("madgan", "mnist-seq/1v7", variant="sim")
    data = dataclasses.replace(
        record.dataset,
        modality="image-sequence",
        points=100,
        anomalies=10,
        test_shape=(20, 5, 8, 8),
    )
    scores, labels = make_scores(100)
    keep(
        folder,
        dataclasses.replace(record, dataset=data),
        scores=scores,
        truth=StoredTruth(labels, None, (0,), 5, None),
        examples=Examples(np.array([4, 0, 11]), frames),
    )
