"""``benchkit doctor``: what is here, and what is wrong with it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from pathlib import Path

import click

from benchkit.cli.cards import show_lines
from benchkit.cli.main import keep_traceback
from benchkit.cli.verb import Verb
from benchkit.data.folders import CACHE, DATA, cache_folder, data_folders
from benchkit.errors import BenchkitError
from benchkit.execution.devices import probe_devices
from benchkit.execution.environment import describe_environment
from benchkit.execution.processes import CallFailed, Processes
from benchkit.files import is_file, is_folder
from benchkit.protocol.inspection import find_broken
from benchkit.registry.catalog import Catalog, Spec
from benchkit.registry.discovery import load_catalog

SLOW_IMPORT = 0.5


@click.command("doctor", cls=Verb)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check versions, devices, plugins and folders; exit 1 where something is wrong."""
    catalog = load_catalog()
    tables = (catalog.detectors, catalog.datasets, catalog.metrics)
    specs: list[Spec] = [entry.spec for table in tables for entry in table.values()]
    lacking = _find_missing(catalog)
    requires = [r for e in catalog.detectors.values() for r in e.spec.requires]
    with Processes(preload=requires) as processes:
        problems = _show_environment(processes)
        problems += _show_plugins(catalog)
        problems += lacking.values()
        problems += _import_targets(
            processes, [spec for spec in specs if spec.name not in lacking]
        )
    problems += _show_folders()
    click.echo()
    for problem in problems:
        click.echo(f"wrong: {problem}")
    if problems:
        ctx.exit(1)
    click.echo("nothing is wrong")


def _show_environment(processes: Processes) -> list[str]:
    click.echo("environment")
    facts = describe_environment()
    if kind := facts.get("processor kind"):
        parts = zip(("family", "model", "stepping"), kind.split(" "), strict=False)
        facts = {**facts, "processor kind": ", ".join(map(" ".join, parts))}
    try:
        found = processes.call(probe_devices)
    except CallFailed as failure:
        show_lines(facts, mark="")
        return [f"looking for devices ended the process: {failure}"]
    names = [f"cuda:{i} ({name})" for i, name in enumerate(found["cuda"])]
    devices = ", ".join([*names, *(["mps"] if found["mps"] else []), "cpu"])
    show_lines({**facts, "devices": devices}, mark="")
    return [f"torch cannot be imported, {found['error']}"] if found["error"] else []


def _show_plugins(catalog: Catalog) -> list[str]:
    click.echo("\nplugins")
    problems = []
    tracebacks = "\n".join(f"{p.name}:\n{p.traceback}" for p in catalog.plugins if p.traceback)
    kept = f" (traceback: {keep_traceback(tracebacks)})" if tracebacks else ""
    show_lines(
        {
            plugin.name: f"{plugin.distribution} {plugin.version}, {plugin.module}, loaded in "
            f"{plugin.seconds * 1000:.0f} ms"
            for plugin in catalog.plugins
        },
        mark="",
    )
    for plugin in catalog.plugins:
        if plugin.error:
            problems.append(f"plugin {plugin.name!r} cannot be loaded, {plugin.error}{kept}")
        problems += [f"plugin {plugin.name!r}: {conflict}" for conflict in plugin.conflicts]
        if plugin.seconds > SLOW_IMPORT:
            problems.append(
                f"plugin {plugin.name!r} takes {plugin.seconds:.1f} s to load, which slows every "
                "command: register specs, and import nothing heavy in the plugin module"
            )
    return problems


def _find_missing(catalog: Catalog) -> dict[str, str]:
    """Return for every detector that needs a package which is not installed a sentence."""
    lacking = {}
    for name, entry in sorted(catalog.detectors.items()):
        missing = [
            r for r in entry.spec.requires if importlib.util.find_spec(r.partition(".")[0]) is None
        ]
        if missing:
            needs = ", ".join(missing)
            lacking[name] = f"detector {name!r} needs {needs}, which is not installed"
    return lacking


def _import_targets(processes: Processes, specs: list[Spec]) -> list[str]:
    """Import all that plugins name in processes of their own; say what cannot be used."""
    problems: list[str] = []
    try:
        faults = processes.call(find_broken, specs)
    except CallFailed:  # one ended its process, so each gets its own
        faults = [_import_target(processes, spec) for spec in specs]
    for spec, fault in zip(specs, faults, strict=True):
        if fault:
            kind = type(spec).__name__.removesuffix("Spec").lower()
            problems.append(f"{kind} {spec.name!r} cannot be used: {fault}")
    return problems


def _import_target(processes: Processes, spec: Spec) -> str:
    try:
        (fault,) = processes.call(find_broken, [spec])
    except CallFailed as failure:
        return str(failure)
    return str(fault)


def _show_folders() -> list[str]:
    click.echo("\nfolders")
    problems = []
    try:
        folders = data_folders()
        if not folders:
            problems.append(f"there is no data folder: set {DATA}, or HOME")
        for folder in folders:
            there = is_folder(folder)
            click.echo(f"  data   {folder}{'' if there else ' (not there)'}")
            if there and not os.access(folder, os.R_OK | os.X_OK):
                problems.append(f"the data folder {folder} cannot be searched")
        named = [Path(p) for p in os.environ.get(DATA, "").split(os.pathsep) if p]
        lost = [path for path in named if not is_folder(path.expanduser())]
        problems += [f"{DATA} names {folder}, which is no folder" for folder in lost]
    except BenchkitError as error:
        problems.append(str(error))
    try:
        cache = cache_folder()
    except BenchkitError as error:
        return [*problems, str(error)]
    files = [p for p in cache.rglob("*") if p.is_file()] if is_folder(cache) else []
    size = sum(p.stat().st_size for p in files) / 2**20
    click.echo(f"  cache  {cache} ({size:.0f} MiB)")
    existing = next((p for p in (cache, *cache.parents) if is_folder(p) or is_file(p)), cache)
    if not is_folder(existing) or not os.access(existing, os.W_OK | os.X_OK):
        problems.append(f"the cache folder {cache} cannot be written to: set {CACHE}")
    return problems
