"""Which plots belong to some trials, and what they are called."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from benchkit.report.plots import KINDS, plan_plots
from benchkit.report.plots.album import NEEDS, is_own
from benchkit.report.plots.cost import Point, find_front
from benchkit.results.folder import StoredTruth
from tests.records import make_record
from tests.report.plotted import fill, keep, make_measured, make_scores, read


def kinds(plots):
    return {plot.kind for plot in plots}


def test_every_file_of_a_trial_has_its_plot(tmp_path):
    """What a trial left decides what is drawn of it."""
    fill(tmp_path)
    entries = read(tmp_path)
    album = plan_plots(entries)
    of_trial = {
        (e.record.detector.label, e.record.dataset.name): album.of_trial(e.record.identity)
        for e in entries
    }
    assert kinds(of_trial["madgan", "kdd99"]) == {"scores", "parts", "reference", "training"}
    assert kinds(of_trial["pca", "kdd99"]) == {"scores"}
    assert kinds(of_trial["madgan", "mnist-seq"]) == {"scores", "frames"}
    assert kinds(album.of_section("kdd99", "real")) == {"roc", "calibration", "cost"}
    assert kinds(album.of_section("mnist-seq/1v7", "sim")) == {"roc", "calibration"}


def test_sanity_rows_and_failed_trials_have_no_plots_of_their_own(tmp_path):
    """They stand in those of their dataset."""
    scores, labels = make_scores()
    for record in (
        make_measured("random", sanity=True),
        make_record("pca", status="error"),
    ):
        keep(tmp_path, record, scores=scores, truth=StoredTruth(labels))
    entries = read(tmp_path)
    album = plan_plots(entries)
    assert [album.of_trial(e.record.identity) for e in entries] == [(), ()]
    assert album.orders == {}


def test_records_without_scores_have_the_plots_that_need_none(tmp_path):
    """As those that are committed, which have no scores."""
    for detector in ("pca", "knn"):
        keep(tmp_path, make_measured(detector))
    assert {o.plot.kind for o in plan_plots(read(tmp_path)).orders.values()} == {
        "calibration",
        "cost",
    }


def test_of_several_seeds_the_lowest_has_plots(tmp_path):
    """Unless all are asked for."""
    scores, labels = make_scores()
    for seed in (2, 1, 3):
        record = make_measured(seed=seed)
        keep(tmp_path, record, scores=scores, truth=StoredTruth(labels))
    entries = read(tmp_path)

    def drawn(**options):
        album = plan_plots(entries, **options)
        return sorted(e.record.seed for e in entries if album.of_trial(e.record.identity))

    assert drawn() == [1]
    assert drawn(all_seeds=True) == [1, 2, 3]


def test_the_order_of_entries_does_not_matter(tmp_path):
    """The same trials make the same album."""
    fill(tmp_path)
    entries = read(tmp_path)
    one, other = plan_plots(entries), plan_plots(entries[::-1])
    assert sorted(one.orders) == sorted(other.orders)
    assert (one.trials, one.sections, one.tracks) == (other.trials, other.sections, other.tracks)


def test_a_trial_that_ran_again_has_other_plots(tmp_path):
    """Another result is another file, so that no page shows an old one."""
    scores, labels = make_scores()
    paths = []
    for _ in range(2):
        keep(tmp_path, make_measured(), scores=scores, truth=StoredTruth(labels))
        (entry,) = read(tmp_path)
        paths += [plot.path for plot in plan_plots([entry]).of_trial(entry.record.identity)]
    assert len(set(paths)) == 2


@pytest.mark.parametrize(
    "label", ["../../etc/passwd", "/", "..", "a\0b\nc", "<b>", "名前", "x" * 999]
)
def test_no_name_leads_out_of_the_folder(tmp_path, label):
    """A record may come from another machine, and be called anything."""
    scores, labels = make_scores()
    keep(tmp_path, make_measured(label, label), scores=scores, truth=StoredTruth(labels))
    album = plan_plots(read(tmp_path))
    for path in album.orders:
        folder, name = path.split("/")
        assert folder == "plots"
        assert len(name) < 150
        assert is_own(f"{name}.png")


def test_costs_of_another_machine_are_left_out(tmp_path):
    """Seconds of different hardware do not stand beside each other."""
    for detector, processor in (("a", "fast"), ("b", "slow"), ("c", "slow")):
        record = make_measured(detector, environment={"processor": processor})
        keep(tmp_path, record)
    (plot,) = [
        p for p in plan_plots(read(tmp_path)).of_section("kdd99", "real") if p.kind == "cost"
    ]
    costs = plan_plots(read(tmp_path)).orders[plot.path].data
    assert [point.label for point in costs.points] == ["b", "c"]
    assert costs.machine.startswith("slow")
    assert costs.elsewhere == 1


def test_the_front_has_what_no_other_beats():
    """Equal ones share a place; a dominated one and a sanity row have none."""
    points = [
        Point("good", False, 0.9, (10.0,)),
        Point("twin", False, 0.9, (10.0,)),
        Point("slow", False, 0.8, (20.0,)),
        Point("quick", False, 0.5, (1.0,)),
        Point("poor", False, 0.4, (1.0,)),
        Point("sanity", True, 0.99, (0.1,)),
    ]
    assert [points[i].label for i in find_front(points, 0)] == ["quick", "good", "twin"]


def test_a_grid_makes_a_sweep_with_a_line_for_each_dataset(tmp_path):
    """A parameter that was not given counts with its default."""
    for dataset in ("one", "two"):
        for value, label in ((1, "knn[k=1]"), (None, "knn"), (9, "knn[k=9]")):
            record = make_measured(label, dataset, auc_pr=0.1 * (value or 5))
            params = {} if value is None else {"k": value}
            facts = dataclasses.replace(
                record.detector, name="knn", params=params, defaults={"k": "5", "metric": "'l2'"}
            )
            keep(tmp_path, dataclasses.replace(record, detector=facts))
    album = plan_plots(read(tmp_path))
    (plot,) = [plot for plot in album.of_track("series.real") if plot.kind == "sweep"]
    sweep = album.orders[plot.path].data
    assert (sweep.detector, sweep.parameter, sweep.fixed) == ("knn", "k", "")
    assert [label for label, _ in sweep.lines] == ["one", "two"]
    assert [value for value, _ in sweep.lines[0][1]] == [1.0, 5.0, 9.0]


def test_a_parameter_that_is_no_number_makes_no_sweep(tmp_path):
    """Nor does one of which a single value was run."""
    for metric in ("'l1'", "'l2'"):
        record = make_measured(f"knn[metric={metric}]")
        facts = dataclasses.replace(record.detector, name="knn", params={"metric": metric, "k": 5})
        keep(tmp_path, dataclasses.replace(record, detector=facts))
    assert not plan_plots(read(tmp_path)).of_track("series.real")


def test_a_critical_difference_diagram_needs_a_difference(tmp_path):
    """Two detectors on one dataset are no reason for one; a clear order on twelve is."""
    random = np.random.default_rng(0)
    for number in range(12):
        for place, detector in enumerate(("a", "b", "c")):
            quality = 0.9 - 0.2 * place + 0.01 * random.random()
            keep(tmp_path, make_measured(detector, f"set{number}", auc_pr=quality))
    entries = read(tmp_path)
    few = [entry for entry in entries if entry.record.dataset.label == "set0"]
    assert not plan_plots(few).of_track("series.real")
    assert kinds(plan_plots(entries).of_track("series.real")) == {"ranks"}


def test_every_kind_says_what_it_needs():
    """So that ``benchkit plot`` can say why there is nothing to draw."""
    assert list(NEEDS) == list(KINDS)


def test_planning_imports_no_library_of_plots():
    """It is part of every board."""
    code = (
        "import sys, benchkit.report.plots as p; p.plan_plots([]);"
        "print({'matplotlib', 'seaborn', 'pandas', 'scipy'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "set()\n"
