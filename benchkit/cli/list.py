"""``benchkit list``: what there is to run, from specs alone."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import click
from tabulate import tabulate

from benchkit.cli.verb import Verb
from benchkit.registry.catalog import Catalog, Plugin
from benchkit.registry.discovery import load_catalog
from benchkit.registry.importable import find_fault

KINDS = ("detectors", "datasets", "metrics", "plugins")


@click.command("list", cls=Verb)
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with all fields.")
def command(kind: str | None, as_json: bool) -> None:
    """List detectors, datasets, metrics and plugins, broken ones included.

    Nothing is imported but the plugins' lists: 'benchkit doctor' imports all that they name.
    """
    catalog = load_catalog()
    kinds = [kind] if kind else list(KINDS)
    if as_json:
        document = {k: _documents(catalog, k) for k in kinds}
        # Presets may be any mapping, which only dict makes JSON of.
        click.echo(json.dumps(document[kind] if kind else document, indent=1, default=dict))
        return
    for i, name in enumerate(kinds):
        if i:
            click.echo()
        rows = _rows(catalog, name)
        click.echo(tabulate(rows, headers="keys", tablefmt="simple") if rows else f"no {name}")
    broken = [p for p in catalog.plugins if p.error]
    if broken and kind and kind != "plugins":
        click.echo(
            f"\n{len(broken)} plugin(s) could not be loaded: benchkit list plugins", err=True
        )


def _rows(catalog: Catalog, kind: str) -> list[dict[str, str]]:
    if kind == "plugins":
        return [
            {
                "plugin": p.name,
                "from": f"{p.distribution} {p.version}",
                "status": f"broken: {p.error}" if p.error else _describe(catalog, p),
            }
            for p in catalog.plugins
        ]
    rows = []
    for name, entry in sorted(getattr(catalog, kind).items()):
        spec = entry.spec
        row = {kind[:-1]: name}
        if kind == "detectors":
            row["presets"] = ", ".join(f"@{p}" for p in spec.presets)
            row["takes"] = ", ".join(spec.modalities)
        elif kind == "datasets":
            row["variants"] = ", ".join(spec.variants)
            row["gives"] = spec.modality
            row["members"] = str(len(spec.members) or "")
        fault = find_fault(spec.target)
        summary = f"broken: {fault}" if fault else spec.summary
        rows.append({**row, "summary": summary, "plugin": entry.plugin.name})
    return rows


def _describe(catalog: Catalog, plugin: Plugin) -> str:
    """Return what is wrong with a plugin that was loaded, its conflicts and its targets."""
    faults = [
        f"{kind[:-1]} {name!r} is broken: {fault}"
        for kind in KINDS[:-1]
        for name, entry in sorted(getattr(catalog, kind).items())
        if entry.plugin is plugin and (fault := find_fault(entry.spec.target))
    ]
    return "; ".join([*plugin.conflicts, *faults]) or "ok"


def _documents(catalog: Catalog, kind: str) -> list[dict[str, Any]]:
    if kind == "plugins":
        return [dataclasses.asdict(p) for p in catalog.plugins]
    return [
        {
            **_fields(entry.spec),
            "plugin": entry.plugin.name,
            "fault": find_fault(entry.spec.target),
        }
        for _, entry in sorted(getattr(catalog, kind).items())
    ]


def _fields(spec: Any) -> dict[str, Any]:
    fields = {f.name: getattr(spec, f.name) for f in dataclasses.fields(spec)}
    return {k: _fields(v) if dataclasses.is_dataclass(v) else v for k, v in fields.items()}
