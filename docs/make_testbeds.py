"""Write the tables of docs/testbeds.md from measurements on the testbeds.

It simulates each of them in both sizes, the small one with three seeds, and takes a quarter of an
hour of one core and 4 GB, which is why `tox -e docs` leaves it out. The same versions of numpy
and scikit-learn write the same page.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d
from sklearn.ensemble import IsolationForest
from tabulate import tabulate

from benchkit.metrics import auc_pr, auc_roc, best_f1_threshold, f1, vus_pr
from benchkit_datasets.testbeds.recording import Recording
from benchkit_datasets.testbeds.residual_score import score
from benchkit_datasets.testbeds.swat.schedule import PUBLISHED
from benchkit_detectors.baselines.knn import KNNDetector
from benchkit_detectors.baselines.pca import PCADetector
from benchkit_detectors.baselines.sanity import DistanceDetector

PAGE = Path(__file__).with_name("testbeds.md")
TESTBEDS = ("swat", "wadi")
SEEDS = {"laptop": (0, 1, 2), "full": (0,)}
METRICS = ("AUC-ROC", "AUC-PR", "VUS-PR", "best F1")
LEARNING = 3_600
"""Rows before a part that the physics may look at, to know the levels and the raw water."""

ALARM = 5.0
"""The oracle's score above which physics is taken to be contradicted, in units of noise."""

REAL = {
    "swat": (496_800, 449_919, [length for _, length in PUBLISHED]),
    "wadi": (
        1_209_601,
        172_801,
        [1517, 591, 1741, 851, 671, 699, 581, 88, 807, 630, 361, 203, 577, 631],
    ),
}
"""Rows to train on, rows to test on, and the lengths of the published attacks."""

TANKS = {"LIT101": ("FIT101", "FIT201", 1.5), "LIT301": ("FIT201", "FIT301", 1.3)}
"""Levels of swat in mm, with the meters before and behind their tanks, and the areas in m2."""

Values = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Measured:
    """What one simulated recording shows.

    Parameters
    ----------
    recording
        As it was made.
    physics
        The oracle's score of the test part, shape (time,).
    quiet
        Its score of the last quarter of the training part.
    residuals
        There, shape (time, k).
    values
        The metrics of each way to score the test part.
    """

    recording: Recording
    physics: np.ndarray
    quiet: np.ndarray
    residuals: np.ndarray
    values: Values


def load(testbed: str, module: str) -> Any:
    """Return a module of a testbed."""
    package = f"benchkit_datasets.testbeds.{testbed}"
    return importlib.import_module(f"{package}.{module}" if module else package)


