"""Write the tables of docs/datasets/kdd99.md: simulated connections beside the real ones.

Needs the real files: ``BENCHKIT_DATA`` names a folder with ``kdd99/kddcup.data_10_percent.gz``
and the MAD-GAN authors' arrays or ``kdd99/kddcup.data.gz``. Takes some minutes of one core.
``python docs/make_kdd99.py``; `tox -e docs` leaves it out, as few have the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter1d
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from tabulate import tabulate

from benchkit_datasets.kdd99 import files
from benchkit_datasets.kdd99.columns import COLUMNS, MADGAN
from benchkit_datasets.kdd99.dataset import Kdd99
from benchkit_datasets.kdd99.overlap import is_in_train
from benchkit_datasets.kdd99.simulate import kept_rows, simulated_flows
from benchkit_detectors.baselines.knn import KNNDetector
from benchkit_detectors.baselines.pca import PCADetector
from benchkit_detectors.baselines.sanity import DistanceDetector

PAGE = Path(__file__).parent / "datasets" / "kdd99.md"
KINDS = ("normal", "neptune", "smurf", "portsweep", "satan", "back", "guess_passwd")
ALSO = ("ipsweep", "warezclient", "teardrop", "slow_scan")
SHOWN = (
    "duration", "src_bytes", "dst_bytes", "count", "srv_count", "serror_rate", "rerror_rate",
    "same_srv_rate", "diff_srv_rate", "dst_host_count", "dst_host_srv_count",
    "dst_host_same_src_port_rate",
)  # fmt: skip
QUANTILES = (0.05, 0.5, 0.95)
WINDOW, FAR = 30, 30.0
"""Rows of a window, and the distance beyond which all is far."""


@dataclass(frozen=True)
class Part:
    """Training and test rows in the 34 features, and the kind of each test row."""

    name: str
    train: np.ndarray
    test: np.ndarray
    kind: np.ndarray

    @property
    def attack(self) -> np.ndarray:
        """Whether each test row is one."""
        return self.kind != "normal"

    def scores(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield what simple detectors make of the test rows."""
        distance = DistanceDetector().fit(self.train).decision_function(self.test)
        yield "distance", distance
        # What a detector of windows sees; one far row must not stand for all its neighbours.
        yield "distance, windows", uniform_filter1d(np.minimum(distance, FAR), WINDOW)
        yield "pca, 6 components", PCADetector(6).fit(self.train).decision_function(self.test)
        yield "knn", KNNDetector().fit(self.train).decision_function(self.test)
        yield "iforest", -IsolationForest(random_state=0).fit(self.train).score_samples(self.test)


def load_parts() -> tuple[Part, Part, Part]:
    """Return the simulated part, the real one, and the real one without rows seen before."""
    made = Kdd99().load("sim", "", [])
    _, flows = simulated_flows(0)
    kind = flows["kind"].to_numpy(str)
    sim = Part("sim", made.train, made.test, kind[kept_rows(kind)])
    dataset = Kdd99()
    loaded = dataset.load("real", "", dataset.sources("", offline=True))
    words = pd.read_csv(
        files.find_original(files.TEN_PERCENT, offline=True), header=None, usecols=[len(COLUMNS)]
    )
    kind = words.iloc[:, 0].str.removesuffix(".").to_numpy(str)
    real = Part("real", loaded.train, loaded.test, kind)
    for part, labels in ((sim, made.labels), (real, loaded.labels)):
        if not np.array_equal(part.attack, labels):
            raise ValueError(f"the kinds of the {part.name} rows are not in their order")
    kept = ~is_in_train(real.train, real.test)
    return sim, real, Part("real, clean", real.train, real.test[kept], kind[kept])


def mix_table(parts: tuple[Part, ...]) -> str:
    """Return what the rows are."""
    rows = [["training rows", *(f"{len(part.train):,}" for part in parts)]]
    rows.append(["test rows", *(f"{len(part.test):,}" for part in parts)])
    rows.append(["attacks among them", *(f"{part.attack.mean():.1%}" for part in parts)])
    for kind in (*KINDS[1:], *ALSO):
        share = [(part.kind[part.attack] == kind).mean() for part in parts]
        rows.append([f"{kind} among these", *(f"{value:.2%}" for value in share)])
    runs = [np.flatnonzero(np.diff(part.attack, prepend=~part.attack[:1])) for part in parts]
    rows.append(["runs of one label", *(f"{len(run):,}" for run in runs)])
    ends = [np.diff(run, append=len(part.kind)) for run, part in zip(runs, parts, strict=True)]
    for name, share in (("median", 0.5), ("longest", 1.0)):
        rows.append([f"{name} run", *(f"{np.quantile(end, share):,.0f}" for end in ends)])
    seen = [is_in_train(part.train, part.test[~part.attack]).mean() for part in parts]
    rows.append(["normal test rows that stand in train", *(f"{value:.2%}" for value in seen)])
    return _table(["", *(part.name for part in parts)], rows)


