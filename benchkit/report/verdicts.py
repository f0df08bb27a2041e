"""What a ranking comes to, in sentences for people who know no statistics."""

from __future__ import annotations

from collections.abc import Sequence

from benchkit.report.leads import SEEDS_SILENT
from benchkit.report.numbers import count, format_p, title
from benchkit.report.primary import DENSE
from benchkit.report.ranking import Ranking, Standing
from benchkit.report.statistics import LEAST_DATASETS, LEVEL, least_datasets

_SHOWN = 8
"""Names in one sentence; of more it says how many."""


def judge(ranking: Ranking) -> tuple[str, ...]:
    """Return what may be said of a ranking: who leads, what that is worth, and the bar."""
    ranked = [standing for standing in ranking.standings if standing.rank is not None]
    unplaced = [s for s in ranking.standings if s.rank is None and s.met]
    if not ranked and not unplaced:
        return (f"No detector has a value of {title(ranking.metric)} yet.",)
    said = [*_lead(ranking, ranked)] if ranked else ["No detector has a place."]
    if unplaced:
        names = [f"{s.label} ({s.met} of {s.total})" for s in unplaced]
        said.append(
            "Without a place, being in fewer than half of the tables or half of the datasets: "
            f"{_list(names)}."
        )
    said += [*_leads(ranking), *_significance(ranking, ranked), *_bar(ranking), *_rare(ranking)]
    if ranking.unmeasured:
        said.append(
            f"No part of the ranking, for want of {title(ranking.metric)}: "
            f"{_list(ranking.unmeasured)}."
        )
    return tuple(said)


def _rare(ranking: Ranking) -> list[str]:
    if ranking.metric == DENSE:
        where = "all tables, and dense VUS-PR orders them"
    elif ranking.dense:
        number = count(len(ranking.dense), "table")
        orders = "orders it" if len(ranking.dense) == 1 else "orders them"
        where = f"{number}, and dense VUS-PR {orders}: {_list(ranking.dense)}"
    else:
        return []
    return [f"Anomalies are too rare for the thresholds of VUS-PR in {where}."]


def describe_tables(ranking: Ranking) -> str:
    """Return how many tables and datasets there are: ``3 tables of 1 dataset``."""
    tables, blocks = len(ranking.datasets), len(ranking.blocks)
    return f"{count(tables, 'table')} of {count(blocks, 'dataset')}"


def _lead(ranking: Ranking, ranked: Sequence[Standing]) -> list[str]:
    if len(ranked) == 1:
        only = "the only detector" + " with a place" * (len(ranking.standings) > 1)
        return [f"{ranked[0].label} is {only}: there is nobody to rank it against."]
    first = [standing for standing in ranked if standing.rank == ranked[0].rank]
    has = "has" if len(first) == 1 else "share"
    said = [
        f"{_list([s.label for s in first])} {has} the best average rank by "
        f"{title(ranking.metric)}, {first[0].rank:.2f} among {len(ranked)} detectors, over "
        f"{describe_tables(ranking)}."
    ]
    said += [
        f"{s.label} has results in {s.covered} of these {s.total} tables only."
        for s in first[:_SHOWN]
        if s.covered < s.total
    ]
    return said


def _leads(ranking: Ranking) -> list[str]:
    """Return in how many tables the seeds show who is ahead."""
    leads = [ranking.leads[table] for table in ranking.datasets if table in ranking.leads]
    contested = [lead.judgement for lead in leads if lead.contested]
    if not contested:
        return []
    alone = sum(judgement.clear for judgement in contested)
    said = [
        f"In {alone} of {count(len(contested), 'table')} where several detectors went well one is "
        "clearly ahead of all others over its seeds."
    ]
    silent = sum(judgement.word == SEEDS_SILENT for judgement in contested)
    if silent:
        said.append(
            f"In {silent} of them seeds say nothing of that: the best and one behind it give the "
            "same with every seed."
        )
    return said


def _significance(ranking: Ranking, ranked: Sequence[Standing]) -> list[str]:
    if len(ranked) < 2:
        return []
    blocks = len(ranking.outcome.blocks)
    if not ranking.tested:
        there = len(ranking.blocks)
        have = f"all of them are in {blocks} of {count(there, 'dataset')} only"
        if there < LEAST_DATASETS:
            have = f"there {'is' if there == 1 else 'are'} {count(there, 'dataset')}"
        return [
            f"Beyond these data no difference between detectors can be claimed: {have}, and "
            f"{LEAST_DATASETS} would be needed, since with fewer no two-sided Wilcoxon test can "
            f"come below {LEVEL:.0%}. The members and splits of one dataset count as one."
        ]
    names = sorted(ranking.tested, key=lambda name: (ranking.tested[name], name))
    said = [_test(ranking, names, blocks)]
    if ranking.pairs is not None:
        said += _pairs(ranking, names, blocks)
    left = [s.label for s in ranked if s.label not in ranking.tested]
    if left:
        said.append(f"Not part of the tests, being in too few datasets: {_list(left)}.")
    return said


def _test(ranking: Ranking, names: Sequence[str], blocks: int) -> str:
    over = f"over {count(blocks, 'dataset')}"
    if ranking.friedman is None:
        (p_value,) = (ranking.pairs or {}).values()
        which, found = f"Wilcoxon's signed-rank test {over}", p_value < LEVEL
    else:
        which, p_value, found = f"Friedman's test {over}", ranking.friedman, ranking.apart
    if found:
        return f"The {len(names)} detectors differ: {which}, {format_p(p_value)}."
    return (
        f"No difference between the {len(names)} detectors is shown: {which}, "
        f"{format_p(p_value)}. Their order may be chance."
    )


def _pairs(ranking: Ranking, names: Sequence[str], blocks: int) -> list[str]:
    pairs = ranking.pairs or {}
    clear = {pair: p for pair, p in pairs.items() if p < LEVEL}
    least = least_datasets(len(names))
    if not clear and len(names) > 2:
        few = f"; that takes {least} datasets at least" if blocks < least else ""
        return [
            f"But no two of them can be told apart: {count(len(pairs), 'pair')}, Wilcoxon's "
            f"signed-rank tests corrected by Holm{few}."
        ]
    said = []
    for name in names:
        worse = [other for other in names if (name, other) in clear]
        if worse:
            most = max(clear[name, other] for other in worse)
            said.append(
                f"{name} is better than {_list(worse)}: Wilcoxon's signed-rank tests corrected by "
                f"Holm, the largest {format_p(most)}."
            )
    close = [name for name in names[1:] if not {(names[0], name), (name, names[0])} & clear.keys()]
    if close and clear:
        said.append(f"Not told apart from {names[0]}: {_list(close)}.")
    return said


def _bar(ranking: Ranking) -> list[str]:
    """Return in which tables the sanity rows win."""
    held = [table for table in ranking.datasets if table in ranking.bars]
    beaten = [table for table in held if not _somebody_above(ranking, table)]
    if not held:
        return ["No sanity row has a result: nothing says whether the numbers are hard to reach."]
    if not beaten:
        return ["Some detector is above the best sanity row in every table that has one."]
    return [
        f"In {len(beaten)} of {count(len(held), 'table')} with sanity rows no detector is above "
        f"the best of them: {_list(beaten)}."
    ]


def _somebody_above(ranking: Ranking, table: str) -> bool:
    return any(table in s.values and table not in s.beaten for s in ranking.standings)


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