def judge(testbed: str, recording: Recording) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the oracle's score of the test part, and of normal rows, and the residuals of these.

    The physics sees the rows before each part, and no label.
    """
    residuals = load(testbed, "residuals").residuals
    before = recording.train[-LEARNING:]
    physics = score(residuals(np.concatenate([before, recording.test])))[LEARNING:]
    quarter = min(len(recording.train) // 4, 86_400)
    quiet = residuals(recording.train[-quarter - LEARNING :])[LEARNING:]
    return physics, score(quiet), quiet


def measure(testbed: str, size: str, seed: int) -> Measured:
    """Simulate, and score the test part in every way."""
    recording = load(testbed, "simulate").simulate(size, seed)
    physics, quiet, residuals = judge(testbed, recording)
    startup = getattr(load(testbed, ""), "STARTUP", {}).get(size, 0)
    train, labels = recording.train[startup:], recording.labels
    values = {
        "random": judge_scores(labels, np.random.default_rng(seed).random(len(labels))),
        "best single channel": best_one_liner(recording, train)[0],
    }
    for name, scores in simple_scores(train, recording.test, seed):
        values[name] = judge_scores(labels, scores)
    values["physics"] = judge_scores(labels, physics)
    return Measured(recording, physics, quiet, residuals, values)


def judge_scores(labels: np.ndarray, scores: np.ndarray) -> tuple[float, ...]:
    """Return ``METRICS`` of scores."""
    alarms = scores > best_f1_threshold(labels, scores)
    return (
        auc_roc(labels, scores),
        auc_pr(labels, scores),
        vus_pr(labels, scores),
        f1(labels, alarms),
    )


def simple_scores(
    train: np.ndarray, test: np.ndarray, seed: int
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what simple detectors say of the test part; they see normal rows only."""
    yield "distance", DistanceDetector().fit(train).decision_function(test)
    yield "pca", PCADetector().fit(train).decision_function(test)
    forest = IsolationForest(random_state=seed).fit(train[:: max(1, len(train) // 20_000)])
    yield "iforest", -forest.score_samples(test)
    yield "knn", KNNDetector(sample=3_000, random_state=seed).fit(train).decision_function(test)


def one_liners(train: np.ndarray, values: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield scores made of one channel, (time,), in one line each."""
    values = values.astype(np.float64)
    mean = uniform_filter1d(values, 60)
    moving = np.sqrt(np.maximum(uniform_filter1d(values**2, 60) - mean**2, 0.0))
    yield "is high", values
    yield "is low", -values
    yield "is far from its median", np.abs(values - np.median(train))
    yield "jumps", np.abs(np.diff(values, prepend=values[0]))
    yield "is restless for a minute", moving
    yield "is still for a minute", -moving


def best_one_liner(recording: Recording, train: np.ndarray) -> tuple[tuple[float, ...], str]:
    """Return the metrics of the one-liner that the labels say is best by VUS-PR, and its name."""
    labels, best, found = recording.labels, -1.0, (np.zeros(len(recording.labels)), "")
    for column, channel in enumerate(recording.channels):
        values = recording.test[:, column]
        if values.min() == values.max():
            continue
        for name, scores in one_liners(train[:, column], values):
            if scores.min() < scores.max() and (value := vus_pr(labels, scores)) > best:
                best, found = value, (scores, f"{channel} {name}")
    return judge_scores(labels, found[0]), found[1]


def make_solved(measured: Sequence[Measured], full: Sequence[Measured]) -> str:
    """Return who solves a testbed: the mean over seeds, the least and the most of them beside."""
    rows = []
    for name in measured[0].values:
        row = [name]
        for of in (measured, full):
            for k in range(len(METRICS)):
                found = [each.values[name][k] for each in of]
                row.append(
                    f"{np.mean(found):.2f} ({min(found):.2f}-{max(found):.2f})"
                    if len(found) > 1
                    else f"{found[0]:.2f}"
                )
        rows.append(row)
    return _table(("", *METRICS, *(f"full: {name}" for name in METRICS)), rows)


def make_quiet(measured: Mapping[str, Sequence[Measured]]) -> str:
    """Return how well the physics closes where nobody attacks."""
    rows = []
    for testbed, each in measured.items():
        quiet = np.concatenate([one.quiet for one in each])
        spread = np.concatenate([one.residuals.std(axis=0) for one in each])
        rows.append(
            [
                testbed,
                f"{len(quiet):,}",
                f"{each[0].residuals.shape[1]}",
                f"{np.median(spread[spread > 0]):.2f}",
                f"{spread.max():.2f}",
                f"{np.quantile(quiet, 0.99):.1f}",
                f"{quiet.max():.1f}",
            ]
        )
    headers = (
        "testbed", "normal rows", "residuals", "median spread", "largest spread",
        "score, 99 %", "score, largest",
    )  # fmt: skip
    return _table(headers, rows)


def make_balance(swat: Recording, wadi: Measured) -> str:
    """Return how well tanks balance without attacks: spreads over what the sensors' noise allows.

    Of swat from levels and meters alone, over ten minutes; of wadi the residuals of its tanks.
    """
    start = load("swat", "").STARTUP["laptop"]
    normal = dict(zip(swat.channels, swat.train[start:].astype(np.float64).T, strict=True))
    sensors = load("swat", "tags").SENSORS
    rows = []
    for level, (filled, emptied, area) in TANKS.items():
        net = np.cumsum(normal[filled] - normal[emptied]) / (3.6 * area)
        wrong = (normal[level] - net)[600:] - (normal[level] - net)[:-600]
        wrong /= np.sqrt(2.0) * sensors[level].noise
        rows.append(["swat", level, f"{wrong.mean():+.2f}", f"{wrong.std():.2f}"])
    for tank, column in zip(
        ("1_LT_001", "2_LT_001", "2_LT_002", "3_LT_001"), range(4), strict=True
    ):
        wrong = wadi.residuals[:, column]
        rows.append(["wadi", tank, f"{wrong.mean():+.2f}", f"{wrong.std():.2f}"])
    return _table(("testbed", "tank", "mean", "spread"), rows)


def make_events(sizes: Mapping[tuple[str, str], Recording]) -> str:
    """Return how long attacks last, here and there."""
    rows = []
    for testbed, (train, test, lengths) in REAL.items():
        rows.append([f"{testbed} (real)", *_event_row(train, test, lengths)])
        for (name, size), made in sizes.items():
            if name == testbed:
                found = [attack.stop - attack.start for attack in made.attacks]
                row = _event_row(len(made.train), len(made.test), found)
                rows.append([f"{testbed} (sim), {size}", *row])
    headers = (
        "", "train", "test", "attacks", "anomalous", "shortest", "25 %", "median", "75 %",
        "longest", "of all",
    )  # fmt: skip
    return _table(headers, rows)


def _event_row(train: int, test: int, lengths: Sequence[int]) -> list[str]:
    quartiles = np.quantile(lengths, [0.0, 0.25, 0.5, 0.75, 1.0])
    return [
        f"{train:,}",
        f"{test:,}",
        f"{len(lengths)}",
        f"{sum(lengths) / test:.2%}",
        *(f"{value:,.0f}" for value in quartiles),
        f"{max(lengths) / sum(lengths):.0%}",
    ]


def make_attacks(recording: Recording, physics: np.ndarray) -> str:
    """Return the attacks, and in which share of its rows each contradicts the physics."""
    rows = [
        [
            str(attack.number),
            f"{attack.start:,}",
            f"{attack.stop - 1:,}",
            " ".join(attack.targets),
            attack.method,
            attack.intent,
            f"{np.mean(physics[attack.start : attack.stop] > ALARM):.0%}",
        ]
        for attack in recording.attacks
    ]
    headers = ("", "first row", "last row", "targets", "method", "intent", "seen")
    return _table(headers, rows)


def _table(headers: Iterable[str], rows: list[list[str]]) -> str:
    return tabulate(rows, list(headers), "github", disable_numparse=True)


def fill(text: str, tables: Mapping[str, str]) -> str:
    """Return the page with the tables between their marks."""
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise LookupError(f"docs/testbeds.md has no place for the table {name}")
        text = marked.sub(lambda m, t=table: f"{m[1]}\n{t}\n\n{m[2]}", text)
    return text


def make_tables() -> dict[str, str]:
    """Measure everything, and return each table of the page by its name."""
    measured: dict[str, list[Measured]] = {}
    recordings: dict[tuple[str, str], Recording] = {}
    tables = {}
    for testbed in TESTBEDS:
        of_size = {
            size: [measure(testbed, size, seed) for seed in seeds] for size, seeds in SEEDS.items()
        }
        measured[testbed] = of_size["laptop"]
        for size, each in of_size.items():
            recordings[testbed, size] = each[0].recording
        first = of_size["laptop"][0]
        tables[f"solved-{testbed}"] = make_solved(of_size["laptop"], of_size["full"])
        tables[f"attacks-{testbed}"] = make_attacks(first.recording, first.physics)
    tables["balance"] = make_balance(recordings["swat", "laptop"], measured["wadi"][0])
    return {**tables, "quiet": make_quiet(measured), "events": make_events(recordings)}


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text(), make_tables()))
