"""Tracks and their boards: what stands on one board, and what a reader finds on it."""

from __future__ import annotations

import csv
import io

import pytest
from pyarrow import parquet

from benchkit.report.tracks import Track, group_tracks, page_stem
from benchkit.results import Record
from tests.markdown import columns, read_tables, render
from tests.records import make_record
from tests.report.made import make_boards, read_board
from tests.report.many import make_records


def board(records: list[Record], name: str = "series.real.md") -> str:
    return read_board(records, name)


def tables(records: list[Record]) -> list[list[dict[str, str]]]:
    """Return the ranking, the sanity rows where there are some, and the matrix of a board."""
    return [columns(table) for table in read_tables(board(records))]


class TestTracks:
    @pytest.mark.parametrize(
        ("modality", "variant", "stem", "title"),
        [
            ("series", "real", "series.real", "Time series (real)"),
            ("image-sequence", "sim", "image-sequences.sim", "Image sequences (sim)"),
            ("../x", "a b", "___x.a_b", "../x (a b)"),
        ],
    )
    def test_have_a_file_name_and_a_title(self, modality, variant, stem, title):
        track = Track(modality, variant)
        assert (track.stem, track.title) == (stem, title)

    def test_keep_real_and_sim_and_the_modalities_apart(self):
        found = group_tracks(make_records(500))
        assert [track.stem for track in found] == [
            "series.real",
            "series.sim",
            "image-sequences.real",
        ]
        for track, parts in found.items():
            for section, rows in parts:
                facts = {(r.dataset.modality, r.dataset.variant) for r in section.records}
                assert facts == {(track.modality, track.variant)}
                assert len(rows) == 25

    def test_have_pages_of_datasets_beside_them(self):
        assert page_stem("kdd99", "real") == "kdd99.real"
        assert page_stem("series", "real") == "series_.real"


class TestRanking:
    def test_shows_places_ranks_coverage_trials_and_costs(self):
        records = [
            make_record("a", "x", auc_pr=0.9),
            make_record("a", "y", auc_pr=0.9),
            make_record("b", "x", auc_pr=0.8),
            make_record("b", "y", status="timeout"),
            make_record("c", "x", auc_pr=0.8),
            make_record("r", "x", auc_pr=0.1, sanity=True),
            make_record("r", "y", auc_pr=0.1, sanity=True),
        ]
        ranking, sanity, _ = tables(records)
        assert [list(row.values())[:6] for row in ranking] == [
            ["1", "a", "1.00", "2/2", "2/2", "2 ok"],
            ["2=", "b †", "2.50", "1/2", "1/2", "1 ok, 1 timeout"],
            ["2=", "c", "2.50", "1/2", "1/1", "1 ok"],
        ]
        assert list(ranking[0])[:6] == (
            ["place", "detector", "average rank", "coverage", "above sanity", "trials"]
        )
        assert ranking[0]["fit s"] == "1"
        assert [row["sanity row"] for row in sanity] == ["r"]
        assert "place" not in sanity[0]

    def test_says_what_a_failure_costs(self):
        assert "**What a failure costs.**" in board([make_record()])

    def test_marks_costs_of_other_machines_and_names_them(self):
        """They are never compared with the others'."""
        records = [
            make_record("a", "x"),
            make_record("b", "x"),
            make_record("c", "x", environment={"processor": "another"}),
        ]
        ranking = tables(records)[0]
        assert {row["detector"]: row["fit s"] for row in ranking} == {
            "a": "1",
            "b": "1",
            "c": "1 ‡",
        }
        assert "‡ marks other machines, not to be compared: c on another" in board(records)
        assert "‡" not in board(records[:2])
        page = make_boards(records)["x.real.md"]
        assert [row["fit s"] for row in columns(read_tables(page)[0])] == ["1", "1", "1 ‡"]

    def test_begins_with_the_verdict(self):
        text = board([make_record("a", auc_pr=0.9), make_record("b", auc_pr=0.8)])
        assert text.index("- a has the best average rank by AUC-PR") < text.index("## Ranking")


class TestMatrix:
    def test_has_every_detector_in_every_table_beside_the_best_sanity_row(self):
        records = [
            *(make_record("a", "x", seed=seed, auc_pr=0.5 + seed / 10) for seed in range(3)),
            make_record("a", "y", auc_pr=0.1),
            make_record("b", "x", status="error"),
            make_record("b", "y", auc_pr=0.2),
            make_record("b", "y", seed=1, status="timeout"),
            make_record("c", "x", status="not_applicable"),
            make_record("c", "y", metrics={"auc_pr": None}, undefined={"auc_pr": "no anomaly"}),
            make_record("r", "x", auc_pr=0.2, sanity=True),
            make_record("q", "x", auc_pr=0.3, sanity=True),
            make_record("r", "y", auc_pr=0.1, sanity=True),
        ]
        x, y = tables(records)[2]
        assert x == {
            "dataset": "x",
            "a": "0.600 ± 0.248",
            "b": "error",
            "c": "not_applicable",
            "clearly ahead": "No other detector",
            "best sanity row": "q 0.300",
        }
        assert y == {
            "dataset": "y",
            "a": "0.100 †",
            "b": "0.200 (1 ok, 1 timeout)",
            "c": "undefined",
            "clearly ahead": "No rival",
            "best sanity row": "r 0.100",
        }

    def test_links_to_the_page_of_the_dataset_and_shows_the_best_in_bold(self):
        html = render(board([make_record("a", auc_pr=0.9), make_record("b", auc_pr=0.1)]))
        assert '<a href="kdd99.real.md">kdd99</a>' in html
        assert "<strong>0.900</strong>" in html
        assert "<strong>0.100</strong>" not in html


class TestFlatTables:
    def test_are_the_same_in_csv_and_parquet(self):
        """Every number, and nothing where there is none."""
        files = make_boards(make_records(500))
        for stem in ("series.real", "series.sim", "image-sequences.real"):
            table = parquet.read_table(io.BytesIO(files[f"{stem}.parquet"])).to_pylist()
            lines = list(csv.DictReader(io.StringIO(files[f"{stem}.csv"])))
            assert len(table) == len(lines) > 0
            for row, line in zip(table, lines, strict=True):
                text = {
                    k: "" if v is None else str(int(v) if isinstance(v, bool) else v)
                    for k, v in row.items()
                }
                assert text == line

    def test_have_one_row_for_each_detector_and_table(self):
        records = [
            make_record("a", "x/m", auc_pr=0.9),
            make_record("a", "y", auc_pr=0.9),
            make_record("b", "x/m", auc_pr=0.1, metrics={"auc_pr": 0.1, "f1@own": 0.5}),
            make_record("r", "x/m", auc_pr=0.1, metrics={"auc_pr": 0.1}, sanity=True),
        ]
        lines = list(csv.DictReader(io.StringIO(make_boards(records)["series.real.csv"])))
        shown = ["dataset", "dataset_name", "detector", "sanity", "rank", "place", "covered"]
        assert [[line[c] for c in (*shown, "tables", "not_above_sanity")] for line in lines] == [
            ["x/m", "x", "a", "0", "1.0", "1", "2", "2", ""],
            ["x/m", "x", "b", "0", "2.0", "2", "1", "2", "auc_pr"],
            ["x/m", "x", "r", "1", "2.5", "", "1", "2", ""],
            ["y", "y", "a", "0", "1.0", "1", "2", "2", ""],
        ]
        assert {line["machine"] for line in lines} == {"A processor, 2 cores, 1 thread a trial"}
