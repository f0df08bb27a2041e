"""Names in quotes: a path or a member may have the signs that mean something in selectors."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.errors import BenchkitError
from benchkit.registry.choices import choose_datasets, choose_detectors
from benchkit.registry.quoting import quote_name
from benchkit.registry.selectors import parse_selector, parse_selectors
from benchkit.report.commands import select_detector
from tests.records import make_record

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        '"a[1],b=c:d @x/my det.py:Mine"@fast[k=1]',
        '"a[1],b=c:d @x/my det.py":Mine@fast[k=1]',
        "'a[1],b=c:d @x/my det.py':Mine@fast[k=1]",
        '"a[1],b=c:d @x"/"my det.py":Mine@fast[k=1]',
    ],
)
def test_signs_in_quotes_mean_nothing(text):
    """Whether the quotes hold the class too, and whether they are single or double."""
    (selector, other) = parse_selectors(f"{text},pca")
    assert selector.name == "a[1],b=c:d @x/my det.py:Mine"
    assert (selector.preset, selector.params, other.name) == ("fast", {"k": [1]}, "pca")
    assert selector.is_target


def test_a_members_signs_in_quotes_are_its_own():
    selector = parse_selector('tiny/"a/b,c:d[1]@e"[rows=3]')
    assert (selector.name, selector.member) == ("tiny", "a/b,c:d[1]@e")
    assert selector.params == {"rows": [3]}


@given(names)
def test_what_is_quoted_comes_back(name):
    """Whatever is in it."""
    (selector,) = parse_selectors(f"{quote_name(name + '.py:Mine')}[k=1]")
    assert selector.name == f"{name}.py:Mine"


def test_a_wrong_escape_is_a_sentence():
    with pytest.raises(BenchkitError, match="a backslash in double quotes begins an escape"):
        parse_selector('"a\\d":Mine')


@pytest.mark.parametrize("folder", ["a[1]", "a,b", "it's", "a{", "x@y", "a]"])
def test_a_path_without_its_quotes_is_answered_with_them(catalog, tmp_path, monkeypatch, folder):
    """And given as the answer says it is found; its label is a selector as well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "det[1].py").write_text("")
    path = f"{folder}/det[1].py"
    with pytest.raises(BenchkitError) as caught:
        choose_detectors(catalog, f"pca,{path}:Mine[k=1]")
    assert str(caught.value).endswith(f"the shell must leave there: '\"{path}\":Class'")
    choices = choose_detectors(catalog, f'pca,"{path}":Mine[k=1]')
    assert choices[1].spec.target == f"{tmp_path}/{path}:Mine"
    assert choices[1].spec.name == "det[1]:Mine"
    assert choices[1].label == '"det[1]:Mine"[k=1]'
    assert parse_selector(choices[1].label).name == "det[1]:Mine"


def test_a_file_in_quotes_without_a_class_is_asked_for_one(catalog, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,b.py").write_text("")
    with pytest.raises(BenchkitError, match='name the class in it, "a,b.py":Class'):
        choose_detectors(catalog, "'a,b.py'")


def test_a_member_with_signs_is_found_and_labelled_in_quotes(catalog):
    """Its brackets are no pattern."""
    entry = catalog.datasets["kdd99"]
    members = ("a[1],b", "a1", "12:30")
    spec = dataclasses.replace(entry.spec, members=members)
    catalog.datasets["kdd99"] = dataclasses.replace(entry, spec=spec)
    (choice,) = choose_datasets(catalog, 'kdd99/"a[1],b"')
    assert (choice.member, choice.label) == ("a[1],b", 'kdd99/"a[1],b"')
    (again,) = choose_datasets(catalog, choice.label)
    assert again.member == "a[1],b"
    (clock,) = choose_datasets(catalog, "kdd99/'12:30'")
    assert choose_datasets(catalog, clock.label) == [clock]


def test_the_command_of_a_record_has_the_quotes():
    """It is copied from the page into a shell."""
    facts = dataclasses.replace(
        make_record().detector,
        name="det[1]:Mine", label='"det[1]:Mine"[k=1]', target="det[1].py:Mine",
    )  # fmt: skip
    assert select_detector(facts) == '"./det[1].py:Mine"[k=1]'
