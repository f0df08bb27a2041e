"""mnist-seq as benchkit loads it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import numpy as np

from benchkit.data import Dataset
from benchkit.data.download import fetch
from benchkit_datasets.mnist_seq.files import FILES
from benchkit_datasets.mnist_seq.members import DIGITS, find_member
from benchkit_datasets.mnist_seq.morph.paths import MorphPaths, anchors_for, draw_paths
from benchkit_datasets.mnist_seq.morph.settings import AUTOENCODERS
from benchkit_datasets.mnist_seq.sequences import SequenceSpec, make_sequences
from benchkit_datasets.parameters import check_choice, check_share, check_whole

STYLES = ("morph", "frames")

Images = dict[str, tuple[np.ndarray, np.ndarray]]

ALL_LIMITS = {"train": 2_000, "test": 500}
"""Sequences of the member ``all`` where no other number is asked for and the images suffice."""

MORPHS = {
    ("real", False): {"train": 600, "test": 150},
    ("real", True): {"train": 2_000, "test": 500},
    ("sim", False): {"train": 200, "test": 100},
    ("sim", True): {"train": 600, "test": 300},
}
"""Morphing sequences where no other number is asked for; True stands for the member ``all``."""


class MnistSeq:
    """Sequences of digits in which some test frames show another digit than the rest.

    Parameters
    ----------
    style
        ``"morph"``: a sequence interpolates between images of one digit, in anomalous sequences
        also of another digit, with a conditional variational autoencoder. ``"frames"``: every
        frame is a separate image.
    frames
        Frames per sequence, at least 2.
    share
        Share of anomalous frames in an anomalous test sequence, between 0 and 1; rounded to
        whole frames, half up, and never none or all of them.
    contaminated
        Share of the test sequences that have anomalous frames, above 0 and up to 1.
    seed
        Selects and orders the images; 0 or more.
    band
        Of ``morph``: frames of which the other digit's share is less than this from one half are
        marked as ambiguous; 0 marks none, and it is below 0.5.
    train_sequences, test_sequences
        How many. None: of ``morph`` 600 and 150, 2,000 and 500 for the member ``all``, in ``sim``
        200 and 100, 600 and 300. Of ``frames`` as many as can be made without using an image
        twice, up to 2,000 and 500 for ``all``.

    Raises
    ------
    ValueError
        A parameter is invalid.
    """

    def __init__(
        self,
        style: str = "morph",
        frames: int = 10,
        share: float = 0.3,
        contaminated: float = 0.5,
        seed: int = 0,
        band: float = 0.25,
        train_sequences: int | None = None,
        test_sequences: int | None = None,
    ) -> None:
        check_choice("style", style, STYLES)
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
        number = isinstance(band, int | float) and not isinstance(band, bool)
        if not number or not 0 <= band < 0.5:
            raise ValueError(f"band must be a number of at least 0 and below 0.5, got {band!r}")
        self.style = style
        self.frames = frames
        self.share = share
        self.contaminated = contaminated
        self.seed = seed
        self.band = band
        self.train_sequences = train_sequences
        self.test_sequences = test_sequences

    def sources(self, member: str, *, offline: bool) -> list[Path]:
        """Return the four files of MNIST, downloading missing ones unless ``offline``.

        Raises
        ------
        DataUnavailable
            A file is missing and cannot be downloaded.
        """
        return [fetch(file, offline=offline) for file in FILES]

    def load(self, variant: Literal["real", "sim"], member: str, sources: list[Path]) -> Dataset:
        """Make the sequences of one member.

        Training sequences are made of training images only, test sequences of test images only;
        so is the autoencoder of ``morph`` trained on training images only.

        Returns
        -------
        Dataset
            Image sequences: float32 in [0, 1], (sequences, frames, 28, 28), 8 x 8 for ``sim``;
            labels bool, (sequences, frames); and, of ``morph``, which of them are ambiguous.

        Raises
        ------
        DataUnavailable
            The cache of the autoencoder is not writable.
        InvalidDataset
            A file has unexpected content; the message names it.
        ValueError
            The member is unknown, there are not enough images for the requested sequences, or the
            number of sequences is so small that none would be anomalous.
        """
        find_member(member)  # refused before any file is read
        if variant == "sim":
            from benchkit_datasets.mnist_seq.digits import load_small_digits

            parts: Images = load_small_digits()
        else:
            from benchkit_datasets.mnist_seq.idx import read_labelled

            parts = {"train": read_labelled(*sources[:2]), "test": read_labelled(*sources[2:])}
        # Each part has its own stream, so that the number of one does not change the other.
        rngs = np.random.default_rng(self.seed).spawn(2)
        make = self._morphs if self.style == "morph" else self._frames
        made = make(member, variant, parts, rngs)
        if not made.labels.any():
            raise ValueError(
                f"test_sequences={len(made.test)} with contaminated={self.contaminated} gives no "
                f"anomalous sequence; use at least {math.ceil(1 / self.contaminated)} per digit"
            )
        return made

    def _frames(
        self, member: str, variant: str, parts: Images, rngs: list[np.random.Generator]
    ) -> Dataset:
        """Make sequences of single images."""
        shown, anomalous_frames = find_member(member), self._anomalous_frames()
        specs = {
            "train": SequenceSpec(shown, self.frames),
            "test": SequenceSpec(shown, self.frames, anomalous_frames, self.contaminated),
        }
        made: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        notes: tuple[str, ...] = ()
        for (part, (images, digits)), rng in zip(parts.items(), rngs, strict=True):
            spec = specs[part]
            available = np.bincount(digits, minlength=len(DIGITS))
            most = spec.most(available)
            limit = ALL_LIMITS[part] if member == "all" else most
            count = self._count(part, min(limit, most))
            if count > most or most == 0:
                raise ValueError(
                    f"{part}_sequences={count or 1} of {self.frames} frames need more {part} "
                    f"images than {member} has; the maximum is {most}"
                )
            made[part] = make_sequences(spec, count, images, digits, rng)
            left = int(available[list(shown.normal)].sum()) - count * self.frames
            if part == "train" and left:
                notes = (f"{left:,} training images of the normal digits are not used.",)
        return Dataset(made["train"][0], *made["test"], notes=notes)

    def _morphs(
        self, member: str, variant: str, parts: Images, rngs: list[np.random.Generator]
    ) -> Dataset:
        """Make sequences that go from image to image."""
        # Needs torch, which a process that has nothing to make should not import.
        from benchkit_datasets.mnist_seq.morph.sequences import decode_paths, draw_anchors
        from benchkit_datasets.mnist_seq.morph.weights_cache import load_or_train

        shown, anomalous_frames = find_member(member), self._anomalous_frames()
        network, notes = load_or_train(*parts["train"], AUTOENCODERS[variant])
        made: dict[str, tuple[np.ndarray, MorphPaths]] = {}
        for (part, (images, digits)), rng in zip(parts.items(), rngs, strict=True):
            share = self.contaminated if part == "test" else 0.0
            spec = SequenceSpec(shown, anchors_for(self.frames, anomalous_frames), 1, share)
            count = self._count(part, MORPHS[variant, member == "all"][part])
            paths = draw_paths(spec, self.frames, anomalous_frames, count, rng)
            anchors = draw_anchors(paths, digits, rng)
            made[part] = decode_paths(network, paths, anchors, images), paths
        test, paths = made["test"]
        labels, doubtful = paths.labels(), paths.ambiguous(self.band)
        return Dataset(made["train"][0], test, labels, notes=notes, ambiguous=doubtful)

    def _anomalous_frames(self) -> int:
        """Return how many frames of an anomalous sequence are anomalous."""
        return min(max(math.floor(self.share * self.frames + 0.5), 1), self.frames - 1)

    def _count(self, part: str, otherwise: int) -> int:
        asked = self.train_sequences if part == "train" else self.test_sequences
        return otherwise if asked is None else asked
