"""Lines of tables that there are too many of for a template."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from benchkit.report.foreign import show_plainly


def make_line(head: str, cells: Iterable[str]) -> Markup:
    """Return a row of a table: a head of foreign origin, and cells of numbers made here.

    There are hundreds of thousands of them; only the head can have anything to escape.
    """
    return Markup(f"<tr><th scope=row>{escape(show_plainly(head))}<td>{'<td>'.join(cells)}\n")