def marginal_table(sim: Part, real: Part) -> str:
    """Return quantiles of features, class by class."""
    rows = []
    for kind in KINDS:
        for part in (sim, real):
            values = part.test[part.kind == kind]
            cells = [
                " / ".join(
                    f"{q:.5g}" for q in np.quantile(values[:, MADGAN.index(name)], QUANTILES)
                )
                for name in SHOWN
            ]
            rows.append([kind if part is sim else "", part.name, *cells])
    return _table(["5 / 50 / 95 %", "", *SHOWN], rows)


def difficulty_table(parts: tuple[Part, ...], scores: list[dict[str, np.ndarray]]) -> str:
    """Return how well simple detectors do."""
    rows = []
    for part in parts:
        best, worth = "", 0.0
        for name, values in zip(MADGAN, part.test.T, strict=True):
            for sign in (1, -1):
                value = float(roc_auc_score(part.attack, sign * values))
                if value > worth:
                    best, worth = f"{'low ' if sign < 0 else ''}{name}", value
        sign = -1 if best.startswith("low ") else 1
        column = sign * part.test[:, MADGAN.index(best.removeprefix("low "))]
        precision = average_precision_score(part.attack, column)
        rows.append(
            [part.name, f"best single feature: {best}", f"{worth:.4f}", f"{precision:.4f}"]
        )
        for name, values in scores[parts.index(part)].items():
            roc, precise = (
                measure(part.attack, values)
                for measure in (roc_auc_score, average_precision_score)
            )
            rows.append(["", name, f"{roc:.4f}", f"{precise:.4f}"])
    return _table(["", "", "AUC-ROC", "AUC-PR"], rows)


def kind_table(parts: tuple[Part, ...], scores: list[dict[str, np.ndarray]]) -> str:
    """Return how well simple detectors tell each kind of attack from the normal rows."""
    names = tuple(scores[0])
    rows = []
    for kind in (*KINDS[1:], *ALSO):
        row = [kind, *(_alone(part, kind) for part in parts)]
        for name in names:
            for part, values in zip(parts, scores, strict=True):
                kept = (part.kind == kind) | ~part.attack
                some = (part.kind == kind).any()
                value = roc_auc_score(part.attack[kept], values[name][kept]) if some else None
                row.append("-" if value is None else f"{value:.3f}")
        rows.append(row)
    heads = [f"{name}, {part.name}" for name in ("best feature", *names) for part in parts]
    return _table(["AUC-ROC against normal rows", *heads], rows)


def _alone(part: Part, kind: str) -> str:
    """Return what the feature gives that tells a kind from the normal rows best."""
    kept = (part.kind == kind) | ~part.attack
    if not (part.kind == kind).any():
        return "-"
    values = [roc_auc_score(part.attack[kept], column) for column in part.test[kept].T]
    return f"{max(max(value, 1 - value) for value in values):.3f}"


def _table(headers: list[str], rows: list[list[str]]) -> str:
    left = sum(not name for name in headers) or 1
    align = ["left"] * left + ["right"] * (len(headers) - left)
    return tabulate(rows, headers, "github", colalign=align, disable_numparse=True)


def make_page(text: str) -> str:
    """Return the page with every table between its marks made anew."""
    sim, real, clean = load_parts()
    scores = [dict(part.scores()) for part in (sim, real, clean)]
    tables = {
        "mix": mix_table((sim, real, clean)),
        "marginals": marginal_table(sim, real),
        "difficulty": difficulty_table((sim, real, clean), scores),
        "kinds": kind_table((sim, real), scores[:2]),
    }
    for name, table in tables.items():
        marked = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise LookupError(f"docs/datasets/kdd99.md has no place for the table {name}")
        text = marked.sub(lambda m, t=table: f"{m[1]}\n{t}\n\n{m[2]}", text)
    return text


if __name__ == "__main__":
    PAGE.write_text(make_page(PAGE.read_text()))
