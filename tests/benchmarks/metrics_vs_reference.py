"""What the metrics cost, and what those of TSB-AD 1.5 cost on the same scores in the same run.

    python tests/benchmarks/metrics_vs_reference.py --reference PYTHON

PYTHON is the interpreter of an environment with TSB_AD 1.5; tests/metrics/make_golden.py says how
to make one. Without it only benchkit is timed. Nothing else may run beside it. Prints the tables
of docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

WINDOW = 100
SWAT_POINTS, SWAT_EVENTS, SWAT_LONGEST = 449_919, 35, 35_900
AS_GET_METRICS = [
    "auc_pr",
    "auc_roc",
    "vus_pr",
    "vus_roc",
    "f1@oracle",
    "pa_f1@oracle",
    "composite_f1@oracle",
    "range_f1@oracle",
    "affiliation_f1@oracle",
]
"""What TSB-AD's get_metrics computes, by our names."""


def make_series(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and scores of a series like SWaT's: 35 events, one of them very long."""
    generator = np.random.default_rng(0)
    scale = points / SWAT_POINTS
    lengths = np.exp(generator.uniform(np.log(101), np.log(1700), SWAT_EVENTS))
    lengths = np.maximum(lengths * scale, 5).astype(int)
    lengths[20] = int(SWAT_LONGEST * scale)
    gaps = generator.dirichlet(np.ones(SWAT_EVENTS + 1)) * (
        points - lengths.sum() - 2 * points // 50
    )
    starts = np.cumsum(gaps[:-1].astype(int) + points // 2000 + 1) + np.cumsum(lengths) - lengths
    labels = np.zeros(points, dtype=int)
    for start, length in zip(starts, lengths, strict=True):
        labels[start : start + length] = 1
    return labels, generator.normal(size=points) + labels


def measure_time(function: Callable[[], object], rounds: int) -> float:
    """Return the shortest wall time of several calls, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def time_reference(path: str) -> dict[str, float]:
    """Return what TSB-AD takes for the series in a file, and the VUS-PR it gives."""
    from TSB_AD.evaluation.basic_metrics import generate_curve
    from TSB_AD.evaluation.metrics import get_metrics

    series = np.load(path)
    labels, scores = series["labels"], series["scores"]
    found: dict[str, float] = {}

    def curve() -> None:
        found["vus_pr"] = float(generate_curve(labels, scores, WINDOW)[-1])

    found["vus"] = measure_time(curve, 1)
    found["all"] = measure_time(lambda: get_metrics(scores, labels, WINDOW), 1)
    return found


def compare(python: str, points: int) -> list[tuple[str, float, float]]:
    """Return rows of what was computed, TSB-AD's seconds and ours."""
    from benchkit.metrics import evaluate

    labels, scores = make_series(points)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.npz"
        np.savez(path, labels=labels, scores=scores)
        done = subprocess.run(
            [python, __file__, "--as-reference", str(path)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    theirs = json.loads(done.stdout.splitlines()[-1])
    ours = evaluate(labels, scores, ["vus_pr"])["vus_pr"]
    if ours is None or abs(ours - theirs["vus_pr"]) > 1e-12:
        raise SystemExit(f"VUS-PR is {ours} here and {theirs['vus_pr']} there")
    vus = measure_time(lambda: evaluate(labels, scores, ["vus_roc", "vus_pr"]), 10)
    whole = measure_time(lambda: evaluate(labels, scores, AS_GET_METRICS), 10)
    return [
        ("VUS-ROC and VUS-PR", theirs["vus"], vus),
        ("all of get_metrics", theirs["all"], whole),
    ]


def measure_alone() -> list[tuple[str, float]]:
    """Return rows of what was computed at SWaT's size, and its seconds."""
    from benchkit.metrics import evaluate
    from benchkit.protocol.measurement import measure
    from benchkit.protocol.truth import Truth
    from benchkit.registry.builtin_metrics import METRICS

    labels, scores = make_series(SWAT_POINTS)
    calibration = np.random.default_rng(1).normal(size=99_360)
    truth = Truth(labels.astype(bool), window=WINDOW, period=1.0)
    default = [spec for spec in METRICS if not spec.legacy]
    measure(truth, scores, calibration, METRICS)  # imports what policies need
    return [
        (
            "VUS-ROC and VUS-PR",
            measure_time(lambda: evaluate(labels, scores, ["vus_roc", "vus_pr"]), 5),
        ),
        (
            "default metrics, four policies",
            measure_time(
                lambda: measure(truth, scores, calibration, default, own_threshold=2.0), 5
            ),
        ),
        (
            "with legacy metrics",
            measure_time(
                lambda: measure(truth, scores, calibration, METRICS, own_threshold=2.0), 5
            ),
        ),
    ]


def measure_memory(dtype: type[np.floating]) -> float:
    """Return the most that all metrics hold at once, as a multiple of the scores' own size."""
    from benchkit.metrics import evaluate

    labels, scores = make_series(SWAT_POINTS)
    labels, scores = labels.astype(bool), scores.astype(dtype)
    tracemalloc.start()
    evaluate(labels, scores)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / scores.nbytes


def main() -> None:
    """Time what the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", help="Python with TSB_AD 1.5")
    parser.add_argument("--points", type=int, default=50_000, help="length of the comparison")
    parser.add_argument("--as-reference", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_reference:
        print(json.dumps(time_reference(options.as_reference)))
        return
    if options.reference:
        print(f"| {options.points:,} points, window {WINDOW} | TSB-AD 1.5 | benchkit | times |")
        print("|---|--:|--:|--:|")
        for name, theirs, ours in compare(options.reference, options.points):
            print(f"| {name} | {theirs:.2f} s | {ours * 1000:.1f} ms | {theirs / ours:.0f} |")
        print()
    print(f"| {SWAT_POINTS:,} points, {SWAT_EVENTS} events, window {WINDOW} | |")
    print("|---|--:|")
    for name, seconds in measure_alone():
        print(f"| {name} | {seconds:.3f} s |")
    for dtype in (np.float64, np.float32):
        print(
            f"| peak memory, {dtype.__name__} scores | {measure_memory(dtype):.1f} × their size |"
        )


if __name__ == "__main__":
    sys.exit(main())
