"""The boards in the repository come from the records in the repository."""

from __future__ import annotations

import re
from pathlib import Path

from benchkit.report.publication import check_published
from benchkit.results.store import Store

REFERENCE = Path(__file__).parent.parent.parent / "leaderboards" / "reference"


def test_the_committed_boards_are_fresh():
    """`benchkit leaderboard --no-plots --out leaderboards/reference` would change nothing."""
    entries = Store(REFERENCE / "records").entries()
    assert entries
    assert check_published(REFERENCE, entries, plots=False) == ""


def test_the_committed_records_are_of_real_data_and_name_no_machine():
    """No simulated number is a reference, and no path of a maintainer's is published."""
    for path in REFERENCE.glob("records/*/record.json"):
        text = path.read_text()
        assert '"variant": "real"' in text
        assert not re.search(r'"/\w+/', text), path
