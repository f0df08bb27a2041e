"""The SWaT testbed: physics that adds up, controllers that believe what they read."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from benchkit_datasets.testbeds.control import CLOSED, OFF, ON, OPEN
from benchkit_datasets.testbeds.manipulation import Constant
from benchkit_datasets.testbeds.residual_score import score
from benchkit_datasets.testbeds.swat import STARTUP
from benchkit_datasets.testbeds.swat.catalogue import SCENARIOS
from benchkit_datasets.testbeds.swat.plant import Disturbances, TreatmentPlant
from benchkit_datasets.testbeds.swat.plc import TreatmentControllers
from benchkit_datasets.testbeds.swat.residuals import RESIDUALS, residuals
from benchkit_datasets.testbeds.swat.schedule import PUBLISHED, TreatmentSchedule, make_schedule
from benchkit_datasets.testbeds.swat.simulate import run, simulate
from benchkit_datasets.testbeds.swat.tags import ACTUATORS, SENSORS, TAGS, Readings

USUAL = Disturbances(1.0, 262.0, 8.66, 290.0, 0.0, 0.0, 0.0)
NO_NOISE = [0.0] * len(SENSORS)


@pytest.fixture(scope="module")
def recording():
    return simulate()


@pytest.fixture(scope="module")
def normal(recording):
    """Return the training part after start-up, by tag."""
    values = recording.train[STARTUP["laptop"] :].astype(np.float64)
    return dict(zip(TAGS, values.T, strict=True))


class Loop:
    """A plant and its controllers in usual disturbances, without noise."""

    def __init__(self):
        self.plant, self.controllers, self.readings = (
            TreatmentPlant(),
            TreatmentControllers(),
            Readings(),
        )

    def run(self, seconds, spoofed=None, forced=None):
        """Let time pass; return the readings of each second, as the controllers saw them."""
        seen = []
        for _ in range(seconds):
            self.plant.read(self.readings, NO_NOISE)
            for tag, value in (spoofed or {}).items():
                setattr(self.readings, tag, value)
            commands = self.controllers.scan(self.readings)
            for tag, value in (forced or {}).items():
                setattr(commands, tag, value)
            seen.append({tag: getattr(self.readings, tag) for tag in TAGS})
            self.plant.step(commands, USUAL)
        return seen

    def until(self, wanted):
        """Let time pass until the readings are as wanted."""
        for _ in range(20_000):
            if wanted(self.run(1)[0]):
                return
        raise AssertionError("this never comes about")


@pytest.fixture
def loop():
    """Return a plant that has run for three hours."""
    loop = Loop()
    loop.run(10_800)
    return loop


def test_has_the_tags_and_the_shape_of_the_real_one(recording):
    assert recording.channels == TAGS
    assert len(TAGS) == len(set(TAGS)) == 51
    assert recording.train.shape == recording.test.shape == (50_400, 51)
    assert recording.train.dtype == recording.test.dtype == np.float32
    full = make_schedule("full")
    assert (full.train, full.test) == (496_800, 449_919)


def test_actuators_have_the_codes_of_the_real_one(recording):
    """Valves are 0 while they travel, 1 closed, 2 open; pumps and the lamp are 1 or 2."""
    values = np.concatenate([recording.train, recording.test])
    for tag in ACTUATORS:
        codes = set(np.unique(values[:, TAGS.index(tag)]))
        assert codes <= ({0, 1, 2} if tag.startswith("MV") else {1, 2}), tag
        if tag.startswith("MV"):
            assert codes == {0, 1, 2}, tag


def test_values_are_of_the_size_of_real_ones(normal):
    """Medians near the first rows of the real attack file and what is known of the set points."""
    expected = {
        "FIT101": 2.45, "AIT201": 262.0, "AIT202": 8.4, "AIT203": 330.0, "FIT201": 2.45,
        "LIT301": 900.0, "LIT401": 900.0, "AIT402": 155.0, "PIT501": 250.0, "FIT502": 1.27,
    }  # fmt: skip
    for tag, value in expected.items():
        assert np.median(normal[tag]) == pytest.approx(value, rel=0.06), tag
    assert normal["LIT101"].min() > 300
    assert normal["LIT101"].max() < 1_100


def test_same_seed_same_bytes():
    short = TreatmentSchedule(3_000, 1_200, ((100, 60), (300, 90)), patience=100, pause=50)
    first, again, other = run(short, 500, 7), run(short, 500, 7), run(short, 500, 8)
    assert first.train.tobytes() == again.train.tobytes()
    assert first.test.tobytes() == again.test.tobytes()
    assert first.attacks == again.attacks
    assert first.train.tobytes() != other.train.tobytes()


def test_starts_empty_and_has_settled_after_the_start_up(recording):
    start = dict(zip(TAGS, recording.train[0], strict=True))
    assert max(start[tag] for tag in ("LIT101", "LIT301", "LIT401")) < 200
    assert start["FIT501"] < 0.1
    settled = recording.train[STARTUP["laptop"] - 600 : STARTUP["laptop"], TAGS.index("FIT502")]
    assert settled.mean() > 1.2


@pytest.mark.parametrize(
    ("level", "filled", "emptied", "area"),
    [("LIT101", "FIT101", "FIT201", 1.5), ("LIT301", "FIT201", "FIT301", 1.3)],
)
def test_tanks_balance_to_the_noise_of_the_sensors(normal, level, filled, emptied, area):
    """In ten minutes a level changes by what the meters say, but for two readings' noise."""
    net = np.cumsum(normal[filled] - normal[emptied]) / (3.6 * area)
    wrong = (normal[level] - net)[600:] - (normal[level] - net)[:-600]
    expected = np.sqrt(2) * SENSORS[level].noise
    assert abs(wrong.mean()) < expected
    assert wrong.std() < 1.5 * expected


