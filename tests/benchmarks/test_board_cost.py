"""What it costs to make everything anew from the records of a year."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchkit.results.store import RECORD
from tests.pace import within
from tests.report.many import make_records

CODE = """\
import time
from benchkit.cli.main import main
from tests.memory import peak_gigabytes
try:
    main(["leaderboard", "--no-plots"])
except SystemExit as ended:
    print(ended.code, time.process_time(), peak_gigabytes())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_boards_and_page_of_5000_trials_take_10_seconds_and_a_gigabyte(tmp_path: Path) -> None:
    """Seconds of one processor, imports included; the plots come on top, once."""
    for number, record in enumerate(make_records(5000)):
        folder = tmp_path / "leaderboards" / "records" / f"trial-{number:04}"
        folder.mkdir(parents=True)
        (folder / RECORD).write_text(record.to_json())
    command = [sys.executable, "-c", CODE]

    def make() -> list[str]:
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return ended.stdout.splitlines()[-1].split()

    code, _, gigabytes = within(10, make, took=lambda said: float(said[1]))
    assert code == "0"
    assert float(gigabytes) < 1
    assert len((tmp_path / "leaderboards" / "index.html").read_text()) > 1_000_000
