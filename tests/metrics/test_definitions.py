"""Every metric over alarms against its article's formula, written out slowly in naive.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings

from benchkit import metrics
from tests.metrics import naive
from tests.metrics.drawing import alarmed, ranked

NEED_ALARMS = ["event_precision", "range_precision", "affiliation_precision"]
NEED_NONE = [
    "event_recall",
    "event_f1",
    "composite_f1",
    "range_recall",
    "range_f1",
    "affiliation_recall",
    "affiliation_f1",
    "pa_f1",
    "pa_k_f1",
]


@pytest.mark.parametrize("name", [*NEED_ALARMS, *NEED_NONE])
@given(case=alarmed())
@settings(max_examples=40)
def test_is_what_its_article_says(name, case):
    """To 1e-12 on events that touch, stand at the ends, or have one point."""
    labels, alarms = case
    assume(alarms.any() or name in NEED_NONE)
    value = getattr(metrics, name)(labels, alarms)
    expected = getattr(naive, name)(labels.tolist(), alarms.tolist())
    assert value == pytest.approx(float(expected), rel=0, abs=1e-12)


@pytest.mark.parametrize("name", NEED_ALARMS)
def test_precision_without_alarms_does_not_exist(name):
    """Nothing was claimed, so nothing can be right or wrong."""
    with pytest.raises(metrics.UndefinedMetric, match="^no point has an alarm$"):
        getattr(metrics, name)(np.array([0, 1, 0]), np.zeros(3))


@pytest.mark.parametrize("name", NEED_NONE)
def test_without_alarms_it_is_zero(name):
    """A detector that never raises the alarm found nothing, which is a value and a bad one."""
    assert getattr(metrics, name)(np.array([0, 1, 0]), np.zeros(3)) == 0


@pytest.mark.parametrize("name", [*NEED_NONE, "detection_delay", "affiliation_precision"])
def test_without_anomalies_it_does_not_exist(name):
    """It is undefined, not zero, and the reason is given."""
    with pytest.raises(metrics.UndefinedMetric, match="^no point is anomalous$"):
        getattr(metrics, name)(np.zeros(3), np.array([0, 1, 0]))


@pytest.mark.parametrize("name", ["event_f1", "false_alarm_rate", "false_alarms_per_1000"])
def test_without_normal_points_false_alarms_do_not_exist(name):
    """Every alarm is right there."""
    with pytest.raises(metrics.UndefinedMetric, match="^every point is anomalous$"):
        getattr(metrics, name)(np.ones(3), np.array([0, 1, 0]))


@given(case=alarmed())
@settings(max_examples=40)
def test_false_alarms_are_counted_by_stretches(case):
    """One that touches no event counts once, however long; one that touches an event never."""
    labels, alarms = case
    count = naive.false_alarms(labels, alarms)
    normal = np.sum(~labels)
    assert metrics.false_alarms_per_1000(labels, alarms) == pytest.approx(1000 * count / normal)
    per_day = metrics.false_alarms_per_day(labels, alarms, period=10.0)
    assert per_day == pytest.approx(count / (normal * 10 / 86_400))


def test_without_a_clock_there_are_no_alarms_per_day():
    """A number of days is not made up."""
    with pytest.raises(metrics.UndefinedMetric, match="^the series has no clock$"):
        metrics.false_alarms_per_day(np.array([0, 1]), np.array([0, 1]))


@given(case=alarmed())
@settings(max_examples=40)
def test_delay_is_from_the_start_of_an_event_to_its_first_alarm(case):
    """As a mean over events found; an event that is missed has none."""
    labels, alarms = case
    if not np.any(labels & alarms):
        with pytest.raises(metrics.UndefinedMetric, match="^no event is found$"):
            metrics.detection_delay(labels, alarms)
        return
    expected = naive.detection_delay(labels, alarms)
    assert metrics.detection_delay(labels, alarms) == pytest.approx(expected)


def test_to_always_alarm_is_not_precise_about_events():
    """One alarm without end finds all events and is worth nothing."""
    labels = np.array([0, 1, 1, 0, 0, 1])
    assert metrics.event_recall(labels, np.ones(6)) == 1
    assert metrics.event_f1(labels, np.ones(6)) == 0


@given(case=ranked(size=25))
@settings(max_examples=25)
@pytest.mark.parametrize("window", [0, 1, 2, 5, 12])
def test_range_areas_are_what_their_definition_says(window, case):
    """Threshold by threshold and point by point."""
    labels, scores = case
    roc, pr = naive.range_areas(labels.tolist(), scores.tolist(), window)
    assert metrics.range_auc_roc(labels, scores, window) == pytest.approx(roc, rel=0, abs=1e-12)
    assert metrics.range_auc_pr(labels, scores, window) == pytest.approx(pr, rel=0, abs=1e-12)


@given(case=ranked())
@settings(max_examples=40)
def test_vus_is_the_mean_of_range_areas_over_windows(case):
    """From window 0 to the one given, both included."""
    labels, scores = case
    for vus, area in (
        (metrics.vus_roc, metrics.range_auc_roc),
        (metrics.vus_pr, metrics.range_auc_pr),
    ):
        mean = np.mean([area(labels, scores, window=w) for w in range(8)])
        assert vus(labels, scores, window=7) == pytest.approx(mean, rel=0, abs=1e-12)
