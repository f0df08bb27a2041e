"""Data folders of their own for the tests of datasets."""

from __future__ import annotations

import pytest

from benchkit.data import find_file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give an empty data folder; nothing of the user's is looked at."""
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("BENCHKIT_DATA", str(data))
    monkeypatch.setenv("BENCHKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return data


@pytest.fixture
def real_file(real_data):
    """Give a function from a real file's name to its path; it skips where the file is not here."""

    def find(name):
        path = find_file(name)
        if path is None:
            pytest.skip(f"{name} is not in {real_data}")
        return path

    return find
