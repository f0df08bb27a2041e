"""The same numbers as independent packages; make_golden.py wrote down what they gave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchkit import metrics
from benchkit.metrics.evaluation import SCORE_METRICS

GOLDEN = np.load(Path(__file__).with_name("golden.npz"))
LENGTHS = GOLDEN["lengths"]
BORDERS = np.append(0, np.cumsum(LENGTHS))


def case(number):
    """Return labels, scores, alarms and window of a case."""
    here = slice(BORDERS[number], BORDERS[number + 1])
    labels = np.unpackbits(GOLDEN["labels"])[here]
    alarms = np.unpackbits(GOLDEN["alarms"])[here]
    return labels, GOLDEN["scores"][here], alarms, int(GOLDEN["windows"][number])


def departs(name, labels, alarms):
    """Whether TSB-AD 1.5 departs from the article here; benchkit follows the article."""
    if name == "pa_f1":  # the first point of the series is never adjusted
        return bool(labels[0] and not alarms[0] and alarms[: np.argmin(labels)].any())
    if name == "composite_f1":  # an event at the end loses its last point
        event = labels[np.flatnonzero(labels == 0)[-1] + 1 :] if labels[-1] else labels[:0]
        return bool(len(event) and alarms[-1] and not alarms[-len(event) : -1].any())
    return name == "range_f1" and bool(alarms.all())  # one range that is everything is none


@pytest.mark.parametrize("name", [name for name in SCORE_METRICS if name != "vus_pr_dense"])
def test_areas_are_those_of_tsb_ad(name):
    """To 1e-12 on 120 cases with ties, whole scores, touching events and events at both ends."""
    for number, expected in enumerate(GOLDEN[f"@{name}"]):
        labels, scores, _, window = case(number)
        settings = {} if name.startswith("auc") else {"window": window}
        value = getattr(metrics, name)(labels, scores, **settings)
        assert value == pytest.approx(expected, rel=0, abs=1e-12), number


@pytest.mark.parametrize(
    "name",
    [
        "f1",
        "pa_f1",
        "composite_f1",
        "range_f1",
        "affiliation_f1",
        "affiliation_precision",
        "affiliation_recall",
    ],
)
def test_metrics_over_alarms_are_those_of_tsb_ad(name):
    """To 1e-12, but for the few cases in which it departs from the article."""
    departed = 0
    for number, expected in enumerate(GOLDEN[f"@{name}"]):
        labels, _, alarms, _ = case(number)
        value = getattr(metrics, name)(labels, alarms)
        if departs(name, labels, alarms):
            departed += 1
            assert value >= expected, number
        else:
            assert value == pytest.approx(expected, rel=0, abs=1e-12), number
    assert departed < 20


@pytest.mark.parametrize(
    ("answer", "name", "more"),
    [
        ("range_precision", "range_precision", {}),
        ("range_recall", "range_recall", {}),
        ("range_recall_0", "range_recall", {"alpha": 0}),
    ],
)
def test_range_metrics_are_those_of_prts(answer, name, more):
    """The package that follows Tatbul et al.; alpha is the only setting that is left open."""
    for number, expected in enumerate(GOLDEN[f"@{answer}"]):
        labels, _, alarms, _ = case(number)
        value = getattr(metrics, name)(labels, alarms, **more)
        assert value == pytest.approx(expected, rel=0, abs=1e-12), number
