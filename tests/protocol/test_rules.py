"""The split and the shapes that every detector sees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.protocol.adaptation import adapt, choose_adaptation, score_shape, score_sign
from benchkit.protocol.rules import calibration_start


@given(st.integers(2, 10**7))
def test_both_parts_of_the_training_data_have_rows(rows):
    """The tail is a fifth of the rows, and neither part is ever empty."""
    start = calibration_start(rows)
    assert 1 <= start <= rows - 1
    assert rows < 10 or abs((rows - start) / rows - 0.2) <= 0.5 / rows + 1e-9


@pytest.mark.parametrize("rows", [0, 1])
def test_one_row_cannot_be_split(rows):
    """Too few rows are an error with their number, not an empty part."""
    with pytest.raises(ValueError, match=f"{rows} training rows"):
        calibration_start(rows)


@pytest.mark.parametrize(
    ("takes", "modality", "adaptation"),
    [
        (("series",), "series", "none"),
        (("series",), "image-sequence", "frames-as-rows"),
        (("image-sequence",), "image-sequence", "none"),
        (("series", "image-sequence"), "image-sequence", "none"),
        (("image-sequence",), "series", None),
    ],
)
def test_a_detector_gets_the_shape_it_takes(takes, modality, adaptation):
    """Its own where it has it, frames as rows where that serves, and nothing else."""
    assert choose_adaptation(takes, modality) == adaptation


def test_frames_become_rows_in_order_and_without_a_copy():
    """Row i is frame i counted through the sequences, and shares its memory."""
    images = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    rows = adapt(images, "frames-as-rows")
    assert rows.shape == (6, 20)
    assert np.array_equal(rows[4], images[1, 1].ravel())
    assert np.shares_memory(rows, images)


def test_scores_are_one_per_row_or_frame():
    """The shape of scores follows the shape that the detector was given."""
    assert score_shape(np.empty((7, 3))) == (7,)
    assert score_shape(np.empty((7, 3, 4, 4))) == (7, 3)


def test_only_scikit_learns_outlier_estimators_are_turned():
    """A class that merely has a decision_function keeps its direction."""
    from sklearn.ensemble import IsolationForest
    from sklearn.svm import SVC

    assert score_sign(IsolationForest()) == -1
    assert score_sign(object()) == 1
    assert score_sign(SVC()) == 1


def test_an_outlier_estimator_is_known_in_any_composition():
    """As scikit-learn itself knows it, and by the mixin or the attribute of older versions."""
    from sklearn.base import OutlierMixin
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import OneClassSVM

    class Mixed(OutlierMixin):
        pass

    class Old:
        _estimator_type = "outlier_detector"

    piped = make_pipeline(StandardScaler(), make_pipeline(StandardScaler(), OneClassSVM()))
    assert [score_sign(one) for one in (piped, Mixed(), Old())] == [-1, -1, -1]
    assert score_sign(make_pipeline(StandardScaler(), LogisticRegression())) == 1
