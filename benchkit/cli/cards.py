"""Facts about a plugin's things as lines of a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

import click

from benchkit.registry.specs import DatasetSpec

WIDEST = 24
"""The first column of lines is no wider than this; what is longer has a line to itself."""

Lines = Mapping[str, str | Sequence[str]]
"""Values by their names; several of one name follow each other."""


def describe_card(spec: DatasetSpec) -> Lines:
    """Return a dataset's card: what it gives, where it is from, what to beware of."""
    members = spec.default_members or spec.members
    return {
        "gives": f"{spec.modality}, {' or '.join(spec.variants)}",
        "members": f"{len(spec.members)}: {', '.join(spec.members)}" if spec.members else "",
        "default": ", ".join(members) if spec.members else "",
        "origin": spec.card.origin,
        "licence": spec.card.licence,
        "obtain": spec.card.obtain,
        "reference": spec.reference,
        "VUS window": f"{spec.window} rows" if spec.modality == "series" else "",
        "beware": spec.card.flaws,
    }


def show_lines(lines: Lines, mark: str = ":") -> None:
    """Print names and values in two columns, wrapped; nothing where there is no value.

    ``mark`` stands behind each name.
    """
    told = [
        (name, value)
        for name, values in lines.items()
        for value in ([values] if isinstance(values, str) else values)
        if value
    ]
    told = [(name + mark, value) for name, value in told]
    width = max((len(name) for name, _ in told if len(name) <= WIDEST), default=0)
    screen = min(shutil.get_terminal_size().columns, 98)
    for name, value in told:
        head = f"  {name:<{width}}  "
        if len(name) > width:
            click.echo(head.rstrip())
            head = " " * (width + 4)
        click.echo(click.wrap_text(value, screen, head, " " * (width + 4)))
