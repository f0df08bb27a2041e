"""The nearest right names for a wrong one."""

from __future__ import annotations

import pytest

from benchkit.registry.suggestions import suggest


def test_the_nearest_names_are_offered():
    """A slip of the finger is recognised, and what is far away is not offered."""
    assert suggest("ifrest", ["iforest", "pca"]) == "did you mean 'iforest'?"
    assert suggest("f2", ["f1", "f3", "knn"]) in {
        "did you mean 'f3' or 'f1'?",
        "did you mean 'f1' or 'f3'?",
    }


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ("test", ["time", "list"]),
        ("torch", ["iforest", "random"]),
        ("x", ["a", "b"]),
        (".", ["kdd99", "swat"]),
        ("start", ["score", "plot"]),
        ("status", ["data", "list"]),
        ("ae", ["pca", "knn"]),
    ],
)
def test_what_is_not_near_is_not_offered(wrong, names):
    """A wrong guess sends a reader the wrong way; the names that there are do not."""
    assert suggest(wrong, names) == f"there are: {', '.join(sorted(names))}"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        *(("lst", "list"), ("pcaa", "pca"), ("kdd98", "kdd99"), ("neighbors", "neighbours")),
        *(
            ("auc_rcc", "auc_roc"),
            ("1v", "1v7"),
            ("PCA", "pca"),
            ("knm", "knn"),
            ("mad", "madgan"),
        ),
    ],
)
def test_a_slip_is_recognised(wrong, right):
    """A letter more, less or other, a part of a name, the other case."""
    assert suggest(wrong, [right, "something-else"]) == f"did you mean {right!r}?"


def test_a_name_that_goes_on_is_offered():
    """With a policy, as of metrics of alarms, with parameters or with a member."""
    assert suggest("F1", ["auc_pr", "f1@pot", "pa_f1"]) == "did you mean 'f1@pot'?"
    assert suggest("knn", ["knn[neighbours=5]", "pca"]) == "did you mean 'knn[neighbours=5]'?"
    assert suggest("smd", ["smd/machine-1-1", "wadi"]) == "did you mean 'smd/machine-1-1'?"


def test_all_are_shown_where_none_is_near():
    """A reader who is far off sees what there is, up to a dozen."""
    assert suggest("zzz", ["pca", "knn"]) == "there are: knn, pca"
    many = [f"name-{i:02}" for i in range(13)]
    assert suggest("zzz", many) == f"there are: {', '.join(many[:12])}, ..."


def test_nothing_to_offer_is_said():
    """An empty list is no sentence."""
    assert suggest("zzz", []) == "there are none"
