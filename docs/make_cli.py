"""Write docs/cli.md from the commands themselves: `tox -e docs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchkit.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")


def make_page() -> str:
    """Return the page: the help text of ``benchkit`` and of every verb."""
    width: dict[str, Any] = {"terminal_width": 98, "max_content_width": 98}
    context = cli.make_context("benchkit", [], resilient_parsing=True, **width)
    parts = ["# Command line", "", "<!-- Made by docs/make_cli.py. Do not edit. -->", ""]
    parts += ["```", cli.get_help(context), "```", ""]
    for verb in cli.list_commands(context):
        command = cli.get_command(context, verb)
        if command is None:
            raise LookupError(verb)
        inner = command.make_context(verb, [], parent=context, resilient_parsing=True, **width)
        parts += [f"## benchkit {verb}", "", "```", command.get_help(inner), "```", ""]
        for name, below in sorted(getattr(command, "commands", {}).items()):
            own = below.make_context(name, [], parent=inner, resilient_parsing=True, **width)
            parts += ["```", below.get_help(own), "```", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(make_page())
