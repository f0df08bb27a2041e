"""Folders that are not there, or closed: one sentence, exit code 2, and no traceback.

Root may go everywhere, so commands run under another user number in a user namespace: real
processes of a user without a home folder and without an entry among the users.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from benchkit.cli.main import cli
from tests.session import HANGING, Session

STRANGER = ["unshare", "--user", "--map-user=4321", "--map-group=4321"]


@dataclass
class Stranger:
    """A user without a home folder who works in a folder of his own."""

    folder: Path
    site: Path

    def benchkit(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run ``benchkit``, which must not show a traceback."""
        kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.site)}
        done = subprocess.run(
            [*STRANGER, sys.executable, "-m", "benchkit", *arguments],
            cwd=self.folder,
            env={**kept, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HANGING,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout
        assert "internal error" not in done.stderr
        return done

    def refusal(self, *arguments: str, **variables: str) -> str:
        """Return the one sentence with which a command ends."""
        done = self.benchkit(*arguments, **variables)
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        (sentence,) = done.stderr.splitlines()
        return sentence


@pytest.fixture
def stranger(tmp_path: Path, tiny_site: Path) -> Iterator[Stranger]:
    """Give such a user, and his folders back to this one at the end."""
    probe = [*STRANGER, sys.executable, "-c", "import os; print(os.getuid())"]
    try:
        probed = subprocess.run(probe, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no user namespaces: {error}")
    if probed.stdout != "4321\n":
        pytest.skip(f"no user namespaces: {probed.stderr.strip()}")
    yield Stranger(tmp_path, tiny_site)
    for path in tmp_path.iterdir():
        if path.is_dir():
            path.chmod(0o700)


def closed(folder: Path, mode: int = 0) -> Path:
    """Make a folder that nobody may enter, or only look into."""
    folder.mkdir()
    folder.chmod(mode)
    return folder


RUN = ("run", "-d", "random", "-D", "tiny/plain", "--no-plots")


class TestWithoutAHome:
    @pytest.mark.parametrize("arguments", [("list",), ("info", "pca"), ("data", "status")])
    def test_verbs_that_need_no_folder_work(self, stranger, arguments):
        done = stranger.benchkit(*arguments)
        assert (done.returncode, done.stderr) == (0, "")

    def test_doctor_says_what_to_set(self, stranger):
        done = stranger.benchkit("doctor")
        assert done.returncode == 1
        assert "wrong: there is no data folder: set BENCHKIT_DATA, or HOME" in done.stdout
        sentence = (
            "wrong: there is no home folder for the cache: set BENCHKIT_CACHE, or HOME, to a"
        )
        assert sentence in done.stdout

    def test_a_run_says_what_to_set(self, stranger):
        assert stranger.refusal(*RUN) == (
            "benchkit: dataset 'tiny/plain': there is no home folder for the cache: set "
            "BENCHKIT_CACHE, or HOME, to a folder that can be written to"
        )

    @pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}], ids=["none", "not there"])
    def test_a_run_with_plots_needs_the_cache_alone(self, stranger, home):
        """matplotlib, which wants a folder of its own, says nothing and draws."""
        run = ("run", "-d", "pca", "-D", "tiny/plain", "--quiet")
        done = stranger.benchkit(*run, BENCHKIT_CACHE=str(stranger.folder / "cache"), **home)
        assert (done.returncode, done.stderr) == (0, "")
        assert list(stranger.folder.glob("leaderboards/plots/**/*.*"))

    @pytest.mark.parametrize(
        "arguments", [("data", "add", "swat", "."), ("data", "fetch", "kdd99")]
    )
    def test_what_brings_data_says_what_to_set(self, stranger, arguments):
        sentence = stranger.refusal(*arguments)
        assert "there is no home folder for data: set BENCHKIT_DATA, or HOME, to a " in sentence

    @pytest.mark.parametrize(
        ("variable", "arguments"), [("BENCHKIT_DATA", ("data", "status")), ("BENCHKIT_CACHE", RUN)]
    )
    def test_a_variable_that_needs_one_is_named(self, stranger, variable, arguments):
        sentence = stranger.refusal(*arguments, **{variable: "~/some"})
        reason = f"{variable} is '~/some', and there is no home folder: write the whole path"
        assert reason in sentence


