"""What scores that know nothing get on the labels that detectors are measured on."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit import metrics
from benchkit.protocol import chance
from benchkit.protocol.chance import measure_chance
from benchkit.protocol.measurement import measure
from benchkit.protocol.truth import Truth
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.specs import MetricSpec

LABELS = np.zeros(10_000, dtype=bool)
LABELS[50::100] = True
"""A hundred events of one point: 1 % anomalous."""


@pytest.fixture(autouse=True)
def forget(monkeypatch):
    """Begin with nothing measured."""
    monkeypatch.setattr(chance, "_levels", {})


def broken_metric(labels, scores):
    raise ZeroDivisionError


def test_it_is_what_noise_gets():
    """Of VUS-PR not the share of anomalies, 0.01, but what their ramps make of it."""
    found = measure_chance(Truth(LABELS), METRICS)
    draws = [np.random.default_rng(seed).normal(size=10_000) for seed in range(100, 110)]
    for name, about in (("vus_pr", 0.02), ("vus_pr_dense", 0.02), ("auc_pr", 0.002)):
        expected = np.mean([getattr(metrics, name)(LABELS, draw) for draw in draws])
        assert found[name] == pytest.approx(expected, abs=about)
    assert found["vus_pr"] > 0.4
    assert found["auc_roc"] == pytest.approx(0.5, abs=0.02)


def test_it_is_of_metrics_over_all_thresholds_that_exist():
    """A metric at a threshold has none, and nor has one of somebody else's that fails."""
    theirs = MetricSpec("theirs", "fails", f"{__name__}:broken_metric")
    found = measure_chance(Truth(LABELS[:500]), [*METRICS, theirs])
    assert found.keys() == {spec.name for spec in METRICS if spec.kind == "score"}
    assert measure_chance(Truth(np.zeros(500, dtype=bool)), METRICS) == {}


def test_a_draw_and_the_same_turned_round_leave_nothing_to_chance_in_auc_roc():
    """Three pairs are as good as ten draws: AUC-ROC is that of a coin, whatever the labels."""
    for positives in (1, 3, 50):
        labels = np.arange(500) < positives
        assert measure_chance(Truth(labels), METRICS)["auc_roc"] == pytest.approx(0.5, abs=1e-12)


def test_it_is_the_same_each_time():
    """The draws are seeded, so that records of one dataset have one level."""
    first = measure_chance(Truth(LABELS[:500]), METRICS)
    chance._levels.clear()
    assert measure_chance(Truth(LABELS[:500]), METRICS) == first


def test_it_is_computed_once_for_the_same_labels_and_window(monkeypatch):
    """However many trials are measured against them."""
    drawn = []
    monkeypatch.setattr(chance, "_draw", lambda truth, specs: drawn.append(truth.window) or {})
    for truth in (Truth(LABELS), Truth(LABELS.copy()), Truth(LABELS, window=7), Truth(~LABELS)):
        measure_chance(truth, METRICS)
    assert drawn == [100, 7, 100]


def test_sequences_and_clear_points_have_their_own():
    """As the metrics over them: here half of the sequences are anomalous, a quarter of frames."""
    labels = np.zeros((100, 10), dtype=bool)
    labels[::2, :5] = True
    doubt = np.zeros(1000, dtype=bool)
    doubt[5::10] = True
    found = measure_chance(Truth(labels.ravel(), ambiguous=doubt, frames=10), METRICS)
    assert found["auc_pr"] == pytest.approx(0.25, abs=0.03)
    assert found["sequence_auc_pr"] == pytest.approx(0.5, abs=0.08)
    assert found["clear_auc_pr"] == pytest.approx(250 / 900, abs=0.03)


def test_it_stands_beside_what_is_measured():
    """In what becomes the record."""
    scores = np.random.default_rng(0).random(len(LABELS))
    truth = Truth(LABELS)
    found = measure(truth, scores, scores, METRICS)
    assert found.chance == measure_chance(truth, METRICS)
