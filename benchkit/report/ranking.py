"""The detectors of a track in order, with what each reached, what it cost and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchkit.report.contest import Contest, Outcome
from benchkit.report.leads import Lead, find_lead
from benchkit.report.primary import DENSE, find_metric, find_primary
from benchkit.report.rows import Row, find_machine
from benchkit.report.standing import Standing, make_standing
from benchkit.report.statistics import LEVEL
from benchkit.report.tracks import Part, Track


@dataclass(frozen=True)
class Ranking:
    """The detectors of a track, the best first, and what may be said of their differences.

    Parameters
    ----------
    metric
        What they are ranked by, but for the tables of ``dense``, where it is dense VUS-PR.
    datasets
        Labels of the tables.
    unmeasured
        Labels of what is no table of the ranking, because nobody has a value of the metric there.
    blocks
        Names of the datasets, each of which counts once.
    machine
        The one of most costs.
    standings, sanity
        The detectors, first those with a place, and the sanity rows apart.
    bars
        The tables in which there is a sanity row to be beaten.
    dense
        The tables in which anomalies are too rare for VUS-PR.
    leads
        Who is ahead in each table, by the metric that it is ordered by; not of tables without any
        value.
    outcome
        Of the tests, see `Outcome`.
    """

    track: Track
    metric: str
    datasets: tuple[str, ...]
    unmeasured: tuple[str, ...]
    blocks: tuple[str, ...]
    machine: str
    standings: tuple[Standing, ...]
    sanity: tuple[Standing, ...]
    bars: frozenset[str]
    dense: tuple[str, ...]
    leads: dict[str, Lead]
    outcome: Outcome

    def metric_in(self, table: str) -> str:
        """Return what orders a table, by its label."""
        return DENSE if table in self.dense else self.metric

    @property
    def friedman(self) -> float | None:
        """The p-value of Friedman's test; None where there was none."""
        return self.outcome.friedman

    @property
    def pairs(self) -> dict[tuple[str, str], float] | None:
        """p-values of Wilcoxon's tests after Holm, see `Outcome`; None where there were none."""
        return self.outcome.pairs

    @property
    def tested(self) -> dict[str, float]:
        """Average ranks among those that the tests are about, by label; often empty."""
        return self.outcome.ranks

    @property
    def apart(self) -> bool:
        """Whether a difference is shown, so that a critical-difference diagram may be drawn."""
        if self.friedman is None:
            return any(p < LEVEL for p in (self.pairs or {}).values())
        return self.friedman < LEVEL

    @property
    def verdict(self) -> tuple[str, ...]:
        """What it comes to, in plain sentences; labels in them are as they are."""
        from benchkit.report.verdicts import judge

        return judge(self)


def rank_detectors(track: Track, parts: Sequence[Part]) -> Ranking:
    """Rank the detectors of a track by its sections and their rows, by `Contest.rank`.

    In a table detectors are ordered by the mean of the metric, and those with a failed trial share
    the last rank. A detector that does not apply, was not run or has no value has no rank there.
    One that is in fewer than `LEAST_SHARE` of the tables or datasets has no rank at all, and is
    nobody whom others are ranked among.
    """
    metric = find_primary(row for _, rows in parts for row in rows)
    metrics = {section.dataset.label: find_metric(metric, rows) for section, rows in parts}
    tables = tuple(
        section.dataset.label
        for section, rows in parts
        if any(metric in row.means or row.failed for row in rows)
    )
    unmeasured = tuple(s.dataset.label for s, _ in parts if s.dataset.label not in tables)
    found: dict[str, dict[str, Row]] = {}
    for section, rows in parts:
        for row in rows:
            found.setdefault(row.label, {})[section.dataset.label] = row
    blocks = [s.dataset.name for s, _ in parts if s.dataset.label in tables]
    labels = sorted(found)
    # (tables, detectors)
    values = np.array(
        [[_score(found[label].get(t), metrics[t]) for label in labels] for t in tables]
    )
    contest = Contest(labels, blocks, values.reshape(len(tables), len(labels)))
    sanity = {label for label in labels if any(row.sanity for row in found[label].values())}
    placed = [label for label in contest.find_placed() if label not in sanity]
    among = contest.rank(placed)
    ranks = {label: among[label] for label in among if label in sanity or label in placed}
    places = _number_places([ranks[label] for label in placed])
    bars = _bars(parts, metrics)
    machine = find_machine(row for _, rows in parts for row in rows)
    stands = [
        make_standing(
            label,
            found[label],
            metrics,
            sanity=label in sanity,
            rank=ranks.get(label),
            place="" if label in sanity or label not in ranks else places[ranks[label]],
            bars=bars,
            total=len(tables),
            machine=machine,
        )
        for label in sorted(labels, key=lambda label: (ranks.get(label, math.inf), label))
    ]
    standings = tuple(stand for stand in stands if not stand.sanity)
    return Ranking(
        track=track,
        metric=metric,
        datasets=tables,
        unmeasured=unmeasured,
        blocks=tuple(dict.fromkeys(blocks)),
        machine=machine,
        standings=standings,
        sanity=tuple(stand for stand in stands if stand.sanity),
        bars=bars,
        dense=tuple(table for table in tables if metrics[table] != metric),
        leads={
            section.dataset.label: lead
            for section, rows in parts
            if (lead := find_lead(rows, find_primary(rows))) is not None
        },
        outcome=contest.test([s.label for s in standings if s.rank is not None]),
    )


def _score(row: Row | None, metric: str) -> float:
    if row is None:
        return math.nan
    if row.failed:
        return -math.inf
    return row.means[metric].mean if metric in row.means else math.nan


def _bars(parts: Sequence[Part], metrics: dict[str, str]) -> frozenset[str]:
    """Return the tables in which a sanity row has a value of the table's metric."""
    return frozenset(
        section.dataset.label
        for section, rows in parts
        if any(row.sanity and metrics[section.dataset.label] in row.means for row in rows)
    )


def _number_places(ranks: Sequence[float]) -> dict[float, str]:
    """Return the place of each rank, with a mark behind one that several have."""
    return {
        rank: f"{1 + sum(other < rank for other in ranks)}{'=' * (ranks.count(rank) > 1)}"
        for rank in set(ranks)
    }
