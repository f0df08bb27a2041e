"""Synthetic data of any size, for measuring what it costs and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

FRAMES = (10, 28, 28)
"""Frames of an image sequence, and their height and width."""

_BLOCK = 16_384
_SINES = 3
_RADIUS = 3.0


def write_parts(folder: Path, length: int, channels: int | None) -> tuple[Path, Path]:
    """Write a training and a test part of one size, and return their paths; the same every time.

    float32, each (length, channels), or (length, frames, height, width) where ``channels`` is
    None. What is there already is not made again.
    """
    train, test = (folder / f"{part}-{length}-{channels}.npy" for part in ("train", "test"))
    if not test.exists():
        for path, seed in ((train, 0), (test, 1)):
            if channels is None:
                np.save(path, make_sequences(length, seed))
            else:
                _write_series(path, length, channels, seed)
    return train, test


def make_sequences(count: int, seed: int) -> np.ndarray:
    """Return blobs that move across their frames, float32 (count, *FRAMES), from 0 to 1."""
    generator = np.random.default_rng(seed)
    frames, height, width = FRAMES
    size = np.array([height, width])
    start, end = generator.uniform(0.2, 0.8, (2, count, 2)) * size
    share = np.linspace(0.0, 1.0, frames)[:, None]
    # (count, 1, 2) by (frames, 1) -> (count, frames, 2): where the middle is
    middle = start[:, None] + share * (end - start)[:, None]
    down, across = (np.arange(n) - middle[..., i, None] for i, n in enumerate((height, width)))
    # (count, frames, height, 1) with (count, frames, 1, width)
    squares = down[..., :, None] ** 2 + across[..., None, :] ** 2
    return np.exp(-squares / (2 * _RADIUS**2)).astype(np.float32)


def _write_series(path: Path, rows: int, channels: int, seed: int) -> None:
    """Write sines with noise, block by block: a long series need not fit into memory."""
    # Both parts have the same sines; the seed moves them and makes the noise.
    sines = np.random.default_rng(channels)
    speeds = 2 * np.pi / sines.uniform(20, 500, _SINES)
    weights = sines.normal(size=(_SINES, channels)).astype(np.float32)
    noise = np.random.default_rng(seed)
    phases = noise.uniform(0, 2 * np.pi, _SINES)
    series = np.lib.format.open_memmap(path, "w+", np.float32, (rows, channels))
    for begin in range(0, rows, _BLOCK):
        block = series[begin : begin + _BLOCK]
        moments = np.arange(begin, begin + len(block))[:, None]
        block[:] = np.sin(moments * speeds + phases).astype(np.float32) @ weights
        block += 0.1 * noise.standard_normal(block.shape, dtype=np.float32)
    series.flush()
