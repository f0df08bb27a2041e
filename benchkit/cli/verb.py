"""How every verb reads its options: lists add up, and nothing else may be given twice."""

from __future__ import annotations

import sys
from typing import Any

import click


class Verb(click.Command):
    """A command in which an option that takes one value cannot be given another one.

    click takes the last value and drops the others without a word. Options made by `list_option`
    add up, and a flag says the same however often it stands there.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, but refuse a value that would be dropped."""
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            given: set[click.Parameter] = set()
            for parameter in order:
                if parameter in given and _takes_one(parameter):
                    name = max(parameter.opts, key=len)
                    raise click.UsageError(f"{name} takes one value and was given twice", ctx)
                given.add(parameter)
        return super().parse_args(ctx, args)


class VerbGroup(click.Group):
    """A group of verbs; its help has the first sentence of each, whole."""

    command_class = Verb

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs; click would cut their sentences at the width of the terminal."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(limit=sys.maxsize))
                    for name, command in sorted(self.commands.items())
                ]
            )


def list_option(*names: str, **attributes: Any) -> Any:
    """Return an option that takes a comma-separated list and may be given several times.

    The command gets a tuple of the texts as they were given; all of them count.
    """
    attributes["help"] += " Given again, it adds."
    return click.option(*names, multiple=True, **{"metavar": "LIST", **attributes})


def _takes_one(parameter: click.Parameter) -> bool:
    if not isinstance(parameter, click.Option):
        return False
    return not (parameter.multiple or parameter.is_flag or parameter.count)
