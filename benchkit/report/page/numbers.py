"""Numbers as text."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from benchkit.report.page.foreign import show_plainly
from benchkit.report.rows import Row
from benchkit.report.statistics import Difference, Interval
from benchkit.report.tables import NOT_BEATEN

MISSING = "–"


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def show_value(value: float) -> str:
    """Return a metric's value, to three digits where it is small enough for them to matter."""
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.0f}"


def show_spread(over: Interval | Difference) -> str:
    """Return a mean with half the width of its interval, where it has one."""
    if over.mean is None:
        return MISSING
    text = show_value(over.mean)
    if over.low is None or over.high is None:
        return text
    return f"{text} ± {show_value((over.high - over.low) / 2)}"


def show_mean(row: Row, metric: str) -> str:
    """Return a row's mean of a metric, with all marks that belong to it."""
    mean = row.means.get(metric)
    if mean is None:
        return "undefined" if metric in row.undefined else MISSING
    text = show_spread(mean)
    if mean.count < row.statuses["ok"]:
        text += f" ({mean.count} of {row.statuses['ok']})"
    return f"{text} {NOT_BEATEN}" if metric in row.beaten else text


def show_cost(value: float) -> str:
    """Return seconds, MiB or points a second, to three digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 0.001 else "<0.001"


def make_line(head: str, cells: Iterable[str]) -> Markup:
    """Return a row of a table: a head of foreign origin, and cells of numbers made here.

    There are hundreds of thousands of them; only the head can have anything to escape.
    """
    return Markup(f"<tr><th scope=row>{escape(show_plainly(head))}<td>{'<td>'.join(cells)}\n")
