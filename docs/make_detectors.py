"""Write the tables of docs/detectors.md from the reference records: `tox -e docs`.

The records are made by the commands that the page gives, which take about an hour on two cores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import fmean

from tabulate import tabulate

from benchkit.results.record import Record
from benchkit.results.store import Store

PAGE = Path(__file__).with_name("detectors.md")
RECORDS = Path(__file__).parent.parent / "leaderboards" / "reference" / "records"
DIGITS = range(10)
FRAMES = "[style=frames]"
Value = Callable[[Record], float | None]


def metric(name: str) -> Value:
    """Return what looks a metric up in a record."""
    return lambda record: record.metrics.get(name)


def seconds(phase: str) -> Value:
    """Return what looks the seconds of a phase up in a record."""
    return lambda record: record.seconds.get(phase)


def false_alarm_rate(record: Record) -> float | None:
    """Return the share of the normal test points above the detector's own threshold."""
    precision, recall = record.metrics.get("precision@own"), record.metrics.get("recall@own")
    if not precision or recall is None:
        return None
    found = recall * record.dataset.anomalies
    return found * (1 / precision - 1) / (record.dataset.points - record.dataset.anomalies)


def accuracy(record: Record) -> float | None:
    """Return the share of the test points that the detector's own threshold judges rightly."""
    rate, recall = false_alarm_rate(record), record.metrics.get("recall@own")
    if rate is None or recall is None:
        return None
    data = record.dataset
    wrong = rate * (data.points - data.anomalies) + (1 - recall) * data.anomalies
    return 1 - wrong / data.points


class Trials:
    """Reference records by detector and dataset, one for each seed."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._found: dict[tuple[str, str], list[Record]] = {}
        for record in records:
            place = (record.detector.label, record.dataset.label)
            self._found.setdefault(place, []).append(record)

    def labels(self, dataset: str, name: str) -> list[str]:
        """Return the labels of a detector's records on a dataset: its presets and parameters."""
        return sorted(
            label
            for (label, data), records in self._found.items()
            if data == dataset and records[0].detector.name == name
        )

    def cell(
        self, detector: str, dataset: str, value: Value, worst: Callable = min, digits: int = 4
    ) -> str:
        """Return the mean over seeds and the worst of them, ``0.9947 (0.9940)``."""
        values = self.values(detector, dataset, value)
        if not values:
            return "-"
        return f"{fmean(values):.{digits}f} ({worst(values):.{digits}f})"

    def values(self, detector: str, dataset: str, value: Value) -> list[float]:
        """Return the values of all seeds that have one."""
        found = [value(record) for record in self._found.get((detector, dataset), [])]
        return [v for v in found if v is not None]


def make_tables(trials: Trials) -> dict[str, str]:
    """Return each table of the page by its name."""
    return {
        "kdd99": _series(trials, "kdd99"),
        "clean": _series(trials, "kdd99[split=clean]"),
        "morphs": _frames(trials, ("1v7", "all"), ""),
        "frames": _frames(trials, ("1v7", "5v3", "8v3", "4v9", "all"), FRAMES),
        "own": _own(trials),
        "digits": _digits(trials),
        "alarms": _alarms(trials),
    }


def _series(trials: Trials, dataset: str) -> str:
    names = ("madgan", "mcgan", "pca", "iforest", "knn", "distance", "random")
    labels = [label for name in names for label in trials.labels(dataset, name)]
    columns: dict[str, tuple[Value, Callable, int]] = {
        "VUS-PR": (metric("vus_pr"), min, 4),
        "AUC-ROC": (metric("auc_roc"), min, 4),
        "AUC-PR": (metric("auc_pr"), min, 4),
        "F1@oracle": (metric("f1@oracle"), min, 4),
        "F1@train_q99": (metric("f1@train_q99"), min, 4),
        "fit s": (seconds("fit"), max, 1),
        "score s": (seconds("score"), max, 1),
    }
    rows = [
        [label, *(trials.cell(label, dataset, *c) for c in columns.values())] for label in labels
    ]
    return _table((f"{dataset} (real)", *columns), rows)


