"""Detection of rounded values by their number of decimals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KnownDecimals:
    """Number of decimals of the published values of some tags.

    Attributes
    ----------
    tags
        One tag or several.
    decimals
        Some of their published values have this many decimals.
    """

    tags: tuple[str, ...]
    decimals: int


class DecimalCounter:
    """Counts the decimals of each `KnownDecimals`, block by block, up to the published number."""

    def __init__(self, known_decimals: tuple[KnownDecimals, ...], tags: tuple[str, ...]) -> None:
        self._known_decimals = known_decimals
        self._channels = [[tags.index(tag) for tag in one.tags] for one in known_decimals]
        self._found = [0] * len(known_decimals)
        self._varies = [False] * len(known_decimals)
        self._first: np.ndarray | None = None

    def add(self, values: np.ndarray) -> None:
        """Count the decimals of more rows, (rows, channels); NaN where missing."""
        if self._first is None:
            self._first = values[0].copy()
        for number, (one, channels) in enumerate(
            zip(self._known_decimals, self._channels, strict=True)
        ):
            if self._found[number] >= one.decimals:
                continue
            here = values[:, channels]
            there = here[~np.isnan(here)]
            varies = (here != self._first[channels]) & ~np.isnan(here)
            self._varies[number] |= bool(varies.any())
            while self._found[number] < one.decimals and not _all_have(there, self._found[number]):
                self._found[number] += 1

    def note(self) -> str:
        """Return a note on the tags with fewer decimals than published, ``""`` if there are none.

        Constant tags are ignored.
        """
        coarse = [
            (one, found)
            for one, found, varies in zip(
                self._known_decimals, self._found, self._varies, strict=True
            )
            if varies and found < one.decimals
        ]
        if not coarse:
            return ""
        tags = [tag for one, _ in coarse for tag in one.tags]
        more = f" and {len(tags) - 3} more" if len(tags) > 3 else ""
        most = max(found for _, found in coarse)
        return (
            f"no value of {', '.join(tags[:3])}{more} has more than {most} "
            f"decimal{'s' * (most != 1)}, unlike published values: they were rounded"
        )


def _all_have(values: np.ndarray, decimals: int) -> bool:
    """Return whether no value has more decimals, within the precision of float32."""
    rounded = np.round(values, decimals).astype(np.float32)
    return bool((rounded == values.astype(np.float32)).all())
