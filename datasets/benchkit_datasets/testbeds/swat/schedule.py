"""Length of a recording and times of its attacks."""

from __future__ import annotations

from dataclasses import dataclass

from benchkit_datasets.testbeds.attack_schedule import AttackSchedule, shorten

PUBLISHED = (
    (1_754, 940), (3_068, 443), (4_920, 383), (6_459, 390), (7_255, 196), (7_705, 429),
    (11_410, 964), (15_380, 160), (15_540, 561), (90_685, 233), (92_140, 431), (93_445, 276),
    (103_092, 717), (115_843, 259), (116_143, 395), (117_000, 721), (132_918, 463),
    (142_954, 697), (172_268, 321), (172_910, 612), (198_296, 1_445), (227_828, 1_691),
    (229_519, 34_209), (279_120, 121), (280_060, 1_171), (302_653, 367), (347_679, 601),
    (361_191, 444), (371_479, 101), (371_855, 481), (389_680, 540), (436_541, 469),
    (437_417, 281), (438_147, 401), (438_621, 297), (443_501, 1_690),
)  # fmt: skip
"""First row and duration in seconds of the real attacks, from labels and published list.

The labels have 35 runs: attacks 8 and 9, and 22 and 23, counted from 1, are adjacent, and one run
of 721 rows from row 73,800 is not in the list. It is twelve hours before attack 16, which has the
same length.
"""


@dataclass(frozen=True)
class TreatmentSchedule(AttackSchedule):
    """An attack schedule of the water treatment plant.

    Attributes
    ----------
    train, test, windows
        See `AttackSchedule`.
    patience
        Seconds that the attacker waits at most for the state in which an attack has an effect.
    pause
        Least seconds between two attacks, unless the second starts at once.
    """

    patience: int
    pause: int


def make_schedule(size: str) -> TreatmentSchedule:
    """Return the schedule of a size; ``full`` is that of the real recording.

    Raises
    ------
    ValueError
        The size is unknown.
    """
    if size == "full":
        return TreatmentSchedule(496_800, 449_919, PUBLISHED, patience=2_400, pause=30)
    if size == "laptop":
        return TreatmentSchedule(
            50_400, 50_400, _shortened(6_000, 50_400), patience=3_000, pause=150
        )
    raise ValueError(f"size must be one of laptop, full, got {size!r}")


def _shortened(seconds: int, rows: int) -> tuple[tuple[int, int], ...]:
    """Return the published attacks, scaled to ``rows`` rows and ``seconds`` in total."""
    lengths = shorten([length for _, length in PUBLISHED], seconds, 40)
    ends = [0] + [start + length for start, length in PUBLISHED]
    gaps = [start - end for (start, _), end in zip(PUBLISHED, ends[:-1], strict=True)]
    open_gaps = [gap for gap in gaps if gap]
    shorter = iter(shorten(open_gaps, rows - seconds - 3_000, 300))
    due, row = [], 0
    for gap, length in zip(gaps, lengths, strict=True):
        row += next(shorter) if gap else 0
        due.append((row, length))
        row += length
    return tuple(due)
