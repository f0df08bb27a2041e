"""Where our processes look for modules: never in the working folder before anywhere else.

``python -m`` and ``python -c``, by which `multiprocessing` starts servers and spawned processes,
look there first: a user's ``random.py`` would become ``random``. A detector's module in the
working folder is found all the same, by `benchkit.registry.targets`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_VARIABLE = "PYTHONSAFEPATH"
_OURS = "BENCHKIT_SAFE_PATH"
_PYTHONPATH = "PYTHONPATH"


def put_working_folder_last() -> None:
    """Let an empty entry of PYTHONPATH do no harm.

    ``export PYTHONPATH=$PYTHONPATH:lib`` may give one, which stands for the working folder,
    unasked. An entry that names the folder is a wish.
    """
    entries = os.environ.get(_PYTHONPATH, "").split(os.pathsep)
    named = [entry for entry in entries if entry]
    if not named or len(named) == len(entries):
        return
    os.environ[_PYTHONPATH] = os.pathsep.join(named)
    folder = str(Path.cwd())
    if folder in sys.path and folder not in [str(Path(entry).absolute()) for entry in named]:
        sys.path.remove(folder)
        sys.path.append(folder)


def protect_children() -> None:
    """Keep the working folder off the path of what a detector starts, where it would shadow.

    joblib starts its workers by ``python -m``, which a ``random.py`` here would break. Elsewhere
    nothing is set, so that a script that a detector starts finds the files beside it.
    """
    if any(map(_is_taken, _list_modules(Path.cwd()))):
        os.environ[_VARIABLE] = "1"


def _list_modules(folder: Path) -> Iterator[str]:
    yield from (path.stem for path in folder.glob("*.py"))
    yield from (path.parent.name for path in folder.glob("*/__init__.py"))


def _is_taken(name: str) -> bool:
    return name in sys.stdlib_module_names or ("." not in name and bool(find_spec(name)))


@contextmanager
def safe_path() -> Iterator[None]:
    """Keep the working folder off the path of the interpreters that are started meanwhile."""
    if os.environ.get(_VARIABLE):
        yield
        return
    os.environ[_VARIABLE] = os.environ[_OURS] = "1"
    try:
        yield
    finally:
        leave_safe_path()


def leave_safe_path() -> None:
    """Forget the setting in this process, so that what a detector starts is as it expects."""
    if os.environ.pop(_OURS, ""):
        os.environ.pop(_VARIABLE, None)
