"""Control logic of the network, executed once per second.

The controllers use the readings, which may be spoofed.
"""

from __future__ import annotations

from typing import NamedTuple

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN, latch
from benchkit_datasets.testbeds.wadi.hydraulics import DRAINS, VALVES, CommandValues
from benchkit_datasets.testbeds.wadi.tags import CONSUMERS

PRIMARY_L, PRIMARY_H = 50.005, 75.005
RESERVOIR_L, RESERVOIR_H = 45.005, 85.005
RETURN_L, RETURN_H = 25.005, 70.005
"""Levels between two quantisation steps, so that the rounded values of the historian lead to the
same decisions as the readings of the controllers."""

KEEP_BELOW = 63.005
"""Level below which returned water goes to the primary tank, and above it to the sewer."""

PRIMARY_LL = 12.005
"""Transfer stops below this level, until the level reaches ``PRIMARY_L``."""

CONDUCTIVITY_H, CONDUCTIVITY_L = 190.05, 184.05
TURBIDITY_H, TURBIDITY_L = 1.0005, 0.7005
CHLORINE_L, CHLORINE_H = 1.0005, 1.2505
FLOWING = 0.5005
"""Make-up above which 1_P_001 doses, m3/h."""

BOOST_BELOW, BOOST_ABOVE = 2.105, 2.405
"""Required flow, m3/h: gravity serves below the first one, the booster above the second."""

FLOW_P, FLOW_I = 20.0, 9.0
PRESSURE_P, PRESSURE_I = 12.0, 6.0
FLUSH = 35.0
"""Opening of 2_MCV_007 while the network is flushed, per cent."""


def pressure_wanted(flow: float) -> float:
    """Return the set point of 2_PIC_003, bar, for a required flow in m3/h."""
    return round(1.05 + 0.15 * flow, 2)


class Demand(NamedTuple):
    """Requests of consumers and operators in one second.

    Attributes
    ----------
    flows
        Demand of the six consumers, m3/h.
    flush
        Whether to flush the network.
    standby
        Whether to use the second pump of each pair.
    """

    flows: tuple[float, ...]
    flush: bool
    standby: bool


