"""What there is to run, and who brought it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pluggy

from benchkit.errors import BenchkitError
from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec
from benchkit.registry.suggestions import suggest

Spec = DetectorSpec | DatasetSpec | MetricSpec
S = TypeVar("S", DetectorSpec, DatasetSpec, MetricSpec)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@dataclass
class Plugin:
    """One entry point: where it came from, what it cost to load, and what is wrong with it."""

    name: str
    distribution: str
    version: str
    module: str
    seconds: float = 0.0
    error: str | None = None
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
        """Register a spec; raises ValueError where its name or target is malformed."""
        if not _NAME.fullmatch(spec.name):
            raise ValueError(f"{spec.name!r} is no name: use lower case, digits, '-' and '_'")
        if not _TARGET.fullmatch(spec.target):
            raise ValueError(
                f"target of {spec.name!r} is {spec.target!r}, not 'package.module:Class'"
            )
        kind, table = self._table(spec)
        claimants = self._contested.get((kind, spec.name), [])
        holder = table.get(spec.name)
        if holder is None and not claimants:
            table[spec.name] = Entry(spec, plugin)
            return
        others = claimants or [holder.plugin]
        first = others[0]
        plugin.conflicts.append(f"{kind} {spec.name!r} is also claimed by plugin {first.name!r}")
        if holder is not None and first.distribution != "benchkit":
            del table[spec.name]
            first.conflicts.append(
                f"{kind} {spec.name!r} is also claimed by plugin {plugin.name!r}"
            )
        if first.distribution != "benchkit":
            self._contested[kind, spec.name] = [*others, plugin]

    def call_each(self, hook: str, **arguments: Any) -> list[tuple[str, BaseException]]:
        """Call a hook on every plugin, whatever another one does; return who failed, and how."""
        failures: list[tuple[str, BaseException]] = []
        plugins = self.manager.list_name_plugin()
        for name, plugin in plugins:
            others = [p for _, p in plugins if p is not plugin]
            try:
                self.manager.subset_hook_caller(hook, remove_plugins=others)(**arguments)
            except Exception as error:  # noqa: BLE001  a plugin's code; its failure is reported
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
        if claimants := self._contested.get((kind, name)):
            names = [p.name for p in claimants]
            raise BenchkitError(
                f"{kind} {name!r} is claimed by the plugins {' and '.join(names)}: leave out all "
                f"but one, as in BENCHKIT_DISABLE_PLUGINS={names[-1]}"
            )
        broken = [p for p in self.plugins if p.error]
        for plugin in broken:
            if name in {plugin.name, plugin.distribution}:
                raise BenchkitError(f"plugin {plugin.name!r} is broken: {plugin.error}")
        hint = suggest(name, table)
        note = f" (plugins that could not be loaded: {', '.join(p.name for p in broken)})"
        raise BenchkitError(f"unknown {kind} {name!r}: {hint}{note if broken else ''}")
