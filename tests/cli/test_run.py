"""`benchkit run` as a user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.installed import install

FIFTEEN_LINES = """\
import numpy as np


class Median:
    \"\"\"Distance from the training median.\"\"\"

    def __init__(self, power=1):
        self.power = power

    def fit(self, X):
        self.median_ = np.median(X, axis=0)
        return self

    def decision_function(self, X):
        return (np.abs(X - self.median_) ** self.power).sum(axis=1)
"""

PLUGIN = """\
from benchkit import hookimpl
from benchkit.registry import DetectorSpec


@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("median", "distance from the median", "medians.median:Median",
                          presets={"square": {"power": 2}}))
"""

OBSERVER = """\
from benchkit import hookimpl


@hookimpl
def benchkit_trial_started(trial):
    print("STARTED", trial)


@hookimpl
def benchkit_trial_finished(record):
    raise OSError("my notebook is full")
"""


def all_records(session) -> list[dict]:
    return [record for record, _ in session.records()]


def test_a_class_in_a_plain_file_runs_by_its_path(session):
    """Fifteen lines that never heard of benchkit get onto the board."""
    (session.folder / "mine.py").write_text(FIFTEEN_LINES)
    result = session.benchkit("run", "-d", "./mine.py:Median[power=[1,2]]", "-D", "tiny")
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader((session.folder / "leaderboards/series.real.csv").open()))
    best = {row["detector"]: float(row["auc_roc"]) for row in rows}
    assert best["mine:Median[power=1]"] > 0.99
    assert best["mine:Median[power=2]"] > 0.99


def test_a_path_keeps_this_machines_folders_out_of_the_records(session):
    """A record names the file, not where it lay."""
    (session.folder / "mine.py").write_text(FIFTEEN_LINES)
    session.benchkit("run", "-d", "./mine.py:Median", "-D", "tiny")
    assert str(session.folder) not in json.dumps(all_records(session))


def test_an_edited_detector_runs_again(session):
    """What is recorded for other code is not taken for a result of this code."""
    mine = session.folder / "mine.py"
    mine.write_text(FIFTEEN_LINES)
    arguments = ("run", "-d", "./mine.py:Median", "-D", "tiny")
    session.benchkit(*arguments)
    assert "0 trials to run, 4 recorded already\n" in session.benchkit(*arguments).stderr
    mine.write_text(FIFTEEN_LINES.replace("np.abs", "np.square"))
    once_more = session.benchkit(*arguments).stderr
    assert "1 trial to run on cpu: one trial at a time, 1 thread; 3 recorded already" in once_more


def test_a_row_is_of_one_code(session):
    """Seeds of an edited detector are not averaged with those of what it was before."""
    mine = session.folder / "mine.py"
    mine.write_text(FIFTEEN_LINES)
    session.benchkit("run", "-d", "./mine.py:Median", "-D", "tiny", "--seeds", "3")
    mine.write_text(FIFTEEN_LINES.replace(".sum(axis=1)", ".sum(axis=1) * -1"))
    session.benchkit("run", "-d", "./mine.py:Median", "-D", "tiny")
    rows = list(csv.DictReader((session.folder / "leaderboards/series.real.csv").open()))
    (row,) = [row for row in rows if row["detector"] == "mine:Median"]
    assert row["seeds"] == "0"
    board = (session.folder / "leaderboards/tiny.real.md").read_text()
    assert "3 older or not comparable results are left out" in board


def test_the_tables_on_the_screen_are_of_this_plan(session):
    """What an earlier command ran is on the boards, not among the results of this one."""
    session.benchkit("run", "-d", "knn", "-D", "tiny")
    result = session.benchkit("run", "-d", "pca", "-D", "tiny")
    assert "\npca " in result.stdout
    assert "\nknn " not in result.stdout


def test_two_files_that_would_share_a_row_are_refused(session):
    """Neither of two detectors of one name vanishes without a word."""
    (session.folder / "other").mkdir()
    for folder in (session.folder, session.folder / "other"):
        (folder / "mine.py").write_text(FIFTEEN_LINES)
    result = session.benchkit("run", "-d", "./mine.py:Median,./other/mine.py:Median", "-D", "tiny")
    assert result.returncode == 2
    assert "would both be called 'mine:Median'" in result.stderr


def test_an_installed_package_runs_by_name_and_preset(session, tmp_path):
    """An author's package is found through its entry point, and its preset is applied."""
    files = {"medians/__init__.py": "", "medians/plugin.py": PLUGIN,
             "medians/median.py": FIFTEEN_LINES}  # fmt: skip
    session.sites.append(
        install(tmp_path / "medians", "medians", {"medians": "medians.plugin"}, files)
    )
    result = session.benchkit("run", "-d", "median@square,median", "-D", "tiny")
    assert result.returncode == 0, result.stderr
    facts = {r["detector"]["label"]: r["detector"] for r in all_records(session)}
    assert facts["median@square"]["params"] == {"power": 2}
    assert facts["median"]["version"] == "1.0"
    assert facts["median"]["plugin"] == "medians"


