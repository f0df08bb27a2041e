"""Boards of tables in which anomalies are too rare for VUS-PR, and what chance is worth there."""

from __future__ import annotations

import csv
import dataclasses
import io

from benchkit.metrics.dense import warn_of_rare
from benchkit.report.comparison import compare_detectors, describe_matches
from benchkit.report.primary import DENSE, find_primary
from benchkit.report.ranking import rank_detectors
from benchkit.report.tables import make_short_table
from benchkit.report.tracks import group_tracks
from benchkit.results import Record
from tests.markdown import columns, read_tables
from tests.records import make_record
from tests.report.made import read_board
from tests.report.test_page_text import make_text

POINTS, FEW = 449_919, 40
WARNING = warn_of_rare(POINTS, FEW)


def measured(
    detector: str, sampled: float, dense: float | None, dataset: str = "few", **more
) -> Record:
    """Return a record with both forms of VUS-PR, on a dataset with few anomalies by default."""
    metrics = {"vus_pr": sampled, "auc_roc": 0.9} | ({} if dense is None else {DENSE: dense})
    record = make_record(
        detector, dataset, metrics=metrics, chance={"vus_pr": 0.002, DENSE: 0.001}, **more
    )
    if dataset != "few":
        return record
    facts = dataclasses.replace(record.dataset, points=POINTS, anomalies=FEW)
    return dataclasses.replace(record, dataset=facts)


RECORDS = [measured("luck", 0.05, 0.3), measured("skill", 0.04, 0.9)]
MANY = [measured("luck", 0.8, 0.7, "many"), measured("skill", 0.6, 0.75, "many")]


def test_the_warning_is_that_of_the_records():
    """Which boards say once, for the data, and not once more for each trial."""
    records = [dataclasses.replace(record, doubts=(WARNING, "and more")) for record in RECORDS]
    board = read_board(records, "few.real.md")
    assert board.count("nomalies are too rare for VUS-PR") == 1
    assert board.count("and more") == 2


def test_rows_are_ordered_by_the_dense_form():
    """In the first column of numbers, and a sentence says why."""
    board = read_board(RECORDS, "few.real.md")
    table = columns(read_tables(board)[0])
    assert [row["detector"] for row in table] == ["skill", "luck"]
    assert list(table[0])[2] == "dense VUS-PR"
    assert "1,807 points apart where 40 are anomalous" in board
    assert "So rows are ordered by dense VUS-PR." in board


def test_so_is_what_a_terminal_shows():
    """Where its few columns would leave it out."""
    ((_, rows),) = next(iter(group_tracks(RECORDS).values()))
    head, _, first, *_ = make_short_table(rows).splitlines()
    assert head.split()[:3] == ["detector", "status", "dense"]
    assert first.startswith("skill")


def test_other_tables_are_ordered_by_vus_pr():
    """Though their records have the dense form too, which stands further down."""
    board = read_board(MANY, "many.real.md")
    table = columns(read_tables(board)[0])
    assert [row["detector"] for row in table] == ["luck", "skill"]
    assert "dense VUS-PR" not in table[0]
    assert "too rare" not in board
    assert "dense VUS-PR" in board


def test_without_the_dense_form_of_all_rows_vus_pr_orders():
    """Records of before: the sentence says how to get it."""
    records = [measured("luck", 0.05, None), *RECORDS[1:]]
    board = read_board(records, "few.real.md")
    assert [row["detector"] for row in columns(read_tables(board)[0])] == ["luck", "skill"]
    assert "not all of them have dense VUS-PR: benchkit score computes it" in board


def test_a_track_takes_the_metric_of_each_table():
    """Here each detector is ahead in one table, whatever VUS-PR says of the few."""
    ((track, parts),) = group_tracks([*RECORDS, *MANY]).items()
    ranking = rank_detectors(track, parts)
    assert (ranking.metric, ranking.dense) == ("vus_pr", ("few",))
    assert {s.label: s.rank for s in ranking.standings} == {"luck": 1.5, "skill": 1.5}
    assert {s.label: s.values["few"].mean for s in ranking.standings} == {
        "luck": 0.3,
        "skill": 0.9,
    }
    sentence = "too rare for the thresholds of VUS-PR in 1 table, and dense VUS-PR orders it: few."
    assert any(sentence in said for said in ranking.verdict)
    board = read_board([*RECORDS, *MANY], "series.real.md")
    assert "(dense VUS-PR)" in board


def test_a_track_of_such_tables_alone_is_ranked_by_the_dense_form():
    """By name."""
    ((track, parts),) = group_tracks(RECORDS).items()
    ranking = rank_detectors(track, parts)
    assert ranking.metric == DENSE == find_primary(parts[0][1])
    assert any("dense VUS-PR orders them" in said for said in ranking.verdict)


def test_a_comparison_takes_it_too():
    """Table by table, unless it is told a metric."""
    ((track, parts),) = group_tracks([*RECORDS, *MANY]).items()
    matches = compare_detectors(parts, "skill", "luck")
    assert {m.dataset.label: m.gap.mean > 0 for m in matches} == {"few": True, "many": False}
    assert "few (dense VUS-PR)" in describe_matches(track, matches)
    assert {m.metric for m in compare_detectors(parts, "skill", "luck", "vus_pr")} == {"vus_pr"}


def test_the_chance_level_of_the_labels_stands_beside_the_values():
    """On the board of the dataset in its data sentence, on that of the track in a column."""
    board = read_board(RECORDS, "few.real.md")
    assert "Random scores get VUS-PR 0.002, dense VUS-PR 0.001 on these labels." in board
    (row,) = columns(read_tables(read_board(RECORDS, "series.real.md"))[-1])
    assert row["chance"] == "0.001"
    (first, _) = csv.DictReader(io.StringIO(read_board(RECORDS, "series.real.csv")))
    assert (first["ordered_by"], first["chance"]) == (DENSE, "0.001")


def test_records_without_a_chance_level_have_no_such_column():
    """Those of before."""
    records = [dataclasses.replace(record, chance={}) for record in RECORDS]
    assert "Random scores get" not in read_board(records, "few.real.md")
    (row,) = columns(read_tables(read_board(records, "series.real.md"))[-1])
    assert "chance" not in row


def test_the_page_says_both():
    """The metric that orders, why, and the chance level."""
    text = make_text(*RECORDS)
    assert "main metric dense VUS-PR (chance 0.001)" in text
    assert "So rows are ordered by dense VUS-PR." in text
    assert "Random scores get VUS-PR 0.002, dense VUS-PR 0.001 on these labels." in text
