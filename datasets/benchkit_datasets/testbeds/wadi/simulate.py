"""The plant, its controllers and its attackers, second by second."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from benchkit_datasets.testbeds.instruments import draw_noise
from benchkit_datasets.testbeds.recording import Attack, Recording
from benchkit_datasets.testbeds.wadi.attacker import Attacker
from benchkit_datasets.testbeds.wadi.controllers import Controllers, Wishes
from benchkit_datasets.testbeds.wadi.demand import World, draw_world
from benchkit_datasets.testbeds.wadi.hydraulics import Plant, Weather
from benchkit_datasets.testbeds.wadi.instrumentation import READ_BY_CONTROLLERS
from benchkit_datasets.testbeds.wadi.observation import Observer, finish
from benchkit_datasets.testbeds.wadi.plan import Plan, plan
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
        ``"laptop"`` or ``"full"``; see `benchkit_datasets.testbeds.wadi.plan.plan`.
    seed
        0 or more: noise, demand, weather and the times of rare events.

    Raises
    ------
    ValueError
        There is no such size.
    """
    return run(plan(size), np.random.default_rng(seed))


def run(plan: Plan, rng: np.random.Generator) -> Recording:
    """Simulate what ``plan`` says, with chance from ``rng``."""
    rows = SETTLING + plan.train + plan.test
    world = draw_world(rows, plan.day, rng)
    # Rounded, because what feeds back must not hang on the last bit of a machine.
    noise = np.round(draw_noise(READ_BY_CONTROLLERS, rows, rng), 6)
    values = np.empty((rows, len(LIVE)), np.float32)
    attacks = _run(plan, world, noise, values)
    finish(values, rng)
    test = SETTLING + plan.train
    return Recording(values[SETTLING:test], values[test:], LIVE, 1.0, attacks)


def _run(plan: Plan, world: World, noise: np.ndarray, values: np.ndarray) -> tuple[Attack, ...]:
    """Fill ``values``, shape (time, 123), and return the attacks."""
    plant, controllers, observer = Plant(), Controllers(), Observer()
    attacker = Attacker(plan, SETTLING + plan.train)
    for first in range(0, len(values), CHUNK):
        part = slice(first, first + CHUNK)
        line = array("f")
        columns = (column[part].tolist() for column in (*world, noise))
        for row, (flows, flush, standby, mains, salt, dirt, errors) in enumerate(
            zip(*columns, strict=True), first
        ):
            wishes = Wishes(flows, flush, standby)
            observer.report(controllers)
            read = observer.look(plant, wishes, errors)
            if row >= attacker.next and attacker.attend(row, read, plant):
                values[first:row] = _rows(line)
                attacker.start(row, plant, _past(values[:row]))
            if attacker.at_work:
                attacker.deceive(row, read)
            told = controllers.scan(read, wishes)
            if attacker.at_work:
                attacker.force(row, told)
            line.extend(read.values())
            plant.step(told, Weather(mains, salt, dirt))
        values[part] = _rows(line)
    return tuple(attacker.attacks)


def _rows(line: array[float]) -> np.ndarray:
    """Return rows that stand one after the other, (time * 123,) -> (time, 123)."""
    return np.frombuffer(line, np.float32).reshape(-1, len(LIVE)).copy()


def _past(values: np.ndarray) -> dict[str, Sequence[float]]:
    """Return what each tag said last."""
    last = values[-REMEMBERED:]
    return {tag: last[:, column].tolist() for column, tag in enumerate(LIVE)}
