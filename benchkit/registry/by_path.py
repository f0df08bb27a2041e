"""Modules that are given by the path of their file, under names that every process can import.

A file becomes a module of this package, and its name holds the path. So a process that a detector
starts, by joblib or by multiprocessing, finds the functions that are sent to it; and a user's
``random.py`` never becomes the module ``random``.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

__path__: list[str] = []  # makes a package of this module

_NAME = re.compile(re.escape(__name__) + r"\.\w*_((?:[0-9a-f]{2})+)")


def import_file(path: Path) -> ModuleType:
    """Import a Python file and return its module.

    The folder of the file is looked in last when it imports others, so that a file beside it takes
    the place of no installed module.

    Raises
    ------
    ImportError
        There is no such file, its name does not end in ``.py``, or it imports relatively.
    Exception
        Whatever the file raises.
    """
    path = path.absolute()
    if path.suffix != ".py" or not path.is_file():
        raise ImportError(f"{path} is not a Python file")
    stem = re.sub(r"\W", "_", path.stem)
    try:
        return importlib.import_module(f"{__name__}.{stem}_{os.fsencode(path).hex()}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(f"{__name__}."):
            raise
        raise ImportError(
            f"{path} imports relatively, which works in packages only: write 'import name' for "
            "what lies beside it, or give it as package.module:Class"
        ) from error


class _Finder:
    """Finds the file that a module's name holds."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        file = Path(os.fsdecode(bytes.fromhex(match[1])))
        if str(file.parent) not in sys.path:
            sys.path.append(str(file.parent))
        loader = SourceFileLoader(name, str(file))
        return spec_from_file_location(name, file, loader=loader)


sys.meta_path.append(_Finder)
