"""Find the plugins that are installed and ask each what it brings, guarding against each.

pluggy's own loader lets one bad plugin break every command, so the loop over the entry points is
ours: a plugin that cannot be imported, or whose hook raises, becomes a row with its error.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import EntryPoint, distributions, entry_points
from typing import Any

import pluggy

from benchkit.errors import BenchkitError, describe_error
from benchkit.registry import hooks
from benchkit.registry.catalog import OWN, Catalog, Plugin, Spec
from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec, check_spec
from benchkit.registry.suggestions import suggest

GROUP = hooks.PROJECT

LOAD, DISABLE = "BENCHKIT_LOAD_PLUGINS", "BENCHKIT_DISABLE_PLUGINS"

_REGISTRATIONS: dict[str, type[Spec]] = {
    "benchkit_register_detectors": DetectorSpec,
    "benchkit_register_datasets": DatasetSpec,
    "benchkit_register_metrics": MetricSpec,
}


@functools.cache
def load_catalog() -> Catalog:
    """Load every plugin once per process and return all that they registered.

    Of other packages' plugins ``BENCHKIT_LOAD_PLUGINS`` (a comma-separated list of plugins or
    distributions) loads only those; benchkit's own, which bring the metrics and the sanity rows,
    are always there. ``BENCHKIT_DISABLE_PLUGINS`` leaves out some of all, and with
    ``BENCHKIT_STRICT_PLUGINS=1`` a broken plugin is an error.

    Raises
    ------
    BenchkitError
        A variable names what is not installed, or a plugin is broken and that is an error.
    """
    return discover(find_entry_points())


def find_entry_points() -> list[EntryPoint]:
    """Return the entry points of every installed distribution whose metadata can be read."""
    with contextlib.suppress(Exception):
        return list(entry_points(group=GROUP))
    # It gives none at all where one distribution's file is damaged; this is slower.
    points: dict[str, list[EntryPoint]] = {}
    for distribution in distributions():
        with contextlib.suppress(Exception):
            if distribution.name not in points:
                found = [p for p in distribution.entry_points if p.group == GROUP]
                points[distribution.name] = found
    return [point for found in points.values() for point in found]


def discover(points: list[EntryPoint]) -> Catalog:
    """Load these entry points; benchkit's own first, so that nobody can take their names."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    catalog = Catalog(manager)
    _check_wanted(points)
    for point in sorted(points, key=lambda p: (_distribution(p) != OWN, _distribution(p), p.name)):
        if _wanted(point):
            _load(point, catalog)
    if os.environ.get("BENCHKIT_STRICT_PLUGINS", "") not in {"", "0"}:
        for plugin in catalog.plugins:
            if plugin.error:
                raise BenchkitError(
                    f"plugin {plugin.name!r} is broken ({plugin.error}) and "
                    "BENCHKIT_STRICT_PLUGINS is set: mend it, or leave it out with "
                    f"BENCHKIT_DISABLE_PLUGINS={plugin.name}"
                )
    return catalog


def _load(point: EntryPoint, catalog: Catalog) -> None:
    version = point.dist.version if point.dist else ""
    taken = catalog.manager.has_plugin(point.name)
    name = _full_name(point) if taken else point.name
    plugin = Plugin(name, _distribution(point), version or "", point.value)
    catalog.plugins.append(plugin)
    specs: list[Spec] = []
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what it prints must not get into --json
            catalog.manager.register(point.load(), name=name)
            _refuse_strange_hooks(catalog.manager, name)
            for hook, kind in _REGISTRATIONS.items():
                _call_one(catalog.manager, name, hook, _registrar(specs, kind))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  a plugin may even call sys.exit on import
        plugin.error = describe_error(error)
        plugin.traceback = "".join(traceback.format_exception(error))
        if catalog.manager.has_plugin(name):
            catalog.manager.unregister(name=name)
    else:
        for spec in specs:
            catalog.add(spec, plugin)
    plugin.seconds = time.perf_counter() - started


def _registrar(specs: list[Spec], kind: type[Spec]) -> Callable[[Any], None]:
    def register(spec: Any) -> None:
        if not isinstance(spec, kind):
            raise TypeError(f"register() takes a {kind.__name__}, got {spec!r}")
        check_spec(spec)
        specs.append(spec)

    return register


def _call_one(manager: pluggy.PluginManager, name: str, hook: str, register: Any) -> None:
    others = [p for n, p in manager.list_name_plugin() if n != name]
    manager.subset_hook_caller(hook, remove_plugins=others)(register=register)


def _refuse_strange_hooks(manager: pluggy.PluginManager, name: str) -> None:
    """Raise for a hook that does not exist, and for one that pluggy would silently not call."""
    plugin = manager.get_plugin(name)
    known = {h for h in vars(hooks) if h.startswith("benchkit_")}
    marked = {caller.name for caller in manager.get_hookcallers(plugin) or []}
    if strange := sorted(marked - known):
        raise AttributeError(f"there is no hook {strange[0]!r}: {suggest(strange[0], known)}")
    if bare := sorted(h for h in known - marked if hasattr(plugin, h)):
        raise AttributeError(f"{bare[0]} is not marked with @benchkit.hookimpl")
    if not marked:
        raise AttributeError(
            "it brings nothing: no function in it is a hook marked with @benchkit.hookimpl"
        )


def _check_wanted(points: list[EntryPoint]) -> None:
    """Refuse a name that is nobody's: what it was meant to load or leave out would not be."""
    known = {name for point in points for name in _names(point)}
    short = known - {_full_name(point) for point in points}
    for variable in (LOAD, DISABLE):
        for name in sorted(_listed(variable) - known):
            raise BenchkitError(
                f"{variable} names {name!r}, which is not installed: {suggest(name, short)}"
            )


def _wanted(point: EntryPoint) -> bool:
    if _names(point) & _listed(DISABLE):
        return False
    only = _listed(LOAD)
    return not only or _distribution(point) == OWN or bool(_names(point) & only)


def _names(point: EntryPoint) -> set[str]:
    return {point.name, _distribution(point), _full_name(point)}


def _listed(variable: str) -> set[str]:
    return {name.strip() for name in os.environ.get(variable, "").split(",") if name.strip()}


def _distribution(point: EntryPoint) -> str:
    return (point.dist.name or "") if point.dist else ""


def _full_name(point: EntryPoint) -> str:
    """Name a plugin whose short name another distribution's plugin has taken."""
    return f"{_distribution(point)}.{point.name}"
