"""Draw what is not there yet, several at once; no plot that fails stops another one."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchkit.errors import BenchkitError, describe_error
from benchkit.report.commands import make_command
from benchkit.report.plots import canvas, detector
from benchkit.report.plots.album import FOLDER, Album, Order, is_own
from benchkit.safe_path import safe_path

FEW = 8
"""So many plots a process are drawn sooner than another process has started."""


@dataclass(frozen=True)
class Drawing:
    """What became of an album.

    Parameters
    ----------
    album
        The plots that are there now.
    drawn, removed
        Paths of the files that are new, and of those that no plot asks for any more.
    warnings
        A sentence for each plot that could not be drawn, with its title.
    """

    album: Album
    drawn: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


def draw_plots(album: Album, folder: Path, jobs: int = 1, *, prune: bool = True) -> Drawing:
    """Draw the plots of an album that are not in the folder of boards yet.

    Every file appears whole or not at all, so whatever ends this process, the next one goes on
    from there.

    Parameters
    ----------
    album
        From `plan_plots`.
    folder
        Of the boards; the plots are in its ``plots``.
    jobs
        How many processes draw at most.
    prune
        Whether plots that are not in the album are removed.

    Raises
    ------
    BenchkitError
        The folder cannot be written to.
    """
    home = folder / FOLDER
    missing = [album.orders[path] for path in _find_missing(album, folder)]
    try:
        if missing:
            home.mkdir(parents=True, exist_ok=True)
        removed = _remove_orphans(album, home) if prune and home.is_dir() else []
    except OSError as error:
        raise BenchkitError(
            f"cannot write the plots to {home}: {error.strerror}; the records are safe, so mend "
            f"that and run '{make_command('leaderboard', folder)}', or give --no-plots"
        ) from error
    warnings = sorted(_draw_all(missing, folder, jobs))
    there = album.there(folder)
    drawn = [
        folder / file
        for order in missing
        if order.plot.path in there.orders
        for file in order.plot.files
    ]
    return Drawing(there, tuple(drawn), tuple(removed), tuple(warnings))


def _find_missing(album: Album, folder: Path) -> list[str]:
    there = album.there(folder).orders
    return [path for path in album.orders if path not in there]


def _draw_all(orders: list[Order], folder: Path, jobs: int) -> Iterator[str]:
    """Draw some plots; yield a sentence for each that fails."""
    jobs = min(jobs, len(orders) // FEW)
    if jobs < 2:
        yield from filter(None, (draw_one(order, folder) for order in orders))
        return
    # Not forked: the process that calls this may have threads.
    context = multiprocessing.get_context("spawn")
    with (
        safe_path(),
        ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_process) as pool,
    ):
        futures = {pool.submit(draw_one, order, folder): order for order in orders}
        try:
            for future in as_completed(futures):
                try:
                    warning = future.result()
                except BrokenExecutor:
                    warning = (
                        f"{futures[future].plot.title}: not drawn, a process that draws was "
                        f"killed; '{make_command('leaderboard', folder)}' tries again"
                    )
                if warning:
                    yield warning
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def draw_one(order: Order, folder: Path) -> str:
    """Draw a plot into a folder of boards; return why not, empty where it was."""
    stem = folder / order.plot.path
    try:
        if order.plot.kind == "detector":
            detector.copy(order.data, stem)
        else:
            module = importlib.import_module(f"benchkit.report.plots.{order.plot.kind}")
            canvas.render(module.draw, order.data, stem)
    except Exception as error:  # noqa: BLE001  one plot is not worth the others, nor the boards
        return f"{order.plot.title}: {describe_error(error)}"
    return ""


def _start_process() -> None:
    """Leave interruptions to the process that asked for the plots, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)  # the pool's own processes wait for ever for one that was killed


def _remove_orphans(album: Album, home: Path) -> list[Path]:
    """Remove our own files that the album does not ask for, and what dead processes left."""
    wanted = {Path(file).name for order in album.orders.values() for file in order.plot.files}
    removed = []
    for path in sorted(home.iterdir()):
        if path.name not in wanted and (is_own(path.name) or _is_left(path.name)):
            path.unlink(missing_ok=True)
            removed.append(path)
    return removed


def _is_left(name: str) -> bool:
    """Whether a file is the unfinished one of a process that is gone."""
    whole, _, pid = name.removeprefix(".").rpartition(".")
    if not (name.startswith(".") and is_own(whole) and pid.isdigit()):
        return False
    return int(pid) != os.getpid() and not psutil.pid_exists(int(pid))
