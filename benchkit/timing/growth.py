"""How a detector's cost grows with the size of its data: sizes, what was read, exponents."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

LEAST = {"fit": 0.01, "score": 0.01, "memory": 10.0, "device": 10.0}
"""Costs by name, seconds and MiB, with what is too small to be compared with anything."""

BRIEF = 5.0
"""Seconds of a whole trial up to which its length serves for the other axes."""

NOT_RUN = "not run"
OK = "ok"


@dataclass(frozen=True)
class Point:
    """A size of data, and of windows.

    ``length`` counts rows, or sequences where ``channels`` is None; of both parts, training and
    test, alike. ``window`` is in rows; None leaves it to the detector.
    """

    length: int
    channels: int | None
    window: int | None = None


@dataclass(frozen=True)
class Axes:
    """The sizes that are measured, all of them ascending.

    Parameters
    ----------
    lengths, width
        Rows of a series, and its channels meanwhile.
    bases
        Rows at which channels and windows are varied: the longest of these at which a trial is
        brief, so that a fast detector has enough to do for its time to mean something.
    channels, windows
        What is varied there.
    sequences
        Image sequences, for detectors that take nothing else.
    """

    lengths: Sequence[int] = (1_000, 4_000, 16_000, 64_000, 256_000)
    width: int = 25
    bases: Sequence[int] = (4_000, 16_000, 64_000)
    channels: Sequence[int] = (5, 25, 125)
    windows: Sequence[int] = (10, 30, 100)
    sequences: Sequence[int] = (40, 320, 2_560)


@dataclass(frozen=True)
class Reading:
    """What a point cost.

    ``status`` is ``"ok"``, how the trial ended otherwise (see `benchkit.execution.supervisor`),
    or ``"not run"``. ``costs`` has those of `LEAST` that there are; ``seconds`` is of the whole
    trial, without what a process costs.
    """

    point: Point
    status: str
    reason: str = ""
    costs: dict[str, float] = field(default_factory=dict)
    seconds: float = math.inf

    @property
    def ok(self) -> bool:
        """Whether it was measured."""
        return self.status == OK


@dataclass(frozen=True)
class Axis:
    """Readings along one size: ``name`` is that of a field of `Point`."""

    name: str
    readings: tuple[Reading, ...]

    def costs(self, cost: str) -> list[tuple[int, float]]:
        """Return (size, cost) where it was measured and is not too small."""
        return [
            (getattr(reading.point, self.name), reading.costs[cost])
            for reading in self.readings
            if reading.ok and reading.costs.get(cost, 0.0) >= LEAST[cost]
        ]


@dataclass(frozen=True)
class Growth:
    """How a detector's cost grows.

    ``window`` is the name of the parameter that was varied, None where it has none, and ``usual``
    its value otherwise, as text; ``axes`` are by their names, without that of windows then.
    """

    label: str
    sequences: bool
    window: str | None
    usual: str
    axes: dict[str, Axis]


def measure_axes(
    axes: Axes, run: Callable[[Point], Reading], *, sequences: bool, windowed: bool
) -> dict[str, Axis]:
    """Go through all sizes, shortest first, and along no axis further than the first failure.

    ``run`` measures one point. Of image ``sequences`` only the number varies.
    """
    if sequences:
        return {"length": _walk("length", (Point(n, None) for n in axes.sequences), run)}
    length = _walk("length", (Point(n, axes.width) for n in axes.lengths), run)
    there = {r.point.length: r for r in length.readings if r.ok and r.point.length in axes.bases}
    brief = [rows for rows, reading in there.items() if reading.seconds < BRIEF]
    rows = max(brief, default=axes.bases[0])
    # Where not even this many rows went well, there is nothing to vary.
    run = run if rows in there else _refuse
    found = {
        "length": length,
        "channels": _walk("channels", (Point(rows, c) for c in axes.channels), run),
    }
    if windowed:
        points = (Point(rows, axes.width, window) for window in axes.windows)
        found["window"] = _walk("window", points, run)
    return found


def find_exponent(costs: Sequence[tuple[int, float]]) -> float | None:
    """Return the least-squares slope of log cost on log size; None below two points."""
    if len(costs) < 2:
        return None
    x, y = np.log(np.asarray(costs, dtype=np.float64)).T
    x = x - x.mean()
    return float(x @ y / (x @ x))


def estimate(axes: dict[str, Axis], cost: str, length: int, channels: int | None) -> float | None:
    """Guess a cost at a size that was not measured; None where that cannot be said.

    Length and channels are taken to multiply; fewer channels than on the axis of lengths are not
    asked for.
    """
    value = _extrapolate(axes["length"], cost, length)
    if channels is None or value is None:
        return value
    width = axes["length"].readings[0].point.channels
    usual = dict(axes["channels"].costs(cost)).get(width or 0)
    wide = _extrapolate(axes["channels"], cost, channels)
    return None if usual is None or wide is None else value * max(1.0, wide / usual)


def _extrapolate(axis: Axis, cost: str, size: int) -> float | None:
    """Return a cost from the largest two sizes: by a line or by a power, whichever gives more."""
    costs = axis.costs(cost)
    if len(costs) < 2 or not all(reading.ok for reading in axis.readings):
        return None
    (x, y), (x_last, y_last) = costs[-2:]
    power = math.log(y_last / y) / math.log(x_last / x)
    line = y_last + (y_last - y) / (x_last - x) * (size - x_last)
    return max(line, y_last * (size / x_last) ** power)


def _walk(name: str, points: Iterable[Point], run: Callable[[Point], Reading]) -> Axis:
    readings: list[Reading] = []
    for point in points:
        going = not readings or readings[-1].ok
        readings.append(run(point) if going else _refuse(point))
    return Axis(name, tuple(readings))


def _refuse(point: Point) -> Reading:
    return Reading(point, NOT_RUN)
