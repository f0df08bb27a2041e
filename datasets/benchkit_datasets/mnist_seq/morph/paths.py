"""The way of a sequence from anchor to anchor, and which of its frames are another digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.mnist_seq.sequences import SequenceSpec


@dataclass(frozen=True)
class MorphPaths:
    """What a number of sequences show, before there is any image.

    A sequence moves from anchor to anchor at a constant pace, one anchor every
    ``anomalous_frames`` frames. An anomalous sequence has one anchor of another digit, which is
    the nearest anchor in exactly ``anomalous_frames`` frames: those where its share is above 0.5.

    Attributes
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


def anchors_for(frames: int, anomalous_frames: int) -> int:
    """Return how many anchors cover ``frames`` frames, whatever the position of the first one.

    Anchors are ``anomalous_frames`` frames apart.
    """
    return -(-(frames - 1) // anomalous_frames) + 2


def draw_paths(
    spec: SequenceSpec, frames: int, anomalous_frames: int, count: int, rng: np.random.Generator
) -> MorphPaths:
    """Draw the paths of ``count`` sequences.

    The anomalous frames stand together, at a random place, never in the first frame. Normal
    sequences go the same way, so that nothing but the digit tells them apart.

    Parameters
    ----------
    spec
        What the anchors show: a `SequenceSpec` of `anchors_for` frames with one anomalous frame.
    frames, anomalous_frames
        Frames a sequence, and those of them that are anomalous in an anomalous one.
    count
        How many sequences.
    rng
        Decides places and order.
    """
    digits, own = spec.digits(count)
    order = rng.permutation(count)
    digits, own = digits[order], own[order]
    begin = rng.integers(1, frames - anomalous_frames + 1, count)
    # Where between two frames the digit turns; never so near to one that rounding could decide.
    phase = rng.uniform(0.01, 0.99, count)
    middle = begin - phase + anomalous_frames / 2
    place = np.ceil(middle / anomalous_frames).astype(np.intp)
    rows = np.arange(count)
    # The anomalous anchor comes first in a spec, and is moved to its place.
    digits[rows, place], digits[:, 0] = digits[:, 0], digits[rows, place]
    # (count, anchors), the frame at which a sequence is at each anchor
    at = middle[:, None] + anomalous_frames * (np.arange(spec.frames) - place[:, None])
    # (1, frames, 1) - (count, 1, anchors) -> (count, frames, anchors)
    distance = np.abs(np.arange(frames)[None, :, None] - at[:, None, :])
    return MorphPaths(digits, own, np.clip(1 - distance / anomalous_frames, 0, None))
