"""What benchmarks share, and a short name for renewing: `tox -e bench -- --update`."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", dest="timing_update", action="store_true", help="as --timing-update"
    )


@pytest.fixture
def fresh() -> Iterator[Callable[[], tuple[list[Path], dict]]]:
    """Give a setup for `timed` that passes an empty folder and removes the one before.

    In memory where that can be: what a disk takes is no property of the program.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as place:
        numbers = itertools.count()

        def make() -> tuple[list[Path], dict]:
            number = next(numbers)
            shutil.rmtree(Path(place, str(number - 1)), ignore_errors=True)
            Path(place, str(number)).mkdir()
            return [Path(place, str(number))], {}

        yield make
