"""A metric: one function over what metrics share, callable with plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper
from inspect import signature
from typing import Any

import numpy as np

from benchkit.metrics.alarms import Alarms
from benchkit.metrics.ranking import Ranking


class ScoreMetric:
    """A metric over all thresholds: ``metric(labels, scores)``, both of shape (n,).

    Parameters
    ----------
    of
        The metric as a function of a `Ranking` and of settings with defaults. Who computes several
        metrics over the same scores calls this, and pays for one sort.
    """

    def __init__(self, of: Callable[..., float]) -> None:
        self.of = of
        update_wrapper(self, of)
        self.__signature__ = _with_arrays(of, "labels", "scores")

    def __call__(
        self, labels: np.ndarray, scores: np.ndarray, *given: Any, **settings: Any
    ) -> float:
        """Check the arrays, rank them and return the value."""
        return self.of(Ranking.of(labels, scores), *given, **settings)


class AlarmMetric:
    """A metric at one threshold: ``metric(labels, alarms)``, both 0 or 1, of shape (n,).

    Parameters
    ----------
    of
        The metric as a function of `Alarms` and of settings with defaults.
    oracle
        Returns the level of a `Ranking` that the metric is reported at as ``@oracle``: the
        threshold at which it, or the F1 that it belongs to, is best.
    """

    def __init__(self, of: Callable[..., float], oracle: Callable[[Ranking], int]) -> None:
        self.of = of
        self.oracle = oracle
        update_wrapper(self, of)
        self.__signature__ = _with_arrays(of, "labels", "alarms")

    def __call__(
        self, labels: np.ndarray, alarms: np.ndarray, *given: Any, **settings: Any
    ) -> float:
        """Check the arrays and return the value."""
        return self.of(Alarms.of(labels, alarms), *given, **settings)


def over_alarms(oracle: Callable[[Ranking], int]) -> Callable[[Callable[..., float]], AlarmMetric]:
    """Return the decorator that makes an `AlarmMetric` with this oracle."""
    return lambda of: AlarmMetric(of, oracle)


def _with_arrays(of: Callable[..., float], *names: str) -> Any:
    """Return the signature of ``of`` with plain arrays in the place of its first parameter."""
    given = signature(of)
    first, *settings = given.parameters.values()
    arrays = [first.replace(name=name, annotation=np.ndarray) for name in names]
    return given.replace(parameters=[*arrays, *settings])


def accepted(function: Callable[..., Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return those settings that a metric has a parameter for, by its name."""
    known = signature(function).parameters
    return {name: value for name, value in settings.items() if name in known}
