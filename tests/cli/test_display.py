"""What a run looks like on a terminal: a real one, of 120 by 40."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

FOREIGN = Path(__file__).parent.parent / "execution" / "foreign.py"


def run_on_a_terminal(session, *arguments: str) -> str:
    """Run benchkit with standard error on a pseudo-terminal; return all that was drawn on it."""
    ours, theirs = pty.openpty()
    environment = {**session.environment(), "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchkit", *arguments],
        cwd=session.folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    drawn = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # a pseudo-terminal's way to say that the other side has closed it
            break
        if not piece:
            break
        drawn += piece
    os.close(ours)
    assert process.wait() == 0, drawn.decode()
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn.decode())


def test_a_terminal_shows_a_bar_for_every_running_trial_and_the_queue(session):
    """Each trial has a line with its phase while it runs; the queue counts and estimates."""
    drawn = run_on_a_terminal(
        session,
        "run",
        "-d",
        f"{FOREIGN}:Sleeps[seconds=0.5,number=[0,1,2]]",
        "-D",
        "tiny",
        "-j",
        "2",
    )
    assert "planning" in drawn
    assert re.search(r"Sleeps\[number=0,seconds=0.5\] on tiny/plain \(real\) seed 0: fit", drawn)
    assert re.search(r"trials .* [2-5]/6, 0:00:\d\d left", drawn)
    assert "[6/6]" in drawn


def test_steps_that_a_detector_reports_move_its_bar(session):
    """benchkit.progress in a detector is a bar with its own words and numbers."""
    (session.folder / "steps.py").write_text(
        "import time\nimport numpy as np\nfrom benchkit import progress\n\n\n"
        "class Steps:\n"
        "    def fit(self, X):\n"
        "        for _ in progress(range(5), 'epochs'):\n"
        "            time.sleep(0.2)\n"
        "        return self\n\n"
        "    def decision_function(self, X):\n"
        "        return X[:, 0]\n"
    )
    drawn = run_on_a_terminal(session, "run", "-d", "./steps.py:Steps", "-D", "tiny")
    assert re.search(r"seed 0: fit epochs .* [1-4]/5", drawn)
