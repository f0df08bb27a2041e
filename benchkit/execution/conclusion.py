"""From the way a job ended to the record of its trial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.execution.measured import fingerprint_metrics
from benchkit.execution.plan import Trial
from benchkit.execution.supervisor import Outcome
from benchkit.protocol import rules
from benchkit.protocol.examples import choose_examples
from benchkit.protocol.measurement import Measurement, check_scores, measure
from benchkit.protocol.trial import InvalidScores, map_array
from benchkit.registry.specs import MetricSpec
from benchkit.results.folder import StoredTruth, TrialFolder
from benchkit.results.record import DatasetFacts, Record


def conclude(
    trial: Trial,
    outcome: Outcome,
    scratch: Path,
    metrics: Sequence[MetricSpec],
    policies: Sequence[str],
    settings: dict[str, Any],
) -> Record:
    """Return the record of a trial whose job has ended.

    Parameters
    ----------
    trial, outcome
        What was run, and how it ended.
    scratch
        The folder with the scores; what they were measured against is written there.
    metrics, policies
        What to compute where there are scores, and at which thresholds.
    settings
        Fields that the record takes as they are: device, threads, environment, started.
    """
    (status, reason), measurement = judge_end(outcome), Measurement()
    result = outcome.result or {}
    if status == "ok":
        try:
            measurement = _measure(trial, TrialFolder(scratch), metrics, policies, result)
        except InvalidScores as error:
            status, reason = "invalid_scores", str(error)
    memory = dict(result.get("memory", {}))
    memory.setdefault("peak_mib", round(outcome.peak / 2**20, 1))
    return Record(
        detector=trial.detector,
        dataset=trial.dataset,
        seed=trial.seed,
        protocol=rules.VERSION,
        status=status,
        reason=reason,
        metrics=measurement.metrics,
        undefined=measurement.undefined,
        definitions=define(metrics, trial.dataset) if status == "ok" else {},
        measured_by=fingerprint_metrics(metrics) if status == "ok" else {},
        lower_is_better=lower_is_better(metrics) if status == "ok" else (),
        thresholds=measurement.thresholds,
        promised=measurement.promised,
        expected=measurement.expected,
        uncertain=tuple(measurement.uncertain),
        chance=measurement.chance,
        # A sanity row is meant to be bad, and random; that is no news.
        warnings=(
            *result.get("warnings", ()),
            *(() if trial.detector.sanity else result.get("inconsistent", ())),
        ),
        doubts=() if trial.detector.sanity else tuple(measurement.warnings),
        seconds={**result.get("seconds", {}), "trial": outcome.seconds},
        memory=memory,
        finished=timestamp(),
        measured=timestamp() if status == "ok" else "",
        **settings,
    )


def judge_end(outcome: Outcome) -> tuple[str, str]:
    """Return the status of a trial whose job ended, before its scores are looked at; and why."""
    if outcome.kind == "error" and outcome.error == InvalidScores.__name__:
        return "invalid_scores", outcome.reason.removeprefix(f"{outcome.error}: ")
    return "ok" if outcome.kind == "done" else outcome.kind, outcome.reason


def refuse(trial: Trial, settings: dict[str, Any]) -> Record:
    """Return the record of a trial whose detector cannot take the dataset's shape."""
    return Record(
        detector=trial.detector,
        dataset=trial.dataset,
        seed=trial.seed,
        protocol=rules.VERSION,
        status="not_applicable",
        reason=trial.mismatch,
        finished=timestamp(),
        **settings,
    )


def define(metrics: Sequence[MetricSpec], data: DatasetFacts) -> dict[str, str]:
    """Return what the names of some metrics leave open; ``{window}`` is filled with the data's."""
    return {
        spec.name: spec.definition.replace("{window}", f"{data.window} rows")
        for spec in metrics
        if spec.definition and data.modality in spec.modalities
    }


def lower_is_better(metrics: Sequence[MetricSpec]) -> tuple[str, ...]:
    """Return the names of the metrics of which less is better."""
    return tuple(spec.name for spec in metrics if not spec.higher_is_better)


def read_scores(folder: TrialFolder) -> tuple[np.ndarray, np.ndarray]:
    """Return the calibration and the test scores of a trial, each (points,).

    Raises `InvalidScores` where they are not there or cannot be read.
    """
    try:
        calibration, scores = folder.calibration(), folder.scores()
    except (OSError, ValueError) as error:
        raise InvalidScores(f"the scores cannot be read back: {error}") from error
    if calibration is None or scores is None:
        raise InvalidScores("the scores are not there")
    return calibration, scores


def timestamp() -> str:
    """Return the present time, UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _measure(
    trial: Trial,
    folder: TrialFolder,
    metrics: Sequence[MetricSpec],
    policies: Sequence[str],
    result: dict[str, Any],
) -> Measurement:
    """Check and measure the scores; leave in the folder what they were measured against."""
    prepared = trial.prepared
    truth = prepared.truth(trial.dataset.window)
    calibration, scores = read_scores(folder)
    allowed = trial.detector.sanity
    check_scores(calibration, "calibration", points=len(calibration), may_be_constant=True)
    check_scores(scores, "test", points=len(truth.labels), may_be_constant=allowed)
    stretches = prepared.test_segments if truth.frames is None else (0,)
    folder.keep_truth(
        StoredTruth(truth.labels, truth.ambiguous, stretches, truth.frames, truth.period)
    )
    if truth.frames is not None:
        examples = choose_examples(map_array(str(prepared.test)), scores, truth.labels)
        if examples is not None:
            folder.keep_examples(examples)
    own = result.get("own_threshold")
    measurement = measure(truth, scores, calibration, metrics, own, policies)
    folder.add_to_log(measurement.tracebacks)
    return measurement
