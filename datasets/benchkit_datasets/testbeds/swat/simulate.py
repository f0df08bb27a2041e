"""The plant, its controllers and its attackers, second by second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchkit_datasets.testbeds.instruments import draw_noise, quantise
from benchkit_datasets.testbeds.recording import Attack, Recording
from benchkit_datasets.testbeds.swat import STARTUP
from benchkit_datasets.testbeds.swat.catalogue import SCENARIOS, Scenario
from benchkit_datasets.testbeds.swat.plant import Plant, Weather
from benchkit_datasets.testbeds.swat.plc import Controllers
from benchkit_datasets.testbeds.swat.schedule import Schedule, schedule
from benchkit_datasets.testbeds.swat.tags import (
    ACTUATORS,
    SENSORS,
    TAGS,
    Commands,
    Readings,
    row_of,
)
from benchkit_datasets.testbeds.swat.weather import Event, Kind, draw_events, draw_weather

CHUNK = 4_096
REMEMBERED = 3_600
"""Seconds of the past that an attacker has recorded."""


def simulate(size: str = "laptop", seed: int = 0) -> Recording:
    """Run the plant from empty, leave it alone, then attack it 36 times.

    The test part follows the training part without a break. The same arguments give the same
    values.

    Parameters
    ----------
    size
        ``"laptop"`` or ``"full"``.
    seed
        0 or more: noise, weather and the times of rare events.

    Raises
    ------
    ValueError
        There is no such size.
    """
    return run(schedule(size), STARTUP[size], seed)


def run(plan: Schedule, startup: int, seed: int) -> Recording:
    """Simulate any schedule; nothing rare happens in the first ``startup`` rows.

    A schedule may have fewer than 36 attacks: it gets the first ones of the catalogue.
    """
    rows = plan.train + plan.test
    rng = np.random.default_rng(seed)
    events = draw_events(startup, rows, rng)
    # Rounded, because what feeds back must not hang on the last bit of a machine's arithmetic.
    weather = np.round(draw_weather(rows, events, rng), 9)
    noise = np.round(draw_noise(SENSORS, rows, rng), 9)
    return _follow(plan, weather, noise, events)


class _Attacker:
    """Goes through the catalogue, one attack at a time."""

    def __init__(self, plan: Schedule) -> None:
        self.attacks: list[Attack] = []
        self._plan = plan
        self._running: Scenario | None = None
        self._start = self._stop = 0
        self._past: dict[str, Sequence[float]] = {}

    def wants_to_start(self, row: int, readings: Readings) -> bool:
        """Return whether the next attack begins at ``row`` of the test part."""
        done = len(self.attacks)
        if row < self._stop or done == len(self._plan.due):
            return False
        due, _ = self._plan.due[done]
        at_once = done > 0 and due == sum(self._plan.due[done - 1])
        free = max(due, self._stop + self._plan.pause)
        if not at_once and row < free:
            return False
        rest = sum(length + self._plan.pause for _, length in self._plan.due[done:])
        late = row >= free + self._plan.patience or row + rest >= self._plan.test
        return at_once or late or SCENARIOS[done].ready(readings)

    def start(self, row: int, past: dict[str, Sequence[float]]) -> None:
        """Begin the next attack at ``row``."""
        scenario = SCENARIOS[len(self.attacks)]
        length = self._plan.due[len(self.attacks)][1]
        self._running, self._past = scenario, past
        self._start, self._stop = row, min(row + length, self._plan.test)
        self.attacks.append(
            Attack(
                len(self.attacks) + 1,
                row,
                self._stop,
                tuple(scenario.holds),
                scenario.method,
                scenario.intent,
            )
        )

    def deceive(self, row: int, readings: Readings) -> None:
        """Replace the readings of the sensors under attack."""
        if self._running is None:
            return
        if row >= self._stop:
            self._running = None
            return
        for tag, hold in self._running.holds.items():
            if tag in SENSORS:
                honest = getattr(readings, tag)
                setattr(readings, tag, hold.at(row - self._start, honest, self._past[tag]))

    def force(self, row: int, commands: Commands) -> None:
        """Replace the commands to the actuators under attack."""
        if self._running is None:
            return
        for tag, hold in self._running.holds.items():
            if tag in ACTUATORS:
                honest = getattr(commands, tag)
                setattr(commands, tag, int(hold.at(row - self._start, honest, self._past[tag])))


def _follow(
    plan: Schedule, weather: np.ndarray, noise: np.ndarray, events: Sequence[Event]
) -> Recording:
    """Simulate all rows; ``weather`` and ``noise`` have one row for each."""
    rows = len(weather)
    values = np.empty((rows, len(TAGS)), np.float32)
    plant, controllers, readings = Plant(), Controllers(), Readings()
    attacker = _Attacker(plan)
    waiting = [(event.row, event.kind, True) for event in events]
    waiting += [(event.row + event.seconds, event.kind, False) for event in events]
    waiting.sort(reverse=True)
    written = 0
    lines: list[tuple[float, ...]] = []
    for row, (outside, errors) in enumerate(_each(weather, noise)):
        plant.read(readings, errors)
        readings.digitise()
        while waiting and waiting[-1][0] == row:
            _, kind, begins = waiting.pop()
            _operate(controllers, kind, begins)
        if row >= plan.train:
            if attacker.wants_to_start(row - plan.train, readings):
                values[written:row] = lines
                written, lines = row, []
                attacker.start(row - plan.train, _past(values[:row]))
            attacker.deceive(row - plan.train, readings)
        commands = controllers.scan(readings)
        attacker.force(row - plan.train, commands)
        lines.append(row_of(readings))
        plant.step(commands, Weather(*outside))
        if len(lines) == CHUNK:
            values[written : row + 1] = lines
            written, lines = row + 1, []
    values[written:] = lines
    quantise(values, TAGS, SENSORS)
    train, test = values[: plan.train], values[plan.train :]
    return Recording(train, test, TAGS, 1.0, tuple(attacker.attacks))


def _each(*arrays: np.ndarray) -> Iterator[tuple[list[float], ...]]:
    """Yield the rows of the arrays as lists, without making lists of all at once."""
    for first in range(0, len(arrays[0]), CHUNK):
        yield from zip(*(array[first : first + CHUNK].tolist() for array in arrays), strict=True)


def _past(values: np.ndarray) -> dict[str, Sequence[float]]:
    """Return the last hour of each tag."""
    last = values[-REMEMBERED:]
    return {tag: last[:, column].tolist() for column, tag in enumerate(TAGS)}


def _operate(controllers: Controllers, kind: Kind, begins: bool) -> None:
    """Do what an operator does when an event begins or ends; the weather has the others in it."""
    if kind == "transfer pump":
        controllers.standby_1 = begins
    elif kind == "filter pump":
        controllers.standby_3 = begins
    elif kind == "wash":
        controllers.wash = controllers.wash or begins
    elif kind == "flush":
        controllers.flush = begins
    elif kind == "rest":
        controllers.rest = begins
