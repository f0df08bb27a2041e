"""`benchkit score`: what the scores in the store say to a metric that came later."""

from __future__ import annotations

import pytest

from tests.installed import install

PLUGIN = """\
from benchkit import hookimpl
from benchkit.registry import MetricSpec


def highest(labels, scores):
    return scores.max()


@hookimpl
def benchkit_register_metrics(register):
    register(MetricSpec("highest", "the highest score", "later_metric:highest"))
"""
RUN = ("run", "-d", "pca", "-D", "tiny")


def by_detector(session) -> dict[str, dict]:
    return {record["detector"]["name"]: record for record, _ in session.records()}


def test_a_metric_that_came_later_reaches_what_ran_before(session, tmp_path):
    """No detector runs: times, scores and the rest of the record are those of before."""
    session.benchkit(*RUN)
    before = by_detector(session)
    site = install(
        tmp_path / "later", "later", {"later": "later_metric"}, {"later_metric.py": PLUGIN}
    )
    session.sites.append(site)
    done = session.benchkit("score")
    assert done.returncode == 0, done.stderr
    assert "4 records measured again" in done.stdout
    after = by_detector(session)
    assert after["pca"]["metrics"]["highest"] > 0
    for name, record in after.items():
        same = {"detector", "dataset", "seconds", "memory", "started", "finished", "environment"}
        assert {k: record[k] for k in same} == {k: before[name][k] for k in same}
        assert record["measured"] > before[name]["measured"]
        assert before[name]["metrics"].items() <= record["metrics"].items()
    assert "highest" in (tmp_path / "leaderboards" / "tiny.real.md").read_text()


def test_scores_and_logs_stay_with_their_trial(session):
    """What a trial left is carried over to its new folder."""
    session.benchkit(*RUN)
    before = {r["detector"]["name"]: {p.name for p in f.iterdir()} for r, f in session.records()}
    session.benchkit("score")
    after = {r["detector"]["name"]: {p.name for p in f.iterdir()} for r, f in session.records()}
    assert after == before
    assert "scores_test.npy" in after["pca"]


def test_other_thresholds_and_the_metrics_that_mislead_are_there_on_request(session):
    """Point adjustment is never computed unasked."""
    session.benchkit(*RUN)
    names = by_detector(session)["pca"]["metrics"]
    assert "f1@train_q90" not in names
    assert not any(name.startswith("pa_f1") for name in names)
    session.benchkit("score", "--thresholds", "train_q90,oracle", "--legacy-metrics")
    record = by_detector(session)["pca"]
    assert {"f1@train_q90", "f1@oracle", "pa_f1@oracle"} <= record["metrics"].keys()
    assert record["promised"] == {"train_q90": 0.1}
    assert "f1@pot" not in record["metrics"]


def test_what_cannot_be_measured_again_stays_as_it_is(session):
    """Scores that are gone: the record keeps its numbers, the command says so and exits 1."""
    session.benchkit(*RUN)
    (folder,) = [f for r, f in session.records() if r["detector"]["name"] == "pca"]
    (folder / "scores_test.npy").unlink()
    before = by_detector(session)["pca"]
    done = session.benchkit("score")
    assert done.returncode == 1
    assert "1 left as they were: its scores are not in the store: run it again" in done.stderr
    assert by_detector(session)["pca"] == before


def test_labels_of_other_data_are_not_used(session, tiny_site, tmp_path):
    """A dataset that has other values now than when a detector ran says nothing about it."""
    session.benchkit(*RUN)
    text = (tiny_site / "tiny_plugin.py").read_text()
    changed = text.replace("self.rows // 10", "self.rows // 5")
    site = install(
        tmp_path / "changed", "tiny-plugin", {"tiny": "tiny_plugin"}, {"tiny_plugin.py": changed}
    )
    session.sites[:] = [site]
    done = session.benchkit("score")
    assert done.returncode == 1
    assert "has other values now than when it ran" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("score",), "there are no records in leaderboards"),
        ((*RUN, "--thresholds", "train_99"), "'train_99' is no threshold policy: did you mean"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(session, arguments, message):
    done = session.benchkit(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
