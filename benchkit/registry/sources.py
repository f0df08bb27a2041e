"""The source files that a class comes from, found without running any of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

from benchkit.registry.imports import list_imports, list_public, parse_module
from benchkit.registry.modules import Module, Modules


def find_sources(name: str, folders: list[str]) -> dict[str, bytes]:
    """Return what the code of a module consists of, by names that no machine changes.

    These are the module itself, the modules of its author that it imports, wherever in it, those
    that these import, and so on, and the ``__init__`` of each package that they are in, since an
    import runs it. `Modules.is_foreign` says what is none of the author's; a record has what is
    installed by its version.

    Parameters
    ----------
    name
        A dotted name, or the path of a file that ends in ``.py``.
    folders
        Where it and what it imports are looked for after ``sys.path``.

    Empty where there is no source.
    """
    modules = Modules(folders)
    if name.endswith(".py"):
        # A name that no import can have: a random.py must not make Python's own part of itself.
        home: Module | None = Module("<file>", Path(name), (), SourceFileLoader("<file>", name))
    else:
        home = modules.find(name)
    if home is None or home.file is None:
        return {}
    # A lone module by its file's name, so that it is the same by path and by name.
    alone = "." not in home.name and not home.is_package
    found: dict[str, bytes] = {}
    waiting = [(home.file.name if alone else home.name, home)]
    seen = {home.name}
    if not alone:
        waiting += _enter(home.name, modules, home, seen)
    while waiting:
        label, module = waiting.pop()
        if module.file is None:
            continue
        found[label] = module.read()
        tree = parse_module(found[label])
        if tree is not None:
            package = module.name if module.is_package else module.name.rpartition(".")[0]
            for imported in _imported(tree, package, modules):
                waiting += _enter(imported, modules, home, seen)
    return dict(sorted(found.items()))


def _imported(tree: ast.Module, package: str, modules: Modules) -> Iterator[str]:
    """Yield the names that a module imports; those of ``*`` where they are written out."""
    for name in list_imports(tree, package):
        base, _, last = name.rpartition(".")
        if last != "*":
            if name:
                yield name
            continue
        starred = modules.find(base)
        if starred is not None and starred.file is not None and starred.is_package:
            inside = parse_module(starred.read())
            yield from (f"{base}.{public}" for public in (list_public(inside) if inside else ()))


def _enter(
    name: str, modules: Modules, home: Module, seen: set[str]
) -> Iterator[tuple[str, Module]]:
    """Yield what an import of ``name`` runs of the author's own, and is not yet seen."""
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        outer = ".".join(parts[:count])
        if outer in seen:
            continue
        module = modules.find(outer)
        if module is None or modules.is_foreign(module, home):
            return
        seen.add(outer)
        yield outer, module
