"""The record: written and read back, refused where it is none, and what makes its identity."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.results import SCHEMA, DatasetFacts, DetectorFacts, Record
from benchkit.results.record import STATUSES
from tests.records import make_record

texts = st.text(max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | floats | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
params = st.dictionaries(texts, plain, max_size=3)
shapes = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(tuple)
notes = st.lists(texts, max_size=2).map(tuple)
BY_TYPE = {
    "str": texts,
    "str | None": st.none() | texts,
    "bool": st.booleans(),
    "int": st.integers(0),
    "float | None": st.none() | floats,
    "dict[str, Any]": params,
    "dict[str, str]": st.dictionaries(texts, texts, max_size=3),
    "dict[str, float]": st.dictionaries(texts, floats, max_size=3),
    "dict[str, float | None]": st.dictionaries(texts, st.none() | floats, max_size=3),
    "dict[str, list[float]]": st.dictionaries(
        texts, st.lists(floats, min_size=3, max_size=3), max_size=3
    ),
    "tuple[int, ...]": shapes,
    "tuple[str, ...]": notes,
}


def filled(cls: type, **given: st.SearchStrategy) -> st.SearchStrategy:
    """Return a strategy for a dataclass with every field filled according to its type."""
    others = {f.name: BY_TYPE[f.type] for f in dataclasses.fields(cls) if f.name not in given}
    return st.builds(cls, **others, **given)


records = filled(
    Record,
    detector=filled(DetectorFacts),
    dataset=filled(DatasetFacts),
    status=st.sampled_from(STATUSES),
    schema=st.just(SCHEMA),
)


class TestText:
    @given(records)
    @settings(max_examples=50)
    def test_is_read_back_as_it_was(self, record):
        """Every field, tuples and floats included, comes back equal."""
        again = Record.from_json(record.to_json())
        assert again == record
        assert again.to_json() == record.to_json()
        assert again.identity == record.identity

    @given(records)
    @settings(max_examples=50)
    def test_is_plain_json_in_ascii(self, record):
        """Anything can read it, in any locale, and it ends as a text file does."""
        text = record.to_json()
        assert text.isascii()
        assert text.endswith("}\n")
        assert json.loads(text)["schema"] == SCHEMA

    def test_a_number_that_json_has_not_is_refused_on_writing(self):
        """NaN in a record would be read by few and compared by none."""
        with pytest.raises(ValueError):
            make_record(auc_pr=float("nan")).to_json()

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "1",
            "{}",
            f'{{"schema": {SCHEMA}}}',
            f'{{"schema": {SCHEMA}, "detector": {{}}, "dataset": {{}}}}',
            f'{{"schema": {SCHEMA}, "detector": [], "dataset": []}}',
            make_record().to_json().replace('"points"', '"dots"'),
            make_record().to_json().replace('"seed"', '"sead"'),
            make_record().to_json().replace('"ok"', '"fine"'),
            make_record().to_json().replace(f'"schema": {SCHEMA}', '"schema": 0'),
            make_record().to_json()[:-100],
        ],
        ids=lambda text: text[:20] or "empty",
    )
    def test_what_is_no_record_is_refused(self, text):
        """ValueError, whatever is wrong with it."""
        with pytest.raises(ValueError):
            Record.from_json(text)

    def test_a_status_that_there_is_not_is_refused(self):
        """The message has those that there are."""
        with pytest.raises(ValueError, match="'fine' is no status; there are ok, error, timeout"):
            make_record(status="fine")


CHANGES = {
    "the detector's name": lambda r: replace(r, "detector", name="other"),
    "its preset": lambda r: replace(r, "detector", preset="paper"),
    "its parameters": lambda r: replace(r, "detector", params={"k": 1}),
    "its version": lambda r: replace(r, "detector", version="2.0"),
    "its code": lambda r: replace(r, "detector", code="other"),
    "the dataset's name": lambda r: replace(r, "dataset", name="other"),
    "its member": lambda r: replace(r, "dataset", member="other"),
    "its parameters too": lambda r: replace(r, "dataset", params={"split": "b"}),
    "its variant": lambda r: replace(r, "dataset", variant="sim"),
    "its values": lambda r: replace(r, "dataset", fingerprint="other"),
    "the seed": lambda r: dataclasses.replace(r, seed=8),
    "the protocol": lambda r: dataclasses.replace(r, protocol=2),
}
KEEPS = {
    "the detector's label": lambda r: replace(r, "detector", label="other"),
    "where its class is": lambda r: replace(r, "detector", target="other:Class"),
    "the dataset's label": lambda r: replace(r, "dataset", label="other"),
    "what came out": lambda r: make_record(status="timeout", finished="later"),
    "how long it took": lambda r: dataclasses.replace(r, seconds={"fit": 99.0}),
    "where it ran": lambda r: dataclasses.replace(r, device="cuda:0", threads=9),
}


def replace(record: Record, part: str, **fields) -> Record:
    return dataclasses.replace(
        record, **{part: dataclasses.replace(getattr(record, part), **fields)}
    )


class TestIdentity:
    @pytest.mark.parametrize("what", CHANGES)
    def test_changes_with(self, what):
        """What can change the result makes another trial."""
        assert CHANGES[what](make_record()).identity != make_record().identity

    @pytest.mark.parametrize("what", KEEPS)
    def test_does_not_change_with(self, what):
        """What cannot change the result does not make anything run again."""
        changed = KEEPS[what](make_record())
        assert changed != make_record()
        assert changed.identity == make_record().identity

    def test_does_not_depend_on_the_order_of_parameters(self):
        """Parameters are a mapping, not a list."""
        one, two = (
            replace(make_record(), "detector", params=p)
            for p in ({"a": 1, "b": 2}, {"b": 2, "a": 1})
        )
        assert one.identity == two.identity

    def test_is_sixteen_hexadecimal_digits(self):
        """It stands in folder names."""
        assert len(make_record().identity) == 16
        assert set(make_record().identity) <= set("0123456789abcdef")


def test_the_label_names_the_variant():
    """No message passes a simulated dataset off as the real one."""
    assert make_record(variant="sim", seed=3).label == "pca on kdd99 (sim) seed 3"
