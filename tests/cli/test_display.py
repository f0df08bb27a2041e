"""What a run looks like on a terminal: a real one, of a given width."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from benchkit.cli.live_lines import ENDLESS, LiveLines, shorten

FOREIGN = Path(__file__).parent.parent / "execution" / "foreign.py"


def resize(terminal: int, columns: int) -> None:
    """Make a terminal so wide, and 40 lines high."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def draw(session, *arguments: str, columns: int = 120, then: int = 0, **variables: str) -> str:
    """Run benchkit with standard error on a pseudo-terminal; return all that was written to it.

    ``then`` is how wide the terminal is made once trials run.
    """
    ours, theirs = pty.openpty()
    resize(theirs, columns)
    # What the terminal was once as wide as stays in variables.
    stale = {"TERM": "xterm", "COLUMNS": "200", "LINES": "50"}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchkit", *arguments],
        cwd=session.folder, env={**session.environment(), **stale, **variables},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
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
        if then and b"to run" in drawn:
            resize(ours, then)
            drawn, then = b"", 0
    os.close(ours)
    assert process.wait() == 0, drawn.decode()
    return drawn.decode()


def without_codes(drawn: str) -> str:
    """Return what was written without what moves the cursor and sets colours."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)


def run_on_a_terminal(session, *arguments: str) -> str:
    """Run benchkit on a terminal of 120 columns; return the text of all that was drawn."""
    return without_codes(draw(session, *arguments))


def live(drawn: str) -> list[str]:
    """Return the lines of the live display, each as often as it was drawn: they have a spinner."""
    lines = re.split(r"[\r\n]+", without_codes(drawn))
    return [line for line in lines if re.match(r"[\u2801-\u28ff] ", line)]


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


LONG = "VeryLongNameOfADetector異常検知"
STEPS = f"""\
import time

from benchkit import progress


class {LONG}:
    def __init__(self, parameter=1):
        self.parameter = parameter

    def fit(self, X):
        for _ in progress(range(6), "epochs of the generator"):
            time.sleep(0.1)
        return self

    def decision_function(self, X):
        return X[:, 0]
"""
RUN = ("run", "-d", f"./steps.py:{LONG}[parameter=[1,2]]", "-D", "tiny", "--no-plots", "-j", "2")


@pytest.fixture
def long_session(session):
    """Return a session with a detector whose name is long and has wide characters."""
    (session.folder / "steps.py").write_text(STEPS)
    return session


@pytest.mark.parametrize("columns", [80, 40])
def test_no_line_is_wider_than_the_terminal(long_session, columns):
    """Labels are cut in their middle, the phase behind them stays."""
    lines = live(draw(long_session, *RUN, columns=columns))
    assert max(map(cell_len, lines)) < columns
    assert any("…" in line and ": fit ep" in line for line in lines)
    assert any(re.search(r"trials .*[0-4]/5", line) for line in lines)


def test_a_terminal_that_is_made_smaller_is_noticed(long_session):
    lines = live(draw(long_session, *RUN, columns=100, then=40))
    # The first frame may have been under way.
    assert max(map(cell_len, lines[12:])) < 40


def test_without_colours_nothing_is_coloured(long_session):
    """NO_COLOR: the bars stay, and the numbers behind them stand below each other."""
    drawn = draw(long_session, *RUN, columns=80, NO_COLOR="1")
    assert live(drawn)
    assert not re.search(r"\x1b\[[0-9;]*m", drawn.replace("\x1b[0m", ""))


def test_a_dumb_terminal_gets_lines(long_session):
    """Nothing that moves the cursor, which it would show as letters."""
    drawn = draw(long_session, *RUN, columns=80, TERM="dumb")
    assert "\x1b" not in drawn
    assert "[5/5]" in drawn


def test_a_file_gets_lines_even_where_colours_are_asked_for(long_session):
    """FORCE_COLOR is set where tests run; a log has no use for a moving cursor."""
    long_session.variables["FORCE_COLOR"] = "1"
    done = long_session.benchkit(*RUN)
    assert done.returncode == 0
    assert "[5/5]" in done.stderr
    assert not re.search(r"\x1b\[[0-9?]*[A-HJKhl]", done.stderr)


def lines_of(width: int, encoding: str, tasks: list[tuple]) -> list[str]:
    """Return the lines for tasks of (label, step, total, done), drawn once."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")
    console = Console(file=file, width=width, force_terminal=True, color_system=None)
    display = LiveLines(console=console, auto_refresh=False)
    for label, step, total, done in tasks:
        task = display.add_task("", total=total, label=label, step=step)
        for part in range(3):
            display.update(task, completed=done * part / 2)
    with console.capture() as captured:
        console.print(display.get_renderable())
    return captured.get().split("\n")[:-1]


texts = st.text(st.characters(codec="utf-8"), max_size=90)


@given(
    width=st.integers(1, 130),
    encoding=st.sampled_from(["utf-8", "ascii"]),
    tasks=st.lists(
        st.tuples(texts, texts, st.sampled_from([ENDLESS, 0, 7, 10**12]), st.integers(0, 10**12)),
        min_size=1,
        max_size=4,
    ),
)
def test_every_task_is_one_line_that_fits(width, encoding, tasks):
    """Whatever it is called, however far it is, and however narrow the terminal is."""
    lines = lines_of(width, encoding, tasks)
    assert len(lines) == len(tasks)
    assert all(cell_len(line) <= max(2, width - 1) for line in lines)
    if encoding == "ascii":
        assert all(map(str.isascii, lines))


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (30, "madgan[layers=2] on swat: fit"),
        (20, "madgan[…on swat: fit"),
        (12, "mad…wat: fit"),
        (8, "ma…t: fi"),
        (3, "mad"),
    ],
)
def test_of_a_label_the_middle_is_left_out(width, expected):
    assert shorten("madgan[layers=2] on swat", ": fit", width) == expected


def test_a_wide_character_is_not_halved():
    """It takes two columns."""
    assert shorten("異常検知異常検知", "", 9) == "異常…検知"
    assert shorten("異常検知異常検知", "", 8) == "異常…知"


def test_a_phase_without_steps_shows_none():
    """The numbers of the phase before are not carried over, nor the time that was left in it."""
    display = LiveLines(console=Console(file=io.StringIO(), width=80), auto_refresh=False)
    task = display.add_task("", total=20, label="pca", step=": fit epochs")
    for done in range(21):
        display.update(task, completed=done)
    display.update(task, step=": score", completed=0, total=ENDLESS)
    with display.console.capture() as captured:
        display.console.print(display.get_renderable())
    assert "left" not in captured.get()
    assert "/" not in captured.get()
