"""Two detectors against each other, dataset by dataset: by how much, how surely, at what price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchkit.metrics.curves import INVERTED_BELOW
from benchkit.report.numbers import MISSING, count, format_interval, format_p, title
from benchkit.report.primary import find_metric, find_primary
from benchkit.report.rows import Row, is_lower_better
from benchkit.report.statistics import (
    LEAST_DATASETS,
    LEVEL,
    Difference,
    Interval,
    difference,
    interval,
    wilcoxon_holm,
)
from benchkit.report.tables import tabulate_left
from benchkit.report.tracks import Part, Track
from benchkit.results.record import DatasetFacts


@dataclass(frozen=True)
class Match:
    """Two detectors, ``a`` and ``b``, in one table.

    ``gap`` is how much higher the metric of ``a`` is, pair by pair of equal seeds; ``lower``
    whether less of it is better.
    """

    dataset: DatasetFacts
    metric: str
    a: Row
    b: Row
    gap: Difference
    lower: bool

    @property
    def advantage(self) -> float:
        """By how much ``a`` is better, negative where ``b`` is; 0 without pairs."""
        return (-1 if self.lower else 1) * (self.gap.mean or 0.0)

    @property
    def won(self) -> float | None:
        """Share of pairs in which ``a`` is better; equal ones count half. None without pairs."""
        return self.gap.won if self.gap.won is None or not self.lower else 1 - self.gap.won

    @property
    def means(self) -> tuple[Interval, Interval]:
        """Of the metric of each, over the seeds that both have a value for, of which there are."""
        a, b = (row.values[self.metric] for row in (self.a, self.b))
        seeds = sorted(a.keys() & b.keys())
        return interval([a[seed] for seed in seeds]), interval([b[seed] for seed in seeds])

    @property
    def single(self) -> int:
        """How many values of the metric have no partner of the same seed."""
        a, b = (row.values.get(self.metric, {}) for row in (self.a, self.b))
        return len(a.keys() ^ b.keys())

    @property
    def same_machine(self) -> bool:
        """Whether the costs of both may be compared."""
        return self.a.machine == self.b.machine != ""

    def compare_cost(self, cost: str) -> float | None:
        """Return how many times the cost of ``b`` the one of ``a`` is; None if that is unknown."""
        a, b = self.a.means.get(cost), self.b.means.get(cost)
        if a is None or b is None or not self.same_machine or not b.mean:
            return None
        return a.mean / b.mean


def compare_detectors(
    parts: Sequence[Part], a: str, b: str, metric: str | None = None
) -> list[Match]:
    """Match two detectors, by label, in every section of a track that both are in.

    Without a metric it is the one that the track is ranked by, in each table what orders that.
    """
    chosen = metric or find_primary(row for _, rows in parts for row in rows)
    lower = frozenset(name for _, rows in parts for row in rows for name in row.lower)
    matches = []
    for section, rows in parts:
        by_label = {row.label: row for row in rows}
        if a in by_label and b in by_label:
            here = metric or find_metric(chosen, rows)
            one, other = by_label[a], by_label[b]
            gap = difference(one.values.get(here, {}), other.values.get(here, {}))
            less = is_lower_better(here, lower)
            matches.append(Match(section.dataset, here, one, other, gap, less))
    return matches


def describe_matches(track: Track, matches: Sequence[Match]) -> str:
    """Return a heading, a table, a sentence for each match and some over all, for a terminal."""
    first = matches[0]
    better = "less is better" if first.lower else "more is better"
    metrics = " or ".join(sorted({title(match.metric) for match in matches}))
    lines = [f"{track.title}, {metrics} ({better})", ""]
    paired = [match for match in matches if match.gap.count]
    if paired:
        lines += [_table(paired), "", *(f"- {judge_match(match)}" for match in paired), ""]
        lines += judge_matches(paired)
    single = [f"{match.dataset.label} ({match.single})" for match in paired if match.single]
    if single:
        lines.append(
            f"Values for seeds that only one of them has are left out: {', '.join(single)}."
        )
    unpaired = [match.dataset.label for match in matches if not match.gap.count]
    if unpaired:
        lines.append(f"No seed for which both have a value: {', '.join(unpaired)}.")
    for side in ("a", "b"):
        rows = [(match.dataset.label, getattr(match, side)) for match in matches]
        failed = [f"{label} ({row.status})" for label, row in rows if row.failed]
        if failed:
            lines.append(
                f"Failed trials of {rows[0][1].label}, which are no part of any difference: "
                f"{', '.join(failed)}."
            )
        inverted = [label for label, row in rows if row.inverted]
        if inverted:
            lines.append(
                f"AUC-ROC of {rows[0][1].label} is below {INVERTED_BELOW}, worse than chance, so "
                f"that its scores may point the wrong way: {', '.join(inverted)}."
            )
    return "\n".join(lines)


def judge_match(match: Match) -> str:
    """Return in one sentence who is better in a table with pairs, and how sure that is."""
    a, b, gap = match.a.label, match.b.label, match.gap
    where, pairs = match.dataset.label, count(gap.count, "pair") + " of seeds"
    if gap.fixed:
        if not gap.mean:
            return f"{where}: {a} and {b} reach exactly the same, {pairs}."
        return (
            f"{where}: {_ahead(match)}; neither varies with the seed, so that {pairs} say nothing "
            "of how sure that is."
        )
    if gap.low is None or gap.high is None:
        return f"{where}: {_ahead(match)} with one seed, which says nothing about other seeds."
    if gap.low == gap.high:
        if not gap.mean:
            return f"{where}: {a} and {b} reach exactly the same, {pairs}."
        return f"{where}: {_ahead(match)}, by exactly as much in each of {pairs}."
    if not gap.clear:
        between = f"{_number(gap.low)} to {_number(gap.high)}"
        return f"{where}: no clear difference (95 % interval {between}, {pairs})."
    # Of how much the better one is better by, whichever it is.
    near, far = sorted((abs(gap.low), abs(gap.high)))
    between = f"{_number(near, sign='')} to {_number(far, sign='')}"
    return f"{where}: {_ahead(match)} (95 % interval {between}, {pairs})."


def judge_matches(matches: Sequence[Match]) -> list[str]:
    """Return what matches with pairs come to: tables won, a test over datasets, the cost."""
    a, b = matches[0].a.label, matches[0].b.label
    clear = [match for match in matches if match.gap.clear]
    won = sum(match.advantage > 0 for match in clear)
    lost, unclear = len(clear) - won, len(matches) - len(clear)
    return [
        f"Over all: {a} is clearly better in {won} of {count(len(matches), 'table')}, {b} in "
        f"{lost}; {unclear} {'shows' if unclear == 1 else 'show'} no clear difference. Intervals "
        "are over seeds and say nothing about other data.",
        _test(matches, a, b),
        *_costs(matches, a, b),
    ]


def _test(matches: Sequence[Match], a: str, b: str) -> str:
    import numpy as np

    blocks: dict[str, list[float]] = defaultdict(list)
    for match in matches:
        blocks[match.dataset.name].append(match.advantage)
    number = len(blocks)
    if number < LEAST_DATASETS:
        return (
            f"Beyond these data nothing can be claimed: {count(number, 'dataset')}, members and "
            f"splits of one counting once, and {LEAST_DATASETS} would be needed."
        )
    means = np.array([sum(some) / len(some) for some in blocks.values()])
    # The better one is by the test's own statistic: the median may point the other way.
    (((better, _), p_value),) = wilcoxon_holm(
        np.column_stack([means, np.zeros(number)]), [a, b]
    ).items()
    test = f"Wilcoxon's signed-rank test over {number} datasets, {format_p(p_value)}"
    if p_value >= LEVEL:
        return f"No difference is shown beyond these data: {test}."
    return f"Over datasets {better} is better: {test}."


def _costs(matches: Sequence[Match], a: str, b: str) -> list[str]:
    ranges = [
        _range([ratio for m in matches if (ratio := m.compare_cost(cost)) is not None])
        for cost in ("fit_s", "score_s")
    ]
    apart = [match.dataset.label for match in matches if not match.same_machine]
    said = []
    if all(ranges):
        said.append(
            f"To fit {a} takes {ranges[0]} times as long as {b}, to score {ranges[1]} times."
        )
    if apart:
        said.append(
            f"Measured on different machines, so that costs are not compared: {', '.join(apart)}."
        )
    return said


def _table(matches: Sequence[Match]) -> str:
    headers = ["dataset", matches[0].a.label, matches[0].b.label, "difference", "95 % interval"]
    headers += ["Hedges' g", "pairs won", "fit time", "score time", "memory"]
    body = []
    several = len({match.metric for match in matches}) > 1
    for match in matches:
        gap, won = match.gap, match.won or 0.0
        costs = [match.compare_cost(cost) for cost in ("fit_s", "score_s", "memory_mib")]
        between = [end for end in (gap.low, gap.high) if end is not None]
        body.append(
            [
                match.dataset.label + f" ({title(match.metric)})" * several,
                *map(format_interval, match.means),
                _number(gap.mean or 0.0),
                " to ".join(map(_number, between)) or MISSING,
                _effect(gap.effect),
                f"{won * gap.count:g}/{gap.count}",
                *(MISSING if cost is None else f"×{_times(cost)}" for cost in costs),
            ]
        )
    return tabulate_left(body, headers, style="simple")


def _ahead(match: Match) -> str:
    a, b = match.a.label, match.b.label
    if not match.advantage:
        return f"{a} and {b} are level"
    better = a if match.advantage > 0 else b
    return f"{better} is better by {_number(abs(match.advantage), sign='')}"


def _number(value: float, sign: str = "+") -> str:
    """Return a number, with a sign unless told otherwise, not as 0 where it is not."""
    text = f"{value:{sign}.3f}" if abs(value) < 100 else f"{value:{sign},.0f}"
    return f"{value:{sign}.1g}" if value and not float(text.replace(",", "")) else text


def _effect(effect: float | None) -> str:
    if effect is None:
        return MISSING
    if abs(effect) >= 10:
        return "above 10" if effect > 0 else "below -10"
    return f"{effect:+.1f}"


def _range(ratios: Sequence[float]) -> str:
    if not ratios:
        return ""
    low, high = _times(min(ratios)), _times(max(ratios))
    return low if low == high else f"{low} to {high}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2g}"
