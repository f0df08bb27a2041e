"""Sessions with the tiny datasets installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.installed import install
from tests.session import Session


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the package of the tiny datasets is installed."""
    text = (Path(__file__).parent.parent / "tiny_plugin.py").read_text()
    site = tmp_path_factory.mktemp("site")
    return install(site, "tiny-plugin", {"tiny": "tiny_plugin"}, {"tiny_plugin.py": text})


@pytest.fixture
def session(tmp_path: Path, tiny_site: Path) -> Session:
    """Return a session in an empty folder."""
    return Session(tmp_path, [tiny_site])
