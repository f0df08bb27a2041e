"""The source files that a module consists of, found without running any of them."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

_FROM = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n#]+)", re.MULTILINE)


def find_sources(module_name: str) -> dict[str, Path]:
    """Return the files that a module's behaviour comes from, by a name that no machine changes.

    For a module in a package these are the Python files of the folder it stands in and the folders
    below, because a class is seldom alone, and every module of the same top-level package that
    they import, and so on. For a lone module that is its file. Empty where there is no source.
    """
    origin = _origin(module_name)
    if origin is None:
        return {}
    if "." not in module_name and origin.name != "__init__.py":
        return {origin.name: origin}
    package = module_name if origin.name == "__init__.py" else module_name.rpartition(".")[0]
    top = module_name.partition(".")[0]
    found: dict[str, Path] = {}
    looked_for: set[str] = set()
    waiting = [
        (".".join((package, *file.relative_to(origin.parent).with_suffix("").parts)), file)
        for file in sorted(origin.parent.rglob("*.py"))
    ]
    while waiting:
        name, file = waiting.pop()
        name = name.removesuffix(".__init__")
        if name in found:
            continue
        found[name] = file
        inside = name if file.name == "__init__.py" else name.rpartition(".")[0]
        text = file.read_text(encoding="utf-8", errors="replace")
        new = {n for n in _imports(text, inside) if n.startswith(f"{top}.")} - looked_for
        looked_for |= new
        for imported in new:
            target = _beside(imported, module_name, origin)
            if target is not None:
                waiting.append((imported, target))
    return dict(sorted(found.items()))


def _imports(text: str, package: str) -> Iterator[str]:
    """Yield the full names that a module of ``package`` imports, and some that are no modules."""
    for base, names in _FROM.findall(text):
        dots = len(base) - len(base.lstrip("."))
        if dots:
            above = package.split(".")[: len(package.split(".")) - dots + 1]
            base = ".".join([*above, *filter(None, [base[dots:]])])
        yield base
        for word in re.findall(r"(\w+)(?:\s+as\s+\w+)?", names):
            yield f"{base}.{word}"
    for names in _IMPORT.findall(text):
        yield from re.findall(r"([.\w]+)(?:\s+as\s+\w+)?", names)


def _beside(name: str, known: str, origin: Path) -> Path | None:
    """Return the file of a module, from where another one of the same package lies."""
    parts = known.split(".") if origin.name == "__init__.py" else known.split(".")[:-1]
    root = origin.parents[len(parts)]
    path = root.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def _origin(module_name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module_name)
    except ModuleNotFoundError:
        return None
    if spec is None or not spec.origin or not Path(spec.origin).is_file():
        return None
    return Path(spec.origin)
