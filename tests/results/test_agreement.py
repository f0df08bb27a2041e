"""When two runs of a trial agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchkit.results import Entry, Record
from benchkit.results.agreement import Agreement, compare
from benchkit.results.folder import TrialFolder
from tests.records import METRICS, make_record

SCORES = np.linspace(0, 1, 100, dtype=np.float32)
THRESHOLDS = {"train_q99": 0.5, "oracle": 0.25}


def make_entry(path: Path, record: Record, scores: np.ndarray | None = SCORES) -> Entry:
    path.mkdir()
    if scores is not None:
        TrialFolder(path).keep_scores(SCORES[:10], scores)
    return Entry(TrialFolder(path), record)


@pytest.fixture
def run_again(tmp_path):
    """Give a function that compares a usual run with one that came to something else."""

    def run(
        metrics: dict | None = None,
        thresholds: dict | None = None,
        scores: np.ndarray = SCORES,
        kept: np.ndarray | None = SCORES,
        leave_out: tuple[str, ...] = (),
    ) -> Agreement:
        old = make_entry(tmp_path / "old", make_record(thresholds=THRESHOLDS), kept)
        record = make_record(
            metrics=METRICS | (metrics or {}), thresholds=THRESHOLDS | (thresholds or {})
        )
        return compare(old, make_entry(tmp_path / "new", record, scores), leave_out)

    return run


def verdicts(agreement: Agreement, tolerance: float) -> dict[str, str]:
    pairs = (*agreement.metrics, *agreement.thresholds)
    found = {pair.name: agreement.verdict(pair, tolerance) for pair in pairs}
    return {name: verdict for name, verdict in found.items() if verdict != "same"}


def moved(by: float = 1e-6) -> np.ndarray:
    scores = SCORES.copy()
    scores[3] += by
    return scores


def test_what_is_the_same_agrees_with_any_tolerance(run_again):
    agreement = run_again()
    assert agreement.agrees(0)
    assert agreement.agrees(0.1)
    assert verdicts(agreement, 0) == {}


def test_the_last_bit_of_a_metric_counts_without_a_tolerance(run_again):
    """And not with the least one."""
    agreement = run_again({"auc_pr": np.nextafter(0.5, 1)})
    assert not agreement.agrees(0)
    assert verdicts(agreement, 0) == {"auc_pr": "differs"}
    assert agreement.agrees(1e-12)


def test_the_last_bit_of_a_score_counts_without_a_tolerance(run_again):
    """With one, scores are shown and the metrics decide."""
    agreement = run_again(scores=moved())
    assert not agreement.agrees(0)
    assert agreement.agrees(1e-12)
    (test, calibration) = agreement.drifts
    assert (test.part, test.points, test.differing) == ("test", 100, 1)
    assert 0 < test.largest < 1e-5
    assert (calibration.differing, calibration.largest) == (0, 0.0)


@pytest.mark.parametrize("scores", [SCORES[1:], SCORES.astype(np.float64)])
def test_scores_of_another_length_or_type_are_others(run_again, scores):
    agreement = run_again(scores=scores)
    assert not agreement.agrees(0)
    assert agreement.drifts[0].largest == np.inf


def test_above_1_a_difference_is_relative(run_again, tmp_path):
    """A delay of 101 instead of 100 points is one hundredth off."""
    old = make_entry(tmp_path / "a", make_record(metrics={"delay": 100.0, "rate": 0.50}))
    new = make_entry(tmp_path / "b", make_record(metrics={"delay": 101.0, "rate": 0.51}))
    delay, rate = compare(old, new).metrics
    assert delay.distance == pytest.approx(1 / 101)
    assert rate.distance == pytest.approx(0.01)


def test_thresholds_are_as_far_apart_as_the_points_between_them(run_again):
    """Whatever the unit of the scores."""
    agreement = run_again(thresholds={"train_q99": 0.55})
    pair = next(pair for pair in agreement.thresholds if pair.name == "train_q99")
    assert pair.distance == pytest.approx(0.05)


def test_what_hangs_on_a_few_points_is_not_judged_where_scores_moved(run_again):
    """A threshold, and what is measured at it."""
    change = {"f1@oracle": 0.1, "auc_pr": 0.49}, {"train_q99": 0.9}
    agreement = run_again(*change, scores=moved())
    assert verdicts(agreement, 0.05) == {
        "auc_pr": "agrees",
        "f1@oracle": "jumped",
        "train_q99": "jumped",
    }
    assert agreement.agrees(0.05)
    assert not agreement.agrees(0.001)


def test_where_no_score_moved_everything_is_judged(run_again):
    """Then it is the metric's code that differs."""
    agreement = run_again({"f1@oracle": 0.1})
    assert verdicts(agreement, 0.05) == {"f1@oracle": "differs"}
    assert not agreement.agrees(0.05)


def test_without_stored_scores_nobody_knows_whether_they_moved(run_again):
    agreement = run_again({"f1@oracle": 0.1}, kept=None)
    assert agreement.drifts == ()
    assert verdicts(agreement, 0.05) == {"f1@oracle": "jumped"}


def test_a_metric_that_is_undefined_once_does_not_agree(run_again):
    """However large the tolerance."""
    agreement = run_again({"auc_pr": None})
    assert verdicts(agreement, 10) == {"auc_pr": "differs"}
    assert not agreement.agrees(10)


def test_a_metric_that_is_undefined_twice_agrees(tmp_path):
    records = make_record(metrics={"vus_pr": None})
    assert compare(
        make_entry(tmp_path / "a", records), make_entry(tmp_path / "b", records)
    ).agrees(0)


def test_metrics_that_nobody_has_any_more_are_left_out(run_again):
    agreement = run_again({"auc_pr": None}, leave_out=("auc_pr",))
    assert agreement.agrees(0)
    assert "auc_pr" not in {pair.name for pair in agreement.metrics}


def test_stored_scores_that_cannot_be_read_are_named(run_again, tmp_path):
    """The metrics are compared all the same."""
    old = make_entry(tmp_path / "a", make_record())
    (old.folder.path / "scores_test.npy").write_bytes(b"no array")
    agreement = compare(old, make_entry(tmp_path / "b", make_record()))
    assert agreement.unread
    assert agreement.agrees(0)


@pytest.mark.parametrize(
    ("then", "now", "agrees"),
    [("error", "error", True), ("ok", "error", False), ("timeout", "error", False)],
)
def test_failures_are_compared_by_their_status(tmp_path, then, now, agrees):
    old = make_entry(tmp_path / "a", make_record(status=then), None)
    new = make_entry(tmp_path / "b", make_record(status=now), None)
    assert compare(old, new).agrees(0.05) is agrees
