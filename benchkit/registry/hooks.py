"""The hooks a plugin may implement; one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from benchkit.registry.specs import DatasetSpec, DetectorSpec, MetricSpec
    from benchkit.results.record import Record

PROJECT = "benchkit"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def benchkit_register_detectors(register: Callable[[DetectorSpec], None]) -> None:
    """Call ``register`` with a `DetectorSpec` for every detector that the plugin brings."""


@hookspec
def benchkit_register_datasets(register: Callable[[DatasetSpec], None]) -> None:
    """Call ``register`` with a `DatasetSpec` for every dataset that the plugin brings."""


@hookspec
def benchkit_register_metrics(register: Callable[[MetricSpec], None]) -> None:
    """Call ``register`` with a `MetricSpec` for every metric that the plugin brings."""


@hookspec
def benchkit_trial_started(trial: str) -> None:
    """Observe that the trial with this label has been given to a process."""


@hookspec
def benchkit_trial_finished(record: Record) -> None:
    """Observe what one trial left behind, once its record is safely in the store."""
