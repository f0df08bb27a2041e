"""Physics of the plant: water, pipes and tanks.

Flows are in m3/h, volumes in m3, levels in per cent, pressures in bar, concentrations in the unit
of their analyser, times in seconds. Tanks obey mass balance, and dissolved substances mix.
The network is small enough to be solved in closed form every second (one manifold, losses
proportional to the square of the flow), so that EPANET is not needed.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from benchkit_datasets.testbeds.control import ON, OPEN, Valve, follow
from benchkit_datasets.testbeds.wadi.tags import CONSUMERS

PRIMARY, RESERVOIR, RETURN = 1.2, 0.2, 0.4
"""Volumes of the raw-water tanks together, of each elevated reservoir and of the return tank."""

CONSUMER, CONSUMER_LOW, CONSUMER_HIGH = 0.075, 0.010, 0.062
"""Volume of a consumer's tank, and of the water in it at its level switches."""

MAKE_UP, TRANSFER, BOTH_PUMPS, BURST = 4.0, 5.0, 7.0, 3.2
"""Make-up; one and two transfer pumps into one reservoir; one against shut valves, which burst."""

DUMP, DRAIN, RETURNED, RETURN_PUMP = 3.0, 0.85, 0.6, 2.4
"""Dump of a full primary tank; drain of a consumer's tank, the share of it that comes back."""

HEAD, RISE, LIFT = 0.80, 0.25, 1.7
"""Head of an empty reservoir, what a full one adds, and of the booster at full speed."""

SUCTION, MAIN = 0.012, 0.018
"""Losses before and behind the booster, bar at 1 m3/h; they grow with its square."""

CONSUMER_VALVE, RELIEF_VALVE = 0.75, 1.4
"""Flow through an open valve at 1 bar; it grows with the square root of the pressure."""

VALVE_LAG, SPEED_LAG = 1.0, 3.0

SAMPLE = 10
"""Seconds from one sample of the analysers to the next."""

CHLORINE_MAKE_UP, CHLORINE_TRIM, CHLORINE_DECAY = 4.0, 8.0, 1.2
"""Doses of 1_P_001 and 1_P_003 in g/h, and the share that is lost in an hour."""

CommandValues = dict[str, Any]
"""Commands by tag: the code of a valve or a pump, or per cent."""


class MakeUpWater(NamedTuple):
    """Properties of the make-up water in one second.

    Attributes
    ----------
    mains
        Pressure of the make-up water relative to its nominal value.
    conductivity, turbidity
        Of the make-up water.
    """

    mains: float
    conductivity: float
    turbidity: float


