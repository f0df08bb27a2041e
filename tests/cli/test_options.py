"""Times, sizes and seeds as people write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.cli.options import MAX_SEED, MAX_SEEDS, parse_bytes, parse_seconds, parse_seeds
from benchkit.errors import BenchkitError

PARSERS = {parse_seconds: "--timeout", parse_bytes: "--memory-limit", parse_seeds: "--seeds"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1.5m", 90),
        ("10min", 600),
        ("2h", 7200),
        ("1 d", 86400),
        ("10M", 600),
        ("none", None),
        ("None", None),
    ],
)
def test_seconds(text, seconds):
    """A number with s, m, min, h or d; none is no limit."""
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10b", 10),
        ("10B", 10),
        ("500M", 500 * 2**20),
        ("1.5g", 3 * 2**29),
        ("4G", 2**32),
        ("4GB", 2**32),
        ("4GiB", 2**32),
        ("2 KiB", 2048),
        ("1T", 2**40),
        ("none", None),
    ],
)
def test_bytes(text, size):
    """A number with K, M, G or T, with or without B or iB, always of 1024."""
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("1", [0]),
        ("3", [0, 1, 2]),
        ("0,7,9", [0, 7, 9]),
        ("7,", [7]),
        (" 9 , 7 ", [9, 7]),
        ("5,5,5", [5]),
        (f"{MAX_SEED},", [MAX_SEED]),
        (str(MAX_SEEDS), list(range(MAX_SEEDS))),
    ],
)
def test_seeds(text, seeds):
    """A number is how many, a list is which; each once, in the order given."""
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        *((parse_seconds, t) for t in ("", "0", "0s", "-1", "1w", "s", "1h30m", "nan", "inf")),
        *((parse_seconds, t) for t in ("10", "90", "-1s", "1e3", "1e9h", "9" * 400)),
        *((parse_bytes, t) for t in ("", "0", "0G", "-1", "4X", "G", "GiB", "4i", "9" * 400)),
        *((parse_bytes, t) for t in ("1024", "4000000000", "nan", "1e9G", "-4G")),
        *((parse_seeds, t) for t in ("", "0", "-1", "x", "1.5", ",", "1,x", "-1,", "9" * 5000)),
        *((parse_seeds, t) for t in (str(MAX_SEEDS + 1), str(10**30), f"{MAX_SEED + 1},")),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else value.__name__,
)
def test_nonsense_is_refused(parse, text):
    """One line that names the option, the value, and how to write it."""
    with pytest.raises(BenchkitError) as caught:
        parse(text)
    message = str(caught.value)
    assert message.startswith(f"cannot read {PARSERS[parse]} {text!r}: write ")
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=12) | st.text("0123456789.,-smhdkgib ", max_size=8))
def test_any_text_is_a_value_or_refused(parse, text):
    """No other exception comes out than BenchkitError, and no limit of nothing."""
    with contextlib.suppress(BenchkitError):
        value = parse(text)
        assert value is None or value
