"""What the command prints in this process, which is quicker than starting one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchkit.cli.main import main
from benchkit.registry.discovery import load_catalog
from tests.bad_plugins import install_all
from tests.session import Session


@dataclass
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def benchkit(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ended]]:
    """Give a function that runs the command with some arguments and plugins found anew."""

    def run(*arguments: str) -> Ended:
        load_catalog.cache_clear()
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        captured = capsys.readouterr()
        return Ended(int(stop.value.code or 0), captured.out, captured.err)

    yield run
    load_catalog.cache_clear()


@pytest.fixture(scope="session")
def bad_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every kind of broken plugin installed."""
    return install_all(tmp_path_factory.mktemp("bad") / "site")


@pytest.fixture
def bad_session(tmp_path: Path, bad_site: Path) -> Session:
    """Return a session in which every kind of broken plugin is installed."""
    return Session(tmp_path, [bad_site])
