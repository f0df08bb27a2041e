"""Write the tables of docs/metrics.md: `tox -e docs`.

What a metric is comes from its specification. What rare anomalies do to VUS-PR is computed from
made-up scores. What nothing is worth is computed on the real labels of SWaT that Huet et al.
published beside their metrics, where BENCHKIT_DATA has them.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
from pathlib import Path

import numpy as np
from tabulate import tabulate

from benchkit.metrics import UndefinedMetric, evaluate
from benchkit.metrics.evaluation import ALARM_METRICS, LEGACY, SCORE_METRICS
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.volume import SAMPLES, range_areas
from benchkit.protocol.thresholds import POLICIES
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.specs import MetricSpec

PAGE = Path(__file__).with_name("metrics.md")
SEEDS = range(5)
SMOOTHING = 100
SHAPES = {"series": "series", "image-sequence": "images"}
PREDICTIONS = {"isolation forest": "swat_iforest", "seq2seq": "swat_seq2seq"}
WINDOW = 100
RARE = {
    "one event of 40": (449_919, 1, 40),
    "ten events of 40": (449_919, 10, 40),
    "100 events of 40": (449_919, 100, 40),
}
"""Points, events and the length of each."""
THRESHOLDS = (SAMPLES, 2_500, 25_000)
DETECTORS = {"perfect": np.inf, "4 sd": 4.0, "3 sd": 3.0}
"""By how many standard deviations of the noise anomalous points are scored higher."""
SHARES = (0.25, 0.5, 1, 1.5, 2, 2.5, 3.5, 5, 7.5, 10, 15, 30)
"""Thresholds of VUS-PR for as many points as are anomalous."""
FLOORS = {
    "10 events of 500": (10_000, 10, 500),
    "10 events of 10": (10_000, 10, 10),
    "100 events of 1": (10_000, 100, 1),
    "400 events of 1": (10_000, 400, 1),
}


def read_flags(name: str) -> np.ndarray:
    """Return labels or predictions from the published files; FileNotFoundError without them."""
    folder = Path(os.environ.get("BENCHKIT_DATA", ".")) / "metric_fixtures" / "affiliation"
    return np.array(gzip.decompress((folder / f"{name}.gz").read_bytes()).split(), dtype=int)


def describe(specs: list[MetricSpec]) -> str:
    """Return a table of what metrics are."""
    rows = []
    for spec in specs:
        where = ", ".join(SHAPES[modality] for modality in spec.modalities)
        turned = "" if spec.higher_is_better else "lower is better"
        which = spec.definition.replace("{window}", "the dataset's window")
        notes = "; ".join(part for part in (which, turned) if part)
        rows.append((f"`{spec.name}`", spec.summary, notes, where, spec.reference))
    return tabulate(rows, ("name", "what", "which", "of", "source"), tablefmt="github")


def measure_nothing() -> str:
    """Return the table of what scores that know nothing get, beside two real detectors."""
    labels = read_flags("swat_groundtruth")
    names = [*SCORE_METRICS, *(f"{name}@oracle" for name in ALARM_METRICS if "day" not in name)]
    noise, smooth = [], []
    for seed in SEEDS:
        scores = np.random.default_rng(seed).normal(size=len(labels) + SMOOTHING - 1)
        means = np.convolve(scores, np.full(SMOOTHING, 1 / SMOOTHING), mode="valid")
        noise.append(evaluate(labels, scores[: len(labels)], names))
        smooth.append(evaluate(labels, means, names))
    constant = evaluate(labels, np.zeros(len(labels)), names)
    rows = []
    for name in names:
        base = name.partition("@")[0]
        cells = [mean([found[name] for found in noise]), mean([found[name] for found in smooth])]
        cells.append(show(constant[name]))
        for prediction in PREDICTIONS.values():
            cells.append(measure_prediction(base, labels, read_flags(prediction)))
        rows.append((f"`{name}`" + (" (legacy)" if base in LEGACY else ""), *cells))
    return tabulate_right(rows, ("metric", "noise", "smooth noise", "constant", *PREDICTIONS))


def label_events(points: int, events: int, length: int) -> np.ndarray:
    """Return labels with so many events of one length, evenly spaced; boolean, (points,)."""
    labels = np.zeros(points, dtype=bool)
    for start in np.arange(1, events + 1) * (points // (events + 1)):
        labels[start : start + length] = True
    return labels


def score_events(labels: np.ndarray, lead: float, seed: int) -> np.ndarray:
    """Return normal noise with anomalous points so much higher, (points,); inf: all above it."""
    noise = np.random.default_rng(seed).normal(size=len(labels))
    return noise + (100 if np.isinf(lead) else lead) * labels


def measure_floors() -> str:
    """Return the table of what scores that know nothing get, by the shape of the events."""
    rows = []
    for name, shape in FLOORS.items():
        labels = label_events(*shape)
        noise = [
            evaluate(labels, score_events(labels, 0, seed), ["vus_pr", "vus_pr_dense", "auc_pr"])
            for seed in range(20)
        ]
        cells = [mean([found[metric] for found in noise]) for metric in noise[0]]
        constant = show(evaluate(labels, np.zeros(len(labels)), ["vus_pr"])["vus_pr"])
        rows.append((name, f"{labels.mean():.1%}", constant, *cells))
    head = ("events in 10,000 points", "anomalous", "`vus_pr`: constant", "noise")
    return tabulate_right(rows, (*head, "`vus_pr_dense`: noise", "`auc_pr`: noise"))


def measure_rare() -> str:
    """Return the table of VUS-PR by the number of its thresholds, where anomalies are rare."""
    rows = []
    for name, shape in RARE.items():
        labels = label_events(*shape)
        for detector, lead in DETECTORS.items():
            ranking = Ranking.of(labels, score_events(labels, lead, seed=0))
            areas = [float(range_areas(ranking, WINDOW, many).pr.mean()) for many in THRESHOLDS]
            dense = SCORE_METRICS["vus_pr_dense"].of(ranking, WINDOW)
            rows.append((name, detector, *map(show, (*areas, dense))))
    head = ("in 449,919 points", "scores", *(f"{many:,} thresholds" for many in THRESHOLDS))
    return tabulate_right(rows, (*head, "`vus_pr_dense`"), left=2)


def measure_shares() -> str:
    """Return the table of how far VUS-PR falls short, by the thresholds that anomalies get."""
    points, rows = 50_000, []
    for share in SHARES:
        positives = round(share * points / (SAMPLES - 1))
        events = max(1, positives // 40)
        labels = label_events(points, events, positives // events)
        cells = []
        for lead in DETECTORS.values():
            pairs = [
                evaluate(labels, score_events(labels, lead, seed), ["vus_pr_dense", "vus_pr"])
                for seed in SEEDS
            ]
            cells.append(mean([found["vus_pr_dense"] - found["vus_pr"] for found in pairs]))
        rows.append((share, f"{labels.mean():.2%}", *cells))
    return tabulate_right(rows, ("thresholds", "anomalous", *DETECTORS))


def tabulate_right(rows: list[tuple], head: tuple[str, ...], left: int = 1) -> str:
    """Return a table with its first columns to the left and its numbers to the right."""
    align = (*["left"] * left, *["right"] * (len(head) - left))
    return tabulate(rows, head, tablefmt="github", disable_numparse=True, colalign=align)


def measure_prediction(name: str, labels: np.ndarray, alarms: np.ndarray) -> str:
    """Return what alarms get, as a cell; there is none for a metric over all thresholds."""
    if name not in ALARM_METRICS:
        return ""
    try:
        return show(ALARM_METRICS[name](labels, alarms))
    except UndefinedMetric:
        return ""


def mean(values: list[float | None]) -> str:
    """Return the mean as a cell."""
    return show(float(np.mean([value for value in values if value is not None])))


def show(value: float | None) -> str:
    """Return a value as a cell: three digits, fewer where it is no share."""
    if value is None:
        return ""
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"


def make_tables() -> dict[str, str]:
    """Return the tables of the page that need no data, by name."""
    return {
        "scores": describe([s for s in METRICS if s.kind == "score"]),
        "alarms": describe([s for s in METRICS if s.kind == "alarm" and not s.legacy]),
        "legacy": describe([s for s in METRICS if s.legacy]),
        "policies": tabulate(
            [(f"`{name}`", text) for name, text in POLICIES.items()],
            ("policy", "threshold"),
            tablefmt="github",
        ),
    }


def measure_vus() -> dict[str, str]:
    """Return the tables of what VUS-PR says of rare and of short events."""
    return {"floors": measure_floors(), "rare": measure_rare(), "shares": measure_shares()}


def make_page(text: str, tables: dict[str, str]) -> str:
    """Return the page with these tables between their marks, and the others as they were."""
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise LookupError(f"docs/metrics.md has no place for the table {name}")
        text = marked.sub(lambda m, t=table: f"{m[1]}\n{t}\n\n{m[2]}", text)
    return text


def main() -> None:
    """Make the tables of the page anew, that of the labels of SWaT only where these are."""
    tables = make_tables() | measure_vus()
    try:
        tables["nothing"] = measure_nothing()
    except FileNotFoundError as error:
        sys.stderr.write(f"One table stays as it is: there is no {error.filename}\n")
    PAGE.write_text(make_page(PAGE.read_text(), tables))


if __name__ == "__main__":
    main()
