"""Lists given in several options add up; an option of one value is not given twice."""

from __future__ import annotations

import click
import pytest

from benchkit.cli.main import cli
from benchkit.cli.verb import Verb


def walk(command: click.Command, path: tuple[str, ...] = ()):
    """Yield every verb below a command, with the words that call it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from walk(command.get_command(context, name), (*path, name))
    else:
        yield path, command


SINGLE = [
    (*path, option.opts[0])
    for path, command in walk(cli)
    for option in command.params
    if isinstance(option, click.Option) and not option.is_flag and not option.multiple
]
LISTS = {
    (*path, option.opts[0])
    for path, command in walk(cli)
    for option in command.params
    if isinstance(option, click.Option) and option.multiple
}


def test_all_verbs_read_their_options_by_one_rule():
    """A verb of click's own class would drop values."""
    assert all(isinstance(command, Verb) for _, command in walk(cli))
    assert {path[-1] for path in SINGLE} >= {"--out", "--timeout", "--jobs", "--device", "--seed"}


@pytest.mark.parametrize("words", SINGLE, ids=" ".join)
def test_an_option_of_one_value_given_twice_is_refused(benchkit, words):
    """Whatever the values; the name and what is wrong in one line."""
    *verb, option = words
    ended = benchkit(*verb, option, "1", f"{option}=2")
    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"benchkit: {option} takes one value and was given twice")


def test_a_long_and_a_short_name_are_one_option(benchkit):
    """`-j 1 --jobs 2` would be two jobs."""
    ended = benchkit("plot", "-j", "1", "--jobs", "2")
    assert "--jobs takes one value and was given twice" in ended.err


def test_a_flag_says_the_same_twice(benchkit):
    """Nothing is dropped, so nothing is refused."""
    assert benchkit("list", "detectors", "--json", "--json").code == 0


def test_what_takes_a_list_can_be_repeated():
    """Everything that is documented as LIST, and nothing else."""
    assert {
        *(("run", name) for name in ("--detectors", "--datasets", "--seeds", "--thresholds")),
        *(("time", name) for name in ("--detectors", "--datasets")),
        *(("score", name) for name in ("--thresholds", "--remove")),
        *(("plot", name) for name in ("--kind", "--detectors", "--datasets")),
    } == LISTS


@pytest.mark.parametrize(
    "options",
    [
        ("-d", "pca", "-d", "knn", "-D", "tiny", "-D", "tiny[rows=300]"),
        ("-d", "pca,knn", "-D", "tiny,tiny[rows=300]"),
        ("-d", "pca", "--detectors", "knn,pca", "--datasets=tiny", "-D", "tiny[rows=300]"),
    ],
    ids=["repeated", "commas", "mixed"],
)
def test_run_takes_all_detectors_on_all_datasets(session, options):
    """Both forms add up, and so do they together."""
    done = session.benchkit("run", *options, "--dry-run")
    assert done.returncode == 0, done.stderr
    planned = {line for line in done.stdout.splitlines() if line.startswith(("pca", "knn"))}
    assert planned == {
        f"{detector} on tiny/plain{rows} (real) seed 0"
        for detector in ("pca", "knn")
        for rows in ("", "[rows=300]")
    }


def test_seeds_add_up_where_they_are_lists(session):
    """`3` says how many, and nothing can be added to that."""
    run = ("run", "-d", "pca", "-D", "tiny", "--dry-run", "--seeds", "5,")
    done = session.benchkit(*run, "--seeds", "7,9")
    seeds = {line[-1] for line in done.stdout.splitlines() if line.startswith("pca on")}
    assert seeds == {"5", "7", "9"}
    refused = session.benchkit(*run, "--seeds", "3")
    assert refused.returncode == 2
    assert "--seeds 3 says how many, which nothing can be added to" in refused.stderr
