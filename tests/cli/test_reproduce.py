"""`benchkit reproduce`: does a stored trial come to the same once more, and who says so."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.installed import install
from tests.session import Session

DATA = "tiny[rows=400,channels=3]"
MINE = """\
import os
import time

import numpy as np


class Median:
    def __init__(self, power=1):
        self.power = power

    def fit(self, X):
        self.median_ = np.median(X, axis=0)
        return self

    def decision_function(self, X):
        return (np.abs(X - self.median_) ** self.power).sum(axis=1)


class Restless(Median):
    def decision_function(self, X):
        return super().decision_function(X) + np.random.default_rng().random(len(X)) / 10


class Raises(Median):
    def fit(self, X):
        raise ArithmeticError("the matrix is singular")


class OnDevice(Median):
    def __init__(self, device="cpu"):
        super().__init__()


class Cores(Median):
    def decision_function(self, X):
        return super().decision_function(X) * len(os.sched_getaffinity(0))
"""
METRIC = """\
from benchkit import hookimpl
from benchkit.registry import MetricSpec


def highest(labels, scores):
    return scores.max()


@hookimpl
def benchkit_register_metrics(register):
    register(MetricSpec("highest", "the highest score", "own_metric:highest"))
"""
Find = Callable[[str], Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, tiny_site: Path) -> Path:
    """Return a folder in which every detector has run; nobody changes it."""
    folder = tmp_path_factory.mktemp("ran")
    site = install(
        tmp_path_factory.mktemp("own"), "own", {"own": "own_metric"}, {"own_metric.py": METRIC}
    )
    (folder / "mine.py").write_text(MINE)
    classes = ",".join(
        f"./mine.py:{name}" for name in ("Median", "Restless", "Raises", "OnDevice", "Cores")
    )
    variables = {"BENCHKIT_CACHE": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "share")}
    session = Session(folder, [tiny_site, site], variables)
    session.benchkit("run", "-d", f"pca,{classes}", "-D", DATA)
    assert len(session.records()) == 9
    return folder


@pytest.fixture
def find(session: Session, ran: Path) -> Find:
    """Give a function that finds a trial's folder in a copy of all of them."""
    for path in ran.iterdir():
        if path.name in {"mine.py", "leaderboards"}:
            copy = session.folder / path.name
            shutil.copytree(path, copy) if path.is_dir() else shutil.copy(path, copy)

    def search(label: str) -> Path:
        (folder,) = [f for r, f in session.records() if r["detector"]["label"] == label]
        return folder

    return search


