"""A dataset member on disk, ready to be mapped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.protocol.truth import Truth

TRAIN, TEST, LABELS, AMBIGUOUS = "train.npy", "test.npy", "labels.npy", "ambiguous.npy"


@dataclass(frozen=True)
class Prepared:
    """A dataset member in the cache.

    ``fingerprint`` is a hash of all that a detector or a metric can see of it; ``notes`` is what
    the plugin repaired and what the harness noticed; ``warnings`` are those of the notes that a
    run says as well; ``stand_in`` is why ``sim`` was taken where the user did not ask for it, and
    ``obtain`` then how to get the real one.
    """

    folder: str
    variant: str
    fingerprint: str
    train_shape: tuple[int, ...]
    test_shape: tuple[int, ...]
    anomalies: int
    channels: tuple[str, ...]
    period: float | None
    notes: tuple[str, ...]
    train_segments: tuple[int, ...] = (0,)
    test_segments: tuple[int, ...] = (0,)
    warnings: tuple[str, ...] = ()
    stand_in: str = ""
    obtain: str = ""

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Prepared:
        """Return what `prepare_dataset` described, after JSON made lists of its tuples."""
        restored: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
        return cls(**restored)

    @property
    def train(self) -> Path:
        """File of the training part."""
        return Path(self.folder, TRAIN)

    @property
    def test(self) -> Path:
        """File of the test part."""
        return Path(self.folder, TEST)

    def truth(self, window: int) -> Truth:
        """Return what scores are measured against; ``window`` is that of VUS, in rows."""
        ambiguous = Path(self.folder, AMBIGUOUS)
        frames = self.test_shape[1] if len(self.test_shape) == 4 else None
        return Truth(
            labels=_flat(Path(self.folder, LABELS)),
            ambiguous=_flat(ambiguous) if ambiguous.is_file() else None,
            frames=frames,
            window=window,
            period=self.period,
        )


def _flat(path: Path) -> np.ndarray:
    # (rows,) or (sequences, frames) -> (points,)
    return np.load(path).reshape(-1)
