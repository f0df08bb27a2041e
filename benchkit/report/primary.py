"""The metric that orders a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from benchkit.metrics.dense import warn_of_rare

if TYPE_CHECKING:
    from benchkit.report.rows import Row
    from benchkit.results.record import DatasetFacts

SAMPLED, DENSE = "vus_pr", "vus_pr_dense"
"""VUS-PR, and its form for tables in which anomalies are too rare for it."""

PRIMARY = (SAMPLED, "auc_pr")
"""The metric that rows are ordered by: the first of these that there is."""


def find_primary(rows: Iterable[Row]) -> str:
    """Return the metric that rows are ordered by, of one table or of several.

    The first of `PRIMARY` that somebody has a value of; for VUS-PR its dense form, where
    anomalies are too rare for it in all these tables and everybody who has the one has the other.
    """
    rows = list(rows)
    there = {name for row in rows for name in PRIMARY if name in row.means}
    primary = next((name for name in PRIMARY if name in there), PRIMARY[-1])
    measured = [row for row in rows if primary in row.means]
    dense = primary == SAMPLED and all(row.rare and DENSE in row.means for row in measured)
    return DENSE if dense else primary


def find_metric(metric: str, rows: Iterable[Row]) -> str:
    """Return what a track's metric is in one of its tables: the dense form where that orders."""
    return DENSE if metric == SAMPLED and find_primary(rows) == DENSE else metric


def explain_order(data: DatasetFacts, rows: Iterable[Row]) -> str:
    """Return why a table is not to be judged by VUS-PR, and what orders it; empty where it is."""
    rows = list(rows)
    primary, warning = find_primary(rows), warn_of_rare(data.points, data.anomalies)
    if not warning or primary not in (SAMPLED, DENSE):
        return ""
    warning = warning[0].upper() + warning[1:]
    if primary == DENSE:
        return f"{warning}. So rows are ordered by dense VUS-PR."
    return (
        f"{warning}. Rows are ordered by VUS-PR all the same, since not all of them have dense "
        "VUS-PR: benchkit score computes it from their scores."
    )
