"""``benchkit data``: which data is here, and how it gets here and away again."""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import psutil
from tabulate import tabulate

from benchkit.cli.cards import describe_card, show_lines
from benchkit.cli.display import make_display
from benchkit.cli.paths import GivenPath
from benchkit.cli.verb import VerbGroup
from benchkit.data.dataset import Addition, InvalidDataset
from benchkit.data.folders import cache_folder, data_folders, download_folder
from benchkit.data.manifest import find_added, find_damage, keep
from benchkit.errors import BenchkitError
from benchkit.execution.processes import CallFailed, Processes
from benchkit.protocol.addition import add_files, find_sources
from benchkit.registry.discovery import load_catalog
from benchkit.registry.specs import DatasetSpec

ADVICE = 44
"""Width of the column that says how data get here."""

NAME = click.argument("name")
YES = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


@click.group("data", cls=VerbGroup)
def command() -> None:
    """Show, add, fetch, verify and remove the real data of datasets."""


@command.command("status")
def status() -> None:
    """Show for every dataset whether its real data is here, and what to do where it is not."""
    rows = []
    data_folders()  # raises where their variable is wrong
    with Processes() as processes:
        for name, entry in sorted(load_catalog().datasets.items()):
            try:
                files = _sources(processes, entry.spec, offline=True)
                size = sum(p.stat().st_size for p in files) / 2**20
                where, todo = f"{_parent(files)} ({size:.0f} MiB)", ""
                if not files:
                    where = "needs no files" if "real" in entry.spec.variants else "there is none"
            except BenchkitError as error:
                where = "not here" if "real" in entry.spec.variants else "there is none"
                todo = _advise(entry.spec)
                if not isinstance(cause := error.__cause__, CallFailed) or not cause.foreseen:
                    where = f"trouble: {error}"
            rows.append(
                {
                    "dataset": name,
                    "real data": where,
                    "stand-in": "sim" if "sim" in entry.spec.variants else "",
                    "to get it": todo if where == "not here" else "",
                }
            )
    widths = [None, None, None, ADVICE]
    click.echo(tabulate(rows, headers="keys", tablefmt="simple", maxcolwidths=widths))


def _advise(spec: DatasetSpec) -> str:
    """Return how the real data of a dataset get here, a command where there is one."""
    if spec.added:
        return f"benchkit data add {spec.name} PATH..."
    return f"benchkit data fetch {spec.name}" if spec.fetched else spec.card.obtain


@command.command("card")
@NAME
def card(name: str) -> None:
    """Print a dataset's card: origin, licence, how to get it, what it is known for."""
    show_lines(describe_card(_find(name)))


@command.command("add")
@NAME
@click.argument("paths", nargs=-1, required=True, type=GivenPath())
@click.option("--accept-licence", is_flag=True, help="Say that the owner's licence is kept.")
def add(name: str, paths: tuple[Path, ...], accept_licence: bool) -> None:
    """Add data that only its owners have: files, folders or zip archives.

    They are recognised by their content and converted once; the originals stay where they are.
    """
    spec = _find(name)
    if not spec.added:
        raise BenchkitError(
            f"{name} is not added by hand: "
            + (f"benchkit data fetch {name}, or " if spec.fetched else "to get it, ")
            + spec.card.obtain
        )
    with _staging(name) as staged:
        addition = _recognise(spec, paths, staged)
        click.echo(f"{name} {addition.version}")
        for key, value in addition.facts.items():
            click.echo(click.wrap_text(value, 98, f"  {key + ':':<18}", " " * 20))
        for note in addition.notes:
            click.echo(click.wrap_text(note, 98, "  noted:            ", " " * 20))
        _confirm_licence(spec, accept_licence)
        place = keep(name, addition, staged, tuple(sorted({p.name for p in paths})))
    click.echo(f"added: {place}")


@command.command("fetch")
@NAME
def fetch(name: str) -> None:
    """Download a dataset's public files, checked by sha256; what is here is kept."""
    spec = _find(name)
    if spec.added and not find_added(name):
        raise BenchkitError(f"{name} cannot be fetched: {spec.card.obtain}")
    display = make_display(quiet=False)
    with Processes() as processes, display, display.waiting(f"fetching {name}"):
        files = _sources(processes, spec, offline=False, listen=display.loading)
    for path in files:
        click.echo(path)
    if not files:
        click.echo(f"{name} needs no files")


