"""Metrics over the scores that are in the store, without running any detector."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchkit.errors import BenchkitError
from benchkit.execution.conclusion import define, lower_is_better, read_scores, timestamp
from benchkit.execution.processes import CallFailed, Listener, Processes
from benchkit.protocol.measurement import measure
from benchkit.protocol.preparation import prepare_dataset
from benchkit.protocol.prepared import Prepared
from benchkit.protocol.trial import InvalidScores
from benchkit.registry.catalog import Catalog
from benchkit.registry.choices import DatasetChoice
from benchkit.registry.specs import MetricSpec
from benchkit.results.folder import TrialFolder
from benchkit.results.record import DatasetFacts, Record
from benchkit.results.store import Store


@dataclass(frozen=True)
class Rescored:
    """What became of one record; ``reason`` says why its metrics are as they were, if they are."""

    record: Record
    reason: str = ""


class Rescorer:
    """Measures stored scores again; used like a function, once for a store.

    Parameters
    ----------
    catalog, processes
        Where datasets are looked up, and loaded.
    metrics, policies
        What to compute, and at which thresholds.
    listen
        Gets the messages of the datasets' loading.
    """

    def __init__(
        self,
        catalog: Catalog,
        processes: Processes,
        metrics: Sequence[MetricSpec],
        policies: Sequence[str],
        listen: Listener,
    ) -> None:
        self.catalog = catalog
        self.processes = processes
        self.metrics = metrics
        self.policies = policies
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
            return Rescored(record, "its scores are not in the store: run it again")
        found = measure(
            prepared.truth(record.dataset.window),
            scores,
            calibration,
            self.metrics,
            record.thresholds.get("own"),
            self.policies,
        )
        new = dataclasses.replace(
            record,
            metrics=found.metrics,
            undefined=found.undefined,
            definitions=define(self.metrics, record.dataset),
            lower_is_better=lower_is_better(self.metrics),
            thresholds=found.thresholds,
            promised=found.promised,
            doubts=() if record.detector.sanity else tuple(found.warnings),
            measured=timestamp(),
        )
        store.replace(folder.path, new)
        return Rescored(new)

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
