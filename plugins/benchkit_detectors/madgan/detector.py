"""MAD-GAN as the harness meets it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from benchkit_detectors.gan.compute import Compute
from benchkit_detectors.gan.persistence import Persistent
from benchkit_detectors.gan.scores import subsample
from benchkit_detectors.gan.training import seeded
from benchkit_detectors.madgan.networks import Discriminator, Encoder, Generator
from benchkit_detectors.madgan.parameters import Scaling, check_parameters
from benchkit_detectors.madgan.reduction import Reduction
from benchkit_detectors.madgan.rows import Rows
from benchkit_detectors.madgan.scoring import Inversion, Parts, check_direction, score_windows
from benchkit_detectors.madgan.summary import summarise
from benchkit_detectors.madgan.training import Recipe, train
from benchkit_detectors.madgan.windowed import WindowedSeries

HELD_OUT_SHARE = 0.1
OWN_QUANTILE = 0.99
USUAL_COMPONENTS = {2: 5, 4: 20}
"""By the number of axes: of a series, of image sequences."""
SHOWN_WINDOWS = 4
"""Held-out windows that are kept for the figures."""
CPU_BATCH, GPU_BATCH = 64, 512
CPU_SCORED, GPU_SCORED = 512, 16_384


class MADGANDetector(Persistent):
    """Windows that a generator cannot make and a discriminator does not take for real.

    Li et al. 2019, MAD-GAN: multivariate anomaly detection for time series data with generative
    adversarial networks, arXiv 1901.04997.

    The default is ours: an encoder is trained with the GAN and takes the place of the inversion
    by gradient descent; latent values go through tanh, so that no far-off ones can make what is
    not normal; the encoder sees perturbed windows and must give back the real ones; the
    discriminator also learns from them. ``@paper`` has the article's networks, latent values,
    windows, rounds and inversion, with these repairs:

    - scaler and components are learned from the training part, never from the test part;
    - every network is used as it was trained, the discriminator's LSTM included;
    - 1 - D counts as far as it tells held-out windows from generated and perturbed ones, and not
      at all where it points the wrong way;
    - the residual is a mean absolute difference, which has a gradient everywhere, is 0 for a
      perfect match, and exists for one channel;
    - every window's inversion stops by itself, so a score does not depend on its batch;
    - the epoch kept is the one with the least MMD between generated and held-out windows, and
      lambda is fixed: nothing is chosen on labels.

    Parameters
    ----------
    window, step
        Rows a window, and rows from one to the next, in training and in scoring; ``step`` is at
        most ``window``, so that every row is in a window. A sequence of fewer frames is one
        window.
    components
        Principal components kept; 0 for all channels. None is 5 for a series, where the article
        keeps 5 to 8, and 20 for image sequences, whose frames have more to show.
    scaling
        ``"standard"``, or ``"range"`` for a generator that ends in tanh.
    latent, hidden, layers, discriminator_hidden
        Sizes of the networks.
    encoder
        Whether there is one; without, inversion begins at 0.
    perturb
        Whether perturbed windows are used in training.
    outside
        Whether what the components do not show of a row is part of its residual, too, since the
        generator cannot make that either. Both are then in units of the 99 % quantile that they
        have in the tail that training held out.
    lam
        Weight of the reconstruction in the score, 0 to 1; the rest is the discriminator's.
    epochs, epoch_windows, batch_size, rate, discriminator_rate, generator_rounds, patience
        See `benchkit_detectors.madgan.training.Recipe`. 0 for ``epoch_windows`` is all of them,
        and for ``batch_size`` 64 on a processor, where small ones are faster, and up to 512 on a
        GPU, as memory allows.
    inversion_steps, inversion_rate, tolerance
        At most so many steps of RMSprop for each window, of that size, until its residual is at
        most ``tolerance``. Each step costs about as much as four times the encoder.
    random_state, device, precision
        The seed, where to compute, and ``"float32"``, ``"bfloat16"`` or ``"auto"``.

    Attributes
    ----------
    history_
        Training curves, one value an epoch.
    threshold_, reference_scores_
        The 99 % quantile of the scores of the tail that training held out, and these, at most
        20,000 of them.
    score_parts_
        What reconstruction, the part outside the components and discrimination gave to each of
        the scores that `decision_function` returned last, float32 (points,); they add up to it.
    summary_
        What is worth knowing after a fit.
    separation_
        AUC-ROC of 1 - D on held-out windows against generated and perturbed ones.
    """

    def __init__(
        self,
        window: int = 30,
        step: int = 10,
        components: int | None = None,
        scaling: Scaling = "standard",
        latent: int = 3,
        hidden: int = 48,
        layers: int = 1,
        discriminator_hidden: int = 48,
        encoder: bool = True,
        perturb: bool = True,
        outside: bool = True,
        lam: float = 0.5,
        epochs: int = 6,
        epoch_windows: int = 10_000,
        batch_size: int = 0,
        rate: float = 2e-3,
        discriminator_rate: float = 1e-3,
        generator_rounds: int = 1,
        patience: int = 2,
        inversion_steps: int = 0,
        inversion_rate: float = 0.1,
        tolerance: float = 0.01,
        random_state: int = 0,
        device: str = "cpu",
        precision: str = "auto",
    ) -> None:
        self.window = window
        self.step = step
        self.components = components
        self.scaling = scaling
        self.latent = latent
        self.hidden = hidden
        self.layers = layers
        self.discriminator_hidden = discriminator_hidden
        self.encoder = encoder
        self.perturb = perturb
        self.outside = outside
        self.lam = lam
        self.epochs = epochs
        self.epoch_windows = epoch_windows
        self.batch_size = batch_size
        self.rate = rate
        self.discriminator_rate = discriminator_rate
        self.generator_rounds = generator_rounds
        self.patience = patience
        self.inversion_steps = inversion_steps
        self.inversion_rate = inversion_rate
        self.tolerance = tolerance
        self.random_state = random_state
        self.device = device
        self.precision = precision

    def fit(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> MADGANDetector:
        """Train on X, whose last tenth decides when to stop.

        Parameters
        ----------
        X
            A series (rows, channels), or image sequences (sequences, frames, height, width),
            where a frame is a row and no window reaches into another sequence.
        segments
            The rows at which a new stretch of a series begins, 0 first; no window reaches into
            another stretch.

        Raises
        ------
        ValueError
            X is neither, is not finite, has no stretch as long as a window, or a parameter has a
            value that it cannot have.
        TrainingDiverged
            A loss became NaN or infinite.
        """
        compute = self._prepare()
        rows = Rows.of(X, segments)
        if rows.frames is None and rows.longest < self.window:
            raise ValueError(
                f"{rows.longest} rows are fewer than a window of {self.window}: "
                f"choose window={rows.longest} or less, and step no larger"
            )
        window = min(self.window, rows.longest)
        fitting, tail = rows.split(HELD_OUT_SHARE, window)
        kept = USUAL_COMPONENTS[np.ndim(X)] if self.components is None else self.components
        reduction = Reduction(self.scaling, kept).fit(fitting.values)
        facts: dict[str, Any] = {
            "axes": np.ndim(X),
            "window": window,
            "channels": rows.values.shape[1],
            "frame": np.shape(X)[2:],
            "reduction": reduction.state(),
        }
        self.networks_, self.state_ = self._build(facts).to(compute.device), facts
        held_out = self._windowed(tail, compute)
        seed = self.random_state
        facts["history"] = train(
            self.networks_,
            self._windowed(fitting, compute),
            held_out,
            self._recipe(compute),
            compute,
            seed,
        )
        facts["auroc"] = check_direction(self.networks_, held_out, compute, seed)
        shown = held_out.spread_rows(SHOWN_WINDOWS)
        facts["examples"] = tail.values[shown].astype(np.float32)  # (windows, length, channels)
        parts = self._score(tail, compute)
        facts["units"] = parts.units() if self.outside else (1.0, 1.0)
        scores = self.combine(parts)
        facts["threshold"] = float(np.quantile(scores, OWN_QUANTILE))
        facts["tail"], facts["references"] = scores.size, subsample(scores)
        return self

    def decision_function(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> np.ndarray:
        """Return a score for each row or frame of X, (rows,) or (sequences, frames).

        A row's score needs only the windows that contain it. A stretch of fewer rows than a
        window is preceded by its first one, repeated. Takes ``segments`` as `fit` does.
        """
        parts = self.parts(X, segments)
        self.score_parts_ = parts.terms(self.lam, self.trust_, self.state_["units"])
        return self.combine(parts)

    def combine(self, parts: Parts, lam: float | None = None) -> np.ndarray:
        """Return the scores that ``parts`` make with another ``lam``, or the detector's own."""
        units = self.state_["units"]
        return parts.combine(self.lam if lam is None else lam, self.trust_, units)

    def parts(self, X: np.ndarray, segments: Sequence[int] = (0,)) -> Parts:
        """Return what the score of each row or frame of X is made of, each part as scores are.

        Raises
        ------
        ValueError
            X is not of the kind that the detector was fitted on.
        RuntimeError
            The detector is not fitted.
        """
        compute = self._prepare()
        if not hasattr(self, "networks_"):
            raise RuntimeError("this MADGANDetector is not fitted: call fit(X) first")
        rows = Rows.of(X, segments)
        if np.ndim(X) != self.state_["axes"] or rows.values.shape[1] != self.state_["channels"]:
            raise ValueError(
                f"an input of shape {np.shape(X)} does not go with a training part of "
                f"{self.state_['channels']} channels and {self.state_['axes']} axes"
            )
        return self._score(rows, compute)

    def _score(self, rows: Rows, compute: Compute) -> Parts:
        series = self._windowed(rows, compute)
        most = CPU_SCORED if compute.device.type == "cpu" else GPU_SCORED
        made, fake = score_windows(
            self.networks_.to(compute.device),
            series,
            Inversion(self.inversion_steps, self.inversion_rate, self.tolerance),
            compute,
            compute.batch_size(self._window_bytes(), most),
        )
        kept = made[series.kept], fake[series.kept], np.zeros(len(rows))
        if self.outside:
            kept[2][:] = self._reduction().left_out(rows.values)
        # (rows,) -> (rows,) or (sequences, frames)
        return Parts(*(part.reshape(rows.shape) for part in kept))

    def diagnostics(self, folder: Path) -> None:
        """Draw generated beside held-out windows or frames into ``folder``, which exists."""
        from benchkit_detectors.madgan.diagnostics import draw

        draw(self, Path(folder))

    @property
    def history_(self) -> dict[str, list[float]]:
        """Training curves, one value an epoch."""
        return self.state_["history"]

    @property
    def threshold_(self) -> float:
        """The threshold that the held-out tail gave."""
        return self.state_["threshold"]

    @property
    def reference_scores_(self) -> dict[str, np.ndarray]:
        """The scores that `threshold_` comes from."""
        kind = "held-out frames" if self.state_["frame"] else "held-out rows"
        return {kind: self.state_["references"]}

    @property
    def summary_(self) -> dict[str, str | float]:
        """What is worth knowing after a fit, a few words a name."""
        return summarise(self)

    @property
    def separation_(self) -> float:
        """How well 1 - D tells held-out windows from generated and perturbed ones."""
        return self.state_["auroc"]

    @property
    def trust_(self) -> float:
        """What 1 - D is multiplied with: 1 where it is always right, 0 at chance and below."""
        return max(2 * self.separation_ - 1, 0.0)

    def _build(self, facts: dict[str, Any]) -> nn.ModuleDict:
        channels = facts["reduction"]["axes_"].shape[1]
        with seeded(self.random_state):
            networks = nn.ModuleDict(
                {
                    "generator": Generator(
                        self.latent,
                        self.hidden,
                        self.layers,
                        channels,
                        bounded=self.encoder,
                        tanh=self.scaling == "range",
                    ),
                    "discriminator": Discriminator(channels, self.discriminator_hidden),
                }
            )
            if self.encoder:
                networks["encoder"] = Encoder(channels, self.hidden, self.latent)
        return networks

    def _windowed(self, rows: Rows, compute: Compute) -> WindowedSeries:
        window = self.state_["window"]
        reduced = self._reduction().apply(rows.values)
        return WindowedSeries(reduced, window, min(self.step, window), rows.segments, compute)

    def _reduction(self) -> Reduction:
        return Reduction.restored(self.state_["reduction"])

    def _recipe(self, compute: Compute) -> Recipe:
        usual = CPU_BATCH if compute.device.type == "cpu" else GPU_BATCH
        return Recipe(
            self.epochs,
            self.epoch_windows or None,
            self.batch_size or compute.batch_size(3 * self._window_bytes(), usual),
            self.rate,
            self.discriminator_rate,
            self.generator_rounds,
            self.perturb,
            self.patience,
        )

    def _window_bytes(self) -> int:
        """Return about what one window takes in all networks, in bytes."""
        return 4 * 12 * self.window * (self.hidden * self.layers + self.discriminator_hidden)

    def _prepare(self) -> Compute:
        """Raise ValueError for a parameter that cannot be, and return where to compute."""
        check_parameters(self)
        return Compute(self.device, self.precision)
