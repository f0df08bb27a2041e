"""Which steps of a detector's progress become messages."""

from __future__ import annotations

from types import SimpleNamespace

from benchkit.execution.supervisor import throttle


def test_a_bar_too_quick_to_be_seen_sends_nothing():
    """A message takes longer than the fit of a fast detector."""
    sent: list[tuple] = []
    report = throttle(lambda *step: sent.append(step), every=60)
    for done in range(4):
        report("epochs", done, 3)
    assert sent == []


def test_a_bar_that_was_seen_is_seen_to_end(monkeypatch):
    """Though its last step comes right after the one before; the next bar waits its turn."""
    sent: list[tuple] = []
    times = iter([0.0, 1.0, 1.01, 1.02])
    # Of that module alone: other threads of this process look at the clock, too.
    clock = SimpleNamespace(monotonic=lambda: next(times))
    monkeypatch.setattr("benchkit.execution.supervisor.time", clock)
    report = throttle(lambda *step: sent.append(step), every=0.5)
    report("epochs", 2, 3)
    report("epochs", 3, 3)
    report("draws", 1, 1)
    assert sent == [("epochs", 2, 3), ("epochs", 3, 3)]
