"""`benchkit data` as an owner of restricted data meets it."""

from __future__ import annotations

import json
import subprocess

import pytest

from benchkit.data import cache_folder
from tests.installed import install
from tests.session import Session


@pytest.fixture
def owner(tmp_path, folder, session: Session) -> Session:
    """Return a session in which ``owned.txt`` holds a dataset, and ``wrong.txt`` does not."""
    (tmp_path / "owned.txt").write_text("owned v1 1 2 3 4")
    (tmp_path / "newer.txt").write_text("owned v1 1 2 3 5")
    (tmp_path / "wrong.txt").write_text("something else")
    return session


def test_what_is_added_is_shown_checked_and_used(owner, folder):
    """Facts and repairs are printed, and the next run finds the data by itself."""
    done = owner.benchkit("data", "add", "owned", "owned.txt", "--accept-licence")
    assert done.returncode == 0, done.stderr
    assert "owned v1" in done.stdout
    assert "rows:             4" in done.stdout
    assert "one blank was taken out." in done.stdout
    assert {p.name for p in (folder / "owned" / "v1").iterdir()} == {"values.npy", "manifest.json"}
    assert owner.benchkit("data", "verify", "owned").returncode == 0
    run = owner.benchkit("run", "-d", "random", "-D", "owned", "--require-real")
    assert run.returncode == 0, run.stderr
    assert "owned (real)" in run.stdout


def test_without_a_yes_nothing_is_added(owner, folder):
    """A script has to say it; an answer other than yes is a no."""
    for answer in ("", "n\n"):
        process = owner.start("data", "add", "owned", "owned.txt")
        _, error = process.communicate(answer, timeout=60)
        assert process.returncode == 2
        assert "nothing was added: owned needs a yes, or --accept-licence" in error
        assert list(folder.glob("owned/*")) == []


def test_a_yes_is_asked_for_once_with_the_licence(owner, folder):
    process = owner.start("data", "add", "owned", "owned.txt")
    out, _ = process.communicate("y\n", timeout=60)
    assert process.returncode == 0
    assert "For friends only. Do you have the data from its owner, and keep to that?" in out
    assert (folder / "owned" / "v1" / "values.npy").is_file()


def test_files_that_are_something_else_are_refused_with_the_reason(owner, folder):
    """Nothing of them stays."""
    done = owner.benchkit("data", "add", "owned", "wrong.txt", "--accept-licence")
    assert done.returncode == 2
    assert done.stderr.endswith(
        "benchkit: dataset 'owned': wrong.txt begins with 'something', not 'owned'\n"
    )
    assert list(folder.glob("owned/*")) == []


def test_a_version_that_is_there_is_replaced(owner, folder):
    for name in ("owned.txt", "newer.txt"):
        owner.benchkit("data", "add", "owned", name, "--accept-licence")
    manifest = json.loads((folder / "owned" / "v1" / "manifest.json").read_text())
    assert manifest["given"] == ["newer.txt"]
    assert [p.name for p in (folder / "owned").iterdir()] == ["v1"]


def test_a_changed_file_is_found(owner, folder):
    """`verify` names it and exits 1."""
    owner.benchkit("data", "add", "owned", "owned.txt", "--accept-licence")
    with (folder / "owned" / "v1" / "values.npy").open("ab") as file:
        file.write(b"x")
    done = owner.benchkit("data", "verify", "owned")
    assert done.returncode == 1
    assert "values.npy has changed since it was added" in done.stdout


def test_remove_asks_and_takes_all_of_it(owner, folder):
    """The added version and what was imported from it; other people's files stay."""
    owner.benchkit("data", "add", "owned", "owned.txt", "--accept-licence")
    owner.benchkit("run", "-d", "random", "-D", "owned")
    for answer in ("", "n\n"):
        process = owner.start("data", "remove", "owned")
        out, error = process.communicate(answer, timeout=60)
        assert process.returncode == 2
        assert "nothing was removed: owned needs a yes, or --yes in a script" in error
        assert str(folder / "owned" / "v1") in out
    assert (folder / "owned" / "v1").is_dir()
    assert owner.benchkit("data", "remove", "owned", "--yes").returncode == 0
    assert not (folder / "owned" / "v1").exists()
    assert "nothing of owned is kept" in owner.benchkit("data", "remove", "owned").stdout


