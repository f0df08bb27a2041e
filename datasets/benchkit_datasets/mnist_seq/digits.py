"""The simulated variant of MNIST: the small digits of scikit-learn."""

from __future__ import annotations

import numpy as np

TEST_EVERY = 3
"""Every third image is a test image."""


def load_small_digits() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return ``{"train": (images, digits), "test": (images, digits)}`` of 8 x 8 images.

    1,797 images, uint8 (images, 8, 8) scaled to 0 … 255 as in MNIST, of which every third is a
    test image. A duplicate image is kept only in the part of its first occurrence.
    """
    from sklearn.datasets import load_digits

    bundled = load_digits()
    images = np.rint(bundled.images * (255 / 16)).astype(np.uint8)
    # (images, 8, 8) -> (images, 64), to find those that are there twice
    first = np.sort(np.unique(images.reshape(len(images), -1), axis=0, return_index=True)[1])
    tested = first % TEST_EVERY == TEST_EVERY - 1
    return {
        part: (images[rows], bundled.target[rows].astype(np.uint8))
        for part, rows in (("train", first[~tested]), ("test", first[tested]))
    }