def test_what_enters_reverse_osmosis_leaves_it(normal):
    wrong = normal["FIT501"] + normal["FIT504"] - normal["FIT502"] - normal["FIT503"]
    running = normal["FIT501"] > 1.0
    noise = np.sqrt(sum(SENSORS[f"FIT50{k}"].noise ** 2 for k in (1, 2, 3, 4)))
    assert abs(wrong[running].mean()) < 0.1 * noise
    assert wrong[running].std() < 1.2 * noise


def test_nothing_normal_contradicts_the_physics(recording):
    """After an hour of learning no residual stays above five times its noise for five seconds."""
    found = residuals(recording.train[STARTUP["laptop"] : STARTUP["laptop"] + 14_400])
    assert found.shape == (14_400, len(RESIDUALS))
    assert score(found)[3_600:].max() < 5.0


def test_rare_events_are_in_both_parts(recording):
    """The standby pumps run, and P501 stands, also while nobody attacks."""
    quiet = recording.test[~recording.labels]
    for part in (recording.train[STARTUP["laptop"] :], quiet):
        for tag in ("P102", "P301"):
            assert (part[:, TAGS.index(tag)] == ON).any(), tag
        assert (part[:, TAGS.index("P501")] == OFF).any()


def test_the_catalogue_is_the_published_list():
    """All of its 41 numbers but the five that are no attacks, in order."""
    assert [scenario.published for scenario in SCENARIOS] == [
        number for number in range(1, 42) if number not in (5, 9, 12, 15, 18)
    ]


def test_attacks_are_those_of_the_catalogue_in_order(recording):
    attacks = recording.attacks
    assert len(attacks) == len(SCENARIOS) == 36
    assert [attack.number for attack in attacks] == list(range(1, 37))
    for attack, scenario in zip(attacks, SCENARIOS, strict=True):
        assert attack.targets == tuple(scenario.manipulations)
        assert attack.method == scenario.method
    assert {attack.method for attack in attacks} == {
        "spoofed sensor", "forced actuator", "slow drift", "replay", "stealthy",
    }  # fmt: skip


def test_labels_are_the_rows_of_the_attacks(recording):
    lengths = [attack.stop - attack.start for attack in recording.attacks]
    assert all(
        one.stop <= other.start
        for one, other in zip(recording.attacks, recording.attacks[1:], strict=False)
    )
    assert recording.attacks[-1].stop <= len(recording.test)
    assert recording.labels.sum() == sum(lengths)
    assert 0.10 < recording.labels.mean() < 0.14
    assert lengths == [length for _, length in make_schedule("laptop").windows]


