"""Whether what was read as a record has in every field what the field is for."""

from __future__ import annotations

import dataclasses
import json
import math
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from benchkit.results.record import DatasetFacts, DetectorFacts, Record

_HINTS = {kind: get_type_hints(kind) for kind in (Record, DetectorFacts, DatasetFacts)}


def check_record(record: Record) -> None:
    """Raise ValueError where a field has a value of another type, or a number that is none.

    JSON says nothing of types; a record that another machine or a person wrote may hold anything.
    """
    _check(record, "")
    # What a parameter may hold is not declared, but it has to be JSON again.
    json.dumps([record.detector.params, record.dataset.params], allow_nan=False)


def _check(facts: Any, prefix: str) -> None:
    for name, hint in _HINTS[type(facts)].items():
        value = getattr(facts, name)
        if dataclasses.is_dataclass(value):
            _check(value, f"{name}.")
        elif not _fits(value, hint):
            raise ValueError(f"{prefix}{name} is {str(value)[:60]!r}, which cannot be")


def _fits(value: Any, hint: Any) -> bool:
    if hint is Any:
        return True
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, argument) for argument in arguments)
    if origin is dict:
        key, item = arguments
        return isinstance(value, dict) and all(
            _fits(k, key) and _fits(v, item) for k, v in value.items()
        )
    if origin in (tuple, list):
        return isinstance(value, origin) and all(_fits(v, arguments[0]) for v in value)
    if hint is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, NoneType if hint is None else hint)
