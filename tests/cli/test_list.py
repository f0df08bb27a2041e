"""`benchkit list` shows what there is, and what is wrong with the rest."""

from __future__ import annotations

import json
import re

import pytest

from tests.bad_plugins import PACKAGES, STATUS, install_promising
from tests.installed import install
from tests.session import Session

CURIOUS = """\
from types import MappingProxyType

from benchkit import hookimpl
from benchkit.registry import DetectorSpec


@hookimpl
def benchkit_register_detectors(register):
    presets = MappingProxyType({"big": MappingProxyType({"sizes": (1, 2)})})
    register(DetectorSpec("007", "a name like a number", "m:C", presets=presets))
    register(DetectorSpec("1e5", "another", "m:C", ["image-sequence", "series"]))
"""


def rows(text: str) -> list[list[str]]:
    """Return the cells of a plain table below its header."""
    return [re.split(r"\s{2,}", line) for line in text.splitlines()[2:]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("detectors", ["constant", "distance", "iforest", "knn", "pca", "random"]),
        ("datasets", ["kdd99", "mnist-seq"]),
        ("metrics", ["auc_pr", "auc_roc", "f1", "precision", "recall"]),
        ("plugins", ["benchkit-datasets", "benchkit-detectors", "benchkit-metrics"]),
    ],
)
def test_one_kind_is_listed_by_name(benchkit, kind, expected):
    """A row for each, those of benchkit among them."""
    ended = benchkit("list", kind)
    assert (ended.code, ended.err) == (0, "")
    names = [row[0] for row in rows(ended.out)]
    assert set(expected) <= set(names)
    assert names == sorted(names)


def test_all_kinds_are_listed_without_an_argument(benchkit):
    """The four tables, one after the other."""
    ended = benchkit("list")
    assert ended.code == 0
    heads = [line.split()[0] for line in ended.out.splitlines() if line.endswith("plugin")]
    assert heads == ["detector", "dataset", "metric"]
    assert ended.out.index("auc_pr") < ended.out.index("plugin              from")


def test_a_row_says_what_a_first_choice_needs(benchkit):
    """Presets, shapes, variants, number of members, summary and origin."""
    (iforest,) = [r for r in rows(benchkit("list", "detectors").out) if r[0] == "iforest"]
    assert iforest[1:3] == ["@paper", "series"]
    assert iforest[-1] == "benchkit-detectors"
    (mnist,) = [r for r in rows(benchkit("list", "datasets").out) if r[0] == "mnist-seq"]
    assert mnist[1:4] == ["real, sim", "image-sequence", "101"]


def test_json_has_every_kind_with_all_fields(benchkit):
    """A program gets more than a table shows."""
    ended = benchkit("list", "--json")
    assert ended.code == 0
    document = json.loads(ended.out)
    assert list(document) == ["detectors", "datasets", "metrics", "plugins"]
    (iforest,) = [d for d in document["detectors"] if d["name"] == "iforest"]
    assert iforest["presets"] == {"paper": {"n_estimators": 100, "max_samples": 256}}
    assert iforest["target"] == "sklearn.ensemble:IsolationForest"
    assert iforest["plugin"] == "benchkit-detectors"
    (kdd99,) = [d for d in document["datasets"] if d["name"] == "kdd99"]
    assert kdd99["card"]["licence"]
    assert {p["error"] for p in document["plugins"] if p["distribution"] == "benchkit"} == {None}


@pytest.mark.parametrize("kind", ["detectors", "datasets", "metrics", "plugins"])
def test_json_of_one_kind_is_a_list(benchkit, kind):
    """The same documents as in the whole."""
    some, all_of_it = (
        json.loads(benchkit("list", *arguments, "--json").out) for arguments in ([kind], [])
    )
    for documents in (some, all_of_it[kind]):
        for document in documents:
            document.pop("seconds", None)
    assert some == all_of_it[kind]


def test_unusual_specs_are_shown_as_they_are(benchkit, tmp_path, monkeypatch):
    """A name like a number is no number, and any mapping makes a preset."""
    install(tmp_path, "curious-plugin", {"curious": "curious"}, {"curious.py": CURIOUS})
    monkeypatch.syspath_prepend(tmp_path)
    names = [row[0] for row in rows(benchkit("list", "detectors").out)]
    assert names[:2] == ["007", "1e5"]
    first, second, *_ = json.loads(benchkit("list", "detectors", "--json").out)
    assert first["presets"] == {"big": {"sizes": [1, 2]}}
    assert second["modalities"] == ["image-sequence", "series"]


