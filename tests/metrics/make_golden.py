"""Write golden.npz: what independent packages make of random cases.

Run with a Python that has TSB_AD 1.5 and prts 1.0.0.3, and numpy below 2, which TSB_AD needs; of
its other dependencies only scipy, scikit-learn and pandas are imported here::

    pip install 'numpy<2' scipy scikit-learn pandas
    pip install --no-deps TSB_AD==1.5 prts==1.0.0.3
    python tests/metrics/make_golden.py
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from prts import ts_precision, ts_recall
from TSB_AD.evaluation.affiliation.generics import convert_vector_to_events
from TSB_AD.evaluation.affiliation.metrics import pr_from_events
from TSB_AD.evaluation.basic_metrics import basic_metricor

FIXTURE = Path(__file__).with_name("golden.npz")
CASES = 120
WINDOWS = (0, 1, 2, 3, 7, 10, 33, 100)


def draw_case(generator: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Return labels, scores and a window; every third case has one of the usual troubles."""
    n = int(generator.integers(8, 220))
    labels = np.zeros(n, dtype=int)
    if number % 3 == 0:  # many short events, most of them next to each other
        labels = (generator.random(n) < generator.choice([0.03, 0.2, 0.5, 0.8])).astype(int)
    else:
        for _ in range(int(generator.integers(1, 6))):
            start = int(generator.integers(0, n))
            labels[start : start + int(generator.integers(1, 15))] = 1
    if number % 4 == 0:
        labels[0] = labels[-1] = 1
    if number % 5 == 0:  # events of one point, one apart
        labels[n // 2 - 2 : n // 2 + 3] = [0, 1, 0, 1, 0]
    if labels.all():
        labels[n // 3] = 0
    if not labels.any():
        labels[n // 3] = 1
    scores = generator.normal(size=n) + labels * generator.choice([0, 0.5, 2])
    if number % 2:
        scores = np.round(scores)
    if number % 10 == 7:
        scores = scores.astype(int)
    return labels, scores, int(generator.choice(WINDOWS))


def ask_tsb_ad(
    labels: np.ndarray, scores: np.ndarray, window: int, alarms: np.ndarray
) -> dict[str, float]:
    """Return what TSB_AD says of scores, and of alarms."""
    grader = basic_metricor()
    tpr, fpr, precision, _, vus_roc, vus_pr = grader.RangeAUC_volume_opt(labels, scores, window)
    tpr, fpr, precision = tpr[-1], fpr[-1], precision[-1]
    near = pr_from_events(
        convert_vector_to_events(alarms), convert_vector_to_events(labels), (0, len(labels))
    )
    return {
        "vus_roc": vus_roc,
        "vus_pr": vus_pr,
        "range_auc_roc": float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)),
        "range_auc_pr": float(np.sum(np.diff(tpr[:-1]) * precision[1:])),
        "auc_roc": grader.metric_ROC(labels, scores),
        "auc_pr": grader.metric_PR(labels, scores),
        "f1": grader.metric_PointF1(labels, scores, preds=alarms),
        "pa_f1": grader.metric_PointF1PA(labels, scores, preds=alarms),
        "composite_f1": grader.metric_EventF1PA(labels, scores, preds=alarms),
        "range_f1": grader.metric_RF1(labels, scores, preds=alarms),
        "affiliation_f1": grader.metric_Affiliation(labels, scores, preds=alarms),
        "affiliation_precision": near["Affiliation_Precision"],
        "affiliation_recall": near["Affiliation_Recall"],
    }


def ask_prts(labels: np.ndarray, alarms: np.ndarray) -> dict[str, float]:
    """Return range precision and recall of prts, with the settings that benchkit has."""
    return {
        "range_precision": ts_precision(labels, alarms, cardinality="reciprocal", bias="flat"),
        "range_recall": ts_recall(
            labels, alarms, alpha=0.2, cardinality="reciprocal", bias="flat"
        ),
        "range_recall_0": ts_recall(
            labels, alarms, alpha=0.0, cardinality="reciprocal", bias="flat"
        ),
    }


def make_golden() -> dict[str, np.ndarray]:
    """Return all cases end to end, with their lengths, and the answers, one number a case."""
    generator = np.random.default_rng(20)
    parts: dict[str, list[np.ndarray]] = {"labels": [], "scores": [], "alarms": []}
    windows, answers = [], []
    for number in range(CASES):
        labels, scores, window = draw_case(generator, number)
        alarms = (scores >= np.quantile(scores, generator.choice([0.3, 0.8, 0.97]))).astype(int)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers.append(ask_tsb_ad(labels, scores, window, alarms) | ask_prts(labels, alarms))
        windows.append(window)
        for name, array in zip(parts, (labels, scores, alarms), strict=True):
            parts[name].append(array)
    arrays = {name: np.concatenate(part) for name, part in parts.items()}
    arrays["labels"] = np.packbits(arrays["labels"])
    arrays["alarms"] = np.packbits(arrays["alarms"])
    arrays["lengths"] = np.array([len(part) for part in parts["scores"]])
    arrays["windows"] = np.array(windows)
    return arrays | {f"@{name}": np.array([a[name] for a in answers]) for name in answers[0]}


if __name__ == "__main__":
    np.savez_compressed(FIXTURE, **make_golden())
