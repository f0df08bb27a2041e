"""Which way scores point, whatever an outlier estimator is wrapped into."""

from __future__ import annotations

from pathlib import Path

import pytest

DETECTORS = Path(__file__).parent / "directions.py"
NAMES = ("Plain", "Piped", "Searched", "Delegating", "Old", "Pyod", "PipedPyod")


def test_high_is_anomalous_of_every_outlier_estimator(session):
    """Anomalies that are far away have AUC-ROC 1.000; scores the wrong way round have .000."""
    detectors = ",".join(f"{DETECTORS}:{name}" for name in NAMES)
    result = session.benchkit("run", "-d", detectors, "-D", "tiny")
    assert result.returncode == 0, result.stderr
    found = {
        record["detector"]["label"].rpartition(":")[2]: record for record, _ in session.records()
    }
    areas = {name: found[name]["metrics"]["auc_roc"] for name in NAMES}
    assert areas == pytest.approx(dict.fromkeys(NAMES, 1.0), abs=0.0005)
    # A threshold is of the scores as they are after turning.
    assert found["Pyod"]["metrics"]["recall@own"] == 1
    assert found["Pyod"]["metrics"]["false_alarm_rate@own"] == pytest.approx(0.01, abs=0.01)
