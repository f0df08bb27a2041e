"""The source files that a class comes from, found without running any of them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

from benchkit.registry.by_hand import list_files, list_folders
from benchkit.registry.imports import UNKNOWN, list_imports, list_public, parse_module
from benchkit.registry.modules import Module, Modules


def find_sources(name: str, folders: list[str]) -> dict[str, bytes]:
    """Return what the code of a module consists of, by names that no machine changes.

    These are the module itself, the modules of its author that it imports, wherever in it, or
    loads by their paths (`benchkit.registry.by_hand`), those that these import, and so on, and the
    ``__init__`` of each package that they are in, since an import runs it. `Modules.is_foreign`
    says what is none of the author's; a record has what is installed by its version. Of a package
    that is installed and brings no plugin it is the whole (`Modules.list_release`).

    Parameters
    ----------
    name
        A dotted name, or the path of a file that ends in ``.py``.
    folders
        Where it and what it imports are looked for after ``sys.path``.

    Empty where there is no source.
    """
    more: list[str] = []
    while True:
        walk = _Walk(name, folders, more)
        new = [folder for folder in walk.folders if folder not in more]
        if not new:
            return dict(sorted(walk.found.items()))
        more += new


class _Walk:
    """One way through what modules import.

    ``found`` is what `find_sources` returns; ``folders`` are those that the modules themselves
    put on ``sys.path``, of which ``more`` are known and looked in.
    """

    def __init__(self, name: str, folders: list[str], more: list[str]) -> None:
        self.found: dict[str, bytes] = {}
        self.folders: list[str] = []
        self._modules = Modules([*folders, *more])
        # Where a folder is put first it hides what has the same name.
        self._searches = [self._modules, *(Modules(folders, before=[folder]) for folder in more)]
        self._seen: set[tuple[str, Path | None]] = set()
        home = _locate(name) if name.endswith(".py") else self._modules.find(name)
        if home is None or home.file is None:
            return
        self._home = home
        release = [] if name.endswith(".py") else self._modules.list_release(home)
        if release:
            self.found = {label: path.read_bytes() for label, path in release if path.is_file()}
        else:
            self._go()

    def _go(self) -> None:
        home = self._home
        # A lone module by its file's name, so that it is the same by path and by name.
        alone = "." not in home.name and not home.is_package
        waiting = [(home.file.name if alone and home.file else home.name, home)]
        self._seen.add((home.name, home.file))
        if not alone:
            waiting += self._enter(home.name)
        while waiting:
            label, module = waiting.pop()
            if module.file is None:
                continue
            source = module.read()
            while label in self.found:
                label += " again"
            self.found[label] = source
            tree = parse_module(source)
            if tree is None:
                continue
            package = module.name if module.is_package else module.name.rpartition(".")[0]
            for imported in _imported(tree, package, self._modules, home):
                waiting += self._enter(imported)
            self.folders += list_folders(tree, module.file)
            for file in list_files(tree, module.file):
                near = os.path.relpath(file, module.file.parent)
                if ("<file>", file) not in self._seen:
                    self._seen.add(("<file>", file))
                    waiting.append((near, _locate(str(file))))

    def _enter(self, name: str) -> Iterator[tuple[str, Module]]:
        """Yield what an import of ``name`` runs of the author's own, and is not yet seen."""
        parts = name.split(".")
        for modules in self._searches:
            for count in range(1, len(parts) + 1):
                outer = ".".join(parts[:count])
                module = modules.find(outer)
                if module is None or modules.is_foreign(module, self._home):
                    break
                if (outer, module.file) not in self._seen:
                    self._seen.add((outer, module.file))
                    yield outer, module


def _locate(file: str) -> Module:
    # A name that no import can have: a random.py must not make Python's own part of itself.
    return Module("<file>", Path(file), (), SourceFileLoader("<file>", file))


def _imported(tree: ast.Module, package: str, modules: Modules, home: Module) -> Iterator[str]:
    """Yield the names that a module imports; those of ``*`` where they are written out."""
    for name in list_imports(tree, package):
        base, _, last = name.rpartition(".")
        if UNKNOWN in name:
            yield from modules.match(name, home)
            continue
        if last != "*":
            if name:
                yield name
            continue
        starred = modules.find(base)
        if starred is not None and starred.file is not None and starred.is_package:
            inside = parse_module(starred.read())
            yield from (f"{base}.{public}" for public in (list_public(inside) if inside else ()))
