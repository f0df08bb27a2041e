"""A stored trial once more: planned from its record, and run in a store of its own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from benchkit.errors import BenchkitError
from benchkit.execution.conclusion import define
from benchkit.execution.concurrency import Concurrency
from benchkit.execution.devices import probe_devices, resolve_devices
from benchkit.execution.differences import (
    MACHINE,
    Difference,
    compare_code,
    compare_machine,
)
from benchkit.execution.environment import usable_cores
from benchkit.execution.local import Limits, Observer, run_trials
from benchkit.execution.measured import find_metrics, fingerprint_metrics, name_policies
from benchkit.execution.plan import Plan, Request, Trial, make_plan
from benchkit.execution.processes import Listener, Processes
from benchkit.registry.catalog import Catalog
from benchkit.registry.choices import DatasetChoice, DetectorChoice
from benchkit.registry.specs import DetectorSpec
from benchkit.registry.suggestions import suggest
from benchkit.registry.targets import fingerprint_code
from benchkit.results.record import DatasetFacts, DetectorFacts, Record
from benchkit.results.store import Entry, Store


@dataclass(frozen=True)
class Repetition:
    """A stored trial that is ready to run again.

    ``differences`` are known before it runs; ``gone`` are metrics of the record that no plugin
    has any more; ``file`` is where a detector was found that was given by path, empty for others.
    """

    plan: Plan
    cores: list[int]
    differences: tuple[Difference, ...]
    gone: tuple[str, ...]
    file: str

    @property
    def trial(self) -> Trial:
        """The one trial of the plan."""
        return self.plan.trials[0]

    @property
    def same_machine(self) -> bool:
        """Whether it runs on the same kind of machine, as far as the record knows it."""
        return not any(difference.what in MACHINE for difference in self.differences)

    def run(self, processes: Processes, store: Store, limits: Limits, observer: Observer) -> Entry:
        """Run the trial and return what it left in ``store``."""
        trials = run_trials(
            self.plan,
            store,
            processes,
            concurrency=Concurrency(jobs=1, threads=len(self.cores)),
            limits=limits,
            observer=observer,
            figures=False,
            cores=self.cores,
        )
        for _ in trials:
            continue
        (entry,) = store.entries()
        return entry


def prepare_repetition(
    processes: Processes,
    catalog: Catalog,
    record: Record,
    choice: DetectorChoice,
    device: str | None,
    listen: Listener,
) -> Repetition:
    """Plan a stored trial again.

    Parameters
    ----------
    processes, catalog, listen
        As for `benchkit.execution.plan.make_plan`.
    record
        Of the stored trial.
    choice
        Its detector, as `find_detector` found it.
    device
        As for `benchkit.execution.devices.resolve_devices`; None is the record's, if it is here,
        and else whatever ``auto`` gives.

    Raises
    ------
    BenchkitError
        The dataset cannot be had or has other values now; the class or the device is not there.
    """
    names = [*record.metrics, *record.undefined]
    metrics, gone = find_metrics(catalog, names)
    request = Request(
        detectors=[choice],
        datasets=[_find_dataset(catalog, record.dataset)],
        metrics=metrics,
        policies=name_policies(record),
        seeds=[record.seed],
        variant=record.dataset.variant,
        device=_choose_device(processes, record.device, device),
    )
    plan = make_plan(processes, request, {}, listen)
    (trial,) = plan.trials
    if trial.dataset.fingerprint != record.dataset.fingerprint:
        raise BenchkitError(
            f"{record.dataset.label} ({record.dataset.variant}) has other values now than when "
            "the trial ran, so that there is nothing to compare"
        )
    cores = usable_cores()[: record.threads]
    used = plan.devices[0]
    differences = (
        *compare_code(record, trial, define(metrics, trial.dataset), fingerprint_metrics(metrics)),
        *compare_machine(record, trial, used, plan.accelerators.get(used, ""), len(cores)),
    )
    file = choice.spec.target.rpartition(":")[0]
    return Repetition(plan, cores, differences, gone, file if file.endswith(".py") else "")


def find_detector(catalog: Catalog, facts: DetectorFacts) -> DetectorChoice:
    """Return the detector of a record with the parameters that it had.

    Of one that was given by path the record knows the file's name and the hash of its content. It
    is looked for in the working directory and two folders deep below it; a file with the same
    content is preferred.

    Raises
    ------
    BenchkitError
        There is no such detector any more, or no such file; the message says where it looked.
    """
    if facts.plugin:
        try:
            entry = catalog.detector(facts.name)
        except BenchkitError as error:
            raise BenchkitError(
                f"{error} (it was brought by plugin {facts.plugin!r}, version {facts.version})"
            ) from error
        source = entry.plugin.name, entry.plugin.version
        return DetectorChoice(entry.spec, facts.label, facts.preset, facts.params, *source)
    target = facts.target
    file, _, name = target.rpartition(":")
    if file.endswith(".py"):
        target = f"{_find_file(file, name, facts.code)}:{name}"
    spec = DetectorSpec(name=facts.name, summary="", target=target)
    return DetectorChoice(spec, facts.label, facts.preset, facts.params)


def _find_file(file: str, name: str, code: str) -> Path:
    here = Path.cwd()
    found = [
        path.resolve()
        for deep in ("", "*/", "*/*/")
        for path in sorted(here.glob(deep + escape(Path(file).name)))
        if path.is_file()
    ]
    if not found:
        raise BenchkitError(
            f"the detector was given by path, and its record keeps no more of it than the name "
            f"{file}: there is no such file in {here} or two folders deep below it; run the "
            "command where it is"
        )
    same = [path for path in found if fingerprint_code(f"{path}:{name}") == code]
    return (same or found)[0]


def _find_dataset(catalog: Catalog, facts: DatasetFacts) -> DatasetChoice:
    spec = catalog.dataset(facts.name).spec
    if facts.member and facts.member not in spec.members:
        raise BenchkitError(
            f"dataset {facts.name!r} has no member {facts.member!r} any more: "
            f"{suggest(facts.member, spec.members)}"
        )
    # The window is part of what its metrics are; the dataset may have another one by now.
    spec = dataclasses.replace(spec, window=facts.window)
    return DatasetChoice(spec, facts.label, facts.member, facts.params)


def _choose_device(processes: Processes, recorded: str, asked: str | None) -> str:
    if asked is not None or recorded == "cpu":
        return asked or recorded
    try:
        return resolve_devices(recorded, processes.call(probe_devices))[0]
    except BenchkitError:
        return "auto"
