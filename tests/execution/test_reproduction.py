"""What of a stored trial can be found again, and what is said to differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from pluggy import PluginManager

from benchkit.errors import BenchkitError
from benchkit.execution.conclusion import define
from benchkit.execution.differences import Difference
from benchkit.execution.environment import describe_environment, usable_cores
from benchkit.execution.plan import Request, make_plan
from benchkit.execution.processes import Processes
from benchkit.execution.reproduction import (
    Repetition,
    find_detector,
    prepare_repetition,
)
from benchkit.registry import DatasetSpec
from benchkit.registry.builtin_metrics import METRICS
from benchkit.registry.catalog import Catalog, Plugin
from benchkit.registry.choices import DetectorChoice, choose_datasets, choose_detectors
from benchkit.registry.discovery import load_catalog
from benchkit.registry.targets import fingerprint_code
from benchkit.results import Record
from tests.records import make_record
from tests.tiny_plugin import CARD

FOREIGN = Path(__file__).parent / "foreign.py"


@pytest.fixture
def processes():
    """Give processes to look at detectors and to load data in."""
    with Processes() as found:
        yield found


def facts(**fields):
    """Return the facts of a detector that was given by path."""
    given = {"target": "mine.py:Median", "plugin": "", "version": "", "name": "mine:Median"}
    return dataclasses.replace(make_record().detector, **{**given, **fields})


class TestFindingADetector:
    def test_a_registered_one_has_the_parameters_that_it_had(self):
        """Whatever its preset says by now."""
        params = {"components": 2}
        choice = find_detector(
            load_catalog(), facts(name="pca", plugin="benchkit-detectors", preset="gone",
                                  params=params, label="pca@gone")
        )  # fmt: skip
        assert (choice.label, choice.preset, choice.params) == ("pca@gone", "gone", params)
        assert choice.spec.target.endswith(":PCADetector")
        assert choice.registered

    def test_one_that_is_gone_is_named_with_who_brought_it(self):
        given = facts(name="pcaa", plugin="their-plugin", version="3.1")
        with pytest.raises(BenchkitError) as caught:
            find_detector(load_catalog(), given)
        message = str(caught.value)
        assert message.startswith("unknown detector 'pcaa': did you mean 'pca'")
        assert message.endswith("(it was brought by plugin 'their-plugin', version 3.1)")

    def test_a_dotted_name_is_what_it_was(self):
        choice = find_detector(load_catalog(), facts(target="sklearn.svm:OneClassSVM"))
        assert choice.spec.target == "sklearn.svm:OneClassSVM"
        assert not choice.registered

    def test_of_several_files_the_one_with_the_same_content(self, tmp_path, monkeypatch):
        """Though it lies deeper."""
        monkeypatch.chdir(tmp_path)
        for folder, text in ((".", "first"), ("deep", "second"), ("deep/er", "third")):
            Path(folder).mkdir(exist_ok=True)
            Path(folder, "mine.py").write_text(text)
        code = fingerprint_code(f"{tmp_path}/deep/er/mine.py:Median")
        choice = find_detector(load_catalog(), facts(code=code))
        assert choice.spec.target == f"{tmp_path}/deep/er/mine.py:Median"
        choice = find_detector(load_catalog(), facts(code="other"))
        assert choice.spec.target == f"{tmp_path}/mine.py:Median"

    def test_a_path_does_not_lead_out_of_the_working_directory(self, tmp_path, monkeypatch):
        """A record that somebody wrote by hand names a file, not a folder."""
        (tmp_path / "work").mkdir()
        (tmp_path / "mine.py").write_text("")
        monkeypatch.chdir(tmp_path / "work")
        with pytest.raises(BenchkitError, match="there is no such file in .*work or two folders"):
            find_detector(load_catalog(), facts(target="../mine.py:Median"))


class TestPreparing:
    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return benchkit's metrics and the tiny dataset, as if installed."""
        plugin = Plugin("tests", "tests", "1.0", "tests.tiny_plugin")
        found = Catalog(PluginManager("benchkit"))
        target = "tests.tiny_plugin:Tiny"
        found.add(DatasetSpec("tiny", "", target, "series", CARD, members=("plain",)), plugin)
        for spec in METRICS:
            found.add(spec, plugin)
        return found

    @pytest.fixture
    def choice(self) -> DetectorChoice:
        return choose_detectors(load_catalog(), f"{FOREIGN}:Sleeps")[0]

    @pytest.fixture
    def record(self, processes, catalog, choice) -> Record:
        """Return what a run of today would leave."""
        data = dataclasses.replace(choose_datasets(catalog, "tiny[rows=100]")[0], label="tiny")
        request = Request([choice], [data], [], [], [3], device="cpu")
        (trial,) = make_plan(processes, request, {}, lambda _: None).trials
        return dataclasses.replace(
            make_record(),
            detector=trial.detector,
            dataset=trial.dataset,
            seed=3,
            threads=len(usable_cores()),
            environment=describe_environment(),
            definitions=define(METRICS, trial.dataset),
            metrics={
                "auc_pr": 0.5,
                "vus_pr": 0.5,
                "event_f1@pot": None,
                "clear_f1@train_q90": 0.5,
            },
            thresholds={"train_q90": 0.5, "oracle": 0.5},
        )

    @pytest.fixture
    def prepare(self, processes, catalog, choice) -> Callable[..., Repetition]:
        """Give a function that prepares a stored trial again."""

        def call(record: Record, device: str | None = None) -> Repetition:
            return prepare_repetition(processes, catalog, record, choice, device, lambda _: None)

        return call

    def test_nothing_differs_from_a_run_of_today(self, prepare, record):
        """The same identity, with as many processors."""
        again = prepare(record)
        assert again.differences == ()
        assert again.same_machine
        assert again.trial.identity == record.identity
        assert again.cores == usable_cores()
        assert again.file == str(FOREIGN)

    def test_what_the_record_does_not_name_is_not_said_to_differ(self, prepare, record):
        """Records of another version of benchkit may name less of the machine."""
        facts = {
            name: fact for name, fact in record.environment.items() if name != "processor kind"
        }
        found = prepare(dataclasses.replace(record, environment=facts))
        assert found.differences == ()

    def test_the_same_metrics_and_policies_are_measured(self, prepare, record):
        """Neither more nor less; what no plugin has any more is told apart."""
        metrics = record.metrics | {"highest": 1.0, "sequence_lowest@pot": 2.0}
        again = prepare(dataclasses.replace(record, metrics=metrics))
        assert {m.name for m in again.plan.metrics} == {"auc_pr", "vus_pr", "event_f1", "f1"}
        assert set(again.plan.policies) == {"train_q90", "oracle", "pot"}
        assert again.gone == ("highest", "sequence_lowest@pot")

    def test_the_window_is_the_one_that_it_had(self, prepare, record):
        """It is part of what VUS is."""
        dataset = dataclasses.replace(record.dataset, window=7)
        again = prepare(
            dataclasses.replace(record, dataset=dataset, definitions=define(METRICS, dataset))
        )
        assert again.trial.dataset.window == 7
        assert again.differences == ()

    def test_it_runs_on_as_many_processors_as_it_had(self, prepare, record):
        """As far as there are so many."""
        assert len(prepare(dataclasses.replace(record, threads=1)).cores) == 1
        again = prepare(dataclasses.replace(record, threads=1000))
        here = str(len(usable_cores()))
        assert again.differences == (Difference("threads", "1000", here),)
        assert not again.same_machine

    def test_a_device_that_is_asked_for_is_not_replaced(self, prepare, record):
        with pytest.raises(BenchkitError, match="there is no device 'cuda:7' here"):
            prepare(record, "cuda:7")

    def test_what_ran_then_is_told_from_what_runs_now(self, prepare, record):
        """Grave is what makes it a run of something else."""
        detector = dataclasses.replace(record.detector, code="c0de", defaults={"seconds": "9"})
        definitions = record.definitions | {"vus_pr": "otherwise"}
        environment = record.environment | {"numpy": "1.0", "jax": "2.0"}
        again = prepare(
            dataclasses.replace(
                record,
                detector=detector,
                protocol=0,
                definitions=definitions,
                environment=environment,
            )
        )
        found = {d.what: (d.stored, d.grave) for d in again.differences}
        assert found == {
            "protocol": ("0", True),
            "the detector's source": ("c0de", True),
            "the default of seconds": ("9", True),
            "the default of number": ("none", True),
            "the definition of vus_pr": ("otherwise", True),
            "numpy": ("1.0", False),
            "jax": ("2.0", False),
        }
        assert again.same_machine

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"fingerprint": "other"}, "has other values now than when the trial ran"),
            ({"name": "tinny"}, "unknown dataset 'tinny': did you mean 'tiny'"),
            ({"member": "plane"}, "has no member 'plane' any more: did you mean 'plain'"),
            ({"params": {"rows": "many"}}, "dataset 'tiny': "),
            ({"variant": "sim"}, "it has no variant 'sim', only 'real'"),
        ],
    )
    def test_other_data_is_refused(self, prepare, record, fields, message):
        """There would be nothing to compare."""
        dataset = dataclasses.replace(record.dataset, **fields)
        with pytest.raises(BenchkitError) as caught:
            prepare(dataclasses.replace(record, dataset=dataset))
        assert message in str(caught.value)
