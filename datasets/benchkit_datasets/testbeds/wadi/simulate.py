"""The plant, its controllers and its attackers, second by second."""

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
"""Seconds before the first recorded one."""

REMEMBERED = 1_800
"""Seconds of the past that an attacker has recorded."""


def simulate(size: str = "laptop", seed: int = 0) -> Recording:
    """Run the plant, leave it alone at first, then attack it 15 times.

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
        There is no such size.
    """
    return run(make_schedule(size), np.random.default_rng(seed))


def run(schedule: DistributionSchedule, rng: np.random.Generator) -> Recording:
    """Simulate what ``schedule`` says, with chance from ``rng``."""
    rows = SETTLING + schedule.train + schedule.test
    inputs = draw_inputs(rows, schedule.day, rng)
    # Rounded, because what feeds back must not hang on the last bit of a machine.
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
    """Return rows that stand one after the other, (time * 123,) -> (time, 123)."""
    return np.frombuffer(line, np.float32).reshape(-1, len(LIVE)).copy()


def _past(values: np.ndarray) -> dict[str, Sequence[float]]:
    """Return what each tag said last."""
    last = values[-REMEMBERED:]
    return {tag: last[:, column].tolist() for column, tag in enumerate(LIVE)}
