"""What is not as it was when a stored trial ran: rules, code, machine, packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchkit.execution.environment import describe_environment
from benchkit.execution.plan import Trial
from benchkit.protocol import rules
from benchkit.results.record import Record

MACHINE = ("processor", "processor kind", "system", "device", "accelerator", "threads")
"""The differences by which times and memory are those of another machine."""


@dataclass(frozen=True)
class Difference:
    """Something that is not as it was when the trial ran.

    ``grave`` is what makes it a run of something else: other code, other rules.
    """

    what: str
    stored: str
    new: str
    grave: bool = False


def compare_code(
    record: Record, trial: Trial, definitions: dict[str, str], codes: dict[str, str]
) -> Iterator[Difference]:
    """Yield where the rules, the detector and the metrics are not as they were."""
    old, new = record.detector, trial.detector
    if record.protocol != rules.VERSION:
        yield Difference("protocol", str(record.protocol), str(rules.VERSION), grave=True)
    if old.code != new.code:
        yield Difference("the detector's source", old.code, new.code, grave=True)
    for name, there, here in _changed(old.defaults, new.defaults):
        yield Difference(f"the default of {name}", there, here, grave=True)
    stored = {name: record.definitions.get(name, "none") for name in definitions}
    for name, there, here in _changed(stored, definitions):
        yield Difference(f"the definition of {name}", there, here, grave=True)
    then = {name: record.measured_by.get(name, code) for name, code in codes.items()}
    for name, there, here in _changed(then, codes):
        yield Difference(f"the code of {name}", there, here, grave=True)
    for name in ("target", "plugin", "version"):
        there, here = getattr(old, name), getattr(new, name)
        if there != here:
            yield Difference(f"the detector's {name}", there or "none", here or "none")


def compare_machine(
    record: Record, trial: Trial, device: str, accelerator: str, threads: int
) -> Iterator[Difference]:
    """Yield where the machine and the packages are not as the record has them.

    What it does not name is not known to differ; save for an accelerator, of which there are too
    many kinds.
    """
    used = trial.device(device)
    if record.device != used:
        yield Difference("device", record.device, used)
    elif used != "cpu" and "accelerator" not in record.environment:
        yield Difference("accelerator", "not named by the record", used)
    if record.threads != threads:
        yield Difference("threads", str(record.threads), str(threads))
    now = describe_environment(accelerator)
    named = {name: now.get(name, "none") for name in record.environment}
    for name, there, here in _changed(record.environment, named):
        yield Difference(name, there, here)


def _changed(stored: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each name with its two values where these differ."""
    for name in dict.fromkeys([*stored, *new]):
        there, here = stored.get(name, "none"), new.get(name, "none")
        if there != here:
            yield name, there, here
