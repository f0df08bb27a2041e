"""mnist-seq as benchkit loads it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import numpy as np

from benchkit.data import Dataset
from benchkit.data.download import fetch
from benchkit_datasets.mnist_seq.files import FILES
from benchkit_datasets.mnist_seq.members import DIGITS, member_named
from benchkit_datasets.mnist_seq.sequences import Recipe, make_sequences
from benchkit_datasets.parameters import check_share, check_whole

ALL_LIMITS = {"train": 2_000, "test": 500}
"""Sequences of the member ``all`` where no other number is asked for and the images suffice."""


class MnistSeq:
    """Sequences of digits in which some test frames show another digit than the rest.

    Parameters
    ----------
    frames
        Frames a sequence, 2 or more.
    share
        Share of anomalous frames in an anomalous test sequence, between 0 and 1; rounded to
        whole frames, half up, and never none or all of them.
    contaminated
        Share of the test sequences that have anomalous frames, above 0 and up to 1.
    seed
        Decides which image stands where; 0 or more.
    train_sequences, test_sequences
        How many; None for as many as can be made without using an image twice, up to 2,000 and
        500 for the member ``all``.

    Raises
    ------
    ValueError
        A parameter has a value that is none of these.
    """

    def __init__(
        self,
        frames: int = 10,
        share: float = 0.3,
        contaminated: float = 0.5,
        seed: int = 0,
        train_sequences: int | None = None,
        test_sequences: int | None = None,
    ) -> None:
        check_whole("frames", frames, 2)
        check_whole("seed", seed, 0)
        for name, count in (
            ("train_sequences", train_sequences),
            ("test_sequences", test_sequences),
        ):
            if count is not None:
                check_whole(name, count, 1)
        check_share("share", share, whole=False)
        check_share("contaminated", contaminated, whole=True)
        self.frames = frames
        self.share = share
        self.contaminated = contaminated
        self.seed = seed
        self.train_sequences = train_sequences
        self.test_sequences = test_sequences

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the four files of MNIST, fetching what is missing unless ``offline``.

        Raises
        ------
        DataUnavailable
            A file is not here and cannot be had.
        """
        return [fetch(file, offline=offline) for file in FILES]

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Make the sequences of one member.

        Training sequences are made of training images only, test sequences of test images only.

        Returns
        -------
        Dataset
            Image sequences: float32 in [0, 1], (sequences, frames, 28, 28), 8 x 8 for ``sim``;
            labels bool, (sequences, frames).

        Raises
        ------
        InvalidDataset
            A file is not what it should be; the message names it.
        ValueError
            There is no such member; or there are not enough images for what was asked; or so
            few sequences were asked for that none would be anomalous.
        """
        shown = member_named(member)
        if variant == "sim":
            from benchkit_datasets.mnist_seq.digits import load_small_digits

            parts = load_small_digits()
        else:
            from benchkit_datasets.mnist_seq.idx import read_labelled

            parts = {"train": read_labelled(*sources[:2]), "test": read_labelled(*sources[2:])}
        odd = min(max(math.floor(self.share * self.frames + 0.5), 1), self.frames - 1)
        # Each part has its own stream, so that the number of one does not change the other.
        rngs = np.random.default_rng(self.seed).spawn(2)
        train, _, note = self._make(member, "train", Recipe(shown, self.frames), parts, rngs[0])
        recipe = Recipe(shown, self.frames, odd, self.contaminated)
        test, labels, _ = self._make(member, "test", recipe, parts, rngs[1])
        if not labels.any():
            raise ValueError(
                f"test_sequences={len(test)} with contaminated={self.contaminated} gives no "
                f"anomalous sequence: ask for {math.ceil(1 / self.contaminated)} or more a digit"
            )
        return Dataset(train, test, labels, notes=note)

    def _make(
        self,
        member: str,
        part: Literal["train", "test"],
        recipe: Recipe,
        parts: dict[str, tuple[np.ndarray, np.ndarray]],
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
        """Return one part's frames and labels, and a note on images that fill no sequence."""
        images, digits = parts[part]
        available = np.bincount(digits, minlength=len(DIGITS))
        most = recipe.most(available)
        asked = self.train_sequences if part == "train" else self.test_sequences
        limit = ALL_LIMITS[part] if member == "all" else most
        count = min(limit, most) if asked is None else asked
        if count > most or most == 0:
            raise ValueError(
                f"{part}_sequences={count or 1} of {self.frames} frames take more {part} images "
                f"than there are for {member}: {most} sequences can be made"
            )
        frames, labels = make_sequences(recipe, count, images, digits, rng)
        left = int(available[list(recipe.member.normal)].sum()) - frames.shape[0] * self.frames
        note = (f"{left:,} training images of the normal digits are not used.",) if left else ()
        return frames, labels, note
