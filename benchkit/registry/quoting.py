"""Names in quotes: how a selector takes a path with signs that mean something in selectors."""

from __future__ import annotations

import json
import re

from benchkit.errors import BenchkitError

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_SIGNS = re.compile(r"[@/:\[\]]")
_HIDDEN = re.compile("[\U000f0000-\U000f007f]")
_HIDES = 0xF0000
"""What is added to a sign: no character that a name has."""
_NEEDS_QUOTES = re.compile(r"[@\[\]{},\"']|^\s|\s$")
_CLASS = re.compile(r":[A-Za-z_]\w*\Z")


def quote(text: str) -> str:
    """Write a text in double quotes, with the escapes of TOML."""
    # JSON's escapes are TOML's, and DEL is the one more character that TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quote_name(name: str, signs: str = "") -> str:
    """Write a name the way it is typed in a selector: in quotes where it has a sign of those.

    ``signs`` are more that ask for quotes.
    """
    needed = _NEEDS_QUOTES.search(name) or any(sign in name for sign in signs)
    return quote(name) if needed else name


def split_head(text: str) -> tuple[str, str]:
    """Return what stands before a selector's parameters, signs in quotes hidden, and these.

    Signs that are hidden mean nothing until `show_signs` brings them back; the class at the end of
    a quoted ``"path.py:Class"`` stays one.

    Raises
    ------
    BenchkitError
        What stands in double quotes has a wrong escape.
    """
    head, at = "", 0
    while at < len(text) and text[at] != "[":
        match = _QUOTED.match(text, at)
        if match is None:
            head += text[at]
            at += 1
            continue
        try:
            literal = match[0][0] == "'"
            inside = match[0][1:-1] if literal else str(json.loads(match[0], strict=False))
        except ValueError:
            raise BenchkitError(
                f"cannot read {match[0]!r} in {text!r}: a backslash in double quotes begins an "
                "escape, so write two, or single quotes"
            ) from None
        found = None if head else _CLASS.search(inside)
        name, class_name = (inside[: found.start()], found[0]) if found else (inside, "")
        head += _SIGNS.sub(lambda sign: chr(ord(sign[0]) + _HIDES), name) + class_name
        at = match.end()
    return head, text[at:]


def show_signs(text: str) -> str:
    """Return a text with the signs that `split_head` has hidden."""
    return _HIDDEN.sub(lambda c: chr(ord(c[0]) - _HIDES), text)
