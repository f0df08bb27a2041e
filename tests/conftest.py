"""What every test shares: folders of its own, so that nothing of this machine leaks in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.installed import install
from tests.session import Session

# Before torch is imported: two workers with two threads each get in each other's way, and a thread
# that waits for another one that is not running does so in a busy loop.
os.environ.setdefault("OMP_NUM_THREADS", "1")

if {"PYTEST_XDIST_WORKER", "COVERAGE_PROCESS_CONFIG"} <= os.environ.keys():
    below = Path(__file__).parent / "coverage_below"
    known = filter(None, [os.environ.get("PYTHONPATH")])
    os.environ["PYTHONPATH"] = os.pathsep.join([str(below), *known])

# Imports within a test, and whatever else runs on the machine, take time that says nothing.
settings.register_profile("benchkit", deadline=None)
settings.load_profile("benchkit")

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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty data folder, the only one that is looked at."""
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("BENCHKIT_DATA", str(data))
    return data


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the package of the tiny datasets is installed."""
    text = (Path(__file__).parent / "tiny_plugin.py").read_text()
    site = tmp_path_factory.mktemp("site")
    return install(site, "tiny-plugin", {"tiny": "tiny_plugin"}, {"tiny_plugin.py": text})


@pytest.fixture
def session(tmp_path: Path, tiny_site: Path) -> Session:
    """Return a session in an empty folder, with the tiny datasets installed."""
    return Session(tmp_path, [tiny_site])


@pytest.fixture
def mount_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Give a function that mounts a real file system of a size; skip where that is not allowed."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            pytest.skip(f"cannot mount a file system: {error}")
        if done.returncode:
            pytest.skip(f"cannot mount a file system: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
