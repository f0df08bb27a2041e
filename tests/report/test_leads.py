"""Who is ahead in a table: one verdict, whoever writes it, and none where nothing differs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.report.boards import INDEX
from benchkit.report.comparison import compare_detectors, describe_matches
from benchkit.report.leads import Lead, find_lead
from benchkit.report.page import make_page
from benchkit.report.plots import Album, cost
from benchkit.report.rows import make_rows
from benchkit.report.selection import select_sections
from benchkit.report.tracks import group_tracks
from benchkit.results import Record
from tests.markdown import columns, read_tables, render
from tests.records import make_record
from tests.report.made import make_boards
from tests.report.test_page_text import Reader, make_entries

Values = Mapping[str, Sequence[float | None]]
"""By detector a value for each seed; None for one that failed."""


def make_records(values: Values, dataset: str = "x", sanity: str = "") -> list[Record]:
    return [
        make_record(label, dataset, seed=seed, sanity=label in sanity, auc_pr=value)
        if value is not None
        else make_record(label, dataset, seed=seed, status="error")
        for label, several in values.items()
        for seed, value in enumerate(several)
    ]


def lead(values: Values) -> Lead | None:
    (section,) = select_sections(make_records(values))
    return find_lead(make_rows(section), "auc_pr")


def read_page(records: list[Record]) -> tuple[list[list[str]], str]:
    """Return the answers of the page, a list of cells for each table, and all its text."""
    entries = make_entries(records)
    html = make_page(entries, group_tracks(records), Album())
    body = re.search(r'<table class="answers">.*?<tbody>(.*?)</table>', html, re.DOTALL)[1]
    answers = [re.split(r"<td[^>]*>", line) for line in body.split("<tr>")[1:]]
    return [[Reader(cell).text.strip() for cell in line] for line in answers], Reader(html).text


class TestLeads:
    def test_are_the_best_means(self):
        found = lead({"a": [0.5, 0.7, 0.3], "b": [0.4, 0.6, 0.2]})
        assert (found.labels, found.judgement.word) == (("a",), "Yes")
        assert found.judgement.text == "0.100 ± 0.000 ahead of b"

    def test_are_not_clear_where_seeds_do_not_tell_them_apart(self):
        """Pair by pair of equal seeds; the others are no less behind for it."""
        found = lead({"a": [0.5, 0.7, 0.3], "b": [0.4, 0.2, 0.6]})
        assert (found.labels, found.judgement.word) == (("a",), "Not clearly")

    def test_are_not_shared_for_want_of_precision(self):
        """0.371 ± 0.740 of two seeds was in bold beside 0.9, because its interval is wide."""
        records = make_records({"a": [0.9, 0.9001], "b": [0.31, 0.43]})
        html = render(make_boards(records)["series.real.md"])
        assert "<strong>0.900 ± 0.001</strong>" in html
        assert "0.370 ± 0.762" in html
        assert "<strong>0.370" not in html

    def test_need_all_others_to_be_behind(self):
        """Clear of the next one is not clear of all: the one that it is not clear of is named."""
        found = lead({"a": [0.9, 0.91, 0.92], "b": [0.8, 0.81, 0.82], "c": [0.99, 0.3, 0.6]})
        assert not found.judgement.clear
        assert found.judgement.text.endswith("ahead of c")

    def test_of_one_behind_on_common_seeds_are_not_clear(self):
        """Clear, but the other way round."""
        found = lead({"a": [0.5, 0.52, 0.99, 0.99], "b": [0.6, 0.61]})
        assert found.labels == ("a",)
        assert not found.judgement.clear
        assert "behind b on the seeds that both have" in found.judgement.text

    def test_of_one_seed_are_nobodys_clearly(self):
        found = lead({"a": [0.5], "b": [0.1]})
        assert (found.labels, found.judgement.word) == (("a",), "Too few seeds to say")

    def test_are_never_of_one_that_failed(self):
        assert lead({"a": [0.9, None], "b": [0.1, 0.1]}).labels == ("b",)
        assert lead({"a": [0.9, None]}) is None

    def test_of_detectors_without_chance_are_not_clear(self):
        """Three seeds of them are one result."""
        found = lead({"a": [0.9] * 3, "b": [0.1] * 3})
        assert found.judgement.word == "Seeds do not say"
        assert found.judgement.text == "0.800 ahead of b; neither varies with the seed"

    def test_of_detectors_without_chance_are_said_to_be_so(self):
        """On the board of the dataset, in the verdict and on the page; no ± stands there."""
        records = make_records({"a": [0.9] * 3, "b": [0.1] * 3, "c": [0.1, 0.2, 0.3]})
        files = make_boards(records)
        said = (
            "- The same AUC-PR with every seed, so that seeds say nothing of how sure it is: a, b."
        )
        assert said in files["x.real.md"]
        assert columns(read_tables(files["x.real.md"])[0])[0]["AUC-PR"] == "0.900"
        assert "- In 1 of them seeds say nothing of that" in files["series.real.md"]
        assert said[2:] in read_page(records)[1]


class TestDifferencesOfArithmetic:
    A, B = 0.1 + 0.2, 0.3

    def test_are_ties_everywhere(self):
        """In ranks, places, leads, bold, the index, the page, the mark and the front of a plot."""
        records = make_records({"a": [self.B], "b": [self.A]})
        files = make_boards(records)
        ranking, matrix = map(columns, read_tables(files["series.real.md"]))
        assert [(r["place"], r["average rank"]) for r in ranking] == [("1=", "1.50")] * 2
        assert matrix[0]["clearly ahead"] == "All are equal"
        assert render(files["series.real.md"]).count("<strong>0.300</strong>") == 2
        tracks, tables = map(columns, read_tables(files[INDEX]))
        assert tables[0]["best"] == "a, b 0.300"
        assert tracks[0]["best average rank"] == "a, b: 1.50"
        ((_, best, *_),), _ = read_page(records)
        assert best == "a, b"
        (section,) = select_sections(records)
        (order,) = cost.plan(section, make_rows(section))
        assert cost.find_front(order.data.points, 0) == [0, 1]

    def test_are_not_above_a_sanity_row(self):
        text = make_boards(make_records({"a": [self.A], "r": [self.B]}, sanity="r"))["x.real.md"]
        assert columns(read_tables(text)[0])[0]["AUC-PR"] == "0.300 †"

    def test_are_ties_in_the_tests(self):
        """Six datasets on which a is better by 6e-17 show nothing."""
        records = [
            r for i in range(6) for r in make_records({"a": [self.A], "b": [self.B]}, f"d{i}")
        ]
        assert (
            "No difference between the 2 detectors is shown"
            in make_boards(records)["series.real.md"]
        )

    @given(st.data())
    @settings(max_examples=8, deadline=None)
    def test_change_no_word(self, data):
        """Boards, page and comparison of values that are off by 1e-13 are the same."""
        grid = st.sampled_from([0.1, 0.125, 0.2, 0.3, 0.30049999])
        table = {
            label: data.draw(st.lists(grid, min_size=3, max_size=3), label=label)
            for label in "abr"
        }
        noise = np.random.default_rng(0).uniform(-1e-13, 1e-13, size=(3, 3))
        moved = {
            label: (np.array(values) + noise[row]).tolist()
            for row, (label, values) in enumerate(table.items())
        }
        assert self.write(make_records(table, sanity="r")) == self.write(
            make_records(moved, sanity="r")
        )

    def write(self, records: list[Record]) -> list[object]:
        ((track, parts),) = group_tracks(records).items()
        boards = [text for name, text in make_boards(records).items() if name.endswith(".md")]
        return [
            boards,
            re.sub(r"\b[0-9a-f]{12,}\b", "", read_page(records)[1]),
            describe_matches(track, compare_detectors(parts, "a", "b")),
        ]


class TestOneVerdict:
    @given(st.integers(0, 10_000))
    @settings(max_examples=10, deadline=None)
    def test_is_on_the_page_the_boards_and_in_the_index(self, seed):
        """For stores with ties, failures, absences, one seed and several: no two disagree."""
        random = np.random.default_rng(seed)
        records = []
        for dataset in "xyz"[: random.integers(1, 4)]:
            values: dict[str, list[float | None]] = {}
            for label in "abcr":
                several = np.round(
                    random.normal(random.choice([0.3, 0.5]), random.choice([0, 0.01, 0.2]),
                                  size=random.integers(1, 4)), 3,
                ).clip(0, 1).tolist()  # fmt: skip
                if label != "r" and random.random() < 0.2:
                    several[-1] = None
                if label == "r" or random.random() < 0.8:
                    values[label] = several
            records += make_records(values, dataset, sanity="r")
        if not any(r.detector.label != "r" for r in records):
            return
        answers, text = read_page(records)
        files = make_boards(records)
        matrix = {row["dataset"]: row for row in columns(read_tables(files["series.real.md"])[-1])}
        index = {row["dataset"]: row for row in columns(read_tables(files[INDEX])[1])}
        html = render(files["series.real.md"])
        clear = contested = 0
        for dataset, best, *cells in answers:
            if not cells:
                assert "No detector" in best
                assert index[dataset]["best"] == "–"
                continue
            word = next(w for w in self.WORDS if cells[2].startswith(w))
            assert matrix[dataset]["clearly ahead"] == word
            assert re.match(rf"{best} \d", index[dataset]["best"])
            bold = re.search(rf">{dataset}</a>.*?</tr>", html, re.DOTALL)
            assert bold[0].count("<strong>") == len(best.split(", "))
            clear += word == "Yes"
            contested += word not in ("No other detector", "No rival")
            assert ("No †" in cells[1]) == ("†" in index[dataset]["best"])
        if contested:
            tables = f"{contested} table{'s' * (contested > 1)}"
            said = f"In {clear} of {tables} where several detectors went well one is clearly ahead"
            assert said in text
            assert said in files["series.real.md"]
        assert len(re.findall(r"clearly ahead of", text)) == bool(contested)
        none = re.search(
            r"In (\d) of \d tables? with sanity rows no detector", files["series.real.md"]
        )
        beaten = sum("†" in row["best"] or row["best"] == "–" for row in index.values())
        assert (int(none[1]) if none else 0) == beaten

    WORDS = (
        "Yes", "Not clearly", "Not comparable", "Too few seeds to say", "Seeds do not say",
        "All are equal", "Several share it", "No rival", "No other detector",
    )  # fmt: skip


@pytest.mark.parametrize("mark", ["§"])
def test_a_detector_is_counted_once_with_a_mark_and_without(mark):
    """Best in two tables, in one of them with scores that may point the wrong way."""
    records = make_records({"a": [0.5], "b": [0.1]}, "x") + make_records({"a": [0.5]}, "y")
    records[-1] = dataclasses.replace(records[-1], metrics={"auc_pr": 0.5, "auc_roc": 0.1})
    answers, text = read_page(records)
    assert [answer[1] for answer in answers] == ["a", f"a {mark}"]
    assert "Best in 2 tables: a in 2." in text
