"""The documentation says what the code does."""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

from benchkit.registry import hooks
from benchkit.results.store import Store
from tests.records import make_record

ROOT = Path(__file__).parent.parent.parent


def load_maker(name: str):
    """Return a script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_command_line_is_fresh():
    """docs/cli.md is what the commands say of themselves; `tox -e docs` writes it again."""
    maker = load_maker("make_cli")
    assert maker.PAGE.read_text() == maker.make_page()


class TestThePageOfTheDetectors:
    """docs/detectors.md is made from the reference records, and keeps what it promises."""

    maker = load_maker("make_detectors")

    def test_its_tables_are_fresh(self):
        """`tox -e docs` would change nothing."""
        text, records = self.maker.PAGE.read_text(), Store(self.maker.RECORDS).records()
        assert self.maker.make_page(text, records) == text

    def test_accuracy_and_false_alarms_follow_from_precision_and_recall(self):
        """As counted over the points: 8 of 10 found, 2 false alarms among 90 normal ones."""
        record = dataclasses.replace(
            make_record(metrics={"precision@own": 0.8, "recall@own": 0.8}),
            dataset=dataclasses.replace(make_record().dataset, points=100, anomalies=10),
        )
        assert self.maker.false_alarm_rate(record) == pytest.approx(2 / 90)
        assert self.maker.accuracy(record) == pytest.approx(0.96)
        assert self.maker.accuracy(make_record(metrics={})) is None


def test_every_hook_is_listed_with_its_sentence():
    """docs/plugins.md has each hook, its arguments and the sentence of its docstring."""
    page = (ROOT / "docs" / "plugins.md").read_text()
    rows = set(re.findall(r"^\| `(benchkit_\w+\(.*?\))` \| (.*) \|$", page, re.MULTILINE))
    hookspecs = [v for k, v in vars(hooks).items() if k.startswith("benchkit_")]
    expected = {
        (f"{f.__name__}({', '.join(inspect.signature(f).parameters)})", inspect.getdoc(f))
        for f in hookspecs
    }
    assert rows == expected


def test_the_test_command_of_the_readme_is_what_ci_runs():
    """.ci/run calls the line that the README gives for the tests, and no other."""
    (command,) = re.findall(r"```sh\n(pip install tox.*?)\n```", (ROOT / "README.md").read_text())
    assert command in (ROOT / ".ci" / "run").read_text().splitlines()
