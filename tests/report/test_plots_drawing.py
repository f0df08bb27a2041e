"""Plots appear whole or not at all, once, and none of them stops another one."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import psutil
import pytest
from PIL import Image

from benchkit.errors import BenchkitError
from benchkit.report.plots import drawing, plan_plots
from benchkit.report.plots.drawing import Drawing, draw_plots
from benchkit.results.folder import StoredTruth
from tests.pace import within
from tests.report.plotted import fill, keep, make_measured, make_scores, read

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of boards with a store and all its plots."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder)
    assert draw_plots(plan_plots(read(folder)), folder).warnings == ()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "plots").iterdir()}


def check_whole(folder: Path) -> None:
    """Fail unless every file that is not hidden can be opened."""
    for path in (folder / "plots").glob("[!.]*"):
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
        else:
            ElementTree.parse(path)


def test_every_plot_is_a_png_and_an_svg(filled):
    """Of one stem, small, and as wide as the others."""
    album = plan_plots(read(filled))
    assert album.there(filled).orders == album.orders
    assert set(files(filled)) == {
        Path(file).name for order in album.orders.values() for file in order.plot.files
    }
    check_whole(filled)
    assert max(map(len, files(filled).values())) < 300_000


def test_a_second_time_draws_nothing(filled):
    """What is there is left alone."""
    before = {p: p.stat().st_mtime_ns for p in (filled / "plots").iterdir()}
    again = draw_plots(plan_plots(read(filled)), filled)
    assert (again.drawn, again.removed) == ((), ())
    assert {p: p.stat().st_mtime_ns for p in (filled / "plots").iterdir()} == before


def test_the_same_trials_make_the_same_bytes(filled, tmp_path):
    """Whatever the folder and the order in which they are drawn."""
    album = plan_plots(read(filled)[::-1])
    drawn = draw_plots(album, tmp_path).drawn
    assert len(drawn) == len(files(filled))
    assert files(tmp_path) == files(filled)


@pytest.mark.slow
def test_several_processes_make_the_same_bytes(filled, tmp_path, monkeypatch):
    """One plot does not depend on those drawn before it."""
    monkeypatch.setattr(drawing, "FEW", 4)
    assert draw_plots(plan_plots(read(filled)), tmp_path, jobs=2).warnings == ()
    assert files(tmp_path) == files(filled)


def test_what_is_missing_is_drawn_again(filled, tmp_path):
    """A plot without its PNG or without its SVG is not there."""
    album = plan_plots(read(filled)).keep(lambda plot: plot.kind == "calibration")
    for name, content in files(filled).items():
        (tmp_path / "plots").mkdir(exist_ok=True)
        (tmp_path / "plots" / name).write_bytes(content)
    (lost, *_) = sorted((tmp_path / "plots").glob("calibration*.svg"))
    lost.unlink()
    drawn = draw_plots(album, tmp_path, prune=False).drawn
    assert {path.name for path in drawn} == {lost.name, lost.with_suffix(".png").name}
    assert files(tmp_path) == files(filled)


def test_an_orphan_is_removed_and_what_is_not_ours_stays(tmp_path):
    """A plot of a trial that is gone goes too, and an unfinished one of a process that is gone."""
    keep(tmp_path, make_measured("pca"))
    keep(tmp_path, make_measured("knn"))
    entries = read(tmp_path)
    old = draw_plots(plan_plots(entries), tmp_path).drawn
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = tmp_path / "plots" / f".{old[0].name}.{gone.pid}"
    living = tmp_path / "plots" / f".{old[0].name}.{os.getppid()}"
    mine = tmp_path / "plots" / "mine.png"
    for path in (dead, living, mine):
        path.write_bytes(b"something")
    keep(tmp_path, make_measured("lof"))
    removed = draw_plots(plan_plots(read(tmp_path)), tmp_path).removed
    assert set(removed) == {*old, dead}
    assert living.exists()
    assert mine.exists()


def test_a_plot_that_fails_is_a_warning_and_not_in_the_album(tmp_path):
    """It names the plot; the others are drawn, and it is tried again the next time."""
    scores, labels = make_scores()
    folder = keep(tmp_path, make_measured("pca"), scores=scores, truth=StoredTruth(labels))
    keep(tmp_path, make_measured("knn"))
    (folder / "history.json").write_text("{")
    album = plan_plots(read(tmp_path))
    done = draw_plots(album, tmp_path)
    (warning,) = done.warnings
    assert warning.startswith("Training curves: pca on kdd99 (real), seed 0: JSONDecodeError")
    assert len(done.album.orders) == len(album.orders) - 1
    assert "training" not in {order.plot.kind for order in done.album.orders.values()}
    folder.joinpath("history.json").write_text('{"loss": [1, 2]}')
    assert len(draw_plots(album, tmp_path).drawn) == 2


@pytest.mark.slow
def test_a_process_that_draws_and_is_killed_is_a_warning(filled, tmp_path, monkeypatch):
    """The plots that others have drawn by then are there."""
    monkeypatch.setattr(drawing, "FEW", 1)
    monkeypatch.setattr(drawing, "draw_one", die)
    done = draw_plots(plan_plots(read(filled)), tmp_path, jobs=2)
    assert len(done.warnings) == len(plan_plots(read(filled)).orders)
    assert all("a process that draws was killed" in warning for warning in done.warnings)


def die(*_: object) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_drawing_that_is_killed_leaves_whole_files(filled, tmp_path):
    """Whenever that is; the next one goes on from there."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.report.test_plots_drawing import draw_few\n"
        "draw_few(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    (tmp_path / "plots").mkdir()
    for least in (1, 4):
        process = subprocess.Popen([sys.executable, "-c", code, filled, tmp_path], cwd=ROOT)
        # Names alone: a file may be renamed before it could be opened.
        while len(os.listdir(tmp_path / "plots")) < least:
            assert process.poll() is None
            time.sleep(0.005)
        process.kill()
        process.wait()
        check_whole(tmp_path)
    draw_few(filled, tmp_path)
    assert files(tmp_path).items() <= files(filled).items()


