"""Rows as tables of text: for markdown boards and for the terminal."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import Any

from tabulate import SEPARATING_LINE, tabulate

from benchkit.report.foreign import show_plainly
from benchkit.report.numbers import COST_TITLES, format_cost, format_label, format_mean, title
from benchkit.report.primary import find_primary
from benchkit.report.rows import Row, find_machine, metric_names

ELSEWHERE = "‡"
"""Marks costs that were measured on another machine than most."""
SHORT = ("vus_pr", "auc_pr", "auc_roc", "f1@train_q99", "f1@oracle")
"""Metrics on a terminal."""

_SPECIAL = re.compile(
    r"[\\|`*<>\[\]&~]"
    r"|^[#+=-]"  # headings and lists
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word means nothing, and most are
)


def make_table(rows: Sequence[Row], metrics: Sequence[str], machine: str) -> str:
    """Return rows as a markdown table with all costs.

    A value that is not above the best sanity row carries a `NOT_BEATEN` mark, one that does not
    exist for all trials that went well says for how many it does, and a cost of another machine
    than ``machine`` is marked `ELSEWHERE`, and a detector whose scores may point the wrong way
    `INVERTED`.
    """
    costs = choose_costs(row.means for row in rows)
    titles = [escape(title(m)) for m in metrics]
    headers = ["detector", "status", *titles, *(COST_TITLES[c] for c in costs), "seeds"]
    body = [
        [
            format_label(row, escape(row.label)),
            *_cells(row, metrics, costs, machine),
            len(row.seeds),
        ]
        for row in rows
    ]
    return tabulate_left(body, headers, left=2)


def make_further_table(rows: Sequence[Row], metrics: Sequence[str]) -> str:
    """Return the metrics of a policy as a markdown table, a line a metric, a column a detector."""
    headers = ["metric", *(format_label(row, escape(row.label)) for row in rows)]
    body = [
        [escape(title(m).partition("@")[0]), *(format_mean(r, m) for r in rows)] for m in metrics
    ]
    return tabulate_left(body, headers)


def make_short_table(rows: Sequence[Row]) -> str:
    """Return the few columns that fit a terminal, sanity rows below a line."""
    names = metric_names(rows)
    chosen = [n for n in SHORT if n in names]
    primary = find_primary(rows)
    if chosen and primary not in chosen:
        chosen.insert(0, primary)
    metrics, costs = chosen or names[:4], ("fit_s", "score_s", "memory_mib")
    headers = ["detector", "status", *map(title, metrics), *(COST_TITLES[c] for c in costs)]
    machine = find_machine(rows)
    apart: list[Any] = []
    for sanity in (False, True):
        part = [
            [format_label(r), *_cells(r, metrics, costs, machine)]
            for r in rows
            if r.sanity is sanity
        ]
        apart += [SEPARATING_LINE, *part] if apart and part else part
    return tabulate_left(apart, headers, left=2, style="simple")


def tabulate_left(
    body: Sequence[Any], headers: Sequence[str], *, left: int = 1, style: str = "github"
) -> str:
    """Return a table of text, markdown by default, the first columns to the left.

    What is invisible is spelled out: tabulate takes a cell of U+0001 for a line across the table.
    """
    body = [row if row == SEPARATING_LINE else list(map(show_plainly, row)) for row in body]
    headers = [str(show_plainly(header)) for header in headers]
    align = [*["left"] * left, *["right"] * (len(headers) - left)]
    return tabulate(body, headers, tablefmt=style, colalign=align, disable_numparse=True)


def choose_costs(costs: Iterable[Container[str]]) -> list[str]:
    """Return the names of the costs to show: device memory only where somebody used some."""
    there = list(costs)
    return [c for c in COST_TITLES if c != "device_mib" or any(c in some for some in there)]


def escape(text: str) -> str:
    """Return text of foreign origin on one line, with what markdown would interpret escaped.

    What is invisible is spelled out first, see `show_plainly`.
    """
    return _SPECIAL.sub(r"\\\g<0>", str(show_plainly(" ".join(text.split()))))


def _cells(row: Row, metrics: Sequence[str], costs: Sequence[str], machine: str) -> list[str]:
    mark = f" {ELSEWHERE}" if row.machine != machine else ""
    shown = [row.means[c].mean if c in row.means else None for c in costs]
    quality = [format_mean(row, metric) for metric in metrics]
    return [row.status, *quality, *(format_cost(cost, mark) for cost in shown)]
