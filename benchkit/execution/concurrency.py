"""How many trials run at once, on how many threads each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_SHARE = 2 * 2**30
"""Bytes of the machine's memory for each trial below which no more are started."""


@dataclass(frozen=True)
class Concurrency:
    """How the machine is shared: ``jobs`` trials at once, ``threads`` for each.

    Attributes
    ----------
    jobs, threads
        At least 1.
    """

    jobs: int
    threads: int

    def __str__(self) -> str:
        threads = f"{self.threads} threads" if self.threads > 1 else "1 thread"
        if self.jobs == 1:
            return f"one trial at a time, {threads}"
        return f"{self.jobs} trials at once, {threads} each"


def choose_concurrency(
    jobs: int | None,
    threads: int,
    *,
    trials: int,
    cores: int,
    devices: Sequence[str],
    memory: int,
) -> Concurrency:
    """Return how many trials run at once.

    A trial has one thread unless more are asked for: the networks of the field are small, and a
    second thread that waits at every step of an LSTM made `madgan` up to three times as slow
    (docs/performance.md). So the cores are used by trials side by side.

    Parameters
    ----------
    jobs
        The number that was asked for, which is taken as it is. None for as many as there are
        cores for and memory for at `LEAST_SHARE`, and no more than there are trials. On
        accelerators one for each device.
    threads
        Of each trial.
    trials
        How many there are to run.
    cores
        How many processors may be used.
    devices
        What trials take turns on, as torch names it.
    memory
        Bytes that all of them may have.
    """
    if jobs is None:
        places = cores // threads if set(devices) == {"cpu"} else len(devices)
        jobs = max(1, min(places, memory // LEAST_SHARE, trials))
    return Concurrency(jobs, threads)
