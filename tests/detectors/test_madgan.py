"""MAD-GAN finds what is not normal, again to the bit, whatever it is given."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.training import TrainingDiverged
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.madgan.paper import PAPER
from benchkit_detectors.madgan.reduction import Reduction
from benchkit_detectors.madgan.windowed import WindowedSeries

QUICK = {"window": 10, "step": 5, "components": 0, "epochs": 1, "epoch_windows": 128, "hidden": 8}
SMALL_PAPER = {
    **PAPER,
    **{"hidden": 8, "discriminator_hidden": 8, "epochs": 2, "batch_size": 16, "window": 10},
    **{"inversion_steps": 5, "epoch_windows": 64},
}
both = pytest.mark.parametrize("params", [QUICK, SMALL_PAPER], ids=["ours", "paper"])


def waves(rows: int = 400, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Return sines of one period with noise, (rows, channels) float32."""
    noise = np.random.default_rng(seed).normal(scale=0.1, size=(rows, channels))
    phases = np.arange(rows)[:, None] / 8 + np.arange(channels)
    return (np.sin(phases) + noise).astype(np.float32)


def score(model, train, test):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = model.fit(train).decision_function(test)
    assert scores.shape == (len(test),)
    assert np.isfinite(scores).all()
    return scores


def test_finds_rows_that_do_not_go_together():
    """A channel that runs against the others for a while, inside its own range."""
    train, test = waves(3000), waves(600, seed=1)
    test[300:340, 1] = -test[300:340, 1]
    model = MADGANDetector(window=16, step=4, components=0, epochs=6, epoch_windows=3000)
    scores = score(model, train, test)
    assert scores[305:335].mean() > 2 * scores[:280].mean()
    assert (scores[:280] > model.threshold_).mean() < 0.1


