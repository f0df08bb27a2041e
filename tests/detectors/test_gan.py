"""What the GAN detectors share keeps its promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.inversion import invert
from benchkit_detectors.gan.mmd import mmd
from benchkit_detectors.gan.scores import auroc
from benchkit_detectors.gan.training import (
    EarlyStopping,
    TrainingCurves,
    TrainingDiverged,
    frozen,
    seeded,
    shuffled,
)
from benchkit_detectors.gan.validation import check_input
from benchkit_detectors.gan.windowing import OverlapMean


def make_rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class TestInversion:
    """A generator that doubles is inverted by halving."""

    def generator(self) -> nn.Linear:
        layer = nn.Linear(3, 3, bias=False)
        with torch.no_grad():
            layer.weight.copy_(2 * torch.eye(3))
        return layer

    def residual(self, real, fake):
        return (real - fake).abs().mean(dim=1)

    def run(self, items, **options):
        options = {"steps": 300, "learning_rate": 0.05, "tolerance": 0.02, **options}
        return invert(self.generator(), self.residual, torch.zeros_like(items), items, **options)

    def test_finds_what_the_generator_makes_the_item_from(self):
        """To the tolerance that was asked for."""
        items = torch.randn(20, 3, generator=make_rng())
        latent, taken = self.run(items)
        assert (self.residual(items, 2 * latent) <= 0.02).all()
        assert (taken < 300).all()

    @pytest.mark.parametrize("optimizer_class", [torch.optim.Adam, torch.optim.RMSprop])
    def test_every_item_stops_by_itself(self, optimizer_class):
        """What one gets does not depend on which others are inverted with it."""
        items = torch.randn(20, 3, generator=make_rng()) * torch.arange(20)[:, None] / 5
        together, steps = self.run(items, optimizer_class=optimizer_class)
        assert len(set(steps.tolist())) > 5
        for i in range(20):
            alone, step = self.run(items[i : i + 1], optimizer_class=optimizer_class)
            assert torch.equal(alone[0], together[i])
            assert step[0] == steps[i]

    def test_keeps_the_best_that_it_saw(self):
        """A step too far does not make it worse than the start."""
        items = torch.zeros(4, 3) + 0.01
        latent, _ = self.run(items, learning_rate=5.0, steps=7, tolerance=0.0)
        assert (self.residual(items, 2 * latent) <= self.residual(items, 0 * latent)).all()

    def test_no_steps_give_the_start(self):
        """So that an encoder's values go through as they are."""
        start = torch.randn(2, 3, generator=make_rng())
        latent, taken = invert(
            self.generator(), self.residual, start, torch.zeros(2, 3), steps=0, learning_rate=1.0
        )
        assert torch.equal(latent, start)
        assert taken.tolist() == [0, 0]

    def test_leaves_the_generator_as_it_was(self):
        """No gradient reaches its weights, and they may be trained on."""
        generator = self.generator()
        invert(
            generator,
            self.residual,
            torch.zeros(2, 3),
            torch.ones(2, 3),
            steps=3,
            learning_rate=0.1,
        )
        assert generator.weight.grad is None
        assert generator.weight.requires_grad


class TestMMD:
    def test_is_about_0_for_two_samples_of_one_distribution(self):
        """Unbiased: on average over samples, to four standard errors."""
        values = [
            mmd(
                torch.randn(40, 3, generator=make_rng(s)),
                torch.randn(40, 3, generator=make_rng(-s)),
            )
            for s in range(1, 60)
        ]
        assert abs(np.mean(values)) < 4 * np.std(values) / math.sqrt(len(values))

    @pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
    def test_tells_samples_apart_in_any_unit(self, unit):
        """The kernel's width follows the data."""
        near = torch.randn(100, 3, generator=make_rng(1)) * unit
        far = torch.randn(100, 3, generator=make_rng(2)) * unit + 3 * unit
        assert mmd(near, far) > 0.3

    def test_takes_a_sample_that_is_all_the_same(self):
        """Half of KDD99's windows are."""
        assert mmd(torch.zeros(10, 2), torch.ones(10, 2)) > 0.5
        assert mmd(torch.zeros(10, 2), torch.zeros(10, 2)) == pytest.approx(0)

    def test_one_item_is_no_sample(self):
        """ValueError rather than a division by zero."""
        with pytest.raises(ValueError, match="two items"):
            mmd(torch.zeros(1, 2), torch.zeros(5, 2))


