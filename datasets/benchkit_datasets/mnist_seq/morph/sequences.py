"""Sequences along paths: anchors are encoded, and what lies between them is decoded."""

from __future__ import annotations

import numpy as np

from benchkit import progress
from benchkit_datasets.mnist_seq.morph.networks import ConditionalVAE
from benchkit_datasets.mnist_seq.morph.paths import MorphPaths

CHUNK = 256
"""Sequences that are decoded at once."""


def draw_anchors(paths: MorphPaths, digits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the rows of the images that are anchors, (sequences, anchors).

    No image is drawn again before all of its digit were.

    Parameters
    ----------
    paths
        Which digits the anchors show.
    digits
        (images,), the digit of each image.
    rng
        Draws them.

    Raises
    ------
    ValueError
        There is no image of a digit.
    """
    chosen = np.empty(paths.digits.shape, np.intp)
    for digit in np.unique(paths.digits):
        here, images = paths.digits == digit, np.flatnonzero(digits == digit)
        if not len(images):
            raise ValueError(f"there is no image of the digit {digit}")
        rounds = -(-here.sum() // len(images))
        chosen[here] = np.concatenate([rng.permutation(images) for _ in range(rounds)])[
            : here.sum()
        ]
    return chosen


def decode_paths(
    network: ConditionalVAE, paths: MorphPaths, anchors: np.ndarray, images: np.ndarray
) -> np.ndarray:
    """Return the frames of sequences, float32 (sequences, frames, height, width).

    In [0, 1], in steps of 1/255 as in the images. Latent values and the share of each digit are
    mixed along the path; all frames are decoded, also those that are at an anchor.

    Parameters
    ----------
    network
        The trained autoencoder.
    paths, anchors
        What to make, and the rows of ``images`` that stand at its anchors.
    images
        uint8 (images, height, width).
    """
    count, frames, _ = paths.weights.shape
    made = np.empty((count, frames, *images.shape[1:]), np.float32)
    conditions = paths.conditions()
    for start in progress(range(0, count, CHUNK), "morphing"):
        some = slice(start, start + CHUNK)
        rows, digits = anchors[some], paths.digits[some]
        # (n, anchors) -> (n * anchors,) -> (n * anchors, latent) -> (n, anchors, latent)
        latent = network.encode(images[rows.ravel()], digits.ravel()).reshape(*rows.shape, -1)
        # (n, frames, anchors) @ (n, anchors, latent) -> (n * frames, latent)
        along = (paths.weights[some] @ latent).reshape(-1, latent.shape[-1])
        decoded = network.decode(along, conditions[some].reshape(len(along), -1))
        # (n * frames, pixels) -> (n, frames, height, width)
        made[some] = decoded.reshape(made[some].shape)
    made /= np.float32(255)
    return made
