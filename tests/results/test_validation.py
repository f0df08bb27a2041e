"""Which records are taken from elsewhere: those whose fields hold what they are for."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

from benchkit.results import Store
from benchkit.results.validation import check_record
from tests.records import make_record

REFERENCE = Path(__file__).parents[2] / "leaderboards" / "reference" / "records"


def test_every_reference_record_passes():
    """What benchkit has written it reads."""
    for record in Store(REFERENCE).records():
        check_record(record)


def test_an_expected_rate_with_its_interval_passes():
    check_record(make_record(expected={"pot": [0.002, 0.0001, 0.01]}, uncertain=("pot",)))


@pytest.mark.parametrize(
    "fields",
    [
        {"metrics": {"auc_pr": math.nan}},
        {"metrics": ["auc_pr"]},
        {"thresholds": {"pot": None}},
        {"seconds": {"fit": "1"}},
        {"environment": {"numpy": 2}},
        {"reason": None},
        {"threads": 1.5},
        {"doubts": ("a", None)},
        {"expected": {"pot": [0.1, None, 0.2]}},
        {"expected": {"pot": 0.1}},
    ],
)
def test_a_value_of_another_kind_is_refused(fields):
    """The message names the field."""
    with pytest.raises(ValueError, match=f"^{next(iter(fields))} is "):
        check_record(make_record(**fields))


def test_a_parameter_that_is_no_json_is_refused():
    """It could not be written to a record again."""
    record = make_record()
    params = {"power": math.inf}
    record = dataclasses.replace(
        record, detector=dataclasses.replace(record.detector, params=params)
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        check_record(record)
