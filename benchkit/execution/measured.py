"""Which metrics at which threshold policies the records of a store have."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from benchkit.registry.catalog import Catalog
from benchkit.registry.specs import MetricSpec
from benchkit.registry.targets import fingerprint_code
from benchkit.results.record import SCOPES, Record


def find_metrics(
    catalog: Catalog, names: Iterable[str]
) -> tuple[list[MetricSpec], tuple[str, ...]]:
    """Return the metrics that some names come from, and the names that come from none."""
    specs = [entry.spec for entry in catalog.metrics.values()]
    made = {f"{scope}{spec.name}": spec.name for spec in specs for scope in ("", *SCOPES)}
    bases = {name: name.partition("@")[0] for name in names}
    wanted = {made[base] for base in bases.values() if base in made}
    gone = sorted(name for name, base in bases.items() if base not in made)
    return [spec for spec in specs if spec.name in wanted], tuple(gone)


def name_policies(record: Record) -> list[str]:
    """Return the threshold policies of a record, those without a threshold included.

    A detector's own threshold is in every record of it; it is a policy of those that were
    measured at it.
    """
    named = [name.partition("@")[2] for name in record.metrics]
    found = [policy for policy in record.thresholds if policy != "own" or policy in named]
    return [policy for policy in dict.fromkeys([*found, *named]) if policy]


def find_missing(
    records: Iterable[Record], metrics: Sequence[MetricSpec], policies: Sequence[str]
) -> tuple[list[MetricSpec], list[str]]:
    """Return those of some metrics and of some policies that a record without failure lacks."""
    lacking: dict[str, MetricSpec] = {}
    unused: dict[str, None] = {}
    for record in records:
        if record.status != "ok":
            continue
        had = {part for name in record.metrics for part in split_name(name)}
        here = [spec for spec in metrics if record.dataset.modality in spec.modalities]
        alarms = any(spec.kind == "alarm" for spec in here)
        at = [p for p in policies if p != "own" or p in record.thresholds] if alarms else []
        unused |= dict.fromkeys(policy for policy in at if policy not in had)
        wanted = (spec for spec in here if at or spec.kind == "score")
        lacking |= {spec.name: spec for spec in wanted if spec.name not in had}
    return list(lacking.values()), list(unused)


@functools.cache
def _fingerprint(target: str) -> str:
    return fingerprint_code(target)


def fingerprint_metrics(metrics: Iterable[MetricSpec]) -> dict[str, str]:
    """Return a hash of the code of each metric that others than benchkit brought, by its name."""
    foreign = (spec for spec in metrics if not spec.target.startswith("benchkit."))
    return {spec.name: _fingerprint(spec.target) for spec in foreign}


def find_changed(records: Iterable[Record], metrics: Sequence[MetricSpec]) -> list[str]:
    """Return the names of metrics whose code is not what a record was measured by.

    Records from before that was kept are not known to differ.
    """
    codes = fingerprint_metrics(metrics)
    changed = {
        name
        for record in records
        for name, code in record.measured_by.items()
        if codes.get(name, code) != code
    }
    return sorted(changed)


def split_name(name: str) -> set[str]:
    """Return all that a metric of a record goes by: ``f1`` and ``pot`` of ``sequence_f1@pot``."""
    base, _, policy = name.partition("@")
    bare = base
    for scope in SCOPES:
        bare = bare.removeprefix(scope)
    return {name, base, bare, policy} - {""}
