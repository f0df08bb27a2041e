"""What a foreign detector may do to a run: nothing but get a row with a status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.pace import within

FOREIGN = Path(__file__).parent / "foreign.py"


def run(session, name, *options, code):
    """Run one detector of foreign.py on the tiny dataset; return its record and the screen."""
    result = session.benchkit("run", "-d", f"{FOREIGN}:{name}", "-D", "tiny", *options)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    found = [pair for pair in session.records() if f":{name}" in pair[0]["detector"]["label"]]
    assert len(found) == 1
    return *found[0], result


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("WrongLength", "invalid_scores", "shape (397,)"),
        (
            "NaNs",
            "invalid_scores",
            "1 of 400 calibration scores are NaN or infinite, the first at 5",
        ),
        ("OneValue", "invalid_scores", "all 2000 test scores are 0.5"),
        ("Scalar", "invalid_scores", "shape ()"),
        ("Words", "invalid_scores", "no array of numbers"),
        ("Raises", "error", "ArithmeticError: the matrix is <b>singular</b> second line"),
        ("NotNovel", "error", "Use novelty=True"),
        ("Unshowable", "error", "Unshown"),
        ("SysExits", "error", "SystemExit: bye"),
        ("MemoryErrors", "out_of_memory", "MemoryError: no more"),
        ("Exits", "crashed", "exit code 3"),
        ("Segfaults", "crashed", "SIGSEGV"),
        ("DiesOfARareSignal", "crashed", "signal 40"),
        ("ClosesEverything", "crashed", "exit code 1"),
    ],
)
def test_a_failure_is_a_row_with_its_status_and_reason(session, name, status, reason):
    """Whatever ends a trial, its record says how, and the sanity rows beside it are fine."""
    record, _, result = run(session, name, code=1)
    assert record["status"] == status
    assert reason in record["reason"]
    assert record["metrics"] == {}
    assert status in result.stdout
    assert "1 of 4 trials failed" in result.stderr
    assert session.wait_until_alone() == []


def test_the_traceback_is_in_the_log_that_the_message_names(session):
    """Screen and record have one line; all of it is in the trial's log."""
    _, folder, result = run(session, "Raises", code=1)
    log = folder / "log.txt"
    assert str(log.relative_to(session.folder)) in result.stderr
    assert "in fit" in log.read_text()
    assert "in fit" not in result.stderr


def test_a_crash_leaves_the_python_stack_in_the_log(session):
    """A segmentation fault says in which line of whose code."""
    _, folder, _ = run(session, "Segfaults", code=1)
    assert "in fit" in (folder / "log.txt").read_text()


@pytest.mark.parametrize("name", ["Hangs", "HangsHard"])
def test_the_time_limit_ends_a_trial_that_hangs(session, name):
    """A trial that sleeps, or spins and ignores signals, ends at its limit, not much later."""

    def hang() -> float:
        shutil.rmtree(session.folder / "leaderboards", ignore_errors=True)
        record, _, _ = run(session, name, "--timeout", "1s", code=1)
        assert record["status"] == "timeout"
        assert record["reason"] == "ran longer than 1 s"
        assert session.wait_until_alone() == []
        return record["seconds"]["trial"]

    assert within(3, hang, took=float, like="process") >= 1


@pytest.mark.parametrize("name", ["Allocates", "AllocatesShared", "ChildAllocates"])
def test_the_memory_limit_ends_a_trial_that_grows(session, name):
    """Memory of the trial and of all it started counts, and it ends soon after the limit."""
    record, _, _ = run(session, name, "--memory-limit", "400M", code=1)
    assert record["status"] == "out_of_memory"
    assert "the limit is 400" in record["reason"]
    assert record["memory"]["peak_mib"] < 4000
    assert session.wait_until_alone() == []


def test_a_detector_that_forks_is_one_trial(session):
    """A fork that comes back from fit as well does not score, record or report anything."""
    record, _, _ = run(session, "Forks", code=0)
    assert record["status"] == "ok"
    assert session.wait_until_alone() == []


def test_threads_may_report_progress_at_the_same_time(session):
    """Their messages do not get into each other."""
    record, _, _ = run(session, "ManyThreads", code=0)
    assert record["status"] == "ok"


@pytest.mark.parametrize("name", ["Daemonises", "ThreadHangs"])
def test_nothing_outlives_its_trial(session, name):
    """A detached grandchild and a thread that never ends are gone when the trial is."""
    record, _, _ = run(session, name, code=0)
    assert record["status"] == "ok"
    assert session.wait_until_alone() == []


def test_the_detectors_process_holds_no_labels(session):
    """Labels are neither open nor mapped where a detector runs."""
    record, _, _ = run(session, "Spies", code=0)
    assert record["status"] == "ok"


def test_a_detector_may_change_its_input(session):
    """The arrays are private to a trial: the next one sees the values as they were."""
    first, _, _ = run(session, "ChangesInput", code=0)
    second, _, _ = run(session, "Good", code=0)
    assert first["metrics"] == second["metrics"]


def test_scores_that_point_the_wrong_way_are_reported(session):
    """An AUC far below one half is a warning on the record and under the board."""
    record, _, _ = run(session, "Inverted", code=0)
    assert "may point the wrong way" in record["doubts"][0]
    assert "may point the wrong way" in (session.folder / "leaderboards/tiny.real.md").read_text()


def test_a_shape_that_a_detector_cannot_take_is_not_applicable(session):
    """A detector of images is a row on the board of a series, and no failure."""
    record, _, _ = run(session, "OnlyImages", code=0)
    assert record["status"] == "not_applicable"
    assert "not_applicable" in (session.folder / "leaderboards/tiny.real.md").read_text()


def test_a_threshold_and_a_history_are_kept(session):
    """What a detector learned beside its scores is in the trial's folder."""
    record, folder, _ = run(session, "KeepsBooks", code=0)
    assert record["thresholds"]["own"] == 7
    assert record["metrics"].keys() >= {"precision@own", "recall@own", "f1@own"}
    assert json.loads((folder / "history.json").read_text()) == {"loss": [3, 2, 1.5]}


def test_a_senseless_threshold_or_history_is_a_warning(session):
    """The scores are good, so the trial is; what was left out is said."""
    record, folder, _ = run(session, "KeepsNonsense", code=0)
    assert "own" not in record["thresholds"]
    assert "f1@own" not in record["metrics"]
    assert not (folder / "history.json").exists()
    assert "threshold_ is left out: float inf" in record["warnings"][0]
    assert "history_ is left out" in record["warnings"][1]


def test_the_calibration_tail_is_whole_sequences(session):
    """A detector of frames is calibrated on the frames of the same sequences as any other."""
    data = ("-D", "mnist-seq/all[style=frames]", "--variant", "sim")
    result = session.benchkit("run", "-d", "pca", *data)
    assert result.returncode == 0, result.stderr
    record, folder = next(
        pair for pair in session.records() if pair[0]["detector"]["name"] == "pca"
    )
    sequences, frames = record["dataset"]["train_shape"][:2]
    tail = sequences - round(sequences * 0.8)
    assert np.load(folder / "scores_calibration.npy").shape == (tail * frames,)
