"""The file of the baseline: what is written is read, and what is broken is said in a sentence."""

from __future__ import annotations

import json

import pytest

from benchkit.errors import BenchkitError
from benchkit.timing.baseline import Entry, read_baseline, round_ratios, write_baseline

ENTRY = Entry("sort", "1,000 × 51", 12.5, (1.5, 1.51), "A processor, 2 cores", "python 3.11")


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "timing.json"
    entries = {"b": ENTRY, "a": ENTRY}
    write_baseline(path, entries)
    assert read_baseline(path, "--update") == entries


def test_the_same_is_written_the_same(tmp_path):
    """Sorted, and a benchmark a line, so that a change of one is a change of a line."""
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    write_baseline(one, {"b": ENTRY, "a": ENTRY})
    write_baseline(other, {"a": ENTRY, "b": ENTRY})
    assert one.read_bytes() == other.read_bytes()
    assert len(one.read_text().splitlines()) == 4


def test_nothing_is_left_where_nothing_can_be_written(tmp_path):
    """A folder in its place, say."""
    (tmp_path / "timing.json").mkdir()
    with pytest.raises(BenchkitError, match="cannot be written"):
        write_baseline(tmp_path / "timing.json", {"a": ENTRY})
    assert [path.name for path in tmp_path.iterdir()] == ["timing.json"]


def written(**changes) -> str:
    content = {"format": "benchkit-timing", "workloads": 1, "benchmarks": {}}
    return json.dumps({**content, **changes})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no baseline .*: --update makes one"),
        ("{", "cannot be read as a baseline"),
        ("[]", "is no baseline of timings"),
        ('{"a": 1}', "is no baseline of timings"),
        (written(workloads=99), "workloads of version 99.* renew it with --update"),
        (written(benchmarks=[]), "cannot be read as a baseline"),
        (written(benchmarks={"a": {"like": "sort"}}), "cannot be read as a baseline"),
        (written(benchmarks={"a": {**vars(ENTRY), "ratios": []}}), "without rounds"),
        (written(benchmarks={"a": {**vars(ENTRY), "ratios": ["x"]}}), "cannot be read"),
    ],
)
def test_a_file_that_is_no_baseline_is_a_sentence(text, said, tmp_path):
    """One line, with the file's name and what to do."""
    path = tmp_path / "timing.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BenchkitError, match=said) as caught:
        read_baseline(path, "--update")
    assert "timing.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ratios_keep_four_digits():
    assert round_ratios([1.23456, 123456.0, 0.000123456]) == (1.235, 123500.0, 0.0001235)
