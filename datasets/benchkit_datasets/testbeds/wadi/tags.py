"""The tags of WADI, in the order of its files."""

from __future__ import annotations

CONSUMERS = (1, 2, 3, 4, 5, 6)


def _numbered(pattern: str, last: int, first: int = 1) -> list[str]:
    """Return the tags ``pattern`` with the numbers ``first`` to ``last`` in it."""
    return [pattern.format(number) for number in range(first, last + 1)]


TAGS = (
    *_numbered("1_AIT_{:03}_PV", 5),
    "1_FIT_001_PV",
    *_numbered("1_LS_{:03}_AL", 2),
    "1_LT_001_PV",
    *_numbered("1_MV_{:03}_STATUS", 4),
    *_numbered("1_P_{:03}_STATUS", 6),
    "2_DPIT_001_PV",
    *(f"2_FIC_{j}01_{part}" for j in CONSUMERS for part in ("CO", "PV", "SP")),
    *_numbered("2_FIT_{:03}_PV", 3),
    *(f"2_FQ_{j}01_PV" for j in CONSUMERS),
    *_numbered("2_LS_{:03}_AL", 2),
    *(f"2_LS_{j}01_{part}" for j in CONSUMERS for part in ("AH", "AL")),
    *_numbered("2_LT_{:03}_PV", 2),
    "2_MCV_007_CO",
    *(f"2_MCV_{j}01_CO" for j in CONSUMERS),
    *_numbered("2_MV_{:03}_STATUS", 6),
    "2_MV_009_STATUS",
    *(f"2_MV_{j}01_STATUS" for j in CONSUMERS),
    *_numbered("2_P_{:03}_STATUS", 2),
    *(f"2_P_{number:03}_{part}" for number in (3, 4) for part in ("SPEED", "STATUS")),
    *(f"2_PIC_003_{part}" for part in ("CO", "PV", "SP")),
    *_numbered("2_PIT_{:03}_PV", 3),
    *(f"2_SV_{j}01_STATUS" for j in CONSUMERS),
    *_numbered("2A_AIT_{:03}_PV", 4),
    *_numbered("2B_AIT_{:03}_PV", 4),
    *_numbered("3_AIT_{:03}_PV", 5),
    "3_FIT_001_PV",
    "3_LS_001_AL",
    "3_LT_001_PV",
    *_numbered("3_MV_{:03}_STATUS", 3),
    *_numbered("3_P_{:03}_STATUS", 4),
    "LEAK_DIFF_PRESSURE",
    "PLANT_START_STOP_LOG",
    "TOTAL_CONS_REQUIRED_FLOW",
)
"""All 127 tags, without the prefix of the files of 2017."""

DEAD = frozenset({"2_LS_001_AL", "2_LS_002_AL", "2_P_001_STATUS", "2_P_002_STATUS"})
"""Tags that are empty in the recordings."""

LIVE = tuple(tag for tag in TAGS if tag not in DEAD)
"""The 123 others."""
