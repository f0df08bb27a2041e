"""What the MAD-GAN for image sequences promises."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
import torch

from benchkit_detectors.gan.training import TrainingDiverged
from benchkit_detectors.madgan_cnn.calibration import TermCalibration, TermScale, reliability
from benchkit_detectors.madgan_cnn.detector import MADGANCNNDetector
from benchkit_detectors.madgan_cnn.negatives import perturb, swap_frames, vary
from benchkit_detectors.madgan_cnn.scoring import FrameScoreComponents, combine
from benchkit_detectors.madgan_cnn.similarity import residuals
from benchkit_detectors.madgan_cnn.threshold import tail_threshold

TINY = {"steps": 12, "channels": 2, "hidden": 8, "latent": 3, "shared": 2}
PAPER = {"model": "paper", "size": 12, "similarity": "ssim", "inversion_steps": 3} | {
    "steps": 2,
    "channels": 2,
    "hidden": 6,
    "latent": 3,
}


def bars(sequences: int, frames: int = 6, size: int = 8, seed: int = 0) -> np.ndarray:
    """Return sequences of a bar: left, right, top or bottom; one place a sequence."""
    rng = np.random.default_rng(seed)
    X = 0.1 * rng.random((sequences, frames, size, size), np.float32)
    for number in range(sequences):
        place = (number // 2) % 2 * (size - 4) + 1
        where = (slice(None), slice(place, place + 2))
        X[(number, slice(None), *(where if number % 2 else where[::-1]))] += 0.8
    return X


@pytest.fixture(scope="module")
def fitted() -> MADGANCNNDetector:
    return MADGANCNNDetector(**TINY).fit(bars(12))


@pytest.fixture(scope="module")
def learned() -> MADGANCNNDetector:
    """Trained long enough to know what a sequence is."""
    return MADGANCNNDetector(steps=250, channels=8, hidden=32).fit(bars(80))


class TestScores:
    def test_are_the_same_to_the_bit_for_one_seed_and_not_for_another(self) -> None:
        X = bars(10)
        torch.manual_seed(1)
        first = MADGANCNNDetector(**TINY).fit(X).decision_function(X)
        torch.manual_seed(2)
        again = MADGANCNNDetector(**TINY).fit(X).decision_function(X)
        other = MADGANCNNDetector(**TINY, random_state=1).fit(X).decision_function(X)
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_leave_the_global_random_numbers_alone(self) -> None:
        torch.manual_seed(3)
        before = torch.random.get_rng_state()
        detector = MADGANCNNDetector(**TINY).fit(bars(6))
        detector.decision_function(bars(2))
        assert torch.equal(before, torch.random.get_rng_state())

    @pytest.mark.parametrize("settings", [TINY, TINY | {"inversion_steps": 3}, PAPER])
    def test_of_a_sequence_do_not_depend_on_the_others(self, settings: dict) -> None:
        X = bars(9)
        detector = MADGANCNNDetector(**settings).fit(X)
        together = detector.decision_function(X)
        alone = np.concatenate([detector.decision_function(x[None]) for x in X])
        np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-3)

    def test_rise_for_a_frame_from_another_sequence(self, learned: MADGANCNNDetector) -> None:
        X = bars(40, seed=1)
        mixed = X.copy()
        mixed[:, 2] = np.roll(X, 1, axis=0)[:, 2]
        scores = learned.decision_function(mixed)
        others = np.delete(scores, 2, axis=1).max(axis=1)
        assert learned.reliability_["sequence"] > 0.3
        assert (scores[:, 2] > others).mean() > 0.9
        assert (learned.decision_function(X) > learned.threshold_).mean() < 0.1

    def test_do_not_depend_on_the_order_of_the_frames(self, fitted: MADGANCNNDetector) -> None:
        X = bars(4, seed=2)
        turned = fitted.decision_function(X[:, ::-1])[:, ::-1]
        np.testing.assert_allclose(fitted.decision_function(X), turned, rtol=1e-3, atol=1e-4)

    def test_ask_for_fit_first(self) -> None:
        with pytest.raises(RuntimeError, match="call fit"):
            MADGANCNNDetector().decision_function(bars(2))


class TestParts:
    def test_give_the_scores_for_any_weight_without_training(
        self, fitted: MADGANCNNDetector
    ) -> None:
        X = bars(5, seed=3)
        parts = fitted.score_components(X)
        scores = combine(parts, fitted.reconstruction_weight_)
        assert np.array_equal(scores, fitted.decision_function(X))
        assert fitted.threshold_for(fitted.reconstruction_weight_) == fitted.threshold_
        assert np.array_equal(combine(parts, 1), parts.reconstruction)
        assert np.array_equal(combine(parts, 0), parts.discrimination)

    def test_perturbed_examples_differ_by_the_mask(self, fitted: MADGANCNNDetector) -> None:
        model = fitted._fitted()
        whole, (mixed, mask) = model.examples(), model.perturbed_examples(seed=0)
        assert mask.tolist() == [False, False, True, False, False, True]
        assert (mixed != whole).any((0, 2, 3)).tolist() == mask.tolist()
        assert np.array_equal(mixed[:, -1], np.roll(whole, 1, 0)[:, -1])

    def test_weight_that_is_asked_for_is_used(self, learned: MADGANCNNDetector) -> None:
        settings = TINY | {"steps": 60, "channels": 8, "hidden": 32}
        detector = MADGANCNNDetector(**settings, reconstruction_weight=0.3).fit(bars(80))
        assert detector.reconstruction_weight_ == 0.3

    def test_discriminator_that_points_the_wrong_way_is_not_used(self) -> None:
        normal, odd = np.arange(200.0), np.arange(200.0) - 150
        assert reliability(odd, normal) == 0
        scale = TermScale(0.0, 1.0)
        reliabilities = {"reconstruction": 0.5, "frame": reliability(odd, normal), "sequence": 0.0}
        calibration = TermCalibration(dict.fromkeys(reliabilities, scale), reliabilities)
        assert calibration.reconstruction_weight(0.1) == 1
        assert calibration.reconstruction_weight(None) == 1
        terms = {name: np.ones((2, 3)) for name in reliabilities}
        assert (calibration.components(terms).discrimination == 0).all()

    def test_a_term_without_information_is_not_reliable(self) -> None:
        rng = np.random.default_rng(0)
        draws = [(rng.normal(size=100), rng.normal(size=400)) for _ in range(50)]
        reliabilities = [reliability(*draw) for draw in draws]
        assert np.mean(np.array(reliabilities) > 0) < 0.1
        assert reliability(rng.normal(size=100) + 9, rng.normal(size=400)) > 0.8
        assert reliability(np.array([]), np.array([1.0])) == 0

    def test_sequence_discriminator_has_its_reliability_as_weight(self) -> None:
        reliabilities = {"reconstruction": 0.6, "frame": 0.2, "sequence": 0.9}
        weights = TermCalibration({}, reliabilities).weights()
        assert sum(weights.values()) == pytest.approx(1)
        assert weights["sequence"] == 0.9
        assert weights["reconstruction"] == pytest.approx(3 * weights["frame"])


class TestThreshold:
    def test_lets_the_asked_share_of_normal_scores_pass(self) -> None:
        rng = np.random.default_rng(0)
        for draw in (rng.normal, rng.exponential):
            found = [tail_threshold(draw(size=800), 0.004) for _ in range(20)]
            alarms = (draw(size=100_000)[:, None] > found).mean()
            assert 0.002 < alarms < 0.008

    @pytest.mark.parametrize("scores", [[1.0], [1.0] * 50, [0.0, 1.0], list(range(30))])
    def test_is_finite_for_few_or_equal_scores(self, scores: list[float]) -> None:
        assert np.isfinite(tail_threshold(np.array(scores), 0.004))
        assert np.isfinite(tail_threshold(np.array(scores), 0.5))


class TestResiduals:
    def test_map_has_the_shape_of_the_input(self, fitted: MADGANCNNDetector) -> None:
        X = bars(3)
        maps = fitted.residual_maps(X)
        assert maps.shape == X.shape
        assert maps.dtype == np.float32

    def test_map_of_resized_frames_has_their_first_size(self) -> None:
        X = bars(4)
        assert MADGANCNNDetector(**PAPER).fit(X).residual_maps(X).shape == X.shape

    def test_map_shows_where_a_frame_is_odd(self, learned: MADGANCNNDetector) -> None:
        X = bars(8, seed=4)
        odd = X.copy()
        odd[:, 3, 3:5, 3:5] = 1
        more = learned.residual_maps(odd)[:, 3] - learned.residual_maps(X)[:, 3]
        assert more[:, 3:5, 3:5].mean() > 4 * more.mean()

    @pytest.mark.parametrize("similarity", ["squares", "l1", "ssim"])
    def test_are_zero_and_have_a_gradient_where_frames_match(self, similarity: str) -> None:
        frames = torch.rand(2, 9, 9)
        fake = frames.clone().requires_grad_()
        left = residuals(fake, frames, similarity)
        assert left.detach().abs().max() < 1e-5
        left.sum().backward()
        assert fake.grad is not None
        assert fake.grad.isfinite().all()


class TestState:
    @pytest.mark.parametrize("settings", [TINY, PAPER])
    def test_round_trip_gives_the_same_scores(self, settings: dict, tmp_path: Path) -> None:
        X = bars(6)
        detector = MADGANCNNDetector(**settings).fit(X)
        torch.save(detector.state_dict(), tmp_path / "state.pt")
        other = MADGANCNNDetector(**settings)
        other.load_state_dict(torch.load(tmp_path / "state.pt"))
        assert np.array_equal(other.decision_function(X), detector.decision_function(X))
        assert other.threshold_ == detector.threshold_
        assert other.history_ == detector.history_

    def test_constructor_only_stores(self) -> None:
        detector = MADGANCNNDetector(latent=-5)
        names = inspect.signature(MADGANCNNDetector).parameters
        assert vars(detector).keys() == names.keys()

    def test_generated_sequences_are_in_the_unit_of_the_input(self) -> None:
        fake = MADGANCNNDetector(**TINY).fit(bars(6) * 50 - 7).generate(2, 3)
        assert fake.shape == (2, 3, 8, 8)
        assert fake.min() >= -7.1
        assert fake.max() > 1


class TestNegatives:
    def test_swapped_frames_are_fewer_than_half_and_from_elsewhere(self) -> None:
        # (sequences * frames,) -> (sequences, frames, 1, 1): every frame shows its own number
        numbers = torch.arange(70.0).view(10, 7, 1, 1)
        mixed, swapped = swap_frames(numbers, numbers, torch.Generator(), inside=True)
        assert swapped.any()
        assert (swapped.sum(1) <= 3).all()
        assert torch.equal(mixed[~swapped], numbers[~swapped])
        home = torch.arange(10)[:, None].expand(10, 7)
        assert (mixed[..., 0, 0].div(7, rounding_mode="floor") != home)[swapped].all()

    @pytest.mark.parametrize("shape", [(1, 1), (1, 9), (5, 6), (28, 28)])
    def test_changed_frames_keep_shape_and_stay_finite(self, shape: tuple[int, int]) -> None:
        frames = torch.rand(40, *shape)
        for change in (vary, perturb):
            changed = change(frames, torch.Generator())
            assert changed.shape == frames.shape
            assert changed.isfinite().all()


class TestUnusualInput:
    @pytest.mark.parametrize(
        "shape",
        [(1, 1, 8, 8), (1, 6, 8, 8), (5, 1, 8, 8), (5, 2, 8, 8), (4, 3, 20, 24), (3, 4, 1, 5)],
    )
    @pytest.mark.parametrize("settings", [TINY | {"steps": 2}, PAPER])
    def test_any_shape_is_fitted_and_scored(self, shape: tuple, settings: dict) -> None:
        X = np.random.default_rng(0).random(shape, np.float32)
        detector = MADGANCNNDetector(**settings).fit(X)
        scores = detector.decision_function(X)
        assert scores.shape == shape[:2]
        assert np.isfinite(scores).all()
        assert np.isfinite(detector.threshold_)

    def test_constant_frames(self) -> None:
        X = np.full((4, 3, 8, 8), 5.0, np.float32)
        detector = MADGANCNNDetector(**TINY).fit(X)
        assert np.isfinite(
            detector.decision_function(X + np.arange(4.0)[:, None, None, None])
        ).all()

    def test_float64_that_may_not_be_written_to(self) -> None:
        X = bars(6)
        read_only = X.astype(np.float64)
        read_only.setflags(write=False)
        scores = MADGANCNNDetector(**TINY).fit(read_only).decision_function(read_only)
        assert np.array_equal(scores, MADGANCNNDetector(**TINY).fit(X).decision_function(X))

    def test_all_but_one_sequence_held_out(self) -> None:
        X = bars(3)
        scores = MADGANCNNDetector(**TINY, validation_fraction=0.99).fit(X).decision_function(X)
        assert np.isfinite(scores).all()

    @pytest.mark.parametrize("settings", [TINY, PAPER])
    def test_low_precision(self, settings: dict) -> None:
        X = bars(6)
        detector = MADGANCNNDetector(**settings, precision="bfloat16").fit(X)
        assert np.isfinite(detector.decision_function(X)).all()

    def test_one_step(self) -> None:
        detector = MADGANCNNDetector(**TINY | {"steps": 1}).fit(bars(4))
        assert all(len(curve) == 1 for curve in detector.history_.values())

    def test_values_far_outside_the_training_range(self, fitted: MADGANCNNDetector) -> None:
        X = bars(2)
        X[0, 0] = 1e30
        X[0, 1] = -1e30
        scores = fitted.decision_function(X)
        assert np.isfinite(scores).all()

    def test_units_do_not_matter(self) -> None:
        X = bars(8)
        scores = MADGANCNNDetector(**TINY).fit(X).decision_function(X)
        scaled = MADGANCNNDetector(**TINY).fit(X * 1024).decision_function(X * 1024)
        np.testing.assert_allclose(scores, scaled, rtol=1e-3, atol=1e-3)

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_value_that_is_not_finite_is_named(self, value: float) -> None:
        X = bars(4)
        X[2, 1, 3, 4] = value
        with pytest.raises(ValueError, match="sequence 2, frame 1"):
            MADGANCNNDetector(**TINY).fit(X)

    def test_frames_of_another_size_are_refused(self, fitted: MADGANCNNDetector) -> None:
        with pytest.raises(ValueError, match="9 x 8, those of fit were 8 x 8"):
            fitted.decision_function(np.zeros((2, 3, 9, 8)))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"model": "vae"},
            {"similarity": "cosine"},
            {"latent": 0},
            {"steps": 1.5},
            {"size": 0},
            {"reconstruction_weight": 2},
            {"reconstruction_weight": "auto"},
            {"learning_rate": 0},
            {"tolerance": -1},
            {"validation_fraction": 1},
            {"false_alarm_rate": float("nan")},
            {"precision": "float8"},
        ],
    )
    def test_senseless_parameter_is_named(self, wrong: dict) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            MADGANCNNDetector(**wrong).fit(bars(4))

    def test_training_that_diverges_says_so(self) -> None:
        with pytest.raises(TrainingDiverged, match="diverged"):
            MADGANCNNDetector(**TINY | {"learning_rate": 1e30, "steps": 80}).fit(bars(6))


class TestInversion:
    def test_ends_and_does_not_touch_the_generator(self) -> None:
        X = bars(6)
        detector = MADGANCNNDetector(**TINY, inversion_steps=20).fit(X)
        before = {k: v.clone() for k, v in detector.networks_.state_dict().items()}
        detector.decision_function(X)
        after = detector.networks_.state_dict()
        assert all(torch.equal(before[name], after[name]) for name in before)

    def test_steps_lessen_the_residual(self) -> None:
        X = bars(6)
        plain = MADGANCNNDetector(**TINY).fit(X)
        refined = MADGANCNNDetector(**TINY, inversion_steps=20)
        refined.load_state_dict(plain.state_dict())
        assert refined.residual_maps(X).mean() < plain.residual_maps(X).mean()


@pytest.mark.slow
@pytest.mark.real_data
def test_frame_of_another_digit_is_found_in_sequences_of_all_digits(real_data: Path) -> None:
    """The replication gave up on sequences of all ten digits."""
    from benchkit.metrics import auc_roc
    from benchkit_datasets.mnist_seq.dataset import MnistSeq

    dataset = MnistSeq(style="frames", train_sequences=1000, test_sequences=200)
    data = dataset.load("real", "all", dataset.sources("all", offline=True))
    detector = MADGANCNNDetector(steps=300).fit(data.train)
    scores = detector.decision_function(data.test)
    assert auc_roc(data.labels.ravel(), scores.ravel()) > 0.9


def test_parts_are_added_with_their_weight() -> None:
    discriminators = {"frame": np.array([[1.0, 3.0]]), "sequence": np.array([[2.0, 1.0]])}
    parts = FrameScoreComponents(np.array([[1.0, 2.0]]), discriminators)
    assert combine(parts, 0.25).tolist() == [[2.5, 3.5]]
    assert {name: term.tolist() for name, term in parts.terms(0.25).items()} == {
        "reconstruction": [0.25, 0.5],
        "discriminator, frame": [0.75, 2.25],
        "discriminator, sequence": [1.5, 0.75],
    }
