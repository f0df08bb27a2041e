"""Sensor readings of the plant."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from benchkit_datasets.testbeds.control import CLOSED, OFF
from benchkit_datasets.testbeds.instruments import draw_noise, quantise
from benchkit_datasets.testbeds.wadi.controllers import (
    GATES,
    HIGH,
    LOW,
    METERS,
    SET_POINTS,
    Demand,
    DistributionControllers,
    pressure_wanted,
)
from benchkit_datasets.testbeds.wadi.hydraulics import (
    CONSUMER_HIGH,
    CONSUMER_LOW,
    DRAINS,
    HEAD,
    MAIN,
    PRIMARY,
    RESERVOIR,
    RETURN,
    RISE,
    SUCTION,
    VALVES,
    DistributionNetwork,
)
from benchkit_datasets.testbeds.wadi.instrumentation import INSTRUMENTS, READ_BY_CONTROLLERS
from benchkit_datasets.testbeds.wadi.tags import CONSUMERS, LIVE

OUTPUTS = [f"2_FIC_{j}01_CO" for j in CONSUMERS]
TOTALS = [f"2_FQ_{j}01_PV" for j in CONSUMERS]

STRAINER = 0.02
"""Pressure loss over the strainer, measured by 2_DPIT_001, bar at 1 m3/h."""

SWITCH = 0.0003
"""Hysteresis of a float switch, m3."""

REGISTER, PIPE = 8.0, 90.0
"""Time constants in seconds of 2_FQ_x01, and of station 2B behind station 2A."""


class SensorReader:
    """Reads the state of the plant into a dict from tag to value.

    Attributes
    ----------
    readings
        The same object in every second. Noise is added to the readings of controllers; the others
        get it from `finish`.
    """

    def __init__(self) -> None:
        self.readings: dict[str, float] = dict.fromkeys(LIVE, 0.0)
        for tag in LIVE:
            if "_MV_" in tag:
                self.readings[tag] = CLOSED
            elif "_P_" in tag and tag.endswith("STATUS"):
                self.readings[tag] = OFF
        self.readings["PLANT_START_STOP_LOG"] = 1.0

    def read_plant(
        self, plant: DistributionNetwork, demand: Demand, noise: tuple[float, ...]
    ) -> dict[str, float]:
        """Return the readings, with ``noise`` in the order of ``READ_BY_CONTROLLERS``."""
        r = self.readings
        r["1_LT_001_PV"] = 100 * plant.primary / PRIMARY + noise[0]
        r["2_LT_001_PV"] = 100 * plant.first / RESERVOIR + noise[1]
        r["2_LT_002_PV"] = 100 * plant.second / RESERVOIR + noise[2]
        r["3_LT_001_PV"] = 100 * plant.returned / RETURN + noise[3]
        r["1_LS_001_AL"] = r["1_LS_002_AL"] = plant.primary < 0.08 * PRIMARY
        r["3_LS_001_AL"] = plant.returned < 0.1 * RETURN
        r["1_FIT_001_PV"] = plant.make_up + noise[4]
        r["2_PIC_003_PV"] = plant.pressure + noise[5]
        r["2_PIT_003_PV"] = plant.pressure
        r["1_AIT_001_PV"] = plant.conductivity[0] + noise[6]
        r["1_AIT_002_PV"] = plant.turbidity[0] + noise[7]
        r["1_AIT_005_PV"] = plant.chlorine[0] + noise[8]
        if plant.sampled:
            self._analyse(plant)
        flow, held = plant.flow, plant.held
        required = 0.0
        for j in range(6):
            wanted = demand.flows[j]
            required += wanted
            r[SET_POINTS[j]] = wanted
            r[METERS[j]] = flow[j] + noise[9 + j]
            r[TOTALS[j]] = flow[j]
            r[HIGH[j]] = held[j] > CONSUMER_HIGH - (SWITCH if r[HIGH[j]] else 0.0)
            r[LOW[j]] = held[j] < CONSUMER_LOW + (SWITCH if r[LOW[j]] else 0.0)
        r["TOTAL_CONS_REQUIRED_FLOW"] = required
        r["2_PIC_003_SP"] = pressure_wanted(required)
        supply, boosted = plant.supply, plant.speed > 0.5
        r["2_FIT_001_PV"] = plant.transfer
        r["2_FIT_002_PV"] = 0.0 if boosted else supply
        r["2_FIT_003_PV"] = supply if boosted else 0.0
        r["3_FIT_001_PV"] = plant.pumped_back
        square = supply * supply
        r["2_PIT_001_PV"] = HEAD + RISE * plant.first / RESERVOIR
        r["2_PIT_002_PV"] = plant.head - SUCTION * square
        r["2_DPIT_001_PV"] = STRAINER * square
        passed = supply - plant.leak
        r["LEAK_DIFF_PRESSURE"] = MAIN * passed * passed + 0.05 * plant.leak
        r["1_MV_001_STATUS"] = plant.inlet.code
        r["1_MV_004_STATUS"] = plant.dump.code
        r["2_MV_001_STATUS"] = plant.fill_first.code
        r["2_MV_003_STATUS"] = plant.fill_second.code
        r["2_MV_005_STATUS"] = plant.draw_first.code
        r["2_MV_006_STATUS"] = plant.draw_second.code
        return r

    def _analyse(self, plant: DistributionNetwork) -> None:
        """Read the analysers that no controller uses."""
        r = self.readings
        r["3_AIT_005_PV"] = plant.chlorine[2]
        for k, place in enumerate(("1", "2A", "3")):
            if k:
                r[place + "_AIT_001_PV"] = plant.conductivity[k]
                r[place + "_AIT_002_PV"] = plant.turbidity[k]
            r[place + "_AIT_003_PV"] = plant.acidity[k]
            r[place + "_AIT_004_PV"] = plant.potential[k]

    def record_commands(self, controllers: DistributionControllers) -> None:
        """Record the last commands to the actuators and the outputs of the controllers."""
        r, commands = self.readings, controllers.commands
        for tag in REPORTED:
            r[tag] = commands[tag]
        for j in range(6):
            r[OUTPUTS[j]] = controllers.outputs[j]
        r["2_PIC_003_CO"] = controllers.output


REPORTED = (
    "1_P_001_STATUS",
    "1_P_003_STATUS",
    "1_P_005_STATUS",
    "1_P_006_STATUS",
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


def finish(values: np.ndarray, rng: np.random.Generator) -> None:
    """Add lags and remaining noise to ``values``, shape (time, 123), and quantise, in place."""
    for tag in TOTALS:
        _lag(values, tag, tag, REGISTER)
    for k in (1, 2, 3, 4):
        _lag(values, f"2A_AIT_{k:03}_PV", f"2B_AIT_{k:03}_PV", PIPE)
    for tag, instrument in INSTRUMENTS.items():
        if tag not in READ_BY_CONTROLLERS:
            column = values[:, LIVE.index(tag)]
            column += draw_noise({tag: instrument}, len(values), rng)[:, 0].astype(np.float32)
    quantise(values, LIVE, INSTRUMENTS)


def _lag(values: np.ndarray, source: str, target: str, seconds: float) -> None:
    """Write ``source`` after a first-order lag to ``target``."""
    honest = values[:, LIVE.index(source)].astype(np.float64)
    keep = seconds / (seconds + 1.0)
    start = [keep * honest[0]]
    values[:, LIVE.index(target)] = lfilter([1.0 - keep], [1.0, -keep], honest, zi=start)[0]
