"""A process that is killed at whatever moment a test chooses, from inside."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir"}
"""Audit events of file operations."""


def survive_until(operation: int, work: Callable[[], object]) -> bool:
    """Do work in a fork that dies at its so-and-so-many-th file operation, the first being 1.

    Return whether it was done before that.
    """
    child = os.fork()
    if not child:
        _die_at(operation)
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _die_at(operation: int) -> None:
    operations = itertools.count(1)

    def hook(event: str, arguments: object) -> None:
        if event in OPERATIONS and next(operations) == operation:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
