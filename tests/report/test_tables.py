"""Tables of text: titles, and the few columns that fit a terminal."""

from __future__ import annotations

import pytest

from benchkit.report.rows import make_rows
from benchkit.report.selection import select_sections
from benchkit.report.tables import make_short_table, title
from tests.records import make_record


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("auc_pr", "AUC-PR"),
        ("vus_roc", "VUS-ROC"),
        ("f1@train_q99", "F1@train_q99"),
        ("f1", "F1"),
        ("precision@oracle", "precision@oracle"),
        ("my_metric", "my metric"),
    ],
)
def test_titles_are_how_papers_write_a_metric(name, shown):
    """The policy stays as it is written, after the at sign."""
    assert title(name) == shown


def short_table(*records) -> list[str]:
    (section,) = select_sections(records)
    return make_short_table(make_rows(section)).splitlines()


def test_the_terminal_gets_labels_as_they_are():
    """No markdown is escaped where no markdown is read."""
    head, _, row = short_table(make_record("knn[k=1,name=a_b]"))
    assert row.startswith("knn[k=1,name=a_b]  ok")
    assert head.split()[:4] == ["detector", "status", "AUC-PR", "AUC-ROC"]


def test_the_terminal_gets_some_columns_whatever_the_metrics():
    """Metrics of somebody else are shown where there are none of ours."""
    head, *_ = short_table(make_record(metrics=dict.fromkeys("qrstuv", 0.5)))
    assert head.split()[2:6] == ["q", "r", "s", "t"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.001234, "0.00123"), (12.345, "12.3"), (1234.5, "1,234")]
)
def test_costs_have_three_digits(seconds, shown):
    """More would claim a precision that timing has not."""
    *_, row = short_table(make_record(seconds={"fit": seconds, "score": 1.0}, metrics={"q": 0.5}))
    assert row.split()[3] == shown
