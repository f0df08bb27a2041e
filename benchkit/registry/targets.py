"""Import the class that a spec, a path or a dotted name points to."""

from __future__ import annotations

import hashlib
import importlib
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

from benchkit.registry.by_path import import_file
from benchkit.registry.sources import find_sources
from benchkit.registry.suggestions import suggest


def import_target(target: str) -> Any:
    """Return the object at ``package.module:Name`` or ``/path/file.py:Name``.

    A file can import its neighbours; see `benchkit.registry.by_path`.

    Raises
    ------
    ImportError
        The module or the name in it does not exist.
    """
    module_name, _, name = target.rpartition(":")
    module = (
        import_file(Path(module_name))
        if module_name.endswith(".py")
        else (importlib.import_module(module_name))
    )
    if not hasattr(module, name):
        hint = suggest(name, [n for n in vars(module) if not n.startswith("_")])
        raise ImportError(f"{module_name} has no {name!r}: {hint}")
    return getattr(module, name)


def fingerprint_code(target: str) -> str:
    """Return a hash of the source that a target stands in, without running the module itself.

    It covers what `find_sources` finds, and for a path to a file that file. A result is taken for
    the same only where this hash is, so an edited detector runs again, also where what was edited
    is a module that it shares with others. Empty where there is no source.
    """
    module_name = target.rpartition(":")[0]
    if module_name.endswith(".py"):
        files = {Path(module_name).name: Path(module_name)}
    else:
        files = find_sources(module_name)
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16] if files else ""


def find_version(target: str) -> str:
    """Return ``distribution version`` of what brings a target; empty where none is installed."""
    module_name = target.rpartition(":")[0]
    if module_name.endswith(".py"):
        return ""
    names = packages_distributions().get(module_name.partition(".")[0], [])
    return ", ".join(f"{name} {version(name)}" for name in sorted(set(names)))
