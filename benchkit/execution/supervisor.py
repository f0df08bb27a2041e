"""The process between the harness and a detector: it enforces limits and leaves nothing behind.

Every job gets two processes. The supervisor is forked from a warm server; it forks the worker,
which runs the foreign code. The supervisor adopts every orphan below it (Linux), so that whatever
the worker started, however it detached itself, is found and ended with it. When the harness itself
dies, the pipe to it breaks, and the supervisor ends everything and then itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import io
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

import psutil

from benchkit import steps
from benchkit.errors import describe_error
from benchkit.safe_path import protect_children

POLL_SECONDS = 0.05
TREE_SECONDS = 0.5
_PR_SET_CHILD_SUBREAPER = 36
_HELD = {"RssAnon:", "RssShmem:"}
"""Lines of /proc/PID/status, in KiB."""


@dataclass(frozen=True)
class Job:
    """Work for a process of its own.

    ``function(*args, tell)`` must be importable and return what JSON can hold; ``tell`` takes the
    name of a phase. ``cores`` are the processors it may use, empty for all. ``seconds`` and
    ``bytes`` are limits for the process and its children together; None is no limit. Output goes
    to ``log``.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    log: str
    cores: Sequence[int] = ()
    seconds: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    ``kind`` is ``done`` (``result`` has what the function returned), ``error`` (it raised;
    ``error`` is the exception's type), ``timeout``, ``out_of_memory``, ``crashed`` or
    ``cancelled``. ``reason`` is one line. ``peak`` is the most bytes seen held.
    """

    kind: str
    reason: str = ""
    error: str = ""
    result: Any = None
    peak: int = 0
    seconds: float = field(default=0.0, compare=False)


def supervise(job: Job, harness: Connection) -> None:
    """Run a job under its limits; the body of the supervisor process.

    Sends ``["phase", name]`` and ``["progress", desc, done, total]`` messages and at last
    ``["outcome", fields]`` to ``harness``. Ends everything when ``harness`` is closed from the
    other side or sends anything.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    # What goes wrong in here, when the harness is gone say, is nothing for the user's screen.
    _redirect_output(os.devnull)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    messages, speaker = multiprocessing.Pipe(duplex=False)
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    worker = context.Process(target=_work, args=(job, speaker, messages, harness))
    worker.start()
    speaker.close()
    try:
        outcome = _watch(job, worker, messages, harness, started)
    except Exception as error:  # noqa: BLE001  whatever it is, nothing may outlive this process
        outcome = {
            "kind": "crashed",
            "reason": f"cannot be watched any more: {describe_error(error)}",
        }
    _end_tree()
    outcome["seconds"] = time.monotonic() - started
    with contextlib.suppress(OSError):  # the harness is gone: there is nobody left to tell
        harness.send_bytes(json.dumps(["outcome", outcome]).encode())


def _watch(
    job: Job, worker: Any, messages: Connection, harness: Connection, started: float
) -> dict[str, Any]:
    """Forward messages and enforce limits until the worker is done; return the outcome."""
    process = psutil.Process(worker.pid)
    sources: list[Any] = [messages, harness]
    if hasattr(os, "pidfd_open"):
        sources.append(os.pidfd_open(worker.pid))
    peak = others = 0
    next_tree = started + TREE_SECONDS
    while True:
        ready = wait(sources, timeout=POLL_SECONDS)
        if harness in ready:
            return {"kind": "cancelled", "reason": "the run was stopped", "peak": peak}
        if messages in ready:
            final = _forward(messages, harness, sources)
            if final is not None:
                worker.join(timeout=1)
                return {**final, "peak": max(peak, final.get("peak", 0))}
        if not worker.is_alive() and (messages not in sources or not messages.poll()):
            return {"kind": "crashed", "reason": _describe_exit(worker.exitcode), "peak": peak}
        now = time.monotonic()
        if now >= next_tree:
            next_tree = now + TREE_SECONDS
            others = _held_below(process)
        held = others + _held(process)
        peak = max(peak, held)
        if job.bytes is not None and held > job.bytes:
            return {
                "kind": "out_of_memory",
                "reason": f"used {held / 2**20:.0f} MiB, the limit is {job.bytes / 2**20:.0f}",
                "peak": peak,
            }
        if job.seconds is not None and now - started > job.seconds:
            return {
                "kind": "timeout", "reason": f"ran longer than {job.seconds:g} s", "peak": peak,
            }  # fmt: skip


def _forward(messages: Connection, harness: Connection, sources: list[Any]) -> dict | None:
    """Pass one message on; return the outcome where the message is one."""
    try:
        raw = messages.recv_bytes()
        message = json.loads(raw)
    except EOFError:
        sources.remove(messages)
        return None
    if message[0] == "outcome":
        return message[1]
    with contextlib.suppress(OSError):  # noticed in the next round of the loop
        harness.send_bytes(raw)
    return None


def _work(job: Job, speaker: Connection, messages: Connection, harness: Connection) -> None:
    """Run the job's function; the body of the worker process."""
    messages.close()
    harness.close()
    home, turn = os.getpid(), threading.Lock()
    _redirect_output(job.log)
    # Foreign code finds signals as Python has them; the server and the supervisor ignore this one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    faulthandler.enable()
    protect_children()
    _take_cores(job.cores)

    def send(*message: Any) -> None:
        if os.getpid() == home:  # a fork of the worker does not speak for it
            with turn:  # a detector's threads may report progress at the same time
                speaker.send_bytes(json.dumps(message).encode())

    steps.watch(throttle(lambda *step: send("progress", *step)))
    try:
        result = job.function(*job.args, lambda phase: send("phase", phase))
        outcome = {"kind": "done", "result": result}
    except BaseException as error:  # noqa: BLE001  foreign code, and it may well raise SystemExit
        traceback.print_exc()
        kind = "out_of_memory" if _is_memory_error(error) else "error"
        reason = describe_error(error)
        outcome = {"kind": kind, "reason": reason, "error": type(error).__name__}
    sys.stdout.flush()
    sys.stderr.flush()
    send("outcome", outcome)
    if os.getpid() != home:
        os._exit(0)


def _redirect_output(path: str) -> None:
    """Send what this process writes to its two output streams into a file from now on."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale is: it must not end a trial
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _take_cores(cores: Sequence[int]) -> None:
    """Confine this process to some processors, and its thread pools to as many threads."""
    if not cores:
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(len(cores))
    import threadpoolctl

    threadpoolctl.threadpool_limits(len(cores))
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(len(cores))


def throttle(send: steps.Reporter, every: float = 0.1) -> steps.Reporter:
    """Pass on what somebody can see; a detector's seconds are not to be spent on messages.

    The end of a bar is passed on where it was seen.
    """
    last, seen = time.monotonic(), ""

    def report(desc: str, done: int, total: int | None) -> None:
        nonlocal last, seen
        now = time.monotonic()
        if now - last >= every or (done == total and desc == seen):
            last, seen = now, "" if done == total else desc
            send(desc, done, total)

    return report


def _is_memory_error(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        known = -code in set(signal.Signals)
        name = signal.Signals(-code).name if known else f"signal {-code}"
        hint = "; the system may have run out of memory" if name == "SIGKILL" else ""
        return f"the process was ended by {name}{hint}"
    return f"the process ended itself with exit code {code}"


def _held(process: psutil.Process) -> int:
    """Return the bytes that a process has in memory and that only its end would free.

    Pages of mapped files are left out: the system takes them back when it needs them, and a
    detector is not to be ended for having read a long series. Shared memory counts.
    """
    try:
        with open(f"/proc/{process.pid}/status") as status:  # noqa: PTH123  twenty times a second
            lines = [line.split() for line in status]
        return 1024 * sum(int(line[1]) for line in lines if line[0] in _HELD)
    except OSError:  # not Linux; or it has just ended, which the loop notices by itself
        try:
            return process.memory_info().rss
        except psutil.Error:
            return 0


def _held_below(process: psutil.Process) -> int:
    """Return the bytes that a process's descendants have for themselves, shared pages left out."""
    total = 0
    for child in psutil.Process().children(recursive=True):
        if child.pid != process.pid:
            with contextlib.suppress(psutil.Error):  # it has just ended
                memory = child.memory_info()
                total += memory.rss - getattr(memory, "shared", 0)
    return total


def _end_tree() -> None:
    """Kill everything below this process, and go on until there is nothing left."""
    me = psutil.Process()
    deadline = time.monotonic() + 5
    while (below := me.children(recursive=True)) and time.monotonic() < deadline:
        for process in below:
            with contextlib.suppress(psutil.Error):  # it has just ended
                process.kill()
        psutil.wait_procs(below, timeout=0.5)
        with contextlib.suppress(ChildProcessError):  # none left to reap
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue
