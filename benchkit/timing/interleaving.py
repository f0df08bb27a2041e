"""A benchmark and its calibration, taking turns in one process: c b c b ... c.

What slows the machine for a while slows both, and a ratio of neighbours hardly sees it. Pieces are
made long enough for a scheduler that shares a core in slices of a few milliseconds.
"""

from __future__ import annotations

import contextlib
import gc
import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Call = Callable[[], object]

SECONDS = 1.5
"""What the rounds of a benchmark take, about, if these are not too few or too many."""
LEAST_ROUNDS, MOST_ROUNDS = 11, 31
PATIENCE, FEWEST_ROUNDS = 30.0, 5
"""Seconds that the least rounds may take before they become fewer, and below which they never do:
a call of 3 s is the longest that has `LEAST_ROUNDS`, and one of 6 s or more has these few."""
LONG = 1.0
"""Seconds of a call that is called once, and not twice, to see how long it takes."""
THOROUGH = 2
"""How many times the rounds where more depends on them: in a baseline, and before red is said."""
SHORTEST, LONGEST = 0.02, 0.08
"""Seconds of a piece of calibration, which is as long as the benchmark's within these; a shorter
benchmark is repeated to make up the first."""
SHARE = 0.05
"""Of a call that is longer still, at least so much is calibrated: a short look at the machine says
little of the many seconds between two of them."""


@dataclass(frozen=True)
class Plan:
    """How often to call what.

    Parameters
    ----------
    loops
        Calls of the benchmark in a round.
    repeats
        Calls of the workload in a piece of calibration.
    rounds
        How many there are.
    """

    loops: int
    repeats: int
    rounds: int

    @property
    def thorough(self) -> Plan:
        """The same with more rounds."""
        return Plan(self.loops, self.repeats, self.rounds * THOROUGH)


@dataclass
class Turns:
    """What was measured, in seconds a call.

    ``calibrations`` has one more than ``benchmarks``: each of these has a neighbour on both sides.
    """

    benchmarks: list[float] = field(default_factory=list)
    calibrations: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Return the ratio of each round to the mean of the calibrations beside it."""
        around = zip(self.calibrations, self.calibrations[1:], strict=False)
        pairs = zip(self.benchmarks, around, strict=True)
        return [2 * own / (before + after) for own, (before, after) in pairs]


class Alternation:
    """Calls a benchmark and a workload in turn, and keeps what they took.

    Parameters
    ----------
    call
        The benchmark.
    workload
        The calibration; see `benchkit.timing.workloads`.
    prepare
        Is called before each round, outside of what is measured; a benchmark that has one is
        called once a round.
    """

    def __init__(self, call: Call, workload: Call, prepare: Call | None = None) -> None:
        self.call = call
        self.workload = workload
        self.prepare = prepare
        self.turns = Turns()

    def warm(self) -> Plan:
        """Call both a few times, and return a plan made from what they took."""
        for _ in range(2):
            self.workload()
        calibration = min(_measure(self.workload, 1) for _ in range(3))
        begin = time.perf_counter()
        self._prepare()
        own = _measure(self.call, 1)
        if own < LONG:
            own = _measure_shortest(self.call, self._prepare, begin + 0.1)
        return make_plan(own, calibration, repeatable=self.prepare is None)

    def calibrate(self, plan: Plan) -> None:
        """Take the workload's turn, after what the benchmark has to have prepared."""
        self._prepare()
        self.turns.calibrations.append(_measure(self.workload, plan.repeats) / plan.repeats)

    def call_repeatedly(self, plan: Plan) -> None:
        """Take the benchmark's turn."""
        _repeat(self.call, plan.loops)

    def run(self, plan: Plan) -> Turns:
        """Measure anew, and return what came out."""
        self.turns = Turns()
        for _ in range(plan.rounds):
            self.calibrate(plan)
            begin = time.perf_counter()
            self.call_repeatedly(plan)
            self.turns.benchmarks.append((time.perf_counter() - begin) / plan.loops)
        self.calibrate(plan)
        return self.turns

    def _prepare(self) -> None:
        if self.prepare is not None:
            self.prepare()


def make_plan(own: float, calibration: float, *, repeatable: bool) -> Plan:
    """Return a plan for a benchmark and a workload that take so many seconds a call."""
    own = max(own, 1e-7)  # no clock sees less
    loops = math.ceil(SHORTEST / own) if repeatable else 1
    piece = min(max(loops * own, SHORTEST), max(LONGEST, SHARE * own))
    repeats = max(1, math.ceil(piece / calibration))
    least = min(max(int(PATIENCE / own), FEWEST_ROUNDS), LEAST_ROUNDS)
    rounds = round(SECONDS / (loops * own + repeats * calibration))
    return Plan(loops, repeats, min(max(rounds, least), MOST_ROUNDS))


def measure(call: Call, workload: Call, prepare: Call | None = None) -> Turns:
    """Measure a benchmark against a workload, on one thread, after warming both."""
    alternation = Alternation(call, workload, prepare)
    with undisturbed():
        return alternation.run(alternation.warm())


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Compute on one thread and collect no garbage of others while this lasts.

    Threads that wait for each other on a busy machine lose far more than their share of it. What
    lies in memory from before would be looked through by whatever collections a benchmark causes.
    """
    from threadpoolctl import threadpool_limits

    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch else 1
    gc.collect()
    gc.freeze()
    try:
        with threadpool_limits(1):
            if torch:
                torch.set_num_threads(1)
            yield
    finally:
        gc.unfreeze()
        if torch:
            torch.set_num_threads(threads)


def _repeat(call: Call, times: int) -> None:
    """Call something so many times, and wait for the GPU where one is in use."""
    for _ in range(times):
        call()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.synchronize()


def _measure(call: Call, times: int) -> float:
    begin = time.perf_counter()
    _repeat(call, times)
    return time.perf_counter() - begin


def _measure_shortest(call: Call, prepare: Call, until: float) -> float:
    shortest = math.inf
    while shortest == math.inf or time.perf_counter() < until:
        prepare()
        shortest = min(shortest, _measure(call, 1))
    return shortest
