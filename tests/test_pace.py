"""Bounds on seconds can be broken, by the program alone."""

from __future__ import annotations

import time

import pytest

from tests import pace
from tests.pace import ATTEMPTS, within


def test_what_takes_too_long_at_every_attempt_fails():
    """The message has what each took."""
    attempts = []
    with pytest.raises(pytest.fail.Exception, match=r"0\.5 s are allowed, .*1e\+03 s .*1e\+03 s"):
        within(0.5, lambda: attempts.append(None), took=lambda _: 1e3)
    assert len(attempts) == ATTEMPTS


def test_the_clock_counts_where_nothing_else_is_said():
    with pytest.raises(pytest.fail.Exception):
        within(1e-4, lambda: time.sleep(0.05))


def test_one_good_attempt_is_enough():
    """Its result is the one that is returned."""
    seconds = iter([1e3, 1e3, 0.1])
    assert within(0.5, lambda: next(seconds), took=float) == 0.1


def test_a_machine_at_half_its_pace_has_twice_the_time(monkeypatch):
    usual = pace._usual_seconds("python")
    monkeypatch.setattr(pace, "_measure_workload", lambda like: 2 * usual)
    assert within(1, lambda: 1.9, took=float) == 1.9
    with pytest.raises(pytest.fail.Exception):
        within(1, lambda: 2.1, took=float)


def test_a_faster_machine_has_the_whole_bound(monkeypatch):
    monkeypatch.setattr(pace, "_measure_workload", lambda like: pace._usual_seconds(like) / 2)
    assert within(1, lambda: 0.9, took=float) == 0.9
