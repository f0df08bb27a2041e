"""Simulation of the plant, its controllers and an attacker, second by second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchkit_datasets.testbeds.instruments import draw_noise, quantise
from benchkit_datasets.testbeds.recording import Attack, Recording
from benchkit_datasets.testbeds.swat import STARTUP
from benchkit_datasets.testbeds.swat.catalogue import SCENARIOS
from benchkit_datasets.testbeds.swat.disturbances import (
    EventKind,
    OperatingEvent,
    draw_disturbances,
    draw_events,
)
from benchkit_datasets.testbeds.swat.plant import Disturbances, TreatmentPlant
from benchkit_datasets.testbeds.swat.plc import TreatmentControllers
from benchkit_datasets.testbeds.swat.scenario import SwatScenario
from benchkit_datasets.testbeds.swat.schedule import TreatmentSchedule, make_schedule
from benchkit_datasets.testbeds.swat.tags import (
    ACTUATORS,
    SENSORS,
    TAGS,
    Commands,
    Readings,
    row_of,
)

CHUNK = 4_096
REMEMBERED = 3_600
"""Seconds of past values that are available for replay."""


def simulate(size: str = "laptop", seed: int = 0) -> Recording:
    """Simulate the plant from an empty start, first without and then with 36 attacks.

    The test part follows the training part without a break. The same arguments give the same
    values.

    Parameters
    ----------
    size
        ``"laptop"`` or ``"full"``.
    seed
        0 or more: noise, disturbances and the times of rare events.

    Raises
    ------
    ValueError
        The size is unknown.
    """
    return run(make_schedule(size), STARTUP[size], seed)


def run(schedule: TreatmentSchedule, startup: int, seed: int) -> Recording:
    """Simulate any schedule; there are no rare events in the first ``startup`` rows.

    A schedule with fewer than 36 attacks uses the first ones of the catalogue.
    """
    rows = schedule.train + schedule.test
    rng = np.random.default_rng(seed)
    events = draw_events(startup, rows, rng)
    # Rounded, so that feedback does not amplify differences between processors.
    disturbances = np.round(draw_disturbances(rows, events, rng), 9)
    noise = np.round(draw_noise(SENSORS, rows, rng), 9)
    return _follow(schedule, disturbances, noise, events)


class _Attacker:
    """Executes the attacks of the catalogue one after the other."""

    def __init__(self, schedule: TreatmentSchedule) -> None:
        self.attacks: list[Attack] = []
        self._schedule = schedule
        self._running: SwatScenario | None = None
        self._start = self._stop = 0
        self._past: dict[str, Sequence[float]] = {}

    def wants_to_start(self, row: int, readings: Readings) -> bool:
        """Return whether the next attack begins at ``row`` of the test part."""
        done = len(self.attacks)
        if row < self._stop or done == len(self._schedule.windows):
            return False
        due, _ = self._schedule.windows[done]
        at_once = done > 0 and due == sum(self._schedule.windows[done - 1])
        free = max(due, self._stop + self._schedule.pause)
        if not at_once and row < free:
            return False
        rest = sum(length + self._schedule.pause for _, length in self._schedule.windows[done:])
        late = row >= free + self._schedule.patience or row + rest >= self._schedule.test
        return at_once or late or SCENARIOS[done].ready(readings)

    def start(self, row: int, past: dict[str, Sequence[float]]) -> None:
        """Begin the next attack at ``row``."""
        scenario = SCENARIOS[len(self.attacks)]
        length = self._schedule.windows[len(self.attacks)][1]
        self._running, self._past = scenario, past
        self._start, self._stop = row, min(row + length, self._schedule.test)
        self.attacks.append(
            Attack(
                len(self.attacks) + 1,
                row,
                self._stop,
                tuple(scenario.manipulations),
                scenario.method,
                scenario.intent,
            )
        )

    def spoof_sensors(self, row: int, readings: Readings) -> None:
        """Replace the readings of the sensors under attack."""
        if self._running is None:
            return
        if row >= self._stop:
            self._running = None
            return
        for tag, manipulation in self._running.manipulations.items():
            if tag in SENSORS:
                honest = getattr(readings, tag)
                setattr(readings, tag, manipulation.at(row - self._start, honest, self._past[tag]))

    def override_actuators(self, row: int, commands: Commands) -> None:
        """Replace the commands to the actuators under attack."""
        if self._running is None:
            return
        for tag, manipulation in self._running.manipulations.items():
            if tag in ACTUATORS:
                honest = getattr(commands, tag)
                setattr(
                    commands, tag, int(manipulation.at(row - self._start, honest, self._past[tag]))
                )


def _follow(
    schedule: TreatmentSchedule,
    disturbances: np.ndarray,
    noise: np.ndarray,
    events: Sequence[OperatingEvent],
) -> Recording:
    """Simulate all rows; ``disturbances`` and ``noise`` have one row per second."""
    rows = len(disturbances)
    values = np.empty((rows, len(TAGS)), np.float32)
    plant, controllers, readings = TreatmentPlant(), TreatmentControllers(), Readings()
    attacker = _Attacker(schedule)
    waiting = [(event.row, event.kind, True) for event in events]
    waiting += [(event.row + event.seconds, event.kind, False) for event in events]
    waiting.sort(reverse=True)
    written = 0
    lines: list[tuple[float, ...]] = []
    for row, (outside, errors) in enumerate(_each(disturbances, noise)):
        plant.read(readings, errors)
        readings.digitise()
        while waiting and waiting[-1][0] == row:
            _, kind, begins = waiting.pop()
            _operate(controllers, kind, begins)
        if row >= schedule.train:
            if attacker.wants_to_start(row - schedule.train, readings):
                values[written:row] = lines
                written, lines = row, []
                attacker.start(row - schedule.train, _past(values[:row]))
            attacker.spoof_sensors(row - schedule.train, readings)
        commands = controllers.scan(readings)
        attacker.override_actuators(row - schedule.train, commands)
        lines.append(row_of(readings))
        plant.step(commands, Disturbances(*outside))
        if len(lines) == CHUNK:
            values[written : row + 1] = lines
            written, lines = row + 1, []
    values[written:] = lines
    quantise(values, TAGS, SENSORS)
    train, test = values[: schedule.train], values[schedule.train :]
    return Recording(train, test, TAGS, 1.0, tuple(attacker.attacks))


def _each(*arrays: np.ndarray) -> Iterator[tuple[list[float], ...]]:
    """Yield the rows of the arrays as lists, converted in chunks."""
    for first in range(0, len(arrays[0]), CHUNK):
        yield from zip(*(array[first : first + CHUNK].tolist() for array in arrays), strict=True)


def _past(values: np.ndarray) -> dict[str, Sequence[float]]:
    """Return the last hour of each tag."""
    last = values[-REMEMBERED:]
    return {tag: last[:, column].tolist() for column, tag in enumerate(TAGS)}


def _operate(controllers: TreatmentControllers, kind: EventKind, begins: bool) -> None:
    """Apply the operator's action at the start or end of an event.

    The other kinds of event are part of the disturbances.
    """
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
