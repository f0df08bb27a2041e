"""The 15 attacks on the water distribution network, in chronological order.

They follow the table of the owners of WADI.A1 (October 2017: 15 attacks in 14 windows, as number 4
begins where number 3 ends). Comments mark the differences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN
from benchkit_datasets.testbeds.manipulation import (
    Bias,
    Constant,
    LinearDrift,
    Manipulation,
    Replay,
)
from benchkit_datasets.testbeds.recording import Method
from benchkit_datasets.testbeds.wadi.hydraulics import VALVES

Readings = Mapping[str, float]


def _at_once(readings: Readings) -> bool:
    return True


@dataclass(frozen=True)
class WadiScenario:
    """An attack without its time.

    Attributes
    ----------
    method, intent
        As in `benchkit_datasets.testbeds.recording.Attack`.
    manipulations
        By tag, how its value is changed.
    ready
        Whether the plant is in a state in which the attack has an effect.
    theft, poison
        Changes of the plant itself: a leak, in m3/h at 1 bar, and turbidity added to the make-up
        water.
    """

    method: Method
    intent: str
    manipulations: Mapping[str, Manipulation]
    ready: Callable[[Readings], bool] = field(default=_at_once)
    theft: float = 0.0
    poison: float = 0.0


SCENARIOS = (
    WadiScenario(
        "forced actuator",
        "open the make-up valve until the primary tank runs over",
        {"1_MV_001_STATUS": Constant(OPEN)},
        lambda readings: readings["1_MV_001_STATUS"] == CLOSED and readings["1_LT_001_PV"] > 60.0,
    ),
    WadiScenario(
        "spoofed sensor",
        "show a flow that is not there, so that chlorine is dosed into standing water",
        {"1_FIT_001_PV": Bias(3.9)},
        lambda readings: readings["1_MV_001_STATUS"] == CLOSED and readings["1_LT_001_PV"] > 62.0,
    ),
    WadiScenario(
        "stealthy",
        "drain the second reservoir behind a level that seems to fall slowly",
        {"2_LT_002_PV": LinearDrift(-0.002, 45.5)},
        lambda readings: (
            readings["2_MV_006_STATUS"] == OPEN and 45.6 < readings["2_LT_002_PV"] < 50.0
        ),
    ),
    WadiScenario(
        "spoofed sensor",
        "make good water look salty, so that the primary tank is emptied",
        {"1_AIT_001_PV": Bias(26.0, 10.0)},
    ),
    WadiScenario(
        "forced actuator",
        "cut off all consumers",
        {tag: Constant(0.0) for tag in VALVES},
    ),
    WadiScenario(
        "forced actuator",
        "let two consumers' tanks run over",
        {VALVES[0]: Constant(100.0), VALVES[1]: Constant(100.0)},
    ),
    WadiScenario(
        "replay",
        "send turbid water to the consumers while the analyser shows what it showed before",
        {"1_AIT_002_PV": Replay(600), "2_MV_003_STATUS": Constant(OPEN)},
        lambda readings: (
            readings["2_MV_003_STATUS"] == CLOSED and readings["1_MV_001_STATUS"] == OPEN
        ),
        poison=1.0,
    ),
    WadiScenario(
        "forced actuator",
        "waste water through the relief valve of the network",
        {"2_MCV_007_CO": Constant(70.0)},
        lambda readings: readings["2_MV_009_STATUS"] == CLOSED,
    ),
    WadiScenario(
        "forced actuator",
        "burst a pipe: pump against shut valves",
        {"1_P_005_STATUS": Constant(ON), "1_P_006_STATUS": Constant(OFF)},
        lambda readings: (
            readings["2_MV_001_STATUS"] == readings["2_MV_003_STATUS"] == CLOSED
            and max(readings["2_LT_001_PV"], readings["2_LT_002_PV"]) > 80.0
        ),
    ),
    WadiScenario(
        "forced actuator",
        "stop make-up and transfer, so that the reservoirs run dry",
        {
            "1_MV_001_STATUS": Constant(CLOSED),
            "1_P_005_STATUS": Constant(OFF),
            "1_P_006_STATUS": Constant(OFF),
        },
        lambda readings: readings["1_P_005_STATUS"] == ON or readings["1_P_006_STATUS"] == ON,
    ),
    # The published one opens 2_MCV_007 for a third time.
    WadiScenario(
        "stealthy",
        "steal water behind the booster, with the flow meters and the leak detector adjusted",
        {
            "2_FIT_002_PV": Bias(-0.5),
            "2_FIT_003_PV": Bias(-0.5),
            "LEAK_DIFF_PRESSURE": Bias(-0.03),
        },
        theft=0.45,
    ),
    WadiScenario(
        "slow drift",
        "open the relief valve little by little",
        {"2_MCV_007_CO": LinearDrift(0.35, 0.0, 100.0)},
        lambda readings: readings["2_MV_009_STATUS"] == CLOSED,
    ),
    WadiScenario(
        "spoofed sensor",
        "lower the set point of the booster, so that consumers get too little",
        {"2_PIC_003_SP": Bias(-0.55)},
        lambda readings: readings["2_PIC_003_CO"] > 0.0,
    ),
    WadiScenario(
        "forced actuator",
        "stop the dosing of chlorine",
        {"1_P_001_STATUS": Constant(OFF), "1_P_003_STATUS": Constant(OFF)},
        lambda readings: readings["1_P_003_STATUS"] == ON and readings["1_AIT_005_PV"] < 1.12,
    ),
    WadiScenario(
        "stealthy",
        "let the second reservoir run over behind a level that hardly rises",
        {"2_LT_002_PV": LinearDrift(0.004, 0.0, 80.0)},
        lambda readings: (
            readings["2_MV_003_STATUS"] == OPEN and 48.0 < readings["2_LT_002_PV"] < 65.0
        ),
    ),
)

WINDOWS = (
    (5_100, 1_517),
    (59_050, 591),
    (60_900, 870),
    (61_770, 871),
    (63_040, 851),
    (70_770, 671),
    (74_897, 699),
    (85_200, 581),
    (147_300, 88),
    (148_674, 807),
    (149_791, 630),
    (151_140, 361),
    (151_650, 203),
    (152_160, 577),
    (163_590, 631),
)
"""First second and length of the attacks in the recording of 2017, counted from its first row."""