class TestFoldersOfTheHarness:
    @pytest.mark.parametrize("mode", [0o000, 0o500])
    def test_a_closed_cache_is_named(self, stranger, mode):
        cache = closed(stranger.folder / "cache", mode) / "below"
        assert stranger.refusal(*RUN, BENCHKIT_CACHE=str(cache)) == (
            f"benchkit: dataset 'tiny/plain': the cache {cache}/datasets cannot be written to, "
            "Permission denied: set BENCHKIT_CACHE"
        )

    def test_a_closed_data_folder_is_named(self, stranger):
        data = closed(stranger.folder / "data")
        variables = {"BENCHKIT_DATA": str(data), "BENCHKIT_CACHE": str(stranger.folder / "c")}
        doctor = stranger.benchkit("doctor", **variables)
        assert f"wrong: the data folder {data} cannot be searched" in doctor.stdout
        assert f"not here, {data} cannot be searched; " in stranger.refusal(
            "data", "fetch", "kdd99", **variables
        )
        assert stranger.refusal("data", "add", "swat", ".", **variables) == (
            f"benchkit: {data}/swat cannot be written to, Permission denied: let BENCHKIT_DATA "
            "begin with a folder that can"
        )


VERBS = {
    "run": RUN,
    "score": ("score",),
    "leaderboard": ("leaderboard",),
    "compare": ("compare", "pca", "knn"),
    "plot": ("plot",),
    "merge": ("merge", "."),
    "reproduce": ("reproduce", "abc"),
    "time": ("time", "-d", "random", "--growth"),
}


class TestOut:
    @pytest.mark.parametrize("verb", VERBS)
    @pytest.mark.parametrize(
        ("form", "reason"),
        [
            ("file/below", "file is no folder"),
            ("link", "link is a link to nothing"),
            ("link/below", "link is a link to nothing"),
            ("loop", "loop: Too many levels of symbolic links"),
            ("x" * 300, "File name too long"),
            ("/dev/null/x", "/dev/null is no folder"),
        ],
    )
    def test_what_cannot_be_there_is_refused_by_every_verb(
        self, verb, form, reason, tmp_path, monkeypatch
    ):
        """Below a file, a link to nothing or to itself, and what is below it."""
        monkeypatch.chdir(tmp_path)
        Path("file").touch()
        Path("link").symlink_to("nothing")
        Path("loop").symlink_to("loop")
        with pytest.raises(click.BadParameter) as caught:
            cli.main([*VERBS[verb], "--out", form], standalone_mode=False)
        assert caught.value.exit_code == 2
        message = caught.value.format_message()
        assert message.startswith(f"Invalid value for '--out': {form} cannot be used: ")
        assert reason in message

    @pytest.mark.parametrize("verb", ["run", "leaderboard"])
    def test_a_file_in_place_of_the_folder_is_refused(self, verb, tmp_path):
        """The default, too."""
        (tmp_path / "leaderboards").touch()
        done = Session(tmp_path, []).benchkit(*VERBS[verb])
        assert done.returncode == 2
        assert "leaderboards cannot be used: leaderboards is no folder" in done.stderr

    def test_a_folder_that_cannot_be_searched_is_refused(self, stranger):
        closed(stranger.folder / "closed")
        for form in ("closed", "closed/below/it"):
            assert stranger.refusal("leaderboard", "--out", form) == (
                f"benchkit: Invalid value for '--out': {form} cannot be used: closed cannot be "
                "searched by this user (see benchkit leaderboard --help)"
            )

    def test_a_folder_in_which_nothing_can_be_made_is_refused(self, stranger):
        closed(stranger.folder / "read-only", 0o500)
        assert stranger.refusal(*RUN, "--out", "read-only") == (
            "benchkit: cannot write to read-only/records: Permission denied; give another folder "
            "with --out"
        )

    def test_pages_and_baselines_are_refused_before_anything_is_measured(self, stranger):
        closed(stranger.folder / "read-only", 0o500)
        for option, arguments in (
            ("--out", ("time", "-d", "random", "--growth")),
            ("--baseline", ("time", "-d", "random", "-D", "tiny", "--update")),
        ):
            sentence = stranger.refusal(*arguments, option, "read-only/page")
            assert "read-only/page cannot be written: nothing may be made in " in sentence
            assert sentence.endswith(f"give another file with {option}")

    @pytest.mark.parametrize("arguments", [("merge",), ("data", "add", "swat")])
    def test_what_is_brought_in_from_a_closed_folder_is_refused(self, stranger, arguments):
        closed(stranger.folder / "closed")
        sentence = stranger.refusal(*arguments, "closed/below", BENCHKIT_DATA=".")
        assert "closed/below cannot be used: closed cannot be searched by this user" in sentence
