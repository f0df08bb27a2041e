"""`benchkit plot` draws some of the plots, or says why there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchkit.results.folder import StoredTruth
from tests.report.plotted import keep, make_measured, make_scores


@pytest.fixture
def boards(tmp_path, monkeypatch) -> Path:
    """Return a folder of boards with two detectors, one of which has scores, and two seeds."""
    monkeypatch.chdir(tmp_path)
    folder = Path("leaderboards")
    scores, labels = make_scores()
    for seed in (0, 1):
        record = make_measured("pca[components=5]", seed=seed)
        keep(folder, record, scores=scores, truth=StoredTruth(labels))
        keep(folder, make_measured("knn", "smd/machine-1-1", seed=seed))
    return folder


def test_it_prints_the_paths_of_what_there_is_to_see(boards, benchkit):
    """Drawn now or before; with one option, that alone."""
    for _ in range(2):
        ended = benchkit("plot", "--kind", "scores,calibration", "--datasets", "kdd99")
        assert (ended.code, ended.err) == (0, "")
        paths = [Path(line) for line in ended.out.splitlines()]
        assert sorted({path.name.partition("--")[0] for path in paths}) == [
            "calibration",
            "scores",
        ]
        assert {path.suffix for path in paths} == {".png", ".svg"}
        assert set(paths) == set((boards / "plots").iterdir())


def test_lists_given_again_add_up(boards, benchkit):
    """The kinds and the datasets of all options."""
    kinds = ("--kind", "scores", "--kind", "calibration")
    ended = benchkit("plot", *kinds, "-D", "smd/machine-1-1", "-D", "kdd99")
    assert (ended.code, ended.err) == (0, "")
    assert "/scores--" in ended.out
    assert "/calibration--" in ended.out


@pytest.mark.parametrize(
    ("options", "seeds"),
    [((), {"s0"}), (("--seed", "1"), {"s1"}), (("--all-seeds",), {"s0", "s1"})],
)
def test_a_seed_can_be_chosen(boards, benchkit, options, seeds):
    """The lowest by default."""
    ended = benchkit("plot", "--kind", "scores", *options)
    assert ended.code == 0
    assert {line.split("--")[1].rpartition("-")[2] for line in ended.out.splitlines()} == seeds


def test_other_plots_stay(boards, benchkit):
    """What the boards have is not removed by drawing something else."""
    first = benchkit("plot", "--kind", "calibration").out.splitlines()
    benchkit("plot", "--kind", "scores", "--detectors", "pca[components=5]")
    assert all(Path(path).exists() for path in first)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "score"), "'score' is no kind of plot: did you mean 'scores'?"),
        (("--kind", ","), "'' is no kind of plot: there are"),
        (
            ("--detectors", "pcaa"),
            "no detector in leaderboards is called 'pcaa': did you mean 'pca",
        ),
        (
            ("--datasets", "kdd98"),
            "no dataset in leaderboards is called 'kdd98': did you mean 'kdd99'",
        ),
        (("--out", "gone"), "there are no records in gone: 'benchkit run' makes some"),
        (
            ("--kind", "scores", "--datasets", "smd"),
            "scores needs scores, and they are not in the store",
        ),
        (("--kind", "training"), "nothing to draw: training needs the detector's history_"),
        (("--detectors", "knn", "--datasets", "kdd99"), "no trial in leaderboards is all of this"),
        (("--seed", "7"), "no trial in leaderboards is all of this"),
        (("--seed", "1", "--all-seeds"), "--seed and --all-seeds contradict each other"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(boards, benchkit, arguments, words):
    """Exit code 2, the nearest right name or the reason, and nothing written."""
    ended = benchkit("plot", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not (boards / "plots").exists()


def test_a_plot_that_fails_is_named(boards, benchkit):
    """Exit code 1; the others are printed."""
    for path in boards.glob("records/pca*/scores_test.npy"):
        path.write_bytes(b"no array")
    ended = benchkit("plot", "--kind", "scores,calibration", "--datasets", "kdd99")
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 2
    assert ended.err.startswith("benchkit: Scores over time: pca[components=5] on kdd99 (real)")
