"""What to say where a path or a module was given in the place of a name."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Collection
from pathlib import Path

from benchkit.errors import BenchkitError
from benchkit.registry.quoting import quote, quote_name, show_signs, split_head
from benchkit.registry.suggestions import suggest

_BEGINNINGS = ("./", "../", "/", "~")
_TABLES = (
    *(".csv", ".tsv", ".txt", ".dat", ".parquet", ".xls", ".xlsx", ".npy", ".npz", ".mat"),
    *(".h5", ".hdf5", ".json", ".arff", ".pkl", ".gz", ".zip", ".bz2", ".xz", ".zst"),
)
_ADVICE = (
    "benchkit reads no data by path: a dataset plugin brings them, see 'A dataset' in "
    "docs/plugins.md"
)


def find_file(text: str) -> Path | None:
    """Return the file that a path names, absolute, or None where there is none."""
    path = _resolve(text)
    return path if path is not None and path.is_file() else None


def refuse_detector_path(item: str) -> None:
    """Raise `BenchkitError` where a selector is a path without a class."""
    head, _ = split_head(item)
    text = show_signs(head)
    if ":" in head or not (text.endswith(".py") or _is_path(text)):
        return
    path = _resolve(text)
    if path is None or not path.exists():
        raise BenchkitError(f"there is no file {text}: a detector by path is FILE.py:Class")
    if path.is_dir():
        raise BenchkitError(
            f"{text!r} is a folder: name a file and the class in it, "
            f"{text.rstrip('/')}/FILE.py:Class"
        )
    raise BenchkitError(f"{text!r} is a file: name the class in it, {quote_name(text)}:Class")


def refuse_dataset_path(item: str, known: Collection[str]) -> None:
    """Raise `BenchkitError` where a selector is a path or a class and no dataset's name."""
    head, _ = split_head(item)
    text = show_signs(head)
    if head.partition("/")[0] in known:
        return
    if ":" in head:
        raise BenchkitError(
            f"unknown dataset {text!r}: a class is not enough, a plugin registers it with its "
            "card, see 'A dataset' in docs/plugins.md"
        )
    path = _resolve(text)
    kind = "folder" if path is not None and path.is_dir() else "file"
    if path is not None and path.exists() and (_is_path(text) or kind == "file" or "/" in text):
        raise BenchkitError(f"{text!r} is a {kind}, and {_ADVICE}")
    if _is_path(text) or text.lower().endswith(_TABLES):
        raise BenchkitError(f"there is no file {text}, and {_ADVICE}")


def refuse_unquoted(text: str) -> None:
    """Raise `BenchkitError` where a list of selectors has a path that only quotes keep whole."""
    for end in re.finditer(r"(?<=\.py)(?=:)", text):
        for start in re.finditer(r"^|(?<=,)", text[: end.start()]):
            path = text[start.start() : end.start()].strip()
            if quote_name(path) != path and find_file(path) is not None:
                raise BenchkitError(
                    f"cannot read {text!r}: the path of {path!r} has signs that mean something "
                    "here, so it stands in quotes, which the shell must leave there: "
                    f"'{quote(path)}:Class'"
                )


def refuse_module(name: str, known: Collection[str]) -> None:
    """Raise `BenchkitError` where a detector's name is that of a module or of a class in one."""
    top, *rest = name.split(".")
    if name in known or top in {*sys.stdlib_module_names, "test"} or not _is_module(top):
        return
    inner = rest and rest[-1][:1].isupper()
    target = f"{name.rpartition('.')[0]}:{rest[-1]}" if inner else f"{name}:Class"
    kind = "a class" if inner else "a module"
    raise BenchkitError(
        f"unknown detector {name!r}: {suggest(name, known)}; if {kind} was meant, write {target}"
    )


def _is_path(text: str) -> bool:
    return text.startswith(_BEGINNINGS) or text in (".", "..")


def _is_module(top: str) -> bool:
    try:
        return top.isidentifier() and importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):  # a module without a spec, __main__ for instance
        return False


def _resolve(text: str) -> Path | None:
    try:
        path = Path(text).expanduser().resolve()
        path.exists()
    except (OSError, RuntimeError, ValueError):  # a name too long, an unknown ~user, a NUL
        return None
    return path