def edit(folder: Path, **fields: object) -> None:
    """Change some fields of a stored record, as if it came from elsewhere."""
    path = folder / "record.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def read(folder: Path) -> dict:
    return json.loads((folder / "record.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_trial_that_repeats_itself_agrees_to_the_last_bit(session, find):
    """Said metric by metric, with the costs beside each other; the store stays as it was.

    A metric that no plugin has any more is neither held against it nor passed over in silence.
    """
    folder = find("pca")
    before = contents(session.folder / "leaderboards")
    done = session.benchkit("reproduce", folder.name)
    assert done.returncode == 0, done.stderr
    assert "same values, code, versions, processor, threads and device as then" in done.stdout
    assert "agreement is every number the same to the last bit" in done.stdout
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line.split()}
    metrics = set(read(folder)["metrics"]) - {"highest"}
    assert {rows[name][-1] for name in metrics} == {"same"}
    assert rows["train_q99"][-1] == "same"
    assert "test scores: all 400 are the same to the last bit" in done.stdout
    assert "no plugin here has these metrics any more: highest" in done.stdout
    assert "fit s" in done.stdout
    assert "agrees: " in done.stdout.splitlines()[-1]
    assert contents(session.folder / "leaderboards") == before


def test_an_edited_detector_runs_loudly_and_does_not_agree(session, find):
    """The code that ran then is not there; what is there runs, and the difference is shown."""
    folder = find("mine:Median")
    (session.folder / "mine.py").write_text(MINE.replace("np.abs(X", "np.sin(X"))
    done = session.benchkit("reproduce", folder.name)
    assert done.returncode == 1
    assert f"BEWARE, the detector's source differs: {read(folder)['detector']['code']} then" in (
        done.stdout
    )
    assert " DIFFERS" in done.stdout
    assert "benchkit: does not agree: " in done.stderr


def test_an_edit_that_changes_nothing_agrees(session, find):
    """A comment is other code and the same results."""
    (session.folder / "mine.py").write_text(MINE + "# a comment\n")
    done = session.benchkit("reproduce", find("mine:Median").name)
    assert done.returncode == 0, done.stderr
    assert "BEWARE, the detector's source differs" in done.stdout


def test_a_file_is_found_where_it_was_moved_to(session, find):
    """A record keeps a file's name and not its folder; that of the same content is taken."""
    name = find("mine:Median").name
    for deep in ("other", "deep/down"):
        (session.folder / deep).mkdir(parents=True)
    (session.folder / "other" / "mine.py").write_text(MINE.replace("np.abs(X", "np.sin(X"))
    moved = (session.folder / "mine.py").rename(session.folder / "deep" / "down" / "mine.py")
    done = session.benchkit("reproduce", name)
    assert done.returncode == 0, done.stderr
    assert f"the detector's file: {moved}" in done.stdout


def test_data_with_other_values_is_refused(session, find, tiny_site, tmp_path):
    """There is nothing to compare."""
    text = (tiny_site / "tiny_plugin.py").read_text()
    files = {"tiny_plugin.py": text.replace("self.rows // 10", "self.rows // 5")}
    session.sites[:] = [install(tmp_path / "new", "tiny-plugin", {"tiny": "tiny_plugin"}, files)]
    done = session.benchkit("reproduce", find("pca").name)
    assert done.returncode == 2
    assert "has other values now than when the trial ran" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_detector_that_does_not_repeat_itself_is_found_out(session, find):
    """Nothing differs and the numbers do; a tolerance allows for that."""
    name = find("mine:Restless").name
    done = session.benchkit("reproduce", name)
    assert done.returncode == 1
    assert "so either the detector does not repeat itself" in done.stderr
    assert "0 of 2 thresholds are the same" in done.stderr
    done = session.benchkit("reproduce", name, "--tolerance", "0.2")
    assert done.returncode == 0, done.stderr
    assert "at most by" in done.stdout


def test_a_failure_is_compared_by_its_status(session, find):
    """It fails again: agrees. It goes well now, or fails where it went well: does not."""
    name = find("mine:Raises").name
    done = session.benchkit("reproduce", name)
    assert done.returncode == 0, done.stderr
    assert "agrees: error again; then: ArithmeticError: the matrix is singular" in done.stdout

    (session.folder / "mine.py").write_text(
        MINE.replace("raise Arith", "return super().fit(X) or Arith")
    )
    done = session.benchkit("reproduce", name)
    assert done.returncode == 1
    assert "it was error then and is ok now; then: ArithmeticError: the" in done.stderr

    (session.folder / "mine.py").write_text(MINE.replace("np.median(X", "np.medium(X"))
    done = session.benchkit("reproduce", find("mine:Median").name)
    assert done.returncode == 1
    assert "it was ok then and is error now" in done.stderr
    assert "Traceback" in done.stdout


def test_on_another_machine_a_small_difference_agrees_and_a_large_one_does_not(session, find):
    """What differs is said beforehand; metrics at a threshold may jump, and are shown."""
    folder = find("pca")
    record = read(folder)
    environment = record["environment"] | {"processor": "Another one, 64 cores", "numpy": "1.0"}
    scores = folder / "scores_test.npy"
    scores.write_bytes(scores.read_bytes()[:-1] + b"\x01")
    for auc, jump, code in ((0.001, 0.5, 0), (0.3, 0.0, 1)):
        metrics = record["metrics"] | {
            "auc_pr": record["metrics"]["auc_pr"] - auc,
            "event_recall@oracle": 1 - jump,
        }
        edit(folder, environment=environment, metrics=metrics)
        done = session.benchkit("reproduce", folder.name)
        assert done.returncode == code, done.stderr
        assert "processor differs: Another one, 64 cores then, " in done.stdout
        assert "numpy differs: 1.0 then, " in done.stdout
        assert "agreement is a difference of at most" in done.stdout
        assert "not the same machine" in done.stdout
        assert ("jumped" in done.stdout) is bool(jump)
    assert "auc_pr moved most, by 3.0e-01" in done.stderr


def test_a_bit_of_a_score_is_noticed(session, find):
    """Where everything is as it was, also the scores are compared."""
    folder = find("mine:Median")
    scores = folder / "scores_test.npy"
    whole = bytearray(scores.read_bytes())
    whole[-400] ^= 1
    scores.write_bytes(whole)
    done = session.benchkit("reproduce", folder.name)
    assert done.returncode == 1
    assert "test scores: 1 of 400 differ" in done.stdout


def test_a_record_without_scores_is_compared_by_its_metrics(session, find):
    """As our own reference records are kept."""
    folder = find("mine:Median")
    for path in folder.glob("scores_*.npy"):
        path.unlink()
    done = session.benchkit("reproduce", str(folder / "record.json"))
    assert done.returncode == 0, done.stderr
    assert "the stored trial has no scores beside its record to compare" in done.stdout


def test_a_device_that_is_not_here_is_replaced_and_said(session, find):
    """The next best runs it."""
    folder = find("mine:OnDevice")
    edit(folder, device="cuda:7")
    done = session.benchkit("reproduce", folder.name)
    assert done.returncode == 0, done.stderr
    assert "device differs: cuda:7 then, cpu now" in done.stdout


def test_it_gets_as_many_processors_as_it_had(session, find):
    """Threads decide in which order sums are made."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one processor")
    folder = find("mine:Cores")
    assert session.benchkit("reproduce", folder.name).returncode == 0
    edit(folder, threads=2)
    done = session.benchkit("reproduce", folder.name)
    assert done.returncode == 1
    assert "threads differs" not in done.stdout


def test_an_interruption_leaves_nothing_behind(session, find, request):
    """No process, no folder with half a trial."""
    folder = find("mine:Median")
    text = MINE.replace("self.median_ =", "time.sleep(60); self.median_ =")
    (session.folder / "mine.py").write_text(text)
    temporary = Path(tempfile.mkdtemp())  # a short path, for a socket is made in it
    request.addfinalizer(lambda: shutil.rmtree(temporary))
    session.variables["TMPDIR"] = str(temporary)
    process = session.start("reproduce", folder.name)
    deadline = time.monotonic() + 60
    while not list(temporary.glob("benchkit-*/.tmp-*")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "benchkit: stopped: the stored trial is as it was\n"
    assert session.wait_until_alone() == []
    assert list(temporary.glob("benchkit-*")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "no trial in leaderboards is called 'nothing'"),
        (("pca", "--out", "elsewhere"), "there are no trials in elsewhere"),
        (("pca", "--tolerance", "-1"), "Invalid value for '--tolerance'"),
        (("pca", "--tolerance", "nan"), "--tolerance nan allows for anything"),
        (("pca", "--tolerance", "inf"), "--tolerance inf allows for anything"),
        (("pca", "--memory-limit", "1M"), "--memory-limit 1M is less than an empty process needs"),
        (("pca", "--device", "tpu"), "unknown device 'tpu'"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(
    session, find, benchkit, monkeypatch, arguments, message
):
    monkeypatch.chdir(session.folder)
    done = benchkit("reproduce", *arguments)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1
