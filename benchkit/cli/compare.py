"""``benchkit compare``: two detectors against each other, from records alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from benchkit.cli.measures import RECORDS, out_option
from benchkit.cli.verb import Verb
from benchkit.errors import BenchkitError, Faults
from benchkit.registry.suggestions import suggest
from benchkit.report.comparison import compare_detectors, describe_matches
from benchkit.report.numbers import MISSING
from benchkit.report.rows import metric_names
from benchkit.report.tracks import group_tracks
from benchkit.results.store import Store

_READING = (
    "Values and their differences, the first minus the second, are over trials with equal seeds. "
    "Hedges' g is the difference in standard deviations over seeds, corrected for few of them; "
    f"{MISSING} where neither varies with the seed, or there is one pair. Equal pairs count half. "
    "×2 is twice the cost."
)


@click.command("compare", cls=Verb)
@click.argument("a")
@click.argument("b")
@out_option
@click.option("--metric", metavar="NAME", show_default="what the boards rank by",
              help="As in the boards' CSV files: auc_pr, f1@train_q99.")  # fmt: skip
def command(a: str, b: str, out: Path, metric: str | None) -> None:
    """Compare two detectors, by their names on the boards, on every dataset that both are on.

    Quality as paired differences with an interval, an effect size and the share of pairs won;
    cost as ratios, of one machine only. Real and simulated data apart.
    """
    tracks = group_tracks(Store(out / RECORDS).records())
    if not tracks:
        raise BenchkitError(f"there are no records in {out}: 'benchkit run' makes some")
    rows = [row for parts in tracks.values() for _, some in parts for row in some]
    faults = Faults()
    for label in (a, b):
        with faults.noting():
            _check("detector", label, {row.label for row in rows}, out)
    both = (row for row in rows if faults or row.label in (a, b))
    if metric is not None:
        with faults.noting():
            _check("metric", metric, metric_names(both), out)
    faults.raise_all()
    if a == b:
        raise BenchkitError(f"{a} was given twice: name two detectors")
    pieces = []
    for track, parts in tracks.items():
        matches = compare_detectors(parts, a, b, metric)
        if matches:
            pieces.append(describe_matches(track, matches))
    if not pieces:
        raise BenchkitError(f"{a} and {b} have no dataset in common in {out}")
    click.echo("\n\n".join([*pieces, _READING]))


def _check(kind: str, name: str, known: Iterable[str], out: Path) -> None:
    if name not in (names := set(known)):
        raise BenchkitError(f"no {kind} in {out} is called {name!r}: {suggest(name, names)}")
