"""The 36 attacks, in the order of time.

They follow the catalogue of Goh, Adepu, Junejo and Mathur 2016, "A dataset to support research in
the design of secure water treatment systems", whose list numbers 41 and calls five of them without
physical effect and point. Where ours differs, the comment says so: the published attacks replay
nothing and hide nothing, and later ones on the same plant do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN, TRAVELLING
from benchkit_datasets.testbeds.manipulation import (
    Bias,
    ConstantValue,
    LinearDrift,
    Manipulation,
    Replay,
)
from benchkit_datasets.testbeds.recording import Method
from benchkit_datasets.testbeds.swat.tags import Readings

SPOOF: Method = "spoofed sensor"
FORCE: Method = "forced actuator"
DRIFT: Method = "slow drift"
REPLAY: Method = "replay"
STEALTHY: Method = "stealthy"


@dataclass(frozen=True)
class TreatmentScenario:
    """An attack before it has a time.

    Parameters
    ----------
    published
        Its number in the published list.
    method, intent
        As in `benchkit_datasets.testbeds.recording.Attack`.
    manipulations
        What is done to each tag.
    ready
        Whether the plant is as the attacker wants it.
    """

    published: int
    method: Method
    intent: str
    manipulations: Mapping[str, Manipulation]
    ready: Callable[[Readings], bool] = lambda r: True


def _transferring(r: Readings) -> bool:
    return r.FIT201 > 2.0


def _standing(r: Readings) -> bool:
    return r.P101 == OFF and r.P102 == OFF


def _filtering(r: Readings) -> bool:
    return r.FIT301 > 2.0 and r.MV302 == OPEN


def _about_to_wash(r: Readings) -> bool:
    return r.MV303 == TRAVELLING and r.MV301 == TRAVELLING


def _permeating(r: Readings) -> bool:
    return r.FIT502 > 1.2


SCENARIOS = (
    TreatmentScenario(
        1,
        FORCE,
        "overflow the raw water tank",
        {"MV101": ConstantValue(OPEN)},
        lambda r: r.MV101 == CLOSED,
    ),
    # Both, since either may be the one that runs.
    TreatmentScenario(
        2,
        FORCE,
        "burst the pipe to stage 2",
        {"P101": ConstantValue(ON), "P102": ConstantValue(ON)},
        _transferring,
    ),
    TreatmentScenario(
        3,
        DRIFT,
        "empty the raw water tank and run P101 dry",
        {"LIT101": LinearDrift(1.0, high=1_000.0)},
        lambda r: 520 < r.LIT101 < 780,
    ),
    # MV504 is not among the 51 tags, and the attack had no effect.
    TreatmentScenario(
        4, FORCE, "halt the shutdown of reverse osmosis; no effect", {"MV504": ConstantValue(OPEN)}
    ),
    TreatmentScenario(
        6, SPOOF, "stop P203 and spoil the pH", {"AIT202": ConstantValue(6.0)}, _transferring
    ),
    TreatmentScenario(
        7, SPOOF, "stop the inflow of T301 and empty it", {"LIT301": ConstantValue(1_150.0)}
    ),
    TreatmentScenario(
        8, SPOOF, "wash the filter without end", {"DPIT301": ConstantValue(45.0)}, _filtering
    ),
    TreatmentScenario(
        10, SPOOF, "shut down the UV lamp and P501", {"FIT401": ConstantValue(0.65)}, _permeating
    ),
    TreatmentScenario(11, SPOOF, "shut down the UV lamp and P501", {"FIT401": ConstantValue(0.0)}),
    TreatmentScenario(
        13,
        FORCE,
        "halt stage 3 in the middle of a wash",
        {"MV304": ConstantValue(CLOSED)},
        lambda r: r.MV304 == TRAVELLING and r.FIT301 < 1.0,
    ),
    TreatmentScenario(
        14, FORCE, "halt stage 3 before a wash", {"MV303": ConstantValue(CLOSED)}, _about_to_wash
    ),
    TreatmentScenario(
        16,
        DRIFT,
        "overflow T301",
        {"LIT301": LinearDrift(-1.0, low=500.0)},
        lambda r: 820 < r.LIT301 < 990,
    ),
    TreatmentScenario(
        17, FORCE, "halt stage 3 before a wash", {"MV303": ConstantValue(CLOSED)}, _about_to_wash
    ),
    # Published as a step to 16.
    TreatmentScenario(
        19,
        DRIFT,
        "have the permeate sent to the drain",
        {"AIT504": LinearDrift(0.05, high=16.0)},
        _permeating,
    ),
    TreatmentScenario(
        20, SPOOF, "have the permeate sent to the drain", {"AIT504": ConstantValue(255.0)}
    ),
    # Published with LIT101 fixed at 700.
    TreatmentScenario(
        21,
        REPLAY,
        "overflow the raw water tank unseen",
        {"MV101": ConstantValue(OPEN), "LIT101": Replay(120)},
        lambda r: r.MV101 == CLOSED or (r.FIT201 < 0.1 and r.LIT101 > 600),
    ),
    TreatmentScenario(
        22,
        SPOOF,
        "damage the membrane of reverse osmosis",
        {"UV401": ConstantValue(OFF), "AIT502": ConstantValue(150.0), "P501": ConstantValue(ON)},
        _permeating,
    ),
    TreatmentScenario(
        23,
        SPOOF,
        "freeze stages 3 and 6",
        {"P602": ConstantValue(OFF), "DPIT301": ConstantValue(45.0), "MV302": ConstantValue(OPEN)},
        _filtering,
    ),
    TreatmentScenario(
        24,
        FORCE,
        "spoil the water",
        {"P203": ConstantValue(OFF), "P205": ConstantValue(OFF)},
        _transferring,
    ),
    TreatmentScenario(
        25,
        SPOOF,
        "empty T401",
        {"LIT401": ConstantValue(1_001.0), "P402": ConstantValue(ON)},
        _filtering,
    ),
    TreatmentScenario(
        26,
        SPOOF,
        "empty T101 into T301 until it overflows",
        {"P101": ConstantValue(ON), "LIT301": ConstantValue(801.0)},
        _standing,
    ),
    TreatmentScenario(
        27,
        SPOOF,
        "overflow T401",
        {"P302": ConstantValue(ON), "LIT401": ConstantValue(600.0)},
        _filtering,
    ),
    # P301 as well, or an operator's choice of the pump would end it.
    TreatmentScenario(
        28,
        FORCE,
        "stop the inflow of T401",
        {"P301": ConstantValue(OFF), "P302": ConstantValue(OFF)},
    ),
    # The mechanical interlock stops the pumps while no water flows.
    TreatmentScenario(
        29,
        FORCE,
        "waste chemicals; no effect",
        {"P201": ConstantValue(ON), "P203": ConstantValue(ON), "P205": ConstantValue(ON)},
        lambda r: r.FIT201 < 0.1,
    ),
    # Published with LIT101 fixed at 700.
    TreatmentScenario(
        30,
        REPLAY,
        "empty T101 into T301 unseen",
        {
            "LIT101": Replay(90),
            "P101": ConstantValue(ON),
            "MV201": ConstantValue(OPEN),
            "MV101": ConstantValue(CLOSED),
        },
        _standing,
    ),
    TreatmentScenario(31, SPOOF, "overflow T401", {"LIT401": ConstantValue(780.0)}),
    # Published as a step above HH.
    TreatmentScenario(
        32,
        STEALTHY,
        "stop the inflow of T301 early",
        {"LIT301": Bias(70.0, over=40.0)},
        lambda r: 880 < r.LIT301 < 960 and r.FIT201 > 2,
    ),
    # Published as a step above H.
    TreatmentScenario(
        33,
        STEALTHY,
        "keep the raw water tank emptier than it says",
        {"LIT101": Bias(60.0, over=60.0)},
        lambda r: 560 < r.LIT101 < 700,
    ),
    TreatmentScenario(
        34,
        FORCE,
        "stop the outflow of T101",
        {"P101": ConstantValue(OFF)},
        lambda r: r.P101 == ON and r.FIT201 > 2.0,
    ),
    TreatmentScenario(
        35,
        FORCE,
        "stop the outflow of T101",
        {"P101": ConstantValue(OFF), "P102": ConstantValue(OFF)},
        _transferring,
    ),
    TreatmentScenario(36, SPOOF, "overflow the raw water tank", {"LIT101": ConstantValue(240.0)}),
    TreatmentScenario(
        37,
        STEALTHY,
        "stop production behind a replayed flow",
        {"P501": ConstantValue(OFF), "FIT502": Replay(60)},
        _permeating,
    ),
    TreatmentScenario(
        38,
        SPOOF,
        "dose too much sulphite",
        {"AIT402": ConstantValue(260.0), "AIT502": ConstantValue(260.0)},
        _permeating,
    ),
    TreatmentScenario(
        39,
        SPOOF,
        "shut down the UV lamp and let its water pass",
        {"FIT401": ConstantValue(0.5), "AIT502": ConstantValue(140.0)},
        _permeating,
    ),
    TreatmentScenario(
        40, SPOOF, "shut down the UV lamp", {"FIT401": ConstantValue(0.0)}, _permeating
    ),
    TreatmentScenario(
        41,
        DRIFT,
        "overflow T301",
        {"LIT301": LinearDrift(-0.5, low=500.0)},
        # An emptying tank would fall as fast by itself.
        lambda r: 820 < r.LIT301 < 990 and r.FIT201 > 2.0,
    ),
)
