"""The estimate of a slowdown: what it is blind to, and how often it is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchkit.timing.estimate import ALLOWED, CERTAIN, Slowdown, compare, confirm
from benchkit.timing.interleaving import FEWEST_ROUNDS, THOROUGH, Turns

SESSIONS = 120
ROUNDS = 22
rounds = st.lists(st.floats(0.05, 50), min_size=5, max_size=30)


QUIET, LOADED = (0.03, 0.03, 0.0), (0.05, 0.14, 0.15)
"""By how much sessions differ, and rounds, as standard deviations of logarithms, and which share
of rounds is disturbed: on an idle machine, and measured on two cores with five other processes."""


def draw_session(generator: np.random.Generator, noise, slowdown: float = 1.0):
    """Return a function that draws the ratios of so many rounds.

    Where a round is disturbed, the benchmark or the calibration takes up to three times as long.
    """
    sessions, rounds, share = noise
    middle = slowdown * np.exp(generator.normal(0, sessions))

    def draw(count: int) -> np.ndarray:
        values = middle * np.exp(generator.normal(0, rounds, count))
        factors = generator.uniform(1, 3, count) ** generator.choice([-1, 1], count)
        return values * np.where(generator.random(count) < share, factors, 1)

    return draw


def share_of_red(slowdown: float, noise, count: int = ROUNDS) -> float:
    """Return in which share of sessions the gate closes; the baseline is of an idle machine."""
    generator = np.random.default_rng(1)
    red = 0
    for _ in range(SESSIONS):
        before = draw_session(generator, QUIET)(count * THOROUGH)
        draw = draw_session(generator, noise, slowdown)
        found = confirm(before, draw(count), lambda draw=draw: list(draw(count * THOROUGH)))
        red += found[1].red
    return red / SESSIONS


class TestErrors:
    @pytest.mark.parametrize("noise", [QUIET, LOADED], ids=["quiet", "loaded"])
    def test_unchanged_programs_are_not_red(self, noise):
        """In none of 120 sessions: less than 2.5 % with 95 % confidence."""
        assert share_of_red(1.0, noise) == 0

    def test_what_is_allowed_is_seldom_red(self):
        """Where it is 10 % slower, on a loaded machine: in at most 3 % of sessions."""
        assert share_of_red(1.1, LOADED) <= 0.03

    @pytest.mark.parametrize(
        ("noise", "least"), [(QUIET, 0.99), (LOADED, 0.93)], ids=["quiet", "loaded"]
    )
    def test_a_slowdown_of_half_is_red(self, noise, least):
        """In 99 % of sessions of an idle machine, and in 93 % of a loaded one's."""
        assert share_of_red(1.5, noise) > least

    @pytest.mark.parametrize("noise", [QUIET, LOADED], ids=["quiet", "loaded"])
    def test_the_few_rounds_of_long_calls_are_enough(self, noise):
        """As many as `FEWEST_ROUNDS`, although the noise is that of calls of milliseconds."""
        assert share_of_red(1.0, noise, FEWEST_ROUNDS) == 0
        assert share_of_red(1.5, noise, FEWEST_ROUNDS) > 0.75

    def test_an_interval_holds_the_truth(self):
        """In 98 % of sessions, where only rounds differ; 99 % is what it says."""
        generator = np.random.default_rng(2)
        held = 0
        for _ in range(SESSIONS):
            before, now = np.exp(generator.normal(0, 0.14, (2, ROUNDS)))
            slowdown = compare(before, 1.4 * now)
            held += slowdown.low < 1.4 < slowdown.high
        assert held / SESSIONS > 0.98


class TestComparing:
    @settings(max_examples=30)
    @given(before=rounds, now=rounds, factor=st.floats(0.01, 100))
    def test_units_do_not_matter(self, before, now, factor):
        """Another workload as the unit, on both sides, changes nothing."""
        plain = compare(before, now)
        scaled = compare([factor * r for r in before], [factor * r for r in now])
        for field in ("value", "low", "high"):
            assert getattr(scaled, field) == pytest.approx(getattr(plain, field), rel=1e-9)

    @settings(max_examples=30)
    @given(values=rounds, factor=st.floats(0.2, 5))
    def test_a_slowdown_is_found_as_it_is(self, values, factor):
        """The value is the factor by which every round is slower, and lies in its interval."""
        found = compare(values, [factor * value for value in values])
        assert found.value == pytest.approx(factor)
        assert found.low <= found.value * (1 + 1e-9)
        assert found.high >= found.value * (1 - 1e-9)

    def test_one_round_in_three_may_be_far_off(self):
        """A median does not follow it."""
        values = [1.0, 1.01, 0.99] * 7
        found = compare(values, [*values[:14], *[50.0] * 7])
        assert found.value < 1.02
        assert not found.red

    @pytest.mark.parametrize("strange", [[], [1.0, 0.0], [1.0, float("nan")], [-1.0]])
    def test_what_is_no_measurement_is_refused(self, strange):
        with pytest.raises(ValueError, match="positive"):
            compare([1.0, 1.1], strange)


class TestBelieving:
    def test_red_needs_value_and_interval(self):
        assert Slowdown(1.5, CERTAIN + 0.01, 2).red
        assert not Slowdown(1.5, CERTAIN - 0.01, 2).red
        assert Slowdown(1.5, CERTAIN - 0.01, 2).doubtful
        assert not Slowdown(ALLOWED - 0.01, ALLOWED - 0.02, ALLOWED).red

    def test_a_red_measurement_is_made_again(self):
        """And the second one decides."""
        before, slow = [1.0] * 11, [1.6] * 11
        used, slowdown = confirm(before, slow, lambda: [1.01] * 22)
        assert (len(used), slowdown.red) == (22, False)
        assert confirm(before, slow, lambda: slow)[1].red

    def test_rounds_are_added_while_there_is_doubt(self):
        """At most three times; then it stays in doubt."""
        asked = []

        def again() -> list[float]:
            asked.append(0)
            return [0.8, 1.05, 1.4, 1.6, 3.0]

        used, slowdown = confirm([1.0] * 11, [1.6] * 11, again)
        assert len(asked) == 3
        assert (len(used), slowdown.doubtful) == (15, True)

    def test_a_green_measurement_is_made_once(self):
        used, slowdown = confirm([1.0] * 11, [1.2] * 11, lambda: pytest.fail("again"))
        assert used == [1.2] * 11
        assert not slowdown.red


class TestTurns:
    @given(
        pieces=st.lists(st.floats(1e-4, 10), min_size=2, max_size=20),
        own=st.floats(1e-4, 10),
        factor=st.floats(0.1, 10),
    )
    def test_a_slower_machine_gives_the_same_ratios(self, pieces, own, factor):
        """Both take as many times as long."""
        here = Turns([own] * (len(pieces) - 1), pieces)
        there = Turns([factor * b for b in here.benchmarks], [factor * c for c in pieces])
        assert there.ratios() == pytest.approx(here.ratios())

    def test_a_round_is_compared_with_its_neighbours(self):
        """The mean of the calibrations before and after."""
        assert Turns([3.0, 8.0], [1.0, 2.0, 6.0]).ratios() == [2.0, 2.0]
