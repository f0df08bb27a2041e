"""A detector that scales its scores in each call is told of, by the real command."""

from __future__ import annotations

from pathlib import Path

DETECTORS = Path(__file__).parent / "percall.py"


def test_scaling_within_a_call_is_a_warning_and_nothing_else_is(session):
    """Its threshold from the tail is worth nothing: F1 is far below that of the same scores."""
    names = ("Distance", "MinMax", "OnlyTwice")
    detectors = ",".join(f"{DETECTORS}:{name}" for name in names)
    result = session.benchkit("run", "-d", detectors, "-D", "tiny[loud=3]")
    assert result.returncode == 0, result.stderr
    found = {
        record["detector"]["label"].rpartition(":")[2]: record for record, _ in session.records()
    }
    assert {record["status"] for record in found.values()} == {"ok"}
    assert found["Distance"]["metrics"]["f1@train_q99"] > 0.9
    assert found["MinMax"]["metrics"]["f1@train_q99"] < 0.5
    assert "scores depend on what else is in the call" in found["MinMax"]["warnings"][0]
    assert "I have scored what there is" in found["OnlyTwice"]["warnings"][0]
    assert found["OnlyTwice"]["metrics"] == found["Distance"]["metrics"]
    # `random` gives each call other scores, as it is meant to.
    quiet = ("Distance", "random", "constant", "distance")
    assert [found[name]["warnings"] for name in quiet] == [[]] * 4
    assert all(record["seconds"].keys() <= {"fit", "calibrate", "score", "trial"}
               for record in found.values())  # fmt: skip
