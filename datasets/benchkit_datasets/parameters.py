"""Validation of the parameters of datasets."""

from __future__ import annotations


def check_whole(name: str, value: object, least: int) -> None:
    """Raise ValueError unless ``value`` is an integer of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}")


def check_share(name: str, value: object, *, whole: bool) -> None:
    """Raise ValueError unless ``value`` is between 0 and 1, both excluded; ``whole`` allows 1."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not (0 < value < 1 or (whole and value == 1)):  # type: ignore[operator]
        raise ValueError(
            f"{name} must be a number above 0 and {'at most' if whole else 'below'} 1, "
            f"got {value!r}"
        )


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def check_blocks(median: int, every: int) -> None:
    """Raise ValueError if both ways of down-sampling are requested, or one is not an integer."""
    check_whole("median", median, 1)
    check_whole("every", every, 1)
    if median > 1 and every > 1:
        raise ValueError(
            f"only one of median and every can be above 1, got median={median} and every={every}"
        )
