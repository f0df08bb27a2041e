"""Simulation of the plant, its controllers and an attacker, second by second."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from benchkit_datasets.testbeds.instruments import draw_noise
from benchkit_datasets.testbeds.recording import Attack, Recording
from benchkit_datasets.testbeds.wadi.attacker import Attacker
from benchkit_datasets.testbeds.wadi.controllers import Demand, DistributionControllers
from benchkit_datasets.testbeds.wadi.demand import ExternalInputs, draw_inputs
from benchkit_datasets.testbeds.wadi.hydraulics import DistributionNetwork, MakeUpWater
from benchkit_datasets.testbeds.wadi.instrumentation import READ_BY_CONTROLLERS
from benchkit_datasets.testbeds.wadi.schedule import DistributionSchedule, make_schedule
from benchkit_datasets.testbeds.wadi.sensors import SensorReader, finish
from benchkit_datasets.testbeds.wadi.tags import LIVE

CHUNK = 4_096

SETTLING = 3_600
"""Seconds of simulation before the recording starts."""

REMEMBERED = 1_800
"""Seconds of past values that are available for replay."""


def simulate(size: str = "laptop", seed: int = 0) -> Recording:
    """Simulate the plant, first without and then with 15 attacks.

    The test part follows the training part without a break. The same arguments give the same
    values.

    Parameters
    ----------
    size
        ``"laptop"`` or ``"full"``; see `benchkit_datasets.testbeds.wadi.schedule.make_schedule`.
    seed
        0 or more: noise, demand, raw water and the times of rare events.

    Raises
    ------
    ValueError
        The size is unknown.
    """
    return run(make_schedule(size), np.random.default_rng(seed))


def run(schedule: DistributionSchedule, rng: np.random.Generator) -> Recording:
    """Simulate a schedule."""
    rows = SETTLING + schedule.train + schedule.test
    inputs = draw_inputs(rows, schedule.day, rng)
    # Rounded, so that feedback does not amplify differences between processors.
    noise = np.round(draw_noise(READ_BY_CONTROLLERS, rows, rng), 6)
    values = np.empty((rows, len(LIVE)), np.float32)
    attacks = _run(schedule, inputs, noise, values)
    finish(values, rng)
    test = SETTLING + schedule.train
    return Recording(values[SETTLING:test], values[test:], LIVE, 1.0, attacks)


def _run(
    schedule: DistributionSchedule, inputs: ExternalInputs, noise: np.ndarray, values: np.ndarray
) -> tuple[Attack, ...]:
    """Fill ``values``, shape (time, 123), and return the attacks."""
    plant, controllers, sensors = DistributionNetwork(), DistributionControllers(), SensorReader()
    attacker = Attacker(schedule, SETTLING + schedule.train)
    for first in range(0, len(values), CHUNK):
        part = slice(first, first + CHUNK)
        line = array("f")
        columns = (column[part].tolist() for column in (*inputs, noise))
        for row, (flows, flush, standby, mains, salt, dirt, errors) in enumerate(
            zip(*columns, strict=True), first
        ):
            demand = Demand(flows, flush, standby)
            sensors.record_commands(controllers)
            readings = sensors.read_plant(plant, demand, errors)
            if row >= attacker.next and attacker.wants_to_start(row, readings, plant):
                values[first:row] = _rows(line)
                attacker.start(row, plant, _past(values[:row]))
            if attacker.active:
                attacker.spoof_sensors(row, readings)
            commands = controllers.scan(readings, demand)
            if attacker.active:
                attacker.override_actuators(row, commands)
            line.extend(readings.values())
            plant.step(commands, MakeUpWater(mains, salt, dirt))
        values[part] = _rows(line)
    return tuple(attacker.attacks)


def _rows(line: array[float]) -> np.ndarray:
    """Return the values as rows, (time * 123,) -> (time, 123)."""
    return np.frombuffer(line, np.float32).reshape(-1, len(LIVE)).copy()


def _past(values: np.ndarray) -> dict[str, Sequence[float]]:
    """Return the last values of each tag."""
    last = values[-REMEMBERED:]
    return {tag: last[:, column].tolist() for column, tag in enumerate(LIVE)}
