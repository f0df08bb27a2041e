"""``benchkit info``: one detector, dataset or metric in full."""

from __future__ import annotations

import click

from benchkit.errors import BenchkitError
from benchkit.registry.catalog import Catalog, Entry
from benchkit.registry.discovery import load_catalog
from benchkit.registry.selectors import parse_selector
from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec
from benchkit.registry.suggestions import suggest


@click.command("info")
@click.argument("name")
def command(name: str) -> None:
    """Show what NAME is, its parameters, where it comes from and what it is known for."""
    catalog = load_catalog()
    tables = (catalog.detectors, catalog.datasets, catalog.metrics)
    found: list[Entry] = [table[name] for table in tables if name in table]
    if not found:
        if parse_selector(name).is_target:
            return _show_detector(name)
        return _fail(catalog, name)
    for entry in found:
        spec = entry.spec
        click.echo(f"{spec.name}: {spec.summary}")
        _line(
            "plugin", f"{entry.plugin.name} ({entry.plugin.distribution} {entry.plugin.version})"
        )
        if isinstance(spec, DetectorSpec):
            _show_detector(name, spec)
        elif isinstance(spec, DatasetSpec):
            _show_dataset(spec)
        elif isinstance(spec, MetricSpec):
            _line("kind", f"{spec.kind}: of labels and {spec.kind}s")
            _line("reference", spec.reference)
    return None


def _fail(catalog: Catalog, name: str) -> None:
    for kind in ("detector", "dataset", "metric"):
        catalog.refuse_troubled(kind, name)
    names = [*catalog.detectors, *catalog.datasets, *catalog.metrics]
    raise BenchkitError(f"nothing is called {name!r}: {suggest(name, names)}")


def _show_detector(name: str, spec: DetectorSpec | None = None) -> None:
    # Only the class itself knows its parameters, and importing it needs a process of its own.
    from benchkit.execution.processes import CallFailed, Processes
    from benchkit.protocol.description import describe_detector
    from benchkit.registry.choices import choose_detectors

    choice = choose_detectors(load_catalog(), name)[0]
    if spec is None:
        click.echo(name)
    else:
        _line("takes", ", ".join(spec.modalities))
        for preset, values in spec.presets.items():
            _line(f"@{preset}", ", ".join(f"{k}={v!r}" for k, v in values.items()))
        _line("reference", spec.reference)
        _line("licence", spec.licence)
    with Processes() as processes:
        try:
            description = processes.call(describe_detector, choice)
        except CallFailed as failure:
            raise BenchkitError(f"detector {name!r} cannot be used: {failure}") from failure
    _line("code", f"{choice.spec.target} {description['code']}")
    for parameter, default in description["parameters"].items():
        _line(parameter, "(must be given)" if default is None else f"default {default}")
    if description["doc"]:
        click.echo(f"\n{description['doc']}")


def _show_dataset(spec: DatasetSpec) -> None:
    _line("gives", f"{spec.modality}, {' or '.join(spec.variants)}")
    if spec.members:
        _line("members", f"{len(spec.members)}: {', '.join(spec.members)}")
        _line("default", ", ".join(spec.default_members or spec.members))
    _line("origin", spec.card.origin)
    _line("licence", spec.card.licence)
    _line("obtain", spec.card.obtain)
    _line("reference", spec.reference)
    for flaw in spec.card.flaws:
        _line("beware", flaw)


def _line(key: str, value: str) -> None:
    if value:
        click.echo(click.wrap_text(value, 98, f"  {key + ':':<14}", " " * 16))
