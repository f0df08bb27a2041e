"""A digital twin of the plant that follows a recording.

It follows the recorded states of pumps and valves and predicts every sensor; a second set of
controllers reads the recorded sensors and predicts every pump and valve. What the twin cannot
know, such as the quality of the raw water or the fouling of the filter, it estimates from the
sensors, except from a sensor that deviates strongly, since that may be spoofed.
"""

from __future__ import annotations

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN, TRAVELLING, Valve
from benchkit_datasets.testbeds.swat.disturbances import SECONDS
from benchkit_datasets.testbeds.swat.plant import (
    CARRIED,
    FEED_FLOW,
    FIBRES,
    PER_DEGREE,
    PERMEATE,
    RAW_FLOW,
    Disturbances,
    TreatmentPlant,
)
from benchkit_datasets.testbeds.swat.plc import RO_DELAY, TreatmentControllers
from benchkit_datasets.testbeds.swat.tags import ACTUATORS, SENSORS, TAGS, Commands, Readings
from benchkit_datasets.testbeds.swat.tank import Tank

CHECKED = (
    "MV101", "MV201", "MV301", "MV302", "MV303", "MV304", "P201", "P203", "P205",
    "P402", "P403", "P602", "UV401", "P501",
)  # fmt: skip
"""Actuators whose state the controllers' program decides."""

PAIRS = (("P101", "P102"), ("P301", "P302"))
"""Pairs of pumps: the program decides how many run, the operator which."""

MISMATCH = 20.0
"""Residual of an actuator whose state contradicts the program."""

GATE = 12.0
"""Largest residual at which a sensor is still used for estimation."""

PATIENCE = 3_000
"""Seconds of contradiction after which the twin accepts a measured level."""

RAW = ("AIT201", "AIT202", "AIT203")

STALE = 120
"""Seconds of flow after which a pipe contains only new raw water."""

PLAUSIBLE = 60.0
"""Largest plausible change of raw water, in units of noise."""

DOSED = 0.7
"""Flow of stage 2 below which the interlock may hold its dosing pumps, m3/h."""

LONGEST_FLUSH = SECONDS["flush"][1] + RO_DELAY + 5

_UNPREDICTABLE = {
    "FIT101": 0.030, "FIT201": 0.012, "FIT301": 0.012, "DPIT301": 0.12, "PIT501": 0.45,
    "AIT201": 0.20, "AIT203": 0.50, "AIT401": 0.10, "AIT402": 0.40, "AIT502": 0.40,
    "AIT503": 0.25, "AIT504": 0.07,
}  # fmt: skip
"""Noise where process noise exceeds sensor noise, in the unit of the tag."""

NOISE = {tag: _UNPREDICTABLE.get(tag, instrument.noise) for tag, instrument in SENSORS.items()}

_NO_NOISE = (0.0,) * len(SENSORS)


