"""`benchkit compare`: two detectors against each other, in sentences that hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchkit.report.numbers import MISSING
from benchkit.results import Record, Store
from tests.cli.conftest import Ended
from tests.records import make_record

Compare = Callable[..., Ended]


@pytest.fixture
def compare(benchkit: Callable[..., Ended], tmp_path: Path) -> Compare:
    """Give a function that stores some records and compares two of their detectors."""

    def run(records: Sequence[Record], *arguments: str) -> Ended:
        store = Store(tmp_path / "records")
        for record in records:
            store.put(record, store.scratch())
        return benchkit("compare", *arguments, "--out", str(tmp_path))

    return run


def series(label: str, values: Sequence[float], dataset: str = "x", **fields) -> list[Record]:
    return [
        make_record(label, dataset, seed=seed, auc_pr=value, **fields)
        for seed, value in enumerate(values)
    ]


def rows(ended: Ended) -> list[list[str]]:
    """Return the cells of all lines that have columns, the headings first."""
    lines = [line for line in ended.out.splitlines() if "  " in line and "---" not in line]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


class TestOnOneDataset:
    def test_shows_the_difference_with_its_interval_effect_and_wins(self, compare):
        ended = compare([*series("a", [0.5, 0.7, 0.9]), *series("b", [0.4, 0.5, 0.6])], "a", "b")
        assert (ended.code, ended.err) == (0, "")
        head, row = rows(ended)
        assert ended.out.startswith("Time series (real), AUC-PR (more is better)\n")
        assert dict(zip(head, row, strict=True)) == {
            "dataset": "x",
            "a": "0.700 ± 0.497",
            "b": "0.500 ± 0.248",
            "difference": "+0.200",
            "95 % interval": "-0.048 to +0.448",
            "Hedges' g": "+1.0",
            "pairs won": "3/3",
            "fit time": "×1",
            "score time": "×1",
            "memory": "×1",
        }
        assert (
            "- x: no clear difference (95 % interval -0.048 to +0.448, 3 pairs of seeds)."
            in ended.out.splitlines()
        )

    def test_is_over_the_seeds_that_both_have(self, compare):
        """Values too: by those of the boards, 0.74 and 0.45, the other one would be ahead."""
        records = [*series("a", [0.3, 0.4, 1.0, 1.0, 1.0]), *series("b", [0.4, 0.5])]
        ended = compare(records, "a", "b")
        _, row = rows(ended)
        assert [cell[:5] for cell in row[1:4]] == ["0.350", "0.450", "-0.10"]
        assert "Values for seeds that only one of them has are left out: x (3)." in ended.out

    def test_says_who_is_better_and_by_how_much(self, compare):
        """Of the better one, whichever was named first."""
        records = [*series("a", [0.5, 0.6, 0.7]), *series("b", [0.71, 0.8, 0.89])]
        expected = "- x: b is better by 0.200 (95 % interval 0.175 to 0.225, 3 pairs of seeds)."
        assert expected in compare(records, "a", "b").out.splitlines()
        assert expected in compare([], "b", "a").out.splitlines()

    def test_of_a_metric_of_which_less_is_better_the_lower_one_wins(self, compare):
        records = [
            make_record(
                label,
                "x",
                seed=seed,
                metrics={"auc_pr": 0.5, "delay@own": delay + seed / 10},
                lower_is_better=("delay",),
            )
            for label, delay in (("a", 3.0), ("b", 7.0))
            for seed in range(3)
        ]
        ended = compare(records, "a", "b", "--metric", "delay@own")
        assert "delay@own (less is better)" in ended.out
        assert "- x: a is better by 4.000" in ended.out
        assert rows(ended)[1][6] == "3/3"
        assert "a is clearly better in 1 of 1 table, b in 0" in ended.out

    def test_of_detectors_without_chance_claims_no_effect_size(self, compare):
        """Words, not infinity."""
        ended = compare([*series("a", [0.5] * 3), *series("b", [0.4] * 3)], "a", "b")
        assert (
            "- x: a is better by 0.100; neither varies with the seed, so that 3 pairs of seeds "
            "say nothing of how sure that is." in ended.out
        )
        assert "a is clearly better in 0 of 1 table, b in 0; 1 shows no clear" in ended.out
        assert rows(ended)[1][4] == MISSING
        assert rows(ended)[1][5] == MISSING
        assert "inf" not in ended.out
        assert "nan" not in ended.out

    def test_of_equals_says_that_they_are(self, compare):
        ended = compare([*series("a", [0.5] * 3), *series("b", [0.5] * 3)], "a", "b")
        assert "- x: a and b reach exactly the same, 3 pairs of seeds." in ended.out
        assert rows(ended)[1][6] == "1.5/3"

    def test_of_what_differs_by_arithmetic_alone_says_that_it_is_equal(self, compare):
        a = series("a", [0.1 + 0.2, 0.7, 0.1 + 0.7])
        ended = compare([*a, *series("b", [0.3, 0.1 + 0.2 + 0.4, 0.8])], "a", "b")
        assert "a is clearly better in 0 of 1 table, b in 0; 1 shows no clear" in ended.out
        assert rows(ended)[1][6] == "1.5/3"

    def test_of_one_seed_makes_nothing_of_it(self, compare):
        ended = compare([*series("a", [0.5]), *series("b", [0.4])], "a", "b")
        assert "- x: a is better by 0.100 with one seed, which says nothing" in ended.out
        assert "a is clearly better in 0 of 1 table, b in 0; 1 shows no clear" in ended.out

    def test_names_failed_trials_and_what_has_no_pair(self, compare):
        """They are no part of the differences."""
        records = [
            *series("a", [0.5, 0.6, 0.7]),
            *series("b", [0.5, 0.6]),
            make_record("b", "x", seed=2, status="timeout"),
            *series("a", [0.5], "y"),
            make_record("b", "y", status="error"),
        ]
        ended = compare(records, "a", "b")
        assert "2 pairs of seeds" in ended.out
        assert "No seed for which both have a value: y." in ended.out
        failed = "Failed trials of b, which are no part of any difference: "
        assert f"{failed}x (2 ok, 1 timeout), y (error)." in ended.out

    def test_says_where_scores_may_point_the_wrong_way(self, compare):
        a = series("a", [0.5], metrics={"auc_pr": 0.5, "auc_roc": 0.39})
        said = compare([*a, *series("b", [0.4])], "a", "b").out
        assert "AUC-ROC of a is below 0.4, worse than chance, so that its scores may" in said
        assert "AUC-ROC of b" not in said

    def test_compares_costs_of_one_machine_only(self, compare):
        records = [
            *series("a", [0.5, 0.6], seconds={"fit": 6.0, "score": 1.0}),
            *series("b", [0.5, 0.6]),
            *series("a", [0.5, 0.6], "y", environment={"processor": "another"}),
            *series("b", [0.5, 0.6], "y"),
        ]
        ended = compare(records, "a", "b")
        _, x, y = rows(ended)
        assert x[-3:] == ["×6", "×2", "×1"]
        assert y[-3:] == [MISSING] * 3
        assert "To fit a takes 6 times as long as b, to score 2 times." in ended.out
        assert "different machines, so that costs are not compared: y." in ended.out


class TestOverDatasets:
    def test_claims_nothing_beyond_too_few_of_them(self, compare):
        """Members of one dataset are not several."""
        records = []
        for i in range(8):
            of_member = {"dataset": f"x/m{i}", "fingerprint": f"{i}" * 64}
            records += series("a", [0.5, 0.6], **of_member)
            records += series("b", [0.4, 0.5], **of_member)
        ended = compare(records, "a", "b")
        assert "a is clearly better in 8 of 8 tables" in ended.out
        assert "Beyond these data nothing can be claimed: 1 dataset, " in ended.out
        assert "and 6 would be needed." in ended.out

    def test_tests_six_of_them(self, compare):
        records = [r for i in range(6) for r in series("a", [0.5 + i / 50], f"d{i}")]
        records += [r for i in range(6) for r in series("b", [0.4], f"d{i}")]
        assert (
            "Over datasets a is better: Wilcoxon's signed-rank test over 6 datasets, p = 0.031."
            in compare(records, "b", "a").out
        )

    @pytest.mark.parametrize(
        "advantages",
        [
            [0.0] * 8 + [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
            [-0.001 * i for i in range(1, 22)] + [0.5 + 0.01 * i for i in range(19)],
        ],
    )
    def test_names_the_winner_by_the_statistic_of_the_test(self, compare, advantages):
        """By signed ranks a is better in both; the median says level, and b."""
        records = [
            r
            for i, advantage in enumerate(advantages)
            for label, value in (("a", 0.03 + advantage), ("b", 0.03))
            for r in series(label, [value], f"d{i}")
        ]
        said = compare(records, "a", "b").out
        assert (
            f"Over datasets a is better: Wilcoxon's signed-rank test over {len(advantages)}"
            in said
        )
        assert "Over datasets a is better" in compare([], "b", "a").out

    def test_names_the_winner_where_less_is_better(self, compare):
        """The one with the lower delay in most datasets, though not in the median."""
        delays = [0.0] * 8 + [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
        records = [
            make_record(
                label,
                f"d{i}",
                metrics={"auc_pr": 0.5, "delay@own": value},
                lower_is_better=("delay",),
            )
            for i, delay in enumerate(delays)
            for label, value in (("a", 1.0), ("b", 1.0 + delay))
        ]
        assert (
            "Over datasets a is better" in compare(records, "a", "b", "--metric", "delay@own").out
        )

    def test_keeps_real_and_sim_apart(self, compare):
        records = [*series("a", [0.5, 0.6]), *series("b", [0.4, 0.5])]
        records += [
            *series("a", [0.1, 0.2], variant="sim"),
            *series("b", [0.4, 0.5], variant="sim"),
        ]
        real, sim = compare(records, "a", "b").out.split("Time series (sim)")
        assert "a is better by 0.100" in real
        assert "b is better by 0.300" in sim


class TestMisuse:
    RECORDS = (*series("pca", [0.5]), *series("knn", [0.5]), *series("far", [0.5], "y"))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("pcaa", "knn"), "no detector in {} is called 'pcaa': did you mean 'pca'?"),
            (("pca", "kn"), "no detector in {} is called 'kn': did you mean 'knn'?"),
            (("pca", "pca"), "pca was given twice: name two detectors"),
            (("pca", "far"), "pca and far have no dataset in common in {}"),
            (
                ("pca", "knn", "--metric", "auc-pr"),
                "no metric in {} is called 'auc-pr': did you mean 'auc_pr' or 'auc_roc'?",
            ),
        ],
    )
    def test_is_one_line_with_the_nearest_right_name(self, compare, tmp_path, arguments, message):
        ended = compare(self.RECORDS, *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"benchkit: {message.format(tmp_path)}\n"

    def test_of_a_folder_without_records_is_said(self, compare, tmp_path):
        ended = compare([], "a", "b")
        assert ended.code == 2
        assert ended.err == (
            f"benchkit: there are no records in {tmp_path}: 'benchkit run' makes some\n"
        )

    def test_of_a_metric_that_one_modality_does_not_have_is_said_there(self, compare):
        """The other one is compared all the same."""
        frames = [*series("pca", [0.5], "f"), *series("knn", [0.5], "f")]
        frames = [
            dataclasses.replace(
                r, dataset=dataclasses.replace(r.dataset, modality="image-sequence")
            )
            for r in frames
        ]
        both = [*self.RECORDS, *frames]
        first = [dataclasses.replace(r, metrics={**r.metrics, "vus_pr": 0.5}) for r in both[:2]]
        ended = compare([*first, *both[2:]], "pca", "knn", "--metric", "vus_pr")
        assert "- x: pca and knn are level" in ended.out
        assert "No seed for which both have a value: f." in ended.out