@pytest.mark.slow
def test_processes_that_draw_end_with_the_one_that_asked(filled, tmp_path):
    """Nothing is left of a drawing that is killed."""
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.report.plotted import read\n"
        "from benchkit.report.plots import drawing, plan_plots\n"
        "drawing.FEW = 1\n"
        "if __name__ == '__main__':\n"
        "    drawing.draw_plots(plan_plots(read(Path(sys.argv[1]))), Path(sys.argv[2]), 2)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, filled, tmp_path], cwd=ROOT)
    while not list(tmp_path.glob("plots/*.png")):
        assert process.poll() is None
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert len(children) > 1
    assert alive == []


def draw_few(store: Path, folder: Path) -> None:
    kinds = ("calibration", "cost", "training")
    draw_plots(plan_plots(read(store)).keep(lambda plot: plot.kind in kinds), folder)


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path):
    """It says where, and that the records are safe."""
    for detector in ("pca", "knn"):
        keep(tmp_path, make_measured(detector))
    (tmp_path / "plots").write_text("a file")
    with pytest.raises(BenchkitError, match=r"plots.*--no-plots"):
        draw_plots(plan_plots(read(tmp_path)), tmp_path)


def test_an_album_without_plots_makes_no_folder(tmp_path):
    """There is nothing to see."""
    assert draw_plots(plan_plots([]), tmp_path).drawn == ()
    assert not (tmp_path / "plots").exists()


def test_names_are_text_in_an_svg(tmp_path):
    """Markup and formulas in a detector's name are shown as they are, and run nothing."""
    label = "<script>alert(1)</script> $x^2$ & \x07"
    scores, labels = make_scores()
    keep(tmp_path, make_measured(label), scores=scores, truth=StoredTruth(labels))
    done = draw_plots(plan_plots(read(tmp_path)), tmp_path)
    assert done.warnings == ()
    for path in (tmp_path / "plots").glob("*.svg"):
        tree = ElementTree.parse(path)
        assert not [e for e in tree.iter() if e.tag.endswith("script")]
    (scores,) = (tmp_path / "plots").glob("scores*.svg")
    texts = "".join(ElementTree.parse(scores).getroot().itertext())
    assert "<script>alert(1)</script> $x^2$ & ?" in texts


def test_a_million_points_make_a_small_file(tmp_path):
    """And a single spike among them is in it."""
    scores, labels = make_scores(1_000_000)
    scores[777_777] = 50.0
    truth = StoredTruth(labels, None, tuple(range(0, 1_000_000, 300)))
    keep(tmp_path, make_measured(), scores=scores, calibration=scores[:1000], truth=truth)

    def draw() -> Drawing:
        shutil.rmtree(tmp_path / "plots", ignore_errors=True)
        return draw_plots(plan_plots(read(tmp_path)), tmp_path)

    assert within(20, draw).warnings == ()
    assert max(map(len, files(tmp_path).values())) < 400_000
    assert max(p.stat().st_size for p in (tmp_path / "plots").glob("*.svg")) < 200_000


ODD = {
    "constant": (np.ones(300), np.arange(300) < 30),
    "one point": (np.ones(1), np.ones(1, dtype=bool)),
    "no anomaly": (np.arange(300), np.zeros(300, dtype=bool)),
    "all anomalous": (np.arange(300.0), np.ones(300, dtype=bool)),
    "huge": (np.geomspace(1e-100, 1e100, 300), np.arange(300) > 290),
    "both signs": (np.linspace(-1, 1, 300) ** 9 * 1e12, np.arange(300) > 290),
    "a spike over zeros": (np.arange(300) // 299 * 1e9, np.arange(300) == 299),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_scores_are_drawn_without_complaint(tmp_path, name, recwarn):
    """Whatever is finite has a picture, and no library warns."""
    scores, labels = ODD[name]
    record = make_measured(thresholds={"train_q99": 1e-9, "own": -1e30, "oracle": 1e30, "x_1": 0})
    data = dataclasses.replace(record.dataset, points=len(scores), anomalies=int(labels.sum()))
    keep(
        tmp_path,
        dataclasses.replace(record, dataset=data),
        scores=scores,
        truth=StoredTruth(labels),
        parts={"a": scores * 1.0, "b": scores * 0.0},
        reference_scores={"r" * 200: scores[:5] * 1.0},
    )
    done = draw_plots(plan_plots(read(tmp_path)), tmp_path)
    assert done.warnings == ()
    assert [str(warning.message) for warning in recwarn] == []
