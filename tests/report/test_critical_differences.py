"""The figure of critical differences says what the tests say, of every pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from benchkit.report.plots import ranks as plot
from benchkit.report.plots.ranks import group_alike
from benchkit.report.ranking import rank_detectors
from benchkit.report.statistics import LEVEL, wilcoxon_holm
from benchkit.report.tracks import group_tracks
from tests.records import make_record


def join(groups) -> set[frozenset[str]]:
    """Return the pairs that share a group."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def plan(values: np.ndarray) -> plot.Ranks | None:
    """Return what the figure of a table (datasets, detectors) is drawn from."""
    records = [
        make_record(chr(97 + column), f"d{row}", auc_pr=float(value))
        for (row, column), value in np.ndenumerate(values)
    ]
    ((track, parts),) = group_tracks(records).items()
    orders = plot.plan(track, parts)
    return orders[0].data if orders else None


def make_uneven() -> np.ndarray:
    """Return 20 datasets with a and c alike, and b between them better than c by little always."""
    random = np.random.default_rng(1)
    c = random.uniform(0.2, 0.4, 20)
    return np.column_stack([c + random.normal(0.01, 0.05, 20), c + 0.01, c])


def test_two_share_a_column_if_and_only_if_no_test_tells_them_apart():
    """In 16 tables, among them such in which the alike do not stand side by side."""
    gaps = 0
    for seed in range(16):
        random = np.random.default_rng(seed)
        k = int(random.integers(3, 9))
        spread = random.uniform(0.02, 0.4, k)
        values = random.normal(random.normal(0, 0.15, k), spread, size=(20, k))
        labels = [chr(97 + i) for i in range(k)]
        pairs = wilcoxon_holm(values, labels)
        ranks = np.argsort(np.argsort(-values, axis=1), axis=1).mean(axis=0)
        order = [labels[i] for i in np.argsort(ranks, kind="stable")]
        groups = group_alike(order, pairs)
        assert join(groups) == {frozenset(pair) for pair, p in pairs.items() if p >= LEVEL}
        for group in groups:
            places = [order.index(label) for label in group]
            assert places == sorted(places)
            gaps += places[-1] - places[0] >= len(group)
    assert gaps > 2


def test_a_group_is_no_part_of_another():
    pairs = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.9, ("c", "d"): 0.2}
    pairs |= {("a", "d"): 0.01, ("b", "d"): 0.01}
    assert group_alike("abcd", pairs) == (("a", "b", "c"), ("c", "d"))


def test_the_figure_has_a_dot_for_each_member_and_for_nobody_else():
    """Read from what is drawn: columns of dots, in the lines of the detectors."""
    found = plan(make_uneven())
    figure = plot.draw(found)
    ranked, grouped = figure.axes
    lines = [label.get_text().split("  ")[0] for label in ranked.get_yticklabels()]
    drawn = [[lines[int(y)] for y in line.get_ydata()] for line in grouped.lines]
    assert lines == [label for label, _ in found.ranks]
    assert join(drawn) == join(found.groups)
    assert frozenset("bc") not in join(drawn)
    assert frozenset("ac") in join(drawn)


def test_the_datasets_named_are_those_of_the_tests():
    """Two of twenty are no part of them, since a is not in these."""
    values = make_uneven() - [0.2, 0, 0]
    records = [
        make_record("abc"[column], f"d{row}", auc_pr=float(value))
        for (row, column), value in np.ndenumerate(values)
        if column or row > 1
    ]
    ((track, parts),) = group_tracks(records).items()
    assert plot.plan(track, parts)[0].data.datasets == 18
    assert rank_detectors(track, parts).outcome.blocks == tuple(
        sorted(f"d{row}" for row in range(2, 20))
    )


def test_a_winner_by_the_test_with_the_worse_rank_is_named():
    """One that loses often by little and wins by much: ranks and signed ranks disagree."""
    a = np.full(40, 0.5)
    b = a + np.where(np.arange(40) < 21, -0.001 * np.arange(1, 41), 0.1 + 0.001 * np.arange(40))
    found = plan(np.column_stack([a, b, a - 0.3]))
    assert found.against == (("b", "a"),)
    text = " ".join(" ".join(words.get_text() for words in plot.draw(found).texts).split())
    assert "Better by the test, though not by average rank: b than a." in text
