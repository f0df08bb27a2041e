"""Thousands of records of trials that never ran: what a store looks like after a year."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from random import Random

from benchkit.results import Record
from tests.records import make_record

DATASETS = [
    *((f"series{i}/m{j}", "series", "real") for i in range(7) for j in range(2)),
    *((f"sequences{i}/m{j}", "image-sequence", "real") for i in range(2) for j in range(2)),
    *((f"series7/m{j}", "series", "sim") for j in range(2)),
]
"""Label, modality and variant: 20 members of ten datasets."""

SANITY = ("random", "constant", "distance")
DETECTORS = [*SANITY, *(f"method{i:02}[k={i}]" for i in range(22))]
SEEDS = 10
POLICIES = ("own", "pot", "train_q99", "oracle")
OVER_ALARMS = (
    *("f1", "precision", "recall", "false_alarm_rate", "event_f1", "event_recall"),
    *("affiliation_f1", "pa_k_f1", "detection_delay"),
)
LOWER = ("false_alarm_rate", "detection_delay")
START = datetime(2026, 1, 1, tzinfo=UTC)


def make_records(count: int = 5000) -> list[Record]:
    """Return ``count`` records, the same each time; few are the first of many.

    Seed by seed, dataset by dataset, 25 detectors on each; 40 metrics a record; two detectors fail
    now and then, one does not apply to image sequences, one ran on another machine.
    """
    random = Random(0)
    trials = islice(product(range(SEEDS), DATASETS, enumerate(DETECTORS)), count)
    return [_record(random, number, *trial) for number, trial in enumerate(trials)]


def _record(
    random: Random,
    number: int,
    seed: int,
    dataset: tuple[str, str, str],
    detector: tuple[int, str],
) -> Record:
    (label, modality, variant), (place, name) = dataset, detector
    sanity = name in SANITY
    status = "ok"
    if place in (10, 11) and random.random() < 0.05:
        status = "timeout" if place == 10 else "error"
    elif place == 12 and modality == "image-sequence":
        status = "not_applicable"
    quality = 0.1 if sanity else 0.3 + 0.02 * place

    def near(middle: float) -> float:
        return min(max(random.gauss(middle, 0.03), 0.0), 1.0)

    metrics = {m: near(quality) for m in ("vus_pr", "auc_pr", "vus_roc", "auc_roc")}
    metrics |= {f"{m}@{p}": near(quality) for p in POLICIES for m in OVER_ALARMS}
    if modality == "image-sequence":
        del metrics["vus_pr"], metrics["vus_roc"]
    record = make_record(
        name,
        label,
        sanity=sanity,
        variant=variant,
        seed=seed,
        status=status,
        metrics=metrics if status == "ok" else {},
        lower_is_better=LOWER,
        promised={"train_q99": 0.01},
        definitions={"vus_pr": "as in the paper"},
        thresholds=dict.fromkeys(POLICIES, 0.5),
        seconds={"fit": 1.0 + place * random.random(), "score": 0.5, "trial": 2.0 + place},
        environment={
            "processor": f"Processor {'B' if place == 5 else 'A'}, 2 cores",
            "python": "3.11",
        },
        finished=(START + timedelta(seconds=number)).isoformat(timespec="microseconds"),
    )
    facts = dataclasses.replace(record.dataset, member=label.partition("/")[2], modality=modality)
    return dataclasses.replace(record, dataset=facts)
