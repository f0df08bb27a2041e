"""The 51 tags of the plant, and the instruments of its sensors."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from benchkit_datasets.testbeds.instruments import Instrument

TAGS = (
    "FIT101", "LIT101", "MV101", "P101", "P102",
    "AIT201", "AIT202", "AIT203", "FIT201", "MV201",
    "P201", "P202", "P203", "P204", "P205", "P206",
    "DPIT301", "FIT301", "LIT301", "MV301", "MV302", "MV303", "MV304", "P301", "P302",
    "AIT401", "AIT402", "FIT401", "LIT401", "P401", "P402", "P403", "P404", "UV401",
    "AIT501", "AIT502", "AIT503", "AIT504", "FIT501", "FIT502", "FIT503", "FIT504",
    "P501", "P502", "PIT501", "PIT502", "PIT503",
    "FIT601", "P601", "P602", "P603",
)  # fmt: skip
"""In the order of the historian. Letters give the type, the first digit the stage."""

SENSORS = {
    # Flows, m3/h.
    "FIT101": Instrument(0.008, 0.00032, low=0.0),
    "FIT201": Instrument(0.006, 0.00032, low=0.0),
    "FIT301": Instrument(0.006, 0.00032, low=0.0),
    "FIT401": Instrument(0.004, 0.00032, low=0.0),
    "FIT501": Instrument(0.004, 0.00032, low=0.0),
    "FIT502": Instrument(0.004, 0.00032, low=0.0),
    "FIT503": Instrument(0.003, 0.00032, low=0.0),
    "FIT504": Instrument(0.002, 0.00032, low=0.0),
    "FIT601": Instrument(0.005, 0.00032, low=0.0),
    # Levels, mm.
    "LIT101": Instrument(0.6, 0.0393, low=0.0, high=1_250.0),
    "LIT301": Instrument(0.6, 0.0400, low=0.0, high=1_250.0),
    "LIT401": Instrument(0.6, 0.0385, low=0.0, high=1_250.0),
    # Pressures, kPa.
    "DPIT301": Instrument(0.06, 0.0128, low=0.0),
    "PIT501": Instrument(0.35, 0.0160, low=0.0),
    "PIT502": Instrument(0.03, 0.0160, low=0.0),
    "PIT503": Instrument(0.30, 0.0160, low=0.0),
    # Conductivity, uS/cm.
    "AIT201": Instrument(0.12, 0.0320, low=0.0),
    "AIT503": Instrument(0.15, 0.0320, low=0.0),
    "AIT504": Instrument(0.04, 0.0128, low=0.0),
    # pH.
    "AIT202": Instrument(0.004, 0.00064, low=0.0, high=14.0),
    "AIT501": Instrument(0.004, 0.00064, low=0.0, high=14.0),
    # Oxidation-reduction potential, mV.
    "AIT203": Instrument(0.30, 0.0256),
    "AIT402": Instrument(0.25, 0.0256),
    "AIT502": Instrument(0.25, 0.0256),
    # Hardness, ppm.
    "AIT401": Instrument(0.02, 0.0160, low=0.0),
}

CONTROLLED = (
    "FIT201", "FIT401", "LIT101", "LIT301", "LIT401", "DPIT301",
    "AIT201", "AIT202", "AIT203", "AIT402",
)  # fmt: skip
"""The sensors that a controller acts on."""

_STEPS = tuple((tag, SENSORS[tag].step) for tag in CONTROLLED)

ACTUATORS = tuple(tag for tag in TAGS if tag not in SENSORS)


class Readings:
    """One value per tag, as read by the controllers and the historian."""

    __slots__ = TAGS

    if TYPE_CHECKING:

        def __getattr__(self, tag: str) -> float: ...

        def __setattr__(self, tag: str, value: float) -> None: ...

    def digitise(self) -> None:
        """Quantise the values that controllers use.

        The historian quantises all values at the end. These are quantised in advance, so that the
        controllers do not have a higher resolution than the recording.
        """
        for tag, step in _STEPS:
            setattr(self, tag, round(getattr(self, tag) / step) * step)


class Commands:
    """The command to each actuator: pumps ``OFF`` or ``ON``, valves ``CLOSED`` or ``OPEN``."""

    __slots__ = ACTUATORS

    if TYPE_CHECKING:

        def __getattr__(self, tag: str) -> int: ...

        def __setattr__(self, tag: str, value: int) -> None: ...

    def __init__(self) -> None:
        for tag in ACTUATORS:
            setattr(self, tag, 1)


row_of = attrgetter(*TAGS)
"""The values of `Readings` as a tuple, in the order of ``TAGS``."""