def _frames(trials: Trials, members: Sequence[str], style: str) -> str:
    rows = []
    for name in ("madgan-cnn", "madgan", "mcgan", "pca", "iforest", "knn", "distance"):
        places = [f"mnist-seq/{member}{style}" for member in members]
        cells = [trials.cell(name, place, metric("auc_roc")) for place in places]
        if not style:
            cells += [trials.cell(name, place, metric("clear_auc_roc")) for place in places]
        fits = [v for place in places for v in trials.values(name, place, seconds("fit"))]
        if fits:
            rows.append([name, *cells, f"{max(fits):.1f}"])
    clear = () if style else tuple(f"{member}, clear" for member in members)
    heads = (f"AUC-ROC, mnist-seq{style} (real)", *members, *clear, "longest fit s")
    return _table(heads, rows)


def _own(trials: Trials) -> str:
    columns: dict[str, tuple[Value, Callable]] = {
        "accuracy": (accuracy, min),
        "precision": (metric("precision@own"), min),
        "recall": (metric("recall@own"), min),
        "false alarms": (false_alarm_rate, max),
    }
    rows = []
    for member in ("1v7", "5v3", "8v3", "4v9", "all"):
        data = f"mnist-seq/{member}{FRAMES}"
        rows.append([member, *(trials.cell("madgan-cnn", data, *c) for c in columns.values())])
    return _table(("madgan-cnn at its own threshold", *columns), rows)


def _digits(trials: Trials) -> str:
    rows, means = [], {"mcgan": [], "pca": [], "knn": []}
    for digit in DIGITS:
        data = f"mnist-seq/{digit}vrest{FRAMES}"
        rows.append([str(digit)])
        for name, collected in means.items():
            rows[-1].append(trials.cell(name, data, metric("auc_roc")))
            collected.append(trials.values(name, data, metric("auc_roc")))
    mean = ["mean"]
    for collected in means.values():
        # The worst seed of the mean, not the mean of the worst.
        seeds = [fmean(values) for values in zip(*collected, strict=False)]
        mean.append(f"{fmean(seeds):.4f} ({min(seeds):.4f})" if seeds else "-")
    return _table(("digit against the rest, AUC-ROC", *means), [*rows, mean])


def _alarms(trials: Trials) -> str:
    # The records were made when false_alarm_rate was called alpha.
    labels = {0.01: "mcgan[alpha=0.01]", 0.05: "mcgan", 0.1: "mcgan[alpha=0.1]"}
    rows, means = [], {rate: [] for rate in labels}
    for digit in DIGITS:
        row = [str(digit)]
        for nominal, label in labels.items():
            rates = trials.values(label, f"mnist-seq/{digit}vrest{FRAMES}", false_alarm_rate)
            far = max(rates, key=lambda rate, nominal=nominal: abs(rate - nominal), default=0.0)
            row.append(f"{fmean(rates):.2%} ({far:.2%})" if rates else "-")
            means[nominal] += rates
        rows.append(row)
    mean = ["all of them", *(f"{fmean(r):.2%}" if r else "-" for r in means.values())]
    return _table(("digit", "1 % promised", "5 % promised", "10 % promised"), [*rows, mean])


def _table(headers: Iterable[str], rows: list[list[str]]) -> str:
    align = ["left", *["right"] * (len(rows[0]) - 1)]
    return tabulate(rows, list(headers), "github", colalign=align, disable_numparse=True)


def make_page(text: str, records: Iterable[Record]) -> str:
    """Return the page with every table between its marks made anew."""
    for name, table in make_tables(Trials(records)).items():
        marked = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise LookupError(f"docs/detectors.md has no place for the table {name}")
        text = marked.sub(lambda m, t=table: f"{m[1]}\n{t}\n\n{m[2]}", text)
    return text


if __name__ == "__main__":
    PAGE.write_text(make_page(PAGE.read_text(), Store(RECORDS).records()))
