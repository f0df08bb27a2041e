"""A progress bar that a detector or dataset can use without knowing who is watching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

T = TypeVar("T")

Reporter = Callable[[str, int, int | None], None]
"""Called with (description, steps done, steps in all or None)."""

_reporter: Reporter | None = None


def progress(iterable: Iterable[T], desc: str = "", total: int | None = None) -> Iterator[T]:
    """Iterate over ``iterable``, showing a bar in the harness and nothing outside it.

    ``total`` is taken from ``len(iterable)`` where it has one.
    """
    if total is None and isinstance(iterable, Sized):
        total = len(iterable)
    for done, item in enumerate(iterable):
        report(desc, done, total)
        yield item
        report(desc, done + 1, total)


def report(desc: str, done: int, total: int | None) -> None:
    """Tell whoever is watching how far some work has come; does nothing when nobody is."""
    if _reporter is not None:
        _reporter(desc, done, total)


def watch(reporter: Reporter | None) -> None:
    """Send all progress of this process to ``reporter`` from now on; None ends it."""
    global _reporter
    _reporter = reporter
