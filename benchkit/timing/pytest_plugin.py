"""The pytest plugin: a fixture ``timed``, and a session that is red where something got slower.

It builds on pytest-benchmark and does nothing where that is not installed. Nothing heavy is
imported before a test asks for the fixture, which `benchkit.timing.pytest_fixture` has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchkit.errors import BenchkitError

if TYPE_CHECKING:
    from benchkit.timing.gate import Gate

BASELINE, UPDATE = "--timing-baseline", "--timing-update"
GATE: pytest.StashKey[Gate] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; see `benchkit.timing`."""
    group = parser.getgroup("timing", "timing of benchmarks (benchkit)")
    group.addoption(
        BASELINE,
        metavar="FILE",
        type=Path,
        help="fail benchmarks that take 1.3 times as long as in this file, machine accounted for",
    )
    group.addoption(
        UPDATE, action="store_true", help="compare nothing, write what is measured to the file"
    )


@pytest.hookimpl(trylast=True)  # after pytest-benchmark has said whether it is disabled
def pytest_configure(config: pytest.Config) -> None:
    """Read the baseline and give the fixture, where there is pytest-benchmark to build on."""
    path, update = config.getoption(BASELINE), config.getoption(UPDATE)
    if update and path is None:
        raise pytest.UsageError(f"{UPDATE} does not know where to: add {BASELINE} FILE")
    if not config.pluginmanager.hasplugin("benchmark"):
        if path is not None:
            raise pytest.UsageError(f"{BASELINE} needs pytest-benchmark: install it")
        return
    from benchkit.timing import pytest_fixture
    from benchkit.timing.gate import Gate

    try:
        config.stash[GATE] = Gate.open(path, update=update, renew=UPDATE)
    except BenchkitError as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(pytest_fixture, "benchkit-timing-fixture")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the baseline where that was asked for; a session that cannot is red."""
    gate = session.config.stash.get(GATE, None)
    if gate is None:
        return
    try:
        gate.close()
    except BenchkitError as error:
        gate.lines.append(str(error))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    gate = terminalreporter.config.stash.get(GATE, None)
    if gate is not None and gate.lines:
        terminalreporter.section("timing")
        for line in gate.lines:
            terminalreporter.write_line(line)
