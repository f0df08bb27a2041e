"""The nearest right names for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(wrong: str, right: Iterable[str]) -> str:
    """Return a sentence that offers the names of ``right`` closest to ``wrong``.

    Lists all of them where none is close and they are few.
    """
    names = sorted(right)
    near = difflib.get_close_matches(wrong, names, n=3, cutoff=0.5)
    near += [name for name in names if name.lower() == wrong.lower() and name not in near]
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near)}?"
    if not names:
        return "there are none"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"there are: {shown}"
