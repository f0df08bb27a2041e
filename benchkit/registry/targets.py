"""Import the class that a spec, a path or a dotted name points to."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import ModuleType
from typing import Any

from benchkit.registry.suggestions import suggest


def import_target(target: str) -> Any:
    """Return the object at ``package.module:Name`` or ``/path/file.py:Name``.

    The folder of a file is put on ``sys.path``, so that the file can import its neighbours.

    Raises
    ------
    ImportError
        The module or the name in it does not exist.
    """
    module_name, _, name = target.rpartition(":")
    module = (
        _import_file(Path(module_name))
        if module_name.endswith(".py")
        else (importlib.import_module(module_name))
    )
    if not hasattr(module, name):
        hint = suggest(name, [n for n in vars(module) if not n.startswith("_")])
        raise ImportError(f"{module_name} has no {name!r}: {hint}")
    return getattr(module, name)


def fingerprint_code(target: str) -> str:
    """Return a hash of the source that a target stands in, without running the module itself.

    For a module in a package it covers every Python file of the folder it stands in and the
    folders below, because a class is seldom alone; for a lone file or module, that file. A result
    is taken for the same only where this hash is, so an edited detector runs again.
    """
    module_name = target.rpartition(":")[0]
    if module_name.endswith(".py"):
        root, files = Path(module_name).parent, [Path(module_name)]
    else:
        spec = importlib.util.find_spec(module_name)
        if spec is None or not spec.origin or not Path(spec.origin).is_file():
            return ""
        origin = Path(spec.origin)
        in_package = "." in module_name or origin.name == "__init__.py"
        root = origin.parent
        files = sorted(root.rglob("*.py")) if in_package else [origin]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def find_version(target: str) -> str:
    """Return ``distribution version`` of what brings a target; empty where none is installed."""
    module_name = target.rpartition(":")[0]
    if module_name.endswith(".py"):
        return ""
    names = packages_distributions().get(module_name.partition(".")[0], [])
    return ", ".join(f"{name} {version(name)}" for name in sorted(set(names)))


def _import_file(path: Path) -> ModuleType:
    # A name of its own: a user's random.py must not become the module ``random``.
    name = f"benchkit_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
