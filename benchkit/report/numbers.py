"""Numbers, and the names of what they measure, as text: on boards, on the page, in a terminal."""

from __future__ import annotations

from benchkit.metrics.curves import INVERTED_BELOW
from benchkit.report.rows import Row
from benchkit.report.statistics import LEVEL, Interval, settle

MISSING = "–"
"""Stands where there is no number."""
NOT_BEATEN = "†"
"""Marks what is not above the best sanity row."""
INVERTED = "§"
"""Marks a detector with an AUC-ROC below `INVERTED_BELOW`."""
INVERTED_MEANS = (
    f"{INVERTED} AUC-ROC is below {INVERTED_BELOW} in a trial, worse than chance: the scores may "
    "point the wrong way"
)
COST_TITLES = {
    "fit_s": "fit s",
    "score_s": "score s",
    "points_per_s": "points/s",
    "memory_mib": "peak MiB",
    "device_mib": "device MiB",
}
_ABBREVIATIONS = {"auc", "vus", "pr", "roc", "f1", "pa"}


def format_value(value: float) -> str:
    """Return a metric's value, to three digits where it is small enough for them to matter."""
    return f"{settle(value):,.{_digits(value)}f}"


def format_interval(number: Interval | None) -> str:
    """Return a mean, and behind ± half the width of its interval where there is one."""
    if number is None:
        return MISSING
    text = format_value(number.mean)
    return text if number.half is None else f"{text} ± {number.half:,.{_digits(number.mean)}f}"


def format_mean(row: Row, metric: str) -> str:
    """Return a row's mean of a metric, with all marks that belong to it.

    Where the metric does not exist for all trials that went well, it says for how many it does.
    """
    number = row.means.get(metric)
    if number is None:
        return "undefined" if metric in row.undefined else MISSING
    text = format_interval(number)
    if number.count < row.statuses["ok"]:
        text += f" ({number.count} of {row.statuses['ok']})"
    return f"{text} {NOT_BEATEN}" if metric in row.beaten else text


def format_label(row: Row, label: str | None = None) -> str:
    """Return a row's label, or one made of it, with an `INVERTED` mark where it is due."""
    return (row.label if label is None else label) + f" {INVERTED}" * row.inverted


def format_cost(value: float | None, mark: str = "") -> str:
    """Return a cost with the three digits that timing is worth, and a mark behind it."""
    if value is None:
        return MISSING
    if value >= 100:
        return f"{value:,.0f}{mark}"
    return (f"{value:.3g}" if value >= 0.001 or not value else "<0.001") + mark


def format_p(value: float) -> str:
    """Return a p-value as ``p = 0.012``, or ``p < 0.001`` where it is smaller.

    With more digits where three would put it on the other side of `LEVEL`.
    """
    digits = 3
    while digits < 9 and (round(value, digits) < LEVEL) != (value < LEVEL):
        digits += 1
    return "p < 0.001" if value < 0.001 else f"p = {value:.{digits}f}"


def count(number: int, noun: str) -> str:
    """Return a number of things: ``1 table``, ``2 tables``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def title(metric: str) -> str:
    """Return a metric's name as a title: ``clear_auc_pr`` is clear AUC-PR, ``f1@own`` F1@own."""
    name, at, policy = metric.partition("@")
    if name == "pa_k_f1":
        return f"PA%K F1{at}{policy}"
    words = name.split("_")
    short = "-".join(word.upper() for word in words if word in _ABBREVIATIONS)
    long = [word for word in words if word not in _ABBREVIATIONS]
    return " ".join([*long, short]).strip() + at + policy


def _digits(value: float) -> int:
    return 3 if abs(value) < 100 else 0
