"""What there is to run, and who brought it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pluggy

from benchkit.errors import BenchkitError
from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec
from benchkit.registry.suggestions import suggest

Spec = DetectorSpec | DatasetSpec | MetricSpec
S = TypeVar("S", DetectorSpec, DatasetSpec, MetricSpec)

OWN = "benchkit"
"""The distribution whose plugins keep their names, whoever else claims them."""


@dataclass
class Plugin:
    """One entry point: where it came from, what it cost to load, and what is wrong with it."""

    name: str
    distribution: str
    version: str
    module: str
    seconds: float = 0.0
    error: str | None = None
    traceback: str = ""
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Entry(Generic[S]):
    """A spec and the plugin that registered it."""

    spec: S
    plugin: Plugin


class Catalog:
    """All specs by name, and every plugin whether it works or not.

    A name that two plugins claim belongs to neither, unless one of them is benchkit's own, which
    keeps it; the others' conflict is noted on the plugin and shown by ``benchkit list``.
    """

    def __init__(self, manager: pluggy.PluginManager) -> None:
        self.manager = manager
        self.plugins: list[Plugin] = []
        self.detectors: dict[str, Entry[DetectorSpec]] = {}
        self.datasets: dict[str, Entry[DatasetSpec]] = {}
        self.metrics: dict[str, Entry[MetricSpec]] = {}
        self._contested: dict[tuple[str, str], list[Plugin]] = {}

    def add(self, spec: Spec, plugin: Plugin) -> None:
        """Register a checked spec, or note that its name is contested."""
        kind, table = self._table(spec)
        holder = table.get(spec.name)
        others = [holder.plugin] if holder else self._contested.get((kind, spec.name), [])
        if not others:
            table[spec.name] = Entry(spec, plugin)
            return
        first = others[0]
        plugin.conflicts.append(f"{kind} {spec.name!r} is also claimed by plugin {first.name!r}")
        if holder and first.distribution != OWN:
            del table[spec.name]
            first.conflicts.append(
                f"{kind} {spec.name!r} is also claimed by plugin {plugin.name!r}"
            )
        if first.distribution != OWN:
            self._contested[kind, spec.name] = [*others, plugin]

    def call_each(self, hook: str, **arguments: Any) -> list[tuple[str, BaseException]]:
        """Call a hook on every plugin, whatever another one does; return who failed, and how."""
        failures: list[tuple[str, BaseException]] = []
        plugins = self.manager.list_name_plugin()
        for name, plugin in plugins:
            others = [p for _, p in plugins if p is not plugin]
            try:
                self.manager.subset_hook_caller(hook, remove_plugins=others)(**arguments)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001  a plugin may even call sys.exit
                failures.append((name, error))
        return failures

    def detector(self, name: str) -> Entry[DetectorSpec]:
        """Return the detector of this name, or raise a `BenchkitError` with the nearest ones."""
        return self._find("detector", name, self.detectors)

    def dataset(self, name: str) -> Entry[DatasetSpec]:
        """Return the dataset of this name, or raise a `BenchkitError` with the nearest ones."""
        return self._find("dataset", name, self.datasets)

    def _table(self, spec: Spec) -> tuple[str, dict]:
        if isinstance(spec, DetectorSpec):
            return "detector", self.detectors
        if isinstance(spec, DatasetSpec):
            return "dataset", self.datasets
        return "metric", self.metrics

    def _find(self, kind: str, name: str, table: Mapping[str, Entry[S]]) -> Entry[S]:
        if name in table:
            return table[name]
        self.refuse_troubled(kind, name)
        hint = suggest(name, table)
        broken = ", ".join(p.name for p in self.plugins if p.error)
        note = f" (plugins that could not be loaded: {broken})" if broken else ""
        raise BenchkitError(f"unknown {kind} {name!r}: {hint}{note}")

    def refuse_troubled(self, kind: str, name: str) -> None:
        """Raise a `BenchkitError` where a name is contested or is that of a broken plugin."""
        if claimants := self._contested.get((kind, name)):
            names = [p.name for p in claimants]
            raise BenchkitError(
                f"{kind} {name!r} is claimed by the plugins {' and '.join(names)}: leave out all "
                f"but one, as in BENCHKIT_DISABLE_PLUGINS={names[-1]}"
            )
        for plugin in self.plugins:
            if plugin.error and name in {plugin.name, plugin.distribution}:
                raise BenchkitError(
                    f"plugin {plugin.name!r} is broken: {plugin.error} "
                    "('benchkit doctor' keeps its traceback)"
                )
