"""The WADI testbed: its tags are the real one's, its water is conserved, its attacks matter."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit_datasets.testbeds.control import CLOSED, OPEN
from benchkit_datasets.testbeds.manipulation import Constant
from benchkit_datasets.testbeds.wadi import SIZES
from benchkit_datasets.testbeds.wadi.catalogue import SCENARIOS
from benchkit_datasets.testbeds.wadi.controllers import GATES
from benchkit_datasets.testbeds.wadi.residuals import residuals
from benchkit_datasets.testbeds.wadi.schedule import FULL, DistributionSchedule
from benchkit_datasets.testbeds.wadi.simulate import run, simulate
from benchkit_datasets.testbeds.wadi.tags import DEAD, LIVE, TAGS

QUIET = ((1 << 40, 1),) * 15
"""Attacks that never come."""


@pytest.fixture(scope="module")
def recording():
    return simulate()


@pytest.fixture(scope="module")
def wrong(recording):
    """Residuals of the training and of the test part."""
    return residuals(recording.train), residuals(recording.test)


def column(values, tag):
    return values[:, LIVE.index(tag)]


def during(recording, number, tag):
    """Return what a tag says in the seconds of an attack."""
    attack = recording.attacks[number - 1]
    return column(recording.test, tag)[attack.start : attack.stop]


def after(recording, number, tag):
    """Return what a tag says one second after an attack."""
    return column(recording.test, tag)[recording.attacks[number - 1].stop]


def stretches(labels):
    return int((np.diff(labels.astype(int), prepend=0) == 1).sum())


class TestTags:
    def test_the_live_ones_are_the_real_ones_without_the_dead(self):
        assert len(TAGS) == len(set(TAGS)) == 127
        assert len(LIVE) == 123
        assert tuple(tag for tag in TAGS if tag not in DEAD) == LIVE

    def test_they_are_sorted_like_the_files(self):
        """By name, and the three totals last."""
        assert list(TAGS[:124]) == sorted(TAGS[:124], key=lambda tag: tag.replace("_", " "))
        assert TAGS[124:] == (
            "LEAK_DIFF_PRESSURE",
            "PLANT_START_STOP_LOG",
            "TOTAL_CONS_REQUIRED_FLOW",
        )


class TestRecording:
    def test_has_the_promised_shape(self, recording):
        assert SIZES[0] == "laptop"
        assert recording.train.shape == (60_480, 123)
        assert recording.test.shape == (43_200, 123)
        assert recording.train.dtype == recording.test.dtype == np.float32
        assert recording.channels == LIVE
        assert recording.period == 1.0
        assert np.isfinite(recording.train).all()
        assert np.isfinite(recording.test).all()

    def test_a_size_that_does_not_exist_is_refused(self):
        with pytest.raises(ValueError, match="size must be one of laptop, full, got 'huge'"):
            simulate("huge")

    def test_the_same_seed_gives_the_same_values(self):
        short = DistributionSchedule(1_500, 500, QUIET, day=4_320)
        one, again, other = (run(short, np.random.default_rng(seed)) for seed in (1, 1, 2))
        np.testing.assert_array_equal(one.train, again.train)
        np.testing.assert_array_equal(one.test, again.test)
        assert not np.array_equal(one.test, other.test)

    def test_unusual_but_normal_events_are_in_both_parts(self, recording):
        """A detector that calls every rare thing an attack raises false alarms."""
        for values in (recording.train, recording.test[~recording.labels]):
            assert (column(values, "2_MV_009_STATUS") == OPEN).any()
            assert any((column(values, tag) == CLOSED).any() for tag in GATES[:3])
            assert (column(values, "3_MV_002_STATUS") == OPEN).any()


class TestAttacks:
    def test_the_full_size_has_the_windows_of_2017(self):
        """172,801 rows with 9,948 under attack, in 14 stretches of 15 attacks."""
        labels = np.zeros(FULL.test, bool)
        for start, length in FULL.windows:
            labels[start : start + length] = True
        assert (FULL.train, FULL.test) == (1_209_601, 172_801)
        assert (labels.sum(), stretches(labels)) == (9_948, 14)
        lengths = [length for _, length in FULL.windows]
        assert (min(lengths), max(lengths)) == (88, 1_517)

    def test_labels_are_the_fifteen_attacks(self, recording):
        assert [attack.number for attack in recording.attacks] == list(range(1, 16))
        assert stretches(recording.labels) == 14
        assert recording.labels.mean() == pytest.approx(9_948 / 172_801, abs=0.001)
        stops = [0, *(attack.stop for attack in recording.attacks)]
        assert all(
            stop <= attack.start for stop, attack in zip(stops, recording.attacks, strict=False)
        )

    @pytest.mark.parametrize("number", range(1, 16))
    def test_an_attack_holds_what_it_says(self, recording, number):
        """An actuator that is forced is where the attacker wants it, after its way there."""
        for tag, manipulation in SCENARIOS[number - 1].manipulations.items():
            assert tag in recording.attacks[number - 1].targets
            if isinstance(manipulation, Constant):
                assert (during(recording, number, tag)[8:] == manipulation.value).all()

    def test_several_methods_and_several_points(self, recording):
        assert {attack.method for attack in recording.attacks} == {
            "spoofed sensor",
            "forced actuator",
            "slow drift",
            "replay",
            "stealthy",
        }
        assert sum(len(attack.targets) > 1 for attack in recording.attacks) >= 5

    def test_a_level_that_seems_not_to_rise_makes_the_reservoir_run_over(self, recording):
        """The controller fills on, because it believes what it reads."""
        believed = during(recording, 15, "2_LT_002_PV")
        assert believed.max() < 85
        assert (during(recording, 15, "2_MV_003_STATUS") == OPEN).all()
        assert after(recording, 15, "2_LT_002_PV") > 95

    def test_a_level_that_seems_not_to_fall_lets_the_reservoir_run_dry(self, recording):
        assert during(recording, 3, "2_LT_002_PV").min() > 45
        assert (during(recording, 3, "2_MV_003_STATUS") == CLOSED).all()
        assert after(recording, 3, "2_LT_002_PV") < 5
        assert during(recording, 3, "2_FQ_101_PV")[-1] < 0.1

    def test_salt_that_is_not_there_empties_the_primary_tank(self, recording):
        assert (during(recording, 4, "1_MV_004_STATUS")[20:] == OPEN).all()
        assert during(recording, 4, "2A_AIT_001_PV").max() < 190

    def test_make_up_without_end_overfills_the_primary_tank(self, recording):
        assert column(recording.train, "1_LT_001_PV").max() < 90
        assert during(recording, 1, "1_LT_001_PV").max() > 90

    def test_stolen_water_is_hidden_from_the_flow_meters_only(self, recording, wrong):
        """What they show adds up nearly; the reservoirs fall faster than that."""
        attack = recording.attacks[10]
        inside = np.abs(wrong[1][attack.start + 15 : attack.stop - 15])
        reservoirs, meters = inside[:, 1:3].max(1), inside[:, 4]
        assert np.median(meters) < 6 < np.median(reservoirs)


class TestPhysics:
    def test_the_balance_closes_to_the_noise_of_the_sensors(self, wrong):
        """No residual of 60,480 normal rows is beyond six of its standard deviations."""
        assert np.abs(wrong[0]).max() < 6
        assert wrong[0].std(axis=0).max() < 1.1
        assert wrong[0][:, :4].std(axis=0).min() > 0.8
