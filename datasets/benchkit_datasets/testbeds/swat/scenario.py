"""One attack of the catalogue, and the states of the plant in which an attack has an effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchkit_datasets.testbeds.control import OFF, OPEN, TRAVELLING
from benchkit_datasets.testbeds.manipulation import Manipulation
from benchkit_datasets.testbeds.recording import Method
from benchkit_datasets.testbeds.swat.tags import Readings


@dataclass(frozen=True)
class SwatScenario:
    """An attack without its time.

    Attributes
    ----------
    published
        Its number in the published list.
    method, intent
        See `benchkit_datasets.testbeds.recording.Attack`.
    manipulations
        By tag, how its value is changed.
    ready
        Whether the plant is in a state in which the attack has an effect.
    """

    published: int
    method: Method
    intent: str
    manipulations: Mapping[str, Manipulation]
    ready: Callable[[Readings], bool] = lambda r: True


def is_transferring(r: Readings) -> bool:
    """Return whether stage 1 pumps water to stage 3."""
    return r.FIT201 > 2.0


def is_standing(r: Readings) -> bool:
    """Return whether both transfer pumps of stage 1 are off."""
    return r.P101 == OFF and r.P102 == OFF


def is_filtering(r: Readings) -> bool:
    """Return whether stage 3 filters."""
    return r.FIT301 > 2.0 and r.MV302 == OPEN


def is_about_to_wash(r: Readings) -> bool:
    """Return whether the valves of the back-wash are opening or closing."""
    return r.MV303 == TRAVELLING and r.MV301 == TRAVELLING


def is_permeating(r: Readings) -> bool:
    """Return whether reverse osmosis produces permeate."""
    return r.FIT502 > 1.2
