"""The ``benchkit`` command: its verbs, and how it ends.

Exit code 0 is success, 1 is that some trials failed or a check found something, 2 is misuse, 130
is an interruption. Nobody sees a traceback: what was not foreseen goes to a file that the message
names.
"""

from __future__ import annotations

import errno
import importlib
import sys
import traceback
from typing import NoReturn

import click

import benchkit
from benchkit.cli.encoding import speak_utf8
from benchkit.errors import BenchkitError, describe_error
from benchkit.registry.suggestions import suggest

MOST_LINES = 30
"""So many errors that were found together are shown."""

_VERBS = {
    "run": "Run detectors on datasets and write the boards.",
    "score": "Compute metrics again over stored scores, without running anything.",
    "leaderboard": "Make boards, page and plots again from the records, or check them.",
    "compare": "Compare two detectors, dataset by dataset.",
    "time": "Time detectors against a baseline, or how their costs grow.",
    "plot": "Draw some of the plots.",
    "reproduce": "Run a stored trial again and say whether it agrees.",
    "merge": "Bring in the results of other machines.",
    "list": "List detectors, datasets, metrics and plugins.",
    "info": "Show one detector, dataset or metric in full.",
    "data": "Show, add, fetch, verify and remove the real data of datasets.",
    "doctor": "Check versions, devices, plugins and folders.",
}


_OF_PATHS = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
        *(errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG),
    }
)
"""What the system says of a path that the user has to mend; anything else is a fault of ours."""


class LazyGroup(click.Group):
    """A group whose verbs are imported when they are called, so that ``--help`` is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of a first visit."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return a verb; None where there is none of this name."""
        if name not in _VERBS:
            return None
        command: click.Command = importlib.import_module(f"benchkit.cli.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a verb, or fail with the nearest right one."""
        if args and not args[0].startswith("-") and args[0] not in _VERBS:
            raise click.UsageError(f"unknown command {args[0]!r}: {suggest(args[0], _VERBS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(benchkit.__version__, prog_name="benchkit")
def cli() -> None:
    """Benchmark anomaly detectors under one honest protocol.

    A first run, with no data and no network needed:

        benchkit run --detectors pca,iforest --datasets kdd99,mnist-seq
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; see the module for the exit codes.

    Where the reader of the output, ``head`` say, has seen enough, click ends it quietly with 1.
    """
    if args is None:
        speak_utf8()
    try:
        code = cli.main(args=args, prog_name="benchkit", standalone_mode=False)
    except click.exceptions.Abort:
        fail("interrupted", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        more = f" (see {context.command_path} --help)" if context else ""
        fail(error.format_message() + more, error.exit_code)
    except KeyboardInterrupt:
        fail("interrupted", 130)
    except BenchkitError as error:
        *others, last = _describe_parts(error)
        for sentence in others:
            click.echo(_one_line(sentence), err=True)
        fail(last, 2)
    except Exception as error:  # noqa: BLE001  the last line of defence against a traceback
        if isinstance(error, OSError) and error.errno in _OF_PATHS and error.filename:
            fail(f"{error.filename} cannot be used: {error.strerror}", 2)
        path = keep_traceback(traceback.format_exc())
        fail(f"internal error, {describe_error(error)} (please report it with {path})", 1)
    sys.exit(code if isinstance(code, int) else 0)


def fail(message: str, code: int) -> NoReturn:
    """Print one line to standard error and exit with ``code``."""
    click.echo(_one_line(message), err=True)
    sys.exit(code)


def _one_line(message: str) -> str:
    return f"benchkit: {' '.join(message.splitlines())}"


def _describe_parts(error: BenchkitError) -> list[str]:
    """Return a sentence for each part of an error, the first `MOST_LINES` where they are many.

    Tracebacks of plugins that are behind them are kept in one file, which is named.
    """
    logs = [_find_traceback(part) for part in error.parts]
    behind = "\n".join(filter(None, logs))
    kept = f" (traceback: {keep_traceback(behind)})" if behind else ""
    sentences = [
        f"{part}{kept if log else ''}" for part, log in zip(error.parts, logs, strict=True)
    ]
    left = len(sentences) - MOST_LINES
    return [*sentences[:MOST_LINES], *[f"and {left} more of this kind"] * (left > 0)]


def _find_traceback(error: BenchkitError) -> str:
    """Return the traceback of a plugin that is behind an error.

    Empty where the plugin foresaw the trouble, or where none was behind it.
    """
    from benchkit.execution.processes import CallFailed

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, CallFailed):
        cause = cause.__cause__
    if cause is None or cause.foreseen or "Traceback" not in cause.log:
        return ""
    return cause.log


def keep_traceback(text: str) -> str:
    """Keep a traceback where the user can find it, and return where."""
    from benchkit.data.folders import cache_folder

    try:
        path = cache_folder() / "last-error.txt"
    except BenchkitError as error:
        return f"no file: {error}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return f"no file: {path} cannot be written, {error.strerror}"
    return str(path)
