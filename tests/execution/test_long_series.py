"""A series may be longer than the memory that a trial is allowed."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.long_series import measure


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="pages are given back on Linux only")
def test_memory_does_not_grow_with_the_length_of_a_series(tmp_path):
    """450 MB of values are imported, fitted on and scored in a third of that."""
    taken = measure(2_000_000, tmp_path, limit="256M")
    assert taken["pca_growth_mib"] < 150
    assert taken["distance_growth_mib"] < 150