def test_an_observer_that_fails_is_named_and_harms_nothing(session, tmp_path):
    """A plugin's hook that raises is a line on the screen; the run goes on."""
    files = {"watcher.py": OBSERVER}
    session.sites.append(install(tmp_path / "w", "watcher", {"watcher": "watcher"}, files))
    result = session.benchkit("run", "-d", "pca", "-D", "tiny")
    assert result.returncode == 0
    assert "STARTED pca on tiny/plain (real) seed 0" in result.stdout
    assert "plugin 'watcher' failed in benchkit_trial_finished: OSError: my note" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-d", "pcaa", "-D", "tiny"), "unknown detector 'pcaa': did you mean 'pca'"),
        (("-d", "pca", "-D", "tinny"), "unknown dataset 'tinny': did you mean 'tiny'"),
        (("-d", "pca", "-D", "tiny/plane"), "no member 'plane': did you mean 'plain'"),
        (("-d", "iforest@papr", "-D", "tiny"), "no preset 'papr': did you mean 'paper'"),
        (("-d", "pca[component=3]", "-D", "tiny"), "'component': did you mean 'components'"),
        (("-d", "pca", "-D", "tiny[row=3]"), "'row': did you mean 'rows'"),
        (("-d", "pca[random_state=3]", "-D", "tiny"), "use --seeds"),
        (("-d", "./gone.py:Mine", "-D", "tiny"), "there is no file ./gone.py"),
        (("-d", "no.such.module:Mine", "-D", "tiny"), "ModuleNotFoundError: No module named 'no'"),
        (("-d", "pca[", "-D", "tiny"), "a bracket in 'pca[' is never closed"),
        (("-d", "pca", "-D", "tiny/nan"), "train has the value nan at row 7, position [2]"),
        (("-d", "pca", "-D", "tiny/raises"), "KeyError: 'no such thing' (traceback: "),
        (("-d", "pca", "-D", "tiny", "--device", "gpu"), "unknown device 'gpu'"),
        (("-d", "pca", "-D", "tiny", "--device", "cuda:77"), "there is no device 'cuda:77' here"),
        (("-d", "pca", "-D", "tiny", "--variant", "sim"), "no variant 'sim', only 'real'"),
        (("-d", "./mine.py", "-D", "tiny"), "there is no file ./mine.py: a detector by path is"),
        (("-d", "pca", "-D", "tiny", "--memory-limit", "1M"), "give at least 256M"),
        (("-d", "pca", "-D", "TINY"), "did you mean 'tiny'"),
        (("-d", "pca", "-D", "tiny", "--timeout", "soon"), "cannot read --timeout 'soon'"),
        (("-d", "pca", "-D", "tiny", "--seeds", "x"), "cannot read --seeds 'x'"),
    ],
)
def test_misuse_ends_before_any_work_with_one_line(session, arguments, message):
    """Exit code 2, one line that says what is wrong and what would be right, nothing run."""
    result = session.benchkit("run", *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert all_records(session) == []


def test_the_traceback_of_a_plugin_that_cannot_be_loaded_is_kept(session):
    """The file that the message names holds the traceback that the screen was spared."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny/raises")
    path = Path(result.stderr.partition("(traceback: ")[2].strip().rstrip(")"))
    assert 'raise KeyError("no such thing")' in path.read_text()


def test_a_class_without_scores_is_refused(session):
    """A class that has no decision_function is no detector, and that is said at once."""
    foreign = Path(__file__).parent.parent / "execution" / "foreign.py"
    result = session.benchkit("run", "-d", f"{foreign}:NoScores", "-D", "tiny")
    assert result.returncode == 2
    assert "class NoScores has no method decision_function(X)" in result.stderr


def test_a_constant_channel_is_noted_and_every_baseline_copes(session):
    """The board says which channel never moves; no baseline fails on it."""
    result = session.benchkit("run", "-d", "pca,iforest,knn", "-D", "tiny/constant")
    assert result.returncode == 0, result.stderr
    assert "constant in train: c1" in (session.folder / "leaderboards/tiny.real.md").read_text()


def test_a_large_offset_costs_no_quality_and_stands_on_the_board(session):
    """In float32 the noise around 1e9 would be gone: AUC-ROC was 0.5."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny,tiny/offset")
    note = "shifted so that float32 keeps what varies: c0 less "
    assert f"tiny/offset: {note}" in " ".join(result.stderr.split())
    found = {
        r["dataset"]["member"]: r["metrics"]["auc_roc"]
        for r in all_records(session)
        if r["detector"]["name"] == "distance"
    }
    assert found["plain"] > 0.999
    assert found["offset"] == pytest.approx(found["plain"], abs=1e-6)
    assert note in (session.folder / "leaderboards/tiny.real.md").read_text()


