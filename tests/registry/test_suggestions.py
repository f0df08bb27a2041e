"""The nearest right names for a wrong one."""

from __future__ import annotations

from benchkit.registry.suggestions import suggest


def test_the_nearest_names_are_offered():
    """A slip of the finger is recognised, and what is far away is not offered."""
    assert suggest("ifrest", ["iforest", "pca"]) == "did you mean 'iforest'?"
    assert suggest("f2", ["f1", "f3", "knn"]) in {
        "did you mean 'f3' or 'f1'?",
        "did you mean 'f1' or 'f3'?",
    }


def test_all_are_shown_where_none_is_near():
    """A reader who is far off sees what there is, up to a dozen."""
    assert suggest("zzz", ["pca", "knn"]) == "there are: knn, pca"
    many = [f"name-{i:02}" for i in range(13)]
    assert suggest("zzz", many) == f"there are: {', '.join(many[:12])}, ..."


def test_nothing_to_offer_is_said():
    """An empty list is no sentence."""
    assert suggest("zzz", []) == "there are none"
