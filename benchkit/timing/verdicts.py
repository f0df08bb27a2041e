"""What is said of each benchmark, and the table of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchkit.timing.baseline import Entry
from benchkit.timing.estimate import ALLOWED, LEVEL, Slowdown, confirm

RED = "SLOWER"
_HEADERS = ("benchmark", "size", "like", "ms", "ratio", "baseline", "slowdown", "interval", "")
_ALIGN = ("left", "left", "left", *["right"] * 5, "left")
_SPEED = 4
"""Where the column of rows a second stands, in tables that have it."""


@dataclass(frozen=True)
class Verdict:
    """A benchmark as it was measured now, and how that compares.

    ``word`` is ``"same"``, ``"SLOWER"``, ``"faster"``, ``"uncertain"``, where it looks slower and
    rounds differ too much to say, ``"new"``, ``"other size"``, or ``""`` without a baseline.
    """

    name: str
    now: Entry
    before: Entry | None = None
    slowdown: Slowdown | None = None
    word: str = ""

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Verdict:
        """Return a verdict as JSON carries it."""
        before, slowdown = fields["before"], fields["slowdown"]
        return cls(
            fields["name"],
            Entry.from_fields(fields["now"]),
            None if before is None else Entry.from_fields(before),
            None if slowdown is None else Slowdown(**slowdown),
            fields["word"],
        )

    @property
    def red(self) -> bool:
        """Whether the gate closes."""
        return self.word == RED

    def sentence(self, baseline: str) -> str:
        """Return what a person has to know of a red one."""
        if self.slowdown is None:
            return ""
        s = self.slowdown
        return (
            f"{self.name} takes {s.value:.2f} times as long as in {baseline}, measured twice "
            f"({s.low:.2f} to {s.high:.2f} with {LEVEL:.0%} confidence, {ALLOWED:.2f} is allowed; "
            f"{self.now.size or 'no size given'}, in units of the workload {self.now.like!r})"
        )


def judge(
    name: str,
    now: Entry,
    baseline: Mapping[str, Entry],
    again: Callable[[], Sequence[float]],
) -> Verdict:
    """Return the verdict on a benchmark; ``again`` measures once more, for more rounds' ratios."""
    before = baseline.get(name)
    if before is None:
        return Verdict(name, now, word="new")
    if (before.like, before.size) != (now.like, now.size):
        return Verdict(name, now, before, word="other size")
    rounds, slowdown = confirm(before.ratios, now.ratios, again)
    word = "same"
    if slowdown.red:
        word = RED
    elif slowdown.doubtful:
        word = "uncertain"
    elif slowdown.faster:
        word = "faster"
    return Verdict(name, replace(now, ratios=tuple(rounds)), before, slowdown, word)


def tabulate_verdicts(verdicts: Iterable[Verdict], counts: Mapping[str, int]) -> str:
    """Return the table, by name.

    ``counts`` are the rows of data that a call works on, of benchmarks that have such; where any
    has, there is a column of rows a second.
    """
    from tabulate import tabulate

    rows = []
    for verdict in sorted(verdicts, key=lambda v: v.name):
        now, before, slowdown = verdict.now, verdict.before, verdict.slowdown
        row = [
            _short(verdict.name),
            now.size,
            now.like,
            f"{now.milliseconds:.3g}",
            f"{statistics.median(now.ratios):.3g}",
            f"{statistics.median(before.ratios):.3g}" if before else "",
            f"{slowdown.value:.2f}" if slowdown else "",
            f"{slowdown.low:.2f} to {slowdown.high:.2f}" if slowdown else "",
            verdict.word,
        ]
        if counts:
            count = counts.get(verdict.name)
            row.insert(_SPEED, f"{1000 * count / now.milliseconds:,.0f}" if count else "")
        rows.append(row)
    headers, align = list(_HEADERS), list(_ALIGN)
    if counts:
        headers.insert(_SPEED, "rows/s")
        align.insert(_SPEED, "right")
    return tabulate(rows, headers, tablefmt="simple", disable_numparse=True, colalign=align)


def describe_rest(
    verdicts: Sequence[Verdict], baseline: Mapping[str, Entry], *, updated: bool, renew: str
) -> list[str]:
    """Return sentences on what the table does not say: what was not measured, other machines.

    ``updated`` is whether the baseline is being written, ``renew`` the option that does so.
    """
    lines = []
    absent = sorted(set(baseline) - {verdict.name for verdict in verdicts})
    if absent:
        kept = "kept as they were" if updated else "in the baseline"
        names = ", ".join(_without_folder(name) for name in absent)
        lines.append(f"{kept} and not measured: {names}")
    if updated:
        return lines
    if words := {v.word for v in verdicts} & {"new", "other size"}:
        lines.append(f"{' or '.join(sorted(words))}: {renew} takes them up")
    pairs = [(v.before, v.now) for v in verdicts if v.before is not None]
    if machines := sorted({b.machine for b, n in pairs if b.machine != n.machine}):
        lines.append(f"the baseline is of another machine: {'; '.join(machines)}")
    if versions := sorted({b.versions for b, n in pairs if b.versions != n.versions}):
        lines.append(f"the baseline is of other versions: {'; '.join(versions)}")
    return lines


def _short(name: str) -> str:
    """Return the name of a benchmark; that of a test without its folder, file and ``test_``."""
    return name.rpartition("::")[2].removeprefix("test_") if "::" in name else name


def _without_folder(name: str) -> str:
    return name.rpartition("/")[2] if "::" in name else name
