"""Plugin packages, really installed where this process and others find them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchkit.registry.catalog import Catalog
from benchkit.registry.discovery import load_catalog
from tests.installed import install

Install = Callable[..., Path]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Give a function that installs a distribution with one module, importable by this process.

    It takes the distribution's name and the text of its module; what the test imports of it is
    forgotten afterwards.
    """
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    before = set(sys.modules)

    def add(distribution: str, text: str, entry: str | None = None) -> Path:
        module = distribution.replace("-", "_")
        return install(site, distribution, {entry or distribution: module}, {f"{module}.py": text})

    load_catalog.cache_clear()
    yield add
    load_catalog.cache_clear()
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").is_relative_to(site):
            del sys.modules[name]


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    """Return the catalog of what benchkit itself brings."""
    load_catalog.cache_clear()
    yield load_catalog()
    load_catalog.cache_clear()
