"""What every test shares: folders of its own, so that nothing of this machine leaks in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL_DATA = os.environ.get("BENCHKIT_DATA", "")


@pytest.fixture(autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep caches and downloads of a test out of the user's, and plugins' variables unset."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BENCHKIT_CACHE", str(home / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "share"))
    monkeypatch.delenv("BENCHKIT_DATA", raising=False)
    for variable in ("LOAD", "DISABLE", "STRICT"):
        monkeypatch.delenv(f"BENCHKIT_{variable}_PLUGINS", raising=False)


@pytest.fixture
def real_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the real files; skip the test where there is none."""
    if not REAL_DATA or not Path(REAL_DATA).is_dir():
        pytest.skip("BENCHKIT_DATA does not point to the real files")
    monkeypatch.setenv("BENCHKIT_DATA", REAL_DATA)
    return Path(REAL_DATA)
