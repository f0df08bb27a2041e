"""Files and folders that a module reaches by paths, read from its source text.

Besides ``import`` there is ``sys.path.insert(0, "lib")``, ``spec_from_file_location``,
``runpy.run_path`` and ``exec``. Where their paths are put together only running tells which they
are; so every text of the module counts that is one from where it lies.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from benchkit.files import is_file, is_folder
from benchkit.registry.imports import UNKNOWN, join_texts

_LOADERS = {"spec_from_file_location", "SourceFileLoader", "load_source", "run_path", "exec"}
_LONGEST = 200
"""Of texts that may be paths."""
_STEPS = 2
"""Folders that may be put together, as of ``Path("..") / "lib"``."""


def list_files(tree: ast.Module, file: Path) -> list[Path]:
    """Return the Python files that a module may load by their paths, sorted."""
    if not any(_name(node) in _LOADERS for node in ast.walk(tree) if isinstance(node, ast.Call)):
        return []
    texts = _list_texts(tree)
    named, near = _find_folders(texts, file)
    found: set[Path] = set()
    for text in texts:
        if not text.endswith(".py"):
            continue
        pattern = text.replace(UNKNOWN, "*")
        # That any file may be meant is believed of folders that the module names.
        for folder in [*named, *near] if re.search(r"\w", text[:-3]) else named:
            if "*" not in pattern:
                found.add(folder / text)
            elif "**" not in pattern and not pattern.startswith("/"):
                found.update(folder.glob(pattern))
    return sorted({path.resolve() for path in found if is_file(path)} - {file.resolve()})


def list_folders(tree: ast.Module, file: Path) -> list[str]:
    """Return the folders that a module may put on ``sys.path``; none if it leaves that alone."""
    if not any(map(_changes_path, ast.walk(tree))):
        return []
    named, near = _find_folders(_list_texts(tree), file)
    return list(map(str, [*named, *near]))


def _changes_path(node: ast.AST) -> bool:
    """Whether something is done with ``sys.path`` or one of its methods, or by ``site``."""
    if isinstance(node, ast.Call) and _name(node) == "addsitedir":
        return True
    if isinstance(node, ast.ImportFrom):
        return node.module == "sys" and any(alias.name == "path" for alias in node.names)
    return isinstance(node, ast.Attribute) and node.attr == "path" and _name(node.value) == "sys"


def _name(node: ast.AST) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _list_texts(tree: ast.Module) -> list[str]:
    texts = {join_texts(node) for node in ast.walk(tree) if isinstance(node, ast.expr)}
    texts = {text.removeprefix(f"{UNKNOWN}/") for text in texts}  # as of f"{HERE}/lib"
    return sorted(
        t for t in texts if re.search(r"\w", t) and len(t) < _LONGEST and t.isprintable()
    )


def _find_folders(texts: Iterable[str], file: Path) -> tuple[list[Path], list[Path]]:
    """Return the folders that texts lead to; and that of a file, the two above it, and this."""
    above = [*file.absolute().parents[:3], *file.resolve().parents[:3]]
    near = dict.fromkeys([*above, Path.cwd()])
    found = dict(near)
    for _ in range(_STEPS):
        deeper = [folder / text for folder in found for text in texts if UNKNOWN not in text]
        found.update(dict.fromkeys(path.resolve() for path in deeper if is_folder(path)))
    return [folder for folder in found if folder not in near], list(near)
