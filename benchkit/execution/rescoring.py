"""Metrics over the scores that are in the store, without running any detector."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchkit.errors import BenchkitError
from benchkit.execution.conclusion import define, lower_is_better, read_scores, timestamp
from benchkit.execution.measured import (
    find_metrics,
    fingerprint_metrics,
    name_policies,
    split_name,
)
from benchkit.execution.processes import CallFailed, Listener, Processes
from benchkit.protocol.measurement import measure
from benchkit.protocol.preparation import prepare_dataset
from benchkit.protocol.prepared import Prepared
from benchkit.protocol.thresholds import is_policy
from benchkit.protocol.trial import InvalidScores
from benchkit.registry.catalog import Catalog
from benchkit.registry.choices import DatasetChoice
from benchkit.registry.specs import MetricSpec
from benchkit.results.folder import TrialFolder
from benchkit.results.record import DatasetFacts, Record
from benchkit.results.store import Store

Value = TypeVar("Value")


@dataclass(frozen=True)
class Rescored:
    """What became of one record.

    ``reason`` says why all of its metrics are as they were, if they are; ``kept`` names those
    that nothing installed here computes, which are as they were, too.
    """

    record: Record
    reason: str = ""
    kept: tuple[str, ...] = ()


class Rescorer:
    """Measures stored scores again; used like a function, once for a store.

    What a record has is computed again and stays; what is asked for is added.

    Parameters
    ----------
    catalog, processes
        Where datasets are looked up, and loaded.
    metrics, policies
        What every record gets, and at which thresholds beside those that it has.
    removed
        Names of metrics and of policies that no record keeps, as `split_name` has them.
    listen
        Gets the messages of the datasets' loading.
    """

    def __init__(
        self,
        catalog: Catalog,
        processes: Processes,
        metrics: Sequence[MetricSpec],
        policies: Sequence[str],
        removed: Collection[str],
        listen: Listener,
    ) -> None:
        self.catalog = catalog
        self.processes = processes
        self.metrics = metrics
        self.policies = policies
        self.removed = frozenset(removed)
        self.listen = listen
        self._prepared: dict[str, Prepared | str] = {}

    def __call__(self, store: Store) -> Iterator[Rescored]:
        """Yield what became of each record that is ``ok``, once it is in the store.

        A record whose labels or scores cannot be had keeps its metrics.
        """
        for entry in store.entries():
            if entry.record.status == "ok":
                yield self._rescore(store, entry.folder, entry.record)

    def _rescore(self, store: Store, folder: TrialFolder, record: Record) -> Rescored:
        prepared = self._prepare(record.dataset)
        if isinstance(prepared, str):
            return Rescored(record, prepared)
        try:
            calibration, scores = read_scores(folder)
        except InvalidScores:
            return Rescored(
                record,
                "its scores are not in the store, or damaged: "
                "the command that made it gets them with --rerun all",
            )
        metrics, policies = self._choose_metrics(record), self._choose_policies(record)
        found = measure(
            prepared.truth(record.dataset.window),
            scores,
            calibration,
            metrics,
            record.thresholds.get("own"),
            policies,
        )
        values = {
            name: value
            for name, value in {**record.metrics, **found.metrics}.items()
            if not self.removed & split_name(name)
        }
        kept = tuple(name for name in values if name not in found.metrics)
        reasons = {name: record.undefined[name] for name in kept if name in record.undefined}
        reasons |= {name: text for name, text in found.undefined.items() if name in values}
        there = {part for name in values for part in split_name(name)}
        definitions = {**record.definitions, **define(metrics, record.dataset)}
        codes = {**record.measured_by, **fingerprint_metrics(metrics)}
        lower = dict.fromkeys([*record.lower_is_better, *lower_is_better(metrics)])
        expected = {**_at(record.expected, there), **found.expected}
        # A policy that was measured again may not be uncertain any more.
        before = [name for name in record.uncertain if name not in found.expected]
        uncertain = tuple(name for name in (*before, *found.uncertain) if name in expected)
        new = dataclasses.replace(
            record,
            metrics=values,
            undefined=reasons,
            definitions={name: text for name, text in definitions.items() if name in there},
            measured_by={name: code for name, code in codes.items() if name in there},
            lower_is_better=tuple(name for name in lower if name in there),
            thresholds={**_at(record.thresholds, there), **found.thresholds},
            promised={**_at(record.promised, there), **found.promised},
            expected=expected,
            uncertain=uncertain,
            chance={
                name: level
                for name, level in {**record.chance, **found.chance}.items()
                if name in values
            },
            doubts=() if record.detector.sanity else tuple(found.warnings),
            measured=timestamp(),
        )
        folder.add_to_log(found.tracebacks)
        store.replace(folder.path, new)
        return Rescored(new, kept=kept)

    def _choose_metrics(self, record: Record) -> list[MetricSpec]:
        """Return the metrics that a record gets and those that it has, where they are known."""
        had, _ = find_metrics(self.catalog, record.metrics)
        specs = {spec.name: spec for spec in (*self.metrics, *had)}
        return [spec for name, spec in specs.items() if name not in self.removed]

    def _choose_policies(self, record: Record) -> list[str]:
        """Return likewise the policies."""
        names = filter(is_policy, [*name_policies(record), *self.policies])
        return [name for name in dict.fromkeys(names) if name not in self.removed]

    def _prepare(self, data: DatasetFacts) -> Prepared | str:
        """Return the dataset that a record was made on, or why it cannot be had; asked once."""
        key = f"{data.label} {data.variant} {data.fingerprint}"
        if key not in self._prepared:
            self._prepared[key] = self._load(data)
        return self._prepared[key]

    def _load(self, data: DatasetFacts) -> Prepared | str:
        try:
            spec = self.catalog.dataset(data.name).spec
            choice = DatasetChoice(spec, data.label, data.member, data.params)
            fields = self.processes.call(
                prepare_dataset, choice, data.variant, True, listen=self.listen
            )
        except (BenchkitError, CallFailed) as error:
            return f"{data.label} ({data.variant}) cannot be loaded: {error}"
        prepared = Prepared.from_fields(fields)
        if prepared.fingerprint != data.fingerprint:
            return f"{data.label} ({data.variant}) has other values now than when it ran"
        return prepared


def _at(values: dict[str, Value], there: Collection[str]) -> dict[str, Value]:
    """Return what is known at the policies that are still there."""
    return {policy: value for policy, value in values.items() if policy in there}