@both
def test_gives_the_same_again_to_the_bit(params):
    """Whatever the state of any global generator."""
    torch.manual_seed(1)
    first = score(MADGANDetector(**params, random_state=3), waves(), waves(90, seed=1))
    torch.manual_seed(2)
    again = score(MADGANDetector(**params, random_state=3), waves(), waves(90, seed=1))
    other = score(MADGANDetector(**params, random_state=4), waves(), waves(90, seed=1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@both
def test_a_score_needs_only_the_windows_that_contain_the_row(params):
    """What comes long before or after changes nothing, so a stream can be scored as it comes."""
    model = MADGANDetector(**params).fit(waves())
    test = waves(100, seed=1)
    whole = model.decision_function(test)
    part = model.decision_function(test[20:60])
    inside = slice(10, 30)  # rows whose every window lies within the part
    assert np.allclose(part[inside], whole[20:60][inside], atol=1e-5)


@both
def test_a_saved_detector_scores_as_before(params):
    """Through state_dict, on a new object with the same parameters."""
    model, test = MADGANDetector(**params).fit(waves()), waves(50, seed=1)
    copy = MADGANDetector(**params)
    copy.load_state_dict(model.state_dict())
    assert np.array_equal(copy.decision_function(test), model.decision_function(test))
    assert copy.threshold_ == model.threshold_


def test_lambda_is_swept_without_training_again():
    """The parts are kept apart, and make the score of any lambda."""
    model, test = MADGANDetector(**QUICK).fit(waves()), waves(50, seed=1)
    parts = model.score_components(test)
    assert np.array_equal(model.combine(parts), model.decision_function(test))
    inside, outside = model.state_["units"]
    residual = parts.reconstruction / inside + parts.outside / outside
    assert np.array_equal(model.combine(parts, 1.0), residual)
    assert np.array_equal(
        model.combine(parts, 0.0), model.discriminator_weight_ * parts.discrimination
    )


def test_a_discriminator_that_points_the_wrong_way_does_not_count():
    """One that takes generated windows for real ones has no say in the score."""
    model = MADGANDetector(**QUICK, reconstruction_weight=0.0).fit(waves())
    model.state_["discriminator_auroc"] = 0.2
    assert (model.decision_function(waves(50)) == 0).all()
    model.state_["discriminator_auroc"] = 1.0
    assert (model.decision_function(waves(50)) > 0).any()


def test_the_discriminator_tells_perturbed_windows_from_held_out_ones():
    """What it is trusted for is measured, and above chance where there is something to learn."""
    model = MADGANDetector(**{**QUICK, "epochs": 6, "epoch_windows": 1000}).fit(waves(2000))
    assert 0.6 < model.discriminator_auroc_ <= 1


def test_steps_after_the_encoder_bring_the_generator_nearer():
    """More of them, less of a residual; never more."""
    model, test = (
        MADGANDetector(**QUICK, reconstruction_weight=1.0).fit(waves()),
        waves(50, seed=1),
    )
    residuals = []
    for steps in (0, 5, 40):
        model.inversion_steps = steps
        residuals.append(model.decision_function(test).mean())
    assert residuals[0] > residuals[1] > residuals[2]


def test_the_reduction_knows_the_training_part_alone():
    """The same rows are reduced alike, whatever stands beside them."""
    model = MADGANDetector(**QUICK, reconstruction_weight=1.0).fit(waves())
    test = waves(100, seed=1)
    wild = np.concatenate([test, 1000 * test])
    assert np.allclose(model.decision_function(wild)[:80], model.decision_function(test)[:80])


@both
@pytest.mark.parametrize("channels", [1, 2, 1000])
def test_takes_any_number_of_channels(params, channels):
    """One, or more than there are rows."""
    score(MADGANDetector(**params), waves(60, channels), waves(30, channels, seed=1))


@both
@pytest.mark.parametrize("components", [0, 5])
def test_takes_constant_channels(params, components):
    """Some of them, or all."""
    train, test = waves(), waves(40, seed=1)
    train[:, 1] = 7.0
    score(MADGANDetector(**{**params, "components": components}), train, test)
    score(MADGANDetector(**{**params, "components": components}), train * 0 + 0.1, test)


@both
def test_takes_what_the_harness_hands_out(params):
    """Read-only memory, and float64 as well as float32."""
    train, test = waves(), waves(40, seed=1)
    train.flags.writeable = test.flags.writeable = False
    single = score(MADGANDetector(**params), train, test)
    double = score(MADGANDetector(**params), train.astype(float), test.astype(float))
    assert np.allclose(single, double, atol=1e-3)


@both
def test_takes_image_sequences(params):
    """A score a frame; no window reaches into the next sequence."""
    rng = np.random.default_rng(0)
    X = rng.random((12, 6, 5, 4), dtype=np.float32)
    model = MADGANDetector(**{**params, "components": 4}).fit(X)
    scores = model.decision_function(X)
    assert scores.shape == (12, 6)
    assert np.allclose(model.decision_function(X[7:8])[0], scores[7], atol=1e-5)


def test_fewer_rows_than_a_window_can_be_scored():
    """A short calibration tail is no reason to fail."""
    model = MADGANDetector(**QUICK).fit(waves())
    assert model.decision_function(waves(3)).shape == (3,)


def test_fewer_rows_than_a_window_cannot_be_learned_from():
    """The message says which window would do."""
    with pytest.raises(ValueError, match=r"7 rows are fewer than a window of 10: choose window=7"):
        MADGANDetector(**QUICK).fit(waves(7))


def test_as_many_rows_as_a_window_are_enough():
    """They are their own held-out part."""
    score(MADGANDetector(**QUICK), waves(10), waves(20))


def test_a_value_that_is_no_number_is_refused():
    """In either part, with its place."""
    broken = waves()
    broken[33, 2] = np.nan
    with pytest.raises(ValueError, match="row 33, channel 2"):
        MADGANDetector(**QUICK).fit(broken)
    with pytest.raises(ValueError, match="row 33, channel 2"):
        MADGANDetector(**QUICK).fit(waves()).decision_function(broken)


def test_other_channels_than_in_training_are_refused():
    """With both numbers."""
    with pytest.raises(ValueError, match=r"\(20, 2\) does not go with .* 3 channels"):
        MADGANDetector(**QUICK).fit(waves()).decision_function(waves(20, 2))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", 0),
        ("step", 11),
        ("epochs", 0),
        ("reconstruction_weight", 1.5),
        ("reconstruction_weight", float("nan")),
        ("learning_rate", 0.0),
        ("components", -1),
        ("scaling", "robust"),
        ("batch_size", -1),
        ("precision", "half"),
    ],
)
def test_a_senseless_parameter_is_refused(name, value):
    """ValueError when fitting, with the name and the value."""
    with pytest.raises(ValueError, match=rf"{name} must be .*{value}"):
        MADGANDetector(**{**QUICK, name: value}).fit(waves())


def test_a_detector_that_is_not_fitted_says_so():
    """In one line."""
    with pytest.raises(RuntimeError, match="not fitted"):
        MADGANDetector().decision_function(waves())


def test_training_that_diverges_ends_at_once():
    """A learning rate that is far too large is said to be one."""
    with pytest.raises(TrainingDiverged, match="smaller learning rate"):
        MADGANDetector(**{**QUICK, "learning_rate": 1e30, "epochs": 5}).fit(waves())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_a_series_as_long_as_swat_takes_less_than_2_gb():
    """Windows are views: 496,800 rows of 51 channels are 0.1 GB, and 50,000 windows 0.3 GB."""
    code = """
import numpy as np
from benchkit_detectors.madgan.detector import MADGANDetector
from tests.memory import peak_gigabytes
X = np.random.default_rng(0).random((496_800, 51), dtype=np.float32)
before = peak_gigabytes()
model = MADGANDetector(components=0, epochs=1, epoch_windows=640).fit(X)
model.decision_function(X[:100_000])
print(peak_gigabytes() - before)
"""
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert float(told.stdout) < 2


