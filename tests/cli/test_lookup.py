"""Which stored trial somebody means."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchkit.cli.lookup import SHOWN, find_trial
from benchkit.errors import BenchkitError
from benchkit.results import Store
from tests.records import make_record


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders of a few trials, in a store that is the default from here."""
    monkeypatch.chdir(tmp_path)
    store = Store(Path("leaderboards/records"))
    for detector in ("pca", "knn"):
        for seed in (0, 1):
            store.put(make_record(detector, seed=seed), store.scratch())
    return store.folders()


OUT = Path("leaderboards")


def test_any_name_of_a_trial_finds_it(folders, tmp_path):
    """Identity or its beginning, name or its beginning, folder, record, from anywhere."""
    for folder in folders:
        identity = folder.name.split("--")[-1].partition("-")[0]
        beginning = folder.name.partition(identity)[0]
        for text in (identity, identity[:6], folder.name, beginning, str(folder)):
            found = find_trial(OUT, text)
            assert (found.folder.name, found.record.identity) == (folder.name, identity)
        found = find_trial(Path("elsewhere"), str(folder / "record.json"))
        assert found.folder.path == tmp_path / folder


def test_the_folder_one_stands_in_has_a_name(folders, monkeypatch):
    """A trial may be called ``.`` in it."""
    monkeypatch.chdir(folders[0])
    assert find_trial(OUT, ".").folder.name == folders[0].name


def test_a_whole_name_wins_over_the_beginning_of_another(folders):
    """What is typed in full is meant."""
    longer = folders[0].with_name(folders[0].name + "0")
    folders[1].rename(longer)
    assert find_trial(OUT, folders[0].name).folder.name == folders[0].name


def test_where_several_are_meant_all_are_listed(folders):
    """With what tells them apart."""
    with pytest.raises(BenchkitError) as caught:
        find_trial(OUT, "pca")
    message = str(caught.value)
    assert message.startswith("'pca' may mean 2 trials in leaderboards: ")
    assert "(pca on kdd99 (real) seed 0); " in message
    assert "(pca on kdd99 (real) seed 1)" in message


def test_a_long_list_is_cut_short(folders):
    """A message stays one that can be read."""
    store = Store(OUT / "records")
    for seed in range(SHOWN + 1):
        store.put(make_record("lof", seed=seed), store.scratch())
    with pytest.raises(BenchkitError, match=f"may mean {SHOWN + 1} trials.*; [.]{{3}}$"):
        find_trial(OUT, "lof")


@pytest.mark.parametrize(
    "change", [str.upper, lambda name: name[:-1] + "x", lambda n: "x" + n[1:]]
)
def test_a_typo_gets_the_nearest_right_one(folders, change):
    wrong = change(folders[0].name)
    with pytest.raises(BenchkitError) as caught:
        find_trial(OUT, wrong)
    assert f"no trial in leaderboards is called {wrong!r}: did you mean" in str(caught.value)
    assert folders[0].name in str(caught.value)


@pytest.mark.parametrize("text", ["", "x" * 5000, "a\x00b", "\udcff", "/", "leaderboards"])
def test_a_text_that_is_no_name_at_all_is_a_sentence(folders, text):
    with pytest.raises(BenchkitError, match="no trial in leaderboards is called"):
        find_trial(OUT, text)


def test_a_record_that_cannot_be_read_is_named(folders):
    """With its path."""
    (folders[0] / "record.json").write_text("{")
    with pytest.raises(BenchkitError, match=r"record\.json cannot be read as a record: Expecting"):
        find_trial(OUT, str(folders[0]))


def test_an_empty_store_is_a_sentence(tmp_path):
    with pytest.raises(BenchkitError, match="^there are no trials in .*--out$"):
        find_trial(tmp_path, "pca")
