"""``benchkit plot``: some of the plots alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from benchkit.cli.measures import RECORDS, out_option
from benchkit.cli.verb import Verb, list_option
from benchkit.data.folders import lend_matplotlib_a_folder
from benchkit.errors import BenchkitError, Faults
from benchkit.registry.selectors import parse_selectors
from benchkit.registry.suggestions import suggest
from benchkit.report.plots import KINDS, draw_plots, plan_plots
from benchkit.report.plots.album import NEEDS
from benchkit.results.store import Entry, Store


@click.command("plot", cls=Verb)
@out_option
@list_option("--kind", show_default="all", help=f"Of {', '.join(KINDS)}.")
@list_option("--detectors", "-d", show_default="all",
              help="Names as on the boards; 'pca' is also every 'pca[...]'.")  # fmt: skip
@list_option("--datasets", "-D", show_default="all",
              help="Names as on the boards; 'smd' is also every 'smd/...'.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), show_default="the lowest", help="Of one seed.")
@click.option("--all-seeds", is_flag=True, help="Of every seed.")
@click.option("--jobs", "-j", type=click.IntRange(1), default=1, show_default=True,
              help="Plots at once.")  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    out: Path,
    kind: tuple[str, ...],
    detectors: tuple[str, ...],
    datasets: tuple[str, ...],
    seed: int | None,
    all_seeds: bool,
    jobs: int,
) -> None:
    """Draw plots of stored trials, and print where they are.

    Curves and costs of a dataset are of the named detectors alone, beside the sanity rows;
    'benchkit leaderboard' removes such plots again. Exits 1 if one could not be drawn.
    """
    if seed is not None and all_seeds:
        raise BenchkitError("--seed and --all-seeds contradict each other")
    entries = Store(out / RECORDS).entries()
    if not entries:
        raise BenchkitError(f"there are no records in {out}: 'benchkit run' makes some")
    faults = Faults()
    with faults.noting():
        kinds = _choose_kinds(kind)
    with faults.noting():
        chosen = _choose_entries(entries, detectors, datasets, seed, out)
    faults.raise_all()
    album = plan_plots(chosen, all_seeds=all_seeds).keep(lambda plot: plot.kind in kinds)
    if not album.orders:
        raise BenchkitError(f"there is nothing to draw: {_explain(chosen, kinds)}")
    lend_matplotlib_a_folder()
    drawing = draw_plots(album, out, jobs, prune=False)
    for order in drawing.album.orders.values():
        for file in order.plot.files:
            click.echo(out / file)
    for warning in drawing.warnings:
        click.echo(f"benchkit: {warning}", err=True)
    if drawing.warnings:
        ctx.exit(1)


def _choose_kinds(texts: Sequence[str]) -> list[str]:
    if not texts:
        return list(KINDS)
    kinds = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    faults = Faults()
    for name in kinds or [""]:
        with faults.noting():
            if name not in KINDS:
                raise BenchkitError(f"{name!r} is no kind of plot: {suggest(name, KINDS)}")
    faults.raise_all()
    return kinds


def _choose_entries(
    entries: Sequence[Entry],
    detectors: Sequence[str],
    datasets: Sequence[str],
    seed: int | None,
    out: Path,
) -> list[Entry]:
    """Return the trials that the options name, and the sanity rows beside them."""
    by_detector = [{e.record.detector.label, e.record.detector.name} for e in entries]
    by_dataset = [{e.record.dataset.label, e.record.dataset.name} for e in entries]
    faults, none = Faults(), set[str]()
    wanted = faults.attempt(none, _choose_names, "detector", detectors, by_detector, out)
    where = faults.attempt(none, _choose_names, "dataset", datasets, by_dataset, out)
    faults.raise_all()
    chosen = [
        entry
        for entry, labels, places in zip(entries, by_detector, by_dataset, strict=True)
        if (entry.record.detector.sanity or labels & wanted)
        and places & where
        and seed in (None, entry.record.seed)
    ]
    if not any(not entry.record.detector.sanity for entry in chosen):
        raise BenchkitError(f"there is nothing to draw: no trial in {out} is all of this")
    return chosen


def _choose_names(
    what: str, texts: Sequence[str], names: Iterable[set[str]], out: Path
) -> set[str]:
    known = {name for some in names for name in some}
    if not texts:
        return known
    selectors = itertools.chain(*map(parse_selectors, texts))
    wanted = [selector.text.strip() for selector in selectors]
    faults = Faults()
    for name in wanted:
        with faults.noting():
            if name not in known:
                raise BenchkitError(
                    f"no {what} in {out} is called {name!r}: {suggest(name, known)}"
                )
    faults.raise_all()
    return set(wanted)


def _explain(entries: Sequence[Entry], kinds: Sequence[str]) -> str:
    """Return why there is no plot of these kinds."""
    if not any(e.record.status == "ok" and not e.record.detector.sanity for e in entries):
        return "none of these trials went well"
    return "; ".join(f"{kind} needs {NEEDS[kind]}" for kind in kinds)
