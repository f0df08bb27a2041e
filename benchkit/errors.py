"""Errors as sentences: the exception that is one, and what becomes one of any other exception."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST = 1000
"""Characters of a description."""
LONGEST_PART = 600
"""Characters of one exception in it."""
MOST = 3
"""Exceptions of a chain, or of a group, that are described."""

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_REMOTE = {"RemoteTraceback", "_RemoteTraceback"}
"""What pools of processes put in the place of a cause: a traceback as text."""


class BenchkitError(Exception):
    """Something the user can mend; the message is what is wrong, with what, and what to do."""

    @property
    def parts(self) -> tuple[BenchkitError, ...]:
        """The errors that this one consists of, each a sentence: itself alone, or several."""
        return (self,)


class BenchkitErrors(BenchkitError):
    """Several errors that were found together; the message has one on each line."""

    def __init__(self, errors: Iterable[BenchkitError]) -> None:
        self._parts = tuple(errors)
        super().__init__("\n".join(map(str, self._parts)))

    @property
    def parts(self) -> tuple[BenchkitError, ...]:
        """The errors."""
        return self._parts


class Faults:
    """Gathers errors, so that all of them can be said at once; true where there is one."""

    def __init__(self) -> None:
        self._errors: dict[str, BenchkitError] = {}

    def __bool__(self) -> bool:
        return bool(self._errors)

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """Note a `BenchkitError` of the body, which ends there, and go on after it."""
        try:
            yield
        except BenchkitError as error:
            for part in error.parts:
                self._errors.setdefault(str(part), part)

    def attempt(self, otherwise: T, function: Callable[..., T], *arguments: Any) -> T:
        """Return what a function returns, or ``otherwise`` where it raises a `BenchkitError`."""
        with self.noting():
            return function(*arguments)
        return otherwise

    def raise_all(self) -> None:
        """Raise what was noted, the same sentence once; nothing where there is none."""
        errors = list(self._errors.values())
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise BenchkitErrors(errors)


def describe_error(error: BaseException) -> str:
    """Return any exception, of foreign code for instance, as one line of bounded length.

    That is its type, its whole message with the notes added to it, the members of a group, and
    what it was raised from or while handling, unless the message says that already. Of a long
    text the middle is left out. Control characters, colours and line ends are taken out; an
    exception that cannot be shown is its type.
    """
    chain = list(_unroll(error))
    if len(chain) > MOST:  # the advice is near one of the ends
        chain = [*chain[: MOST - 1], chain[-1]]
    parts: list[str] = []
    for link, one in chain:
        text = _describe_alone(one)
        message = _message(one)
        told = message or text
        if isinstance(one, OSError) and one.strerror:
            told = one.strerror
        if not parts or not any(told in part for part in parts):
            parts.append(f"{link}{text}")
    return _shorten(parts[0] + "".join(f" ({part})" for part in parts[1:]), LONGEST)


def _unroll(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    """Yield an exception and those behind it, each with the words that lead to it."""
    seen: set[int] = set()
    link, following = "", error
    while id(following) not in seen:
        seen.add(id(following))
        yield link, following
        if following.__cause__ is not None:
            link, behind = "from ", following.__cause__
        elif following.__context__ is not None and not following.__suppress_context__:
            link, behind = "while handling ", following.__context__
        else:
            return
        if type(behind).__name__ in _REMOTE:
            return
        following = behind


def _describe_alone(error: BaseException) -> str:
    name, message = _clean(type(error).__name__), _message(error)
    words = [message, *(_clean(note) for note in _notes(error))]
    if isinstance(error, BaseExceptionGroup):
        members = [describe_error(one) for one in error.exceptions[:MOST]]
        if more := len(error.exceptions) - len(members):
            members.append(f"and {more} more")
        words.append(f"[{'; '.join(members)}]")
    text = _join(word for word in words if word)
    return _shorten(f"{name}: {text}" if text else name, LONGEST_PART)


def _join(words: Iterator[str]) -> str:
    """Put sentences in a row, each ended by something."""
    text = ""
    for word in words:
        text += (" " if text.endswith((".", "!", "?", ":", ";")) else "; ") * bool(text) + word
    return text


def _message(error: BaseException) -> str:
    try:
        return _clean(str(error))
    except Exception:  # noqa: BLE001  foreign code; the type has to do
        return ""


def _notes(error: BaseException) -> list[str]:
    notes = getattr(error, "__notes__", ())
    return [note for note in notes if isinstance(note, str)] if isinstance(notes, list) else []


def _clean(text: str) -> str:
    """Return text in one line, without colours and without characters that show nothing."""
    plain = _COLOUR.sub("", text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def _shorten(text: str, length: int) -> str:
    """Leave out the middle of a text that is too long: what to do stands at the end."""
    if len(text) <= length:
        return text
    tail = length // 3
    return f"{text[: length - tail - 3].rstrip()} … {text[-tail:].lstrip()}"