class TestBrokenPlugins:
    def test_each_is_a_clear_row(self, bad_session):
        """Exit code 0: a broken plugin is a row, and not the end of the command."""
        result = bad_session.benchkit("list", "plugins")
        assert result.returncode == 0
        found = {row[0]: row[2] for row in rows(result.stdout) if row[0] in PACKAGES}
        assert set(found) == set(PACKAGES)
        for name, status in found.items():
            assert status.startswith(STATUS[name])
        assert sum(row[2] == "ok" for row in rows(result.stdout)) == 5

    def test_everything_else_works(self, bad_session):
        """What good plugins bring is listed, contested names and half plugins are not."""
        result = bad_session.benchkit("list", "detectors")
        assert result.returncode == 0
        names = {row[0]: row[-1] for row in rows(result.stdout)}
        assert names["mine"] == "good-plugin"
        assert names["pca"] == "benchkit-detectors"
        assert not {"twin", "half"} & set(names)
        assert "4 plugin(s) could not be loaded: benchkit list plugins" in result.stderr

    def test_json_stays_json(self, bad_session):
        """Even where a plugin prints on import."""
        result = bad_session.benchkit("list", "--json")
        assert result.returncode == 0
        document = json.loads(result.stdout)
        errors = {p["name"]: p["error"] for p in document["plugins"]}
        assert errors["raising-plugin"] == "RuntimeError: the hook broke"
        assert errors["good-plugin"] is None

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("twin", "detector 'twin' is claimed by the plugins twin-one and twin-two: leave out"),
            ("raising-plugin", "plugin 'raising-plugin' is broken: RuntimeError: the hook broke"),
            ("half", "unknown detector 'half'"),
        ],
    )
    def test_asking_for_one_by_name_is_an_error(self, bad_session, name, answer):
        """Exit code 2 and a line beside what is wrong with the others, before any work."""
        result = bad_session.benchkit("run", "-d", f"mine,{name}", "-D", "kdd99", "--offline")
        assert result.returncode == 2
        line, other = [x for x in result.stderr.splitlines() if x != "a banner"]
        assert line.startswith(f"benchkit: {answer}")
        assert other == "benchkit: detector 'mine' needs window: add [window=...] to it"
        assert list(bad_session.folder.iterdir()) == []

    def test_leaving_them_out_leaves_them_out(self, bad_session):
        """BENCHKIT_LOAD_PLUGINS works on the real command as it does inside."""
        bad_session.variables["BENCHKIT_LOAD_PLUGINS"] = "benchkit,good-plugin"
        bad_session.variables["BENCHKIT_STRICT_PLUGINS"] = "1"
        result = bad_session.benchkit("list", "plugins")
        assert (result.returncode, result.stderr) == (0, "")
        assert [row[2] for row in rows(result.stdout)] == ["ok"] * 4

    def test_strictness_ends_the_command(self, bad_session):
        """BENCHKIT_STRICT_PLUGINS=1: exit code 2 and one line that names the first."""
        bad_session.variables["BENCHKIT_STRICT_PLUGINS"] = "1"
        result = bad_session.benchkit("list")
        assert result.returncode == 2
        (line,) = [x for x in result.stderr.splitlines() if x != "a banner"]
        assert line.startswith("benchkit: plugin 'exiting-plugin' is broken (SystemExit: goodbye)")


class TestBrokenTargets:
    @pytest.fixture
    def promising(self, tmp_path) -> Session:
        """Return a session with a plugin that names what is not there."""
        return Session(tmp_path, [install_promising(tmp_path / "site")])

    def test_they_are_said_to_be_broken(self, promising):
        """Without an import: what raises is found by the doctor."""
        result = promising.benchkit("list")
        assert (result.returncode, result.stderr) == (0, "")
        text = result.stdout
        assert "broken: there is no module 'no_such_module'" in text
        assert "broken: promised has no 'Mime': did you mean 'Mine'?" in text
        assert "broken: promised has no 'absent'" in text
        (line,) = [x for x in text.splitlines() if x.startswith("promising ")]
        assert "detector 'lost' is broken: there is no module 'no_such_module'; " in line
        assert "'kept'" not in line

    def test_json_has_the_fault(self, promising):
        """Empty where there is none."""
        found = json.loads(promising.benchkit("list", "detectors", "--json").stdout)
        faults = {d["name"]: d["fault"] for d in found if d["plugin"] == "promising"}
        assert faults["lost"] == "there is no module 'no_such_module'"
        assert faults["kept"] == faults["raises"] == ""
