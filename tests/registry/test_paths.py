"""A path or a module in the place of a name gets a true sentence that says what to do."""

from __future__ import annotations

import pytest

from benchkit.errors import BenchkitError
from benchkit.registry.choices import choose_datasets, choose_detectors


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """Work in a folder that has a table, a folder and a module."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plant.csv").write_text("a\n1\n")
    (tmp_path / "here.py").write_text("class Mine: ...\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "kdd99").mkdir()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("./plant.csv", "'./plant.csv' is a file, and benchkit reads no data by path"),
        ("plant.csv", "'plant.csv' is a file, and benchkit reads no data by path"),
        ("plant.csv[label=y]", "'plant.csv' is a file, and benchkit reads no data by path"),
        ("gone.csv", "there is no file gone.csv, and benchkit reads no data by path"),
        ("../gone.PARQUET", "there is no file ../gone.PARQUET, and benchkit reads no"),
        ("/no/such/folder/", "there is no file /no/such/folder/, and benchkit reads no"),
        ("./data/", "'./data/' is a folder, and benchkit reads no data by path"),
        (".", "'.' is a folder, and benchkit reads no data by path"),
        ("~nobody/x", "there is no file ~nobody/x, and benchkit reads no data by path"),
        ("./here.py:Mine", "unknown dataset './here.py:Mine': a class is not enough"),
        ("data", "unknown dataset 'data': there are: kdd99, mnist-seq, swat, wadi"),
    ],
)
def test_a_dataset_by_path(catalog, text, words):
    """What is there, and that a plugin brings data, with the page."""
    with pytest.raises(BenchkitError) as caught:
        choose_datasets(catalog, text)
    assert str(caught.value).startswith(words)
    assert ("docs/plugins.md" in str(caught.value)) == (text != "data")


def test_a_name_wins_over_a_folder_of_that_name(catalog):
    """Somebody's folder of downloads is no trouble."""
    assert [c.label for c in choose_datasets(catalog, "kdd99")] == ["kdd99"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("./gone.py", "there is no file ./gone.py: a detector by path is FILE.py:Class"),
        ("./gone.py:X", "there is no file ./gone.py: './gone.py:X' names a class in one"),
        ("here.py", "'here.py' is a file: name the class in it, here.py:Class"),
        ("./here.py[a=1]", "'./here.py' is a file: name the class in it, ./here.py:Class"),
        ("./data/", "'./data/' is a folder: name a file and the class in it, ./data/FILE.py:"),
        ("/no/such", "there is no file /no/such"),
        ("torch", "unknown detector 'torch': there are: constant, "),
        ("os", "unknown detector 'os': there are: constant, "),
        ("pcaa", "unknown detector 'pcaa': did you mean 'pca'?"),
    ],
)
def test_a_detector_by_path(catalog, text, words):
    """Whether it is there, and that a class is named."""
    with pytest.raises(BenchkitError) as caught:
        choose_detectors(catalog, text)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("torch", "if a module was meant, write torch:Class"),
        ("sklearn.neighbors.LocalOutlierFactor", "write sklearn.neighbors:LocalOutlierFactor"),
    ],
)
def test_a_module_is_no_detector(catalog, text, advice):
    """The form of a dotted name is shown, with a colon before the class."""
    with pytest.raises(BenchkitError) as caught:
        choose_detectors(catalog, text)
    assert str(caught.value).endswith(advice)
