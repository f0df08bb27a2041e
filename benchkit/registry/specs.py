"""What a plugin says about what it brings, light enough to list without importing it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Modality = Literal["series", "image-sequence"]
Variant = Literal["real", "sim"]

WIDEST = 10_000
"""The largest window that metrics take; `benchkit.metrics.checks` has it for them."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


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

    ``obtain`` says how to get the real values, as the rest of a sentence that begins "To get
    it,"; it is printed whenever the harness had to do without them. ``flaws`` are known defects,
    each a sentence.
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
    window
        Window of the VUS metrics, in rows; about as long as an event's surroundings that may
        still count as a hit. Fixed here, so that every number on a dataset has the same.
    added
        True where only owners have the real files, who hand them over by ``benchkit data add``.
    fetched
        True where `sources` downloads the real files, which ``benchkit data fetch`` asks for.
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
    window: int = 100
    added: bool = False
    fetched: bool = False


@dataclass(frozen=True)
class MetricSpec:
    """A number made from labels and scores, named but not imported.

    The function at ``target`` raises `benchkit.metrics.UndefinedMetric` where the metric does not
    exist. One that has a parameter named ``window`` (points) or ``period`` (seconds a point, or
    None) is given the dataset's.

    Parameters
    ----------
    name, summary
        As for a detector.
    target
        ``"package.module:function"``.
    kind
        What the function is given: ``"score"`` gets ``(labels, scores)``, and ``"alarm"`` gets
        ``(labels, alarms)`` once for every threshold policy and is reported as ``name@policy``.
        All of shape (points,); labels and alarms are boolean.
    modalities
        Where it is computed: a metric that looks at events has no business with separate images.
    pointwise
        True where the order of points does not matter. Such a metric is also given over whole
        sequences, as ``sequence_name``, and over the points that nobody doubts, as ``clear_name``.
    higher_is_better
        False for delays and false alarms.
    legacy
        True for a metric that is computed on request only.
    definition
        What the name leaves open, where the field has several metrics by it: which one, with which
        settings. Part of the metric's identity.
    reference
        The article that it is from.
    """

    name: str
    summary: str
    target: str
    kind: Literal["score", "alarm"] = "score"
    modalities: tuple[Modality, ...] = ("series", "image-sequence")
    pointwise: bool = False
    higher_is_better: bool = True
    legacy: bool = False
    definition: str = ""
    reference: str = ""


def check_spec(spec: DetectorSpec | DatasetSpec | MetricSpec) -> None:
    """Raise ValueError where a spec would break a command that only lists it."""
    if not isinstance(spec.name, str) or not _NAME.fullmatch(spec.name):
        raise ValueError(f"{spec.name!r} is no name: use lower case, digits, '-' and '_'")
    for item in dataclasses.fields(spec):
        value = getattr(spec, item.name)
        if isinstance(item.default, tuple):
            if not isinstance(value, tuple | list) or not all(isinstance(v, str) for v in value):
                raise ValueError(f"{item.name} of {spec.name!r} is {value!r}, no tuple of texts")
        elif item.name not in ("presets", "card", "window") and not isinstance(value, str | bool):
            raise ValueError(f"{item.name} of {spec.name!r} is {value!r}, no text")
    if not _TARGET.fullmatch(spec.target):
        raise ValueError(f"target of {spec.name!r} is {spec.target!r}, not 'package.module:Class'")
    if isinstance(spec, DetectorSpec):
        _check_words(spec.name, "modalities", spec.modalities, get_args(Modality))
        _check_presets(spec)
    elif isinstance(spec, DatasetSpec):
        _check_words(spec.name, "modality", (spec.modality,), get_args(Modality))
        _check_words(spec.name, "variants", spec.variants, get_args(Variant))
        if not isinstance(spec.card, Card):
            raise ValueError(f"card of {spec.name!r} is {spec.card!r}, no Card")
        if type(spec.window) is not int or not 0 <= spec.window <= WIDEST:
            raise ValueError(
                f"window of {spec.name!r} must be a whole number from 0 to {WIDEST:,} rows, got "
                f"{spec.window!r}"
            )
    else:
        _check_words(spec.name, "kind", (spec.kind,), ("score", "alarm"))
        _check_words(spec.name, "modalities", spec.modalities, get_args(Modality))


def _check_words(name: str, item: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not given or not set(given) <= set(known):
        raise ValueError(f"{item} of {name!r} must be of {', '.join(known)}, got {given!r}")


def _check_presets(spec: DetectorSpec) -> None:
    try:
        json.dumps({k: dict(v) for k, v in spec.presets.items()}, allow_nan=False)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(
            f"presets of {spec.name!r} cannot be written to a record: {error}"
        ) from error
