"""Text of foreign origin, made visible: names, error texts and logs of detectors and machines.

Escaping for HTML is jinja's, for markdown `benchkit.report.tables.escape`; what is left are
characters that show nothing, turn the direction of what follows them, or speak to a terminal.
"""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t\xad"
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}  # controls, formats as bidi overrides, separators
_TABLE = {
    code: chr(code).encode("unicode_escape").decode()
    for code in (*range(0xD800), *range(0xE000, 0x10000), *range(0xE0000, 0xE0080))
    if unicodedata.category(chr(code)) in _INVISIBLE and chr(code) not in _KEPT
}
_TABLE.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))  # halves of pairs are no text


def show_plainly(value: object) -> object:
    """Return text with invisible characters spelled out, and anything else as it is.

    Markup is left alone: it was made of pieces that have been through here.
    """
    if type(value) is not str or value.isprintable():
        return value
    return value.translate(_TABLE)


def clip(text: str, length: int) -> str:
    """Return text no longer than ``length`` characters, visibly cut."""
    return text if len(text) <= length else text[: length - 1] + "…"
