"""What a detector says of itself is kept where it can be, and never in the way of its scores."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit.protocol.byproducts import draw_figures, keep_byproducts, read_threshold
from benchkit.protocol.examples import COUNT, choose_examples
from benchkit.results.folder import StoredTruth, TrialFolder


class Talkative:
    """Offers everything; ``fields`` replaces some of it."""

    def __init__(self, **fields):
        self.history_ = {"loss": [3, 2.5, float("nan")]}
        self.summary_ = {"threshold": 0.123456789, "advice": "two\nlines"}
        self.score_parts_ = {"a/b": [1, 2, 3], "../c": np.array([0.5, 0.5, 0.5])}
        self.reference_scores_ = {"draws": np.arange(5.0)}
        self.__dict__.update(fields)

    def diagnostics(self, folder):
        (folder / "b.png").write_bytes(b"png")
        (folder / "a.svg").write_text("<svg/>")
        (folder / "notes.txt").write_text("no figure")


@pytest.fixture
def folder(tmp_path):
    return TrialFolder(tmp_path)


def keep(detector, folder, sign=1):
    warnings = []
    keep_byproducts(detector, folder, 3, sign, warnings)
    draw_figures(detector, folder, warnings)
    return warnings


def test_everything_comes_back_as_it_was_offered(folder):
    """Curves, words, terms and references, under their own names whatever these are."""
    assert keep(Talkative(), folder) == []
    assert folder.history() == {"loss": [3.0, 2.5, None]}
    assert folder.summary() == {"threshold": "0.123457", "advice": "two lines"}
    parts = folder.parts()
    assert list(parts) == ["a/b", "../c"]
    assert parts["a/b"].tolist() == [1, 2, 3]
    assert folder.reference_scores()["draws"].tolist() == [0, 1, 2, 3, 4]
    assert [p.name for p in folder.figures()] == ["a.svg", "b.png"]


def test_parts_and_references_are_turned_with_the_scores(folder):
    """Where low scores are anomalous, all that is measured in scores changes its sign."""
    keep(Talkative(), folder, sign=-1)
    assert folder.parts()["a/b"].tolist() == [-1, -2, -3]
    assert folder.reference_scores()["draws"].tolist() == [0, -1, -2, -3, -4]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"history_": [1, 2]},
            "history_ is left out: TypeError: it must be a mapping, not a list",
        ),
        ({"history_": {"loss": ["x"]}}, "history_ is left out"),
        ({"summary_": "text"}, "summary_ is left out"),
        ({"score_parts_": {"a": [1, 2]}}, "a part has 2 numbers where 3 points were scored"),
        ({"score_parts_": {str(i): [1, 2, 3] for i in range(50)}}, "50 entries, more than 40"),
        ({"reference_scores_": {"a": ["x"]}}, "reference_scores_ is left out"),
        ({"diagnostics": lambda folder: 1 / 0}, "diagnostics is left out: ZeroDivisionError"),
    ],
)
def test_what_cannot_be_kept_is_a_warning_and_the_rest_is_kept(folder, fields, words, capsys):
    """One sentence that names the attribute; the traceback goes to the trial's log."""
    (warning,) = keep(Talkative(**fields), folder)
    assert words in warning
    assert "Traceback" in capsys.readouterr().err
    kept = [folder.history(), folder.summary(), folder.parts(), folder.reference_scores()]
    assert sum(map(bool, kept)) == (4 if "diagnostics" in fields else 3)


def test_a_property_that_raises_is_a_warning(folder):
    """Also where the attribute itself is code."""

    class Broken(Talkative):
        @property
        def threshold_(self):
            raise RuntimeError("not fitted")

    warnings = []
    assert read_threshold(Broken(), warnings) is None
    assert warnings == ["threshold_ is left out: RuntimeError: not fitted; see log.txt"]


def test_a_detector_that_offers_nothing_leaves_nothing(folder):
    """No empty files and folders."""
    assert keep(object(), folder) == []
    assert list(folder.path.iterdir()) == []
    assert folder.scores() is folder.calibration() is folder.truth() is folder.examples() is None
    assert folder.parts() == folder.history() == folder.summary() == {}
    assert folder.figures() == []
    assert folder.log_tail() == ""


def test_figures_that_were_not_drawn_leave_no_folder(folder):
    """A method that decides to draw nothing is fine."""
    assert keep(Talkative(diagnostics=lambda folder: None), folder) == []
    assert not (folder.path / "figures").exists()


def test_truth_comes_back(folder):
    """Labels, doubts, gaps, frames and clock."""
    labels = np.array([False, True, True])
    folder.keep_truth(StoredTruth(labels, ~labels, (0, 2), None, 0.5))
    truth = folder.truth()
    assert truth.labels.tolist() == labels.tolist()
    assert truth.ambiguous.tolist() == (~labels).tolist()
    assert (truth.segments, truth.frames, truth.period) == ((0, 2), None, 0.5)


def test_a_broken_file_is_an_error_that_can_be_told(folder):
    """Whoever reads it gets ValueError, not a surprise of a file format."""
    (folder.path / "truth.npz").write_bytes(b"PK not a zip")
    with pytest.raises(ValueError, match=r"truth.npz|pickled"):
        folder.truth()


class TestExamples:
    """The sequences that people see."""

    test = np.random.default_rng(0).random((40, 3, 4, 4), dtype=np.float32)

    def test_the_extremes_and_both_kinds_are_among_them(self):
        """The most anomalous and most normal frame, and others that no score chose."""
        scores = np.random.default_rng(1).random(120)
        scores[3 * 17 + 1], scores[3 * 5] = 9, -9
        labels = np.repeat(np.arange(40) % 4 == 0, 3)
        examples = choose_examples(self.test, scores, labels)
        assert examples.sequences[:2].tolist() == [17, 5]
        assert len(examples.sequences) == len(set(examples.sequences.tolist())) == COUNT
        assert {bool(labels[3 * s]) for s in examples.sequences[2:]} == {True, False}
        assert np.array_equal(examples.frames, self.test[examples.sequences])

    @pytest.mark.parametrize("labels", [np.zeros(9, bool), np.ones(9, bool)])
    def test_one_kind_alone_and_few_sequences_will_do(self, labels):
        """Three sequences give three examples."""
        examples = choose_examples(self.test[:3], np.arange(9.0), labels)
        assert sorted(examples.sequences.tolist()) == [0, 1, 2]

    def test_sequences_too_large_to_keep_are_not_kept(self):
        """A broadcast view stands for a gigabyte."""
        huge = np.broadcast_to(np.float32(0), (2, 3, 4000, 4000))
        assert choose_examples(huge, np.arange(6.0), np.zeros(6, bool)) is None

    def test_they_come_back(self, folder):
        """From the trial's folder."""
        folder.keep_examples(choose_examples(self.test, np.arange(120.0), np.zeros(120, bool)))
        assert folder.examples().frames.shape == (COUNT, 3, 4, 4)
