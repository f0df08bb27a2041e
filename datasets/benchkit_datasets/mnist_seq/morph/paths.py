"""The way of a sequence from anchor to anchor, and which of its frames are another digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.mnist_seq.sequences import Recipe


@dataclass(frozen=True)
class Paths:
    """What a number of sequences show, before there is any image.

    A sequence goes from anchor to anchor at an even pace, one anchor every ``odd`` frames. An
    anomalous one has one anchor that is another digit. It is nearest for exactly ``odd`` frames,
    which are those where its share is more than one half.

    Parameters
    ----------
    digits
        (sequences, anchors), the digit of each anchor.
    own
        (sequences,), the digit that a sequence begins with and that is normal in it.
    weights
        float64 (sequences, frames, anchors), what each anchor counts in each frame: at most two
        of them, neighbours, and together 1.
    """

    digits: np.ndarray
    own: np.ndarray
    weights: np.ndarray

    def conditions(self) -> np.ndarray:
        """Return the share of each digit in each frame, float64 (sequences, frames, 10)."""
        return self.weights @ np.eye(10)[self.digits]

    def other(self) -> np.ndarray:
        """Return how much of a frame is another digit, float64 (sequences, frames), 0 to 1."""
        return np.einsum("sfa,sa->sf", self.weights, (self.digits != self.own[:, None]) * 1.0)

    def labels(self) -> np.ndarray:
        """Return where the larger share is another digit, bool (sequences, frames)."""
        return self.other() > 0.5

    def ambiguous(self, band: float) -> np.ndarray:
        """Return where the other digit's share is less than ``band`` from one half, bool."""
        return np.abs(self.other() - 0.5) < band


def anchors_for(frames: int, odd: int) -> int:
    """Return how many anchors, ``odd`` frames apart, reach over ``frames`` wherever they begin."""
    return -(-(frames - 1) // odd) + 2


def draw_paths(
    recipe: Recipe, frames: int, odd: int, count: int, rng: np.random.Generator
) -> Paths:
    """Draw the paths of ``count`` sequences.

    The anomalous frames stand together, at a random place, never in the first frame. Normal
    sequences go the same way, so that nothing but the digit tells them apart.

    Parameters
    ----------
    recipe
        What the anchors show: `Recipe` with `anchors_for` frames and one odd one.
    frames, odd
        Frames a sequence, and those of them that are anomalous in an anomalous one.
    count
        How many sequences.
    rng
        Decides places and order.
    """
    digits, own = recipe.digits(count)
    order = rng.permutation(count)
    digits, own = digits[order], own[order]
    begin = rng.integers(1, frames - odd + 1, count)
    # Where between two frames the digit turns; never so near to one that rounding could decide.
    phase = rng.uniform(0.01, 0.99, count)
    middle = begin - phase + odd / 2
    place = np.ceil(middle / odd).astype(np.intp)
    rows = np.arange(count)
    # The odd anchor comes first in a recipe, and goes to its place.
    digits[rows, place], digits[:, 0] = digits[:, 0], digits[rows, place]
    # (count, anchors), the frame at which a sequence is at each anchor
    at = middle[:, None] + odd * (np.arange(recipe.frames) - place[:, None])
    # (1, frames, 1) - (count, 1, anchors) -> (count, frames, anchors)
    distance = np.abs(np.arange(frames)[None, :, None] - at[:, None, :])
    return Paths(digits, own, np.clip(1 - distance / odd, 0, None))
