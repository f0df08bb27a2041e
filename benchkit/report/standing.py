"""What one detector comes to over the tables of a track."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benchkit.report.numbers import INVERTED, NOT_BEATEN
from benchkit.report.rows import COSTS, Row, find_machine
from benchkit.report.statistics import Interval


@dataclass(frozen=True)
class Standing:
    """One detector, or sanity row, over all tables of a track; see `Contest` for the words.

    Parameters
    ----------
    rank
        The average; of a sanity row the one that it would have if it alone were ranked among the
        detectors. None for one in fewer than `LEAST_SHARE` of the tables or datasets, and for a
        sanity row in none.
    place
        ``1``, ``2=``, ...: equal ranks share a place. Empty for a sanity row and without a rank.
    covered, total
        Tables in which it has a value and no failed trial, of all.
    above, held
        Tables in which it is above the best sanity row, of those in which it has a rank and there
        is such a row.
    statuses
        Of all its trials.
    values
        Of the metric, by table; failed ones among them where other seeds went well.
    failed
        The tables in which a trial of it failed.
    beaten
        The tables in which it is not above the best sanity row, failed ones among them.
    inverted
        Whether its scores may point the wrong way in a table, see `Row.inverted`.
    costs
        Medians over tables of its mean costs on ``machine``, by `COSTS`.
    machine
        The ranking's; where none of its costs come from there, the one of most of its tables.
    """

    label: str
    sanity: bool
    rank: float | None
    place: str
    covered: int
    total: int
    above: int
    held: int
    statuses: Counter[str]
    values: dict[str, Interval]
    failed: frozenset[str]
    beaten: frozenset[str]
    inverted: bool
    costs: dict[str, float]
    machine: str

    @property
    def met(self) -> int:
        """In how many tables it has a value or a failed trial."""
        return len(self.values.keys() | self.failed)

    @property
    def doubtful(self) -> bool:
        """Whether it is above the best sanity row in no more than half of the tables."""
        return self.held > 0 and 2 * self.above <= self.held


def make_standing(
    label: str,
    rows: Mapping[str, Row],
    metrics: Mapping[str, str],
    *,
    sanity: bool,
    rank: float | None,
    place: str,
    bars: frozenset[str],
    total: int,
    machine: str,
) -> Standing:
    """Return the standing of a detector by its rows, by table.

    ``metrics`` has what orders each table, ``bars`` are the tables in which a sanity row has a
    value of that, ``machine`` is the ranking's; for the rest see `Standing`.
    """
    failed = frozenset(table for table, row in rows.items() if row.failed)
    values = {t: row.means[metrics[t]] for t, row in rows.items() if metrics[t] in row.means}
    held = frozenset() if sanity else bars & (values.keys() | failed)
    beaten = frozenset(t for t in held if t in failed or metrics[t] in rows[t].beaten)
    if not any(row.machine == machine for row in rows.values()):
        machine = find_machine(rows.values())
    means = [row.means for row in rows.values() if row.machine == machine]
    costs = {cost: [m[cost].mean for m in means if cost in m] for cost in COSTS}
    return Standing(
        label=label,
        sanity=sanity,
        rank=rank,
        place=place,
        covered=len(values.keys() - failed),
        total=total,
        above=len(held) - len(beaten),
        held=len(held),
        statuses=sum((row.statuses for row in rows.values()), Counter()),
        values=values,
        failed=failed,
        beaten=beaten,
        inverted=any(row.inverted for row in rows.values()),
        costs={cost: statistics.median(some) for cost, some in costs.items() if some},
        machine=machine,
    )


def format_marks(standing: Standing) -> str:
    """Return the marks that belong behind a standing's label, each after a space."""
    return f" {NOT_BEATEN}" * standing.doubtful + f" {INVERTED}" * standing.inverted
