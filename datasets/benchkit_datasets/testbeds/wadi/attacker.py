"""The attacker, who executes the attacks of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from benchkit_datasets.testbeds.recording import Attack
from benchkit_datasets.testbeds.wadi.catalogue import SCENARIOS
from benchkit_datasets.testbeds.wadi.hydraulics import CommandValues, DistributionNetwork
from benchkit_datasets.testbeds.wadi.schedule import DistributionSchedule

REST = 120
"""Minimum seconds between two attacks."""

PATIENCE = 1_500
"""Maximum seconds of waiting for a state in which the attack has an effect."""

NEVER = 1 << 62


class Attacker:
    """Executes the attacks of the catalogue one after the other.

    Attributes
    ----------
    attacks
        Attacks that have begun.
    next
        Next row at which an attack may start or end.
    active
        Whether an attack is in progress.
    """

    def __init__(self, schedule: DistributionSchedule, begin: int) -> None:
        self.attacks: list[Attack] = []
        self.active = False
        self._windows = schedule.windows
        self._begin = begin
        self._start = 0
        self._scenario = SCENARIOS[0]
        self._past: dict[str, Sequence[float]] = {}
        self.next = begin + schedule.windows[0][0]

    def wants_to_start(
        self, row: int, readings: dict[str, float], plant: DistributionNetwork
    ) -> bool:
        """End a finished attack, and return whether the next one starts at ``row``."""
        done = len(self.attacks)
        if self.active:
            self.active = False
            plant.theft = plant.poison = 0.0
            if done == len(SCENARIOS):
                self.next = NEVER
                return False
            due = self._windows[done][0]
            at_once = due == sum(self._windows[done - 1])
            self.next = row if at_once else max(self._begin + due, row + REST)
        if row < self.next:
            return False
        late = row >= self._begin + self._windows[done][0] + PATIENCE
        return late or SCENARIOS[done].ready(readings)

    def start(
        self, row: int, plant: DistributionNetwork, past: dict[str, Sequence[float]]
    ) -> None:
        """Begin the next attack; ``past`` has the values of each tag before ``row``."""
        number = len(self.attacks)
        scenario = SCENARIOS[number]
        length = self._windows[number][1]
        self._scenario, self._start, self._past = scenario, row, past
        self.active, self.next = True, row + length
        plant.theft, plant.poison = scenario.theft, scenario.poison
        first = row - self._begin
        targets = tuple(scenario.manipulations)
        self.attacks.append(
            Attack(number + 1, first, first + length, targets, scenario.method, scenario.intent)
        )

    def spoof_sensors(self, row: int, readings: dict[str, float]) -> None:
        """Replace the readings of the sensors under attack."""
        for tag, manipulation in self._scenario.manipulations.items():
            if not _moves(tag):
                readings[tag] = manipulation.at(row - self._start, readings[tag], self._past[tag])

    def override_actuators(self, row: int, commands: CommandValues) -> None:
        """Replace the commands to the actuators under attack."""
        for tag, manipulation in self._scenario.manipulations.items():
            if _moves(tag):
                commands[tag] = manipulation.at(row - self._start, commands[tag], self._past[tag])


def _moves(tag: str) -> bool:
    """Return whether ``tag`` is an actuator, not a sensor or a set point."""
    return "_MV_" in tag or "_MCV_" in tag or "_P_" in tag
