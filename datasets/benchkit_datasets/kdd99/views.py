"""Connection records as the float arrays that detectors are given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchkit_datasets.kdd99.columns import COLUMNS, MADGAN, NUMERIC, SYMBOLIC
from benchkit_datasets.kdd99.records import Records


def madgan_view(records: Records) -> np.ndarray:
    """Return the 34 features that the MAD-GAN authors kept: float32, (rows, 34), unscaled."""
    return records.numbers[:, [NUMERIC.index(name) for name in MADGAN]]


def full_view(records: Records, words: dict[str, list[str]]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return all 41 features, each symbolic one as a 0/1 channel for every word it may have.

    Parameters
    ----------
    records
        The rows to encode.
    words
        For each symbolic feature the words that get a channel. Any other word is encoded as
        zeros in all of them.

    Returns
    -------
    values
        float32, (rows, channels), in the order of the 41 features.
    channels
        ``"duration"``, ``"protocol_type=tcp"`` and so on.
    """
    channels = [
        f"{name}={word}" if name in SYMBOLIC else name
        for name in COLUMNS
        for word in words.get(name, [""])
    ]
    values = np.empty((len(records), len(channels)), np.float32)
    for position, channel in enumerate(channels):
        name, _, word = channel.partition("=")
        if name in SYMBOLIC:
            values[:, position] = records.symbols[name] == word
        else:
            values[:, position] = records.numbers[:, NUMERIC.index(name)]
    return values, tuple(channels)


def vocabulary_of(records: Records) -> dict[str, list[str]]:
    """Return, for each symbolic feature, the words that occur, in alphabetical order."""
    return {name: sorted(set(_present(records.symbols[name]))) for name in SYMBOLIC}


def count_unknown(records: Records, words: dict[str, list[str]]) -> dict[str, int]:
    """Return, for each symbolic feature, how many rows have a word that is not in ``words``."""
    return {name: int((~records.symbols[name].isin(words[name])).sum()) for name in SYMBOLIC}


def _present(column: pd.Categorical) -> list[str]:
    return list(column.remove_unused_categories().categories)