class Twin:
    """A plant and its controllers that follow a recording.

    Parameters
    ----------
    first
        The first row of the recording, in the order of ``TAGS``.
    """

    def __init__(self, first: list[float]) -> None:
        self._shown, self._expected = Readings(), Readings()
        _show(self._shown, first)
        self._plant = plant = _plant_that_shows(self._shown)
        self._controllers = TreatmentControllers()
        self._controllers.resume(self._shown)
        self._commands = Commands()
        self._requested: Commands | None = None
        self._levels = {"LIT101": plant.t101, "LIT301": plant.t301, "LIT401": plant.t401}
        self._rejected = dict.fromkeys(self._levels, 0)
        # A meter, the tank that it fills, and the one that it empties. What FIT301 meters goes to
        # T401 or to the drain, which is for the plant to say.
        self._metered: tuple[tuple[str, Tank | None, Tank | None], ...] = (
            ("FIT101", plant.t101, None),
            ("FIT201", plant.t301, plant.t101),
            ("FIT401", None, plant.t401),
        )
        self._supply = 1.0
        self._raw = [getattr(self._shown, tag) for tag in RAW]
        self._warmth = self._fouling = 0.0
        self._filling = self._flowing = STALE
        self._stopped = 0

    def compare(self, row: list[float]) -> list[float]:
        """Advance by one row of the recording and return its residuals."""
        shown, expected = self._shown, self._expected
        _show(shown, row)
        wrong = self._check(shown)
        self._apply_states(shown)
        conductivity, acidity, potential = self._raw
        disturbances = Disturbances(
            self._supply, conductivity, acidity, potential, self._warmth, 0.0, self._fouling
        )
        self._plant.step(self._commands, disturbances)
        self._plant.read(expected, _NO_NOISE)
        off = {
            tag: (getattr(shown, tag) - getattr(expected, tag)) / noise
            for tag, noise in NOISE.items()
        }
        self._learn_levels(shown, off)
        self._learn_raw_water(off)
        self._learn_membrane(off)
        self._mask_fresh_water(off)
        controllers = self._controllers
        # The last back-wash and the operator's actions are inferred from the recording.
        controllers.unwashed = 0
        if controllers.step == "filter" and TRAVELLING in (shown.MV301, shown.MV303):
            controllers.wash = True
        controllers.rest = shown.P401 == OFF and shown.P402 == OFF
        self._requested = controllers.scan(shown)
        return [*off.values(), *wrong]

    def _apply_states(self, shown: Readings) -> None:
        """Derive the commands to the actuators from their recorded states."""
        for tag in ACTUATORS:
            state = int(getattr(shown, tag))
            if tag.startswith("MV") and state == TRAVELLING:
                valve: Valve = getattr(self._plant, tag.lower())
                if valve.code == TRAVELLING:
                    continue
                # It moves away from its last end position.
                state = CLOSED if valve.code == OPEN else OPEN
            setattr(self._commands, tag, state)

    def _check(self, shown: Readings) -> list[float]:
        """Compare the states with the commands of the previous second."""
        requested = self._requested
        if requested is None:
            return [0.0] * (len(CHECKED) + len(PAIRS))
        wrong = {
            tag: getattr(shown, tag) not in (getattr(requested, tag), TRAVELLING)
            for tag in CHECKED
        }
        if shown.FIT201 < DOSED:
            for tag in ("P201", "P203", "P205"):
                wrong[tag] = getattr(shown, tag) == ON
        # Operators may stop stages 4 and 5, or P501 alone for as long as a flush takes.
        if requested.P402 == ON:
            wrong["P402"] = False
        stopped = requested.P501 == ON and shown.P501 == OFF
        self._stopped = self._stopped + 1 if stopped else 0
        if stopped and self._stopped <= LONGEST_FLUSH:
            wrong["P501"] = False
        for one, other in PAIRS:
            run, wanted = (
                (getattr(states, one) == ON) + (getattr(states, other) == ON)
                for states in (shown, requested)
            )
            wrong[one] = run != wanted
        return [MISMATCH * value for value in wrong.values()]

    def _learn_levels(self, shown: Readings, off: dict[str, float]) -> None:
        """Integrate the plausible flow meters, and correct the levels with a small gain."""
        for tag, filled, emptied in self._metered:
            if abs(off[tag]) < GATE:
                # More accurate than the nominal flow of a pump.
                if filled:
                    filled.fill(off[tag] * NOISE[tag])
                if emptied:
                    emptied.fill(-off[tag] * NOISE[tag])
        for tag, tank in self._levels.items():
            if abs(off[tag]) < GATE:
                self._rejected[tag] = 0
                tank.level += 0.02 * off[tag] * NOISE[tag]
            else:
                self._rejected[tag] += 1
                if self._rejected[tag] > PATIENCE:
                    tank.level = getattr(shown, tag)

    def _learn_raw_water(self, off: dict[str, float]) -> None:
        plant = self._plant
        self._filling = self._filling + 1 if plant.mv101.opening == 1.0 else 0
        if self._filling and abs(off["FIT101"]) < PLAUSIBLE:
            self._supply += 0.2 * off["FIT101"] * NOISE["FIT101"] / RAW_FLOW
        self._flowing = self._flowing + 1 if plant.transfer > 2.0 else 0
        if self._flowing:
            for k, tag in enumerate(RAW):
                if abs(off[tag]) < (PLAUSIBLE if self._flowing < STALE else 2 * GATE):
                    plant.pipe[k] += 0.2 * off[tag] * NOISE[tag]
                    self._raw[k] += 0.03 * off[tag] * NOISE[tag]

    def _learn_membrane(self, off: dict[str, float]) -> None:
        plant = self._plant
        if plant.filtered > 2.0 and abs(off["DPIT301"]) < GATE:
            self._fouling += 0.01 * off["DPIT301"] * NOISE["DPIT301"] / FIBRES
        if plant.speed < 0.99:
            return
        if abs(off["FIT502"]) < GATE:
            a_degree = PER_DEGREE * PERMEATE * FEED_FLOW
            self._warmth += 0.002 * off["FIT502"] * NOISE["FIT502"] / a_degree
        for k, tag, share in ((0, "AIT503", 1.0), (1, "AIT501", 1.0), (2, "AIT402", CARRIED)):
            if abs(off[tag]) < GATE:
                plant.t401.water[k] += 0.003 * off[tag] * NOISE[tag] / share

    def _mask_fresh_water(self, off: dict[str, float]) -> None:
        """Zero the residuals of raw water that has just begun to flow, if it is plausible."""
        if self._filling < STALE and abs(off["FIT101"]) < PLAUSIBLE:
            off["FIT101"] = 0.0
        if self._flowing < STALE:
            for tag in RAW:
                if abs(off[tag]) < PLAUSIBLE:
                    off[tag] = 0.0


def _show(readings: Readings, row: list[float]) -> None:
    for tag, value in zip(TAGS, row, strict=True):
        setattr(readings, tag, value)


def _plant_that_shows(r: Readings) -> TreatmentPlant:
    """Return a plant whose state matches the readings, as far as they determine it."""
    plant = TreatmentPlant()
    plant.t101.level, plant.t301.level, plant.t401.level = r.LIT101, r.LIT301, r.LIT401
    plant.inflow, plant.transfer, plant.filtered = r.FIT101, r.FIT201, r.FIT301
    plant.wash, plant.feed = r.FIT601, r.FIT401
    plant.resistance, plant.cake = r.DPIT301, max(r.DPIT301 - 18.0, 0.0)
    plant.speed = 1.0 if r.P501 == ON else 0.0
    plant.pipe = [r.AIT201, r.AIT202, r.AIT203]
    plant.t301.water = [r.AIT503 - 2.0, r.AIT501 + 0.5, r.AIT203]
    plant.t401.water = [r.AIT503 - 2.0, r.AIT501 + 0.5, (r.AIT402 + 23.0) / CARRIED]
    plant.membrane = [r.AIT503, r.AIT501, r.AIT502]
    plant.dechlorinated, plant.hardness = r.AIT402, r.AIT401
    plant.permeate_conductivity = r.AIT504
    for tag in ("MV101", "MV201", "MV301", "MV302", "MV303", "MV304"):
        if getattr(r, tag) == OPEN:
            valve: Valve = getattr(plant, tag.lower())
            valve.code, valve.opening = OPEN, 1.0
    return plant
