"""Load a dataset member once and keep it as memory-mapped float32 arrays.

Runs in a process of its own, since a dataset plugin is as foreign as a detector. Training and test
arrays and the labels are separate files: the process that runs a detector is told only of the
first two.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchkit.data.dataset import Dataset, DataUnavailable, InvalidDataset
from benchkit.data.folders import cache_folder
from benchkit.protocol.description import read_parameters
from benchkit.registry.choices import DatasetChoice
from benchkit.registry.suggestions import suggest
from benchkit.registry.targets import fingerprint_code, import_target

LAYOUT = 1
"""Part of the key of an import: raised when what is written here changes."""


@dataclass(frozen=True)
class Prepared:
    """A dataset member on disk, ready to be mapped.

    ``fingerprint`` is a hash of the values of all three arrays; ``notes`` is what the plugin
    repaired and what the harness noticed; ``stand_in`` is why ``sim`` was taken where the user
    did not ask for it.
    """

    folder: str
    variant: str
    fingerprint: str
    train_shape: tuple[int, ...]
    test_shape: tuple[int, ...]
    anomalies: int
    channels: tuple[str, ...]
    period: float | None
    notes: tuple[str, ...]
    stand_in: str = ""

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Prepared:
        """Return what `prepare_dataset` described, after JSON made lists of its tuples."""
        restored: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
        return cls(**restored)

    @property
    def train(self) -> Path:
        """File of the training part."""
        return Path(self.folder, "train.npy")

    @property
    def test(self) -> Path:
        """File of the test part."""
        return Path(self.folder, "test.npy")

    def labels(self) -> np.ndarray:
        """Return the labels, boolean, shape (points,): rows, or frames sequence by sequence."""
        # (rows,) or (sequences, frames) -> (points,)
        return np.load(Path(self.folder, "labels.npy")).reshape(-1)


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
    variant, sources, stand_in = _choose_variant(plugin, choice, variant, offline)
    folder = cache_folder() / "datasets" / f"{spec.name}-{_key(choice, variant, sources)}"
    if not (folder / "meta.json").is_file():
        dataset = plugin.load(variant, choice.member, sources)
        _write(_checked(dataset, spec.modality), folder)
    meta = json.loads((folder / "meta.json").read_text())
    return {**meta, "folder": str(folder), "variant": variant, "stand_in": stand_in}


def _choose_variant(
    plugin: Any, choice: DatasetChoice, wanted: str, offline: bool
) -> tuple[str, list[Path], str]:
    """Return the variant to load, the files of the real one, and why it is a stand-in."""
    spec = choice.spec
    if wanted not in ("auto", *spec.variants):
        raise DataUnavailable(f"it has no variant {wanted!r}, only {spec.variants[0]!r}")
    if wanted == "sim" or "real" not in spec.variants:
        return "sim", [], ""
    try:
        return "real", plugin.sources(choice.member, offline=offline), ""
    except DataUnavailable as reason:
        if wanted == "auto" and "sim" in spec.variants:
            return "sim", [], str(reason)
        raise DataUnavailable(f"{reason}. To get it, {spec.card.obtain}") from None


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


def _checked(dataset: Dataset, modality: str) -> Dataset:
    """Return the dataset as float32 and boolean, or raise `InvalidDataset`."""
    if not isinstance(dataset, Dataset):
        kind = type(dataset).__name__
        raise InvalidDataset(f"load returned a {kind}: it must return a benchkit.data.Dataset")
    train = _finite("train", dataset.train, modality)
    test = _finite("test", dataset.test, modality)
    if train.shape[1:] != test.shape[1:]:
        raise InvalidDataset(f"train has shape {train.shape} but test {test.shape}")
    if len(train) < 2:
        raise InvalidDataset(f"train has {len(train)} rows; at least 2 are needed")
    if dataset.channels and len(dataset.channels) != train.shape[1]:
        raise InvalidDataset(
            f"{len(dataset.channels)} channel names for {train.shape[1]} channels"
        )
    labels = np.asarray(dataset.labels)
    expected = test.shape[:1] if modality == "series" else test.shape[:2]
    if labels.shape != expected:
        raise InvalidDataset(f"labels have shape {labels.shape} where {expected} is needed")
    if labels.dtype != bool:
        strange = labels[(labels != 0) & (labels != 1)]
        if strange.size:
            raise InvalidDataset(f"labels must be 0 or 1, but there is {strange[0]}")
        labels = labels.astype(bool)
    notes = list(dataset.notes)
    if modality == "series":
        lows, highs = train.min(axis=0), train.max(axis=0)
        constant = [_channel(dataset, int(c)) for c in np.flatnonzero(lows == highs)]
        if constant:
            notes.append(f"constant in train: {', '.join(constant)}")
    return Dataset(train, test, labels, dataset.channels, dataset.period, tuple(notes))


def _finite(part: str, values: np.ndarray, modality: str) -> np.ndarray:
    array = np.ascontiguousarray(values, dtype=np.float32)
    dimensions = 2 if modality == "series" else 4
    if array.ndim == dimensions and not array.size:
        raise InvalidDataset(f"{part} is empty, it has shape {array.shape}")
    if array.ndim != dimensions:
        raise InvalidDataset(f"{part} has shape {array.shape}; a {modality} has {dimensions} axes")
    for start in range(0, len(array), 65536):
        wrong = np.argwhere(~np.isfinite(array[start : start + 65536]))
        if len(wrong):
            row, *rest = (int(i) for i in wrong[0])
            value = array[start + row][tuple(rest)]
            raise InvalidDataset(
                f"{part} has the value {value} at row {start + row}, position {rest}: a dataset "
                "plugin must fill or leave out what is missing, and say so in its notes"
            )
    return array


def _channel(dataset: Dataset, index: int) -> str:
    return dataset.channels[index] if dataset.channels else str(index)


def _write(dataset: Dataset, folder: Path) -> None:
    """Write the arrays into a folder that appears whole or not at all."""
    digest = hashlib.sha256()
    temporary = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir(parents=True)
    except OSError as error:
        raise DataUnavailable(
            f"the cache {folder.parent} cannot be written to, {error.strerror}: set BENCHKIT_CACHE"
        ) from error
    try:
        for name in ("train", "test", "labels"):
            array = getattr(dataset, name)
            digest.update(repr((name, array.shape)).encode())
            digest.update(np.ascontiguousarray(array).data)
            np.save(temporary / f"{name}.npy", array)
        meta = Prepared(
            "", "", digest.hexdigest(), dataset.train.shape, dataset.test.shape,
            int(dataset.labels.sum()), dataset.channels, dataset.period, dataset.notes,
        )  # fmt: skip
        (temporary / "meta.json").write_text(json.dumps(asdict(meta)))
        temporary.rename(folder)
    except OSError:
        if not (folder / "meta.json").is_file():  # else another run has just written the same
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