class DistributionNetwork:
    """The state of the plant; attributes are named after physical quantities.

    The five numbers of the qualities are for the primary tank, the reservoirs and the return tank.
    """

    def __init__(self) -> None:
        self.primary, self.first, self.second, self.returned = 0.8, 0.16, 0.11, 0.15
        self.held = [0.012, 0.022, 0.032, 0.042, 0.052, 0.060]
        self.opening = [30.0] * len(CONSUMERS)
        self.flow = [0.0] * len(CONSUMERS)
        self.make_up = self.transfer = self.supply = self.pumped_back = self.dumped = 0.0
        self.leak = self.relief = 0.0
        self.speed = self.pressure = 0.0
        self.head = HEAD
        self.conductivity = [170.0, 170.0, 174.0]
        self.turbidity = [0.25, 0.25, 0.32]
        self.chlorine = [1.15, 1.1, 1.0]
        self.acidity, self.potential = [7.4] * 3, [300.0] * 3
        self.inlet, self.dump = Valve(6), Valve(4)
        self.fill_first, self.fill_second = Valve(5), Valve(5)
        self.draw_first, self.draw_second = Valve(5, OPEN), Valve(5)
        self.theft = 0.0
        self.poison = 0.0
        self.sampled = True
        self._clock = 0

    def step(self, commands: CommandValues, make_up_water: MakeUpWater) -> None:
        """Simulate one second under ``commands``."""
        self.inlet.move(commands["1_MV_001_STATUS"])
        self.dump.move(commands["1_MV_004_STATUS"])
        self.fill_first.move(commands["2_MV_001_STATUS"])
        self.fill_second.move(commands["2_MV_003_STATUS"])
        self.draw_first.move(commands["2_MV_005_STATUS"])
        self.draw_second.move(commands["2_MV_006_STATUS"])
        self._distribute(commands)
        self._lift(commands)
        self._store(commands, make_up_water)
        self._clock = (self._clock + 1) % SAMPLE
        self.sampled = self._clock == 0
        if self.sampled:
            self._mix(commands, make_up_water)

    def _lift(self, commands: CommandValues) -> None:
        """Pump from the primary tank to the reservoirs."""
        pumps = (commands["1_P_005_STATUS"] == ON) + (commands["1_P_006_STATUS"] == ON)
        first, second = self.fill_first.opening, self.fill_second.opening
        way = first + second
        moved = 0.0
        if pumps and self.primary > 0.01:
            moved = (TRANSFER, BOTH_PUMPS)[pumps - 1] * 1.2 * way / (0.2 + way) if way else BURST
        self.transfer = follow(self.transfer, moved, 1.0)
        self.primary -= self.transfer / 3600
        if way:
            self.first = min(self.first + self.transfer * first / way / 3600, RESERVOIR)
            self.second = min(self.second + self.transfer * second / way / 3600, RESERVOIR)

    def _distribute(self, commands: CommandValues) -> None:
        """Let the consumers draw from the reservoirs, through the booster if it runs."""
        first, second = self.draw_first.opening, self.draw_second.opening
        way = first + second
        if way:
            level = (first * self.first + second * self.second) / way
            # A reservoir that runs dry lets air in.
            wet = min(1.0, level / 0.01)
            self.head = wet * (HEAD + RISE * level / RESERVOIR)
        else:
            self.head = 0.0
        running = commands["2_P_003_STATUS"] == ON or commands["2_P_004_STATUS"] == ON
        told_speed = max(commands["2_P_003_SPEED"], commands["2_P_004_SPEED"]) if running else 0.0
        self.speed = follow(self.speed, told_speed, SPEED_LAG)
        share = self.speed / 100
        opening = self.opening
        flow = self.flow
        width = 0.0
        for j in range(6):
            opening[j] += (commands[VALVES[j]] - opening[j]) / (VALVE_LAG + 1.0)
            width += opening[j]
        relief = RELIEF_VALVE * commands["2_MCV_007_CO"] / 100
        width = CONSUMER_VALVE * width / 100 + relief + self.theft
        pressure = self.head + (LIFT * share * share if self.head else 0.0)
        pressure /= 1.0 + (SUCTION + MAIN) * width * width
        self.pressure = pressure
        root = sqrt(pressure)
        self.supply = width * root
        self.relief, self.leak = relief * root, self.theft * root
        gain = CONSUMER_VALVE * root / 100
        for j in range(6):
            flow[j] = gain * opening[j]
        if way:
            self.first = max(self.first - self.supply * first / way / 3600, 0.0)
            self.second = max(self.second - self.supply * second / way / 3600, 0.0)

    def _store(self, commands: CommandValues, make_up_water: MakeUpWater) -> None:
        """Let the consumers' tanks, the return tank and the primary tank fill and empty."""
        held, flow = self.held, self.flow
        drained = 0
        for j in range(6):
            water = held[j] + flow[j] / 3600
            if commands[DRAINS[j]] == ON and water > DRAIN / 3600:
                water -= DRAIN / 3600
                drained += 1
            held[j] = water if water < CONSUMER else CONSUMER
        pumps = (commands["3_P_001_STATUS"] == ON) or (commands["3_P_003_STATUS"] == ON)
        moved = RETURN_PUMP if pumps and self.returned > 0.01 else 0.0
        self.pumped_back = follow(self.pumped_back, moved, 1.0)
        water = self.returned + (drained * DRAIN * RETURNED - self.pumped_back) / 3600
        self.returned = min(max(water, 0.0), RETURN)
        self.make_up = MAKE_UP * make_up_water.mains * self.inlet.opening
        self.dumped = DUMP * self.dump.opening * sqrt(max(self.primary, 0.0) / PRIMARY)
        back = self.pumped_back if commands["3_MV_001_STATUS"] == OPEN else 0.0
        water = self.primary + (self.make_up + back - self.dumped) / 3600
        self.primary = min(max(water, 0.0), PRIMARY)

    def _mix(self, commands: CommandValues, make_up_water: MakeUpWater) -> None:
        """Mix ``SAMPLE`` seconds of flow into the tanks, and dose."""
        hours = SAMPLE / 3600
        primary = max(self.primary, 0.05)
        stored = max(self.first + self.second, 0.05)
        fresh = self.make_up * hours / primary
        back = self.pumped_back if commands["3_MV_001_STATUS"] == OPEN else 0.0
        back *= hours / primary
        up = self.transfer * hours / stored
        used = self.supply * RETURNED * hours / max(self.returned, 0.05)
        salt, dirt, chlorine = self.conductivity, self.turbidity, self.chlorine
        for tanks, source, gain in (
            (salt, make_up_water.conductivity, 5.0),
            (dirt, make_up_water.turbidity + self.poison, 0.06),
            (chlorine, 0.05, -0.05),
        ):
            raw, high, low = tanks
            tanks[0] = raw + (source - raw) * fresh + (low - raw) * back
            tanks[1] = high + (raw - high) * up
            tanks[2] = low + (high + gain - low) * used
        dose = CHLORINE_MAKE_UP * (commands["1_P_001_STATUS"] == ON)
        dose += CHLORINE_TRIM * (commands["1_P_003_STATUS"] == ON)
        chlorine[0] += dose * hours / primary
        for k in range(3):
            chlorine[k] *= 1.0 - CHLORINE_DECAY * hours
            self.acidity[k] = 7.25 + 0.2 * chlorine[k]
            self.potential[k] = 180.0 + 320.0 * chlorine[k] / (0.8 + chlorine[k])
        dirt[0] *= 1.0 - 0.3 * hours


VALVES = [f"2_MCV_{j}01_CO" for j in CONSUMERS]
DRAINS = [f"2_SV_{j}01_STATUS" for j in CONSUMERS]
