"""Start jobs in processes of their own, listen to them, and end them all when it is over."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from benchkit.data.folders import lend_matplotlib_a_folder
from benchkit.errors import BenchkitError
from benchkit.execution.preload import PRELOAD
from benchkit.execution.supervisor import Job, Outcome, supervise
from benchkit.safe_path import safe_path

Listener = Callable[[list[Any]], None]
"""Called with a job's messages: ``["phase", name]``, ``["progress", desc, done, total]``."""

FORESEEN = ("BenchkitError", "DataUnavailable", "InvalidDataset", "ValueError")
"""Names of the exceptions by which we and plugins say what the user can mend."""


@dataclass(eq=False)
class Running:
    """A job under way: its supervisor and the pipe to it."""

    job: Job
    process: Any
    pipe: Connection
    listen: Listener


class Processes:
    """A server of warm processes, used as a context manager.

    Parameters
    ----------
    preload
        Import names of packages that jobs will need; imported once, before the first job.

    Leaving the context, in whatever way, ends every job with all it started.
    """

    def __init__(self, preload: Iterable[str] = ()) -> None:
        self._running: list[Running] = []
        # Threads of torch that wait for each other shall sleep: on cores that are wanted by
        # others, too, a busy loop makes them ten times slower. Read when libgomp is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        lend_matplotlib_a_folder()
        self._context: Any
        if sys.platform == "linux":
            self._context = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload(["benchkit.execution.preload"])
            os.environ[PRELOAD] = ",".join(sorted(set(preload)))
            from multiprocessing import forkserver, resource_tracker

            # It returns at once and warms up while the plan is made. It ends when the harness
            # does, so a Ctrl-C, which a terminal sends to all, is blocked in it from the first
            # line on. The tracker comes first because starting it would lift the block.
            with safe_path():
                resource_tracker.ensure_running()
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                with safe_path():
                    forkserver.ensure_running()
            except OSError as error:
                raise BenchkitError(
                    f"cannot make a socket in {tempfile.gettempdir()}: {error}; set TMPDIR to a "
                    "folder with a short path that can be written to"
                ) from error
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        else:
            self._context = multiprocessing.get_context("spawn")

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for running in self._running:
            running.pipe.close()
        deadline = time.monotonic() + 1.5
        for running in self._running:
            running.process.join(max(0.0, deadline - time.monotonic()))
            if running.process.is_alive():
                running.process.kill()
        self._running.clear()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, job: Job, listen: Listener) -> Running:
        """Start a job; its messages go to ``listen`` while `finished` is being waited for."""
        ours, theirs = multiprocessing.Pipe()
        process = self._context.Process(target=supervise, args=(job, theirs))
        running = Running(job, process, ours, listen)
        # Half of what a process is told would make it complain on the user's screen.
        with _uninterrupted():
            try:
                process.start()
            except OSError as error:
                raise BenchkitError(
                    f"cannot start a process, {error.strerror}: {sys.executable} has to be "
                    "executable and the system to have room for more processes"
                ) from error
            self._running.append(running)
        theirs.close()
        return running

    def finished(self, timeout: float | None = None) -> Iterator[tuple[Running, Outcome]]:
        """Deliver messages that have come, waiting for the first; yield the jobs that ended."""
        for pipe in wait([r.pipe for r in self._running], timeout):
            running = next(r for r in self._running if r.pipe is pipe)
            try:
                message = json.loads(running.pipe.recv_bytes())
            except (EOFError, ConnectionResetError):
                message = ["outcome", {"kind": "crashed", "reason": "its supervisor was killed"}]
            if message[0] == "outcome":
                self._running.remove(running)
                running.pipe.close()
                running.process.join(timeout=1)
                yield running, Outcome(**message[1])
            else:
                running.listen(message)

    def run(self, job: Job, listen: Listener | None = None) -> Outcome:
        """Run a job to its end, and return how that was.

        Raises RuntimeError where another one is under way.
        """
        if self._running:
            raise RuntimeError("a job to be waited for must not be mixed with jobs under way")
        self.start(job, listen or (lambda _: None))
        while True:
            for _, outcome in self.finished():
                return outcome

    def call(
        self, function: Callable[..., Any], *args: Any, listen: Listener | None = None
    ) -> Any:
        """Run ``function(*args)`` in a process of its own and return what it returns.

        Raises `CallFailed` where it raises or its process dies.
        """
        with tempfile.TemporaryDirectory(prefix="benchkit-") as folder:
            log = Path(folder, "log.txt")
            outcome = self.run(Job(_quietly, (function, *args), str(log)), listen)
            if outcome.kind == "done":
                return outcome.result
            tail = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            raise CallFailed(outcome, tail)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the body is done, and then raise KeyboardInterrupt."""
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda n, _: came.append(n)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        raise KeyboardInterrupt


class CallFailed(Exception):
    """A function run through `Processes.call` did not return.

    ``outcome`` says how it ended, ``log`` is what its process printed, traceback included.
    ``foreseen`` is true for an exception whose message is written for people, and then its type
    is left out of this one's.
    """

    def __init__(self, outcome: Outcome, log: str) -> None:
        self.outcome = outcome
        self.log = log
        self.foreseen = outcome.error in FORESEEN
        super().__init__(
            outcome.reason.removeprefix(f"{outcome.error}: ") if self.foreseen else outcome.reason
        )


def _quietly(function: Callable[..., Any], *args: Any) -> Any:
    """Call without the job's last argument, the function that announces phases."""
    return function(*args[:-1])