def test_has_training_curves():
    """One value an epoch, MMD among them."""
    model = MADGANDetector(**{**QUICK, "epochs": 3, "patience": 3}).fit(waves())
    assert {len(curve) for curve in model.history_.values()} == {3}
    assert {"mmd", "held-out residual", "discriminator loss"} <= set(model.history_)


@pytest.mark.parametrize("segments", [(0,), (0, 100, 103, 110)])
def test_examples_are_the_windows_that_the_networks_saw(segments):
    """Rows of the input, also where short stretches were padded."""
    X = waves(150)
    reduction = Reduction("standard", 2).fit(X)
    series = WindowedSeries(reduction.apply(X), 10, 5, np.array(segments), Compute())
    seen = reduction.apply(X[series.evenly_spaced_rows(9)].reshape(-1, 3)).reshape(-1, 10, 2)
    assert np.allclose(seen, series.evenly_spaced(9).numpy(), atol=1e-6)


class TestReduction:
    @pytest.mark.parametrize("scaling", ["standard", "range"])
    def test_the_unit_of_a_channel_makes_no_difference(self, scaling):
        """Amperes or picoamperes: channels of less than 1e-9 were taken for constant."""
        plain, small = (Reduction(scaling, 2).fit(waves() * unit) for unit in (1, 1e-12))
        assert np.abs(small.apply(waves() * 1e-12)) == pytest.approx(
            np.abs(plain.apply(waves())), abs=1e-5
        )

    def test_range_is_from_minus_1_to_1_in_training(self):
        """Every component, so that tanh can reach all of it."""
        reduced = Reduction("range", 2).fit(waves()).apply(waves())
        assert np.allclose(reduced.min(axis=0), -1, atol=1e-5)
        assert np.allclose(reduced.max(axis=0), 1, atol=1e-5)

    def test_standard_components_are_those_of_scikit_learn(self):
        """Up to the sign."""
        from sklearn.decomposition import PCA
        from sklearn.preprocessing import StandardScaler

        train, test = waves(channels=5), waves(50, 5, seed=1)
        scaler = StandardScaler().fit(train)
        expected = PCA(3).fit(scaler.transform(train)).transform(scaler.transform(test))
        reduced = Reduction("standard", 3).fit(train).apply(test)
        assert np.allclose(np.abs(reduced), np.abs(expected), atol=1e-3)

    @pytest.mark.parametrize("scaling", ["standard", "range"])
    @pytest.mark.parametrize("components", [0, 3])
    def test_all_components_are_brought_back_to_the_channels(self, scaling, components):
        """In their own units, whatever the scaling."""
        X = 40 * waves() + 7
        reduction = Reduction(scaling, components).fit(X)
        assert np.allclose(reduction.restore(reduction.apply(X)), X, atol=1e-3)

    def test_no_components_keep_every_channel(self):
        """Each standardised."""
        reduced = Reduction("standard", 0).fit(waves()).apply(waves())
        assert np.allclose(reduced.mean(axis=0), 0, atol=1e-4)
        assert np.allclose(reduced.std(axis=0), 1, atol=1e-4)


@pytest.mark.slow
@pytest.mark.real_data
def test_reaches_on_the_real_kdd99_what_its_page_says(real_data):
    """AUC-ROC 0.993, and F1 0.97 at a threshold from training data that it did not fit on."""
    from benchkit.metrics import auc_roc, f1

    with np.load(real_data / "kdd99" / "kdd99_madgan.npz") as arrays:
        train, test = arrays["train"][:, :34], arrays["test"]
    cut = int(0.8 * len(train))
    model = MADGANDetector().fit(train[:cut].astype(np.float32))
    labels, scores = test[:, 34] > 0, model.decision_function(test[:, :34].astype(np.float32))
    threshold = np.quantile(model.decision_function(train[cut:].astype(np.float32)), 0.99)
    assert auc_roc(labels, scores) >= 0.993
    assert f1(labels, scores > threshold) >= 0.97


def test_what_no_component_shows_counts():
    """A channel that stood still in training is in no component, and still raises the score."""
    train = waves(600)
    train[:, -1] = 1.0
    test = train[:200].copy()
    test[120:140, -1] = 4.0
    fast = {**QUICK, "components": 1}
    seen = score(MADGANDetector(**fast), train, test)
    blind = score(MADGANDetector(**fast, outside=False), train, test)
    unchanged = score(MADGANDetector(**fast, outside=False), train, train[:200])
    assert seen[120:140].min() > seen[:100].max()
    assert np.array_equal(blind, unchanged)
