"""Load a dataset member once and keep it as memory-mapped float32 arrays.

Runs in a process of its own, since a dataset plugin is as foreign as a detector. Training and test
arrays and the labels are separate files: the process that runs a detector is told only of the
first two.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from benchkit.data.dataset import DataUnavailable
from benchkit.data.folders import cache_folder
from benchkit.files import is_file
from benchkit.protocol.description import read_parameters
from benchkit.protocol.importing import META, import_dataset
from benchkit.registry.choices import DatasetChoice
from benchkit.registry.suggestions import suggest
from benchkit.registry.targets import fingerprint_code, import_target

LAYOUT = 3
"""Part of the key of an import: raised when what is written here changes."""


def prepare_dataset(choice: DatasetChoice, variant: str, offline: bool) -> dict[str, Any]:
    """Load a member, or find it in the cache, and return the fields of its `Prepared`.

    Parameters
    ----------
    choice
        The member and its parameters.
    variant
        ``"real"``, ``"sim"``, or ``"auto"``: the real one where it is here or can be fetched,
        otherwise ``sim``.
    offline
        Fetch nothing.

    Raises
    ------
    DataUnavailable
        The variant asked for cannot be had; the message says how to get it.
    InvalidDataset
        The files or the arrays made from them are not what they should be.
    ValueError
        A parameter is unknown or has a wrong value.
    """
    spec = choice.spec
    plugin = _build(choice)
    variant, sources, lacking = _choose_variant(plugin, choice, variant, offline)
    folder = cache_folder() / "datasets" / f"{spec.name}-{_key(choice, variant, sources)}"
    if not is_file(folder / META):
        import_dataset(plugin.load(variant, choice.member, sources), spec.modality, folder)
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    stand_in = {"stand_in": str(lacking), "obtain": _obtain(lacking, choice)} if lacking else {}
    return {**meta, "folder": str(folder), "variant": variant, **stand_in}


def check_parameters(choice: DatasetChoice) -> None:
    """Raise ValueError where a dataset's class does not take its parameters; load nothing."""
    _build(choice)


def _choose_variant(
    plugin: Any, choice: DatasetChoice, wanted: str, offline: bool
) -> tuple[str, list[Path], DataUnavailable | None]:
    """Return the variant to load, the files of the real one, and why it is a stand-in."""
    spec = choice.spec
    if wanted not in ("auto", *spec.variants):
        raise DataUnavailable(f"it has no variant {wanted!r}, only {spec.variants[0]!r}")
    if wanted == "sim" or "real" not in spec.variants:
        return "sim", [], None
    try:
        return "real", plugin.sources(choice.member, offline=offline), None
    except DataUnavailable as reason:
        if wanted == "auto" and "sim" in spec.variants:
            return "sim", [], reason
        raise DataUnavailable(f"{reason}. To get it, {_obtain(reason, choice)}") from None


def _obtain(lacking: DataUnavailable, choice: DatasetChoice) -> str:
    return lacking.obtain or str(choice.spec.card.obtain)


def _build(choice: DatasetChoice) -> Any:
    cls = import_target(choice.spec.target)
    parameters, open_ended = read_parameters(cls)
    for name in choice.params:
        if name not in parameters and not open_ended:
            raise ValueError(f"there is no parameter {name!r}: {suggest(name, parameters)}")
    return cls(**choice.params)


def _key(choice: DatasetChoice, variant: str, sources: list[Path]) -> str:
    """Return a hash of all that decides what loading would give."""
    stats = [(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in sources]
    code = fingerprint_code(choice.spec.target)
    parts = [LAYOUT, choice.spec.target, code, choice.member, choice.params, variant, stats]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
