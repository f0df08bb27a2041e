"""Run a plan's trials on this machine, a few at a time, each on its own share of the cores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchkit.execution.conclusion import conclude, refuse, timestamp
from benchkit.execution.concurrency import Concurrency
from benchkit.execution.environment import describe_environment, usable_cores
from benchkit.execution.plan import Plan, Trial
from benchkit.execution.processes import Processes, Running
from benchkit.execution.supervisor import Job, Outcome
from benchkit.protocol.trial import run_trial
from benchkit.results.folder import LOG
from benchkit.results.record import Record
from benchkit.results.store import Store


@dataclass(frozen=True)
class Limits:
    """What a trial may use.

    Attributes
    ----------
    seconds, bytes
        None is without limit.
    shared
        True where ``bytes`` is for all trials that run at once, each of which gets its share.
    """

    seconds: float | None
    bytes: int | None
    shared: bool = False


class Observer(Protocol):
    """Somebody who watches a run."""

    def started(self, trial: Trial) -> None:
        """Take note that a trial has been given to a process."""

    def said(self, trial: Trial, message: list[Any]) -> None:
        """Take note of a trial's phase or step; see `benchkit.execution.processes.Listener`."""

    def finished(self, record: Record, folder: Path) -> None:
        """Take note that a trial's record is in the store."""


@dataclass(frozen=True)
class Slot:
    """A share of the machine: processors and a device."""

    cores: tuple[int, ...]
    device: str


@dataclass(frozen=True)
class _Flight:
    trial: Trial
    slot: Slot
    scratch: Path
    settings: dict[str, Any]


def divide(cores: list[int], devices: list[str], concurrency: Concurrency) -> list[Slot]:
    """Return a slot for each trial at once; no two share a processor while there are enough.

    A slot has at most as many processors as there are.
    """
    share = min(concurrency.threads, len(cores))
    return [
        Slot(
            tuple(cores[(i * share + k) % len(cores)] for k in range(share)),
            devices[i % len(devices)],
        )
        for i in range(concurrency.jobs)
    ]


def run_trials(
    plan: Plan,
    store: Store,
    processes: Processes,
    *,
    concurrency: Concurrency,
    limits: Limits,
    observer: Observer,
    figures: bool = True,
    cores: list[int] | None = None,
) -> Iterator[Record]:
    """Run the trials of a plan and yield each record once it is in the store.

    ``figures`` is whether detectors draw figures of themselves; ``cores`` are the processors that
    the trials share, all usable ones where it is None.

    Raises
    ------
    StoreError
        A record could not be written. What was written before stays.
    """
    free = divide(cores or usable_cores(), plan.devices, concurrency)
    if limits.shared and limits.bytes is not None:
        limits = Limits(limits.seconds, limits.bytes // concurrency.jobs)
    waiting = list(reversed(plan.trials))
    flights: dict[str, _Flight] = {}
    while waiting or flights:
        while waiting and free:
            trial, slot = waiting.pop(), free.pop(0)
            flight = _prepare(trial, slot, store, plan.accelerators)
            observer.started(trial)
            if trial.adaptation is None:
                record = refuse(trial, flight.settings)
                observer.finished(record, store.put(record, flight.scratch))
                free.insert(0, slot)
                yield record
                continue
            running = _launch(flight, processes, limits, observer, figures)
            flights[running.job.log] = flight
        for running, outcome in processes.finished():
            flight = flights.pop(running.job.log)
            record = _conclude(flight, outcome, plan)
            observer.finished(record, store.put(record, flight.scratch))
            free.append(flight.slot)
            yield record


def _prepare(trial: Trial, slot: Slot, store: Store, accelerators: Mapping[str, str]) -> _Flight:
    device = trial.device(slot.device)
    settings = {
        "device": device,
        "threads": len(slot.cores),
        "environment": describe_environment(accelerators.get(device, "")),
        "started": timestamp(),
    }
    return _Flight(trial, slot, store.scratch(), settings)


def _launch(
    flight: _Flight, processes: Processes, limits: Limits, observer: Observer, figures: bool
) -> Running:
    trial = flight.trial
    task = trial.task(flight.settings["device"], str(flight.scratch), figures=figures)
    log = str(flight.scratch / LOG)
    job = Job(run_trial, (task,), log, flight.slot.cores, limits.seconds, limits.bytes)
    return processes.start(job, lambda message: observer.said(trial, message))


def _conclude(flight: _Flight, outcome: Outcome, plan: Plan) -> Record:
    return conclude(
        flight.trial, outcome, flight.scratch, plan.metrics, plan.policies, flight.settings
    )
