"""Selectors looked up: presets, parameters, members, targets, and the nearest right names."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchkit.errors import BenchkitError
from benchkit.registry.choices import choose_datasets, choose_detectors, choose_sanity
from benchkit.registry.discovery import load_catalog

SPECS = """\
from benchkit import hookimpl
from benchkit.registry import Card, DatasetSpec, DetectorSpec

CARD = Card("made by a test", "none", "it cannot be had")
MEMBERS = ("m-1", "m-2", "n-1")


@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("slow", "s", "no.module:Slow",
                          presets={"paper": {"epochs": 100, "size": 8}, "quick": {"epochs": 1}}))


@hookimpl
def benchkit_register_datasets(register):
    for name, default in (("many", ()), ("some", ("n-1",))):
        register(DatasetSpec(name, "s", "no.module:Data", "series", CARD, members=MEMBERS,
                             default_members=default))
    register(DatasetSpec("lone", "s", "no.module:Data", "series", CARD))
"""


@pytest.fixture
def catalog(installed):
    """Return a catalog with detectors that have presets and datasets that have members."""
    installed("specs-plugin", SPECS)
    return load_catalog()


def labels(choices) -> list[str]:
    return [choice.label for choice in choices]


class TestDetectors:
    def test_a_preset_gives_parameters(self, catalog):
        """name@preset runs with the preset's parameters and is called so."""
        (choice,) = choose_detectors(catalog, "slow@paper")
        assert choice.label == "slow@paper"
        assert choice.preset == "paper"
        assert choice.params == {"epochs": 100, "size": 8}

    def test_a_parameter_overrides_the_preset(self, catalog):
        """What stands in brackets wins, and only that stands in the label."""
        (choice,) = choose_detectors(catalog, "slow@paper[epochs=3]")
        assert choice.params == {"epochs": 3, "size": 8}
        assert choice.label == "slow@paper[epochs=3]"

    def test_the_plugin_that_brought_it_is_known(self, catalog):
        """A choice says which plugin and version it comes from."""
        (choice,) = choose_detectors(catalog, "slow")
        assert (choice.plugin, choice.version, choice.registered) == ("specs-plugin", "1.0", True)

    def test_a_grid_becomes_several_detectors(self, catalog):
        """Each point of a grid is a detector of its own, with a label of its own."""
        assert labels(choose_detectors(catalog, "slow[a=[1,2],b=[x,y]]")) == [
            "slow[a=1,b=x]",
            "slow[a=1,b=y]",
            "slow[a=2,b=x]",
            "slow[a=2,b=y]",
        ]

    def test_what_stands_twice_runs_once(self, catalog):
        """The same detector with the same parameters is chosen once, however it is written."""
        found = choose_detectors(catalog, "slow[b=1,a=2],slow,slow[a=2, b=1],slow")
        assert labels(found) == ["slow[a=2,b=1]", "slow"]

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("slwo", "detector 'slwo': did you mean 'slow'"),
            ("iforst", "did you mean 'iforest'"),
            ("slow@papr", "has no preset 'papr': did you mean 'paper'"),
            ("slow@zzz", "there are: paper, quick"),
            ("pca@paper", "detector 'pca' has no preset 'paper': there are none"),
            ("slow/m-1", "only datasets have members"),
        ],
    )
    def test_a_wrong_name_is_answered_with_the_nearest(self, catalog, wrong, right):
        """Nothing is guessed: the message offers what may have been meant."""
        with pytest.raises(BenchkitError) as caught:
            choose_detectors(catalog, f"random,{wrong}")
        assert right in str(caught.value)

    def test_the_sanity_rows_are_those_that_plugins_mark(self, catalog):
        """They come by name, with no parameters."""
        assert labels(choose_sanity(catalog)) == ["constant", "distance", "random"]


class TestTargets:
    def test_a_path_is_made_absolute(self, catalog, tmp_path, monkeypatch):
        """A trial runs in another process, which must find the file from anywhere."""
        (tmp_path / "mine.py").write_text("class Mine: ...\n")
        monkeypatch.chdir(tmp_path)
        (choice,) = choose_detectors(catalog, "./mine.py:Mine[power=2]")
        assert choice.spec.target == f"{tmp_path.resolve()}/mine.py:Mine"
        assert choice.label == "mine:Mine[power=2]"
        assert choice.params == {"power": 2}
        assert not choice.registered

    def test_a_dotted_name_is_not_imported(self, catalog):
        """The class is looked for only in the process that runs it."""
        (choice,) = choose_detectors(catalog, "no.such.module:Class")
        assert choice.spec.target == choice.label == "no.such.module:Class"
        assert not choice.registered

    @pytest.mark.parametrize(
        "path",
        ["./gone.py", "~nobody-of-this-name/a.py", "/" + "x" * 5000 + ".py", "a/b", "/tmp/"],
    )
    def test_a_file_that_is_not_there_is_named(self, catalog, path):
        """Whatever keeps a path from being a file, the answer is the same sentence."""
        with pytest.raises(BenchkitError, match="there is no file"):
            choose_detectors(catalog, f"{path}:Mine")

    def test_a_target_has_no_presets(self, catalog, tmp_path):
        """Presets belong to specs, and a class in a file has none."""
        (tmp_path / "mine.py").write_text("class Mine: ...\n")
        with pytest.raises(BenchkitError, match="has no preset 'paper': there are none"):
            choose_detectors(catalog, f"{tmp_path}/mine.py:Mine@paper")

    @given(st.text("./~a:b@[]=,1\x00\n", max_size=20))
    def test_any_text_is_looked_up_or_refused(self, text):
        """No path, however strange, ends in another exception than BenchkitError."""
        with contextlib.suppress(BenchkitError):
            assert choose_detectors(load_catalog(), text)


class TestDatasets:
    def test_the_bare_name_takes_the_default_members(self, catalog):
        """Those that the dataset declares; all where it declares none; none where it has none."""
        assert labels(choose_datasets(catalog, "some")) == ["some/n-1"]
        assert labels(choose_datasets(catalog, "many")) == ["many/m-1", "many/m-2", "many/n-1"]
        assert [(c.label, c.member) for c in choose_datasets(catalog, "lone")] == [("lone", "")]

    def test_a_member_is_picked_by_name_or_pattern(self, catalog):
        """An asterisk stands for anything."""
        assert labels(choose_datasets(catalog, "many/m-2")) == ["many/m-2"]
        assert labels(choose_datasets(catalog, "many/*-1")) == ["many/m-1", "many/n-1"]

    def test_parameters_stand_in_the_label(self, catalog):
        """Two splits of one dataset are never mixed up."""
        found = choose_datasets(catalog, "lone[split=[a,b]]")
        assert labels(found) == ["lone[split=a]", "lone[split=b]"]
        assert [choice.params for choice in found] == [{"split": "a"}, {"split": "b"}]

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("kdd98", "unknown dataset 'kdd98': did you mean 'kdd99'"),
            ("many/m-3", "has no member 'm-3': did you mean 'm-"),
            ("many/qqq", "there are: m-1, m-2, n-1"),
            ("lone/m", "has no member 'm': there are none"),
            ("kdd99@paper", "datasets have no presets"),
            ("./x.py:Data", "unknown dataset './x.py:Data'"),
        ],
    )
    def test_a_wrong_name_is_answered_with_the_nearest(self, catalog, wrong, right):
        """A member that is not there is not skipped, either."""
        with pytest.raises(BenchkitError) as caught:
            choose_datasets(catalog, wrong)
        assert right in str(caught.value)
