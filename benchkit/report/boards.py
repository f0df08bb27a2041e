"""The boards: an index, a board for each track, a page for each dataset and variant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from tabulate import tabulate

from benchkit.report.dataset_board import make_dataset_board
from benchkit.report.leads import find_best
from benchkit.report.numbers import (
    INVERTED_MEANS,
    MISSING,
    NOT_BEATEN,
    format_label,
    format_value,
    title,
)
from benchkit.report.primary import find_primary
from benchkit.report.ranking import Ranking, rank_detectors
from benchkit.report.rows import Row
from benchkit.report.standing import Standing, format_marks
from benchkit.report.tables import escape
from benchkit.report.tidy import make_columns, write_csv, write_parquet
from benchkit.report.track_board import make_track_board
from benchkit.report.tracks import Part, Track, page_stem

MARK = "<!-- Made by `benchkit leaderboard` from records. Do not edit. -->"
INDEX = "README.md"

_INTRO = f"""\
A *track* is all datasets of one kind; `real` and `sim` are never ranked together, because what \
was measured on simulated data says nothing about the real dataset. {NOT_BEATEN} is not above \
the best sanity row: a score that is random, constant or the distance from the mean does as \
well. {INVERTED_MEANS}. Whether a difference is more than chance is said at the head of each \
track's page."""


def make_boards(tracks: Mapping[Track, Sequence[Part]]) -> dict[str, str | bytes]:
    """Return the content of every board file by its name, from what `group_tracks` made.

    Text, or for parquet bytes, which depend on the version of pyarrow.
    """
    rankings = {track: rank_detectors(track, parts) for track, parts in tracks.items()}
    texts = {INDEX: _index(tracks, rankings)}
    tables: dict[str, bytes] = {}
    pages: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for track, parts in tracks.items():
        texts[f"{track.stem}.md"] = make_track_board(rankings[track], parts)
        columns = make_columns(rankings[track], parts)
        texts[f"{track.stem}.csv"] = write_csv(columns)
        tables[f"{track.stem}.parquet"] = write_parquet(columns)
        for section, rows in parts:
            pages[section.dataset.name, section.dataset.variant].append((section, rows))
    for (name, variant), parts in sorted(pages.items()):
        texts[f"{page_stem(name, variant)}.md"] = make_dataset_board(name, variant, parts)
    return {
        # A message may quote bytes that are no text, which no file could be written with.
        **{
            name: _mark(name, text.encode(errors="replace").decode())
            for name, text in texts.items()
        },
        **tables,
    }


def _mark(name: str, text: str) -> str:
    return f"{MARK}\n\n{text}" if name.endswith(".md") else text


def _index(tracks: Mapping[Track, Sequence[Part]], rankings: Mapping[Track, Ranking]) -> str:
    lines = ["# Leaderboards", ""]
    if not tracks:
        return "\n".join([*lines, "There are no records yet: `benchkit run` makes some.", ""])
    return "\n".join([*lines, _INTRO, "", _tracks(rankings), "", _tables(tracks, rankings), ""])


def _tracks(rankings: Mapping[Track, Ranking]) -> str:
    body = []
    for track, ranking in rankings.items():
        first = [s for s in ranking.standings if s.place in ("1", "1=")]
        names = ", ".join(map(_first, first))
        differ = "yes" if ranking.apart else "not shown" if ranking.tested else "too few datasets"
        body.append(
            [
                f"[{escape(track.title)}]({track.stem}.md)",
                len(ranking.blocks),
                len(ranking.datasets),
                len(ranking.standings),
                escape(title(ranking.metric)),
                f"{names}: {first[0].rank:.2f}" if first else MISSING,
                differ,
            ]
        )
    headers = [
        *("track", "datasets", "tables", "detectors", "ranked by", "best average rank"),
        "detectors differ",
    ]
    return tabulate(body, headers, tablefmt="github", disable_numparse=True)


def _first(standing: Standing) -> str:
    text = escape(standing.label)
    if standing.covered < standing.total:
        text += f" (in {standing.covered} of {standing.total} tables)"
    return text + format_marks(standing)


def _tables(tracks: Mapping[Track, Sequence[Part]], rankings: Mapping[Track, Ranking]) -> str:
    body = []
    for track, section, rows in ((t, *part) for t, parts in tracks.items() for part in parts):
        data, primary = section.dataset, find_primary(rows)
        lead = rankings[track].leads.get(data.label)
        body.append(
            [
                f"[{escape(data.label)}]({page_stem(data.name, data.variant)}.md)",
                escape(data.variant),
                sum(not row.sanity for row in rows),
                _say_trials(sum((row.statuses for row in rows), Counter())),
                _name(lead.best, lead.metric) if lead else MISSING,
                _name(find_best([row for row in rows if row.sanity], primary), primary),
            ]
        )
    headers = ["dataset", "variant", "detectors", "trials ok", "best", "best sanity row"]
    return tabulate(body, headers, tablefmt="github", disable_numparse=True)


def _say_trials(statuses: Counter[str]) -> str:
    """Return how many trials went well of those that apply; the others failed nowhere."""
    apart = statuses["not_applicable"]
    text = f"{statuses['ok']}/{statuses.total() - apart}"
    return text + (f", {apart} not applicable" if apart else "")


def _name(best: Sequence[Row], metric: str) -> str:
    """Return rows that share a value of a metric, with it and its marks."""
    if not best:
        return MISSING
    mark = f" {NOT_BEATEN}" if metric in best[0].beaten else ""
    names = ", ".join(format_label(row, escape(row.label)) for row in best)
    return f"{names} {format_value(best[0].rate(metric))}{mark}"
