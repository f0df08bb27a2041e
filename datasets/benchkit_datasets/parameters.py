"""Checks of the parameters that users give to a dataset."""

from __future__ import annotations


def check_whole(name: str, value: object, least: int) -> None:
    """Raise ValueError, saying what is right, unless ``value`` is an int of ``least`` or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name}={value!r}: it is a whole number from {least} up")


def check_share(name: str, value: object, *, whole: bool) -> None:
    """Raise ValueError unless ``value`` is a number above 0 and below 1, or 1 where ``whole``."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not (0 < value < 1 or (whole and value == 1)):  # type: ignore[operator]
        raise ValueError(
            f"{name}={value!r}: it is a number above 0 and {'up to' if whole else 'below'} 1"
        )


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise ValueError, saying what is right, unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name}={value!r}: it is one of {', '.join(choices)}")


def check_blocks(median: int, every: int) -> None:
    """Raise ValueError unless at most one of two ways to down-sample is asked for."""
    check_whole("median", median, 1)
    check_whole("every", every, 1)
    if median > 1 and every > 1:
        raise ValueError(f"median={median} and every={every}: only one of them can be above 1")
