"""Sequences made of single images, each image at most once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.mnist_seq.members import DigitMember


@dataclass(frozen=True)
class SequenceSpec:
    """How sequences are made.

    Attributes
    ----------
    member
        Which digits are normal and anomalous.
    frames
        Frames a sequence.
    anomalous_frames
        Anomalous frames in an anomalous sequence.
    contaminated
        Share of the sequences that are anomalous, for each normal digit.
    """

    member: DigitMember
    frames: int
    anomalous_frames: int = 0
    contaminated: float = 0.0

    def digits(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return what ``count`` sequences show, before they are shuffled.

        Normal digits take turns, and so do the anomalous digits of each, so that all are there
        equally often.

        Returns
        -------
        shown
            (count, frames), the digit of each frame; anomalous frames come first.
        own
            (count,), the normal digit of each sequence.
        """
        turns, which = np.divmod(np.arange(count), len(self.member.normal))
        own = np.asarray(self.member.normal)[which]
        shown = np.repeat(own[:, None], self.frames, axis=1)
        # The k-th sequence of a digit is anomalous where the running share passes a whole number.
        anomalous = np.floor((turns + 1) * self.contaminated) > np.floor(turns * self.contaminated)
        for position, others in enumerate(self.member.anomalous):
            rows = np.flatnonzero(anomalous & (which == position))
            # (rows * anomalous_frames,) -> (rows, anomalous_frames)
            anomalous_frames = np.resize(others, len(rows) * self.anomalous_frames).reshape(
                len(rows), self.anomalous_frames
            )
            shown[rows, : self.anomalous_frames] = anomalous_frames
        return shown, own

    def most(self, available: np.ndarray) -> int:
        """Return how many sequences can be made of ``available`` images, (10,) for each digit."""
        low, high = 0, int(available.sum()) // self.frames
        while low < high:
            middle = (low + high + 1) // 2
            if (self.needed(middle) <= available).all():
                low = middle
            else:
                high = middle - 1
        return low

    def needed(self, count: int) -> np.ndarray:
        """Return how many images of each digit ``count`` sequences take, (10,)."""
        return np.bincount(self.digits(count)[0].ravel(), minlength=10)


def make_sequences(
    spec: SequenceSpec,
    count: int,
    images: np.ndarray,
    digits: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Make ``count`` sequences, in random order, of images drawn without putting back.

    Parameters
    ----------
    spec, count
        What to make; no more than ``spec.most`` allows.
    images, digits
        uint8 (images, height, width) and (images,).
    rng
        Decides which image stands where, and the order of frames and sequences.

    Returns
    -------
    frames
        float32 in [0, 1] where images go to 255, (count, frames, height, width).
    labels
        bool, (count, frames): True where the frame does not show the sequence's own digit.
    """
    shown, own = spec.digits(count)
    order = rng.permutation(count)
    shown, own = rng.permuted(shown[order], axis=1), own[order]
    chosen = np.empty(shown.shape, np.intp)
    for digit in range(10):
        here = shown == digit
        chosen[here] = rng.permutation(np.flatnonzero(digits == digit))[: here.sum()]
    return images[chosen].astype(np.float32) / np.float32(255), shown != own[:, None]
