"""Write the tables of docs/metrics.md: `tox -e docs`.

What a metric is comes from its specification. What nothing is worth is computed here, on the real
labels of SWaT that Huet et al. published beside their metrics, where BENCHKIT_DATA has them.
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
from benchkit.protocol.thresholds import POLICIES
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.specs import MetricSpec

PAGE = Path(__file__).with_name("metrics.md")
SEEDS = range(5)
SMOOTHING = 100
SHAPES = {"series": "series", "image-sequence": "images"}
PREDICTIONS = {"isolation forest": "swat_iforest", "seq2seq": "swat_seq2seq"}


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
    head = ("metric", "noise", "smooth noise", "constant", *PREDICTIONS)
    align = ("left", *["right"] * (len(head) - 1))
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
    tables = make_tables()
    try:
        tables["nothing"] = measure_nothing()
    except FileNotFoundError as error:
        sys.stderr.write(f"One table stays as it is: there is no {error.filename}\n")
    PAGE.write_text(make_page(PAGE.read_text(), tables))


if __name__ == "__main__":
    main()
