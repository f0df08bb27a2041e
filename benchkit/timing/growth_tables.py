"""What was measured of how cost grows, as markdown tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tabulate import tabulate

from benchkit.protocol.rules import calibration_start
from benchkit.timing.growth import Axis, Growth, Point, Reading, estimate, find_exponent
from benchkit.timing.growth_data import FRAMES

SPEED_AT = 64_000
"""Rows, or sequences, at which speeds are compared; of shorter axes the longest point."""

_TITLES = {"fit": "fit s", "score": "score s", "memory": "memory MiB", "device": "device MiB"}
_AXES = ("length", "channels", "window")


def tabulate_guesses(growths: Sequence[Growth], target: Point) -> str:
    """Return speeds of scoring, and what a target that nobody has measured would cost."""
    body = []
    for growth in growths:
        guesses = [
            estimate(growth.axes, cost, target.length, target.channels)
            for cost in ("fit", "score", "memory")
        ]
        body.append(
            [_code(growth.label), _compare_speed(growth), *(_round(g, 2) for g in guesses)]
        )
    speed = f"scores, {_unit(growths[0])}/s"
    return _tabulate(body, ["detector", speed, *(_TITLES[c] for c in ("fit", "score", "memory"))])


def tabulate_exponents(growths: Sequence[Growth]) -> str:
    """Return exponents, each with its number of points, a line for each cost of a detector."""
    body = [
        [_code(growth.label), cost, *(_exponent(growth.axes.get(name), cost) for name in _AXES)]
        for growth in growths
        for cost in _costs(growth)
    ]
    return _tabulate(body, ["detector", "of", *_AXES], left=2)


def tabulate_readings(growth: Growth) -> str:
    """Return all points of a detector, axis by axis; below them why some went wrong."""
    costs, unit = _costs(growth), _unit(growth)
    body, reasons = [], []
    for name, axis in growth.axes.items():
        for reading in axis.readings:
            body.append([name, *_cells(growth, reading, costs)])
            if reading.reason:
                size = f"{getattr(reading.point, name):,}"
                reasons.append(f"- {name} {size}: {_code(reading.reason)}")
    headers = [
        "along", "sequences" if growth.sequences else "rows", "channels", "window",
        *(_TITLES[cost] for cost in costs), f"fit, {unit}/s", f"score, {unit}/s", "status",
    ]  # fmt: skip
    window = "It takes no window."
    if growth.window is not None:
        window = f"Its window is {_code(growth.window)}, by default {_code(growth.usual)}."
    pieces = [f"### {_code(growth.label)}", window, _tabulate(body, headers), "\n".join(reasons)]
    return "\n\n".join(filter(None, pieces))


def _cells(growth: Growth, reading: Reading, costs: Sequence[str]) -> list[str]:
    point = reading.point
    fitted = calibration_start(point.length)
    return [
        f"{point.length:,}",
        "-" if point.channels is None else str(point.channels),
        growth.usual if point.window is None else str(point.window),
        *(_round(reading.costs.get(cost), 3) for cost in costs),
        _speed(growth, fitted, reading.costs.get("fit")),
        _speed(growth, point.length, reading.costs.get("score")),
        reading.status,
    ]


def _compare_speed(growth: Growth) -> str:
    fine = [r for r in growth.axes["length"].readings if r.ok and r.point.length <= SPEED_AT]
    if not fine:
        return "-"
    point, seconds = fine[-1].point, fine[-1].costs["score"]
    channels = "" if point.channels is None else f" × {point.channels}"
    return f"{_speed(growth, point.length, seconds)} ({point.length:,}{channels})"


def _speed(growth: Growth, length: int, seconds: float | None) -> str:
    """Return rows, or frames of image sequences, a second."""
    count = length * (FRAMES[0] if growth.sequences else 1)
    return _round(count / seconds, 3) if seconds else "-"


def _unit(growth: Growth) -> str:
    return "frames" if growth.sequences else "rows"


def _exponent(axis: Axis | None, cost: str) -> str:
    if axis is None:
        return "-"
    costs = axis.costs(cost)
    exponent = find_exponent(costs)
    if exponent is not None:
        return f"{round(exponent, 2) + 0.0:.2f} ({len(costs)})"  # + 0.0: there is no -0.00
    fine = sum(reading.ok for reading in axis.readings)
    return "too short to say" if fine > 1 else "too few ran"


def _costs(growth: Growth) -> list[str]:
    """Return the costs of a detector; memory of a device only where there is one."""
    there = {cost for axis in growth.axes.values() for r in axis.readings for cost in r.costs}
    return [cost for cost in _TITLES if cost in there or cost != "device"]


def _tabulate(body: Sequence[Sequence[str]], headers: Sequence[str], left: int = 1) -> str:
    align = [*["left"] * left, *["right"] * (len(headers) - left)]
    return tabulate(body, headers, tablefmt="github", colalign=align, disable_numparse=True)


def _code(text: str) -> str:
    """Return text of foreign origin as code, on one line and within one cell."""
    words = " ".join(text.split()).replace("`", "'")
    return f"`{words}`".replace("|", "\\|")


def _round(value: float | None, digits: int) -> str:
    """Return a number with so many digits that mean something, and never as 1e+06."""
    if value is None:
        return "-"
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(0, places)}f}"
