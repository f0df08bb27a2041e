"""Show that the timing gate sees slower programs and does not see busy machines.

    python docs/make_timing_gate.py           # against leaderboards/timing.json; most of an hour
    python docs/make_timing_gate.py --renew   # write that file first, then the same
    python docs/make_timing_gate.py --quick   # a few benchmarks and runs, a baseline of its own

Nothing else may run beside it. Ten benchmarks are made half as slow again (see
tests/benchmarks/slower.py), alone and beside busy processes, one for each core; then the whole
gate runs ten times over unchanged code, every second time beside such processes. Prints the tables
of docs/performance.md, and ends with 1 where one of these came out wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from tabulate import tabulate

from benchkit.execution.environment import usable_cores
from benchkit.timing.pytest_plugin import GATE

ROOT = Path(__file__).parents[1]
FOLDER = "tests/benchmarks"
BASELINE = ROOT / "leaderboards" / "timing.json"
PLANTED = 1.5
TEN = (
    "test_harness_cost.py::test_the_command_starts_fast[--help]",
    "test_discovery_speed.py::test_discovering_plugins",
    "test_data_speed.py::test_adding_a_recording[xlsx]",
    "test_data_speed.py::test_writing_the_cache",
    "test_windows_speed.py::test_scores_of_windows_become_scores_of_rows",
    "test_metrics_speed.py::test_all_metrics",
    "test_records_speed.py::test_writing_a_store",
    "test_records_speed.py::test_making_boards",
    "test_detectors_speed.py::test_learning[madgan]",
    "test_detectors_speed.py::test_scoring[knn]",
)
QUICK = TEN[1:2] + TEN[5:6] + TEN[8:9]
BUSY = "while True:\n    sum(range(100_000))"


@dataclass(frozen=True)
class Run:
    """A session of the gate: its exit code, seconds, and verdicts as mappings."""

    code: int
    seconds: float
    verdicts: list[dict[str, Any]]

    def words(self, word: str) -> list[dict[str, Any]]:
        """Return the verdicts with a word."""
        return [verdict for verdict in self.verdicts if verdict["word"] == word]


class Listener:
    """A pytest plugin that keeps what the gate found."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the verdicts where the script that started the session looks for them."""
        verdicts = [asdict(verdict) for verdict in session.config.stash[GATE].verdicts]
        self.path.write_text(json.dumps(verdicts))


def run_gate(names: Sequence[str], baseline: Path, *options: str) -> Run:
    """Run benchmarks, all for no names, in a process of its own."""
    chosen = [f"{FOLDER}/{name}" for name in names] or [FOLDER]
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "verdicts.json")
        command = [sys.executable, __file__, "--session", str(found), *chosen]
        command += ["--timing-baseline", str(baseline), *options]
        begin = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - begin
        if not found.exists():
            raise SystemExit(f"the gate did not run:\n{done.stdout}")
        run = Run(done.returncode, seconds, json.loads(found.read_text()))
    if run.code and not run.words("SLOWER"):
        tell(f"something other than the gate went wrong:\n{done.stdout}")
    return run


def serve_session(path: Path, arguments: list[str]) -> int:
    """Be the process of `run_gate`."""
    fixed = ["-p", "no:xdist", "-p", "tests.benchmarks.slower", "--benchmark-only", "-q"]
    fixed += ["-k", "speed or starts"]  # the others have bounds of their own, for idle machines
    return pytest.main([*fixed, *arguments], plugins=[Listener(path)])


@contextlib.contextmanager
def busy_cores(count: int) -> Iterator[None]:
    """Keep so many processes computing while this lasts."""
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
        for process in busy:
            process.wait()


def plant(names: Sequence[str], baseline: Path, cores: int) -> tuple[str, bool]:
    """Return the table of planted slowdowns, and whether all were caught."""
    runs = []
    for busy in (0, cores):
        tell(f"{PLANTED} times as slow, beside {busy} busy processes")
        with busy_cores(busy):
            runs.append(run_gate(names, baseline, "--slower", str(PLANTED)))
    alone, beside = ({v["name"]: v for v in run.verdicts} for run in runs)
    rows = []
    for name in names:
        own, other = (found[f"{FOLDER}/{name}"] for found in (alone, beside))
        rows.append((name.partition("::")[2], own["now"]["like"], *_found(own), *_found(other)))
    head = ("planted: 1.5 times as slow", "like", "alone", "", f"beside {cores} busy", "")
    caught = len(runs[0].words("SLOWER")) == len(names)
    return tabulate(rows, head, tablefmt="github", disable_numparse=True), caught


def repeat(names: Sequence[str], baseline: Path, cores: int, runs: int) -> tuple[str, bool]:
    """Return the table of runs over unchanged code, and whether all were green."""
    rows, green = [], True
    for number in range(runs):
        busy = cores * (number % 2)
        tell(f"unchanged, run {number + 1} of {runs}, beside {busy} busy processes")
        with busy_cores(busy):
            run = run_gate(names, baseline)
        worst = max(run.verdicts, key=lambda v: v["slowdown"]["value"])
        green &= run.code == 0
        rows.append(
            (
                number + 1,
                busy,
                f"{run.seconds / 60:.1f} min",
                len(run.verdicts),
                ", ".join(map(_name, run.words("SLOWER"))) or "none",
                len(run.words("uncertain")),
                f"{_found(worst)[0]}, {_name(worst)}",
            )
        )
    head = ("run", "busy processes", "took", "benchmarks", "red", "uncertain", "the slowest")
    return tabulate(rows, head, tablefmt="github", disable_numparse=True), green


def tell(text: str) -> None:
    """Say what is being done, not in the tables."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def _name(verdict: dict[str, Any]) -> str:
    return str(verdict["name"].partition("::")[2])


def _found(verdict: dict[str, Any]) -> tuple[str, str]:
    slowdown = verdict["slowdown"]
    interval = f"{slowdown['low']:.2f} to {slowdown['high']:.2f}"
    return f"{slowdown['value']:.2f} ({interval})", verdict["word"]


def main() -> int:
    """Do what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three benchmarks, two runs")
    parser.add_argument("--renew", action="store_true", help="write the baseline first")
    parser.add_argument("--runs", type=int, default=10, help="over unchanged code")
    parser.add_argument("--session", type=Path, help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()
    if options.session:
        return serve_session(options.session, rest)
    if rest:
        parser.error(f"unknown: {' '.join(rest)}")
    cores = len(usable_cores())
    planted: Sequence[str] = QUICK if options.quick else TEN
    everything: Sequence[str] = QUICK if options.quick else ()
    with tempfile.TemporaryDirectory() as folder:
        baseline = Path(folder, "timing.json") if options.quick else BASELINE
        if options.quick or options.renew:
            tell("a new baseline")
            run_gate(everything, baseline, "--timing-update")
        table, caught = plant(planted, baseline, cores)
        sys.stdout.write(f"{table}\n\n")
        sys.stdout.flush()
        runs = min(options.runs, 2) if options.quick else options.runs
        table, green = repeat(everything, baseline, cores, runs)
        sys.stdout.write(f"{table}\n")
    return 0 if caught and green else 1


if __name__ == "__main__":
    sys.exit(main())
