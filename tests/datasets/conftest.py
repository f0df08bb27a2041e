"""Data folders of their own for the tests of datasets."""

from __future__ import annotations

import pytest

from benchkit.data import find_file


@pytest.fixture
def real_file(real_data):
    """Give a function from a real file's name to its path; it skips where the file is not here."""

    def find(name):
        path = find_file(name)
        if path is None:
            pytest.skip(f"{name} is not in {real_data}")
        return path

    return find
