"""A reader's shell: an environment in which pages' examples are typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.docs.examples import Example

NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: nothing is downloaded, so that simulations take the data's place."""
HANGING = 300
"""Seconds after which an example is taken for one that hangs."""


def make_environment(folder: Path, home: Path) -> dict[str, str]:
    """Make an environment with pip and what benchkit depends on; return its variables.

    benchkit itself is not in it, nor is any plugin.
    """
    venv.create(folder, with_pip=True, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    # Packages of this interpreter, but not its .pth files, by which this checkout is installed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for command in ("pytest",):  # of the packages that are not installed anew
        script = folder / "bin" / command
        script.write_text(f"#!{folder}/bin/python\nimport {command}\n{command}.console_main()\n")
        script.chmod(0o755)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BENCHKIT_", "PYTHON"))}
    return {
        **inherited,
        "PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]]),
        "BENCHKIT_CACHE": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "share"),
        "HOME": str(home),
        "OMP_NUM_THREADS": "1",
        # Build backends are those of this environment, not fetched: pip reads 0 as "no isolation".
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


@dataclass
class Shell:
    """A folder to type in."""

    folder: Path
    variables: dict[str, str]

    def play(self, example: Example) -> None:
        """Save or run an example; raise AssertionError with what it printed where it fails."""
        if example.kind == "file":
            path = self.folder / example.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text)
            return
        if example.kind == "python":
            done = self.run(["python", "-"], example.text)
        else:
            done = self.run(["bash", "-euo", "pipefail"], self.fill(example.text))
        codes = {0, 1} if example.mark and example.mark.kind == "exits 0 or 1" else {0}
        where = f"line {example.line}: {example.text.strip()}"
        assert done.returncode in codes, f"{where}\nexits {done.returncode}\n{done.stdout[-3000:]}"

    def run(self, command: list[str], text: str) -> subprocess.CompletedProcess[str]:
        """Give a program a text to run; both of its output streams come back as one."""
        return subprocess.run(
            command,
            input=text,
            cwd=self.folder,
            env={**self.variables, "https_proxy": NOWHERE, "http_proxy": NOWHERE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=HANGING,
            check=False,
        )

    def fill(self, text: str) -> str:
        """Put what a reader would in the place of words in capital letters."""
        for word, value in FILLED.items():
            if word in text:
                text = text.replace(word, value(self.folder))
        return text


def _first_trial(folder: Path) -> str:
    return str(min(folder.glob("leaderboards/records/*/record.json")).parent)


def _another_store(folder: Path) -> str:
    there = folder.parent / "there"
    shutil.copytree(folder / "leaderboards", there / "leaderboards", dirs_exist_ok=True)
    return str(there)


FILLED: dict[str, Callable[[Path], str]] = {"TRIAL": _first_trial, "THERE": _another_store}
"""Words in capital letters, and what stands for them in the folder of a page."""
