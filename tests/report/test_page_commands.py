"""The commands on the page run the trial that they stand beside."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.cli.options import parse_seeds
from benchkit.cli.run import command
from benchkit.registry.choices import choose_datasets, choose_detectors
from benchkit.registry.discovery import load_catalog
from benchkit.registry.selectors import format_params
from benchkit.report.commands import make_reproduce_command, make_run_command
from benchkit.results import Record
from tests.records import make_record

TEXT = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=20)
VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | st.floats(-9, 9) | TEXT,
    lambda those: st.lists(those, min_size=1, max_size=3),
    max_leaves=5,
)


def record_of(detector: str, dataset: str, seed: int = 0) -> Record:
    """Return the record that a trial of these selectors would leave."""
    catalog = load_catalog()
    [choice] = choose_detectors(catalog, detector)
    [data] = choose_datasets(catalog, dataset)
    target = choice.spec.target
    record = make_record(seed=seed)
    return dataclasses.replace(
        record,
        detector=dataclasses.replace(
            record.detector, label=choice.label, name=choice.spec.name, preset=choice.preset,
            params=choice.params,
            target=target if choice.registered else target.rpartition("/")[2],
        ),
        dataset=dataclasses.replace(
            record.dataset, label=data.label, name=data.spec.name, member=data.member,
            params=data.params,
        ),
    )  # fmt: skip


def read_back(record: Record) -> dict[str, Any]:
    """Return what the options of the command on the page ask for."""
    words = shlex.split(make_run_command(record))
    assert words[:2] == ["benchkit", "run"]
    options = dict(zip(words[2::2], words[3::2], strict=True))
    catalog = load_catalog()
    [choice] = choose_detectors(catalog, options["--detectors"])
    [data] = choose_datasets(catalog, options["--datasets"])
    [seed] = parse_seeds(options["--seeds"])
    return {
        "detector": (choice.label, choice.spec.name, choice.preset, choice.params),
        "dataset": (data.label, data.spec.name, data.member, data.params),
        "seed": seed,
        "variant": options["--variant"],
        "device": options["--device"],
    }


def asked_for(record: Record) -> dict[str, Any]:
    detector, data = record.detector, record.dataset
    return {
        "detector": (detector.label, detector.name, detector.preset, detector.params),
        "dataset": (data.label, data.name, data.member, data.params),
        "seed": record.seed,
        "variant": data.variant,
        "device": record.device,
    }


@pytest.mark.parametrize(
    "detector", ["pca", "madgan@paper[epochs=2,step=30]", "mcgan[false_alarm_rate=0.1]"]
)
@pytest.mark.parametrize("dataset", ["kdd99[split=clean]", "mnist-seq/1v7[style=frames]"])
def test_the_command_asks_for_the_trial_and_no_other(detector, dataset):
    record = record_of(detector, dataset, seed=7)
    assert read_back(record) == asked_for(record)


@given(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=2))
def test_any_parameter_comes_back_through_shell_and_parser(params):
    """Quotes, commas, brackets, line ends, lists, and what a shell would interpret."""
    record = record_of("pca" + format_params(params), "kdd99")
    assert record.detector.params == params
    assert read_back(record) == asked_for(record)


def test_a_detector_of_a_file_is_named_by_its_file(tmp_path, monkeypatch):
    """Where the file lay is not recorded, so that it is looked for in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("class Mine: ...")
    record = record_of("./mine.py:Mine[a=1]", "kdd99")
    assert "--detectors './mine.py:Mine[a=1]'" in make_run_command(record)
    assert read_back(record) == asked_for(record)


def test_a_module_s_class_is_named_as_it_was():
    record = record_of("some.module:Mine[a=1]", "kdd99")
    assert read_back(record) == asked_for(record)


def test_reproduce_names_the_trial_by_its_identity():
    assert make_reproduce_command("0123456789abcdef") == "benchkit reproduce 0123456789abcdef"


def test_the_command_has_only_options_that_there_are():
    """Every word that begins with a dash is an option of the verb."""
    known = {name for option in command.params for name in option.opts}
    words = shlex.split(make_run_command(make_record()))
    assert {word for word in words if word.startswith("-")} <= known
