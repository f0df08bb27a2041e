"""Everything that is checked and decided before the first trial runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchkit.errors import BenchkitError, Faults
from benchkit.execution.devices import probe_devices, resolve_devices
from benchkit.execution.processes import CallFailed, Listener, Processes
from benchkit.protocol import rules
from benchkit.protocol.adaptation import Adaptation, choose_adaptation
from benchkit.protocol.description import (
    HARNESS_PARAMETERS,
    Description,
    describe_detector,
)
from benchkit.protocol.preparation import check_parameters, prepare_dataset
from benchkit.protocol.prepared import Prepared
from benchkit.protocol.rules import calibration_start
from benchkit.protocol.trial import Task
from benchkit.registry.choices import DatasetChoice, DetectorChoice
from benchkit.registry.specs import MetricSpec
from benchkit.results.record import DatasetFacts, DetectorFacts, Record, identify, label_trial


@dataclass(frozen=True)
class Trial:
    """One detector on one dataset member with one seed: what runs, and what its record will say.

    ``adaptation`` is None where the detector cannot take the dataset's shape.
    """

    choice: DetectorChoice
    description: Description
    prepared: Prepared
    detector: DetectorFacts
    dataset: DatasetFacts
    seed: int
    adaptation: Adaptation | None

    @property
    def identity(self) -> str:
        """The identity its record will have."""
        return identify(self.detector, self.dataset, self.seed, rules.VERSION)

    @property
    def label(self) -> str:
        """How messages name it."""
        return label_trial(self.detector.label, self.dataset, self.seed)

    @property
    def mismatch(self) -> str:
        """Why it cannot be run, as a sentence; empty where it can."""
        if self.adaptation is not None:
            return ""
        takes = " or ".join(self.description.modalities)
        return f"the detector takes {takes}, the dataset is {self.dataset.modality}"

    def device(self, offered: str) -> str:
        """Return the device that it runs on where it is offered one."""
        return offered if "device" in self.description.parameters else "cpu"

    def task(self, device: str, scratch: str, *, figures: bool) -> Task:
        """Return what its process is told.

        Parameters
        ----------
        device
            Where it runs, as `device` has it.
        scratch, figures
            As of `Task`.
        """
        return Task(
            target=self.choice.spec.target,
            params=self.description.fill(self.choice.params, self.seed, device),
            train=str(self.prepared.train),
            test=str(self.prepared.test),
            adaptation=self.adaptation or "none",
            seed=self.seed,
            device=device,
            scratch=scratch,
            figures=figures,
            train_segments=self.prepared.train_segments,
            test_segments=self.prepared.test_segments,
        )


@dataclass(frozen=True)
class Plan:
    """The trials to run, those whose record is there already, and what the user should know.

    ``accelerators`` has the names that their makers give to those of ``devices`` that have one.
    """

    trials: list[Trial]
    recorded: list[Record]
    devices: list[str]
    metrics: list[MetricSpec]
    policies: list[str]
    notices: list[str] = field(default_factory=list)
    accelerators: dict[str, str] = field(default_factory=dict)

    @property
    def datasets(self) -> list[DatasetFacts]:
        """The dataset members of the whole plan, each once, in the order asked for."""
        facts = [t.dataset for t in self.trials] + [r.dataset for r in self.recorded]
        return list({(d.label, d.variant): d for d in facts}.values())


@dataclass(frozen=True)
class Request:
    """What the user asked for, looked up but not yet checked against classes and data.

    Parameters
    ----------
    detectors, datasets, metrics, policies, seeds
        What to run; sanity rows included.
    variant, offline
        As for `benchkit.protocol.preparation.prepare_dataset`.
    device
        As for `benchkit.execution.devices.resolve_devices`.
    rerun
        None runs only what is not recorded, ``"failed"`` also what is recorded and not ``ok``,
        ``"all"`` everything.
    """

    detectors: Sequence[DetectorChoice]
    datasets: Sequence[DatasetChoice]
    metrics: Sequence[MetricSpec]
    policies: Sequence[str]
    seeds: Sequence[int]
    variant: str = "auto"
    offline: bool = False
    device: str = "auto"
    rerun: str | None = None


def make_plan(
    processes: Processes,
    request: Request,
    known: Mapping[str, Record],
    listen: Listener,
    faults: Faults | None = None,
) -> Plan:
    """Check a request against the real classes and data, and return what is to be run.

    Detectors are described and datasets prepared in ``processes``; ``known`` are the records in
    the store by identity; ``listen`` gets the messages of the datasets' loading. ``faults`` are
    what is wrong with the request already; then there is no plan, and only what is quickly found
    out is looked for beside them.

    Raises
    ------
    BenchkitError
        For all choices that cannot be run at once, with the reasons.
    """
    faults = Faults() if faults is None else faults
    described = describe_detectors(processes, request.detectors, faults)
    with faults.noting():
        devices, accelerators = choose_devices(processes, request.device, described.values())
    if faults:
        _check_parameters(processes, request.datasets, faults)
        faults.raise_all()
    prepared, notices = _prepare_all(processes, request, listen)
    trials, recorded = [], []
    for data_choice, data in zip(request.datasets, prepared, strict=True):
        dataset = _dataset_facts(data_choice, data)
        for choice in request.detectors:
            description = described[choice.spec.target]
            adaptation = choose_adaptation(description.modalities, data_choice.spec.modality)
            detector = _detector_facts(choice, description)
            for seed in request.seeds:
                trial = Trial(choice, description, data, detector, dataset, seed, adaptation)
                record = known.get(trial.identity)
                if record is None or _again(record, request.rerun):
                    trials.append(trial)
                else:
                    recorded.append(record)
    return Plan(
        trials,
        recorded,
        devices,
        list(request.metrics),
        list(request.policies),
        notices,
        accelerators,
    )


def choose_devices(
    processes: Processes, request: str, described: Iterable[Description]
) -> tuple[list[str], dict[str, str]]:
    """Return the devices that a request means, and the names of accelerators among them.

    torch is asked only where the answer matters. Raises `BenchkitError` for a device that is not
    here.
    """
    wanted = any("device" in description.parameters for description in described)
    if request == "cpu" or (request == "auto" and not wanted):
        return ["cpu"], {}
    found = processes.call(probe_devices)
    names = {f"cuda:{i}": name for i, name in enumerate(found["cuda"])}
    return resolve_devices(request, found), names


def _prepare_all(
    processes: Processes, request: Request, listen: Listener
) -> tuple[list[Prepared], list[str]]:
    """Return the datasets of a request, and notices: which are not the real ones, what is odd.

    Raises `BenchkitError` for all that cannot be had.
    """
    faults = Faults()
    prepared: list[Prepared] = []
    warnings: list[str] = []
    notices: dict[tuple[str, str], str] = {}
    for choice in request.datasets:
        name = choice.spec.name
        # What could not be fetched for one member is not waited for again for the next.
        offline = request.offline or any(name == known for known, _ in notices)
        data = None
        with faults.noting():
            data = _prepare(processes, choice, request.variant, offline, listen)
        if data is None:
            continue
        if data.stand_in:
            reason = f"{name}: using simulated data, because {data.stand_in}"
            notices.setdefault((name, data.obtain), f"{reason}. For the real data, {data.obtain}")
        warnings += [f"{choice.label}: {warning}" for warning in data.warnings]
        prepared.append(data)
    faults.raise_all()
    return prepared, [*notices.values(), *warnings]


def _again(record: Record, rerun: str | None) -> bool:
    return rerun == "all" or (rerun == "failed" and record.status != "ok")


def describe_detectors(
    processes: Processes, choices: Sequence[DetectorChoice], faults: Faults | None = None
) -> dict[str, Description]:
    """Return the description of every detector class by its target, all parameters checked.

    Raises `BenchkitError` for all detectors that cannot be used, or notes them in ``faults``.
    """
    noted = Faults() if faults is None else faults
    described: dict[str, Description] = {}
    broken: set[str] = set()
    for choice in choices:
        target = choice.spec.target
        if target in broken:
            continue
        with noted.noting():
            if target not in described:
                broken.add(target)
                described[target] = _describe(processes, choice)
                broken.remove(target)
            described[target].check(choice)
    if faults is None:
        noted.raise_all()
    return described


def _describe(processes: Processes, choice: DetectorChoice) -> Description:
    try:
        return Description(**processes.call(describe_detector, choice))
    except CallFailed as failure:
        raise BenchkitError(f"detector {choice.label!r} cannot be used: {failure}") from failure


def _check_parameters(
    processes: Processes, choices: Iterable[DatasetChoice], faults: Faults
) -> None:
    """Note the datasets whose parameters are wrong, loading none."""
    for choice in choices:
        if choice.params:
            with faults.noting():
                _call_dataset(processes, choice, check_parameters, choice)


def _prepare(
    processes: Processes, choice: DatasetChoice, variant: str, offline: bool, listen: Listener
) -> Prepared:
    fields = _call_dataset(
        processes, choice, prepare_dataset, choice, variant, offline, listen=listen
    )
    return Prepared.from_fields(fields)


def _call_dataset(
    processes: Processes, choice: DatasetChoice, *call: Any, listen: Listener | None = None
) -> Any:
    try:
        return processes.call(*call, listen=listen)
    except CallFailed as failure:
        raise BenchkitError(f"dataset {choice.label!r}: {failure}") from failure


def _detector_facts(choice: DetectorChoice, description: Description) -> DetectorFacts:
    target = choice.spec.target
    return DetectorFacts(
        label=choice.label,
        name=choice.spec.name,
        preset=choice.preset,
        params=choice.params,
        # A path is a matter of this machine; the file's name is enough for a reader.
        target=target if choice.registered else target.rpartition("/")[2],
        plugin=choice.plugin,
        version=description.version,
        code=description.code,
        sanity=choice.spec.sanity,
        defaults={
            name: default
            for name, default in description.parameters.items()
            if default is not None and name not in (*choice.params, *HARNESS_PARAMETERS)
        },
    )


def _dataset_facts(choice: DatasetChoice, data: Prepared) -> DatasetFacts:
    frames = data.test_shape[1] if len(data.test_shape) == 4 else 1
    tail = data.train_shape[0] - calibration_start(data.train_shape[0])
    return DatasetFacts(
        label=choice.label,
        name=choice.spec.name,
        member=choice.member,
        params=choice.params,
        variant=data.variant,
        modality=choice.spec.modality,
        fingerprint=data.fingerprint,
        train_shape=data.train_shape,
        test_shape=data.test_shape,
        points=data.test_shape[0] * frames,
        anomalies=data.anomalies,
        calibration=tail * frames,
        window=choice.spec.window,
        notes=data.notes,
    )
