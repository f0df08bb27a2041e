"""What a module imports, read from its source text."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator

_CALLS = {"import_module", "__import__", "run_module", "resolve_name", "find_spec"}
_NAME = re.compile(r"\.*[^\W\d]\w*(\.[^\W\d]\w*)*")
_PATTERN = re.compile(r"[\w.?]*\w[\w.?]*")
UNKNOWN = "?"
"""Stands in a name for what is known only when the module runs."""


def parse_module(source: bytes) -> ast.Module | None:
    """Return the syntax tree of a module; None where it has none, as of a compiled one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of doubtful escapes in other people's texts
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def list_imports(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the full names that a module may import, wherever in it, and some that are none.

    Parameters
    ----------
    tree
        Of the module.
    package
        Its package, which relative imports start from; empty where it is in none.

    ``from a import b`` gives ``a`` and ``a.b``, which may be a module or not, and ``from a import
    *`` gives ``a.*``. Calls of ``import_module`` and its like count: with the name that is
    written out, or put together of texts, with `UNKNOWN` for each part that is not one; or, where
    it is computed elsewhere, with every text in the module that could be the name of a module
    beside it. Left out is what an import of the module does not run: the body of ``if
    TYPE_CHECKING`` and of ``if __name__ == "__main__"``.
    """
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve(node.module or "", node.level, package)
            if base:
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in _CALLS:
            yield from _list_called(node, tree, package)


def list_public(tree: ast.Module) -> list[str]:
    """Return the names in ``__all__``, where it is written out."""
    names: list[str] = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            names += _texts(ast.walk(node))
    return names


def resolve(name: str, level: int, package: str) -> str:
    """Return the full name of a relative import; empty where it leads out of every package."""
    if not level:
        return name
    parts = package.split(".") if package else []
    above = parts[: len(parts) - level + 1]
    return ".".join(filter(None, [*above, name])) if len(parts) >= level else ""


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node that importing the module, or calling something in it, may run."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and _never_imported(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _never_imported(test: ast.expr) -> bool:
    if isinstance(test, ast.Compare):
        compared = [test.left, *test.comparators]
        names = [c.id for c in compared if isinstance(c, ast.Name)]
        same = len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)
        return same and names == ["__name__"] and _texts(compared) == ["__main__"]
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _list_called(call: ast.Call, tree: ast.Module, package: str) -> Iterator[str]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    arguments = dict(enumerate(call.args))
    name = join_texts(arguments.get(0, given.get("name", given.get("mod_name"))), package)
    if not _PATTERN.fullmatch(name.partition(":")[0]):
        yield from _list_texts(tree, package)
        return
    name = name.partition(":")[0]  # as pkgutil.resolve_name has it
    dots = _count_dots(name)
    if _called(call) != "__import__":
        anchor = _text(arguments.get(1, given.get("package")))
        yield resolve(name[dots:], dots, anchor or package)
        return
    level = arguments.get(4, given.get("level"))
    base = resolve(name, getattr(level, "value", 0), package)
    yield base
    listed = arguments.get(3, given.get("fromlist"))
    yield from (f"{base}.{text}" for text in _texts(ast.walk(listed) if listed else ()))


def _list_texts(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield every name that a text of the module, or one put together of texts, could be."""
    top = package.partition(".")[0]
    for node in ast.walk(tree):
        text = join_texts(node, package)
        if not (_NAME if UNKNOWN not in text else _PATTERN).fullmatch(text):
            continue
        dots = _count_dots(text)
        if not package or text.startswith(f"{top}."):
            yield text
        yield resolve(text[dots:], max(dots, 1), package)


def join_texts(node: ast.AST | None, package: str = "") -> str:
    """Return the text that an expression gives, with `UNKNOWN` for what is known only later."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(join_texts(part, package) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return join_texts(node.value, package)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return join_texts(node.left, package) + join_texts(node.right, package)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return re.sub(r"%\w", UNKNOWN, join_texts(node.left, package))
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
        return re.sub(r"{\w*}", UNKNOWN, join_texts(getattr(node.func, "value", None), package))
    if isinstance(node, ast.Name) and node.id in ("__name__", "__package__") and package:
        return package
    return UNKNOWN


def _count_dots(name: str) -> int:
    return len(name) - len(name.lstrip("."))


def _text(node: ast.AST | None) -> str | None:
    return next(iter(_texts([node])), None) if node else None


def _texts(nodes: Iterable[ast.AST]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
