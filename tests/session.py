"""Run the real command in a real process, and find every process that it started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARK = "BENCHKIT_TEST_SESSION"
PATIENCE = 5
"""Seconds in which what was told to end has to: it takes milliseconds where cores are free."""
HANGING = 500
"""Seconds after which a command is taken for one that hangs."""
DRAWING = {("run",), ("score",), ("leaderboard",), ("merge",)}
"""Verbs that draw plots unless they are told not to."""


@dataclass
class Session:
    """A folder to work in, an environment, and the packages installed into it."""

    folder: Path
    sites: list[Path]
    variables: dict[str, str] = field(default_factory=dict)
    plots: bool = False
    """Whether commands draw plots; most tests look at something else."""
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def environment(self) -> dict[str, str]:
        """Return the environment of the commands; it marks whatever they start."""
        # An empty entry would be the working folder.
        path = os.pathsep.join(filter(None, [*map(str, self.sites), os.environ.get("PYTHONPATH")]))
        return {**os.environ, "PYTHONPATH": path, MARK: self.mark, **self.variables}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``benchkit`` with these arguments in a process group of its own."""
        if not self.plots and arguments[:1] in DRAWING:
            arguments += ("--no-plots",)
        return subprocess.Popen(
            [sys.executable, "-m", "benchkit", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def benchkit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``benchkit`` with these arguments to its end, which it has to come to."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=HANGING)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def records(self) -> list[tuple[dict, Path]]:
        """Return every record of the session's store with its folder; each has to be whole."""
        found = self.folder.glob("leaderboards/records/*/record.json")
        whole = [path for path in found if not path.parent.name.startswith(".")]
        return [(json.loads(path.read_text()), path.parent) for path in whole]

    def processes(self) -> list[psutil.Process]:
        """Return every living process that a command of this session started, however detached."""
        found = []
        for process in psutil.process_iter():
            try:
                marked = process.environ().get(MARK) == self.mark
                if marked and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def wait_until_alone(self) -> list[psutil.Process]:
        """Wait until nothing of this session runs; return what still does after `PATIENCE`."""
        deadline = time.monotonic() + PATIENCE
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left
