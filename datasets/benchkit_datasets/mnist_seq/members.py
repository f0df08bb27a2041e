"""The members of mnist-seq: which digit is normal, and which ones are anomalous."""

from __future__ import annotations

from dataclasses import dataclass

DIGITS = tuple(range(10))


@dataclass(frozen=True)
class DigitMember:
    """Normal and anomalous digits of a member.

    Attributes
    ----------
    normal
        The normal digits; each sequence has one of them.
    anomalous
        For each normal digit, the possible digits of anomalous frames.
    """

    normal: tuple[int, ...]
    anomalous: tuple[tuple[int, ...], ...]


def _others(digit: int) -> tuple[int, ...]:
    return tuple(other for other in DIGITS if other != digit)


_TABLE: dict[str, DigitMember] = {
    **{f"{n}v{m}": DigitMember((n,), ((m,),)) for n in DIGITS for m in _others(n)},
    **{f"{n}vrest": DigitMember((n,), (_others(n),)) for n in DIGITS},
    "all": DigitMember(DIGITS, tuple(_others(n) for n in DIGITS)),
}

MEMBERS: tuple[str, ...] = tuple(_TABLE)
"""``"1v7"``: ones with frames of seven; ``"1vrest"``: of any other digit; ``"all"``."""


def find_member(name: str) -> DigitMember:
    """Return a member; raises ValueError for an unknown name."""
    try:
        return _TABLE[name]
    except KeyError:
        raise ValueError(
            f"mnist-seq has no member {name!r}: use two different digits such as '1v7', "
            "a digit against all others such as '1vrest', or 'all'"
        ) from None
