"""Options of the verbs that measure scores, and the metrics that they mean."""

from __future__ import annotations

import click

from benchkit.cli.paths import OutPath
from benchkit.cli.verb import list_option
from benchkit.errors import BenchkitError
from benchkit.protocol.thresholds import DEFAULT_POLICIES
from benchkit.registry.catalog import Catalog
from benchkit.registry.discovery import DISABLE
from benchkit.registry.specs import MetricSpec
from benchkit.report.commands import FOLDER

RECORDS = "records"
"""Folder of the store within that of the boards."""

out_option = click.option(
    "--out",
    default=FOLDER,
    show_default=True,
    type=OutPath(folder=True),
    help="Folder for the boards and, in it, the records.",
)
thresholds_option = list_option(
    "--thresholds",
    default=DEFAULT_POLICIES,
    help="Threshold policies; also train_q95, train_q99.9 and so on, and contamination_5.",
)
legacy_option = click.option(
    "--legacy-metrics",
    is_flag=True,
    help="Also point-adjusted F1, in which random scores do well.",
)


def choose_metrics(catalog: Catalog, *, legacy: bool) -> list[MetricSpec]:
    """Return the metrics to compute; those that mislead only where they are asked for.

    Raises `BenchkitError` where there is none.
    """
    specs = [entry.spec for entry in catalog.metrics.values()]
    chosen = [spec for spec in specs if legacy or not spec.legacy]
    if not chosen:
        raise BenchkitError(
            f"there is no metric to measure with: {DISABLE} leaves out the plugins that bring them"
        )
    return chosen
