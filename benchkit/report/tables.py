"""Rows as tables of text: for markdown boards and for the terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tabulate import SEPARATING_LINE, tabulate

from benchkit.report.rows import Mean, Row, metric_names

NOT_BEATEN = "†"
SHORT = ("vus_pr", "auc_pr", "auc_roc", "f1@train_q99", "f1@oracle")
"""Metrics on a terminal."""

_SPECIAL = re.compile(
    r"[\\|`*<>\[\]&~]"
    r"|^[#+=-]"  # headings and lists
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word means nothing, and most are
)
_ABBREVIATIONS = {"auc", "vus", "pr", "roc", "f1", "pa"}
_TITLES = {
    "fit_s": "fit s",
    "score_s": "score s",
    "points_per_s": "points/s",
    "memory_mib": "peak MiB",
    "device_mib": "device MiB",
}


def make_table(rows: Sequence[Row], metrics: Sequence[str]) -> str:
    """Return rows as a markdown table with all costs.

    A value that is not above the best sanity row carries a `NOT_BEATEN` mark; one that does not
    exist for all trials that went well says for how many it does.
    """
    costs = [c for c in _TITLES if c != "device_mib" or any(c in row.means for row in rows)]
    titles = [escape(title(m)) for m in metrics]
    headers = ["detector", "status", *titles, *(_TITLES[c] for c in costs), "seeds"]
    body = [[escape(row.label), *_cells(row, metrics, costs), len(row.seeds)] for row in rows]
    return _tabulate(body, headers, "github")


def make_further_table(rows: Sequence[Row], metrics: Sequence[str]) -> str:
    """Return the metrics of a policy as a markdown table, a line a metric, a column a detector."""
    headers = ["metric", *(escape(row.label) for row in rows)]
    body = [[escape(title(m).partition("@")[0]), *(_quality(r, m) for r in rows)] for m in metrics]
    align = ["left", *["right"] * len(rows)]
    return tabulate(body, headers, tablefmt="github", colalign=align, disable_numparse=True)


def make_short_table(rows: Sequence[Row]) -> str:
    """Return the few columns that fit a terminal, sanity rows below a line."""
    names = metric_names(rows)
    chosen = [n for n in SHORT if n in names]
    metrics, costs = chosen or names[:4], ("fit_s", "score_s", "memory_mib")
    headers = ["detector", "status", *map(title, metrics), *(_TITLES[c] for c in costs)]
    apart: list[Any] = []
    for sanity in (False, True):
        part = [[r.label, *_cells(r, metrics, costs)] for r in rows if r.sanity is sanity]
        apart += [SEPARATING_LINE, *part] if apart and part else part
    return _tabulate(apart, headers, "simple")


def _cells(row: Row, metrics: Sequence[str], costs: Sequence[str]) -> list[str]:
    quality = [_quality(row, metric) for metric in metrics]
    return [row.status, *quality, *(_cost(row.means.get(cost)) for cost in costs)]


def _tabulate(body: Sequence[Any], headers: Sequence[str], style: str) -> str:
    align = ["left", "left", *["right"] * (len(headers) - 2)]
    return tabulate(body, headers, tablefmt=style, colalign=align, disable_numparse=True)


def title(metric: str) -> str:
    """Return a metric's name as a title: ``clear_auc_pr`` is clear AUC-PR, ``f1@own`` F1@own."""
    name, at, policy = metric.partition("@")
    if name == "pa_k_f1":
        return f"PA%K F1{at}{policy}"
    words = name.split("_")
    short = "-".join(word.upper() for word in words if word in _ABBREVIATIONS)
    long = [word for word in words if word not in _ABBREVIATIONS]
    return " ".join([*long, short]).strip() + at + policy


def _quality(row: Row, metric: str) -> str:
    mean = row.means.get(metric)
    if mean is None:
        return "undefined" if metric in row.undefined else "-"
    digits = 3 if abs(mean.value) < 100 else 0
    text = f"{mean.value:,.{digits}f}"
    if mean.deviation is not None:
        text += f" ± {mean.deviation:,.{digits}f}"
    if mean.count < row.statuses["ok"]:
        text += f" ({mean.count} of {row.statuses['ok']})"
    return text + (f" {NOT_BEATEN}" if metric in row.beaten else "")


def _cost(mean: Mean | None) -> str:
    if mean is None:
        return "-"
    if mean.value >= 100:
        return f"{mean.value:,.0f}"
    return f"{mean.value:.3g}"


def escape(text: str) -> str:
    """Return text of foreign origin on one line, with what markdown would interpret escaped."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