def test_status_says_what_to_do_for_what_is_not_here(owner):
    """The command to type stands beside it."""
    shown = owner.benchkit("data", "status").stdout
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "benchkit data add owned" in lines["owned"]
    assert "benchkit data fetch kdd99" in lines["kdd99"]
    assert "needs no files" in lines["tiny"]
    owner.benchkit("data", "add", "owned", "owned.txt", "--accept-licence")
    assert "owned/v1 (" in owner.benchkit("data", "status").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "kdd99", "owned.txt"), "kdd99 is not added by hand: benchkit data fetch kdd99"),
        (("fetch", "owned"), "owned cannot be fetched: ask its owner."),
        (("verify", "owned"), "nothing of owned is here. To get it, ask its owner."),
        (("card", "kdd9"), "did you mean 'kdd99'"),
        (("add", "owned", "nowhere.txt"), "Path 'nowhere.txt' does not exist"),
    ],
)
def test_misuse_is_one_line_and_exit_code_2(owner, arguments, message):
    done = owner.benchkit("data", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_card_is_that_of_info(owner):
    """One card, whichever way one asks."""
    card = owner.benchkit("data", "card", "kdd99").stdout
    assert card in owner.benchkit("info", "kdd99").stdout


def test_killed_in_the_middle_it_leaves_no_half_version(owner, folder, tmp_path):
    """A version appears under its name whole or not at all."""
    (tmp_path / "owned.txt").write_text("owned v1 " + "1 2 3 " * 400_000)
    process = owner.start("data", "add", "owned", "owned.txt", "--accept-licence")
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=0.4)
    process.kill()
    process.communicate()
    owner.wait_until_alone()
    for version in folder.glob("owned/[!.]*"):
        assert (version / "manifest.json").is_file()
    assert owner.benchkit("data", "verify", "owned").returncode in (0, 2)
    owner.benchkit("data", "add", "owned", "newer.txt", "--accept-licence")
    assert [p.name for p in (folder / "owned").iterdir()] == ["v1"]


def test_remove_leaves_another_dataset_whose_name_begins_alike(owner, folder):
    """`owned` is not `owned-more`."""
    cache = cache_folder() / "datasets"
    mine, other = cache / f"owned-{'0' * 16}", cache / f"owned-more-{'0' * 16}"
    mine.mkdir(parents=True)
    other.mkdir()
    assert owner.benchkit("data", "remove", "owned", "--yes").returncode == 0
    assert not mine.exists()
    assert other.exists()


def test_status_advises_no_fetching_of_what_cannot_be_fetched(tmp_path):
    """A plugin says that it downloads; of the others the card says how they get here."""
    text = (
        "from benchkit import hookimpl\nfrom benchkit.data import DataUnavailable\n"
        "from benchkit.registry import Card, DatasetSpec\n\n"
        "class Away:\n    def sources(self, member, *, offline):\n"
        "        raise DataUnavailable('it is not here')\n"
        "    def load(self, variant, member, sources): ...\n\n"
        "@hookimpl\ndef benchkit_register_datasets(register):\n"
        "    card = Card('a', 'b', 'write to its owner.')\n"
        "    register(DatasetSpec('away', 's', 'away:Away', 'series', card))\n"
    )
    site = install(tmp_path / "site", "away", {"away": "away"}, {"away.py": text})
    session = Session(tmp_path, [site])
    shown = session.benchkit("data", "status").stdout
    (line,) = [x for x in shown.splitlines() if x.startswith("away")]
    assert line.split("  ")[-1].strip() == "write to its owner."
    refused = session.benchkit("data", "add", "away", "site")
    assert "away is not added by hand: to get it, write to its owner." in refused.stderr
