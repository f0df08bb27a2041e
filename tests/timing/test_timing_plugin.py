"""The pytest plugin in a stranger's project: installed, run in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """\
import os

def work(times):
    return sum(len(str(i)) for i in range(int(20_000 * times)))

def test_work(timed):
    found = timed(work, float(os.environ.get("TIMES", 1)), like="python", size="20,000 numbers")
    assert found > 0
"""


class Project:
    """A folder with tests; ``benchkit``'s plugin is installed as its entry point says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        info = folder / "site" / "benchkit_timing-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: benchkit-timing\nVersion: 1\n"
        )
        point = "benchkit-timing = benchkit.timing.pytest_plugin"
        (info / "entry_points.txt").write_text(f"[pytest11]\n{point}\n")
        (folder / "tests").mkdir()
        self.write(TESTS)

    def write(self, text: str) -> None:
        (self.folder / "tests" / "test_speed.py").write_text(text)

    @property
    def baseline(self) -> Path:
        return self.folder / "timing.json"

    def pytest(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self.folder / "site"), str(ROOT)])
        # In a worker of xdist pytest-benchmark measures nothing; these sessions are no workers.
        own = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "tests", "-p", "no:randomly", *arguments],
            cwd=self.folder,
            env={**own, "PYTHONPATH": path, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def compare(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.pytest("--timing-baseline", "timing.json", *arguments, **variables)


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> Project:
    """Return a project with a baseline."""
    project = Project(tmp_path_factory.mktemp("project"))
    done = project.compare("--timing-update")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "timing.json written" in done.stdout
    return project


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)


class TestTheGate:
    def test_a_baseline_says_what_it_is_of(self, measured):
        (name, entry), *rest = json.loads(measured.baseline.read_text())["benchmarks"].items()
        assert (name, rest) == ("tests/test_speed.py::test_work", [])
        assert (entry["like"], entry["size"]) == ("python", "20,000 numbers")
        assert len(entry["ratios"]) >= 22
        assert "python" in entry["versions"]

    def test_unchanged_is_green(self, measured):
        done = measured.compare()
        assert done.returncode == 0, done.stdout
        assert re.search(r"work .* 20,000 numbers .* (same|uncertain|faster)", done.stdout)
        assert "0 of 1 benchmarks slower than timing.json allows" in done.stdout

    def test_slower_is_red(self, measured):
        """Really slower, by a busy loop after each call: exit code 1, and no traceback.

        Four times, since other tests run beside this one; docs/performance.md has what 1.5 needs.
        """
        done = measured.compare("-p", "tests.benchmarks.slower", "--slower", "4")
        assert done.returncode == 1, done.stdout
        assert re.search(r"test_work takes \d+\.\d\d times as long as in timing.json", done.stdout)
        assert re.search(r"work .* SLOWER", done.stdout)
        assert "Traceback" not in done.stdout

    def test_faster_is_said(self, measured):
        done = measured.compare(TIMES="0.2")
        assert done.returncode == 0
        assert re.search(r"work .* faster", done.stdout)

    def test_what_cannot_be_compared_is_said(self, measured, project):
        """Another size, a new benchmark, one that is gone."""
        second = "\n\ndef test_more(timed):\n    timed(work, 1, like='python')\n"
        project.write(TESTS.replace("20,000 numbers", "more") + second)
        text = measured.baseline.read_text()
        gone = text.replace("::test_work", "::test_gone").splitlines()[1]
        project.baseline.write_text(text.replace("{\n", "{\n" + gone + ",\n", 1))
        done = project.compare(TIMES="3")
        assert done.returncode == 0, done.stdout
        assert re.search(r"work .* other size", done.stdout)
        assert re.search(r"more .* new", done.stdout)
        assert "new or other size: --timing-update takes them up" in done.stdout
        assert "in the baseline and not measured: test_speed.py::test_gone" in done.stdout

    def test_an_update_keeps_what_it_did_not_measure(self, measured, project):
        project.write(TESTS.replace("test_work", "test_other"))
        project.baseline.write_bytes(measured.baseline.read_bytes())
        done = project.compare("--timing-update")
        names = json.loads(project.baseline.read_text())["benchmarks"]
        assert [name.rpartition("_")[2] for name in names] == ["other", "work"]
        assert "kept as they were and not measured: test_speed.py::test_work" in done.stdout

    def test_without_a_baseline_ratios_are_shown(self, project):
        done = project.pytest()
        assert done.returncode == 0
        assert re.search(r"work .* python", done.stdout)


class TestMisuse:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--timing-baseline", "none.json"], "there is no baseline none.json"),
            (["--timing-baseline", "tests/test_speed.py"], "cannot be read as a baseline"),
            (["--timing-update"], "--timing-update does not know where to"),
            (
                ["-p", "no:benchmark", "--timing-baseline", "none.json"],
                "--timing-baseline needs pytest-benchmark",
            ),
        ],
    )
    def test_it_is_a_sentence_before_anything_runs(self, arguments, said, project):
        done = project.pytest(*arguments)
        assert done.returncode == 4
        assert said in done.stderr
        assert "Traceback" not in done.stdout + done.stderr

    def test_an_unknown_workload_fails_the_test(self, project):
        project.write(TESTS.replace('"python"', '"snake"'))
        done = project.pytest()
        assert done.returncode == 1
        assert "there is no workload 'snake'" in done.stdout

    def test_a_baseline_that_cannot_be_written_is_red(self, project):
        done = project.pytest("--timing-update", "--timing-baseline", "nowhere/timing.json")
        assert done.returncode == 1
        assert "cannot be written" in done.stdout


class TestCost:
    @pytest.mark.parametrize("arguments", [[], ["-p", "no:benchmark"]], ids=["", "alone"])
    def test_an_ordinary_session_imports_nothing_heavy(self, arguments, project):
        """Neither numpy nor torch, and without pytest-benchmark no fixture."""
        project.write(
            "import sys\n\n"
            "def test_nothing_was_imported():\n"
            "    assert not {'numpy', 'torch', 'pandas', 'tabulate'} & set(sys.modules)\n"
        )
        done = project.pytest(*arguments)
        assert done.returncode == 0, done.stdout
        assert "= timing =" not in done.stdout

    def test_a_disabled_benchmark_is_called_once(self, project):
        project.write(
            TESTS + "\n\ndef test_once(timed):\n    calls = []\n"
            "    timed(lambda: calls.append(1), like='python')\n    assert calls == [1]\n"
        )
        done = project.pytest("--benchmark-disable")
        assert done.returncode == 0, done.stdout


def test_the_example_of_the_documentation_runs(project):
    """The test in docs/plugins.md, beside the detector that stands there, too."""
    page = (ROOT / "docs" / "plugins.md").read_text()
    for name in ("medians/median.py", "tests/test_speed.py"):
        (text,) = re.findall(rf"```python\n# {name}\n(.*?)```", page, re.DOTALL)
        (project.folder / name).parent.mkdir(exist_ok=True)
        (project.folder / name).write_text(text)
    done = project.pytest("--benchmark-disable")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