def test_what_an_attacker_holds_is_what_is_recorded(recording):
    """A fixed value stands in every row under attack; an actuator once it has got there."""
    for attack, scenario in zip(recording.attacks, SCENARIOS, strict=True):
        for tag, manipulation in scenario.manipulations.items():
            # One valve is not recorded, and one attack is held off by the interlock.
            if tag not in TAGS or not isinstance(manipulation, Constant) or attack.number == 24:
                continue
            held = recording.test[attack.start : attack.stop, TAGS.index(tag)]
            if tag in SENSORS:
                assert np.abs(held - manipulation.value).max() <= SENSORS[tag].step, (
                    attack.number,
                    tag,
                )
            else:
                assert (held[11:] == manipulation.value).all(), (attack.number, tag)


def test_a_replay_repeats_the_past(recording):
    attack = recording.attacks[15]
    level = recording.test[:, TAGS.index("LIT101")]
    again = level[attack.start : attack.start + 120]
    assert np.abs(again - level[attack.start - 120 : attack.start]).max() < 0.05


def test_a_spoofed_high_level_stops_the_inflow_and_empties_the_tank(loop):
    """The controller acts on what it reads; the water does what physics says."""
    loop.until(lambda r: r["MV101"] == OPEN and r["FIT201"] > 2.0 and 600 < r["LIT101"] < 750)
    before = loop.plant.t101.level
    seen = loop.run(300, spoofed={"LIT101": 850.0})
    assert seen[-1]["MV101"] == CLOSED
    assert seen[-1]["FIT101"] < 0.1
    assert seen[-1]["LIT101"] == 850.0
    assert loop.plant.t101.level < before - 80
    # And when the attacker is gone the level that was hidden is seen.
    assert loop.run(1)[0]["LIT101"] == pytest.approx(loop.plant.t101.level, abs=1.0)


def test_a_pump_that_does_not_move_water_is_replaced(loop):
    """Attack 34 of the published list: P101 off, and P102 takes over by itself."""
    loop.until(lambda r: r["P101"] == ON and r["FIT201"] > 2.0)
    seen = loop.run(60, forced={"P101": OFF})
    assert seen[5]["FIT201"] < 1.0
    assert seen[-1]["P102"] == ON
    assert seen[-1]["FIT201"] > 2.0


def test_stopping_the_filter_pump_starves_reverse_osmosis(loop):
    """Attack 28: T401 runs down to LL, and stages 4 and 5 stop to save their pumps."""
    seen = loop.run(3_600, forced={"P301": OFF, "P302": OFF})
    assert seen[-1]["LIT401"] < 300
    assert (seen[-1]["P402"], seen[-1]["P501"], seen[-1]["FIT501"] < 0.1) == (OFF, OFF, True)
    assert seen[-1]["LIT401"] > 200


def test_a_shut_valve_halts_the_wash(loop):
    loop.until(lambda r: r["MV303"] == OPEN and r["P602"] == ON)
    seen = loop.run(300, forced={"MV304": CLOSED})
    assert seen[-1]["FIT301"] < 0.1
    assert loop.run(120)[-1]["FIT301"] > 2.0


def test_the_interlock_holds_the_dosing_pumps_without_flow(loop):
    """Attack 29 of the published list has no effect, in the real plant as in this one."""
    loop.until(lambda r: r["FIT201"] < 0.01 and r["P101"] == OFF)
    seen = loop.run(60, forced={"P201": ON, "P203": ON, "P205": ON})
    assert all(row[tag] == OFF for row in seen for tag in ("P201", "P203", "P205"))


def test_water_over_the_brim_is_lost(loop):
    loop.run(4_000, forced={"MV101": OPEN, "P101": OFF, "P102": OFF})
    assert loop.plant.t101.level == 1_200.0


def test_full_size_has_the_real_schedule(real_data):
    """The published attacks are the real labels but for one run, which is in no published list."""
    path = real_data / "metric_fixtures" / "affiliation" / "swat_groundtruth.gz"
    if not path.is_file():
        pytest.skip("metric_fixtures is not among the real files")
    with gzip.open(path, "rt") as lines:
        real = np.array([float(line) for line in lines]) == 1
    ours = np.zeros(len(real), bool)
    for start, length in PUBLISHED:
        ours[start : start + length] = True
    real[73_800 : 73_800 + 721] = False
    assert np.array_equal(ours, real)
