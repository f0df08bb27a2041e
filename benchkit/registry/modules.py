"""Where modules lie and whose they are, found without importing anything."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import invalidate_caches
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

from benchkit.registry.imports import UNKNOWN

_SITES = {"site-packages", "dist-packages"}
_STANDARD = Path(os.__file__).parent


@dataclass(frozen=True)
class Module:
    """A module or package: its file, None for a package without one, and where its parts lie."""

    name: str
    file: Path | None
    folders: Sequence[str]
    loader: Any

    @property
    def is_package(self) -> bool:
        """Whether relative imports in it start from itself."""
        return bool(self.folders)

    @property
    def root(self) -> Path | None:
        """The folder on the path by which it is found."""
        if self.file is None:
            return None
        return self.file.parents[self.name.count(".") + self.is_package]

    def read(self) -> bytes:
        """Return the bytes of its file, in an archive too; none where it cannot be read."""
        try:
            return bytes(self.loader.get_data(str(self.file)))
        except OSError:
            return b""


class Modules:
    """Looks modules up as an import would, ``before`` and ``folders`` around ``sys.path``."""

    def __init__(self, folders: Sequence[str] = (), before: Sequence[str] = ()) -> None:
        invalidate_caches()  # of folders' contents
        self.path = [*before, *sys.path, *folders]
        self._known: dict[str, Module | None] = {}
        self._brought: dict[Path, dict[str, set[str]]] = {}

    def find(self, name: str) -> Module | None:
        """Return the module of a full name; None where there is none, or none in a file."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def match(self, pattern: str, home: Module) -> list[str]:
        """Return the names beside ``home`` that a pattern of `list_imports` stands for."""
        root = home.root
        if root is None:
            return []
        words = re.compile("".join(r"[\w.]*" if c == UNKNOWN else re.escape(c) for c in pattern))
        written = pattern.partition(UNKNOWN)[0].split(".")[:-1]
        if not written and (home.is_package or "." in home.name):
            written = [home.name.partition(".")[0]]
        # Beside a lone module there may be anything, environments too.
        depths = ("*", "*/*", "*/*/*", "*/*/*/*") if written else ("*", "*/*")
        found = set()
        for depth in depths:
            for file in root.joinpath(*written).glob(f"{depth}.py"):
                name = ".".join(file.relative_to(root).with_suffix("").parts)
                found.add(name.removesuffix(".__init__"))
        return sorted(name for name in found if words.fullmatch(name))

    def list_release(self, module: Module) -> list[tuple[str, Path]]:
        """Return name and path of the modules of the release that an installed module is part of.

        That is of a package that brings no plugin, as scikit-learn: hundreds of modules that
        import each other, and change together or not at all. None for what is not one.
        """
        root, top = module.root, module.name.partition(".")[0]
        if root is None or _SITES.isdisjoint(root.parts):
            return []
        infos = [root / name for name in self._distributions(root).get(top, ())]
        if not infos or any(_brings_plugin(info) for info in infos):
            return []
        names = {
            line.partition(",")[0]
            for info in infos
            for line in (info / "RECORD").read_text(encoding="utf-8", errors="replace").split("\n")
        }
        return [
            (name, root / name)
            for name in sorted(names)
            if name.endswith(".py") and {"..", "tests"}.isdisjoint(name.split("/"))
        ]

    def is_foreign(self, module: Module, home: Module) -> bool:
        """Whether a module is none of its author's: Python's, benchkit's, or installed by others.

        The author is that of ``home``. Installed is what lies where packages are installed, or
        belongs to a distribution there, other than ``home``'s own; and what is compiled there,
        since it differs from machine to machine.
        """
        top, own = (m.name.partition(".")[0] for m in (module, home))
        root = module.root
        if module.file is None or root is None:
            return False
        installed = not _SITES.isdisjoint(root.parts)
        if top == own:
            return installed and module.file.suffix != ".py"
        if top == "benchkit" or _is_standard(module.file):
            return True
        if installed and root != home.root:
            return True
        brought = self._distributions(root)
        if top in brought:
            return root != home.root or brought[top].isdisjoint(brought.get(own, ()))
        return installed

    def _find(self, name: str) -> Module | None:
        above, _, tail = name.rpartition(".")
        folders = self.path
        if above:
            package = self.find(above)
            if package is None:
                return None
            folders = list(package.folders)
        for finder in sys.meta_path:
            look = getattr(finder, "find_spec", None)
            if finder is PathFinder:
                # By its last name: by the full one, it would want the package to be imported.
                spec = PathFinder.find_spec(tail, folders)
            else:
                spec = look(name, folders if above else None) if look else None
            if spec is not None:
                return _describe(name, spec)
        return None

    def _distributions(self, root: Path) -> dict[str, set[str]]:
        """Return which distributions in a folder say that they brought a name, by the name."""
        if root not in self._brought:
            found = self._brought[root] = {}
            for record in root.glob("*.dist-info/RECORD"):
                for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
                    top = line.partition(",")[0].partition("/")[0].partition(".")[0]
                    found.setdefault(top, set()).add(record.parent.name)
        return self._brought[root]


def _brings_plugin(info: Path) -> bool:
    try:
        return "[benchkit]" in (info / "entry_points.txt").read_text(encoding="utf-8")
    except OSError:
        return False


def _describe(name: str, spec: ModuleSpec) -> Module | None:
    readable = spec.has_location and hasattr(spec.loader, "get_data")
    file = Path(spec.origin) if spec.origin and readable else None
    folders = list(spec.submodule_search_locations or ())
    if file is None and not folders:
        return None  # built in
    return Module(name, file, folders, spec.loader)


def _is_standard(file: Path) -> bool:
    inside = file.is_relative_to(_STANDARD)
    return inside and _SITES.isdisjoint(file.relative_to(_STANDARD).parts)
