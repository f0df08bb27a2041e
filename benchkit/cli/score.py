"""``benchkit score``: metrics over stored scores, without running any detector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from benchkit.cli.boards import plots_option, publish_entries
from benchkit.cli.display import make_display
from benchkit.cli.measures import RECORDS, choose_metrics, legacy_option, out_option
from benchkit.cli.verb import Verb, list_option
from benchkit.errors import BenchkitError
from benchkit.execution.measured import name_policies, split_name
from benchkit.execution.processes import Processes
from benchkit.execution.rescoring import Rescorer
from benchkit.protocol.thresholds import parse_policies
from benchkit.registry.discovery import load_catalog
from benchkit.registry.suggestions import suggest
from benchkit.results.store import Store


@click.command("score", cls=Verb, context_settings={"show_default": True})
@out_option
@list_option(
    "--thresholds",
    show_default="those that a record has",
    help="Threshold policies to add, as for 'benchkit run'.",
)
@legacy_option
@list_option(
    "--remove",
    help="Metrics and threshold policies that no record shall keep: pa_f1, train_q95, f1@pot.",
)
@plots_option
@click.pass_context
def command(
    ctx: click.Context,
    out: Path,
    thresholds: tuple[str, ...],
    legacy_metrics: bool,
    remove: tuple[str, ...],
    no_plots: bool,
) -> None:
    """Compute all metrics again over the stored scores, and write the boards.

    For a metric or a threshold policy that was not there when the detectors ran. What a record
    has stays: it is computed again where something installed computes it, and goes only by
    --remove. Exits 1 if the scores or the labels of a record could not be had; it keeps the
    metrics it has.
    """
    store = Store(out / RECORDS)
    if not store.folder.is_dir():
        raise BenchkitError(f"there are no records in {out}: no 'benchkit run' has written there")
    catalog = load_catalog()
    metrics = choose_metrics(catalog, legacy=legacy_metrics)
    policies = parse_policies(*thresholds) if thresholds else ()
    removed = _choose_removed(store, remove, policies)
    display, left, kept, done = make_display(quiet=False), Counter[str](), Counter[str](), 0
    store.open_for_writing()
    with Processes() as processes, display, display.waiting("measuring"):
        rescore = Rescorer(catalog, processes, metrics, policies, removed, display.loading)
        for rescored in rescore(store):
            kept.update(rescored.kept)
            if rescored.reason:
                left[rescored.reason] += 1
            else:
                done += 1
    publish_entries(out, store.entries(), plots=not no_plots)
    records = "1 record" if done == 1 else f"{done} records"
    failed = "" if done or left else ", since no trial ended well"
    click.echo(f"{records} measured again{failed}; boards in {out}")
    for name, count in sorted(kept.items()):
        keep = "1 keeps" if count == 1 else f"{count} keep"
        click.echo(
            f"benchkit: {keep} {name} as it was: nothing installed here computes it", err=True
        )
    for reason, count in sorted(left.items()):
        were = "1 left as it was" if count == 1 else f"{count} left as they were"
        click.echo(f"benchkit: {were}: {reason}", err=True)
    if left:
        ctx.exit(1)


def _choose_removed(store: Store, texts: Sequence[str], added: Sequence[str]) -> set[str]:
    """Return the names to remove; raise `BenchkitError` for one that no record has."""
    wanted = {name.strip() for text in texts for name in text.split(",") if name.strip()}
    if both := sorted(wanted.intersection(added)):
        raise BenchkitError(f"--thresholds and --remove contradict each other: {', '.join(both)}")
    if texts:
        records = store.records()
        known = {part for r in records for name in r.metrics for part in split_name(name)}
        known |= {policy for record in records for policy in name_policies(record)}
        for name in sorted(wanted - known) or ([""] if not wanted else []):
            raise BenchkitError(f"no record has {name!r}: {suggest(name, known)}")
    return wanted
