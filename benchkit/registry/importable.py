"""Why a target cannot be imported, as far as that is seen without importing it."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from benchkit.registry.suggestions import suggest

_DYNAMIC = re.compile(r"import\s+\*|__getattr__|globals\(|\bexec\(|setattr\(|sys\.modules")
"""What puts names into a module that do not stand in its text."""


def find_fault(target: str) -> str:
    """Return why the object at ``package.module:Name`` cannot be imported.

    Empty where nothing speaks against it: that a module raises when it is run, or lacks a package,
    only an import finds. Nothing is imported, neither the module nor the packages that it is in.
    """
    module, _, name = target.rpartition(":")
    fault, text = _read(module)
    if fault or not text or _DYNAMIC.search(text) or re.search(rf"\b{name}\b", text):
        return fault
    return f"{module} has no {name!r}: {suggest(name, _names(text))}"


@functools.cache
def _read(module: str) -> tuple[str, str]:
    """Return why a module cannot be imported, and its text; both empty where neither is known."""
    spec, above = None, ""
    for part in module.split("."):
        full = f"{above}.{part}" if above else part
        try:
            if spec is None:
                spec = importlib.util.find_spec(full)
            else:
                spec = PathFinder.find_spec(full, spec.submodule_search_locations)
        except (ImportError, ValueError):  # a module that has none, __main__ for instance
            return "", ""
        if spec is None:
            return f"there is no module {full!r}", ""
        above = full
        if full != module and spec.submodule_search_locations is None:
            return f"{full!r} is a module and no package, so there is no {module!r}", ""
    return _parse(spec)


def _parse(spec: ModuleSpec | None) -> tuple[str, str]:
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return "", ""
    try:
        text = Path(spec.origin).read_text(encoding="utf-8")
        ast.parse(text)
    except SyntaxError as error:
        return f"SyntaxError in {spec.origin}, line {error.lineno}: {error.msg}", ""
    except (OSError, ValueError):  # another encoding, which the module may declare
        return "", ""
    return "", text


def _names(text: str) -> list[str]:
    """Return the classes and functions that a module defines."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    return [node.name for node in ast.parse(text).body if isinstance(node, kinds)]
