"""``benchkit merge``: bring in the results of other machines."""

from __future__ import annotations

import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from tabulate import tabulate

from benchkit.cli.boards import plots_option, publish_entries
from benchkit.cli.main import fail
from benchkit.cli.measures import RECORDS, out_option
from benchkit.cli.paths import find_obstacle
from benchkit.cli.verb import Verb
from benchkit.errors import BenchkitError
from benchkit.report.folder import check_folder
from benchkit.report.numbers import count
from benchkit.report.rows import describe_machine
from benchkit.results.merging import Conflict, Merged, Merger
from benchkit.results.record import Record
from benchkit.results.store import RECORD, Store, StoreError

SHOWN = 3
"""So many differing metrics of a conflict are named."""


@click.command("merge", cls=Verb, context_settings={"show_default": True})
@click.argument(
    "stores", nargs=-1, required=True, metavar="STORE...", type=click.Path(path_type=Path)
)
@out_option
@plots_option
@click.option("--dry-run", is_flag=True, help="Say what would be brought in, write nothing.")
@click.pass_context
def command(
    ctx: click.Context, stores: tuple[Path, ...], out: Path, no_plots: bool, dry_run: bool
) -> None:
    """Bring in the trials of other stores, and write the boards.

    A STORE is a folder of boards or the folder of its records, of another machine say. Nothing
    that is there is overwritten: where the same trial has results that do not agree, both stay as
    they are, and the conflict is named. Exits 1 if there was one, or a record that cannot be read.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    store = Store(out / RECORDS)
    sources = [_find_records(path, store) for path in stores]
    if not dry_run:
        check_folder(out)
        store.open_for_writing()
    merge, merged = Merger(store, dry=dry_run), []
    try:
        for path, folder in zip(stores, sources, strict=True):
            merged.append(merge(folder, str(path)))
    except StoreError as error:
        fail(f"{error}; what was brought in before is safe", 1)
    except KeyboardInterrupt:
        fail("stopped: what was brought in is whole, and the same command goes on from there", 130)
    finally:
        if not dry_run:
            store.sweep()
    _summarise(merged, merge.records, out, dry_run)
    troubled = _complain(merged, out)
    if not dry_run:
        publish_entries(out, store.entries(), plots=not no_plots)
        click.echo(f"boards in {out}")
    if troubled:
        ctx.exit(1)


def _find_records(path: Path, store: Store) -> Path:
    """Return the folder of the records of a source, or raise a `BenchkitError`."""
    if obstacle := find_obstacle(path, folder=True):
        raise BenchkitError(f"{path} cannot be used: {obstacle}")
    if not path.is_dir():
        raise BenchkitError(f"there is no folder {path}: give a folder of boards or of records")
    folder = path / RECORDS if (path / RECORDS).is_dir() else path
    if store.folder.is_dir() and folder.samefile(store.folder):
        raise BenchkitError(f"{path} is the store itself that was to be merged into")
    if folder is path and not any(path.glob(f"*/{RECORD}")):
        raise BenchkitError(
            f"there are no records in {path}: give a folder of boards or of records"
        )
    return folder


def _summarise(merged: Sequence[Merged], records: list[Record], out: Path, dry: bool) -> None:
    """Print what came from where, and whose timings are in the store now."""
    headers = ["store", "new", "there", "there, and agrees", "conflicts", "not readable"]
    rows = [
        [
            *(_plain(m.source), len(m.new), len(m.present), len(m.repeated)),
            *(len(m.conflicts), len(m.skipped)),
        ]
        for m in merged
    ]
    click.echo(tabulate(rows, headers, tablefmt="simple"))
    machines = Counter(describe_machine(record) for record in records)
    click.echo()
    for machine, timed in sorted(machines.items()):
        click.echo(f"{count(timed, 'trial')} timed on {_plain(machine)}")
    if len(machines) > 1:
        click.echo("Timings of different machines are never ranked together.")
    total = count(len(records), "trial")
    click.echo(f"nothing written; {out} would have {total}" if dry else f"{out} has {total}")


def _complain(merged: Sequence[Merged], out: Path) -> bool:
    """Name what was not brought in; return whether there is anything that exits 1."""
    for one in merged:
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for conflict in one.conflicts:
            differences = "; ".join(_differences(conflict))
            named = f"{conflict.kept.label} ({conflict.kept.identity})"
            groups[conflict.holder or str(out), differences].append(named)
        for (holder, differences), names in groups.items():
            _warn(
                f"conflict: {', '.join(names)}: what {holder} has stays, {one.source} has another "
                f"record: {differences}"
            )
        for path, reason in one.skipped.items():
            _warn(f"not readable: {path}: {reason}")
        for path, reason in one.left_out.items():
            _warn(f"left out: {path} is {reason}")
    return any(one.conflicts or one.skipped for one in merged)


def _differences(conflict: Conflict) -> Iterator[str]:
    """Yield what is not the same in the two records; values of both where the results differ."""
    kept, other = conflict.kept, conflict.other
    names = sorted({*kept.metrics, *other.metrics}, key=lambda name: ("@" in name, name))
    moved = [name for name in names if kept.metrics.get(name) != other.metrics.get(name)]
    if kept.status != other.status:
        yield f"status {kept.status}, there {other.status}"
    for name in moved[:SHOWN]:
        yield f"{name} {_show(kept.metrics.get(name))}, there {_show(other.metrics.get(name))}"
    if len(moved) > SHOWN:
        yield f"{len(moved) - SHOWN} metrics more"
    if kept.status == other.status and not moved:
        yield "other thresholds"
    if describe_machine(kept) != describe_machine(other):
        yield f"run on {describe_machine(kept)}, there on {describe_machine(other)}"
    yield f"finished {kept.finished[:19]}, there {other.finished[:19]}"


def _show(value: float | None) -> str:
    return "none" if value is None else repr(value)


def _warn(text: str) -> None:
    click.echo(f"benchkit: {_plain(text)}", err=True)


def _plain(text: str) -> str:
    """Return foreign text on one line, without what a terminal would take for a command."""
    return "".join(c if c.isprintable() else "?" for c in text)
