"""Any exception becomes one line that has what a reader needs of it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.errors import LONGEST, describe_error


def caught(act) -> BaseException:
    """Return what a function raises."""
    with pytest.raises(BaseException) as info:
        act()
    return info.value


def raise_from(message: str, cause: BaseException | None) -> BaseException:
    error = RuntimeError(message)
    error.__cause__ = cause
    error.__suppress_context__ = True
    return error


def test_an_exception_is_its_type_and_its_message():
    assert describe_error(ValueError("no rows")) == "ValueError: no rows"
    assert describe_error(ValueError()) == "ValueError"


def test_all_lines_of_a_message_are_told():
    """What to do is seldom in the first one."""
    error = TypeError("hook does not match\n\n  Argument(s) {'x'} are not in the hookspec\n")
    told = "TypeError: hook does not match Argument(s) {'x'} are not in the hookspec"
    assert describe_error(error) == told


def test_the_cause_is_told():
    """`raise X from Y`, and Y from Z."""
    error = raise_from("cannot start", raise_from("no model", KeyError("weights")))
    expected = (
        "RuntimeError: cannot start (from RuntimeError: no model) (from KeyError: 'weights')"
    )
    assert describe_error(error) == expected


def test_what_was_being_handled_is_told_unless_it_was_dismissed():
    """`raise X` within `except`, and `raise X from None`."""

    def convert(dismiss: bool) -> None:
        try:
            float("two")
        except ValueError:
            if dismiss:
                raise TypeError("bad cell") from None
            raise TypeError("bad cell")  # noqa: B904  that is what is tested

    told = (
        "TypeError: bad cell (while handling ValueError: could not convert string to float: 'two')"
    )
    assert describe_error(caught(lambda: convert(False))) == told
    assert describe_error(caught(lambda: convert(True))) == "TypeError: bad cell"


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("the file is broken: line 7", ValueError("line 7")),
        (
            "/x cannot be written, Permission denied",
            PermissionError(13, "Permission denied", "/x"),
        ),
    ],
)
def test_a_cause_that_the_message_tells_is_not_told_again(message, cause):
    assert describe_error(raise_from(message, cause)) == f"RuntimeError: {message}"


def test_of_a_long_chain_both_ends_are_told():
    error: BaseException = ValueError("the root")
    for number in range(9):
        error = raise_from(f"layer {number}", error)
    text = describe_error(error)
    assert text.startswith("RuntimeError: layer 8 (from")
    assert text.endswith("(from ValueError: the root)")
    assert text.count("(from") == 2


def test_a_chain_that_runs_in_a_circle_ends():
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert describe_error(one) == "ValueError: one (from ValueError: two)"


def test_notes_are_told():
    error = ValueError("no such column")
    error.add_note("columns are a, b, c")
    assert describe_error(error) == "ValueError: no such column; columns are a, b, c"


def test_the_members_of_a_group_are_told():
    """The first of them, and how many more there are."""
    inner = ExceptionGroup("inner", [KeyError("x")])
    error = ExceptionGroup("two jobs failed", [ValueError("a"), inner])
    assert describe_error(error) == (
        "ExceptionGroup: two jobs failed (2 sub-exceptions); [ValueError: a; "
        "ExceptionGroup: inner (1 sub-exception); [KeyError: 'x']]"
    )
    many = ExceptionGroup("many", [ValueError(str(i)) for i in range(9)])
    assert describe_error(many).endswith(
        "; [ValueError: 0; ValueError: 1; ValueError: 2; and 6 more]"
    )


def test_an_import_error_with_a_cause_tells_both():
    cause = ImportError("libcudart.so.12: cannot open shared object file")
    error = ImportError("fancy needs CUDA")
    error.__cause__ = cause
    assert describe_error(error) == f"ImportError: fancy needs CUDA (from ImportError: {cause})"


def test_a_traceback_that_a_pool_sends_as_a_cause_is_left_out():
    """Else the sentence is about processes."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        error = caught(pool.submit(int, "x").result)
    assert describe_error(error).count("invalid literal") == 1
    assert "Traceback" not in describe_error(error)


def test_of_a_long_message_the_middle_is_left_out():
    text = describe_error(ValueError("begin " + "x" * 10_000 + " do this"))
    assert len(text) <= LONGEST
    assert text.startswith("ValueError: begin xxx")
    assert text.endswith("xxx do this")
    assert "…" in text


def test_colours_and_control_characters_are_left_out():
    error = ValueError("\x1b[31mred\x1b[0m\ta\x00b\u202ec\r\nd\ud800")
    assert describe_error(error) == "ValueError: red a b c d"


class Unshowable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def test_an_exception_that_cannot_be_shown_is_its_type():
    assert describe_error(Unshowable()) == "Unshowable"


@given(st.lists(st.text(max_size=2000), min_size=1, max_size=6), st.booleans())
def test_whatever_it_is_it_is_one_line_of_bounded_length(messages, grouped):
    error: BaseException = ValueError(messages[0])
    for message in messages[1:]:
        behind, error = error, RuntimeError(message)
        error.__cause__ = behind
        error.add_note(message)
    if grouped:
        error = BaseExceptionGroup(messages[0], [error] * 5)
    text = describe_error(error)
    assert len(text) <= LONGEST
    assert text.isprintable()
    assert text == text.strip()
