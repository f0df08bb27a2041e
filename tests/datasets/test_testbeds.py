"""What the testbeds share, and whether they are a fair test."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.metrics import vus_pr
from benchkit_datasets.testbeds.attack_schedule import shorten
from benchkit_datasets.testbeds.control import CLOSED, OPEN, TRAVELLING, Valve, follow, latch
from benchkit_datasets.testbeds.instruments import Instrument, draw_noise, quantise
from benchkit_datasets.testbeds.manipulation import Bias, Constant, LinearDrift, Replay
from benchkit_datasets.testbeds.recording import Attack, Recording
from benchkit_datasets.testbeds.residual_score import score

DOCS = Path(__file__).parent.parent.parent / "docs"
TESTBEDS = ("swat", "wadi")


def load_maker():
    """Return the script that makes docs/testbeds.md as a module."""
    spec = importlib.util.spec_from_file_location("make_testbeds", DOCS / "make_testbeds.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()


@cache
def judge(name):
    """Return a testbed's default recording, and the physics' scores of its test part."""
    recording = MAKER.load(name, "simulate").simulate()
    return recording, MAKER.judge(name, recording)[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTBEDS)
def test_who_knows_the_physics_finds_the_attacks(name):
    """VUS-PR above 0.9, without a label."""
    recording, physics = judge(name)
    assert vus_pr(recording.labels, physics) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTBEDS)
def test_no_single_channel_finds_the_attacks(name):
    """The best of six one-liners on every channel, chosen by the labels, stays below 0.5."""
    recording, _ = judge(name)
    startup = getattr(MAKER.load(name, ""), "STARTUP", {}).get("laptop", 0)
    values, channel = MAKER.best_one_liner(recording, recording.train[startup:])
    assert values[MAKER.METRICS.index("VUS-PR")] < 0.5, channel


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTBEDS)
def test_noise_finds_no_attack(name):
    labels = judge(name)[0].labels
    assert vus_pr(labels, np.random.default_rng(0).random(len(labels))) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("name", TESTBEDS)
def test_the_page_lists_the_attacks_that_are_made(name):
    """`python docs/make_testbeds.py` would leave the table of attacks as it is."""
    text = MAKER.PAGE.read_text()
    assert MAKER.fill(text, {f"attacks-{name}": MAKER.make_attacks(*judge(name))}) == text


@pytest.mark.parametrize("name", TESTBEDS)
def test_an_unknown_size_is_refused(name):
    simulate = importlib.import_module(f"benchkit_datasets.testbeds.{name}.simulate").simulate
    with pytest.raises(ValueError, match="size must be one of laptop, full, got 'huge'"):
        simulate("huge")


def test_labels_are_the_rows_of_the_attacks():
    attacks = (Attack(1, 2, 4, ("a",), "replay", ""), Attack(2, 4, 5, ("a",), "stealthy", ""))
    recording = Recording(np.zeros((3, 1)), np.zeros((7, 1)), ("a",), 1.0, attacks)
    assert recording.labels.tolist() == [False, False, True, True, True, False, False]


def test_a_latch_remembers_between_its_set_points():
    on, seen = False, []
    for level in (600, 490, 600, 790, 810, 600):
        on = latch(on, level, 500, 800)
        seen.append(on)
    assert seen == [False, True, True, True, False, False]


def test_a_valve_is_neither_open_nor_closed_while_it_travels():
    valve, codes = Valve(3), []
    for command in (OPEN, OPEN, OPEN, CLOSED, OPEN, OPEN):
        valve.move(command)
        codes.append(valve.code)
    assert codes == [TRAVELLING, TRAVELLING, OPEN, TRAVELLING, OPEN, OPEN]
    assert valve.opening == 1.0


def test_a_lag_approaches_its_target():
    value = 0.0
    for _ in range(10):
        value = follow(value, 1.0, seconds=10.0)
    assert value == pytest.approx(1 - 1 / np.e, abs=0.03)


def test_instruments_have_noise_steps_and_a_range():
    instruments = {"level": Instrument(2.0, 0.5, low=0.0, high=10.0), "flow": Instrument(0.1)}
    noise = draw_noise(instruments, 20_000, np.random.default_rng(0))
    assert noise.std(axis=0) == pytest.approx([2.0, 0.1], rel=0.03)
    values = np.array([[1.26, 1.26, 1.26], [-3.0, 2.0, 0.3], [12.0, 1.0, 0.3]])
    quantise(values, ("level", "pump", "flow"), instruments)
    assert values.tolist() == [[1.5, 1.26, 1.26], [0.0, 2.0, 0.3], [10.0, 1.0, 0.3]]


def test_manipulations_say_what_they_promise():
    past = [1.0, 2.0, 3.0, 4.0]
    assert Constant(7.0).at(5, 4.5, past) == 7.0
    assert [LinearDrift(0.5, high=5.0).at(k, 9.0, past) for k in (0, 1, 9)] == [4.0, 4.5, 5.0]
    assert [Bias(10.0, over=4.0).at(k, 1.0, past) for k in (0, 2, 8)] == [1.0, 6.0, 11.0]
    assert Bias(10.0).at(0, 1.0, past) == 11.0
    assert [Replay(3).at(k, 0.0, past) for k in range(4)] == [2.0, 3.0, 4.0, 2.0]
    assert Replay(100, offset=1.0).at(0, 0.0, past) == 2.0


@given(st.lists(st.integers(50, 40_000), min_size=2, max_size=40), st.integers(1, 40))
def test_shortened_attacks_keep_their_order(seconds, shortest):
    short = shorten(seconds, 4 * shortest * len(seconds), shortest)
    assert min(short) == shortest
    ranked = np.array(short)[np.argsort(seconds, kind="stable")]
    assert (np.diff(ranked) >= 0).all()


def test_shortened_attacks_have_the_sum_that_was_asked_for():
    assert sum(shorten([100, 400, 900, 36_000], 3_000, 50)) == pytest.approx(3_000, abs=4)
    with pytest.raises(ValueError, match="total=100 is too short for 3 attacks of at least 50 s"):
        shorten([1, 2, 3], 100, 50)


def test_the_physics_score_forgives_a_moment_and_keeps_edges():
    residuals = np.zeros((40, 2))
    residuals[10:12, 0] = 9.0
    residuals[20:30, 1] = -9.0
    assert np.flatnonzero(score(residuals, 5)).tolist() == list(range(20, 30))
