"""docs/metrics.md says what the metrics are and what they give away."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

MAKER = Path(__file__).parent.parent.parent / "docs" / "make_metrics.py"


@pytest.fixture(scope="module")
def maker():
    """Return the script that writes the page."""
    spec = importlib.util.spec_from_file_location("make_metrics", MAKER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_tables_are_fresh(maker):
    """`tox -e docs` would change nothing."""
    text = maker.PAGE.read_text()
    assert maker.make_page(text, maker.make_tables()) == text


@pytest.mark.slow
def test_what_vus_pr_says_of_rare_events_is_fresh(maker):
    """Computed again from the same seeds, on three digits."""
    text = maker.PAGE.read_text()
    assert maker.make_page(text, maker.measure_vus()) == text


@pytest.mark.slow
@pytest.mark.real_data
def test_what_nothing_is_worth_is_fresh(maker, real_data):
    """Computed again on the real labels."""
    try:
        table = maker.measure_nothing()
    except FileNotFoundError:
        pytest.skip("metric_fixtures is not among the real files")
    text = maker.PAGE.read_text()
    assert maker.make_page(text, {"nothing": table}) == text
