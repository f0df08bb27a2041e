"""What is built from this repository holds all of it, and nothing that must not leave it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip would, from a copy, and return it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the wheel and what it depends on, no more."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Packages of this interpreter, but not its .pth files, by which this checkout is installed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder where nothing of this checkout can be found."""
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    command = [str(python), *arguments]
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def test_the_wheel_brings_all_three_packages(environment, tmp_path):
    """In an empty environment the plugins are found and come from the wheel."""
    code = "import benchkit_detectors, benchkit_datasets, benchkit as b; print(b.__file__)"
    assert run(environment, tmp_path, "-c", code).stdout.startswith(str(environment.parent.parent))
    listed = run(environment, tmp_path, "-m", "benchkit", "list").stdout
    for name in ("pca", "iforest", "knn", "random", "kdd99", "mnist-seq", "auc_roc"):
        assert f"\n{name} " in listed


def test_a_wheel_runs_trials(environment, tmp_path):
    """Nothing that a run needs was left behind in the repository."""
    data = "mnist-seq/all[style=frames]"
    arguments = ("run", "-d", "pca,iforest", "-D", data, "--variant", "sim")
    done = run(environment, tmp_path, "-m", "benchkit", *arguments)
    assert done.returncode == 0, done.stderr
    assert f"{data} (sim)" in done.stdout


def test_the_wheel_holds_code_and_no_data(wheel):
    """Python files, what marks them as typed, the page; nothing of somebody else's."""
    names = zipfile.ZipFile(wheel).namelist()
    ours = (".py", "py.typed", ".j2", ".css", ".js")
    assert all(n.endswith(ours) or ".dist-info/" in n for n in names)
    packages = {n.partition("/")[0] for n in names if ".dist-info/" not in n}
    assert packages == {"benchkit", "benchkit_detectors", "benchkit_datasets"}


def test_the_version_is_written_once_or_agrees():
    """pyproject.toml and the package say the same."""
    import tomllib

    import benchkit

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == benchkit.__version__
