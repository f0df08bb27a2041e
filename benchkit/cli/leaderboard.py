"""``benchkit leaderboard``: the boards again, from records alone."""

from __future__ import annotations

from pathlib import Path

import click

from benchkit.errors import BenchkitError
from benchkit.report.boards import make_boards
from benchkit.report.folder import compare_boards, write_boards
from benchkit.results.store import Store

RECORDS = "records"


@click.command("leaderboard")
@click.option("--out", default="leaderboards", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the boards; the records are in its 'records'.")  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a diff if they are stale.")
@click.pass_context
def command(ctx: click.Context, out: Path, check: bool) -> None:
    """Make the boards again from the records, byte for byte the same whatever their order."""
    if not out.is_dir():
        raise BenchkitError(f"there is no folder {out}: 'benchkit run' makes it, or give --out")
    if not (out / RECORDS).is_dir():
        raise BenchkitError(f"there are no records in {out}: no 'benchkit run' has written there")
    files = make_boards(Store(out / RECORDS).records())
    if check:
        diff = compare_boards(out, files)
        if diff:
            click.echo(diff, nl=False)
            click.echo(
                f"benchkit: the boards in {out} are stale: run 'benchkit leaderboard'", err=True
            )
            ctx.exit(1)
        click.echo(f"the {len(files)} boards in {out} are up to date")
        return
    changed = write_boards(out, files)
    click.echo(f"{len(files)} boards in {out}, {len(changed)} changed")
