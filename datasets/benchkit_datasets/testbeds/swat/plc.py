"""Control logic of the six stages, executed once per second.

The controllers use the readings, which may be spoofed. Set points are named as in the real plant:
LL, L, H and HH.
"""

from __future__ import annotations

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN, latch
from benchkit_datasets.testbeds.swat.tags import Commands, Readings

LOW_LOW, RESTART = 250.0, 300.0
"""Levels in mm below which a pump stops to empty a tank, and above which it may restart."""

LIT101_L, LIT101_H = 500.0, 800.0
LIT301_L, LIT301_H = 800.0, 1_000.0
LIT401_L, LIT401_H = 800.0, 1_000.0
AIT201_L, AIT201_H = 250.0, 255.0
AIT202_L = 7.05
AIT203_H = 420.0
AIT402_L, AIT402_H = 148.0, 162.0
DPIT301_HH = 40.0
FIT401_L = 0.7

WASH_EVERY = 1_740
"""Minimum seconds between two back-washes of the filter."""

WASHING, FLUSHING = 60, 30
TAKE_OVER = 10
"""Seconds without flow after which the standby pump of stage 1 starts."""

RO_DELAY = 20
"""Seconds of feed before reverse osmosis starts."""


class TreatmentControllers:
    """The six controllers and their state.

    Attributes
    ----------
    commands
        Their outputs; the same object in every scan.
    standby_1, standby_3
        Set by the operator: run P102 instead of P101, and P301 instead of P302.
    wash, flush, rest
        Set by the operator: wash the filter now; keep P501 stopped; keep stages 4 and 5 stopped.
    unwashed
        Seconds since the last wash of the filter.
    step
        Of the program of stage 3: idle, open, filter, and prepare, wash, drain, flush.
    """

    def __init__(self) -> None:
        self.commands = Commands()
        self.standby_1 = self.standby_3 = False
        self.wash = self.flush = self.rest = False
        self._fill = self._need = self._filter = False
        self._water_101 = self._water_301 = self._water_401 = False
        self._salt = self._sulphite = False
        self._dry = 0
        self._fed = 0
        self.step = "idle"
        self._seconds = 0
        self.unwashed = 0

    def resume(self, r: Readings) -> None:
        """Set the internal state from the readings of a running plant."""
        self._fill = r.MV101 == OPEN
        self._need = r.MV201 == OPEN
        washing = CLOSED != r.MV301 or CLOSED != r.MV304
        self._filter = r.MV302 == OPEN or washing
        self._water_101, self._water_301, self._water_401 = (
            level > LOW_LOW for level in (r.LIT101, r.LIT301, r.LIT401)
        )
        self._sulphite = r.P403 == ON
        self._salt = r.P201 == ON
        self._fed = RO_DELAY + 1 if r.P501 == ON else 0
        self.standby_1, self.standby_3 = r.P102 == ON, r.P301 == ON
        if washing:
            self.step = "wash" if r.P602 == ON else "drain" if r.P302 == r.P301 else "flush"
        else:
            self.step = "filter" if r.MV302 == OPEN and r.P302 != r.P301 else "idle"

    def scan(self, r: Readings) -> Commands:
        """Return the commands for the readings of one second."""
        self._stage_1(r, self.commands)
        self._stage_2(r, self.commands)
        self._stage_3(r, self.commands)
        self._stage_4_and_5(r, self.commands)
        return self.commands

    def _stage_1(self, r: Readings, c: Commands) -> None:
        self._fill = latch(self._fill, r.LIT101, LIT101_L, LIT101_H)
        c.MV101 = OPEN if self._fill else CLOSED
        self._need = latch(self._need, r.LIT301, LIT301_L, LIT301_H)
        self._water_101 = not latch(not self._water_101, r.LIT101, LOW_LOW, RESTART)
        wanted = self._need and self._water_101
        running = r.P101 == ON or r.P102 == ON
        c.MV201 = OPEN if wanted or running else CLOSED
        start = wanted and r.MV201 == OPEN
        # The standby pump replaces a pump that runs without flow.
        self._dry = self._dry + 1 if start and r.FIT201 < 0.5 else 0
        if self._dry > TAKE_OVER:
            self.standby_1 = not self.standby_1
            self._dry = 0
        c.P101 = ON if start and not self.standby_1 else OFF
        c.P102 = ON if start and self.standby_1 else OFF

    def _stage_2(self, r: Readings, c: Commands) -> None:
        flowing = r.FIT201 > 0.5
        self._salt = latch(self._salt, r.AIT201, AIT201_L, AIT201_H)
        c.P201 = ON if flowing and self._salt else OFF
        c.P203 = ON if flowing and r.AIT202 > AIT202_L else OFF
        c.P205 = ON if flowing and r.AIT203 < AIT203_H else OFF

    def _stage_3(self, r: Readings, c: Commands) -> None:
        """Filter while stage 4 needs water; wash and flush in between."""
        self._filter = latch(self._filter, r.LIT401, LIT401_L, LIT401_H)
        self._water_301 = not latch(not self._water_301, r.LIT301, LOW_LOW, RESTART)
        wanted = self._filter and self._water_301
        self._seconds += 1
        self.unwashed += 1
        step = self.step
        if step == "idle":
            if wanted:
                self._next("open")
        elif step == "open":
            if r.MV302 == OPEN:
                self._next("filter")
        elif step == "filter":
            if self.unwashed >= WASH_EVERY or r.DPIT301 > DPIT301_HH or self.wash:
                self._next("prepare")
            elif not wanted:
                self._next("idle")
        elif step == "prepare":
            if r.MV301 == OPEN and r.MV303 == OPEN:
                self._next("wash")
        elif step == "wash":
            if self._seconds >= WASHING:
                self._next("drain")
        elif step == "drain":
            if r.MV304 == OPEN and r.MV303 == CLOSED:
                self._next("flush")
        elif self._seconds >= FLUSHING:
            self.unwashed = 0
            self.wash = False
            self._next("idle")
        step = self.step
        pumping = step in ("filter", "flush")
        c.P301 = ON if pumping and self.standby_3 else OFF
        c.P302 = ON if pumping and not self.standby_3 else OFF
        c.MV302 = OPEN if step in ("open", "filter") else CLOSED
        c.MV301 = OPEN if step in ("prepare", "wash") else CLOSED
        c.MV303 = OPEN if step in ("prepare", "wash") else CLOSED
        c.MV304 = OPEN if step in ("drain", "flush") else CLOSED
        c.P602 = ON if step == "wash" else OFF

    def _next(self, step: str) -> None:
        self.step = step
        self._seconds = 0

    def _stage_4_and_5(self, r: Readings, c: Commands) -> None:
        self._water_401 = not latch(not self._water_401, r.LIT401, LOW_LOW, RESTART)
        c.P402 = ON if self._water_401 and not self.rest else OFF
        c.UV401 = ON if c.P402 == ON and r.FIT401 > FIT401_L else OFF
        self._sulphite = not latch(not self._sulphite, r.AIT402, AIT402_L, AIT402_H)
        c.P403 = ON if self._sulphite and c.P402 == ON else OFF
        supplied = r.UV401 == ON and r.FIT401 > FIT401_L and not self.flush
        self._fed = self._fed + 1 if supplied else 0
        c.P501 = ON if self._fed > RO_DELAY else OFF
