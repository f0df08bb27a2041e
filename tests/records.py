"""Records of trials that never ran, for tests of what is made from records."""

from __future__ import annotations

import dataclasses
from typing import Any

from benchkit.results import DatasetFacts, DetectorFacts, Record

DETECTOR = DetectorFacts(
    label="pca",
    name="pca",
    preset=None,
    params={},
    target="some.module:PCA",
    plugin="some-plugin",
    version="1.0",
    code="c0de",
    sanity=False,
)
DATASET = DatasetFacts(
    label="kdd99",
    name="kdd99",
    member="",
    params={},
    variant="real",
    modality="series",
    fingerprint="f1" * 32,
    train_shape=(1000, 5),
    test_shape=(400, 5),
    points=400,
    anomalies=40,
    calibration=200,
)
METRICS = {"auc_pr": 0.5, "auc_roc": 0.75, "f1@train_q99": 0.25, "f1@oracle": 0.625}


def make_record(
    detector: str = "pca",
    dataset: str = "kdd99",
    *,
    sanity: bool = False,
    variant: str = "real",
    fingerprint: str = DATASET.fingerprint,
    seed: int = 0,
    status: str = "ok",
    auc_pr: float | None = None,
    **fields: Any,
) -> Record:
    """Return a record like those that trials leave; ``fields`` are those of `Record`.

    The label of a dataset is also its name, up to a ``/`` or a ``[``.
    """
    name = dataset.partition("/")[0].partition("[")[0]
    metrics = dict(METRICS) if status == "ok" else {}
    if auc_pr is not None:
        metrics["auc_pr"] = auc_pr
    values = {
        "protocol": 1,
        "metrics": metrics,
        "reason": "" if status == "ok" else "it did not go well",
        "seconds": {"fit": 1.0, "score": 0.5, "trial": 1.75},
        "memory": {"growth_mib": 12.5, "device_mib": None},
        "environment": {"processor": "A processor, 2 cores"},
        "finished": f"2026-01-02T03:04:{seed:02}.000000+00:00",
        **fields,
    }
    return Record(
        detector=dataclasses.replace(DETECTOR, label=detector, name=detector, sanity=sanity),
        dataset=dataclasses.replace(
            DATASET, label=dataset, name=name, variant=variant, fingerprint=fingerprint
        ),
        seed=seed,
        status=status,
        **values,
    )