@command.command("verify")
@NAME
@click.pass_context
def verify(ctx: click.Context, name: str) -> None:
    """Check the files of a dataset against their checksums; exit 1 where one is wrong."""
    spec = _find(name)
    if not spec.added:
        with Processes() as processes:
            try:
                files = _sources(processes, spec, offline=True)
            except BenchkitError as error:
                click.echo(f"wrong: {error}. To get it: {_advise(spec)}")
                ctx.exit(1)
        for path in files:
            click.echo(f"ok: {path}")
        if not files:
            click.echo(f"{name} needs no files")
        return
    added = find_added(name)
    if not added:
        raise BenchkitError(f"nothing of {name} is here. To get it, {spec.card.obtain}")
    wrong = 0
    for folder in added.values():
        try:
            damage = find_damage(folder)
        except InvalidDataset as error:
            damage = [str(error)]
        click.echo(f"{'wrong' if damage else 'ok'}: {folder}")
        for sentence in damage:
            click.echo(f"  {sentence}")
        wrong += bool(damage)
    if wrong:
        ctx.exit(1)


@command.command("remove")
@NAME
@YES
def remove(name: str, yes: bool) -> None:
    """Remove what benchkit keeps of a dataset: added versions, downloads, imported arrays.

    Files in other folders that BENCHKIT_DATA names are not touched, unless they were added.
    """
    spec = _find(name)
    doomed = [*find_added(name).values(), *_imports(name)]
    if not spec.added:
        with Processes() as processes:
            try:
                files = _sources(processes, spec, offline=True)
                if files:
                    own = download_folder()
                    doomed += [path for path in files if path.is_relative_to(own)]
            except BenchkitError:
                click.echo(f"no download of {name} is here")
    if not doomed:
        click.echo(f"nothing of {name} is kept")
        return
    for path in doomed:
        click.echo(path)
    if not yes:
        try:
            click.confirm("Remove all of this?", abort=True)
        except click.Abort:
            raise BenchkitError(
                f"nothing was removed: {name} needs a yes, or --yes in a script"
            ) from None
    for path in doomed:
        try:
            if path.is_dir():
                # Under another name first: half a folder must not look like a whole one.
                hidden = path.rename(path.with_name(f".removing-{uuid.uuid4().hex[:8]}"))
                shutil.rmtree(hidden)
            else:
                path.unlink()
        except OSError as error:
            raise BenchkitError(f"{path} cannot be removed: {error.strerror}") from error


def _imports(name: str) -> list[Path]:
    """Return what was imported of a dataset; another's name may begin with this one's."""
    try:
        cache = cache_folder()
    except BenchkitError:  # there is none, so nothing is in it
        return []
    return sorted(cache.glob(f"datasets/{name}-{'[0-9a-f]' * 16}"))


def _find(name: str) -> DatasetSpec:
    spec: DatasetSpec = load_catalog().dataset(name).spec
    return spec


def _sources(
    processes: Processes, spec: DatasetSpec, *, offline: bool, listen: Any = None
) -> list[Path]:
    members = list(spec.default_members or spec.members or ("",))
    try:
        found = processes.call(find_sources, spec, members, offline, listen=listen)
    except CallFailed as failure:
        raise BenchkitError(f"dataset {spec.name!r}: {failure}") from failure
    return [Path(path) for path in found]


def _recognise(spec: DatasetSpec, paths: tuple[Path, ...], staged: Path) -> Addition:
    display = make_display(quiet=False)
    given = [str(path.resolve()) for path in paths]
    with Processes() as processes, display, display.waiting("reading"):
        try:
            fields = processes.call(add_files, spec, given, str(staged), listen=display.loading)
        except CallFailed as failure:
            raise BenchkitError(f"dataset {spec.name!r}: {failure}") from failure
    return Addition(fields["version"], fields["facts"], tuple(fields["notes"]))


@contextmanager
def _staging(name: str) -> Iterator[Path]:
    """Give an empty folder in the data folder, and remove what is left of it at the end."""
    mark = f".adding-{socket.gethostname()}-"
    staged = download_folder() / name / f"{mark}{os.getpid()}"
    try:
        for left in staged.parent.glob(f"{mark}*"):
            if not psutil.pid_exists(int(left.name.rpartition("-")[2])):
                shutil.rmtree(left)
        staged.mkdir(parents=True)
    except OSError as error:
        raise BenchkitError(
            f"{staged.parent} cannot be written to, {error.strerror}: "
            "let BENCHKIT_DATA begin with a folder that can"
        ) from None
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _confirm_licence(spec: DatasetSpec, accepted: bool) -> None:
    if accepted:
        return
    question = f"{spec.card.licence} Do you have the data from its owner, and keep to that?"
    try:
        click.confirm(question, abort=True)
    except click.Abort:
        raise BenchkitError(
            f"nothing was added: {spec.name} needs a yes, or --accept-licence in a script"
        ) from None


def _parent(files: list[Path]) -> str:
    return ", ".join(dict.fromkeys(str(path.parent) for path in files))
