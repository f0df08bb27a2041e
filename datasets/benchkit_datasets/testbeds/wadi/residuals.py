"""Residuals between a recording of WADI and its physics and control rules.

Every residual is a measured value minus the value implied by the others, in units of the noise of
that difference; without attacks it stays within a few units. Nothing is fitted and no labels are
used: this is a detector with full knowledge of the plant.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import lfilter

from benchkit_datasets.testbeds.control import ON, OPEN, TRAVELLING
from benchkit_datasets.testbeds.wadi import controllers as plc
from benchkit_datasets.testbeds.wadi import hydraulics as water
from benchkit_datasets.testbeds.wadi.controllers import METERS, SET_POINTS
from benchkit_datasets.testbeds.wadi.hydraulics import DRAINS, VALVES
from benchkit_datasets.testbeds.wadi.instrumentation import (
    CONDUCTIVITY,
    FLOW,
    LEVEL,
    METER,
    PRESSURE,
)
from benchkit_datasets.testbeds.wadi.sensors import OUTPUTS, STRAINER
from benchkit_datasets.testbeds.wadi.tags import LIVE

SPAN, MEAN = 20, 8
"""A balance compares means of ``MEAN`` rows that are ``SPAN`` rows apart."""

PATIENCE = 12
"""Rows over which a rule violation is averaged, because valves have a travel time."""

BROKEN = 30.0
"""Residual of a rule that is violated for long."""

Columns = dict[str, np.ndarray]


def residuals(values: np.ndarray) -> np.ndarray:
    """Return the residuals of a recording, shape (time, k), for ``values``, shape (time, 123)."""
    columns = {tag: values[:, k].astype(np.float64) for k, tag in enumerate(LIVE)}
    parts = [*_tanks(columns), *_network(columns), *_lines(columns), *_rules(columns)]
    return np.stack(parts, axis=1)


def _tanks(c: Columns) -> list[np.ndarray]:
    """Return mass balances: of the primary tank, the reservoirs and the return tank."""
    fill = [_opening(c["2_MV_001_STATUS"], 5), _opening(c["2_MV_003_STATUS"], 5)]
    draw = [_opening(c["2_MV_005_STATUS"], 5), _opening(c["2_MV_006_STATUS"], 5)]
    supply = c["2_FIT_002_PV"] + c["2_FIT_003_PV"]
    level = c["1_LT_001_PV"]
    dumped = water.DUMP * _opening(c["1_MV_004_STATUS"], 4) * np.sqrt(level / 100)
    back = c["3_FIT_001_PV"] * (c["3_MV_001_STATUS"] == OPEN)
    net = c["1_FIT_001_PV"] + back - dumped - c["2_FIT_001_PV"]
    found = [_balance(level, net, water.PRIMARY)]
    for k, tag in enumerate(("2_LT_001_PV", "2_LT_002_PV")):
        net = c["2_FIT_001_PV"] * _share(fill, k) - supply * _share(draw, k)
        found.append(_balance(c[tag], net, water.RESERVOIR))
    drained = sum((c[tag] == ON) * water.DRAIN * water.RETURNED for tag in DRAINS)
    found.append(_balance(c["3_LT_001_PV"], drained - c["3_FIT_001_PV"], water.RETURN))
    return found


def _network(c: Columns) -> list[np.ndarray]:
    """Return the residuals between reservoirs and consumers."""
    pressure = c["2_PIC_003_PV"]
    root = np.sqrt(pressure)
    relief = water.RELIEF_VALVE * c["2_MCV_007_CO"] / 100 * root
    served = sum(c[tag] for tag in METERS) + relief
    supply = c["2_FIT_002_PV"] + c["2_FIT_003_PV"]
    found = [_mean(supply - served) / (FLOW.noise * np.sqrt(2))]
    for meter, valve in zip(METERS, VALVES, strict=True):
        opening = _behind(c[valve], water.VALVE_LAG)
        wrong = c[meter] - water.CONSUMER_VALVE * opening / 100 * root
        found.append(_mean(wrong) / METER.noise)
    draw = [_opening(c["2_MV_005_STATUS"], 5), _opening(c["2_MV_006_STATUS"], 5)]
    levels = _share(draw, 0) * c["2_LT_001_PV"] + _share(draw, 1) * c["2_LT_002_PV"]
    head = water.HEAD + water.RISE * levels / 100
    speed = _behind(np.maximum(c["2_P_003_SPEED"], c["2_P_004_SPEED"]), water.SPEED_LAG) / 100
    square = served * served
    lifted = head + water.LIFT * speed * speed - (water.SUCTION + water.MAIN) * square
    for shown, implied, noise in (
        (pressure, lifted, PRESSURE.noise),
        (c["2_PIT_003_PV"], pressure, PRESSURE.noise),
        (c["2_PIT_002_PV"], head - water.SUCTION * square, PRESSURE.noise),
        (c["2_PIT_001_PV"], water.HEAD + water.RISE * c["2_LT_001_PV"] / 100, PRESSURE.noise),
        (c["2_DPIT_001_PV"], STRAINER * supply * supply, 0.0025),
        (c["LEAK_DIFF_PRESSURE"], water.MAIN * square, 0.003),
    ):
        found.append(_mean(shown - implied) / noise)
    return found


def _lines(c: Columns) -> list[np.ndarray]:
    """Return the residuals of single flows, set points and conductivity."""
    inlet = _opening(c["1_MV_001_STATUS"], 6)
    make_up = c["1_FIT_001_PV"] - water.MAKE_UP * inlet
    way = _opening(c["2_MV_001_STATUS"], 5) + _opening(c["2_MV_003_STATUS"], 5)
    pumps = (c["1_P_005_STATUS"] == ON).astype(int) + (c["1_P_006_STATUS"] == ON)
    moved = np.array([0.0, water.TRANSFER, water.BOTH_PUMPS])[pumps] * 1.2 * way / (0.2 + way)
    moved = _behind(moved, 1.0)
    pumped = c["2_FIT_001_PV"] - moved
    required = sum(c[tag] for tag in SET_POINTS)
    wanted = 1.05 + 0.15 * required
    return [
        _mean(make_up) / np.hypot(FLOW.noise, 0.1 * inlet),
        _mean(pumped) / np.hypot(FLOW.noise, 0.02 * moved),
        (c["TOTAL_CONS_REQUIRED_FLOW"] - required) / 0.01,
        (c["2_PIC_003_SP"] - wanted) / 0.01,
        *((c[valve] - c[output]) / 1.0 for valve, output in zip(VALVES, OUTPUTS, strict=True)),
        _mean(c["1_AIT_001_PV"] - c["2A_AIT_001_PV"]) / CONDUCTIVITY.noise,
    ]


def _rules(c: Columns) -> list[np.ndarray]:
    """Return the residuals of actuators whose state contradicts the control rules."""
    level = c["1_LT_001_PV"]
    first = _latch(c["2_LT_001_PV"], plc.RESERVOIR_L, plc.RESERVOIR_H)
    second = _latch(c["2_LT_002_PV"], plc.RESERVOIR_L, plc.RESERVOIR_H)
    dry = _latch(level, plc.PRIMARY_LL, plc.PRIMARY_L)
    bad = (c["1_AIT_001_PV"] > plc.CONDUCTIVITY_H) | (c["1_AIT_002_PV"] > plc.TURBIDITY_H)
    good = (c["1_AIT_001_PV"] < plc.CONDUCTIVITY_L) & (c["1_AIT_002_PV"] < plc.TURBIDITY_L)
    required = c["TOTAL_CONS_REQUIRED_FLOW"]
    boost = _hold(required > plc.BOOST_ABOVE, required < plc.BOOST_BELOW)
    flush = plc.FLUSH * (c["2_MV_009_STATUS"] == OPEN)
    running = (c["1_P_005_STATUS"] == ON) | (c["1_P_006_STATUS"] == ON)
    boosting = (c["2_P_003_STATUS"] == ON) | (c["2_P_004_STATUS"] == ON)
    return [
        _broken(_latch(level, plc.PRIMARY_L, plc.PRIMARY_H), c["1_MV_001_STATUS"]),
        _broken(_hold(bad, good), c["1_MV_004_STATUS"]),
        _broken(first, c["2_MV_001_STATUS"]),
        _broken(second, c["2_MV_003_STATUS"]),
        _broken(np.maximum(first, second) * (1.0 - dry), 1.0 + running),
        _broken(boost, 1.0 + boosting),
        _broken(c["1_FIT_001_PV"] > plc.FLOWING, c["1_P_001_STATUS"]),
        _broken(_latch(c["1_AIT_005_PV"], plc.CHLORINE_L, plc.CHLORINE_H), c["1_P_003_STATUS"]),
        (c["2_MCV_007_CO"] - flush) / 1.0,
    ]


def _balance(level: np.ndarray, net: np.ndarray, volume: float) -> np.ndarray:
    """Return the change of a level that a net flow in m3/h does not explain."""
    unexplained = level - np.cumsum(net) * 100 / (3_600 * volume)
    means = uniform_filter1d(unexplained, MEAN)
    half = SPAN // 2
    padded = np.pad(means, half, mode="edge")
    flow_noise = 2 * FLOW.noise * np.sqrt(SPAN) * 100 / (3_600 * volume)
    noise = np.hypot(LEVEL.noise * np.sqrt(2 / MEAN), flow_noise)
    return (padded[2 * half :] - padded[: -2 * half]) / noise


def _opening(code: np.ndarray, travel: int) -> np.ndarray:
    """Return the opening of a valve, from 0 to 1, from its code and travel time in seconds."""
    rows = np.arange(len(code))
    left = np.maximum.accumulate(np.where(code != TRAVELLING, rows, 0))
    way = np.minimum((rows - left) / travel, 1.0)
    return np.where(code[left] == OPEN, 1.0 - way, way)


def _share(openings: list[np.ndarray], k: int) -> np.ndarray:
    """Return the share of a flow through valve ``k``."""
    return openings[k] / np.maximum(sum(openings), 1e-9)


def _behind(values: np.ndarray, seconds: float) -> np.ndarray:
    """Return ``values`` after a first-order lag."""
    gain = 1.0 / (seconds + 1.0)
    start = [(1.0 - gain) * values[0]]
    return lfilter([gain], [1.0, gain - 1.0], values, zi=start)[0]


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean of five rows."""
    return uniform_filter1d(values, 5)


def _hold(on: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Return a state that ``on`` begins (1) and ``off`` ends (0); NaN before the first of both."""
    state = np.where(on, 1.0, np.where(off, 0.0, np.nan))
    last = np.maximum.accumulate(np.where(on | off, np.arange(len(on)), 0))
    return state[last]


def _latch(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return the state of a latch that goes on below ``low`` and off above ``high``."""
    return _hold(values < low, values > high)


def _broken(wanted: np.ndarray, code: np.ndarray) -> np.ndarray:
    """Return ``BROKEN`` where an actuator has not been where it is wanted for a while."""
    before = np.concatenate([wanted[:1], wanted[:-1]])
    known = (code != TRAVELLING) & np.isfinite(before)
    wrong = known & ((code == OPEN) != (before > 0.5))
    return BROKEN * uniform_filter1d(wrong.astype(np.float64), PATIENCE)