class DistributionControllers:
    """The controllers and their state.

    Attributes
    ----------
    commands
        Their outputs by tag; the same object in every scan.
    """

    def __init__(self) -> None:
        self.commands: CommandValues = dict.fromkeys(COMMANDS, OFF)
        self.commands.update(dict.fromkeys(VALVES, 30.0))
        self.commands.update({"2_MCV_007_CO": 0.0, "2_P_003_SPEED": 0.0, "2_P_004_SPEED": 0.0})
        self.outputs = [30.0] * len(CONSUMERS)
        self.output = 0.0
        self._errors = [0.0] * len(CONSUMERS)
        self._error = 0.0
        self._make_up = self._first = self._second = self._returning = self._keep = False
        self._dump = self._trim = self._boost = self._dry = False
        self._draw_first = True

    def scan(self, readings: dict[str, float], demand: Demand) -> CommandValues:
        """Return the commands for the readings of one second."""
        commands = self.commands
        self._primary(readings, commands, demand)
        self._reservoirs(readings, commands, demand)
        self._booster(readings, commands, demand)
        self._consumers(readings, commands, demand)
        return commands

    def _primary(
        self, readings: dict[str, float], commands: CommandValues, demand: Demand
    ) -> None:
        level = readings["1_LT_001_PV"]
        self._make_up = latch(self._make_up, level, PRIMARY_L, PRIMARY_H)
        commands["1_MV_001_STATUS"] = OPEN if self._make_up else CLOSED
        bad = readings["1_AIT_001_PV"] > CONDUCTIVITY_H or readings["1_AIT_002_PV"] > TURBIDITY_H
        good = readings["1_AIT_001_PV"] < CONDUCTIVITY_L and readings["1_AIT_002_PV"] < TURBIDITY_L
        self._dump = bad or (self._dump and not good)
        commands["1_MV_004_STATUS"] = OPEN if self._dump else CLOSED
        commands["1_P_001_STATUS"] = ON if readings["1_FIT_001_PV"] > FLOWING else OFF
        self._trim = latch(self._trim, readings["1_AIT_005_PV"], CHLORINE_L, CHLORINE_H)
        commands["1_P_003_STATUS"] = ON if self._trim else OFF
        was = self._returning
        self._returning = not latch(not was, readings["3_LT_001_PV"], RETURN_L, RETURN_H)
        if self._returning and not was:
            self._keep = level < KEEP_BELOW
        keep, leave = self._returning and self._keep, self._returning and not self._keep
        commands["3_MV_001_STATUS"] = OPEN if keep else CLOSED
        commands["3_MV_002_STATUS"] = OPEN if leave else CLOSED
        commands["3_P_001_STATUS"] = ON if keep else OFF
        commands["3_P_003_STATUS"] = ON if leave else OFF

    def _reservoirs(
        self, readings: dict[str, float], commands: CommandValues, demand: Demand
    ) -> None:
        self._first = latch(self._first, readings["2_LT_001_PV"], RESERVOIR_L, RESERVOIR_H)
        self._second = latch(self._second, readings["2_LT_002_PV"], RESERVOIR_L, RESERVOIR_H)
        commands["2_MV_001_STATUS"] = OPEN if self._first else CLOSED
        commands["2_MV_003_STATUS"] = OPEN if self._second else CLOSED
        # Water is drawn from the reservoir that is not being filled, unless both are.
        if self._first != self._second:
            self._draw_first = self._second
        commands["2_MV_005_STATUS"] = OPEN if self._draw_first else CLOSED
        commands["2_MV_006_STATUS"] = CLOSED if self._draw_first else OPEN
        self._dry = latch(self._dry, readings["1_LT_001_PV"], PRIMARY_LL, PRIMARY_L)
        need = (self._first or self._second) and not self._dry
        both = need and self._first and self._second
        commands["1_P_005_STATUS"] = ON if both or (need and not demand.standby) else OFF
        commands["1_P_006_STATUS"] = ON if both or (need and demand.standby) else OFF

    def _booster(
        self, readings: dict[str, float], commands: CommandValues, demand: Demand
    ) -> None:
        required = readings["TOTAL_CONS_REQUIRED_FLOW"]
        self._boost = not latch(not self._boost, required, BOOST_BELOW, BOOST_ABOVE)
        if self._boost:
            error = readings["2_PIC_003_SP"] - readings["2_PIC_003_PV"]
            change = PRESSURE_P * (error - self._error) + PRESSURE_I * error
            self.output = min(max(self.output + change, 20.0), 100.0)
            self._error = error
        else:
            self.output = self._error = 0.0
        first, second = self._boost and not demand.standby, self._boost and demand.standby
        commands["2_P_003_STATUS"] = ON if first else OFF
        commands["2_P_004_STATUS"] = ON if second else OFF
        commands["2_P_003_SPEED"] = self.output if first else 0.0
        commands["2_P_004_SPEED"] = self.output if second else 0.0
        commands["2_MV_009_STATUS"] = OPEN if demand.flush else CLOSED
        commands["2_MCV_007_CO"] = FLUSH if demand.flush else 0.0

    def _consumers(
        self, readings: dict[str, float], commands: CommandValues, demand: Demand
    ) -> None:
        outputs, errors = self.outputs, self._errors
        for j in range(6):
            wanted = readings[SET_POINTS[j]]
            if wanted > 0.0:
                error = wanted - readings[METERS[j]]
                output = outputs[j] + FLOW_P * (error - errors[j]) + FLOW_I * error
                outputs[j] = min(max(output, 0.0), 100.0)
                errors[j] = error
            else:
                outputs[j] = errors[j] = 0.0
            commands[VALVES[j]] = outputs[j]
            commands[GATES[j]] = OPEN if wanted > 0.0 else CLOSED
            if readings[HIGH[j]]:
                commands[DRAINS[j]] = ON
            elif readings[LOW[j]]:
                commands[DRAINS[j]] = OFF


SET_POINTS = [f"2_FIC_{j}01_SP" for j in CONSUMERS]
METERS = [f"2_FIC_{j}01_PV" for j in CONSUMERS]
GATES = [f"2_MV_{j}01_STATUS" for j in CONSUMERS]
HIGH = [f"2_LS_{j}01_AH" for j in CONSUMERS]
LOW = [f"2_LS_{j}01_AL" for j in CONSUMERS]
COMMANDS = (
    "1_MV_001_STATUS",
    "1_MV_004_STATUS",
    "1_P_001_STATUS",
    "1_P_003_STATUS",
    "1_P_005_STATUS",
    "1_P_006_STATUS",
    "2_MV_001_STATUS",
    "2_MV_003_STATUS",
    "2_MV_005_STATUS",
    "2_MV_006_STATUS",
    "2_MV_009_STATUS",
    "2_MCV_007_CO",
    "2_P_003_STATUS",
    "2_P_004_STATUS",
    "2_P_003_SPEED",
    "2_P_004_SPEED",
    "3_MV_001_STATUS",
    "3_MV_002_STATUS",
    "3_P_001_STATUS",
    "3_P_003_STATUS",
    *VALVES,
    *GATES,
    *DRAINS,
)