def test_a_metric_that_does_not_exist_is_undefined_not_zero(session):
    """Without an anomaly there is no AUC: null in the record, a reason on the board."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny/quiet")
    assert "tiny/quiet: no test point is labelled anomalous" in " ".join(result.stderr.split())
    record = next(r for r in all_records(session) if r["detector"]["name"] == "pca")
    assert record["metrics"]["auc_roc"] is None
    assert record["undefined"]["auc_roc"] == "no point is anomalous"
    board = (session.folder / "leaderboards/tiny.real.md").read_text()
    assert "undefined" in board
    assert "no point is anomalous" in board


def test_the_same_seed_gives_the_same_scores_to_the_bit(session):
    """Python's and numpy's generators are seeded alike in every trial of a seed."""
    foreign = Path(__file__).parent.parent / "execution" / "foreign.py"
    scores = []
    for _ in range(2):
        session.benchkit("run", "-d", f"{foreign}:Noisy", "-D", "tiny", "--rerun", "all")
        (path,) = session.folder.glob("leaderboards/records/*Noisy*/scores_test.npy")
        scores.append(path.read_bytes())
    assert scores[0] == scores[1]


def test_scikit_learns_outlier_estimators_are_turned_the_right_way(session):
    """Their low scores are anomalous; by dotted name they come out right without an adapter."""
    name = "sklearn.ensemble:IsolationForest[n_estimators=20]"
    result = session.benchkit("run", "-d", name, "-D", "tiny")
    assert result.returncode == 0, result.stderr
    record = next(r for r in all_records(session) if not r["detector"]["sanity"])
    assert record["metrics"]["auc_roc"] > 0.9


def test_a_detector_that_takes_a_device_is_given_one(session):
    """Where the constructor has the argument, the harness fills it and records it."""
    foreign = Path(__file__).parent.parent / "execution" / "foreign.py"
    session.benchkit("run", "-d", f"{foreign}:WantsDevice", "-D", "tiny", "--device", "cpu")
    (log,) = session.folder.glob("leaderboards/records/*WantsDevice*/log.txt")
    assert log.read_text() == "device cpu\n"


def test_failed_trials_are_run_again_only_when_asked(session):
    """A failure is a result: the plan counts it, --rerun failed tries it again."""
    foreign = Path(__file__).parent.parent / "execution" / "foreign.py"
    arguments = ("run", "-d", f"{foreign}:Raises", "-D", "tiny")
    assert session.benchkit(*arguments).returncode == 1
    again = session.benchkit(*arguments)
    assert "0 trials to run, 4 recorded" in again.stderr
    assert "1 of 4 trials failed (1 of them earlier: --rerun failed tries again)" in again.stderr
    assert again.returncode == 1
    rerun = session.benchkit(*arguments, "--rerun", "failed")
    assert "1 trial to run on cpu: one trial at a time, 1 thread; 3 recorded" in rerun.stderr
    assert len(all_records(session)) == 4


def test_quiet_prints_nothing_where_nothing_is_wrong(session):
    """-q: not a word on either stream."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny", "-q")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_dry_run_shows_the_plan_and_writes_nothing(session):
    """--dry-run checks everything and leaves no folder."""
    result = session.benchkit("run", "-d", "pca", "-D", "tiny", "--seeds", "2", "--dry-run")
    assert result.returncode == 0
    assert "8 trials to run on cpu" in result.stderr
    assert "pca on tiny/plain (real) seed 1" in result.stdout.splitlines()
    assert not (session.folder / "leaderboards").exists()


