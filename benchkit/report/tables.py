"""Rows as tables of text: for markdown boards and for the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tabulate import tabulate

from benchkit.report.rows import Mean, Row, metric_names

NOT_BEATEN = "†"

_SPECIAL = re.compile(
    r"[\\|`*<>\[\]&~]"
    r"|^[#+=-]"  # headings and lists
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word means nothing, and most are
)
_TITLES = {
    "fit_s": "fit s",
    "score_s": "score s",
    "points_per_s": "points/s",
    "memory_mib": "memory MiB",
    "device_mib": "device MiB",
}


def make_table(rows: Sequence[Row], metrics: Sequence[str], style: str) -> str:
    """Return rows as a table in one of tabulate's styles, ``"github"`` or ``"simple"`` say.

    A value that is not above the best sanity row carries a `NOT_BEATEN` mark.
    """
    costs = [c for c in _TITLES if c != "device_mib" or any(c in row.means for row in rows)]
    shown: Callable[[str], str] = escape if style == "github" else str
    titles = [shown(title(m)) for m in metrics]
    headers = ["detector", "status", *titles, *(_TITLES[c] for c in costs), "seeds"]
    body = [
        [
            shown(row.label),
            row.status,
            *(_quality(row, m) for m in metrics),
            *(_cost(row.means.get(c)) for c in costs),
            len(row.seeds),
        ]
        for row in rows
    ]
    align = ["left", "left", *["right"] * (len(headers) - 2)]
    return tabulate(body, headers, tablefmt=style, colalign=align, disable_numparse=True)


def make_short_table(rows: Sequence[Row]) -> str:
    """Return the few columns that fit a terminal."""
    names = metric_names(rows)
    chosen = [n for n in ("auc_pr", "auc_roc", "f1@train_q99", "f1@oracle") if n in names]
    return make_table(rows, chosen or names[:4], "simple")


def title(metric: str) -> str:
    """Return a metric's name as a column title: ``auc_pr`` is AUC-PR, ``f1@own`` is F1@own."""
    name, at, policy = metric.partition("@")
    shown = name.upper() if name == "f1" else name
    if name.startswith(("auc_", "vus_")):
        shown = name.upper().replace("_", "-")
    return shown + at + policy


def _quality(row: Row, metric: str) -> str:
    mean = row.means.get(metric)
    if mean is None:
        return "undefined" if metric in row.undefined else "-"
    text = f"{mean.value:.3f}"
    if mean.deviation is not None:
        text += f" ± {mean.deviation:.3f}"
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
