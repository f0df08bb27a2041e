"""A baseline, what was measured, and what is said about both at the end."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchkit.timing.baseline import Entry, read_baseline, round_ratios, write_baseline

if TYPE_CHECKING:
    from benchkit.timing.interleaving import Alternation, Plan, Turns
    from benchkit.timing.verdicts import Verdict


@dataclass
class Gate:
    """A session's baseline and verdicts.

    Parameters
    ----------
    path
        The baseline's file; None to compare nothing.
    update
        Write it instead of comparing with it.
    renew
        The option by which the user says that.
    baseline
        What it has.
    verdicts
        What was measured so far.
    counts
        The rows of data that a call of a benchmark works on, of those that have such.
    lines
        What is to be said at the end.
    """

    path: Path | None
    update: bool
    renew: str
    baseline: dict[str, Entry]
    verdicts: list[Verdict] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path | None, *, update: bool, renew: str) -> Gate:
        """Read the baseline; raises `BenchkitError` where it is needed and cannot be read."""
        there = path is not None and (path.exists() or not update)
        return cls(
            path, update, renew, read_baseline(path, renew) if path is not None and there else {}
        )

    def time(
        self,
        name: str,
        like: str,
        size: str,
        alternation: Alternation,
        measure: Callable[[Plan], Turns],
        accelerator: str = "",
    ) -> Verdict:
        """Time a benchmark on one thread, judge it and keep the verdict.

        It has been called before: what it imports on first use may bring threads of its own.

        Parameters
        ----------
        name, like, size
            As of `Entry` and its baseline.
        alternation
            The benchmark and its workload.
        measure
            Lets both take their turns once, as a plan says.
        accelerator
            Name of the device that is used, if any.
        """
        from benchkit.timing.interleaving import undisturbed

        with undisturbed():
            plan = alternation.warm()
            turns = measure(plan.thorough if self.update else plan)
            now = _describe(like, size, turns, accelerator)
            return self._add(name, now, lambda: alternation.run(plan.thorough).ratios())

    def close(self) -> None:
        """Put together what is to be said, and write the baseline where that was asked for.

        Raises `BenchkitError` where it cannot be written.
        """
        from benchkit.timing.verdicts import describe_rest, tabulate_verdicts

        if not self.verdicts:
            self.lines += ["nothing was timed"] if self.path is not None else []
            return
        self.lines += [tabulate_verdicts(self.verdicts, self.counts), ""]
        self.lines += describe_rest(
            self.verdicts, self.baseline, updated=self.update, renew=self.renew
        )
        if self.path is not None and self.update:
            now = {verdict.name: verdict.now for verdict in self.verdicts}
            write_baseline(self.path, {**self.baseline, **now})
            self.lines.append(f"{self.path} written")
        elif self.path is not None:
            red = sum(verdict.red for verdict in self.verdicts)
            total = len(self.verdicts)
            self.lines.append(f"{red} of {total} benchmarks slower than {self.path} allows")

    def _add(self, name: str, now: Entry, again: Callable[[], Sequence[float]]) -> Verdict:
        """Judge a benchmark and keep the verdict."""
        from benchkit.timing.verdicts import Verdict, judge

        if self.path is None or self.update:
            verdict = Verdict(name, now, self.baseline.get(name))
        else:
            verdict = judge(name, now, self.baseline, again)
        self.verdicts.append(verdict)
        return verdict


def _describe(like: str, size: str, turns: Turns, accelerator: str) -> Entry:
    from benchkit.execution.environment import describe_environment

    facts = dict(describe_environment(accelerator))
    names = ("processor", "processor kind", "system", "accelerator")
    machine = ", ".join(facts.pop(name) for name in names if name in facts)
    versions = ", ".join(f"{name} {version}" for name, version in facts.items())
    milliseconds = float(f"{1000 * statistics.median(turns.benchmarks):.4g}")
    ratios = round_ratios(turns.ratios())
    return Entry(like, size, milliseconds, ratios, machine, versions)
