"""The lines of the live display: one for each task, as wide as the terminal and never wider.

Two columns are lost to a wide character, and the width is asked for anew each time, since a window
may be made smaller while a run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import ceil, inf
from typing import ClassVar, cast

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.progress import Progress, Task
from rich.progress_bar import ProgressBar
from rich.segment import Segment
from rich.spinner import Spinner
from rich.text import Text

ENDLESS = inf
"""The total of a task whose end is not known; rich takes None for leaving the total as it is."""

LEAST_TEXT = 16
"""Columns for what a task is called, before numbers are left out for it."""

_BAR = (5, 40)
"""Columns of a bar: with fewer there is none."""


_SPINNERS = ((False, "dots"), (True, "line"))


class LiveLines(Progress):
    """A progress display whose tasks are lines with a ``label`` and a ``step`` each.

    The label is what is cut where both do not fit, in its middle.
    """

    # A spinner moves on from one frame to the next, so it stays the same one.
    _spinners: ClassVar = {ascii_only: Spinner(name) for ascii_only, name in _SPINNERS}

    def get_renderables(self) -> Iterable[_Lines]:
        """Give all lines at once, so that their columns stand below each other."""
        yield _Lines([task for task in self.tasks if task.visible], self._spinners)


class _Lines:
    def __init__(self, tasks: list[Task], spinners: Mapping[bool, Spinner]) -> None:
        self._tasks = tasks
        self._spinners = spinners

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # The last column stays free: some terminals begin a new line once it is written to.
        width = max(1, options.max_width - 1)
        ascii_only = options.ascii_only
        texts = [_spell(task, console.encoding if ascii_only else "utf-8") for task in self._tasks]
        wanted = max((cell_len("".join(text)) for text in texts), default=0)
        for task, (label, step) in zip(self._tasks, texts, strict=True):
            numbers = _numbers(task, width - 2 - min(wanted, LEAST_TEXT) - 1)
            room = max(0, width - 2 - (cell_len(numbers) + 1 if numbers else 0))
            bar = min(_BAR[1], room - min(wanted, room) - 1)
            if bar < _BAR[0] <= room - LEAST_TEXT - 1:
                bar = _BAR[0]
            text = min(wanted, room - (bar + 1 if bar >= _BAR[0] else 0))
            sign = self._spinners[ascii_only].render(task.get_time())
            yield Text.assemble(
                cast(Text, sign),
                " ",
                set_cell_size(shorten(label, step, text, "..." if ascii_only else "…"), text),
                end="",
            )
            if bar >= _BAR[0]:
                drawn = list(console.render(_bar(task, bar), options.update_width(bar)))
                # Without colours the part that is not done yet is not drawn at all.
                missing = bar - sum(segment.cell_length for segment in drawn)
                yield from (Segment(" "), *drawn, Segment(" " * missing))
            if numbers:
                yield Text(f" {numbers}", end="")
            yield Segment.line()


def shorten(label: str, step: str, width: int, ellipsis: str = "…") -> str:
    """Return a label and the step behind it in so many columns.

    What is cut is the middle of the label, then the end of the step; of a label a half is kept.
    """
    if cell_len(label + step) <= width:
        return label + step
    step = step if cell_len(step) <= width // 2 else _head(step, width // 2)
    room = width - cell_len(step) - len(ellipsis)
    if room < 2:
        return _head(label, width)
    behind = room // 2
    return _head(label, room - behind) + ellipsis + _tail(label, behind) + step


def _head(text: str, width: int) -> str:
    """Return as much of the beginning as there is room for; half of a wide character is none."""
    while text and cell_len(text) > width:
        text = text[:-1]
    return text


def _tail(text: str, width: int) -> str:
    while text and cell_len(text) > width:
        text = text[1:]
    return text


def _spell(task: Task, encoding: str) -> tuple[str, str]:
    """Return label and step of a task on one line, with characters that the terminal has."""
    label, step = (
        "".join(sign if sign.isprintable() else "?" for sign in task.fields.get(name, ""))
        .encode(encoding, "replace")
        .decode(encoding)
        for name in ("label", "step")
    )
    return label, step


def _numbers(task: Task, room: int) -> str:
    """Return the time that went by, the steps and the time left, or what of it there is room for.

    ``3/18``, and ``3/18, 0:00:24 left`` once there is something to go by.
    """
    elapsed = str(timedelta(seconds=int(task.elapsed or 0)))
    forms = [elapsed, ""]
    if task.total not in (None, ENDLESS):
        steps = f"{task.completed:.0f}/{task.total:.0f}"
        forms = [f"{elapsed} {steps}", steps, f"{task.percentage:.0f}%", ""]
        if task.time_remaining is not None:
            left = f"{timedelta(seconds=ceil(task.time_remaining))} left"
            forms = [f"{elapsed} {steps}, {left}", f"{steps}, {left}", *forms[1:]]
    return next(form for form in forms if len(form) <= max(0, room))


def _bar(task: Task, width: int) -> ProgressBar:
    return ProgressBar(
        total=None if task.total in (None, ENDLESS) else task.total,
        completed=max(0, task.completed),
        width=width,
        pulse=not task.started,
        animation_time=task.get_time(),
    )
