"""What a plugin says about what it brings, light enough to list without importing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Modality = Literal["series", "image-sequence"]
Variant = Literal["real", "sim"]


@dataclass(frozen=True)
class DetectorSpec:
    """A detector somebody wrote, named but not imported.

    Parameters
    ----------
    name
        What the user types: lower case, digits, ``-``.
    summary
        One line for ``benchkit list``.
    target
        ``"package.module:Class"``: imported only in the process that runs it.
    modalities
        The array shapes that ``fit`` takes: ``"series"`` is (time, channels),
        ``"image-sequence"`` is (sequences, frames, height, width). A detector that takes only
        series is given the frames of an image sequence as rows of pixels.
    presets
        Named parameter sets: ``{"paper": {"epochs": 100}}`` makes ``name@paper``.
    requires
        Import names of the heavy packages that the target needs. The harness imports them once
        per run, ahead of the trials, and ``benchkit doctor`` says which are missing.
    sanity
        True for a row that is there to be beaten: run with every plan, set apart on every board,
        and allowed to return constant scores.
    reference, licence
        The article and the licence, for ``benchkit info``.
    """

    name: str
    summary: str
    target: str
    modalities: tuple[Modality, ...] = ("series",)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    requires: tuple[str, ...] = ()
    sanity: bool = False
    reference: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Card:
    """What a reader must know of a dataset before believing a number made with it.

    ``obtain`` is one sentence that says how to get the real values; it is printed whenever the
    harness had to do without them. ``flaws`` are known defects, each a sentence.
    """

    origin: str
    licence: str
    obtain: str
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset somebody brings, named but not imported.

    Parameters
    ----------
    name, summary
        As for a detector.
    target
        ``"package.module:Class"``, a class that follows `benchkit.data.DatasetPlugin`.
    modality
        The shape of its arrays.
    card
        Origin, licence, how to get it, known flaws.
    variants
        Which of ``"real"`` and ``"sim"`` it can give.
    members
        The series it consists of; empty where there is only one.
    default_members
        The members that the bare name stands for; all of them where this is empty.
    reference
        The article that describes it.
    """

    name: str
    summary: str
    target: str
    modality: Modality
    card: Card
    variants: tuple[Variant, ...] = ("real",)
    members: tuple[str, ...] = ()
    default_members: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class MetricSpec:
    """A number made from labels and scores, named but not imported.

    ``kind`` decides what the function at ``target`` is given: ``"score"`` gets
    ``(labels, scores)``, and ``"alarm"`` gets ``(labels, alarms)`` once for every threshold
    policy and is reported as ``name@policy``. All arguments are one-dimensional; labels and
    alarms are boolean. The function raises `benchkit.metrics.UndefinedMetric` where the metric
    does not exist. Higher is better for every metric.
    """

    name: str
    summary: str
    target: str
    kind: Literal["score", "alarm"] = "score"
    reference: str = ""
