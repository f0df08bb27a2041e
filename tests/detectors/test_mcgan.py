"""MC-GAN: what its score, its threshold and its simulation promise."""

from __future__ import annotations

import math
import pickle
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
import torch

from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.mcgan.detector import MCGANDetector
from benchkit_detectors.mcgan.networks import MLPDiscriminator
from benchkit_detectors.mcgan.simulation import weigh
from benchkit_detectors.mcgan.threshold import ThresholdCalibration, weighted_quantile

SMALL: dict[str, Any] = {
    "draws": 500,
    "references": 300,
    "latent": 4,
    "generator": (32,),
    "discriminator": (32,),
    "epochs": 8,
}
DESCRIBED: dict[str, Any] = {
    "score": "discriminator",
    "correct": False,
    "coverage": 0.0,
    "slope": None,
    "patience": None,
}


def ring(count: int, seed: int = 0) -> np.ndarray:
    """Return rows on a noisy ring, (count, 2): normal data whose mean is not normal."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, count)
    rows = 3 * np.column_stack([np.cos(angle), np.sin(angle)])
    return (rows + rng.normal(0, 0.2, (count, 2))).astype(np.float32)


def bars(sequences: int, seed: int = 0, across: bool = False, size: int = 8) -> np.ndarray:
    """Return frames with one upright bar, or one lying across, (sequences, 5, size, size)."""
    rng = np.random.default_rng(seed)
    frames = rng.uniform(0, 0.1, (sequences, 5, size, size)).astype(np.float32)
    place = rng.integers(1, size - 1, (sequences, 5))
    for s, f in np.ndindex(sequences, 5):
        line = frames[s, f].T if not across else frames[s, f]
        line[place[s, f]] = 1
    return frames


@pytest.fixture(scope="module")
def fitted() -> MCGANDetector:
    """Return a detector of the ring, fitted once for all tests that only look at it."""
    settings = SMALL | {"epochs": 30, "generator": (32, 32), "learning_rate": 3e-3}
    return MCGANDetector(**settings).fit(ring(2500))


class TestScore:
    def test_is_higher_off_the_data_also_in_their_middle(self, fitted):
        """The centre of the ring is where the mean is, and no normal row."""
        odd = np.array([[0, 0], [9, 9], [-6, 0]], np.float32)
        normal = fitted.decision_function(ring(500, seed=1))
        assert fitted.decision_function(odd).min() > np.quantile(normal, 0.99)

    def test_finds_a_frame_of_another_shape(self):
        """A bar that lies is odd among bars that stand, frame by frame."""
        detector = MCGANDetector(**SMALL | {"epochs": 30}).fit(bars(60))
        X = bars(20, seed=1)
        X[::2, 3] = bars(20, seed=2, across=True)[::2, 3]
        scores = detector.decision_function(X)
        assert scores.shape == (20, 5)
        odd = np.zeros((20, 5), bool)
        odd[::2, 3] = True
        assert auroc(scores[odd], scores[~odd]) > 0.95

    def test_does_not_depend_on_what_is_scored_along(self, fitted):
        """A row alone scores what it scores among others, up to rounding."""
        X = ring(50, seed=3)
        alone = np.concatenate([fitted.decision_function(X[i : i + 1]) for i in range(5)])
        np.testing.assert_allclose(alone, fitted.decision_function(X)[:5], rtol=1e-3, atol=1e-4)

    def test_of_a_row_is_the_mean_over_its_windows(self):
        """Rows in windows have a score each, high where the series leaves its way."""
        time = np.arange(1500)
        X = np.column_stack([np.sin(time / 5), np.cos(time / 5)]).astype(np.float32)
        detector = MCGANDetector(**SMALL, window=10, step=3).fit(X)
        test = X[:301].copy()
        test[150:160] = 0
        scores = detector.decision_function(test)
        assert scores.shape == (301,)
        assert 145 <= scores.argmax() < 165

    def test_of_the_discriminator_is_between_0_and_1(self):
        """It is 1 - D, and a row far away may not leave that range."""
        detector = MCGANDetector(**SMALL | DESCRIBED).fit(ring(300))
        scores = detector.decision_function(1e6 * ring(50))
        assert ((scores >= 0) & (scores <= 1)).all()


class TestThreshold:
    @pytest.mark.parametrize("false_alarm_rate", [0.01, 0.05, 0.1])
    def test_holds_its_false_alarm_rate_on_new_normal_rows(self, fitted, false_alarm_rate):
        """Within a point, besides the sampling error of 750 held-out and 20,000 new rows."""
        scores = fitted.decision_function(ring(20_000, seed=5))
        rate = (scores > fitted.threshold_at(false_alarm_rate).value).mean()
        assert abs(rate - false_alarm_rate) < 0.01 + 2 * math.sqrt(
            false_alarm_rate * (1 - false_alarm_rate) / 750
        )

    def test_of_draws_alone_would_not(self):
        """Draws that are not quite normal have a quantile that is off; held-out items mend it."""
        rng = np.random.default_rng(0)
        draws, held_out = rng.normal(size=5000), rng.normal(0.5, 1.1, size=1000)
        truth = NormalDist(0.5, 1.1)
        once = np.ones(5000)
        raw = 1 - truth.cdf(weighted_quantile(draws, once, 0.05))
        value = ThresholdCalibration(draws, once, held_out).quantile(0.05, rng, resamples=1).value
        assert raw > 0.1
        assert abs(1 - truth.cdf(value) - 0.05) < 0.015

    @pytest.mark.parametrize(
        ("held_out", "false_alarm_rate"), [(400, 0.05), (1000, 0.01)], ids=["few", "far out"]
    )
    def test_interval_covers_the_true_quantile(self, held_out, false_alarm_rate):
        """In 36 of 40 simulations or more, where 38 are promised."""
        truth = NormalDist(0.3, 1.2)
        true = truth.inv_cdf(1 - false_alarm_rate)
        covered = 0
        for seed in range(40):
            rng = np.random.default_rng(seed)
            real = rng.normal(0.3, 1.2, held_out)
            calibration = ThresholdCalibration(rng.normal(size=500), np.ones(500), real)
            found = calibration.quantile(false_alarm_rate, rng, resamples=30)
            assert found.low <= found.value <= found.high
            covered += found.low <= true <= found.high
        assert covered >= 36

    def test_falls_back_on_held_out_items_where_draws_are_hopeless(self):
        """Draws that have nothing in common with normal items do not move it."""
        rng = np.random.default_rng(0)
        held_out = rng.normal(50, 1, 2000)
        found = ThresholdCalibration(rng.normal(size=2000), np.ones(2000), held_out)
        assert found.quantile(0.1, rng, resamples=1).value == pytest.approx(
            np.quantile(held_out, 0.9), abs=0.1
        )

    def test_interval_is_wider_with_fewer_draws_and_fewer_items(self):
        """Both errors are in it."""

        def width(draws: int, held_out: int) -> float:
            rng = np.random.default_rng(0)
            real = rng.normal(size=held_out)
            made = ThresholdCalibration(rng.normal(size=draws), np.ones(draws), real)
            found = made.quantile(0.05, rng, resamples=100)
            return found.high - found.low

        assert width(2000, 0) < width(200, 0)
        assert width(2000, 2000) < width(2000, 200)

    def test_is_what_the_attributes_say(self, fitted):
        """Threshold, interval, draws and sentence belong together."""
        found = fitted.threshold_at(fitted.false_alarm_rate)
        assert fitted.threshold_ == found.value
        assert fitted.threshold_interval_ == (found.low, found.high)
        assert fitted.draw_scores_.shape == fitted.draw_weights_.shape == (500,)
        assert fitted.summary_["threshold"] == fitted.threshold_
        assert f"{fitted.threshold_:.4g}" in fitted.summary_["interpretation"]
        assert abs(fitted.held_out_false_alarm_rate_ - fitted.false_alarm_rate) < 0.02

    def test_of_the_described_detector_is_the_raw_quantile(self):
        """No held-out item corrects it."""
        detector = MCGANDetector(**SMALL | DESCRIBED).fit(ring(300))
        assert detector.threshold_ == detector.raw_threshold_


class TestSimulation:
    def test_weighs_by_odds_only_if_they_point_to_held_out_items(self):
        """A discriminator that takes draws for more real than held-out items has no say."""
        odds = np.random.default_rng(0).normal(size=1000)
        weights, discriminator_auroc = weigh(odds, odds + 1)
        assert discriminator_auroc > 0.5
        assert weights.mean() == pytest.approx(1)
        assert weights[odds.argmax()] == weights.max() > 1
        weights, discriminator_auroc = weigh(odds, odds - 1)
        assert discriminator_auroc < 0.5
        assert (weights == 1).all()

    def test_draws_cover_the_data(self, fitted):
        """Every normal row has a draw in its neighbourhood, and draws are not all one."""
        distances = fitted.history_["held_out_distance"]
        assert distances[-1] < distances[0] / 2
        assert fitted.state_["mmd"] < 0.05


class TestTraining:
    def test_moves_the_discriminator(self):
        """Against a weak generator it tells draws from new data, and its loss falls."""
        settings = SMALL | DESCRIBED | {"generator": (4,), "epochs": 30}
        detector = MCGANDetector(**settings).fit(ring(1000))
        loss = detector.history_["discriminator_loss"]
        assert min(loss) < 0.95 * loss[0]
        assert detector.state_["discriminator_auroc"] > 0.6

    def test_keeps_slopes_below_their_bound(self):
        """However often it is stepped, no layer stretches by more than the bound."""
        with torch.random.fork_rng():
            torch.manual_seed(0)
            discriminator = MLPDiscriminator(20, (16, 8))
        with torch.no_grad():
            for layer in discriminator.layers[::2]:
                layer.weight.mul_(30)
        for _ in range(50):
            discriminator.bound_slope(2.0)
        largest = [
            torch.linalg.matrix_norm(layer.weight, 2) for layer in discriminator.layers[::2]
        ]
        assert max(largest) < 2.02

    def test_is_repeatable_to_the_bit(self):
        """Whatever the global generator was asked before; another seed gives another detector."""
        X = ring(400)

        def scores(seed: int, disturbance: int) -> np.ndarray:
            torch.manual_seed(disturbance)
            np.random.default_rng(disturbance)
            return MCGANDetector(**SMALL, random_state=seed).fit(X).decision_function(X)

        np.testing.assert_array_equal(scores(0, 1), scores(0, 2))
        assert (scores(0, 1) != scores(1, 1)).any()

    def test_leaves_the_global_generator_alone(self):
        """Another library's random numbers do not change because a detector was fitted."""
        torch.manual_seed(7)
        expected = torch.rand(3)
        torch.manual_seed(7)
        MCGANDetector(**SMALL | {"epochs": 1}).fit(ring(100))
        assert torch.equal(torch.rand(3), expected)


