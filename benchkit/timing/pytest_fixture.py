"""The fixture ``timed``."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from benchkit.timing.gate import Gate
from benchkit.timing.pytest_plugin import GATE

if TYPE_CHECKING:
    from benchkit.timing.interleaving import Alternation, Plan, Turns

Arguments = tuple[Sequence[Any], dict[str, Any]]


class Timed:
    """What the fixture ``timed`` gives: call it once in a test.

    Parameters
    ----------
    benchmark
        The fixture of pytest-benchmark, which has the options, the rounds and their statistics.
    gate
        Where the outcome goes.
    """

    def __init__(self, benchmark: Any, gate: Gate) -> None:
        self._benchmark = benchmark
        self._gate = gate

    def __call__(
        self,
        function: Callable[..., Any],
        *args: Any,
        like: str,
        size: str = "",
        setup: Callable[[], Arguments | None] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Time ``function(*args, **kwargs)`` against a workload and return its last result.

        With ``--benchmark-disable`` it is called once and not timed.

        Parameters
        ----------
        function
            At best 10 ms to 1 s of work, the same at every call.
        like
            The nature of the workload: see `benchkit.timing.workloads`.
        size
            What is worked on, in words.
        setup
            Is called before each round, outside of what is measured. What it returns, if anything,
            is ``(args, kwargs)`` of the call.

        Raises
        ------
        pytest.fail.Exception
            It has become slower than the baseline allows.
        """
        call = _Call(function, args, kwargs, setup)
        if not self._benchmark.enabled:
            return self._benchmark.pedantic(call, setup=call.prepare)
        from benchkit.timing.interleaving import Alternation
        from benchkit.timing.workloads import build_workload

        workload = build_workload(like)
        alternation = Alternation(call, workload, call.prepare if setup else None)
        alternation.warm()
        verdict = self._gate.time(
            self._benchmark.fullname,
            like,
            size,
            alternation,
            lambda plan: self._measure(alternation, plan),
        )
        self._benchmark.extra_info[f"ratio to {like}"] = statistics.median(verdict.now.ratios)
        if verdict.red:
            pytest.fail(verdict.sentence(str(self._gate.path)), pytrace=False)
        return call.result

    def _measure(self, alternation: Alternation, plan: Plan) -> Turns:
        """Let pytest-benchmark time the rounds, with a calibration before each of them."""
        self._benchmark.pedantic(
            lambda: alternation.call_repeatedly(plan),
            setup=lambda: alternation.calibrate(plan),
            rounds=plan.rounds,
        )
        alternation.calibrate(plan)
        rounds = self._benchmark.stats.stats.data
        alternation.turns.benchmarks = [seconds / plan.loops for seconds in rounds]
        self._benchmark.extra_info["calls a round"] = plan.loops
        return alternation.turns


class _Call:
    """A function with the arguments of its next call; keeps what it returned last."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        setup: Callable[[], Arguments | None] | None,
    ) -> None:
        self.function, self.args, self.kwargs, self.setup = function, args, kwargs, setup
        self.result: Any = None

    def prepare(self) -> None:
        made = self.setup() if self.setup else None
        if made is not None:
            self.args, self.kwargs = made

    def __call__(self) -> Any:
        self.result = self.function(*self.args, **self.kwargs)
        return self.result


@pytest.fixture
def timed(benchmark: Any, request: pytest.FixtureRequest) -> Timed:
    """Give a function that times another one against a machine's speed; see `Timed`."""
    return Timed(benchmark, request.config.stash[GATE])