def test_without_data_or_network_a_stand_in_is_taken_and_said(session):
    """Auto falls back to sim, says so in a line with how to get the real data, and marks all."""
    result = session.benchkit("run", "-d", "pca", "-D", "kdd99", "--offline")
    assert result.returncode == 0, result.stderr
    (line,) = [text for text in result.stderr.splitlines() if "using simulated data" in text]
    assert line.startswith("kdd99: using simulated data")
    assert "kdd.ics.uci.edu" in line
    assert "kdd99 (sim)" in result.stdout
    assert {r["dataset"]["variant"] for r in all_records(session)} == {"sim"}
    assert "**Simulated data.**" in (session.folder / "leaderboards/kdd99.sim.md").read_text()


def test_each_split_of_a_stand_in_says_how_to_get_its_own_files(session):
    """One line for each of them."""
    data = "kdd99,kdd99[split=corrected]"
    result = session.benchkit("run", "-d", "pca", "-D", data, "--offline", "--dry-run")
    first, second = (line for line in result.stderr.splitlines() if "simulated data" in line)
    assert "put kddcup.data.gz and kddcup.data_10_percent.gz from" in first
    assert "put kddcup.data_10_percent.gz and corrected.gz from" in second


def test_require_real_refuses_a_stand_in(session):
    """--require-real ends the run instead, and says how to get the data."""
    result = session.benchkit("run", "-d", "pca", "-D", "kdd99", "--offline", "--require-real")
    assert result.returncode == 2
    assert "kdd.ics.uci.edu" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_series_detectors_take_images_frame_by_frame(session):
    """A detector of rows is on the board of an image sequence, one score a frame."""
    # Frames: nothing has to be trained for them.
    data = ("-D", "mnist-seq/all[style=frames]", "--variant", "sim")
    result = session.benchkit("run", "-d", "pca", *data)
    assert result.returncode == 0, result.stderr
    record = next(r for r in all_records(session) if r["detector"]["name"] == "pca")
    sequences, frames = record["dataset"]["test_shape"][:2]
    assert record["dataset"]["points"] == sequences * frames


@pytest.mark.slow
@pytest.mark.real_data
def test_the_distance_from_the_mean_has_auc_099_on_the_real_kdd99(session, real_data):
    """The whole real set goes through the door, and the sanity row gets what is known of it."""
    session.variables["BENCHKIT_DATA"] = str(real_data)
    result = session.benchkit("run", "-d", "distance", "-D", "kdd99", "--require-real")
    assert result.returncode == 0, result.stderr
    assert "kdd99 (real): test 494021 x 34" in result.stderr
    facts = {
        (r["detector"]["label"], r["dataset"]["label"]): r
        for r in all_records(session)
    }  # fmt: skip
    record = facts["distance", "kdd99"]
    assert record["dataset"]["train_shape"] == [562387, 34]
    assert record["metrics"]["auc_roc"] >= 0.99
    assert facts["constant", "kdd99"]["metrics"]["f1@oracle"] == pytest.approx(0.8908, abs=1e-4)


