"""Values of options that people write with units or as short lists."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Sequence

from benchkit.errors import BenchkitError

MAX_SEEDS = 10_000
MAX_SEED = 2**32 - 1
"""What numpy and scikit-learn take as a seed."""

_TIME = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_BYTES = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)")


def parse_seconds(text: str) -> float | None:
    """Return ``90s``, ``10m``, ``2h`` as seconds, and ``none`` as None.

    A number alone is refused: one reader takes it for seconds, another one for minutes.
    """
    return _parse("--timeout", text, _TIME, text.lower(), "90s, 10m, 2h or none")


def parse_bytes(text: str) -> int | None:
    """Return ``500M``, ``4G``, ``4GiB`` as bytes, and ``none`` as None; likewise."""
    shortened = re.sub(r"(?<=[kmgt])i?b$", "", text.lower().strip())
    value = _parse("--memory-limit", text, _BYTES, shortened, "500M, 4G or none")
    return None if value is None else max(1, int(value))


def parse_seeds(*texts: str) -> list[int]:
    """Return ``3`` as the seeds 0, 1, 2, and ``0,7,9`` as those three; ``7,`` is the seed 7.

    Of several texts, which must be lists then, those of all are returned.
    """
    if len(texts) > 1:
        for text in texts:
            if "," not in text:
                raise BenchkitError(
                    f"--seeds {text} says how many, which nothing can be added to: write {text}, "
                    "with a comma, for that seed"
                )
    seeds = [seed for text in texts for seed in _parse_seeds(text)]
    return list(dict.fromkeys(seeds))


def _parse_seeds(text: str) -> Sequence[int]:
    seeds: Sequence[int] = []
    with contextlib.suppress(ValueError):
        if "," not in text:
            seeds = range(min(int(text), MAX_SEEDS + 1))
        else:
            seeds = [int(part) for part in text.split(",") if part.strip()]
    if not seeds or min(seeds) < 0 or max(seeds) > MAX_SEED or len(seeds) > MAX_SEEDS:
        raise BenchkitError(
            f"cannot read --seeds {text!r}: write how many, as in 3, or which, as in 0,7,9; at "
            f"most {MAX_SEEDS}, none above {MAX_SEED}"
        )
    return seeds


def _parse(
    option: str, text: str, units: dict[str, int], value: str, examples: str
) -> float | None:
    if value == "none":
        return None
    match = _NUMBER.fullmatch(value.strip())
    amount = float(match[1]) * units.get(match[2], 0) if match else 0.0
    if not 0 < amount < math.inf:
        raise BenchkitError(f"cannot read {option} {text!r}: write {examples}")
    return amount
