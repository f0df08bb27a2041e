"""Selectors looked up: which detector with which parameters, which member of which dataset."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from benchkit.errors import BenchkitError, Faults
from benchkit.registry.catalog import Catalog
from benchkit.registry.paths import (
    find_file,
    refuse_dataset_path,
    refuse_detector_path,
    refuse_module,
    refuse_unquoted,
)
from benchkit.registry.quoting import quote_name
from benchkit.registry.selectors import Selector, format_params, parse_selector, split_selectors
from benchkit.registry.specs import DatasetSpec, DetectorSpec
from benchkit.registry.suggestions import suggest


@dataclass(frozen=True)
class DetectorChoice:
    """One detector with one parameter set.

    ``params`` holds the preset's parameters overridden by those of the selector; ``label`` is
    how boards name it. ``plugin`` and ``version`` say who brought it; both are empty for a class
    given by path or dotted name.
    """

    spec: DetectorSpec
    label: str
    preset: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    plugin: str = ""
    version: str = ""

    @property
    def registered(self) -> bool:
        """Whether a plugin brought it; otherwise its modalities are read off the class."""
        return bool(self.plugin)


@dataclass(frozen=True)
class DatasetChoice:
    """One member of a dataset with one parameter set; ``member`` is empty where it has none."""

    spec: DatasetSpec
    label: str
    member: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def choose_detectors(
    catalog: Catalog, *texts: str, faults: Faults | None = None
) -> list[DetectorChoice]:
    """Look up every selector in ``texts``, expand its grid, and drop what stands twice.

    Where ``faults`` are given, errors are noted there and the other choices returned.

    Raises
    ------
    BenchkitError
        For an unknown name or preset, with the nearest right ones, and for a file not there: all
        of them at once.
    """
    noted = Faults() if faults is None else faults
    choices: dict[str, DetectorChoice] = {}
    for text in texts:
        here = Faults()
        for item in _split([text], here):
            with here.noting():
                refuse_detector_path(item)
                for choice in _choose_detector(catalog, parse_selector(item)):
                    known = choices.setdefault(choice.label, choice)
                    if known.spec.target != choice.spec.target:
                        raise BenchkitError(
                            f"{known.spec.target} and {choice.spec.target} would both be called "
                            f"{choice.label!r} on the boards: rename one of the files"
                        )
        with noted.noting():
            if here:  # for one reason perhaps: a path that was taken for several things
                refuse_unquoted(text)
            here.raise_all()
    if faults is None:
        noted.raise_all()
    return list(choices.values())


def choose_datasets(
    catalog: Catalog, *texts: str, faults: Faults | None = None
) -> list[DatasetChoice]:
    """Look up every dataset selector in ``texts``; a ``*`` in the member matches several.

    Where ``faults`` are given, errors are noted there and the other choices returned.

    Raises
    ------
    BenchkitError
        For an unknown name or member, with the nearest right ones, and for a path: all of them at
        once.
    """
    noted = Faults() if faults is None else faults
    choices: dict[str, DatasetChoice] = {}
    for item in _split(texts, noted):
        with noted.noting():
            refuse_dataset_path(item, catalog.datasets)
            for choice in _choose_dataset(catalog, parse_selector(item)):
                choices.setdefault(choice.label, choice)
    if faults is None:
        noted.raise_all()
    return list(choices.values())


def _split(texts: Iterable[str], faults: Faults) -> Iterator[str]:
    for text in texts:
        with faults.noting():
            yield from split_selectors(text)


def _choose_dataset(catalog: Catalog, selector: Selector) -> Iterator[DatasetChoice]:
    if selector.preset is not None:
        raise BenchkitError(f"{selector.text!r}: datasets have no presets, only parameters")
    spec = catalog.dataset(selector.name).spec
    for member in _choose_members(spec, selector.member):
        for params in selector.grid():
            where = f"/{quote_name(member, ':')}" if member else ""
            label = spec.name + where + format_params(params)
            yield DatasetChoice(spec, label, member, params)


def choose_sanity(catalog: Catalog) -> list[DetectorChoice]:
    """Return the sanity rows that plugins registered, by name."""
    return [
        DetectorChoice(e.spec, e.spec.name, None, {}, e.plugin.name, e.plugin.version)
        for _, e in sorted(catalog.detectors.items())
        if e.spec.sanity
    ]


def _choose_detector(catalog: Catalog, selector: Selector) -> list[DetectorChoice]:
    if selector.member is not None:
        raise BenchkitError(f"{selector.text!r}: only datasets have members")
    plugin = version = ""
    if selector.is_target:
        spec = _spec_of_target(selector)
    else:
        refuse_module(selector.name, catalog.detectors)
        entry = catalog.detector(selector.name)
        spec, plugin, version = entry.spec, entry.plugin.name, entry.plugin.version
    preset: dict[str, Any] = {}
    if selector.preset is not None:
        if selector.preset not in spec.presets:
            raise BenchkitError(
                f"detector {spec.name!r} has no preset {selector.preset!r}: "
                f"{suggest(selector.preset, spec.presets)}"
            )
        preset = dict(spec.presets[selector.preset])
    head = quote_name(spec.name) + (f"@{selector.preset}" if selector.preset else "")
    return [
        DetectorChoice(
            spec, head + format_params(params), selector.preset, preset | params, plugin, version
        )
        for params in selector.grid()
    ]


def _spec_of_target(selector: Selector) -> DetectorSpec:
    module, _, name = selector.name.rpartition(":")
    target = selector.name
    if module.endswith(".py") or "/" in module:
        path = find_file(module)
        if path is None:
            raise BenchkitError(
                f"there is no file {module}: {selector.text!r} names a class in one"
            )
        target = f"{path}:{name}"
        module = path.stem
    return DetectorSpec(name=f"{module}:{name}", summary="", target=target)


def _choose_members(spec: DatasetSpec, wanted: str | None) -> list[str]:
    if wanted is None:
        return list(spec.default_members or spec.members or ("",))
    found = [wanted] if wanted in spec.members else fnmatch.filter(spec.members, wanted)
    if not found:
        raise BenchkitError(
            f"dataset {spec.name!r} has no member {wanted!r}: {suggest(wanted, spec.members)}"
        )
    return found
