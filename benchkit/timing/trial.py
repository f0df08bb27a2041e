"""What of a timed trial runs in the detector's own process: fits and scores, again and again."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchkit import steps
from benchkit.protocol.adaptation import adapt, score_shape
from benchkit.protocol.seeding import seed_everything
from benchkit.protocol.segments import segment_arguments
from benchkit.protocol.trial import InvalidScores, Task, as_scores, map_array
from benchkit.registry.targets import import_target
from benchkit.timing.gate import Gate
from benchkit.timing.interleaving import Alternation
from benchkit.timing.workloads import build_workload
from benchkit.windowing import cut_segments


@dataclass(frozen=True)
class TimedTask:
    """All that the process of a timed trial is told.

    Parameters
    ----------
    task
        The detector and the data.
    name
        The two benchmarks have this name, and what is timed.
    like
        The nature of their calibration.
    kept
        How many rows, or whole sequences, of the training and of the test part are used; the
        first ones.
    gate
        Judges, with a baseline that has these benchmarks at least, and nothing measured yet.
    accelerator
        Name of the device, where it is none of the processors.
    """

    task: Task
    name: str
    like: str
    kept: tuple[int, int]
    gate: Gate
    accelerator: str = ""


def time_trial(timed: TimedTask, tell: Callable[[str], None]) -> dict[str, Any]:
    """Time the fit of a detector, and then the scoring of what the last fit gave.

    Each fit is of a detector built anew. ``tell`` is called with the name of each phase as it
    begins.

    Returns
    -------
    dict
        ``verdicts`` as mappings, and ``counts``: rows or frames a call, by the benchmark's name.

    Raises
    ------
    InvalidScores
        The scores are not one finite number per row or frame.
    Exception
        Whatever the detector raises.
    """
    task, home = timed.task, os.getpid()
    # Each step told would be timed, and wake two other processes that want a core.
    steps.watch(None)
    tell("import")
    cls = import_target(task.target)
    seed_everything(task.seed)
    parts = [
        map_array(path)[:n] for path, n in zip((task.train, task.test), timed.kept, strict=True)
    ]
    frames = parts[0].shape[1] if task.adaptation == "frames-as-rows" else None
    train, test = (adapt(part, task.adaptation) for part in parts)
    stretches = [
        cut_segments(segments, 0, n)
        for segments, n in zip((task.train_segments, task.test_segments), timed.kept, strict=True)
    ]
    detector: Any = cls(**task.params)
    learned = segment_arguments(detector.fit, train, stretches[0], frames)
    scored = segment_arguments(detector.decision_function, test, stretches[1], frames)

    def fit(values: np.ndarray) -> None:
        nonlocal detector
        detector = cls(**task.params)
        detector.fit(values, **learned)
        _stay_alone(home)

    def score(values: np.ndarray) -> Any:
        scores = detector.decision_function(values, **scored)
        _stay_alone(home)
        return scores

    tell("fit")
    _time(timed, "fit", fit, train, "")
    tell("score")
    scores = as_scores(score(test.copy()), score_shape(test))
    if not np.isfinite(scores).all():
        raise InvalidScores("decision_function returned scores that are not finite")
    _time(timed, "score", score, test, f", fitted on {len(train):,}")
    gate = timed.gate
    return {"verdicts": [asdict(verdict) for verdict in gate.verdicts], "counts": gate.counts}


def _time(
    timed: TimedTask, what: str, method: Callable[[np.ndarray], Any], part: np.ndarray, more: str
) -> None:
    """Time a method on values that are the same at each call, however it treats them."""
    values = part.copy()
    method(values)
    # Only where it writes into its input, since rounds of one short call each are less exact.
    changes = not np.array_equal(values, part)
    alternation = Alternation(
        lambda: method(values),
        build_workload(timed.like),
        (lambda: np.copyto(values, part)) if changes else None,
    )
    device = timed.task.device.partition(":")[0]
    size = " × ".join(f"{n:,}" for n in part.shape) + more
    size += "" if device == "cpu" else f", on {device}"
    name = f"{timed.name}: {what}"
    timed.gate.time(name, timed.like, size, alternation, alternation.run, timed.accelerator)
    timed.gate.counts[name] = int(np.prod(score_shape(part)))


def _stay_alone(home: int) -> None:
    """End this process if it is a fork that came back from a method, too."""
    if os.getpid() != home:
        os._exit(0)
