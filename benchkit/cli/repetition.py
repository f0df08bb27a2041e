"""What is said of a trial that is run again: beforehand, of its results, of its costs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

import click
from tabulate import tabulate

from benchkit.execution.reproduction import Repetition
from benchkit.results.agreement import Agreement, Drift, Pair, Verdict
from benchkit.results.record import Record


def announce(record: Record, again: Repetition, tolerance: float) -> None:
    """Print what runs again, all that differs beforehand, and what will count as agreement."""
    click.echo(f"{record.label}: trial {record.identity}, finished {record.finished[:19]}")
    if again.file:
        click.echo(f"the detector's file: {again.file}")
    for difference in again.differences:
        head = "BEWARE, " if difference.grave else ""
        click.echo(
            f"{head}{difference.what} differs: {difference.stored} then, {difference.new} now"
        )
    if not again.differences:
        click.echo("same values, code, versions, processor, threads and device as then")
    elif any(difference.grave for difference in again.differences):
        click.echo("BEWARE, what runs now is not what ran then; it is run all the same")
    if again.gone:
        click.echo(f"no plugin here has these metrics any more: {', '.join(again.gone)}")
    if tolerance:
        click.echo(
            f"agreement is a difference of at most {tolerance:g}, relative above 1, in metrics "
            "over all thresholds; where scores moved, a threshold and what is measured at it may "
            "jump with a few points: that is shown and not judged"
        )
    else:
        click.echo("agreement is every number the same to the last bit")


def show_results(agreement: Agreement, tolerance: float) -> None:
    """Print metrics, thresholds and scores of both runs."""
    for what, pairs in (("metric", agreement.metrics), ("threshold", agreement.thresholds)):
        if pairs:
            rows = [_row(pair, agreement.verdict(pair, tolerance)) for pair in pairs]
            _table(rows, [what, "then", "now", "apart", "verdict"])
    click.echo()
    for drift in agreement.drifts:
        click.echo(_describe(drift))
    if agreement.unread:
        click.echo(f"the stored scores cannot be read: {agreement.unread}")
    elif agreement.metrics and not agreement.drifts:
        click.echo("the stored trial has no scores beside its record to compare")


def _row(pair: Pair, verdict: Verdict) -> list[str]:
    apart = "" if pair.same or math.isinf(pair.distance) else f"{pair.distance:.1e}"
    shown = verdict.upper() if verdict == "differs" else verdict
    return [pair.name, _number(pair.stored), _number(pair.new), apart, shown]


def _describe(drift: Drift) -> str:
    if not drift.differing:
        return f"{drift.part} scores: all {drift.points:,} are the same to the last bit"
    if math.isinf(drift.largest):
        return f"{drift.part} scores: not of the same number, kind or spread"
    return (
        f"{drift.part} scores: {drift.differing:,} of {drift.points:,} differ, at most by "
        f"{drift.largest:.1e} standard deviations"
    )


def show_costs(agreement: Agreement, same_machine: bool) -> None:
    """Print what both runs cost, which nobody judges."""
    stored, new = agreement.stored, agreement.new
    rows = [
        [name, _number(then.get(name)), _number(now.get(name))]
        for then, now in (
            (_costs(stored.seconds, "s"), _costs(new.seconds, "s")),
            (_costs(stored.memory, "MiB"), _costs(new.memory, "MiB")),
        )
        for name in dict.fromkeys([*then, *now])
        if then.get(name) is not None or now.get(name) is not None
    ]
    _table(rows, ["cost", "then", "now"])
    if same_machine:
        click.echo("same processor, threads and device; how busy the machine was, nobody knows")
    else:
        click.echo("not the same machine: these say nothing about each other")


def _costs(values: Mapping[str, float | None], unit: str) -> dict[str, float | None]:
    return {f"{name.removesuffix('_mib')} {unit}": value for name, value in values.items()}


def count(agreement: Agreement, tolerance: float) -> str:
    """Return in how many numbers two runs agree, and which moved most."""
    kinds = {"metrics": agreement.metrics, "thresholds": agreement.thresholds}
    counts = " and ".join(
        f"{sum(pair.same for pair in kind)} of {len(kind)} {name}" for name, kind in kinds.items()
    )
    text = f"{counts} are the same to the last bit"
    if agreement.drifts:
        text += ", all scores too" if agreement.same_scores else ", not all scores are"
    pairs = [pair for kind in kinds.values() for pair in kind]
    verdicts = Counter(agreement.verdict(pair, tolerance) for pair in pairs)
    if verdicts["differs"] and tolerance:
        text += f"; {verdicts['differs']} differ by more than {tolerance:g}"
    if verdicts["jumped"]:
        text += f"; {verdicts['jumped']} jumped by more than {tolerance:g} and are not judged"
    judged = [p for p in pairs if agreement.verdict(p, tolerance) in ("agrees", "differs")]
    if judged:
        most = max(judged, key=lambda pair: pair.distance)
        far = "has a value once only" if math.isinf(most.distance) else f"by {most.distance:.1e}"
        text += (
            f"; of {'the others' if verdicts['jumped'] else 'all'} {most.name} moved most, {far}"
        )
    return text


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"


def _table(rows: list[list[str]], headers: list[str]) -> None:
    align = ["left", *["right"] * (len(headers) - 1)]
    table = tabulate(
        rows, headers, tablefmt="simple", colalign=align if rows else None, disable_numparse=True
    )
    click.echo(f"\n{table}")
