"""Who beats whom in the tables of a track: average ranks, and tests on them.

A table is one dataset member or split, a dataset all tables of one ``dataset.name``. Everything is
averaged within a dataset first and over datasets then, so that a dataset with many members counts
as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit.report.statistics import LEAST_DATASETS, LEVEL, friedman, settle_all, wilcoxon_holm

LEAST_SHARE = 0.5
"""A place takes a part, with a value or a failed trial, in this share of the tables and of the
datasets: who is in one table of ten is easily the best there."""


@dataclass(frozen=True)
class Outcome:
    """What tests have found.

    Parameters
    ----------
    ranks
        Average ranks among those tested, by label; empty where nothing was tested.
    blocks
        The datasets that those detectors share who take part, tested or too few.
    friedman
        The p-value of Friedman's test; None where there was none, as between two.
    pairs
        p-values of Wilcoxon's tests after Holm, by the better and the worse of a pair; None where
        Friedman's test does not reject.
    """

    ranks: dict[str, float]
    blocks: tuple[str, ...]
    friedman: float | None = None
    pairs: dict[tuple[str, str], float] | None = None


class Contest:
    """The results of detectors in tables.

    Parameters
    ----------
    labels
        Of the detectors.
    blocks
        The dataset of every table.
    values
        (tables, detectors): what they are ranked by, higher is better; NaN for one that takes no
        part in a table, -inf for one that failed there.
    """

    def __init__(self, labels: Sequence[str], blocks: Sequence[str], values: np.ndarray) -> None:
        self.labels = list(labels)
        self.values = settle_all(values)
        self.there = ~np.isnan(values)
        rows: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(blocks):
            rows[name].append(row)
        # Rows of each dataset, in order.
        self.tables = {name: np.array(those) for name, those in rows.items()}

    def find_placed(self) -> list[str]:
        """Return the detectors that are in enough tables to be placed, see `LEAST_SHARE`."""
        datasets = [self.there[rows].any(axis=0) for rows in self.tables.values()]
        shares = [part.mean(axis=0) for part in (self.there, np.array(datasets)) if len(part)]
        enough = np.all(np.array(shares) >= LEAST_SHARE, axis=0) if shares else []
        return [label for label, placed in zip(self.labels, enough, strict=bool(shares)) if placed]

    def rank(self, against: Sequence[str]) -> dict[str, float]:
        """Return the average rank of everybody among some of the detectors.

        It is one plus the sum, over those others that have a value anywhere, of the share of
        datasets in which the other one is better, equal ones counting half. Only tables that both
        are in count, and a pair without any counts half. So it is the usual average rank where all
        are in all tables, and the mean over k detectors among themselves is always (k + 1) / 2.
        One that is in no table has no rank.
        """
        own, other = self.values[:, :, None], self.values[:, None, :]
        both = self.there[:, :, None] & self.there[:, None, :]
        # (tables, detectors, others)
        worse = np.where(both, (own < other) + (own == other) / 2, 0.0)
        shares = np.zeros(both.shape[1:])
        met = np.zeros(both.shape[1:])
        for rows in self.tables.values():
            count = both[rows].sum(axis=0)
            shares += worse[rows].sum(axis=0) / np.maximum(count, 1)
            met += count > 0
        shares = np.where(met > 0, shares / np.maximum(met, 1), 0.5)
        np.fill_diagonal(shares, 0.0)
        anywhere = self.there.any(axis=0)
        counted = anywhere & np.isin(self.labels, list(against))
        ranks = 1 + shares[:, counted].sum(axis=1)
        return {
            label: round(float(rank), 9)
            for label, rank, there in zip(self.labels, ranks, anywhere, strict=True)
            if there
        }

    def test(self, labels: Sequence[str]) -> Outcome:
        """Test whether some of the detectors, of those that have a rank, differ at all, and which.

        Tests need the same datasets for all. Those in the fewest tables are left out until the
        others share `LEAST_DATASETS`; where they never do, there is no test. Friedman's is over
        ranks averaged within each dataset, Wilcoxon's over means within each dataset, for which
        a failed trial counts 0, the least that the metric can be. Two detectors get Wilcoxon's
        alone.
        """
        columns = [self.labels.index(label) for label in labels]
        chosen, blocks = self._choose(np.array(columns, dtype=int))
        names = [self.labels[column] for column in chosen]
        if len(names) < 2 or len(blocks) < LEAST_DATASETS:
            return Outcome({}, tuple(blocks))
        # (datasets, detectors) each
        values, ranks = np.empty((2, len(blocks), len(names)))
        for number, rows in enumerate(blocks.values()):
            table = self.values[np.ix_(rows, chosen)]
            values[number] = np.where(np.isinf(table), 0.0, table).mean(axis=0)
            ranks[number] = np.round(_rank(table).mean(axis=0), 9)
        means = dict(zip(names, np.round(ranks.mean(axis=0), 9).tolist(), strict=True))
        if len(names) == 2:
            return Outcome(means, tuple(blocks), None, wilcoxon_holm(values, names))
        p_value = friedman(ranks)
        pairs = wilcoxon_holm(values, names) if p_value < LEVEL else None
        return Outcome(means, tuple(blocks), p_value, pairs)

    def _choose(self, columns: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return who can be tested, and the tables of each dataset that all of them are in."""
        counts = self.there[:, columns].sum(axis=0)
        for least in np.unique(counts):
            chosen = columns[counts >= least]
            blocks = self._shared(chosen)
            if len(chosen) > 1 and len(blocks) >= LEAST_DATASETS:
                return chosen, blocks
        return columns, self._shared(columns)

    def _shared(self, columns: np.ndarray) -> dict[str, np.ndarray]:
        everybody = self.there[:, columns].all(axis=1)
        shared = {name: rows[everybody[rows]] for name, rows in self.tables.items()}
        return {name: rows for name, rows in shared.items() if len(rows)}


def _rank(table: np.ndarray) -> np.ndarray:
    """Return the ranks within each table, 1 for the highest, (tables, detectors)."""
    # (tables, detectors, others)
    higher = (table[:, None, :] > table[:, :, None]).sum(axis=2)
    equal = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    return higher + (equal + 1) / 2
