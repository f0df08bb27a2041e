"""The fixture ``timed``, and what a session has measured with it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchkit.timing.baseline import Entry, read_baseline, round_ratios, write_baseline
from benchkit.timing.pytest_plugin import GATE

if TYPE_CHECKING:
    from benchkit.timing.interleaving import Alternation, Plan, Turns
    from benchkit.timing.verdicts import Verdict

Arguments = tuple[Sequence[Any], dict[str, Any]]


@dataclass
class Gate:
    """A session's baseline and verdicts.

    Parameters
    ----------
    path
        The baseline's file; None to compare nothing.
    update
        Write it instead of comparing with it.
    baseline
        What it has.
    lines
        What is to be said at the end.
    """

    path: Path | None
    update: bool
    baseline: dict[str, Entry]
    verdicts: list[Verdict] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path | None, *, update: bool) -> Gate:
        """Read the baseline; raises `BenchkitError` where it is needed and cannot be read."""
        there = path is not None and (path.exists() or not update)
        return cls(path, update, read_baseline(path) if path is not None and there else {})

    def add(self, name: str, now: Entry, again: Callable[[], Sequence[float]]) -> Verdict:
        """Judge a benchmark and keep the verdict."""
        from benchkit.timing.verdicts import Verdict, judge

        if self.path is None or self.update:
            verdict = Verdict(name, now, self.baseline.get(name))
        else:
            verdict = judge(name, now, self.baseline, again)
        self.verdicts.append(verdict)
        return verdict

    def close(self) -> None:
        """Put together what is to be said, and write the baseline where that was asked for.

        Raises `BenchkitError` where it cannot be written.
        """
        from benchkit.timing.verdicts import describe_rest, tabulate_verdicts

        if not self.verdicts:
            self.lines += ["nothing was timed"] if self.path is not None else []
            return
        self.lines += [tabulate_verdicts(self.verdicts), ""]
        self.lines += describe_rest(self.verdicts, self.baseline, updated=self.update)
        if self.path is not None and self.update:
            now = {verdict.name: verdict.now for verdict in self.verdicts}
            write_baseline(self.path, {**self.baseline, **now})
            self.lines.append(f"{self.path} written")
        elif self.path is not None:
            red = sum(verdict.red for verdict in self.verdicts)
            total = len(self.verdicts)
            self.lines.append(f"{red} of {total} benchmarks slower than {self.path} allows")


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
        from benchkit.timing.interleaving import Alternation, undisturbed
        from benchkit.timing.workloads import build_workload

        workload = build_workload(like)
        alternation = Alternation(call, workload, call.prepare if setup else None)
        alternation.warm()  # imports on first use, before threads are counted
        with undisturbed():
            plan = alternation.warm()
            turns = self._measure(alternation, plan.thorough if self._gate.update else plan)
            now = _describe(like, size, turns)
            verdict = self._gate.add(
                self._benchmark.fullname, now, lambda: alternation.run(plan.thorough).ratios()
            )
        self._benchmark.extra_info["calls a round"] = plan.loops
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


def _describe(like: str, size: str, turns: Turns) -> Entry:
    from benchkit.execution.environment import describe_environment

    facts = dict(describe_environment())
    machine = f"{facts.pop('processor')}, {facts.pop('system')}"
    versions = ", ".join(f"{name} {version}" for name, version in facts.items())
    milliseconds = float(f"{1000 * statistics.median(turns.benchmarks):.4g}")
    ratios = round_ratios(turns.ratios())
    return Entry(like, size, milliseconds, ratios, machine, versions)


@pytest.fixture
def timed(benchmark: Any, request: pytest.FixtureRequest) -> Timed:
    """Give a function that times another one against a machine's speed; see `Timed`."""
    return Timed(benchmark, request.config.stash[GATE])
