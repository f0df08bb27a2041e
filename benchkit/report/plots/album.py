"""The plots of a board folder: what each shows, where it lies, what it is drawn from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchkit.results.record import Record
from benchkit.results.store import Entry

FOLDER = "plots"
"""The folder of plots within that of the boards."""

ENDINGS = (".png", ".svg")

KINDS = {
    "scores": "scores over time, with events, thresholds and zooms",
    "parts": "what each term of the score contributes, for normal and anomalous points",
    "reference": "the scores that the detector's own threshold comes from, and the test scores",
    "frames": "image sequences with the scores of their frames",
    "training": "training curves",
    "detector": "figures that the detector drew of itself",
    "roc": "ROC and precision-recall curves of all detectors on a dataset",
    "calibration": "real false-alarm rates against the promised ones",
    "cost": "quality against the time it took",
    "ranks": "critical-difference diagram of a track",
    "sweep": "quality against a parameter of which several values were run",
}
"""Kinds of plots and what they show, in the order of a page."""

NEEDS = {
    "scores": "scores, and they are not in the store",
    "parts": "scores and the detector's score_parts_",
    "reference": "scores and the detector's reference_scores_",
    "frames": "scores and example sequences, which only trials on image sequences keep",
    "training": "the detector's history_",
    "detector": "figures that the detector drew in its diagnostics",
    "roc": "scores and labels of a dataset with both classes, and they are not in the store",
    "calibration": "a threshold that promises a rate of false alarms",
    "cost": "two detectors measured on one machine",
    "ranks": "enough datasets to tell detectors apart",
    "sweep": "a detector with several values of a number among its parameters",
}
"""What there has to be for a kind of plot."""

_NAME_LENGTH = 70
_OWN = re.compile(rf"({'|'.join(KINDS)})--[\w.@+=-]*--[0-9a-f]{{12}}\.(png|svg)", re.ASCII)


@dataclass(frozen=True)
class Plot:
    """One plot.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    title, alt
        Its name, and in one sentence what there is to see; names of detectors and datasets in them
        are as they are.
    path
        Relative to the folder of the boards, with ``/``, without ending. Another content has
        another path.
    endings
        Of its files: both of `ENDINGS`, save where a detector drew but one.
    """

    kind: str
    title: str
    alt: str
    path: str
    endings: tuple[str, ...] = ENDINGS

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of its files, relative to the folder of the boards."""
        return tuple(self.path + ending for ending in self.endings)


@dataclass(frozen=True)
class Order:
    """A plot and what its kind's module draws it from; can be sent to another process."""

    plot: Plot
    data: Any


@dataclass(frozen=True)
class Album:
    """All plots of a folder of boards: by trial, by section, by track.

    ``orders`` has what each is drawn from, by path.
    """

    trials: Mapping[str, tuple[Plot, ...]] = field(default_factory=dict)
    sections: Mapping[tuple[str, str], tuple[Plot, ...]] = field(default_factory=dict)
    tracks: Mapping[str, tuple[Plot, ...]] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)

    def of_trial(self, identity: str) -> tuple[Plot, ...]:
        """Return the plots of a trial, by the identity of its record."""
        return self.trials.get(identity, ())

    def of_section(self, label: str, variant: str) -> tuple[Plot, ...]:
        """Return the plots of a dataset, by label and variant."""
        return self.sections.get((label, variant), ())

    def of_track(self, stem: str) -> tuple[Plot, ...]:
        """Return the plots of a track, by its stem."""
        return self.tracks.get(stem, ())

    def keep(self, wanted: Callable[[Plot], bool]) -> Album:
        """Return an album of some of the plots."""
        kept = {path: o for path, o in self.orders.items() if wanted(o.plot)}

        def among(groups: Mapping[Any, tuple[Plot, ...]]) -> dict[Any, tuple[Plot, ...]]:
            return {
                key: some
                for key, plots in groups.items()
                if (some := tuple(plot for plot in plots if plot.path in kept))
            }

        return replace(
            self,
            trials=among(self.trials),
            sections=among(self.sections),
            tracks=among(self.tracks),
            orders=kept,
        )

    def there(self, folder: Path) -> Album:
        """Return an album of the plots whose files are in a folder of boards, up to date."""
        home = folder / FOLDER
        names = {path.name for path in home.iterdir()} if home.is_dir() else set()
        return self.keep(lambda plot: all(Path(file).name in names for file in plot.files))


def make_order(
    kind: str,
    subject: Iterable[str],
    title: str,
    alt: str,
    data: Any,
    inputs: Any,
    endings: tuple[str, ...] = ENDINGS,
) -> Order:
    """Return an order whose path tells what it is drawn from.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    subject
        What the file is named after: labels of foreign origin.
    title, alt, endings
        See `Plot`.
    data
        What the module of the kind draws it from.
    inputs
        Of the same ``repr`` wherever, and only where, the plot is the same. The path has a hash
        of it and of the code that draws, and so has another name for another picture.
    """
    subject = tuple(subject)
    text = json.dumps([fingerprint_code(), kind, subject, title, repr(inputs), endings])
    fingerprint = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
    # Records may come from other machines: no name leads out of the folder.
    name = "-".join(re.sub(r"[^\w.@+=-]+", "_", part, flags=re.ASCII) for part in subject)
    path = f"{FOLDER}/{kind}--{name[:_NAME_LENGTH].strip('_.-')}--{fingerprint}"
    return Order(Plot(kind, title, alt, path, endings), data)


def order_trial(kind: str, what: str, alt: str, entry: Entry, inputs: Any) -> Order:
    """Return the order of a trial's plot, named after what it shows and the trial."""
    record = entry.record
    data = record.dataset
    subject = (record.detector.label, data.label, data.variant, f"s{record.seed}")
    # A folder's name is that of one run of a trial: what lies in it does not change.
    inputs = (entry.folder.name, inputs)
    return make_order(kind, subject, f"{what}: {name_trial(record)}", alt, entry, inputs)


def is_own(name: str) -> bool:
    """Whether a file in the folder of plots has a name that `make_order` gives."""
    return _OWN.fullmatch(name) is not None


def name_trial(record: Record) -> str:
    """Return how titles name a trial."""
    data = record.dataset
    return f"{record.detector.label} on {data.label} ({data.variant}), seed {record.seed}"


@lru_cache(maxsize=1)
def fingerprint_code() -> str:
    """Return a hash of the code that draws: after a change to it all plots are out of date."""
    folder = Path(__file__).parent
    sources = [path.read_bytes() for path in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"\0".join(sources)).hexdigest()