class TestState:
    @pytest.mark.parametrize("settings", [SMALL, SMALL | DESCRIBED], ids=["default", "described"])
    @pytest.mark.parametrize("X", [ring(300), bars(20)], ids=["series", "frames"])
    def test_round_trip_gives_equal_scores_and_thresholds(self, settings, X):
        """A detector that takes up the state of another is the other."""
        first = MCGANDetector(**settings).fit(X)
        second = MCGANDetector(**settings)
        second.load_state_dict(pickle.loads(pickle.dumps(first.state_dict())))
        np.testing.assert_array_equal(first.decision_function(X), second.decision_function(X))
        assert first.threshold_interval_ == second.threshold_interval_
        assert first.history_ == second.history_

    def test_of_an_unfitted_detector_is_refused(self):
        """By sentences, not by AttributeError."""
        with pytest.raises(RuntimeError, match="not fitted"):
            MCGANDetector().state_dict()
        with pytest.raises(RuntimeError, match="not fitted"):
            MCGANDetector().decision_function(ring(5))


class TestInput:
    @pytest.mark.parametrize(
        "X",
        [
            ring(60)[:, :1],
            np.ones((60, 3), np.float32),
            np.random.default_rng(0).normal(size=(60, 1000)).astype(np.float32),
            ring(60).astype(np.float64) * 1e200,
            ring(1),
            ring(2),
            bars(1)[:, :1],
            bars(1),
            np.zeros((4, 5, 8, 8)),
            bars(6, size=12)[:, :, :7],
        ],
        ids=[
            *("one channel", "constant", "1,000 channels", "huge float64", "one row", "two rows"),
            *("one frame", "one sequence", "empty frames", "oblong frames"),
        ],
    )
    @pytest.mark.parametrize("settings", [SMALL, SMALL | DESCRIBED], ids=["default", "described"])
    def test_that_is_unusual_is_scored(self, X, settings):
        """One finite score a row or frame, and a finite threshold."""
        X.setflags(write=False)
        detector = MCGANDetector(**settings | {"epochs": 1}).fit(X)
        scores = detector.decision_function(X)
        assert scores.shape == (X.shape[:2] if X.ndim == 4 else X.shape[:1])
        assert np.isfinite(scores).all()
        assert math.isfinite(detector.threshold_)

    def test_as_wide_as_a_window_is_enough(self):
        """A series of one window is fitted on and scored."""
        detector = MCGANDetector(**SMALL, window=20).fit(ring(20))
        assert detector.decision_function(ring(20)).shape == (20,)

    def test_that_is_memory_mapped_is_left_so(self, tmp_path):
        """A file on disk is fitted on like the array in it."""
        np.save(tmp_path / "x.npy", ring(300))
        mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
        detector = MCGANDetector(**SMALL | {"epochs": 1})
        np.testing.assert_array_equal(
            detector.fit(mapped).decision_function(mapped),
            detector.fit(ring(300)).decision_function(ring(300)),
        )

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_that_is_no_number_is_named(self, value):
        """The first bad place is in the message."""
        X = ring(50)
        X[7, 1] = value
        with pytest.raises(ValueError, match="row 7, channel 1"):
            MCGANDetector(**SMALL).fit(X)

    @pytest.mark.parametrize(
        ("X", "message"),
        [
            (ring(5), "5 rows are fewer than a window of 10"),
            (ring(5)[:, 0], "1 axes"),
            (ring(5)[:0], "no row"),
        ],
    )
    def test_that_cannot_be_used_is_refused(self, X, message):
        """With a sentence that says what is wrong."""
        with pytest.raises(ValueError, match=message):
            MCGANDetector(**SMALL, window=10).fit(X)

    def test_of_another_kind_than_fitted_on_is_refused(self, fitted):
        """Other channels, or frames, cannot be scored."""
        for X in (ring(5)[:, :1], bars(1)):
            with pytest.raises(ValueError, match="cannot score"):
                fitted.decision_function(X)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("false_alarm_rate", a) for a in (0, 1, -0.1, 2, math.nan)),
            ("draws", 0),
            ("window", 1.5),
            ("step", 2),
            ("validation_fraction", 1),
            ("latent", True),
            ("generator", (0,)),
            ("learning_rate", 0),
            ("coverage", -1),
            ("patience", 0),
            ("score", "magic"),
            ("precision", "half"),
        ],
    )
    def test_parameters_without_sense_are_refused(self, name, value):
        """Before training, and the message names the parameter."""
        with pytest.raises(ValueError, match=name):
            MCGANDetector(**{name: value}).fit(ring(50))

    @pytest.mark.parametrize("false_alarm_rate", [0, 1])
    def test_another_false_alarm_rate_is_checked_too(self, fitted, false_alarm_rate):
        """0 and 1 are no rates that a threshold can have."""
        with pytest.raises(ValueError, match="false_alarm_rate"):
            fitted.threshold_at(false_alarm_rate)


@pytest.mark.slow
@pytest.mark.real_data
def test_ones_are_told_from_other_digits(real_data):
    """AUC-ROC of 0.99 for each frame, and a threshold whose false alarms are as promised."""
    from benchkit_datasets.mnist_seq.dataset import MnistSeq

    dataset = MnistSeq(style="frames")
    data = dataset.load("real", "1vrest", dataset.sources("1vrest", offline=True))
    start = round(0.8 * len(data.train))
    detector = MCGANDetector().fit(data.train[:start])
    scores = detector.decision_function(data.test)
    assert auroc(scores[data.labels], scores[~data.labels]) >= 0.99
    tail = detector.decision_function(data.train[start:])
    assert abs((tail > detector.threshold_).mean() - detector.false_alarm_rate) < 0.02
