"""The same rows, scored again in another call."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit.protocol.consistency import MOST, check_consistency

WHOLE = np.random.default_rng(0).normal(size=(3000, 4)).astype(np.float32)
TAIL, TEST = WHOLE[:1000], WHOLE[1000:].copy()
TEST[1500:1520] += 5


def distance(X, segments=(0,)):
    return np.linalg.norm(X, axis=-1 if X.ndim == 2 else (2, 3)).reshape(-1)


def check(score, tail=TAIL, test=TEST, frames=None, segments=(0,)):
    calibration, scores = score(tail, segments), score(test, (0,))
    return check_consistency(score, tail, test, calibration, scores, segments, frames)


def smooth(X, segments):
    """Mean over 101 rows, centred, within the segments."""
    parts = np.split(distance(X), segments[1:])
    return np.concatenate([np.convolve(part, np.ones(101) / 101, "same") for part in parts])


def minmax(X, segments):
    return distance(X) / distance(X).max()


def standardise(X, segments):
    return (distance(X) - distance(X).mean()) / distance(X).std()


def rank(X, segments):
    return distance(X).argsort().argsort() / len(X)


def in_single_precision(X, segments):
    """As a network in batches: the rounding depends on how many rows there are."""
    return distance(X) * (1 + 1e-6 * np.random.default_rng(len(X)).normal(size=len(X)))


def mean_of_blocks(X, segments):
    """Blocks of 64 rows that end with the last row; what is left over at the start is one more."""
    ends = np.arange(len(X), 0, -64)[::-1]
    parts = np.split(distance(X), ends[:-1])
    return np.concatenate([np.full(len(part), part.mean()) for part in parts])


class Running:
    """Scales by the largest score that it has seen in any call."""

    largest = 0.0

    def __call__(self, X, segments):
        self.largest = max(self.largest, distance(X).max())
        return distance(X) / self.largest


class Drawing:
    """Draws from one generator, call after call."""

    generator = np.random.default_rng(0)

    def __call__(self, X, segments):
        return distance(X) + 0.1 * self.generator.normal(size=len(X))


@pytest.mark.parametrize("score", [minmax, standardise, rank, Running()])
def test_scores_that_depend_on_other_rows_are_told_of(score):
    assert ["what else is in the call" in text for text in check(score)] == [True]


def test_scores_that_change_from_call_to_call_are_told_of():
    (text,) = check(Drawing())
    assert "the same rows, scored twice, got others" in text


@pytest.mark.parametrize("score", [distance, smooth, in_single_precision])
def test_windows_and_rounding_are_no_dependence(score):
    assert check(score) == []
    assert check(score, segments=(0, 70, 400)) == []


@pytest.mark.parametrize("rows", [700, 1000])
def test_windows_counted_from_the_last_row_are_no_dependence(rows):
    """Where they begin depends on how many rows there are, and on nothing in them."""
    assert check(mean_of_blocks, WHOLE[:rows]) == []


def test_sequences_of_images_are_scored_again_as_wholes():
    """As images, and as rows of which every ten are a sequence."""
    images = np.random.default_rng(1).normal(size=(80, 10, 4, 4)).astype(np.float32)
    rows = images.reshape(800, 16)
    shapes = []

    def look(X, segments):
        shapes.append(X.shape)
        return distance(X) if X.ndim == 2 else np.linalg.norm(X, axis=(2, 3)).reshape(-1)

    assert check(look, images[:40], images[40:]) == []
    assert check(look, rows[:400], rows[400:], frames=10) == []
    assert shapes[2][1:] == (10, 4, 4)
    assert shapes[5][0] % 10 == 0


def test_few_rows_of_long_parts_are_scored_again():
    """However long the parts are: it must cost little beside the scoring itself."""
    lengths = []

    def score(X, segments):
        lengths.append(len(X))
        return distance(X)

    long = np.random.default_rng(2).normal(size=(50_000, 2))
    assert check(score, long, long) == []
    assert lengths == [50_000, 50_000, MOST * 3 // 2]


def test_a_single_row_is_not_compared():
    assert check(minmax, TAIL[:1]) == []
    assert check(minmax, TAIL[:5], TEST[:2]) == []