class TestWrongRequests:
    def test_all_that_is_wrong_is_said_at_once(self, session):
        """Names, presets, parameters, paths and options, a line each; nothing is written."""
        wrong = ("-d", "pcaa,iforest@papr", "-d", "knn[neighbors=1,foo=2],gone.py:Mine")
        more = ("-D", "tniy,./plant.csv", "-D", "tiny[rowss=3]", "--thresholds", "oracel")
        done = session.benchkit("run", *wrong, *more, "--timeout", "10", "--device", "gpu")
        assert done.returncode == 2
        lines = done.stderr.splitlines()
        expected = [
            "unknown detector 'pcaa': did you mean 'pca'?",
            "detector 'iforest' has no preset 'papr': did you mean 'paper'?",
            "there is no file gone.py",
            "unknown dataset 'tniy': did you mean 'tiny'?",
            "there is no file ./plant.csv, and benchkit reads no data by path",
            "'oracel' is no threshold policy: did you mean 'oracle'?",
            "unknown device 'gpu'",
            "cannot read --timeout '10': write 90s, 10m, 2h or none",
            "detector 'knn' has no parameter 'neighbors': did you mean 'neighbours'?",
            "detector 'knn' has no parameter 'foo': there are: neighbours, sample",
            "dataset 'tiny/plain[rowss=3]': there is no parameter 'rowss': did you mean 'rows'?",
        ]
        assert len(lines) == len(expected)
        for line, words in zip(lines, expected, strict=True):
            assert line.startswith(f"benchkit: {words}")
        assert not (session.folder / "leaderboards").exists()

    def test_all_data_that_cannot_be_had_are_named(self, session):
        """One is not fetched after the other, to find the next one missing."""
        done = session.benchkit("run", "-d", "pca", "-D", "owned,swat,tiny", "--require-real")
        assert done.returncode == 2
        owned, swat = done.stderr.splitlines()
        assert owned.startswith("benchkit: dataset 'owned': it was not added")
        assert swat.startswith("benchkit: dataset 'swat': its files were not added")

    def test_classes_that_cannot_be_imported_are_all_named(self, session):
        """With one file that has the tracebacks of all."""
        done = session.benchkit("run", "-d", "no_such:A,math:pi,nor_this:B", "-D", "tiny")
        lines = done.stderr.splitlines()
        assert [line.split("'")[1] for line in lines] == ["no_such:A", "math:pi", "nor_this:B"]
        (kept,) = {line.rpartition("(traceback: ")[2].rstrip(")") for line in lines}
        text = Path(kept).read_text()
        assert "No module named 'no_such'" in text
        assert "No module named 'nor_this'" in text

    def test_without_a_metric_nothing_runs(self, session):
        """Trials that nobody measures would be recorded, and not run again."""
        session.variables["BENCHKIT_DISABLE_PLUGINS"] = "benchkit-metrics"
        done = session.benchkit("run", "-d", "pca", "-D", "tiny")
        assert done.returncode == 2
        assert "there is no metric to measure with: BENCHKIT_DISABLE_PLUGINS" in done.stderr

    def test_a_footnote_stands_where_its_mark_does(self, session):
        """Without sanity rows nothing is held against them."""
        session.variables["BENCHKIT_DISABLE_PLUGINS"] = "benchkit-detectors"
        target = "sklearn.ensemble:IsolationForest[n_estimators=5]"
        done = session.benchkit("run", "-d", target, "-D", "tiny[rows=300]")
        assert done.returncode == 0, done.stderr
        assert "sanity" not in done.stdout
