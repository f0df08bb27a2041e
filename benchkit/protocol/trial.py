"""What of a trial runs in the detector's own process: fit and score, no label in sight."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.protocol import rules
from benchkit.protocol.adaptation import Adaptation, adapt, score_shape, score_sign
from benchkit.protocol.byproducts import draw_figures, keep_byproducts, read_threshold
from benchkit.protocol.consistency import check_consistency
from benchkit.protocol.meter import Meter
from benchkit.protocol.reals import pandas_index, real_array
from benchkit.protocol.seeding import seed_everything
from benchkit.protocol.segments import segment_arguments
from benchkit.registry.targets import import_target
from benchkit.results.folder import TrialFolder
from benchkit.windowing import cut_segments


class InvalidScores(ValueError):
    """A detector's scores cannot be measured; the message says what is wrong with them."""


@dataclass(frozen=True)
class Task:
    """All that the process of a trial is told.

    ``params`` are the constructor's arguments, the harness's own included. ``train`` and ``test``
    are files of float32 arrays, with the rows at which their segments begin; ``scratch`` is the
    folder that the scores are written to. ``figures`` is whether the detector draws itself.
    """

    target: str
    params: Mapping[str, Any]
    train: str
    test: str
    adaptation: Adaptation
    seed: int
    device: str
    scratch: str
    figures: bool = True
    train_segments: tuple[int, ...] = (0,)
    test_segments: tuple[int, ...] = (0,)


def run_trial(task: Task, tell: Callable[[str], None]) -> dict[str, Any]:
    """Fit a detector, score the calibration tail and the test part, and keep what it leaves.

    Parameters
    ----------
    task
        What to run.
    tell
        Called with the name of each phase as it begins.

    Returns
    -------
    dict
        ``seconds`` by phase, ``memory``, ``own_threshold`` (None where the detector has none),
        ``warnings``, ``inconsistent``: what `check_consistency` found.

    Raises
    ------
    InvalidScores
        The scores are not one number per row or frame.
    Exception
        Whatever the detector raises.
    """
    tell("import")
    cls = import_target(task.target)
    seed_everything(task.seed)
    train, test = map_array(task.train), adapt(map_array(task.test), task.adaptation)
    # Cut before adapting: the tail is the same rows or whole sequences for every detector.
    start = rules.calibration_start(len(train))
    fitting, tail = adapt(train[:start], task.adaptation), adapt(train[start:], task.adaptation)
    frames = train.shape[1] if task.adaptation == "frames-as-rows" else None
    stretches = {
        "fit": cut_segments(task.train_segments, 0, start),
        "calibrate": cut_segments(task.train_segments, start, len(train)),
        "score": task.test_segments,
    }
    meter = Meter(task.device)
    home = os.getpid()

    tell("fit")
    detector = cls(**task.params)

    def call(phase: str, method: Callable[..., Any], X: np.ndarray) -> Any:
        more = segment_arguments(method, X, stretches[phase], frames)
        with meter.phase(phase):
            return method(X, **more)

    call("fit", detector.fit, fitting)
    sign = score_sign(detector)
    tell("score")

    def flatten(values: Any, rows: np.ndarray) -> np.ndarray:
        # (rows,) or (sequences, frames) -> (points,), a copy: a detector may use its memory again
        return np.asarray(sign * as_scores(values, score_shape(rows)).reshape(-1))

    calibration = flatten(call("calibrate", detector.decision_function, tail), tail)
    scores = flatten(call("score", detector.decision_function, test), test)
    if os.getpid() != home:  # the detector forked and came back twice: only the first one counts
        os._exit(0)

    memory = meter.memory()
    folder = TrialFolder(Path(task.scratch))
    folder.keep_scores(calibration, scores)
    warnings: list[str] = []
    own = read_threshold(detector, warnings)
    keep_byproducts(detector, folder, len(scores), sign, warnings)
    if task.figures:
        tell("draw")
        draw_figures(detector, folder, warnings)

    def score_again(X: np.ndarray, segments: tuple[int, ...]) -> np.ndarray:
        more = segment_arguments(detector.decision_function, X, segments, frames)
        return flatten(detector.decision_function(X, **more), X)

    tell("check")  # last, since it may change the detector
    # Mapped anew: a detector may have written into what it was given.
    tail = adapt(map_array(task.train)[start:], task.adaptation)
    test = adapt(map_array(task.test), task.adaptation)
    inconsistent = check_consistency(
        score_again, tail, test, calibration, scores, stretches["calibrate"], frames
    )
    if os.getpid() != home:
        os._exit(0)
    return {
        "seconds": meter.seconds,
        "memory": memory,
        "own_threshold": None if own is None else sign * own,
        "warnings": warnings,
        "inconsistent": inconsistent,
    }


def map_array(path: str) -> np.ndarray:
    """Map an array file copy-on-write.

    A detector may change its input in place without harm to the file, and only the pages that it
    writes are ever copied.
    """
    return np.asarray(np.load(path, mmap_mode="c"))


def as_scores(values: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return what a detector gave as an array of floats, or raise `InvalidScores`."""
    if values is None:
        raise InvalidScores("decision_function returned None: it must return the scores")
    if np.ma.is_masked(values):
        raise InvalidScores(
            f"decision_function returned a masked array, {np.ma.count_masked(values):,} of "
            f"{np.size(values):,} scores are masked: every point needs one"
        )
    try:
        scores = _as_floats(real_array(values))
        index = pandas_index(values)
        if index is not None and not index.is_monotonic_increasing:
            raise TypeError("its index is not in the order of the rows: return .sort_index()")
    except TypeError as error:
        raise InvalidScores(
            f"decision_function returned a {type(values).__name__} that is no array of numbers, "
            f"one for each row in its order: {error}"
        ) from error
    if scores.shape != shape:
        raise InvalidScores(
            f"decision_function returned shape {scores.shape} where one score per "
            f"{'row' if len(shape) == 1 else 'frame'} means {shape}"
            + (": return scores.ravel()" if scores.shape == (*shape, 1) else "")
        )
    return scores


def _as_floats(array: np.ndarray) -> np.ndarray:
    """Return scores as float32 where they are that, else as float64 where that holds them."""
    if array.dtype == np.float32:
        return array
    with np.errstate(over="ignore"):
        scores = array.astype(np.float64)
    if np.can_cast(array.dtype, np.float64) and array.dtype.itemsize < 8:
        return scores
    if array.dtype != np.float64 and len(np.unique(scores)) < len(np.unique(array)):
        raise TypeError(
            f"float64 does not tell all of the {array.dtype} numbers apart, subtract a constant "
            "from them"
        )
    return scores
