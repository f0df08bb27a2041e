"""``benchkit info``: one detector, dataset or metric in full."""

from __future__ import annotations

import click

from benchkit.cli.cards import describe_card, show_lines
from benchkit.cli.verb import Verb
from benchkit.errors import BenchkitError
from benchkit.registry.catalog import Catalog, Entry
from benchkit.registry.discovery import load_catalog
from benchkit.registry.paths import refuse_dataset_path, refuse_detector_path
from benchkit.registry.selectors import parse_selector
from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec
from benchkit.registry.suggestions import suggest


@click.command("info", cls=Verb)
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
        brought = f"{entry.plugin.name} ({entry.plugin.distribution} {entry.plugin.version})"
        if isinstance(spec, DetectorSpec):
            _show_detector(name, spec, brought)
        elif isinstance(spec, DatasetSpec):
            show_lines({"plugin": brought, **describe_card(spec)})
        elif isinstance(spec, MetricSpec):
            show_lines(
                {
                    "plugin": brought,
                    "kind": f"{spec.kind}: of labels and {spec.kind}s",
                    "definition": spec.definition.replace("{window}", "the dataset's window"),
                    "reference": spec.reference,
                }
            )
    return None


def _fail(catalog: Catalog, name: str) -> None:
    for kind in ("detector", "dataset", "metric"):
        catalog.refuse_troubled(kind, name)
    refuse_detector_path(name)
    refuse_dataset_path(name, catalog.datasets)
    names = [*catalog.detectors, *catalog.datasets, *catalog.metrics]
    raise BenchkitError(f"nothing is called {name!r}: {suggest(name, names)}")


def _show_detector(name: str, spec: DetectorSpec | None = None, brought: str = "") -> None:
    # Only the class itself knows its parameters, and importing it needs a process of its own.
    from benchkit.execution.processes import CallFailed, Processes
    from benchkit.protocol.description import HARNESS_PARAMETERS, describe_detector
    from benchkit.registry.choices import choose_detectors

    choice = choose_detectors(load_catalog(), name)[0]
    about: dict[str, str] = {}
    if spec is None:
        click.echo(name)
    else:
        about = {"plugin": brought, "takes": ", ".join(spec.modalities)}
        for preset, values in spec.presets.items():
            about[f"@{preset}"] = ", ".join(f"{k}={v!r}" for k, v in values.items())
        about |= {"reference": spec.reference, "licence": spec.licence}
    with Processes() as processes:
        try:
            description = processes.call(describe_detector, choice)
        except CallFailed as failure:
            raise BenchkitError(f"detector {name!r} cannot be used: {failure}") from failure
    show_lines({**about, "code": f"{choice.spec.target} {description['code']}"})
    if description["parameters"]:
        click.echo("\nparameters")
        show_lines(
            {
                parameter: f"set by the harness, {HARNESS_PARAMETERS[parameter]}"
                if parameter in HARNESS_PARAMETERS
                else "(must be given)"
                if default is None
                else f"default {default}"
                for parameter, default in description["parameters"].items()
            }
        )
    if description["doc"]:
        click.echo(f"\n{description['doc']}")
