"""What one trial left behind, whatever happened to it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

SCHEMA = 1
"""Version of the layout of record.json; a reader refuses what is newer than itself."""

Status = Literal[
    "ok", "error", "timeout", "out_of_memory", "crashed", "invalid_scores", "not_applicable"
]
STATUSES: tuple[str, ...] = get_args(Status)

SEQUENCE, CLEAR = "sequence_", "clear_"
SCOPES = (CLEAR, SEQUENCE)
"""What the names of metrics begin with that are not over all points, but over whole sequences, or
over points whose label nobody doubts."""


@dataclass(frozen=True)
class DetectorFacts:
    """Which detector ran: label on boards, where its class is, who brought it, which code.

    ``params`` were given, by preset or selector; ``defaults`` are the constructor's other
    arguments as source text.
    """

    label: str
    name: str
    preset: str | None
    params: dict[str, Any]
    target: str
    plugin: str
    version: str
    code: str
    sanity: bool
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DatasetFacts:
    """Which data it ran on; ``fingerprint`` is a hash of the values.

    ``points`` and ``anomalies`` count test rows or frames, ``calibration`` those of the training
    part that were scored and not fitted on; ``window`` is that of the VUS metrics, in rows.
    """

    label: str
    name: str
    member: str
    params: dict[str, Any]
    variant: str
    modality: str
    fingerprint: str
    train_shape: tuple[int, ...]
    test_shape: tuple[int, ...]
    points: int
    anomalies: int
    calibration: int
    window: int = 100
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """One row of the truth: settings, environment, cost, quality and status of one trial.

    Parameters
    ----------
    detector, dataset, seed, protocol
        What was run; together they are the trial's identity.
    status
        ``ok``, or in what way it failed; ``reason`` is one line that says why.
    metrics
        By name; None where undefined, and then ``undefined`` has the reason.
    definitions
        Of the metrics whose name leaves something open, what exactly was computed.
    measured_by
        Fingerprints of the code of the metrics that others than benchkit brought.
    lower_is_better
        Names of the metrics, without policy, of which less is better: delays, false alarms.
    thresholds
        By policy name; ``own`` is there where the detector has one.
    promised
        The share of false alarms that a policy's threshold was meant to let through, by policy.
    expected, uncertain
        By the same policies the share to expect, by the number of calibration scores and their
        dependence: its mean and the ends of its 95 % interval. Policies of which the upper end is
        more than twice the promise are uncertain. Empty in records from before this was computed.
    chance
        What random scores get on the same labels, the mean over seeded draws, by metric over all
        thresholds; it depends on labels and window alone.
    warnings
        What a reader should know before believing the numbers, said by the trial itself.
    doubts
        Likewise, found when the scores were measured.
    seconds
        By phase: ``fit``, ``calibrate``, ``score``, and ``trial``, which is all of it with the
        harness's share and the process start.
    memory
        Peak, growth and device memory in MiB.
    device, threads, environment
        Where it ran.
    started, finished, measured
        ISO 8601, UTC; ``measured`` is when the metrics were last computed, which ``benchkit
        score`` does again without running anything.
    """

    detector: DetectorFacts
    dataset: DatasetFacts
    seed: int
    protocol: int
    status: str
    reason: str = ""
    metrics: dict[str, float | None] = field(default_factory=dict)
    undefined: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    measured_by: dict[str, str] = field(default_factory=dict)
    lower_is_better: tuple[str, ...] = ()
    thresholds: dict[str, float] = field(default_factory=dict)
    promised: dict[str, float] = field(default_factory=dict)
    expected: dict[str, list[float]] = field(default_factory=dict)
    uncertain: tuple[str, ...] = ()
    chance: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float | None] = field(default_factory=dict)
    device: str = "cpu"
    threads: int = 1
    environment: dict[str, str] = field(default_factory=dict)
    started: str = ""
    finished: str = ""
    measured: str = ""
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"{self.status!r} is no status; there are {', '.join(STATUSES)}")

    @property
    def identity(self) -> str:
        """The trial's identity; see `identify`."""
        return identify(self.detector, self.dataset, self.seed, self.protocol)

    @property
    def label(self) -> str:
        """How messages name the trial."""
        return label_trial(self.detector.label, self.dataset, self.seed)

    def to_json(self) -> str:
        """Return the record as JSON text with sorted keys and a final newline."""
        document = dataclasses.asdict(self)
        return json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Return the record that `to_json` wrote.

        Raises
        ------
        ValueError
            The text is no JSON, or not a record of this schema.
        """
        document = json.loads(text)
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise ValueError(f"this is no record of schema {SCHEMA}")
        try:
            document["detector"] = DetectorFacts(**document["detector"])
            document["dataset"] = DatasetFacts(**_tuples(document["dataset"]))
            return cls(**_tuples(document))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"this is no record of schema {SCHEMA}: {error}") from error


def identify(detector: DetectorFacts, dataset: DatasetFacts, seed: int, protocol: int) -> str:
    """Return a hash of what decides a result: the code, the parameters, the values, the rules.

    Sixteen hexadecimal digits. A preset is part of it, so that two rows of a board never share a
    trial.
    """
    parts = [
        detector.name, detector.preset, detector.params, detector.version, detector.code,
        dataset.name, dataset.member, dataset.params, dataset.variant, dataset.fingerprint,
        seed, protocol,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def label_trial(detector: str, dataset: DatasetFacts, seed: int) -> str:
    """Return how messages name a trial: detector, dataset with its variant, seed."""
    return f"{detector} on {dataset.label} ({dataset.variant}) seed {seed}"


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    names = (
        "train_shape", "test_shape", "notes", "warnings", "doubts", "uncertain", "lower_is_better"
    )  # fmt: skip
    return {k: tuple(v) if k in names else v for k, v in fields.items()}
