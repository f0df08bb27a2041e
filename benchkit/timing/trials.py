"""Time a plan's detectors, one after the other, each in a process of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from benchkit.execution.conclusion import judge_end
from benchkit.execution.environment import usable_cores
from benchkit.execution.local import Limits
from benchkit.execution.plan import Plan, Trial
from benchkit.execution.processes import Listener, Processes
from benchkit.execution.supervisor import Job
from benchkit.timing.gate import Gate
from benchkit.timing.trial import TimedTask, time_trial
from benchkit.timing.verdicts import Verdict

LEAST_SEQUENCES = 8
"""Of image sequences so many are used, however few rows are asked for."""

NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Ended:
    """How the timing of a trial ended.

    ``status`` is ``"ok"``, ``"not_applicable"``, ``"invalid_scores"``, or how its job ended
    otherwise (see `benchkit.execution.supervisor`). ``log`` is what its process printed.
    """

    name: str
    status: str
    reason: str = ""
    log: str = ""

    @property
    def failed(self) -> bool:
        """Whether it should have been timed and was not."""
        return self.status not in ("ok", NOT_APPLICABLE)


@dataclass(frozen=True)
class Timer:
    """Times the trials of a plan.

    Parameters
    ----------
    processes, limits
        Where they run, and what each of them may use.
    plan
        The plan; of several devices the first one is used.
    gate
        Is given the verdicts.
    rows
        The detector learns from so many rows and scores as many, where there are so many.
    like
        The nature of the calibration; None chooses it by what the detector requires.
    """

    processes: Processes
    limits: Limits
    plan: Plan
    gate: Gate
    rows: int
    like: str | None = None

    def time(self, trial: Trial, listen: Listener) -> Ended:
        """Time a trial; ``listen`` gets the messages of its process."""
        name = name_trial(trial)
        if trial.mismatch:
            return Ended(name, NOT_APPLICABLE, trial.mismatch)
        with tempfile.TemporaryDirectory(prefix="benchkit-") as folder:
            log = Path(folder, "log.txt")
            job = Job(
                time_trial,
                (self._task(trial, folder),),
                str(log),
                usable_cores()[-1:],
                self.limits.seconds,
                self.limits.bytes,
            )
            outcome = self.processes.run(job, listen)
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        status, reason = judge_end(outcome)
        if status != "ok":
            return Ended(name, status, reason, text)
        self.gate.verdicts += map(Verdict.from_fields, outcome.result["verdicts"])
        self.gate.counts.update(outcome.result["counts"])
        return Ended(name, "ok")

    def _task(self, trial: Trial, scratch: str) -> TimedTask:
        device, prepared = trial.device(self.plan.devices[0]), trial.prepared
        like = self.like or ("lstm" if "torch" in trial.choice.spec.requires else "matmul")
        return TimedTask(
            trial.task(device, scratch, figures=False),
            name_trial(trial),
            like,
            (
                count_kept(prepared.train_shape, self.rows),
                count_kept(prepared.test_shape, self.rows),
            ),
            replace(self.gate, verdicts=[], counts={}, lines=[]),
            self.plan.accelerators.get(device, ""),
        )


def name_trial(trial: Trial) -> str:
    """Return the name of a trial's benchmarks, without what is timed."""
    return f"{trial.detector.label} on {trial.dataset.label} ({trial.dataset.variant})"


def count_kept(shape: tuple[int, ...], rows: int) -> int:
    """Return how many rows, or whole sequences, are used of a part that has ``shape``.

    Of sequences as many as have ``rows`` frames together, and at least `LEAST_SEQUENCES`.
    """
    wanted = rows if len(shape) != 4 else max(LEAST_SEQUENCES, rows // shape[1])
    return min(wanted, shape[0])


def describe_cut(trial: Trial, rows: int) -> str:
    """Return what of a trial's dataset is used, as a sentence."""
    data, prepared = trial.dataset, trial.prepared
    train, test = (
        f"all {shape[0]:,}" if kept == shape[0] else f"the first {kept:,} of {shape[0]:,}"
        for shape in (prepared.train_shape, prepared.test_shape)
        for kept in [count_kept(shape, rows)]
    )
    unit = "rows" if len(prepared.train_shape) != 4 else "sequences"
    return f"{data.label} ({data.variant}): fitted on {train} {unit}, scored {test}"
