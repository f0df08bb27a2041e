"""Where a series has gaps, detectors are told, each in the rows that it is given."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchkit.protocol.segments import segment_arguments
from benchkit.windowing import cut_segments

TELLING = """\
import json
from pathlib import Path

import numpy as np


class Telling:
    def fit(self, X, segments):
        self.log = [[len(X), segments.tolist()]]
        return self

    def decision_function(self, X, segments=(0,)):
        self.log.append([len(X), list(map(int, segments))])
        Path("told.json").write_text(json.dumps(self.log))
        return np.arange(len(X))
"""


@given(st.sets(st.integers(1, 99)), st.integers(0, 99), st.integers(1, 100))
def test_rows_that_are_neighbours_in_a_part_were_neighbours_before(begins, start, stop):
    """Two rows of a part are in one segment if and only if they were in one of the whole."""
    segments = (0, *sorted(begins))
    if start >= stop:
        return
    part = cut_segments(segments, start, stop)
    whole = np.searchsorted(segments, np.arange(start, stop), side="right")
    within = np.searchsorted(part, np.arange(stop - start), side="right")
    assert np.array_equal(np.diff(whole), np.diff(within))


def test_the_frames_of_a_sequence_are_a_segment_to_a_detector_of_series():
    """No window of frames reaches into another sequence."""
    told = segment_arguments(lambda X, segments: X, np.zeros((6, 4)), (0,), frames=3)
    assert told["segments"].tolist() == [0, 3]


def test_who_does_not_ask_is_not_told():
    assert segment_arguments(lambda X: X, np.zeros((6, 4)), (0, 2), None) == {}


def test_image_sequences_come_without_segments():
    """They end by themselves."""
    assert segment_arguments(lambda X, segments: X, np.zeros((2, 3, 4, 4)), (0,), None) == {}


def test_a_trial_tells_each_part_its_own_segments(session, tmp_path):
    """Fitting part, calibration tail and test part, counted from the first row of each."""
    (tmp_path / "telling.py").write_text(TELLING)
    done = session.benchkit("run", "-d", "./telling.py:Telling", "-D", "gapped")
    assert done.returncode == 0, done.stderr
    told = [json.loads(p.read_text()) for p in tmp_path.rglob("told.json")]
    again = [384, [0, 100, 256]]  # rows of the tail, and others beside them
    assert told == [[[1600, [0, 500]], [400, [0, 100]], [2000, [0, 900]], again]]
