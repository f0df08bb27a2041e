"""The command as a whole: its verbs, how it ends, and what it says when it is used wrongly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from benchkit import __version__
from benchkit.cli import main as main_module
from benchkit.cli.main import cli, fail
from tests.session import Session

VERBS = ["run", "leaderboard", "list", "info", "doctor"]


def test_python_m_benchkit_is_the_command(tmp_path):
    """It works without the script, from any folder."""
    result = Session(tmp_path, []).benchkit("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"benchkit, version {__version__}\n"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_every_verb(benchkit, option):
    """With a line on each, and a first command to try."""
    ended = benchkit(option)
    assert ended.code == 0
    assert [v for v in VERBS if f"\n  {v} " in ended.out] == VERBS
    assert "benchkit run --detectors pca,iforest --datasets kdd99,mnist-seq" in ended.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(benchkit, verb):
    """With its usage and what it does."""
    ended = benchkit(verb, "--help")
    assert ended.code == 0
    assert f"Usage: benchkit {verb} " in ended.out


def test_without_a_verb_it_shows_the_help(benchkit):
    """Exit code 2: nothing was asked for."""
    ended = benchkit()
    assert ended.code == 2
    assert "Commands:" in ended.err


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        (["lst"], "unknown command 'lst': did you mean 'list'?"),
        (["test"], "unknown command 'test': there are: compare, "),
        (["leaderbord"], "did you mean 'leaderboard'?"),
        (["zzz"], "there are: compare, data, doctor, info, leaderboard, list, merge, plot, "),
        (["--versoin"], "'--version'"),
        (["list", "--jsn"], "'--json'"),
        (["run", "--detecters", "pca"], "'--detectors'"),
        (["leaderboard", "--chek"], "'--check'"),
        (["list", "detectrs"], "'detectors'"),
        (["run", "-d", "pca"], "'--datasets'"),
        (["run", "-d", "pca", "-D", "kdd99", "-j", "0"], "'--jobs'"),
        (["run", "-d", "pca", "-D", "kdd99", "--variant", "rael"], "'real'"),
        (["run", "-d", "pcaa", "-D", "kdd99"], "did you mean 'pca'"),
        (["run", "-d", "pca", "-D", "kdd98"], "did you mean 'kdd99'"),
        (["run", "-d", "iforest@papr", "-D", "kdd99"], "did you mean 'paper'"),
        (["run", "-d", "pca", "-D", "mnist-seq/1v"], "did you mean '1v"),
        (["run", "-d", "pca[", "-D", "kdd99"], "is never closed"),
        (["run", "-d", "pca", "-D", "kdd99", "--timeout", "1w"], "--timeout '1w'"),
        (["run", "-d", "pca", "-D", "kdd99", "--seeds", "x"], "--seeds 'x'"),
        (["run", "-d", "pca", "-D", "kdd99", "--device", "gpu"], "unknown device 'gpu'"),
        (["info"], "'NAME'"),
        (["info", "iforst"], "did you mean 'iforest'"),
        (["doctor", "now"], "now"),
        (["leaderboard", "--out", "gone"], "there is no folder gone"),
    ],
    ids=" ".join,
)
def test_misuse_gets_one_line_with_what_is_right(
    benchkit, tmp_path, monkeypatch, arguments, right
):
    """Exit code 2, nothing on standard output, and no traceback."""
    monkeypatch.chdir(tmp_path)
    ended = benchkit(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith("benchkit: ")
    assert right in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_message_is_one_line_whatever_is_in_it(capsys):
    """A line break in somebody's name or error does not make two."""
    with pytest.raises(SystemExit) as stop:
        fail("one\ntwo\r\nthree", 2)
    assert stop.value.code == 2
    assert capsys.readouterr().err == "benchkit: one two three\n"


@pytest.fixture
def breaking(monkeypatch):
    """Give a function that makes the verb `list` raise something."""

    def make(error: BaseException) -> None:
        @click.command("list")
        def command() -> None:
            raise error

        monkeypatch.setattr(cli, "get_command", lambda ctx, name: command)

    return make


def test_what_was_not_foreseen_is_kept_in_a_file(benchkit, breaking, monkeypatch, tmp_path):
    """Exit code 1 and one line that names the file with the traceback."""
    monkeypatch.setenv("BENCHKIT_CACHE", str(tmp_path / "cache"))
    breaking(RuntimeError("a bug"))
    ended = benchkit("list")
    kept = tmp_path / "cache" / "last-error.txt"
    assert ended.code == 1
    assert ended.err == (
        f"benchkit: internal error, RuntimeError: a bug (please report it with {kept})\n"
    )
    assert kept.read_text().startswith("Traceback")


def test_a_traceback_that_cannot_be_kept_is_no_second_error(
    benchkit, breaking, monkeypatch, tmp_path
):
    """The one line comes all the same."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BENCHKIT_CACHE", str(tmp_path / "file"))
    breaking(RuntimeError("a bug"))
    ended = benchkit("list")
    assert ended.code == 1
    assert "a bug (please report it with no file: " in ended.err
    assert len(ended.err.splitlines()) == 1


def test_an_interruption_exits_with_130(benchkit, breaking):
    """As a shell expects of Ctrl-C."""
    breaking(KeyboardInterrupt())
    ended = benchkit("list")
    assert (ended.code, ended.err.strip()) == (130, "benchkit: interrupted")


def test_a_reader_that_has_seen_enough_causes_no_traceback():
    """`benchkit list | head -1` ends without a word on standard error."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        result = subprocess.run(
            [sys.executable, "-m", "benchkit", "list"],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.stderr == ""


def test_every_verb_has_a_module():
    """One file per verb, and no file that is no verb's."""
    folder = Path(main_module.__file__).parent
    assert all((folder / f"{verb}.py").is_file() for verb in VERBS)
