"""What every baseline can take, and that it gives the same again."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit import chunking
from benchkit_detectors.baselines.knn import KNNDetector
from benchkit_detectors.baselines.pca import PCADetector
from benchkit_detectors.baselines.sanity import (
    ConstantDetector,
    DistanceDetector,
    RandomDetector,
)
from benchkit_detectors.plugin import DETECTORS

BASELINES = [PCADetector, KNNDetector, RandomDetector, ConstantDetector, DistanceDetector]
every = pytest.mark.parametrize("detector", BASELINES, ids=lambda c: c.__name__)


def rows(n: int = 300, channels: int = 4, dtype=np.float32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, channels)).astype(dtype)


def score(model, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return the scores of a fitted model, which must be one finite number per row."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = model.fit(train).decision_function(test)
    assert scores.shape == (len(test),)
    assert np.isfinite(scores).all()
    return scores


@every
class TestEveryBaseline:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("channels", [1, 2, 51])
    def test_takes_any_number_of_channels(self, detector, channels, dtype):
        """One score per row, finite, without a warning."""
        score(detector(), rows(channels=channels, dtype=dtype), rows(40, channels, dtype, seed=1))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize("value", [0.0, 0.1, 1e6 / 3])
    def test_takes_constant_channels(self, detector, value, dtype):
        """Neither a division by zero nor an absurd weight for what does not vary."""
        train, test = rows(dtype=dtype), rows(40, dtype=dtype, seed=1)
        train[:, 1] = test[:, 1] = value
        assert np.abs(score(detector(), train, test)).max() < 1000

    def test_scales_inside(self, detector):
        """Values arrive unscaled: the unit of a channel, here 1/1024 and 2**30, is no matter."""
        units = np.float32([1 / 1024, 1, 1, 2**30])
        plain = score(detector(), rows(), rows(40, seed=1))
        other = score(detector(), rows() * units, rows(40, seed=1) * units)
        assert other == pytest.approx(plain, rel=1e-4)

    @pytest.mark.parametrize("value", [0.0, 0.1])
    def test_takes_a_training_part_that_is_all_the_same(self, detector, value):
        """A dead sensor is no reason to fail."""
        score(detector(), np.full((50, 3), value, dtype=np.float32), rows(40, 3))

    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_takes_hardly_any_rows(self, detector, n):
        """Fewer rows than channels, neighbours or components."""
        score(detector(), rows(n, 8), rows(5, 8, seed=1))

    def test_takes_memory_that_it_may_not_write_to(self, detector):
        """The harness hands out memory-mapped arrays, read-only."""
        train, test = rows(), rows(seed=1)
        train.flags.writeable = test.flags.writeable = False
        score(detector(), train, test)

    def test_leaves_its_parameters_as_they_were_given(self, detector):
        """The constructor stores, and fitting only adds names that end in an underscore."""
        model = detector()
        before = dict(vars(model))
        model.fit(rows())
        after = vars(model)
        assert {k: after[k] for k in before} == before
        assert all(k.endswith("_") for k in after.keys() - before.keys())

    def test_gives_the_same_again_to_the_bit(self, detector):
        """Whatever the state of any global generator."""
        train, test = rows(8000), rows(300, seed=1)
        np.random.seed(1)
        first = score(detector(), train, test)
        np.random.seed(2)
        assert np.array_equal(first, score(detector(), train, test))

    def test_scores_in_pieces_as_in_one(self, detector, monkeypatch):
        """How much fits into memory at a time decides nothing."""
        train, test = rows(), rows(seed=1)
        whole = score(detector(), train, test)
        monkeypatch.setattr(chunking, "CHUNK_VALUES", 28)
        assert np.allclose(score(detector(), train, test), whole, rtol=1e-5, atol=1e-6)


class TestPCA:
    def test_scores_what_its_components_cannot_give_back(self):
        """Rows off the line of the training rows are anomalous, rows far out on it are not."""
        line = np.linspace(-1, 1, 200, dtype=np.float32)[:, None]
        train = line * np.array([1, 2, 3], dtype=np.float32)
        test = np.array([[5, 10, 15], [0.5, 1, 1]], dtype=np.float32)
        on, off = score(PCADetector(1), train, test)
        assert on < 1e-6
        assert off > 0.01

    def test_scores_the_distance_from_rows_that_do_not_vary(self):
        """They span nothing, so no direction is forgiven."""
        train = np.full((20, 3), 0.1, dtype=np.float32)
        steps = np.eye(3, dtype=np.float32) * 2
        assert np.allclose(score(PCADetector(), train, train[:3] + steps), 4, rtol=1e-5)

    @given(st.integers(1, 9), st.integers(2, 6), st.integers(2, 12))
    @settings(max_examples=30)
    def test_keeps_at_most_as_many_components_as_there_can_be(self, components, channels, n):
        """As many as asked for, as there are rows, and one fewer than there are channels."""
        model = PCADetector(components).fit(rows(n, channels))
        assert model.components_.shape == (min(components, channels - 1, n), channels)

    def test_one_channel_is_scored_by_its_distance(self):
        """There is no direction that could be kept and another that is looked at."""
        train = rows(200, 1)
        scores = score(PCADetector(), train, np.array([[0], [50]], dtype=np.float32))
        assert scores[1] > 100 * scores[0] + 100

    def test_a_fraction_is_the_variance_to_explain(self):
        """With as few components as will do."""
        train = rows(500, 6) * np.arange(1, 7, dtype=np.float32) @ rows(6, 6, seed=3)
        kept = len(PCADetector(0.8).fit(train).components_)
        shares = np.linalg.eigvalsh(np.corrcoef(train, rowvar=False))[::-1] / 6
        assert shares[:kept].sum() >= 0.8 > shares[: kept - 1].sum()

    @pytest.mark.parametrize(
        "components", [0, -1, -0.5, 2.5, float("nan"), float("inf"), "mle", None, [1]]
    )
    def test_a_senseless_number_of_components_is_refused(self, components):
        """ValueError when fitting, with the value in the message."""
        with pytest.raises(ValueError, match=r"components must be a whole number or a fraction"):
            PCADetector(components).fit(rows())


class TestKNN:
    def test_is_the_distance_to_the_kth_nearest(self):
        """In standard deviations of the channels, as counted by hand."""
        train, test = rows(60, 3), rows(10, 3, seed=1)
        scaled = [(part - train.mean(axis=0)) / train.std(axis=0) for part in (train, test)]
        distances = np.linalg.norm(scaled[1][:, None] - scaled[0][None], axis=2)
        expected = np.sort(distances, axis=1)[:, 3]
        assert np.allclose(score(KNNDetector(neighbours=4), train, test), expected, rtol=1e-5)

    def test_keeps_a_sample_drawn_with_random_state(self):
        """The same sample for the same seed, another for another."""
        train, test = rows(500), rows(30, seed=1)
        first, again, other = (
            score(KNNDetector(sample=50, random_state=s), train, test) for s in (1, 1, 2)
        )
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)

    @given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
    @settings(max_examples=30)
    def test_more_neighbours_than_rows_are_all_rows(self, neighbours, sample, n):
        """Asking for too many is no error; the farthest one there is counts."""
        model = KNNDetector(neighbours, sample).fit(rows(n))
        assert model.search_.n_neighbors == min(neighbours, sample, n)

    @pytest.mark.parametrize("name", ["neighbours", "sample"])
    @pytest.mark.parametrize("value", [0, -1, 2.5, float("nan"), "5", None])
    def test_senseless_numbers_are_refused(self, name, value):
        """ValueError when fitting, with the parameter's name."""
        with pytest.raises(ValueError, match=f"{name} must be a whole number above 0"):
            KNNDetector(**{name: value}).fit(rows())


