"""Every example of README, CONTRIBUTING and docs runs as printed, or says why it is not run."""

from __future__ import annotations

import configparser
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from benchkit.cli.main import cli
from benchkit.registry.choices import choose_datasets, choose_detectors
from benchkit.registry.discovery import load_catalog
from tests.docs.examples import Example, read_examples
from tests.docs.shell import FILLED, Shell, make_environment

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = {p.relative_to(ROOT).as_posix(): read_examples(p.read_text()) for p in PAGES}
RUN = [name for name, found in EXAMPLES.items() if any(e.runs and e.kind != "file" for e in found)]
"""Pages with something to run."""


@pytest.fixture(scope="session")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment into which the README's first command has installed benchkit."""
    made = make_environment(tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("home"))
    first = next(e for e in EXAMPLES["README.md"] if e.kind == "sh").text.partition(" && ")[0]
    assert first == "pip install -e ."
    done = subprocess.run(
        first.split(), cwd=ROOT, env=made, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN)
def test_the_examples_of_a_page_run_as_printed(page, variables, tmp_path):
    """In the order of the page, in one folder; pip is pip, and what is installed is installed."""
    folder = tmp_path / "here"
    folder.mkdir()
    shell, seen = Shell(folder, variables), set()
    for example in EXAMPLES[page]:
        if example.runs and (example.text, example.path) not in seen:
            seen.add((example.text, example.path))
            shell.play(example)
    if page == "docs/plugins.md":
        board = (folder / "leaderboards" / "steps.sim.md").read_text()
        assert "median@square" in board
        assert "precision-at-10" in board
        assert "raised" not in board


def unrun() -> Iterator[tuple[str, Example]]:
    """Yield the examples and names that are not run, with their pages."""
    for page, found in EXAMPLES.items():
        for example in found:
            if not example.runs:
                yield page, example


@pytest.mark.parametrize(
    ("page", "example"), list(unrun()), ids=lambda x: x if isinstance(x, str) else f"line {x.line}"
)
def test_what_is_not_run_could_be_typed(page, example):
    """Verbs, options, values, scripts and environments exist; so does the test that runs it."""
    if example.mark and example.mark.kind == "run by":
        assert (ROOT / example.mark.words).is_file()
    elif example.kind != "name":
        assert example.mark.words
    for program, *words in example.commands():
        if program == "benchkit":
            check_benchkit(words, named=example.kind == "name")
        elif program == "tox":
            check_tox(words)
        elif program == "python" and words:
            script = words[1].replace(".", "/") + ".py" if words[0] == "-m" else words[0]
            assert script == "venv.py" or (ROOT / script).is_file(), script


def test_a_word_that_stands_for_something_is_filled_in_or_its_command_is_not_run():
    """A placeholder typed as it stands would make another test of it."""
    for page, found in EXAMPLES.items():
        for example in found:
            if example.runs and example.kind == "sh":
                words = [word for words in example.commands() for word in words]
                heads = {m[1] for w in words if (m := re.match(r"([A-Z]{2,})\b", w))}
                assert not heads - FILLED.keys(), f"{page}, line {example.line}"


def check_benchkit(words: list[str], *, named: bool) -> None:
    """Fail where a verb, an option or a value does not exist; a name needs no arguments."""
    command: click.Command = cli
    context = cli.make_context("benchkit", [], resilient_parsing=True)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        verb, *words = words
        found = command.get_command(context, verb)
        assert found is not None, f"there is no {verb}"
        command = found
        context = found.make_context(verb, [], parent=context, resilient_parsing=True)
    if named:
        return
    given, _, _ = command.make_parser(context).parse_args(list(words))
    for parameter in command.params:
        value = given.get(parameter.name)
        if isinstance(value, str) and isinstance(parameter.type, click.Choice | click.IntRange):
            parameter.type.convert(value, parameter, context)
        values = value if isinstance(value, list | tuple) else [value]
        for text in values:
            if command.name in {"run", "time"} and isinstance(text, str) and ".py" not in text:
                choose = {"detectors": choose_detectors, "datasets": choose_datasets}
                if parameter.name in choose:
                    choose[parameter.name](load_catalog(), text)


def check_tox(words: list[str]) -> None:
    """Fail where an environment does not exist."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "tox.ini")
    if words[:1] == ["-e"]:
        assert f"testenv:{words[1]}" in settings
