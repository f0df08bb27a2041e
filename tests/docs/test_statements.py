"""What pages name exists: files, anchors, options, variables, Python names, environments."""

from __future__ import annotations

import importlib
import re
import shlex
from itertools import pairwise
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from benchkit.cli.main import cli
from benchkit.registry.choices import choose_datasets, choose_detectors
from benchkit.registry.discovery import load_catalog
from benchkit.results.record import STATUSES
from tests.docs.examples import read_examples

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)


def read_code(page: Path) -> list[str]:
    """Return all inline code of a page."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text())
    children = [child for token in tokens for child in token.children or ()]
    return [child.content for child in children if child.type == "code_inline"]


def find_anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    tokens = MarkdownIt("commonmark").parse(page.read_text())
    found = set()
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            words = "".join(child.content for child in inline.children or ())
            found.add(re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-"))
    return found


@each_page
def test_links_lead_somewhere(page):
    """Every relative link names a file that is there, and a heading that it has."""
    for path, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text()):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in find_anchors(target), f"{path}#{anchor}"


@pytest.fixture(scope="module")
def files() -> list[str]:
    """Return the paths of all files of the repository."""
    folders = ["benchkit", "plugins", "datasets", "tests", "docs", "leaderboards"]
    found = [p for folder in folders for p in (ROOT / folder).rglob("*.*")]
    return [p.relative_to(ROOT).as_posix() for p in [*found, *ROOT.glob("*.*")]]


@each_page
def test_files_of_the_repository_that_are_named_are_there(page, files):
    """By their name, or a path from wherever they are; or an example of the page makes them."""
    made = {example.path for example in read_examples(page.read_text())}
    for text in read_code(page):
        if re.fullmatch(r"[\w./-]+\.(py|ini|toml|md)", text) and page.name != "CHANGELOG.md":
            known = any(f"/{path}".endswith(f"/{text}") for path in (*files, *made))
            assert known, text


def every_option() -> dict[str, list[click.Parameter]]:
    """Return the options of all verbs by their names."""
    found: dict[str, list[click.Parameter]] = {}

    def collect(command: click.Command, context: click.Context) -> None:
        for parameter in command.params:
            for name in (*parameter.opts, *parameter.secondary_opts):
                found.setdefault(name, []).append(parameter)
        if isinstance(command, click.Group):
            for verb in command.list_commands(context):
                below = command.get_command(context, verb)
                assert below is not None
                collect(below, context)

    collect(cli, cli.make_context("benchkit", [], resilient_parsing=True))
    found["--help"] = []
    return found


OPTIONS = every_option()
OTHERS = {"-X", "--timing-baseline", "--timing-update", "--benchmark-disable", "--reference"}
"""Options of pytest plugins, of scripts and of Python."""


@each_page
def test_options_that_are_named_exist(page):
    """In inline code that begins with one; with a value that can be, where that is listed."""
    if page.name == "CHANGELOG.md":  # it tells of what was, too
        return
    choose = {"--detectors": choose_detectors, "--datasets": choose_datasets}
    for text in read_code(page):
        if not re.match(r"--[a-z]|-[a-zA-Z](?: |$)", text):
            continue
        for name, value in pairwise([*shlex.split(text), ""]):
            if name.startswith("-"):
                assert name.partition("=")[0] in OPTIONS.keys() | OTHERS, text
                kinds = [parameter.type for parameter in OPTIONS.get(name, ())]
                choices = [kind for kind in kinds if isinstance(kind, click.Choice)]
                assert not value or not choices or any(value in k.choices for k in choices), text
                if value and name in choose:
                    choose[name](load_catalog(), value)


@each_page
def test_detectors_and_datasets_that_are_named_exist(page):
    """With their presets and members: `madgan@paper`, `mnist-seq/1v7[style=frames]`."""
    catalog = load_catalog()
    for text in read_code(page):
        if match := re.match(r"([a-z][a-z0-9-]*)[@/[]", text):
            if match[1] in catalog.detectors:
                choose_detectors(catalog, text)
            elif match[1] in catalog.datasets:
                choose_datasets(catalog, text)


@each_page
def test_variables_that_are_named_are_read(page):
    """Every BENCHKIT_... of a page stands in the code."""
    named = set(re.findall(r"\bBENCHKIT_[A-Z_]+\b", page.read_text()))
    code = "".join(path.read_text() for path in (ROOT / "benchkit").rglob("*.py"))
    assert not {name for name in named if name not in code and not name.endswith("_")}


@each_page
def test_python_names_that_are_named_exist(page):
    """Inline code such as `benchkit.data.DataUnavailable` or `MetricSpec.definition`."""
    specs = importlib.import_module("benchkit.registry.specs")
    for text in read_code(page):
        if match := re.fullmatch(r"(benchkit(?:_\w+)?(?:\.\w+)+)(?:\(.*\))?", text):
            resolve(match[1])
        elif match := re.fullmatch(r"((?:Detector|Dataset|Metric)Spec)\.(\w+)", text):
            assert match[2] in getattr(specs, match[1]).__dataclass_fields__, text


def resolve(dotted: str) -> None:
    """Import a dotted name, or fail."""
    module, rest = dotted, []
    while True:
        try:
            found = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            rest.insert(0, last)
            assert module, dotted
    for name in rest:
        assert hasattr(found, name), dotted
        found = getattr(found, name)


def test_the_readme_names_every_way_to_fail():
    """As they stand in records and on boards."""
    (words,) = re.findall(
        r"\*\*A failure is a row\.\*\*(.*?) stand on", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert set(re.findall(r"`(\w+)`", words)) == set(STATUSES) - {"ok"}
