"""Import the class that a spec, a path or a dotted name points to."""

from __future__ import annotations

import hashlib
import importlib
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

from benchkit.registry.by_path import import_file
from benchkit.registry.modules import Modules
from benchkit.registry.sources import find_sources
from benchkit.registry.suggestions import suggest


def import_target(target: str) -> Any:
    """Return the object at ``package.module:Name`` or ``/path/file.py:Name``.

    The folder of a file and the working folder are put at the end of ``sys.path``, where they
    shadow nothing: a file can import its neighbours, and a name can be that of a module here.

    Raises
    ------
    ImportError
        The module or the name in it does not exist.
    """
    module_name, _, name = target.rpartition(":")
    if module_name not in sys.modules:  # to look for one takes a millisecond, and metrics are many
        sys.path += _more_folders(module_name)
    if module_name.endswith(".py"):
        module = import_file(Path(module_name))
    else:
        module = importlib.import_module(module_name)
    if not hasattr(module, name):
        hint = suggest(name, [n for n in vars(module) if not n.startswith("_")])
        raise ImportError(f"{module_name} has no {name!r}: {hint}")
    return getattr(module, name)


def fingerprint_code(target: str) -> str:
    """Return a hash of the source of a target, without running the module itself.

    It covers what `find_sources` finds. A result is taken for the same only where this hash is, so
    an edited detector runs again, also where what was edited is a module that it imports. Empty
    where there is no source.
    """
    module_name = target.rpartition(":")[0]
    files = find_sources(module_name, _more_folders(module_name))
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(name.encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:16] if files else ""


def find_version(target: str) -> str:
    """Return ``distribution version`` of what brings a target; empty where none is installed."""
    module_name = target.rpartition(":")[0]
    if module_name.endswith(".py"):
        return ""
    names = packages_distributions().get(module_name.partition(".")[0], [])
    return ", ".join(f"{name} {version(name)}" for name in sorted(set(names)))


def _more_folders(module_name: str) -> list[str]:
    """Return the folders that importing a module needs, and that are not on ``sys.path``."""
    if module_name.endswith(".py"):
        wanted = [str(Path(module_name).parent), str(Path.cwd())]
    else:
        there = Modules().find(module_name.partition(".")[0])
        wanted = [] if there is not None else [str(Path.cwd())]
    return [folder for folder in dict.fromkeys(wanted) if folder not in sys.path]
