"""The 36 attacks on the water treatment plant, in chronological order.

They follow the catalogue of Goh, Adepu, Junejo and Mathur 2016, "A dataset to support research in
the design of secure water treatment systems", which numbers 41, five of them without a physical
effect. Comments mark the differences: no published attack replays or hides anything, but later
attacks on the same plant do.
"""

from __future__ import annotations

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN, TRAVELLING
from benchkit_datasets.testbeds.manipulation import (
    Bias,
    Constant,
    LinearDrift,
    Replay,
)
from benchkit_datasets.testbeds.recording import Method
from benchkit_datasets.testbeds.swat.scenario import (
    SwatScenario,
    is_about_to_wash,
    is_filtering,
    is_permeating,
    is_standing,
    is_transferring,
)

SPOOF: Method = "spoofed sensor"
FORCE: Method = "forced actuator"
DRIFT: Method = "slow drift"
REPLAY: Method = "replay"
STEALTHY: Method = "stealthy"


SCENARIOS = (
    SwatScenario(
        1,
        FORCE,
        "overflow the raw water tank",
        {"MV101": Constant(OPEN)},
        lambda r: r.MV101 == CLOSED,
    ),
    # Both, since either may be the one that runs.
    SwatScenario(
        2,
        FORCE,
        "burst the pipe to stage 2",
        {"P101": Constant(ON), "P102": Constant(ON)},
        is_transferring,
    ),
    SwatScenario(
        3,
        DRIFT,
        "empty the raw water tank and run P101 dry",
        {"LIT101": LinearDrift(1.0, high=1_000.0)},
        lambda r: 520 < r.LIT101 < 780,
    ),
    # MV504 is not among the 51 tags, and the attack had no effect.
    SwatScenario(
        4, FORCE, "halt the shutdown of reverse osmosis; no effect", {"MV504": Constant(OPEN)}
    ),
    SwatScenario(
        6, SPOOF, "stop P203 and spoil the pH", {"AIT202": Constant(6.0)}, is_transferring
    ),
    SwatScenario(7, SPOOF, "stop the inflow of T301 and empty it", {"LIT301": Constant(1_150.0)}),
    SwatScenario(
        8, SPOOF, "wash the filter without end", {"DPIT301": Constant(45.0)}, is_filtering
    ),
    SwatScenario(
        10, SPOOF, "shut down the UV lamp and P501", {"FIT401": Constant(0.65)}, is_permeating
    ),
    SwatScenario(11, SPOOF, "shut down the UV lamp and P501", {"FIT401": Constant(0.0)}),
    SwatScenario(
        13,
        FORCE,
        "halt stage 3 in the middle of a wash",
        {"MV304": Constant(CLOSED)},
        lambda r: r.MV304 == TRAVELLING and r.FIT301 < 1.0,
    ),
    SwatScenario(
        14, FORCE, "halt stage 3 before a wash", {"MV303": Constant(CLOSED)}, is_about_to_wash
    ),
    SwatScenario(
        16,
        DRIFT,
        "overflow T301",
        {"LIT301": LinearDrift(-1.0, low=500.0)},
        lambda r: 820 < r.LIT301 < 990,
    ),
    SwatScenario(
        17, FORCE, "halt stage 3 before a wash", {"MV303": Constant(CLOSED)}, is_about_to_wash
    ),
    # Published as a step to 16.
    SwatScenario(
        19,
        DRIFT,
        "have the permeate sent to the drain",
        {"AIT504": LinearDrift(0.05, high=16.0)},
        is_permeating,
    ),
    SwatScenario(20, SPOOF, "have the permeate sent to the drain", {"AIT504": Constant(255.0)}),
    # Published with LIT101 fixed at 700.
    SwatScenario(
        21,
        REPLAY,
        "overflow the raw water tank unseen",
        {"MV101": Constant(OPEN), "LIT101": Replay(120)},
        lambda r: r.MV101 == CLOSED or (r.FIT201 < 0.1 and r.LIT101 > 600),
    ),
    SwatScenario(
        22,
        SPOOF,
        "damage the membrane of reverse osmosis",
        {"UV401": Constant(OFF), "AIT502": Constant(150.0), "P501": Constant(ON)},
        is_permeating,
    ),
    SwatScenario(
        23,
        SPOOF,
        "freeze stages 3 and 6",
        {"P602": Constant(OFF), "DPIT301": Constant(45.0), "MV302": Constant(OPEN)},
        is_filtering,
    ),
    SwatScenario(
        24,
        FORCE,
        "spoil the water",
        {"P203": Constant(OFF), "P205": Constant(OFF)},
        is_transferring,
    ),
    SwatScenario(
        25, SPOOF, "empty T401", {"LIT401": Constant(1_001.0), "P402": Constant(ON)}, is_filtering
    ),
    SwatScenario(
        26,
        SPOOF,
        "empty T101 into T301 until it overflows",
        {"P101": Constant(ON), "LIT301": Constant(801.0)},
        is_standing,
    ),
    SwatScenario(
        27, SPOOF, "overflow T401", {"P302": Constant(ON), "LIT401": Constant(600.0)}, is_filtering
    ),
    # P301 as well, or an operator's choice of the pump would end it.
    SwatScenario(
        28, FORCE, "stop the inflow of T401", {"P301": Constant(OFF), "P302": Constant(OFF)}
    ),
    # The mechanical interlock holds the pumps while no water flows.
    SwatScenario(
        29,
        FORCE,
        "waste chemicals; no effect",
        {"P201": Constant(ON), "P203": Constant(ON), "P205": Constant(ON)},
        lambda r: r.FIT201 < 0.1,
    ),
    # Published with LIT101 fixed at 700.
    SwatScenario(
        30,
        REPLAY,
        "empty T101 into T301 unseen",
        {
            "LIT101": Replay(90),
            "P101": Constant(ON),
            "MV201": Constant(OPEN),
            "MV101": Constant(CLOSED),
        },
        is_standing,
    ),
    SwatScenario(31, SPOOF, "overflow T401", {"LIT401": Constant(780.0)}),
    # Published as a step above HH.
    SwatScenario(
        32,
        STEALTHY,
        "stop the inflow of T301 early",
        {"LIT301": Bias(70.0, over=40.0)},
        lambda r: 880 < r.LIT301 < 960 and r.FIT201 > 2,
    ),
    # Published as a step above H.
    SwatScenario(
        33,
        STEALTHY,
        "keep the raw water tank emptier than it says",
        {"LIT101": Bias(60.0, over=60.0)},
        lambda r: 560 < r.LIT101 < 700,
    ),
    SwatScenario(
        34,
        FORCE,
        "stop the outflow of T101",
        {"P101": Constant(OFF)},
        lambda r: r.P101 == ON and r.FIT201 > 2.0,
    ),
    SwatScenario(
        35,
        FORCE,
        "stop the outflow of T101",
        {"P101": Constant(OFF), "P102": Constant(OFF)},
        is_transferring,
    ),
    SwatScenario(36, SPOOF, "overflow the raw water tank", {"LIT101": Constant(240.0)}),
    SwatScenario(
        37,
        STEALTHY,
        "stop production behind a replayed flow",
        {"P501": Constant(OFF), "FIT502": Replay(60)},
        is_permeating,
    ),
    SwatScenario(
        38,
        SPOOF,
        "dose too much sulphite",
        {"AIT402": Constant(260.0), "AIT502": Constant(260.0)},
        is_permeating,
    ),
    SwatScenario(
        39,
        SPOOF,
        "shut down the UV lamp and let its water pass",
        {"FIT401": Constant(0.5), "AIT502": Constant(140.0)},
        is_permeating,
    ),
    SwatScenario(40, SPOOF, "shut down the UV lamp", {"FIT401": Constant(0.0)}, is_permeating),
    SwatScenario(
        41,
        DRIFT,
        "overflow T301",
        {"LIT301": LinearDrift(-0.5, low=500.0)},
        # An emptying tank would fall as fast by itself.
        lambda r: 820 < r.LIT301 < 990 and r.FIT201 > 2.0,
    ),
)
