"""Rankings: who stands where, by which rule, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from benchkit.report.contest import Contest
from benchkit.report.numbers import format_p
from benchkit.report.ranking import Ranking, rank_detectors
from benchkit.report.tracks import group_tracks
from benchkit.results import Record
from tests.records import make_record

Table = Mapping[str, Mapping[str, float | str | None]]
"""By dataset and detector: a value, a status of failure, or None for not run."""


def make_records(
    table: Table, sanity: Sequence[str] = (), noise: Sequence[float] = (0.0,)
) -> list[Record]:
    records = []
    for dataset, values in table.items():
        for label, value in values.items():
            for seed, shift in enumerate(noise):
                fields = {"sanity": label in sanity, "seed": seed}
                if isinstance(value, str):
                    records.append(make_record(label, dataset, status=value, **fields))
                elif value is not None:
                    records.append(make_record(label, dataset, auc_pr=value + shift, **fields))
    return records


def rank_records(records: Sequence[Record]) -> Ranking:
    ((track, parts),) = group_tracks(records).items()
    return rank_detectors(track, parts)


def rank(table: Table, sanity: Sequence[str] = (), noise: Sequence[float] = (0.0,)) -> Ranking:
    return rank_records(make_records(table, sanity, noise))


def ranks(ranking: Ranking) -> dict[str, float | None]:
    return {s.label: s.rank for s in (*ranking.standings, *ranking.sanity)}


def places(ranking: Ranking) -> list[tuple[str, str]]:
    return [(s.place, s.label) for s in ranking.standings]


def many(values: Sequence[Sequence[float]], names: str) -> Table:
    return {
        f"d{i}": dict(zip(names, map(float, row), strict=True)) for i, row in enumerate(values)
    }


grids = st.integers(2, 5).flatmap(
    lambda k: st.lists(
        st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=k, max_size=k), min_size=1, max_size=6
    )
)


class TestRanks:
    @given(grids)
    @settings(max_examples=60)
    def test_are_the_usual_average_where_all_are_everywhere(self, values):
        """As scipy ranks, equal ones sharing the mean of their ranks."""
        array = np.array(values)
        labels = [str(i) for i in range(array.shape[1])]
        contest = Contest(labels, [str(i) for i in range(len(array))], array)
        expected = np.mean([stats.rankdata(-row) for row in array], axis=0)
        assert list(contest.rank(labels).values()) == pytest.approx(expected.tolist())

    @given(
        st.integers(2, 5).flatmap(
            lambda k: st.lists(
                st.lists(st.sampled_from([0.1, 0.2, np.nan, -np.inf]), min_size=k, max_size=k),
                min_size=1,
                max_size=6,
            )
        ),
        st.data(),
    )
    @settings(max_examples=100)
    def test_have_one_mean_whoever_is_missing_or_fails(self, values, data):
        """Of k detectors (k + 1) / 2, and no order of detectors or tables changes them."""
        array = np.array(values)
        tables, detectors = array.shape
        labels = [f"d{i}" for i in range(detectors)]
        blocks = data.draw(
            st.lists(st.sampled_from("xy"), min_size=tables, max_size=tables), label="blocks"
        )
        found = Contest(labels, blocks, array).rank(labels)
        if found:
            assert np.mean(list(found.values())) == pytest.approx((len(found) + 1) / 2)
        rows = data.draw(st.permutations(range(tables)))
        columns = data.draw(st.permutations(range(detectors)))
        shuffled = Contest(
            [labels[c] for c in columns], [blocks[r] for r in rows], array[rows][:, columns]
        )
        assert shuffled.rank(labels) == pytest.approx(found)

    def test_of_a_dataset_with_many_members_count_once(self):
        """Ten members that b wins are one dataset, and so is the one that a wins."""
        table = {f"x/m{i}": {"a": 0.1, "b": 0.2} for i in range(10)} | {"y": {"a": 0.2, "b": 0.1}}
        found = rank(table)
        assert ranks(found) == {"a": 1.5, "b": 1.5}
        assert (len(found.datasets), found.blocks) == (11, ("x", "y"))

    def test_of_equals_share_a_place(self):
        found = rank({"x": {"a": 0.3, "b": 0.5, "c": 0.3, "d": 0.1}})
        assert places(found) == [("1", "b"), ("2=", "a"), ("2=", "c"), ("4", "d")]
        assert ranks(found) == {"a": 2.5, "b": 1.0, "c": 2.5, "d": 4.0}

    def test_compare_only_those_in_the_same_table(self):
        """To have been in the easy table alone neither helps nor harms."""
        found = rank({"x": {"a": 0.3, "b": 0.2, "c": 0.1}, "y": {"a": 0.1, "b": 0.2}})
        assert ranks(found) == {"a": 1.5, "b": 1.5, "c": 3.0}

    def test_of_a_pair_that_never_met_are_undecided(self):
        found = rank({"x": {"a": 0.3, "b": 0.2}, "y": {"c": 0.9}})
        assert ranks(found) == {"a": 1.5, "b": 2.5, "c": 2.0}

    def test_of_sanity_rows_are_those_they_would_have_alone(self):
        """They take no place from a detector."""
        found = rank({"x": {"a": 0.3, "b": 0.1, "r": 0.2, "s": 0.2}}, sanity="rs")
        assert [s.label for s in found.standings] == ["a", "b"]
        assert ranks(found) == {"a": 1.0, "b": 2.0, "r": 2.0, "s": 2.0}
        assert [s.place for s in found.sanity] == ["", ""]


NINE: Table = {f"d{i}": {"a": 0.2, "b": 0.1} for i in range(9)}


class TestPlaces:
    def test_take_half_of_the_tables(self):
        """The best in one table of ten stands below, unplaced, with what it lacks."""
        found = rank({**NINE, "d9": {"a": 0.2, "b": 0.1, "c": 0.9}})
        assert places(found) == [("1", "a"), ("2", "b"), ("", "c")]
        assert ranks(found) == {"a": 1.0, "b": 2.0, "c": None}
        assert (
            "Without a place, being in fewer than half of the tables or half of the datasets: "
            "c (1 of 10)." in found.verdict
        )

    def test_take_half_of_the_datasets(self):
        """Nine members of one dataset are nine tables of ten, and one dataset of three."""
        members: Table = {f"x/m{i}": {"a": 0.2, "c": 0.9} for i in range(9)}
        assert places(rank({**members, "y": {"a": 0.2}, "z": {"a": 0.1}})) == [
            ("1", "a"),
            ("", "c"),
        ]
        assert places(rank({**members, "y": {"a": 0.2}})) == [("1", "c"), ("2", "a")]

    def test_are_given_for_exactly_half(self):
        table: Table = {"x": {"a": 0.1, "b": 0.2}, "y": {"a": 0.1}}
        assert places(rank(table)) == [("1", "b"), ("2", "a")]

    def test_are_not_lost_by_failing(self):
        """Who fails nearly everywhere took part, and is last."""
        table: Table = {f"d{i}": {"a": 0.2, "b": "error"} for i in range(9)}
        assert places(rank({**table, "d9": {"a": 0.2, "b": 0.3}})) == [("1", "a"), ("2", "b")]

    def test_may_be_nobodys(self):
        table: Table = {"x": {"a": 0.1}, "y": {"b": 0.2}, "z": {"c": 0.2}}
        found = rank(table)
        assert places(found) == [("", "a"), ("", "b"), ("", "c")]
        assert found.verdict[0] == "No detector has a place."
        assert rank({**table, "z": {"c": 0.2, "a": 0.1}}).verdict[0] == (
            "a is the only detector with a place: there is nobody to rank it against."
        )

    def test_of_others_do_not_depend_on_one_without(self):
        """It is nobody whom they are ranked among."""
        table: Table = {**NINE, "d9": {"a": 0.2, "b": 0.1}}
        more: Table = {**NINE, "d9": {"a": 0.2, "b": 0.1, "c": 0.9}}
        found, alone = ranks(rank(more)), ranks(rank(table))
        assert (found["a"], found["b"]) == (alone["a"], alone["b"])


class TestFailures:
    @pytest.mark.parametrize(
        "status", ["error", "timeout", "out_of_memory", "crashed", "invalid_scores"]
    )
    def test_put_a_detector_last_in_that_table(self, status):
        """Below the sanity rows, and however good its other seeds are."""
        records = make_records({"x": {"a": 0.9, "b": 0.1, "r": 0.2}}, sanity="r")
        records.append(make_record("a", "x", seed=1, status=status))
        found = rank_records(records)
        assert ranks(found) == {"b": 1.0, "a": 2.0, "r": 1.0}
        last = found.standings[1]
        assert (last.covered, last.total, last.above, last.held) == (0, 1, 0, 1)
        assert last.statuses == {"ok": 1, status: 1}
        assert last.values["x"].mean == 0.9
        assert last.failed == last.beaten == {"x"}

    def test_of_two_in_one_table_share_the_last_rank(self):
        found = rank({"x": {"a": "error", "b": "timeout", "c": 0.1}})
        assert ranks(found) == {"c": 1.0, "a": 2.5, "b": 2.5}

    def test_are_not_those_that_do_not_apply(self):
        """No rank there, less coverage, and nothing else."""
        found = rank({"x": {"a": "not_applicable", "b": 0.2}, "y": {"a": 0.3, "b": 0.2}})
        a = found.standings[0]
        assert (a.label, a.rank, a.covered, a.total) == ("a", 1.0, 1, 2)
        assert not a.failed
        assert a.statuses == {"ok": 1, "not_applicable": 1}

    def test_of_all_leave_a_detector_with_a_rank_and_without_costs(self):
        found = rank({"x": {"a": "error", "b": 0.2}})
        assert places(found) == [("1", "b"), ("2", "a")]
        assert found.standings[1].costs == {}

    def test_count_nothing_in_the_tests(self):
        """The least that the metric can be: six times behind is six times behind."""
        table: dict = {f"d{i}": {"a": 0.1 + i / 100, "b": 0.05 + i / 100} for i in range(5)}
        found = rank({**table, "d5": {"a": 0.01, "b": "error"}})
        assert found.pairs == {("a", "b"): 2 / 2**6}


class TestTheBar:
    def test_is_counted_in_tables(self):
        """Equal to the best sanity row is not above it."""
        found = rank(
            {
                "x": {"a": 0.3, "b": 0.2, "r": 0.2},
                "y": {"a": 0.3, "b": 0.9, "r": 0.2},
                "z": {"a": 0.3, "b": 0.1, "r": 0.2},
            },
            sanity="r",
        )
        assert {s.label: (s.above, s.held, s.doubtful) for s in found.standings} == {
            "a": (3, 3, False),
            "b": (1, 3, True),
        }

    def test_that_is_not_there_is_held_against_nobody(self):
        (found,) = rank({"x": {"a": 0.3}}).standings
        assert (found.above, found.held, found.doubtful) == (0, 0, False)

    def test_that_nobody_takes_is_said(self):
        table = {"x": {"a": 0.1, "r": 0.2}, "y": {"a": 0.3, "r": 0.2}, "z": {"a": 0.4}}
        assert rank(table, sanity="r").verdict[-1] == (
            "In 1 of 2 tables with sanity rows no detector is above the best of them: x."
        )
        del table["x"]
        assert rank(table, sanity="r").verdict[-1] == (
            "Some detector is above the best sanity row in every table that has one."
        )


class TestMetric:
    def test_is_one_for_all_tables(self):
        """A table without it is no part of the ranking, and named."""
        records = [
            make_record("a", "x", metrics={"vus_pr": 0.5, "auc_pr": 0.1}),
            make_record("b", "x", metrics={"vus_pr": 0.4, "auc_pr": 0.9}),
            make_record("b", "y", metrics={"auc_pr": 0.9}),
        ]
        found = rank_records(records)
        assert (found.metric, found.datasets, found.unmeasured) == ("vus_pr", ("x",), ("y",))
        assert places(found) == [("1", "a"), ("2", "b")]
        assert found.verdict[-1] == "No part of the ranking, for want of VUS-PR: y."


class TestTests:
    CLEAR = np.array([[0.9, 0.5, 0.1]]) - np.arange(12)[:, None] * 0.01
    """Twelve datasets on all of which a is above b above c."""

    def test_need_six_datasets(self):
        """Below, a sentence says how many there are and how many would be needed."""
        found = rank(many(self.CLEAR[:5], "abc"))
        assert (found.friedman, found.pairs, found.tested, found.apart) == (None, None, {}, False)
        (said,) = [s for s in found.verdict if "Wilcoxon" in s]
        assert "there are 5 datasets, and 6 would be needed" in said
        assert rank(many(self.CLEAR[:6], "abc")).friedman is not None

    def test_do_not_take_members_for_datasets(self):
        found = rank({f"x/m{i}": dict(zip("ab", (0.2, 0.1), strict=True)) for i in range(20)})
        assert found.friedman is None
        assert any("there is 1 dataset, and 6 would be needed" in s for s in found.verdict)

    def test_name_the_pairs_that_differ(self):
        found = rank(many(self.CLEAR * [1, 1, 0.9] + [0, 0, 0.001], "abc"))
        assert found.apart
        assert found.tested == {"a": 1.0, "b": 2.0, "c": 3.0}
        assert found.pairs == pytest.approx(
            dict.fromkeys([("a", "b"), ("a", "c"), ("b", "c")], 3 * 2 / 2**12)
        )
        assert (
            "The 3 detectors differ: Friedman's test over 12 datasets, p < 0.001." in found.verdict
        )
        assert any(
            s.startswith("a is better than b, c: Wilcoxon's signed-rank tests")
            for s in found.verdict
        )
        assert any(
            s.startswith("b is better than c: Wilcoxon's signed-rank tests") for s in found.verdict
        )

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.0123, "p = 0.012"),
            (0.04996, "p = 0.04996"),
            (0.05, "p = 0.050"),
            (0.0504, "p = 0.050"),
            (0.0009, "p < 0.001"),
        ],
    )
    def test_are_printed_on_their_side_of_the_level(self, value, text):
        """0.050 and a difference that is shown would be a contradiction."""
        assert format_p(value) == text

    def test_list_no_pairs_where_no_difference_is_shown(self):
        values = np.random.default_rng(0).permuted(np.tile([0.1, 0.2, 0.3], (8, 1)), axis=1)
        found = rank(many(values, "abc"))
        assert found.friedman > 0.05
        assert (found.pairs, found.apart) == (None, False)
        assert any(
            s.startswith("No difference between the 3 detectors is shown") for s in found.verdict
        )
        assert not any("is better than" in s for s in found.verdict)

    def test_say_from_when_on_pairs_could_be_told_apart(self):
        """Five detectors are ten pairs, which six datasets are too few for."""
        values = np.array([[5, 4, 3, 2, 1]]) / 10 + np.arange(6)[:, None] * 0.01
        found = rank(many(values, "abcde"))
        assert found.apart
        (said,) = [s for s in found.verdict if s.startswith("But no two")]
        assert "10 pairs" in said
        assert said.endswith("that takes 9 datasets at least.")

    def test_between_two_are_wilcoxons_alone(self):
        found = rank(many(self.CLEAR[:6, :2], "ab"))
        assert (found.friedman, found.pairs, found.apart) == (None, {("a", "b"): 2 / 2**6}, True)
        assert (
            "The 2 detectors differ: Wilcoxon's signed-rank test over 6 datasets, p = 0.031."
            in (found.verdict)
        )
        assert any(s.startswith("a is better than b") for s in found.verdict)

    def test_leave_out_those_in_too_few_datasets(self):
        """Those in the fewest first, and only where that makes a test possible."""
        table = {name: dict(row) for name, row in many(self.CLEAR[:7], "abc").items()}
        for name in ("d0", "d1", "d2"):
            del table[name]["c"]
        found = rank(table)
        assert set(found.tested) == {"a", "b"}
        assert found.outcome.blocks == tuple(f"d{i}" for i in range(7))
        assert "Not part of the tests, being in too few datasets: c." in found.verdict
        for name in ("d3", "d4"):
            del table[name]["b"]
        found = rank(table)
        assert found.tested == {}
        assert any("all of them are in 2 of 7 datasets only" in s for s in found.verdict)

    def test_of_one_detector_are_none(self):
        assert rank({"x": {"a": 0.5}}).verdict[0] == (
            "a is the only detector: there is nobody to rank it against."
        )

    def test_of_equal_detectors_show_nothing(self):
        """All tied everywhere: no division by zero, and no difference."""
        found = rank(many(np.full((8, 3), 0.5), "abc"))
        assert (found.friedman, found.apart) == (1.0, False)
        assert places(found) == [("1=", "a"), ("1=", "b"), ("1=", "c")]


class TestCosts:
    def test_are_medians_over_tables_of_one_machine(self):
        """Another machine's are no part of them."""
        records = [
            make_record("a", f"d{i}", seconds={"fit": fit, "score": 1.0})
            for i, fit in enumerate((1.0, 2.0, 9.0))
        ]
        other = {"environment": {"processor": "another"}}
        records.append(make_record("a", "d3", seconds={"fit": 77.0, "score": 1.0}, **other))
        found = rank_records([*records, make_record("b", "d3", **other)])
        a, b = found.standings
        assert a.costs["fit_s"] == 2.0
        assert found.machine == a.machine == "A processor, 2 cores, 1 thread a trial"
        assert b.machine == "another, 1 thread a trial"
