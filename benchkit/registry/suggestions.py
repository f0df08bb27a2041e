"""The nearest right names for a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

ALIKE = 0.6
"""The share of two names, as `difflib` has it, from which on one is taken for the other."""

MOST = 3
"""So many names are offered."""


_MORE = re.compile(r"[@/\[]")


def suggest(wrong: str, right: Iterable[str]) -> str:
    """Return a sentence that offers the names of ``right`` closest to ``wrong``.

    Near is a name that is `ALIKE`, differs in one letter or in upper and lower case, or goes on
    with a policy, a preset, a member or parameters where the wrong one ends. Lists all of them
    where none is near and they are few.
    """
    names = sorted(right)
    lower = wrong.lower()
    same = [name for name in names if name.lower() == lower]
    alike = difflib.get_close_matches(wrong, names, n=MOST, cutoff=ALIKE)
    longer = [name for name in names if _MORE.split(name)[0].lower() == lower]
    apart = [name for name in names if _one_apart(wrong, name)]
    near = list(dict.fromkeys([*same, *longer, *alike, *apart]))
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near[:MOST])}?"
    if not names:
        return "there are none"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"there are: {shown}"


def _one_apart(one: str, other: str) -> bool:
    """Whether two names of two letters or more are as long and differ in one."""
    if len(one) != len(other) or len(one) < 2:
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1
