"""Physics of the plant: water, pipes and tanks.

Flows are in m3/h, levels in mm, times in seconds, pressures in kPa. Tanks obey mass balance, and
dissolved substances mix; pumps and valves have delays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchkit_datasets.testbeds.control import OFF, ON, Valve, follow
from benchkit_datasets.testbeds.swat.tags import Commands, Readings
from benchkit_datasets.testbeds.swat.tank import SUMP, Tank

RAW_FLOW = 2.50
TRANSFER_FLOW = 2.45
"""Of one of P101 and P102; both together move a fifth more."""

FILTER_FLOW = 2.24
WASH_FLOW = 1.85
BYPASS_FLOW = 0.95
"""Flow of P401 or P402 to the drain while reverse osmosis is off."""

FEED_FLOW = 1.72
PERMEATE, RECYCLE = 0.742, 0.182
"""Shares of the feed that pass the membrane, and that are recycled from the concentrate."""

PER_DEGREE = 0.006
"""Relative increase of permeability per degree."""

FIBRES = 15.5
"""Pressure drop of clean fibres at full flow, kPa."""

CARRIED = 0.53
"""Share of the potential of T401 that remains downstream, without sulphite."""


class Disturbances(NamedTuple):
    """External conditions of the plant in one second.

    Attributes
    ----------
    supply
        Pressure of the raw water relative to its nominal value.
    conductivity, acidity, potential
        Of the raw water, uS/cm, pH and mV.
    warmth
        Degrees above the yearly mean.
    ripple
        Turbulence in the pipes, as a share of the flow.
    fouling
        Fouling that remains after cleaning, as a share of the filter's resistance.
    """

    supply: float
    conductivity: float
    acidity: float
    potential: float
    warmth: float
    ripple: float
    fouling: float


class TreatmentPlant:
    """The state of the plant, initially empty.

    Attributes are named after physical quantities; `read` returns those that sensors measure.
    """

    def __init__(self) -> None:
        # For raw water, before ultrafiltration, before reverse osmosis.
        self.t101 = Tank(1.5, 120.0, [])
        self.t301 = Tank(1.3, 130.0, [260.0, 8.4, 320.0])
        self.t401 = Tank(1.0, 130.0, [260.0, 8.3, 320.0])
        self.inflow = self.transfer = self.filtered = self.wash = 0.0
        self.feed = self.speed = 0.0
        self.fed = self.permeate = self.reject = self.recycle = 0.0
        self.pressure = self.permeate_pressure = self.reject_pressure = 0.0
        self.resistance, self.cake = 2.5, 0.0
        # Conductivity, pH and potential, in the pipe of stage 2 and at the membrane.
        self.pipe = [260.0, 8.5, 300.0]
        self.membrane = [260.0, 7.9, 160.0]
        self.dechlorinated = 165.0
        self.permeate_conductivity = 20.0
        self.hardness = 148.0
        self.mv101, self.mv201 = Valve(10), Valve(8)
        self.mv301, self.mv302, self.mv303, self.mv304 = Valve(7), Valve(7), Valve(7), Valve(7)
        self.commands = Commands()

    def step(self, commands: Commands, disturbances: Disturbances) -> None:
        """Simulate one second under ``commands``."""
        self.commands = commands
        self.mv101.move(commands.MV101)
        self.mv201.move(commands.MV201)
        self.mv301.move(commands.MV301)
        self.mv302.move(commands.MV302)
        self.mv303.move(commands.MV303)
        self.mv304.move(commands.MV304)
        self._raw_water(commands, disturbances)
        self._dosing(commands, disturbances)
        self._ultrafiltration(commands, disturbances)
        self._dechlorination(commands)
        self._reverse_osmosis(commands, disturbances)

    def read(self, readings: Readings, noise: Sequence[float]) -> None:
        """Write sensor values with ``noise``, in the order of ``SENSORS``, and actuator states."""
        r = readings
        r.FIT101 = self.inflow + noise[0]
        r.FIT201 = self.transfer + noise[1]
        r.FIT301 = self.filtered + noise[2]
        r.FIT401 = self.feed + noise[3]
        r.FIT501 = self.fed + noise[4]
        r.FIT502 = self.permeate + noise[5]
        r.FIT503 = self.reject + noise[6]
        r.FIT504 = self.recycle + noise[7]
        r.FIT601 = self.wash + noise[8]
        r.LIT101 = self.t101.level + noise[9]
        r.LIT301 = self.t301.level + noise[10]
        r.LIT401 = self.t401.level + noise[11]
        r.DPIT301 = self.resistance + noise[12]
        r.PIT501 = self.pressure + noise[13]
        r.PIT502 = self.permeate_pressure + noise[14]
        r.PIT503 = self.reject_pressure + noise[15]
        r.AIT201 = self.pipe[0] + noise[16]
        r.AIT503 = self.membrane[0] + noise[17]
        r.AIT504 = self.permeate_conductivity + noise[18]
        r.AIT202 = self.pipe[1] + noise[19]
        r.AIT501 = self.membrane[1] + noise[20]
        r.AIT203 = self.pipe[2] + noise[21]
        r.AIT402 = self.dechlorinated + noise[22]
        r.AIT502 = self.membrane[2] + noise[23]
        r.AIT401 = self.hardness + noise[24]
        r.MV101, r.MV201 = self.mv101.code, self.mv201.code
        r.MV301, r.MV302 = self.mv301.code, self.mv302.code
        r.MV303, r.MV304 = self.mv303.code, self.mv304.code
        commands = self.commands
        r.P101, r.P102 = commands.P101, commands.P102
        r.P202, r.P204, r.P206 = commands.P202, commands.P204, commands.P206
        # A mechanical interlock stops the dosing pumps while no water flows.
        if self.transfer > 0.5:
            r.P201, r.P203, r.P205 = commands.P201, commands.P203, commands.P205
        else:
            r.P201 = r.P203 = r.P205 = OFF
        r.P301, r.P302 = commands.P301, commands.P302
        r.P401, r.P402, r.P403, r.P404 = commands.P401, commands.P402, commands.P403, commands.P404
        r.UV401, r.P501, r.P502 = commands.UV401, commands.P501, commands.P502
        r.P601, r.P602, r.P603 = commands.P601, commands.P602, commands.P603

    def _raw_water(self, commands: Commands, disturbances: Disturbances) -> None:
        inflow = RAW_FLOW * disturbances.supply * self.mv101.opening
        self.inflow = follow(self.inflow, inflow, 2.0)
        running = (commands.P101 == ON) + (commands.P102 == ON)
        moved = (0.0, TRANSFER_FLOW, 1.2 * TRANSFER_FLOW)[running] * self.mv201.opening
        if self.t101.level < SUMP:
            moved = 0.0
        self.transfer = follow(self.transfer, moved * (1.0 + disturbances.ripple), 3.0)
        self.t101.fill(self.inflow - self.transfer)

    def _dosing(self, commands: Commands, disturbances: Disturbances) -> None:
        pipe = self.pipe
        if self.transfer > 0.5:
            salt = 8.0 if commands.P201 == ON else 0.0
            acid = 0.30 if commands.P203 == ON else 0.0
            chlorine = 45.0 if commands.P205 == ON else 0.0
            pipe[0] = follow(pipe[0], disturbances.conductivity + salt, 25.0)
            pipe[1] = follow(pipe[1], disturbances.acidity - acid, 25.0)
            pipe[2] = follow(pipe[2], disturbances.potential + chlorine, 40.0)
        else:
            # Standing water slowly loses what was dosed.
            pipe[0] = follow(pipe[0], disturbances.conductivity + 2.0, 1_500.0)
            pipe[1] = follow(pipe[1], disturbances.acidity - 0.15, 1_500.0)
            pipe[2] = follow(pipe[2], disturbances.potential + 20.0, 1_500.0)
        self.t301.mix(pipe, self.transfer)

    def _ultrafiltration(self, commands: Commands, disturbances: Disturbances) -> None:
        pumping = commands.P301 == ON or commands.P302 == ON
        product, drain = self.mv302.opening, self.mv304.opening
        out = max(product, drain)
        moved = 0.0
        if pumping and self.t301.level > SUMP:
            moved = FILTER_FLOW * out * (1.0 - 0.012 * self.cake) * (1.0 + disturbances.ripple)
        self.filtered = follow(self.filtered, moved, 3.0)
        washed = WASH_FLOW * min(self.mv301.opening, self.mv303.opening)
        self.wash = follow(self.wash, washed if commands.P602 == ON else 0.0, 3.0)
        # The cake on the fibres grows with what passes and is washed off; pressure follows both.
        self.cake += 0.0022 * self.filtered / FILTER_FLOW
        self.cake = follow(self.cake, 0.0, 12.0) if self.wash > 1.0 else self.cake
        resistance = 2.5 + (FIBRES * (1.0 + disturbances.fouling) + self.cake) * (
            self.filtered / FILTER_FLOW
        )
        # Against a shut pipe the pump builds up its full head.
        if pumping and out < 0.5:
            resistance = 36.0
        self.resistance = follow(self.resistance, resistance + 5.5 * (self.wash > 1.0), 4.0)
        to_tank = self.filtered * product / (product + drain) if out else 0.0
        self.t301.fill(self.transfer - self.filtered)
        self.t401.mix(self.t301.water, to_tank)
        self.t401.fill(to_tank - self.feed)

    def _dechlorination(self, commands: Commands) -> None:
        pumping = commands.P401 == ON or commands.P402 == ON
        moved = BYPASS_FLOW + (FEED_FLOW - BYPASS_FLOW) * self.speed if pumping else 0.0
        self.feed = follow(self.feed, moved if self.t401.level > SUMP else 0.0, 3.0)
        conductivity, acidity, potential = self.t401.water
        if self.feed > 0.5:
            dosing = commands.P403 == ON
            light = 4.0 if commands.UV401 == ON else 0.0
            target = CARRIED * potential - (38.0 if dosing else 0.0) - light
            self.dechlorinated = follow(self.dechlorinated, target, 300.0)
            self.hardness = follow(self.hardness, 0.565 * conductivity, 600.0)
            sulphite = 0.10 if dosing else 0.0
            self.membrane[1] = follow(self.membrane[1], acidity - 0.45 - sulphite, 240.0)

    def _reverse_osmosis(self, commands: Commands, disturbances: Disturbances) -> None:
        available = commands.P501 == ON and self.feed > 0.4
        self.speed = follow(self.speed, 1.0 if available else 0.0, 15.0 if available else 6.0)
        speed = self.speed
        # The high-pressure pump is limited by its feed.
        self.fed = min(FEED_FLOW * speed, self.feed)
        self.recycle = RECYCLE * self.fed
        self.permeate = PERMEATE * self.fed * (1.0 + PER_DEGREE * disturbances.warmth)
        self.reject = self.fed + self.recycle - self.permeate
        strain = (1.0 - PER_DEGREE * disturbances.warmth) * (0.6 + 0.4 * self.membrane[0] / 262.0)
        self.pressure = 1.5 + 249.0 * speed * speed * strain
        self.reject_pressure = 1.0 + 0.757 * (self.pressure - 1.5)
        self.permeate_pressure = 0.2 + 1.0 * speed
        if self.fed > 0.3:
            self.membrane[0] = follow(self.membrane[0], self.t401.water[0] + 2.0, 120.0)
            self.membrane[2] = follow(self.membrane[2], self.dechlorinated - 6.0, 90.0)
            passed = (
                0.046 * self.membrane[0] * (1.0 + 0.03 * disturbances.warmth) / max(speed, 0.4)
            )
            self.permeate_conductivity = follow(self.permeate_conductivity, passed, 90.0)
        else:
            self.permeate_conductivity = follow(self.permeate_conductivity, 40.0, 3_600.0)
