"""The instruments of WADI: noise, step and range of every sensor."""

from __future__ import annotations

from benchkit_datasets.testbeds.instruments import Instrument
from benchkit_datasets.testbeds.wadi.tags import CONSUMERS

LEVEL = Instrument(0.06, 0.01, 0.0, 100.0)
FLOW = Instrument(0.012, 0.001, 0.0, 10.0)
METER = Instrument(0.004, 0.0001, 0.0, 2.0)
PRESSURE = Instrument(0.004, 0.0005, 0.0, 6.0)

CONDUCTIVITY = Instrument(1.5, 0.1, 0.0, 1_000.0)
TURBIDITY = Instrument(0.05, 0.001, 0.0, 20.0)
ACIDITY = Instrument(0.03, 0.01, 0.0, 14.0)
POTENTIAL = Instrument(6.0, 0.1, 0.0, 1_000.0)
CHLORINE = Instrument(0.02, 0.001, 0.0, 5.0)

READ_BY_CONTROLLERS = {
    "1_LT_001_PV": LEVEL,
    "2_LT_001_PV": LEVEL,
    "2_LT_002_PV": LEVEL,
    "3_LT_001_PV": LEVEL,
    "1_FIT_001_PV": FLOW,
    "2_PIC_003_PV": PRESSURE,
    "1_AIT_001_PV": CONDUCTIVITY,
    "1_AIT_002_PV": TURBIDITY,
    "1_AIT_005_PV": CHLORINE,
    **{f"2_FIC_{j}01_PV": METER for j in CONSUMERS},
}
"""Sensors whose noisy values the controllers use."""

INSTRUMENTS = {
    **READ_BY_CONTROLLERS,
    **dict.fromkeys((f"2_FIT_{k:03}_PV" for k in (1, 2, 3)), FLOW),
    "3_FIT_001_PV": FLOW,
    **{f"2_FQ_{j}01_PV": METER for j in CONSUMERS},
    **dict.fromkeys((f"2_PIT_{k:03}_PV" for k in (1, 2, 3)), PRESSURE),
    "2_DPIT_001_PV": Instrument(0.0015, 0.0005, 0.0, 2.0),
    "LEAK_DIFF_PRESSURE": Instrument(0.0025, 0.0005, 0.0, 2.0),
    "1_AIT_003_PV": ACIDITY,
    "1_AIT_004_PV": POTENTIAL,
    **{
        f"{place}_AIT_{k:03}_PV": instrument
        for place in ("2A", "2B", "3")
        for k, instrument in enumerate((CONDUCTIVITY, TURBIDITY, ACIDITY, POTENTIAL), 1)
    },
    "3_AIT_005_PV": CHLORINE,
}