class TestSanity:
    def test_random_goes_on_from_one_call_to_the_next(self):
        """Calibration and test rows do not get the same numbers; fitting starts anew."""
        model = RandomDetector(random_state=3).fit(rows())
        first, second = model.decision_function(rows(9)), model.decision_function(rows(9))
        assert not np.array_equal(first, second)
        assert np.array_equal(model.fit(rows()).decision_function(rows(9)), first)

    def test_random_follows_random_state(self):
        """Another seed is another draw, all of it in [0, 1)."""
        one, other = (score(RandomDetector(s), rows(), rows()) for s in (1, 2))
        assert not np.array_equal(one, other)
        assert one.min() >= 0
        assert one.max() < 1

    def test_constant_gives_everybody_the_same(self):
        """Whatever the row."""
        assert set(score(ConstantDetector(), rows(), rows(seed=1) * 100)) == {0.0}

    def test_distance_is_from_the_training_mean_in_deviations(self):
        """As counted by hand."""
        train, test = rows(200, 5) * 7 + 3, rows(30, 5, seed=1)
        expected = np.sqrt((((test - train.mean(axis=0)) / train.std(axis=0)) ** 2).sum(axis=1))
        assert np.allclose(score(DistanceDetector(), train, test), expected, rtol=1e-4)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @given(value=st.floats(-1e6, 1e6), n=st.integers(1, 400))
    def test_distance_keeps_the_units_of_a_constant_channel(self, dtype, value, n):
        """A step of 2 in a channel that never moved is a distance of 2, not of 1e16."""
        train = np.full((n, 1), value, dtype=dtype)
        (found,) = score(DistanceDetector(), train, train[:1] + dtype(2))
        assert found == pytest.approx(2, abs=0.2)


class TestSpecs:
    @pytest.mark.parametrize("spec", DETECTORS, ids=lambda spec: spec.name)
    def test_names_a_class_that_detects(self, spec):
        """Its target has fit and decision_function, and its presets are parameters of it."""
        module, _, name = spec.target.partition(":")
        detector = getattr(importlib.import_module(module), name)
        for preset in ({}, *spec.presets.values()):
            model = detector(**preset)
            assert callable(model.fit)
            assert callable(model.decision_function)

    def test_mark_the_three_rows_that_are_there_to_be_beaten(self):
        """No more and no fewer."""
        assert {s.name for s in DETECTORS if s.sanity} == {"random", "constant", "distance"}


@pytest.mark.parametrize("spec", DETECTORS, ids=lambda spec: spec.name)
def test_the_warm_server_imports_what_a_class_does_and_no_more(spec):
    """A package too many costs every run seconds, one too few costs every trial."""
    code = (
        "import sys; from benchkit.registry.targets import import_target; "
        "import_target(sys.argv[1]); print(*{name.partition('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-c", code, spec.target]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    required = {name.partition(".")[0] for name in spec.requires}
    assert set(done.stdout.split()) & {"torch", "sklearn"} == required
