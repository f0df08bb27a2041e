"""A benchmark and its calibration take turns, and each workload is the same work every time."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from benchkit.errors import BenchkitError
from benchkit.timing.interleaving import (
    FEWEST_ROUNDS,
    LEAST_ROUNDS,
    LONGEST,
    MOST_ROUNDS,
    PATIENCE,
    SECONDS,
    SHARE,
    SHORTEST,
    Alternation,
    Plan,
    make_plan,
    measure,
    undisturbed,
)
from benchkit.timing.workloads import NATURES, build_workload


def test_turns_are_taken():
    """What has to be prepared is prepared before each calibration."""
    said: list[str] = []
    alternation = Alternation(
        lambda: said.append("b"), lambda: said.append("c"), lambda: said.append("p")
    )
    turns = alternation.run(Plan(loops=1, repeats=2, rounds=2))
    assert "".join(said) == "pccbpccbpcc"
    assert (len(turns.benchmarks), len(turns.calibrations)) == (2, 3)


@pytest.mark.parametrize("own", [0.0, 1e-6, 1e-3, 0.05, 0.5, 1.5])
@pytest.mark.parametrize("repeatable", [True, False])
def test_a_plan_keeps_to_its_time(own, repeatable):
    """As far as the least number of rounds lets it; pieces are neither short nor long."""
    plan = make_plan(own, 0.008, repeatable=repeatable)
    piece = plan.repeats * 0.008
    assert SHORTEST <= piece <= LONGEST + 0.008
    assert LEAST_ROUNDS <= plan.rounds <= MOST_ROUNDS
    if plan.rounds > LEAST_ROUNDS:
        assert plan.rounds * (plan.loops * own + piece) < 1.1 * SECONDS
    assert plan.loops == 1 or (repeatable and plan.loops * own < 2 * SHORTEST)


@pytest.mark.parametrize("own", [4, 6, 60, 1000])
def test_a_long_call_has_fewer_rounds_and_more_calibration(own):
    """At least five, and a twentieth of the time."""
    plan = make_plan(own, 0.008, repeatable=True)
    assert FEWEST_ROUNDS <= plan.rounds < LEAST_ROUNDS
    assert plan.rounds == FEWEST_ROUNDS or plan.rounds * own <= PATIENCE
    assert plan.loops == 1
    assert plan.repeats * 0.008 == pytest.approx(SHARE * own, abs=0.008)


def test_a_long_call_is_warmed_once(monkeypatch):
    """What takes minutes is not called twice to see that it does."""
    monkeypatch.setattr("benchkit.timing.interleaving.LONG", 0.0)
    calls: list[int] = []
    Alternation(lambda: calls.append(1), lambda: None).warm()
    assert len(calls) == 1


@pytest.mark.parametrize("nature", NATURES)
def test_a_workload_can_be_called_again(nature):
    """And each call is the same work: it returns the same."""
    workload = build_workload(nature)
    one, other = workload(), workload()
    assert type(one) is type(other)
    if isinstance(one, str | np.ndarray):
        assert np.array_equal(one, other)


def test_an_lstm_does_not_learn():
    """Its weights stay, so that a thousandth step is like the first."""
    torch = pytest.importorskip("torch")
    state = torch.get_rng_state()
    workload = build_workload.__wrapped__("lstm")
    (network,) = (
        c.cell_contents for c in workload.__closure__ if hasattr(c.cell_contents, "proj_size")
    )
    before = [p.clone() for p in network.parameters()]
    workload()
    assert all(map(torch.equal, before, network.parameters()))
    assert torch.equal(state, torch.get_rng_state())


def test_an_unknown_workload_is_a_sentence():
    with pytest.raises(BenchkitError, match="no workload 'sorting': choose one of python, sort"):
        build_workload("sorting")


def test_twice_the_work_is_twice_the_ratio():
    """The real thing, on whatever machine this is."""
    workload = build_workload("python")

    def twice() -> None:
        workload()
        workload()

    ratio = np.median(measure(twice, workload).ratios())
    assert 1.6 < ratio < 2.5


def test_everything_is_as_before_afterwards():
    """Threads and the collection of garbage."""
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        with undisturbed():
            assert torch.get_num_threads() == 1
            assert gc.get_freeze_count()
        assert torch.get_num_threads() == 2
        assert not gc.get_freeze_count()
    finally:
        torch.set_num_threads(threads)
