"""The grammar of selectors, and that nothing but a sentence comes of a wrong one."""

from __future__ import annotations

import contextlib
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.errors import BenchkitError
from benchkit.registry.selectors import format_params, parse_selector, parse_selectors

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.sampled_from(
        ["true", "false", "inf", "nan", "", "1", "2020-01-01", "[]", "\\", 'a\\"b', "'"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
keys = st.text(string.ascii_letters + "_", min_size=1, max_size=8)


def one(text: str) -> dict:
    """Return the only parameter set that a selector asks for."""
    (params,) = parse_selector(text).grid()
    return params


def same(left: object, right: object) -> bool:
    """Whether two values are equal and of equal types all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[k], right[k]) for k in left)
    return repr(left) == repr(right)


class TestForm:
    def test_a_bare_name_asks_for_nothing_else(self):
        """`pca` has no member, no preset, and one empty parameter set."""
        selector = parse_selector("pca")
        assert (selector.name, selector.member, selector.preset) == ("pca", None, None)
        assert selector.grid() == [{}]

    def test_every_part_is_found(self):
        """name/member@preset[param=value] is taken apart at its signs."""
        selector = parse_selector("smd/machine-1-2@paper[epochs=3]")
        assert selector.name == "smd"
        assert selector.member == "machine-1-2"
        assert selector.preset == "paper"
        assert selector.grid() == [{"epochs": 3}]

    def test_commas_separate_selectors(self):
        """Spaces and empty items between commas mean nothing."""
        assert [s.name for s in parse_selectors(" pca, iforest@paper ,,knn[k=1,j=2],")] == [
            "pca",
            "iforest",
            "knn",
        ]

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3", 3),
            ("-1", -1),
            ("0.5", 0.5),
            ("1e-3", 0.001),
            ("true", True),
            ("false", False),
            ("word", "word"),
            ("two-words.txt", "two-words.txt"),
            ('"two words"', "two words"),
            ("'no \\escape'", "no \\escape"),
            ('"a, b]"', "a, b]"),
            ('"a \\" b"', 'a " b'),
            ('"ends in \\\\"', "ends in \\"),
            ("'ends in \\'", "ends in \\"),
            ('{a=1,b=["x"]}', {"a": 1, "b": ["x"]}),
        ],
    )
    def test_values_are_toml_or_bare_words(self, text, value):
        """Quotes protect commas and brackets; a word needs no quotes."""
        assert same(one(f"d[p={text}]"), {"p": value})

    def test_a_list_is_a_grid(self):
        """Every combination comes once, the last parameter changing fastest."""
        assert parse_selector("d[a=[1,2],b=x,c=[true,false]]").grid() == [
            {"a": 1, "b": "x", "c": True},
            {"a": 1, "b": "x", "c": False},
            {"a": 2, "b": "x", "c": True},
            {"a": 2, "b": "x", "c": False},
        ]

    def test_a_list_in_a_list_is_a_value(self):
        """[[1,2],[3]] is a grid of two lists."""
        assert parse_selector("d[layers=[[1,2],[3]]]").grid() == [
            {"layers": [1, 2]},
            {"layers": [3]},
        ]

    @pytest.mark.parametrize("name", ["./mine.py:Mine", "a.b:C", "/x y/z.py:C", "~/a.py:C"])
    def test_a_colon_makes_it_a_class_somewhere(self, name):
        """Paths and dotted names may have presets' and parameters' signs after them."""
        selector = parse_selector(f"{name}[p=1]")
        assert selector.is_target
        assert selector.name == name
        assert selector.member is None


class TestRoundTrip:
    @given(st.dictionaries(keys, values, max_size=4))
    def test_parameters_as_shown_on_a_board_select_the_same_again(self, params):
        """What format_params writes, parse_selector reads back, to the type."""
        assert same(one("d" + format_params(params)), dict(sorted(params.items())))

    @given(st.dictionaries(keys, values, max_size=4))
    def test_parameters_as_shown_survive_in_a_list_of_selectors(self, params):
        """No quote or bracket in a value reaches over into the next selector."""
        shown = format_params(params)
        assert [s.text for s in parse_selectors(f"d{shown},e")] == [f"d{shown}", "e"]

    def test_order_of_writing_does_not_change_what_a_board_shows(self):
        """Parameters are shown in the order of their names."""
        assert (
            format_params({"b": 1, "a": "x"}) == format_params({"a": "x", "b": 1}) == "[a=x,b=1]"
        )


class TestMalformed:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            " , ,",
            "[a=1]",
            "d[a=1",
            "d]a=1[",
            "d[a=1]x",
            "d[a]",
            "d[=1]",
            "d[a=]",
            "d[a b=1]",
            "d[a=1,a=2]",
            "d[a=[]]",
            'd[a="x]',
            "d[a=two words]",
            "d[a=1\nb=2]",
            "d[a=1 # and more]",
            "d[a=2020-01-01]",
            "d[a=[1,inf]]",
            "d[a=nan]",
            "d[a={b=12:00:00}]",
            "d@",
            "d@p@q",
            "d/",
            "/d",
            ":C",
            "d@p/m",
            "x.py:",
            "d[a=" + "9" * 5000 + "]",
            "d[a=" + "[" * 3000 + "]" * 3000 + "]",
            "d[a=" + "{a=" * 3000 + "1" + "}" * 3000 + "]",
            "d[a='\udcff']",
        ],
        ids=lambda text: ascii(text)[:24],
    )
    def test_gets_one_line(self, text):
        """It is refused with a sentence that fits on a line."""
        with pytest.raises(BenchkitError) as caught:
            parse_selectors(text)
        assert len(str(caught.value).splitlines()) == 1

    @given(st.text(st.characters()) | st.text("d/@[]{}=,:\"'\\ \n1a.#"))
    @settings(max_examples=300)
    def test_text_is_parsed_or_refused_and_nothing_else(self, text):
        """Whatever somebody types, no other exception comes out than BenchkitError."""
        with contextlib.suppress(BenchkitError):
            selectors = parse_selectors(text)
            assert selectors
            assert all(selector.name and selector.grid() for selector in selectors)

    @given(st.text("d[]{}=,\"'\\ \n\r\u2028a", min_size=1))
    def test_text_gets_one_line_whatever_is_in_it(self, text):
        """What the message quotes brings no line break into it."""
        with pytest.raises(BenchkitError) as caught:
            parse_selectors(f"d@@{text}")
        assert len(str(caught.value).splitlines()) == 1

    def test_names_the_item_and_the_form(self):
        """The message shows what could not be read and what it should look like."""
        with pytest.raises(BenchkitError, match=r"'pca\[x'.* never closed"):
            parse_selectors("pca[x")
        with pytest.raises(BenchkitError, match=r"'p@q@r'.*name/member@preset\[param=value"):
            parse_selectors("pca,p@q@r")
        with pytest.raises(BenchkitError, match=r"'x' in 'pca\[x\]': write param=value"):
            parse_selectors("pca[x]")
