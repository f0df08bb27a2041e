"""`benchkit score`: what the scores in the store say to a metric that came later."""

from __future__ import annotations

import json

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
MORE = '"later_metric:highest", higher_is_better=False, definition="of all"'
OWN = """\
class Mine:
    threshold_ = 25.0

    def fit(self, X):
        return self

    def decision_function(self, X):
        return (X**2).sum(axis=1)
"""
RUN = ("run", "-d", "pca", "-D", "tiny")


def by_detector(session) -> dict[str, dict]:
    return {record["detector"]["name"]: record for record, _ in session.records()}


def test_the_traceback_of_a_metric_that_raises_is_in_the_log_that_the_warning_names(
    session, tmp_path
):
    """Of a run as of a later computation."""
    files = {"later_metric.py": PLUGIN.replace("scores.max()", "{}['no such key']")}
    session.sites.append(install(tmp_path / "later", "later", {"later": "later_metric"}, files))
    assert session.benchkit(*RUN).returncode == 0
    for _ in range(2):
        (record, folder), *_ = (r for r in session.records() if not r[0]["detector"]["sanity"])
        told = "highest is undefined, the metric raised KeyError: 'no such key'; see log.txt"
        assert told in record["doubts"]
        assert "in highest" in (folder / "log.txt").read_text()
        (folder / "log.txt").write_text("")
        assert session.benchkit("score").returncode == 0


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


def test_a_record_of_before_gets_its_chance_level(session):
    """What random scores get on its labels; a record without it is read like any other."""
    session.benchkit(*RUN)
    levels = by_detector(session)["pca"]["chance"]
    for record, folder in session.records():
        del record["chance"]
        (folder / "record.json").write_text(json.dumps(record))
    done = session.benchkit("score")
    assert done.returncode == 0, done.stderr
    assert by_detector(session)["pca"]["chance"] == levels
    assert {"vus_pr", "vus_pr_dense", "auc_pr", "auc_roc"} <= levels.keys()


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
    assert names.items() <= record["metrics"].items()
    assert record["promised"] == {"train_q90": 0.1, "train_q99": 0.01}


def test_what_was_asked_for_once_stays(session):
    """A policy, a legacy metric: a later call adds and takes nothing away."""
    session.benchkit(*RUN, "--thresholds", "train_q90,own", "--legacy-metrics")
    before = by_detector(session)["pca"]
    assert "pa_f1@train_q90" in before["metrics"]
    session.benchkit("score")
    assert by_detector(session)["pca"]["metrics"] == before["metrics"]
    session.benchkit("score", "--thresholds", "train_q95", "--thresholds", "pot")
    after = by_detector(session)["pca"]
    assert before["metrics"].items() <= after["metrics"].items()
    assert {"f1@train_q95", "pa_f1@train_q95", "f1@pot"} <= after["metrics"].keys()


def test_what_is_removed_is_named(session):
    """A policy, a metric, one of both; what is left stays, and a name that is none is refused."""
    session.benchkit(*RUN, "--thresholds", "train_q90,train_q99", "--legacy-metrics")
    before = by_detector(session)["pca"]
    done = session.benchkit("score", "--remove", "train_q90,pa_f1", "--remove", "f1@train_q99")
    assert done.returncode == 0, done.stderr
    after = by_detector(session)["pca"]
    gone = before["metrics"].keys() - after["metrics"].keys()
    assert gone == {
        name
        for name in before["metrics"]
        if name.endswith("@train_q90") or name in ("pa_f1@train_q99", "f1@train_q99")
    }
    assert after["thresholds"].keys() == before["thresholds"].keys() - {"train_q90"}
    assert after["promised"] == {"train_q99": 0.01}
    refused = session.benchkit("score", "--remove", "train_q91")
    assert refused.returncode == 2
    assert "no record has 'train_q91'" in refused.stderr


def test_a_metric_whose_plugin_is_gone_stays_as_it_was(session, tmp_path):
    """Nothing computes it, so it is not computed; its value, and what it means, are kept."""
    files = {"later_metric.py": PLUGIN.replace('"later_metric:highest"', MORE)}
    session.sites.append(install(tmp_path / "later", "later", {"later": "later_metric"}, files))
    session.benchkit(*RUN)
    before = by_detector(session)["pca"]
    session.sites.pop()
    done = session.benchkit("score")
    assert done.returncode == 0
    assert "4 keep highest as it was: nothing installed here computes it" in done.stderr
    after = by_detector(session)["pca"]
    assert after["metrics"] == before["metrics"]
    assert after["definitions"]["highest"] == "of all"
    assert "highest" in after["lower_is_better"]


def test_a_detectors_own_threshold_can_be_asked_for_later(session, tmp_path):
    """It is learned once, while the detector runs."""
    (tmp_path / "mine.py").write_text(OWN)
    run = ("run", "-d", "mine.py:Mine", "-D", "tiny", "--thresholds", "train_q99")
    session.benchkit(*run)
    assert "f1@own" not in by_detector(session)["mine:Mine"]["metrics"]
    session.benchkit("score", "--thresholds", "own")
    record = by_detector(session)["mine:Mine"]
    assert record["thresholds"]["own"] == 25.0
    assert record["metrics"]["f1@own"] > 0.9


def test_a_run_says_what_recorded_trials_lack(session):
    """They are not measured again by it, and the command that does that is named."""
    session.benchkit(*RUN, "--out", "mine")
    run = (*RUN, "--out", "mine", "--thresholds", "train_q90", "--legacy-metrics")
    done = session.benchkit(*run)
    assert (
        "trials that are recorded have no pa_f1, train_q90: 'benchkit score --thresholds "
        "train_q90 --legacy-metrics --out mine' adds what is missing"
    ) in " ".join(done.stderr.split())
    session.benchkit("score", "--thresholds", "train_q90", "--legacy-metrics", "--out", "mine")
    assert "adds what is missing" not in session.benchkit(*run).stderr


@pytest.mark.parametrize("left", [None, b"\x93NUMPY"])
def test_what_cannot_be_measured_again_stays_as_it_is(session, left):
    """Scores that are gone or damaged: the record keeps its numbers, and the exit code is 1."""
    session.benchkit(*RUN)
    (folder,) = [f for r, f in session.records() if r["detector"]["name"] == "pca"]
    (folder / "scores_test.npy").unlink()
    if left:
        (folder / "scores_test.npy").write_bytes(left)
    before = by_detector(session)["pca"]
    done = session.benchkit("score")
    assert done.returncode == 1
    assert "3 records measured again" in done.stdout
    assert "1 left as it was: its scores are not in the store, or damaged: " in done.stderr
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
