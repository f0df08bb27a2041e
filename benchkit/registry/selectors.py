"""The grammar of what to run: ``name/member@preset[param=value,other=[1,2,3]]``."""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from benchkit.errors import BenchkitError
from benchkit.registry.quoting import quote, show_signs, split_head

_HEAD = re.compile(r"(?P<name>[^@/\[\]]+)(?:/(?P<member>[^@\[\]]+))?(?:@(?P<preset>[^@/\[\]]+))?")
_PATH_HEAD = re.compile(r"(?P<name>[^@\[\]]+:[A-Za-z_]\w*)(?:@(?P<preset>[^@/\[\]]+))?")
_BARE_WORD = re.compile(r"[A-Za-z_][\w.-]*")
_KEY = re.compile(r"[A-Za-z_]\w*")
_DEEPEST = 32


@dataclass(frozen=True)
class Selector:
    """What one item of ``--detectors`` or ``--datasets`` asks for, not yet looked up.

    ``name`` is a registered name, ``package.module:Class`` or ``path.py:Class``; signs that mean
    something in selectors stand in quotes: ``"a[1].py":Class``. ``params`` maps
    each parameter to the list of values it shall take; more than one value is a grid.
    """

    text: str
    name: str
    member: str | None = None
    preset: str | None = None
    params: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def is_target(self) -> bool:
        """Whether the name is a class somewhere rather than a registered name."""
        return ":" in self.name

    def grid(self) -> list[dict[str, Any]]:
        """Return one parameter set for every point of the grid, in the order written."""
        return [
            dict(zip(self.params, values, strict=True))
            for values in itertools.product(*self.params.values())
        ]


def parse_selectors(text: str) -> list[Selector]:
    """Parse a comma-separated list of selectors.

    Raises
    ------
    BenchkitError
        Where the text does not follow the grammar; the message shows the item and the form.
    """
    return [parse_selector(item) for item in split_selectors(text)]


def split_selectors(text: str) -> list[str]:
    """Return the items of a comma-separated list of selectors, not yet parsed.

    Raises
    ------
    BenchkitError
        A bracket or a quote is open at the end, or there is no item.
    """
    if not _is_text(text):
        raise BenchkitError(f"{text!r} has bytes that are no UTF-8: rename what it names")
    items = [item.strip() for item in _split(text)]
    if not any(items):
        raise BenchkitError(f"{text!r} names nothing: give one or more names, as in 'pca,iforest'")
    return [item for item in items if item]


def parse_selector(text: str) -> Selector:
    """Parse one selector; see `parse_selectors`."""
    head, rest = split_head(text)
    pattern = _PATH_HEAD if ":" in head else _HEAD
    match = pattern.fullmatch(head)
    if match is None or (rest and not rest.endswith("]")):
        raise BenchkitError(
            f"cannot read {text!r}: the form is name/member@preset[param=value,other=[1,2,3]]; a "
            "name with such signs in it stands in quotes"
        )
    params = _parse_params(rest[1:-1], text) if rest else {}
    found = {part: show_signs(value) for part, value in match.groupdict().items() if value}
    return Selector(text, found["name"], found.get("member"), found.get("preset"), params)


def format_value(value: Any) -> str:
    """Write a parameter's value the way it would be typed in a selector."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = _BARE_WORD.fullmatch(value) and value not in {"true", "false", "inf", "nan"}
        return value if plain else quote(value)
    if isinstance(value, list):
        return "[" + ",".join(format_value(v) for v in value) + "]"
    if isinstance(value, dict):
        return _format_toml(value)
    return str(value)


def format_params(params: dict[str, Any]) -> str:
    """Write parameters as ``[a=1,b=x]`` in the order of their names; nothing where there are none.

    A list is wrapped once more, because a bare list would be read as a grid.
    """
    if not params:
        return ""
    shown = {k: [v] if isinstance(v, list) else v for k, v in sorted(params.items())}
    return "[" + ",".join(f"{k}={format_value(v)}" for k, v in shown.items()) + "]"


def _format_toml(value: Any) -> str:
    """Write a value as TOML proper, which inside a table knows no bare words."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{quote(k)}={_format_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_format_toml, value)) + "]"
    return quote(value) if isinstance(value, str) else format_value(value)


def _parse_params(body: str, text: str) -> dict[str, list[Any]]:
    params: dict[str, list[Any]] = {}
    for part in _split(body):
        if not part.strip():
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not _KEY.fullmatch(key) or not value:
            raise BenchkitError(f"cannot read {part.strip()!r} in {text!r}: write param=value")
        if key in params:
            raise BenchkitError(f"{key!r} stands twice in {text!r}: give a list for a grid")
        parsed = _parse_value(value, text)
        if parsed == []:
            raise BenchkitError(
                f"{key!r} in {text!r} is an empty list, which is a grid of nothing"
            )
        params[key] = parsed if isinstance(parsed, list) else [parsed]
    return params


def _parse_value(value: str, text: str) -> Any:
    if value.startswith("[") and value.endswith("]"):
        return [_parse_value(v.strip(), text) for v in _split(value[1:-1]) if v.strip()]
    try:
        # In an inline table neither a comment nor a second line can hide behind the value.
        parsed = tomllib.loads(f"v = {{v = {value}}}")["v"]["v"]
    except ValueError:  # not only TOMLDecodeError: a number of 5,000 digits is one, too
        if _BARE_WORD.fullmatch(value):
            return value
        raise BenchkitError(
            f"cannot read the value {value!r} in {text!r}: values are TOML, "
            f'as in 3, 0.5, true, word, "two words" or [1, 2]'
        ) from None
    if not _can_be_recorded(parsed):
        raise BenchkitError(
            f"cannot use the value {value!r} in {text!r}: a record has no place for dates, "
            "infinity or nan"
        )
    return parsed


def _can_be_recorded(value: Any) -> bool:
    """Whether JSON, which records are written in, gives a value back as it was."""
    if isinstance(value, dict):
        return all(map(_can_be_recorded, value.values()))
    if isinstance(value, list):
        return all(map(_can_be_recorded, value))
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # how Python brings bytes of the command line that are no UTF-8
        return False
    return True


def _split(text: str) -> list[str]:
    """Split at the commas that stand outside brackets and quotes."""
    parts, depth, quote, start, escaped = [], 0, "", 0, False
    for i, char in enumerate(text):
        if quote:
            if char == quote and not escaped:
                quote = ""
            # Only double quotes know escapes, in TOML.
            escaped = char == "\\" and quote == '"' and not escaped
        elif char in "\"'":
            quote = char
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
        if depth < 0:
            raise BenchkitError(f"a bracket closes in {text!r} that was never opened")
        if depth > _DEEPEST:
            raise BenchkitError(f"brackets stand too deep in {text[:40]!r}...")
    if depth or quote:
        raise BenchkitError(f"a {'quote' if quote else 'bracket'} in {text!r} is never closed")
    return [*parts, text[start:]]
