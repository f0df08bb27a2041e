"""VUS-PR where anomalies are rare: what 250 thresholds miss, and that the dense form does not."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings

from benchkit.metrics import UndefinedMetric, vus_pr, vus_pr_dense
from benchkit.metrics.ranking import Ranking
from benchkit.metrics.volume import range_areas
from tests.metrics import naive
from tests.metrics.drawing import ranked


def label_events(points: int, events: int, length: int) -> np.ndarray:
    """Return labels with events of one length, evenly spaced; boolean, (points,)."""
    labels = np.zeros(points, dtype=bool)
    for start in np.arange(1, events + 1) * (points // (events + 1)):
        labels[start : start + length] = True
    return labels


@pytest.mark.parametrize(("events", "sampled"), [(1, 0.047), (10, 0.222)])
def test_scores_without_a_mistake_get_1(events, sampled):
    """At the length of SWaT with events of 40, where 250 thresholds give them next to nothing."""
    labels = label_events(449_919, events, 40)
    scores = np.random.default_rng(0).permutation(len(labels)) + len(labels) * labels
    assert vus_pr_dense(labels, scores) == pytest.approx(1, abs=1e-12)
    assert vus_pr(labels, scores) == pytest.approx(sampled, abs=5e-4)


@given(case=ranked(size=30))
@settings(max_examples=25)
@pytest.mark.parametrize("window", [0, 1, 4, 11])
def test_is_what_its_definition_says(window, case):
    """Threshold by threshold and point by point; all scores are distinct thresholds here."""
    labels, scores = case
    expected = naive.vus_pr_dense(labels.tolist(), scores.tolist(), window)
    assert vus_pr_dense(labels, scores, window) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_is_what_its_definition_says_where_thresholds_are_sampled(decimals):
    """A series of 700 with 12 anomalous points: 120 alarms are dense, 580 are not."""
    labels = label_events(700, 3, 4)
    for seed in range(3):
        scores = np.random.default_rng(seed).normal(labels).round(decimals)
        expected = naive.vus_pr_dense(labels.tolist(), scores.tolist(), 6)
        assert vus_pr_dense(labels, scores, 6) == pytest.approx(expected, rel=0, abs=1e-12)


@given(case=ranked())
@settings(max_examples=40)
def test_is_vus_pr_where_its_thresholds_are_all_distinct_scores(case):
    """As in any series of at most 250 points, and with any window."""
    labels, scores = case
    assert vus_pr_dense(labels, scores, 9) == pytest.approx(vus_pr(labels, scores, 9), abs=1e-12)


def test_is_vus_pr_of_so_many_thresholds():
    """Of as many as there are points, where a tenth of these is anomalous."""
    labels = label_events(3000, 6, 50)
    scores = np.random.default_rng(3).normal(labels)
    every = np.mean(range_areas(Ranking.of(labels, scores), 100, samples=3000).pr)
    assert vus_pr_dense(labels, scores) == pytest.approx(every, abs=1e-12)


def test_keeps_one_window_in_memory_at_a_time():
    """101 windows times 200,000 thresholds would be 160 MB for each of several arrays."""
    labels = np.random.default_rng(0).random(200_000) < 0.3
    ranking = Ranking.of(labels, np.random.default_rng(1).normal(labels))
    tracemalloc.start()
    vus_pr_dense.of(ranking)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize(("label", "reason"), [(0, "no point"), (1, "every point")])
def test_does_not_exist_for_one_class(label, reason):
    """As VUS-PR does not."""
    with pytest.raises(UndefinedMetric, match=f"^{reason} is anomalous$"):
        vus_pr_dense(np.full(5, label), np.arange(5))


def test_no_other_thread_computes():
    """A product of BLAS starts some, which took seven times what the metric takes."""
    labels = label_events(200_000, 100, 300)
    scores = np.random.default_rng(0).random(len(labels))
    vus_pr_dense(labels, scores)
    before = time.process_time() - time.thread_time()
    vus_pr_dense(labels, scores)
    assert time.process_time() - time.thread_time() - before < 0.02