def test_auroc_is_that_of_scikit_learn():
    """Ties count half, as in scikit-learn."""
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    odd, normal = rng.integers(0, 9, 50), rng.integers(0, 6, 70)
    labels = np.r_[np.ones(50), np.zeros(70)]
    assert auroc(odd, normal) == pytest.approx(roc_auc_score(labels, np.r_[odd, normal]))


def test_overlap_means_are_over_the_windows_that_contain_a_row():
    """Also where they come in several batches, and NaN where there is none."""
    gathered = OverlapMean(6, 3)
    gathered.add(np.array([0, 2]), np.array([[1.0, 1, 1], [3, 3, 3]]))
    gathered.add(np.array([1]), np.array([8.0]))
    assert np.array_equal(gathered.mean(), [1, 4.5, 4, 5.5, 3, np.nan], equal_nan=True)


class TestTraining:
    def test_a_loss_that_is_no_number_ends_it(self):
        """With the curve and the epoch in the message."""
        curves = TrainingCurves()
        curves.add(loss=1.0)
        with pytest.raises(TrainingDiverged, match=r"loss is nan in epoch 2"):
            curves.add(loss=torch.tensor(float("nan")))
        assert curves.history == {"loss": [1.0]}

    def test_the_best_weights_come_back(self):
        """Those of the least value, once there was no better one for a while."""
        module = nn.Linear(1, 1)
        stopping = EarlyStopping(module, patience=2)
        stops = []
        for value in (3.0, 1.0, 2.0, 5.0):
            module.weight.data.fill_(value)
            stops.append(stopping.update(value))
        stopping.restore()
        assert stops == [False, False, False, True]
        assert module.weight.item() == 1.0

    def test_batches_are_all_items_once(self):
        """In random order, with a last batch that is too small to count as one left out."""
        batches = list(shuffled(25, 10, make_rng()))
        assert sorted(torch.cat(batches).tolist()) == list(range(25))
        assert [len(b) for b in shuffled(24, 10, make_rng())] == [10, 10]
        assert [len(b) for b in shuffled(3, 10, make_rng())] == [3]

    def test_frozen_weights_get_no_gradient_and_let_it_through(self):
        """A generator learns from a discriminator that stands still."""
        layer = nn.Linear(2, 1)
        x = torch.ones(1, 2, requires_grad=True)
        with frozen(layer):
            layer(x).sum().backward()
        assert layer.weight.grad is None
        assert x.grad is not None
        assert layer.weight.requires_grad

    def test_layers_begin_the_same_whatever_the_global_generator(self):
        """And leave it as they found it."""
        torch.manual_seed(1)
        before = torch.get_rng_state()
        with seeded(5):
            first = nn.Linear(3, 3)
        assert torch.equal(torch.get_rng_state(), before)
        torch.manual_seed(2)
        with seeded(5):
            assert torch.equal(nn.Linear(3, 3).weight, first.weight)


class TestCompute:
    def test_an_unknown_precision_is_refused(self):
        """With those that there are."""
        with pytest.raises(ValueError, match="float32, bfloat16"):
            Compute("cpu", "half")

    def test_a_processor_computes_in_float32_unless_told_otherwise(self):
        """What it gives does not depend on what it is good at."""
        for precision, dtype in (("auto", torch.float32), ("bfloat16", torch.bfloat16)):
            with Compute("cpu", precision).autocast():
                assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype

    def test_a_batch_is_as_large_as_memory_allows(self):
        """At least one, and no more than asked for."""
        compute = Compute()
        assert compute.batch_size(10, maximum=7) == 7
        assert compute.batch_size(10**18, maximum=7) == 1
        assert 1 < compute.batch_size(10**7, maximum=10**9) < 10**6


class TestInput:
    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_the_first_value_that_is_no_number_is_named(self, value):
        """Row and channel, wherever in the pieces that are looked at."""
        X = np.zeros((100, 3), np.float32)
        X[70, 1] = value
        with pytest.raises(ValueError, match="row 70, channel 1"):
            check_input(X, 2)

    def test_large_values_are_no_error(self):
        """A sum that overflows is not a value that is not finite."""
        X = np.full((100, 3), 1e308)
        assert check_input(X, 2) is X

    @pytest.mark.parametrize(
        ("X", "message"),
        [
            (np.zeros(3), "1 axes where 2"),
            (np.zeros((0, 3)), "no row"),
            (np.zeros((3, 0)), "no channel"),
            (np.array([["a"]]), "not real numbers"),
        ],
    )
    def test_what_is_no_series_is_refused(self, X, message):
        """With what it is instead."""
        with pytest.raises(ValueError, match=message):
            check_input(X, 2)
