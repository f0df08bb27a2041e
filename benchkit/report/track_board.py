"""The board of a track: who is best over all its tables, and what that is worth, in markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchkit.report.dataset_board import warn_of_simulation
from benchkit.report.leads import find_best
from benchkit.report.numbers import (
    COST_TITLES,
    INVERTED,
    INVERTED_MEANS,
    MISSING,
    NOT_BEATEN,
    format_cost,
    format_interval,
    format_label,
    format_value,
    title,
)
from benchkit.report.ranking import Ranking
from benchkit.report.remarks import find_chance
from benchkit.report.rows import Row, count_statuses
from benchkit.report.standing import Standing, format_marks
from benchkit.report.tables import ELSEWHERE, choose_costs, escape, tabulate_left
from benchkit.report.tracks import Part, page_stem

_RANKS = f"""\
A table is one member or split of a dataset; all tables of one dataset together count once. \
*Average rank*: 1 is best; where detectors are in different tables it is one plus the sum, over \
the other detectors, of the share of datasets in which the other one is better, in the tables \
that both are in (one half for a pair that never met). Equal ranks share a place, as in `1=`. \
A place takes results or failures in at least half of the tables and half of the \
datasets; who is in fewer stands below the others, without rank and place, since it is easily \
the best of few. *Coverage*: tables with a value and no failed trial. *Above sanity*: tables in \
which the detector is above the best sanity row; {NOT_BEATEN} marks one that is so in no more \
than half. {INVERTED_MEANS}."""

_FAILURES = """\
**What a failure costs.** A trial that ends in error, timeout, out_of_memory, crashed or \
invalid_scores puts its detector last in that table, below all others and below the sanity rows, \
whatever its other seeds reached; those that failed in the same table share the last rank. In \
the tests that table counts 0 for it. Its numbers are over the trials that went well. A detector \
that does not apply to a dataset, or was not run on it, has no rank there and loses nothing but \
coverage, and with more than half of it the place."""

_MATRIX = f"""\
Means over seeds, and behind ± half the width of their 95 % Student-t interval, which says what \
other seeds would give on these data and nothing about other data; a single seed has none, nor \
have several that all gave the same. In bold the best of those without a failed trial; behind \
the table whether it is clearly ahead of all others, which it is where the intervals of its \
differences from them, seed by seed, leave out 0. {NOT_BEATEN} is not above the best sanity row, \
{MISSING} was not run, {INVERTED} marks tables in which scores may point the wrong way. *Chance* \
is what random scores get on the labels of the table, where its records have it."""


def make_track_board(ranking: Ranking, parts: Sequence[Part]) -> str:
    """Return the page of a track: verdict, ranking, and the metric in every table."""
    track = ranking.track
    lines = [f"# {escape(track.title)}", "", *warn_of_simulation(track.variant)]
    lines += [f"- {escape(sentence)}" for sentence in ranking.verdict]
    lines += ["", "## Ranking", "", make_standings(ranking, ranking.standings), ""]
    if ranking.sanity:
        caption = "Sanity rows, there to be beaten, with the rank that each would have alone:"
        lines += [caption, "", make_standings(ranking, ranking.sanity), ""]
    lines += [f"{_RANKS} {_costs(ranking)}", "", _FAILURES, ""]
    metric = escape(title(ranking.metric))
    lines += [f"## {metric} in every table", "", _matrix(ranking, parts), "", _MATRIX, ""]
    lines += [
        f"All metrics are on the pages of the datasets, and all numbers in "
        f"[{track.stem}.csv]({track.stem}.csv) and "
        f"[{track.stem}.parquet]({track.stem}.parquet): one row for each detector and table, with "
        "both ends of every interval.",
        "",
    ]
    return "\n".join(lines)


def make_standings(ranking: Ranking, standings: Sequence[Standing]) -> str:
    """Return standings as a markdown table with the medians of their costs."""
    costs = choose_costs(s.costs for s in (*ranking.standings, *ranking.sanity))
    own = any(not standing.sanity for standing in standings)
    body = []
    for standing in standings:
        mark = f" {ELSEWHERE}" if standing.machine != ranking.machine else ""
        rank = MISSING if standing.rank is None else f"{standing.rank:.2f}"
        label = escape(standing.label) + format_marks(standing)
        held = f"{standing.above}/{standing.held}" if standing.held else MISSING
        body.append(
            [
                *([standing.place or MISSING] if own else []),
                label,
                rank,
                f"{standing.covered}/{standing.total}",
                *([held] if own else []),
                _trials(standing),
                *(format_cost(standing.costs.get(cost), mark) for cost in costs),
            ]
        )
    headers = [
        *(["place"] if own else []),
        "detector" if own else "sanity row",
        "average rank",
        "coverage",
        *(["above sanity"] if own else []),
        "trials",
        *(COST_TITLES[cost] for cost in costs),
    ]
    return tabulate_left(body, headers, left=2 if own else 1)


def _trials(standing: Standing) -> str:
    """Return statuses with their counts, such as ``9 ok`` or ``1 error, 8 ok``."""
    if len(standing.statuses) == 1:
        return f"{standing.statuses.total()} {count_statuses(standing.statuses)}"
    return count_statuses(standing.statuses)


def _costs(ranking: Ranking) -> str:
    text = f"*Costs* are medians over the tables that a row is in, on {escape(ranking.machine)}"
    others = [
        f"{escape(s.label)} on {escape(s.machine)}"
        for s in (*ranking.standings, *ranking.sanity)
        if s.machine and s.machine != ranking.machine
    ]
    if others:
        text += f"; {ELSEWHERE} marks other machines, not to be compared: {', '.join(others)}"
    return f"{text}." if ranking.machine else "Nothing went well, so that there are no costs."


def _matrix(ranking: Ranking, parts: Sequence[Part]) -> str:
    body = []
    chance = {section.dataset.label: find_chance(section) for section, _ in parts}
    for section, rows in parts:
        data = section.dataset
        if data.label in ranking.unmeasured:
            continue
        by_label = {row.label: row for row in rows}
        page = f"[{escape(data.label)}]({page_stem(data.name, data.variant)}.md)"
        here = ranking.metric_in(data.label)
        page += f" ({title(here)})" if here != ranking.metric else ""
        cells = [_cell(ranking, data.label, by_label.get(s.label)) for s in ranking.standings]
        level = chance.get(data.label, {}).get(here)
        known = [MISSING if level is None else format_value(level)] if any(chance.values()) else []
        lead = ranking.leads.get(data.label)
        word = MISSING if lead is None else lead.judgement.word
        body.append([page, *cells, word, _best_sanity(rows, here), *known])
    headers = ["dataset", *(escape(s.label) for s in ranking.standings)]
    headers += ["clearly ahead", "best sanity row", *["chance"] * any(chance.values())]
    return tabulate_left(body, headers)


def _cell(ranking: Ranking, table: str, row: Row | None) -> str:
    if row is None:
        return MISSING
    metric = ranking.metric_in(table)
    number = row.means.get(metric)
    if number is None and row.status != "ok":
        return row.status
    if number is None:
        return "undefined" if metric in row.undefined else "no value"
    text = format_interval(number)
    lead = ranking.leads.get(table)
    if lead is not None and row.label in lead.labels:
        text = f"**{text}**"
    text += f" {NOT_BEATEN}" if metric in row.beaten else ""
    text += f" {INVERTED}" * row.inverted
    return text if row.status == "ok" else f"{text} ({row.status})"


def _best_sanity(rows: Sequence[Row], metric: str) -> str:
    bars = find_best([row for row in rows if row.sanity], metric)
    if not bars:
        return MISSING
    best = bars[0]
    return f"{format_label(best, escape(best.label))} {format_interval(best.means[metric])}"
