"""Facts about a plugin's things as lines of a terminal."""

from __future__ import annotations

import click

from benchkit.registry.specs import DatasetSpec


def show_card(spec: DatasetSpec) -> None:
    """Print a dataset's card: what it gives, where it is from, what to beware of."""
    show_line("gives", f"{spec.modality}, {' or '.join(spec.variants)}")
    if spec.members:
        show_line("members", f"{len(spec.members)}: {', '.join(spec.members)}")
        show_line("default", ", ".join(spec.default_members or spec.members))
    show_line("origin", spec.card.origin)
    show_line("licence", spec.card.licence)
    show_line("obtain", spec.card.obtain)
    show_line("reference", spec.reference)
    show_line("VUS window", f"{spec.window} rows" if spec.modality == "series" else "")
    for flaw in spec.card.flaws:
        show_line("beware", flaw)


def show_line(key: str, value: str) -> None:
    """Print a key and a value, wrapped; nothing where there is no value."""
    if value:
        click.echo(click.wrap_text(value, 98, f"  {key + ':':<14}", " " * 16))
