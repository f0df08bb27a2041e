"""What discovery makes of plugin packages that are really installed, good and bad."""

from __future__ import annotations

import io

import pytest

from benchkit.errors import BenchkitError
from benchkit.registry.discovery import load_catalog
from tests.installed import install

HEAD = """\
from benchkit import hookimpl
from benchkit.registry import Card, DatasetSpec, DetectorSpec, MetricSpec
"""


def bringing(*names: str, extra: str = "") -> str:
    """Return a plugin module that registers detectors of these names, then does ``extra``."""
    lines = [f"    register(DetectorSpec({name!r}, 'a test', 'm:C'))" for name in names]
    body = "\n".join([*lines, extra and f"    {extra}", "    return"])
    return f"{HEAD}\n@hookimpl\ndef benchkit_register_detectors(register):\n{body}\n"


def rows(catalog) -> dict[str, str | None]:
    """Return the errors of the plugins of a catalog that are not benchkit's own."""
    return {p.name: p.error for p in catalog.plugins if p.distribution != "benchkit"}


class TestGood:
    def test_a_plugin_is_found_by_its_entry_point(self, installed):
        """Installing a package is all that it takes."""
        installed("good-plugin", bringing("mine"))
        entry = load_catalog().detector("mine")
        assert entry.spec.summary == "a test"
        assert (entry.plugin.name, entry.plugin.distribution) == ("good-plugin", "good-plugin")
        assert entry.plugin.version == "1.0"
        assert entry.plugin.error is None

    def test_benchkits_own_come_through_the_same_door(self, catalog):
        """Detectors, datasets and metrics of benchkit are plugins like anybody's."""
        assert {p.distribution for p in catalog.plugins} == {"benchkit"}
        assert {"pca", "random"} <= set(catalog.detectors)
        assert {"kdd99", "mnist-seq"} <= set(catalog.datasets)
        assert {"auc_roc", "f1"} <= set(catalog.metrics)

    def test_two_packages_may_call_their_plugins_the_same(self, installed):
        """The names of entry points are no reason to lose one; the second gets a longer one."""
        installed("a-plugin", bringing("one"), entry="detectors")
        installed("b-plugin", bringing("two"), entry="detectors")
        catalog = load_catalog()
        assert rows(catalog) == {"detectors": None, "b-plugin.detectors": None}
        assert catalog.detector("one").plugin.distribution == "a-plugin"
        assert catalog.detector("two").plugin.distribution == "b-plugin"
        assert len(catalog.manager.list_name_plugin()) == len(catalog.plugins)


BROKEN = {
    "cannot be imported": (
        "import no_such_package\n",
        "ModuleNotFoundError: No module named 'no_such_package'",
    ),
    "cannot be imported for a reason behind the reason": (
        "try:\n    import no_such_package\nexcept ImportError as error:\n"
        "    raise RuntimeError('not here') from error\n",
        "RuntimeError: not here (from ModuleNotFoundError: No module named 'no_such_package')",
    ),
    "is no Python": ("def (:\n", "SyntaxError: invalid syntax (broken_plugin.py, line 1)"),
    "exits on import": ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    "has a hook that raises": (
        bringing("half", extra="raise RuntimeError('the hook broke\\nat line two')"),
        "RuntimeError: the hook broke at line two",
    ),
    "has a hook that exits": (bringing("half", extra="raise SystemExit"), "SystemExit"),
    "forgot to mark its hook": (
        "def benchkit_register_detectors(register): ...\n",
        "AttributeError: benchkit_register_detectors is not marked with @benchkit.hookimpl",
    ),
    "has a misspelt hook": (
        HEAD + "\n@hookimpl\ndef benchkit_register_detector(register): ...\n",
        "AttributeError: there is no hook 'benchkit_register_detector': "
        "did you mean 'benchkit_register_detectors'",
    ),
    "has a misspelt hook and forgot to mark it": (
        "def benchkit_register_detector(register): ...\n",
        "AttributeError: it brings nothing: no function in it is a hook marked with",
    ),
    "has a hook with a misspelt argument": (
        HEAD + "\n@hookimpl\ndef benchkit_register_detectors(registrar): ...\n",
        "PluginValidationError: Plugin 'broken-plugin' for hook 'benchkit_register_detectors' "
        "hookimpl definition: benchkit_register_detectors(registrar) Argument(s) {'registrar'} "
        "are declared in the hookimpl but can not be found in the hookspec",
    ),
    "registers a name and not a spec": (
        bringing(extra="register('mine')"),
        "TypeError: register() takes a DetectorSpec, got 'mine'",
    ),
    "registers a spec of the wrong kind": (
        bringing(extra="register(MetricSpec('mine', 's', 'm:f'))"),
        "TypeError: register() takes a DetectorSpec, got MetricSpec(",
    ),
}
SPECS = {
    "'My Detector', 's', 'm:C'": "'My Detector' is no name: use lower case",
    "'', 's', 'm:C'": "'' is no name",
    "7, 's', 'm:C'": "7 is no name",
    "'mine', 's', 'm.C'": "target of 'mine' is 'm.C', not 'package.module:Class'",
    "'mine', 's', None": "target of 'mine' is None, no text",
    "'mine', None, 'm:C'": "summary of 'mine' is None, no text",
    "'mine', 's', 'm:C', ('series')": "modalities of 'mine' is 'series', no tuple of texts",
    "'mine', 's', 'm:C', ('video',)": "modalities of 'mine' must be of series, image-sequence",
    "'mine', 's', 'm:C', requires='torch'": "requires of 'mine' is 'torch', no tuple of texts",
    "'mine', 's', 'm:C', presets=['paper']": "presets of 'mine' cannot be written to a record",
    "'mine', 's', 'm:C', presets={'p': {'x': 1j}}": "presets of 'mine' cannot be written",
    "'mine', 's', 'm:C', presets={'p': {'x': float('nan')}}": "presets of 'mine' cannot be",
}


class TestBroken:
    @pytest.mark.parametrize("what", BROKEN)
    def test_a_plugin_that(self, installed, what):
        """It is a row with its error on one line, and everything else works."""
        text, error = BROKEN[what]
        installed("broken-plugin", text)
        installed("good-plugin", bringing("mine"))
        catalog = load_catalog()
        found = rows(catalog)
        assert found["broken-plugin"].startswith(error)
        assert len(found["broken-plugin"].splitlines()) == 1
        assert found["good-plugin"] is None
        assert {"pca", "mine"} <= set(catalog.detectors)

    @pytest.mark.parametrize("arguments", SPECS)
    def test_a_spec_that_would_break_a_listing_is_refused(self, installed, arguments):
        """The error says which field of which spec is wrong."""
        installed("broken-plugin", bringing(extra=f"register(DetectorSpec({arguments}))"))
        assert SPECS[arguments] in rows(load_catalog())["broken-plugin"]

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            ("'d', 's', 'm:C', 'video', CARD", "modality of 'd' must be of series, image-seq"),
            ("'d', 's', 'm:C', 'series', 'a card'", "card of 'd' is 'a card', no Card"),
            ("'d', 's', 'm:C', 'series', CARD, ('fake',)", "variants of 'd' must be of real, sim"),
            ("'d', 's', 'm:C', 'series', CARD, members='ab'", "members of 'd' is 'ab', no tuple"),
        ],
    )
    def test_a_malformed_dataset_is_refused(self, installed, arguments, error):
        """As for a detector."""
        text = f"{HEAD}CARD = Card('o', 'l', 'g')\n@hookimpl\n"
        text += "def benchkit_register_datasets(register):\n"
        installed("broken-plugin", f"{text}    register(DatasetSpec({arguments}))\n")
        assert error in rows(load_catalog())["broken-plugin"]

    def test_a_malformed_metric_is_refused(self, installed):
        """A metric is of scores or of alarms."""
        text = f"{HEAD}@hookimpl\ndef benchkit_register_metrics(register):\n"
        installed("broken-plugin", text + "    register(MetricSpec('m', 's', 'm:f', 'curve'))\n")
        error = rows(load_catalog())["broken-plugin"]
        assert error == "ValueError: kind of 'm' must be of score, alarm, got ('curve',)"

    def test_what_a_broken_plugin_registered_before_it_broke_does_not_count(self, installed):
        """Half a plugin is none; a name that it took half-way stays free for others."""
        installed("a-broken-plugin", BROKEN["has a hook that raises"][0])
        assert "half" not in load_catalog().detectors
        installed("b-good-plugin", bringing("half"))
        load_catalog.cache_clear()
        assert load_catalog().detector("half").plugin.name == "b-good-plugin"

    def test_a_broken_plugin_observes_nothing(self, installed, tmp_path):
        """What could not register whole is not called later, either."""
        hook = "\n@hookimpl\ndef benchkit_trial_started(trial):\n    "
        note = f"open({str(tmp_path / 'notes')!r}, 'a').write(trial)\n"
        installed("broken-plugin", bringing(extra="1 / 0") + hook + note)
        assert load_catalog().call_each("benchkit_trial_started", trial="one") == []
        assert not (tmp_path / "notes").exists()

    def test_asking_for_a_broken_plugin_by_name_says_what_is_wrong(self, installed):
        """Silence about a broken plugin ends where somebody wants it."""
        installed("broken-plugin", "import no_such_package\n")
        with pytest.raises(BenchkitError, match=r"'broken-plugin' is broken: ModuleNotFound"):
            load_catalog().detector("broken-plugin")

    def test_an_unknown_name_mentions_the_broken_plugins(self, installed):
        """What is not there may be what could not be loaded."""
        installed("broken-plugin", "import no_such_package\n")
        with pytest.raises(BenchkitError, match=r"could not be loaded: broken-plugin\)"):
            load_catalog().detector("hers")

    def test_an_interruption_is_not_a_broken_plugin(self, installed):
        """Ctrl-C during a slow import stops the command."""
        installed("slow-plugin", "raise KeyboardInterrupt\n")
        with pytest.raises(KeyboardInterrupt):
            load_catalog()

    def test_what_a_plugin_prints_does_not_reach_standard_output(self, installed, monkeypatch):
        """A banner on import must not get into the JSON of a listing."""
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stderr", err)
        installed("loud-plugin", f"print('on import')\n{bringing(extra='print(1)')}")
        load_catalog()
        assert out.getvalue() == ""
        assert err.getvalue() == "on import\n1\n"

    @pytest.mark.parametrize("leftover", ["no metadata", "no value"])
    def test_a_damaged_installation_of_something_hides_nothing(
        self, installed, tmp_path, leftover
    ):
        """What a failed uninstallation leaves behind breaks neither benchkit nor its plugins."""
        installed("good-plugin", bringing("mine"))
        installed("broken-plugin", "")
        info = tmp_path / "site" / "broken_plugin-1.0.dist-info"
        if leftover == "no metadata":
            (info / "METADATA").unlink()
        else:
            (info / "entry_points.txt").write_text("[benchkit]\nneither here nor there\n")
        assert {"pca", "mine"} <= set(load_catalog().detectors)


class TestContested:
    def test_a_name_that_two_claim_belongs_to_neither(self, installed):
        """Which one would run must not depend on the order of installing."""
        installed("first-plugin", bringing("twin", "left"))
        installed("second-plugin", bringing("twin", "right"))
        catalog = load_catalog()
        assert {"left", "right"} <= set(catalog.detectors)
        with pytest.raises(BenchkitError) as caught:
            catalog.detector("twin")
        assert str(caught.value) == (
            "detector 'twin' is claimed by the plugins first-plugin and second-plugin: leave out "
            "all but one, as in BENCHKIT_DISABLE_PLUGINS=second-plugin"
        )

    def test_both_plugins_say_so(self, installed):
        """Each has the other's name in its row, and neither counts as broken."""
        installed("first-plugin", bringing("twin"))
        installed("second-plugin", bringing("twin"))
        catalog = load_catalog()
        assert rows(catalog) == {"first-plugin": None, "second-plugin": None}
        conflicts = {p.name: p.conflicts for p in catalog.plugins if p.conflicts}
        assert conflicts == {
            "first-plugin": ["detector 'twin' is also claimed by plugin 'second-plugin'"],
            "second-plugin": ["detector 'twin' is also claimed by plugin 'first-plugin'"],
        }

    def test_a_third_claimant_does_not_get_it_either(self, installed):
        """Three claimants are no fewer than two."""
        for name in ("a-plugin", "b-plugin", "c-plugin"):
            installed(name, bringing("twin"))
        with pytest.raises(BenchkitError, match="a-plugin and b-plugin and c-plugin"):
            load_catalog().detector("twin")

    def test_leaving_one_out_gives_the_name_to_the_other(self, installed, monkeypatch):
        """The advice of the message works."""
        installed("first-plugin", bringing("twin"))
        installed("second-plugin", bringing("twin"))
        monkeypatch.setenv("BENCHKIT_DISABLE_PLUGINS", "second-plugin")
        assert load_catalog().detector("twin").plugin.name == "first-plugin"

    def test_the_advice_works_where_both_plugins_are_called_the_same(self, installed, monkeypatch):
        """The longer name leaves out only the one that has it."""
        installed("a-plugin", bringing("twin"), entry="detectors")
        installed("b-plugin", bringing("twin"), entry="detectors")
        with pytest.raises(BenchkitError, match="PLUGINS=b-plugin.detectors"):
            load_catalog().detector("twin")
        load_catalog.cache_clear()
        monkeypatch.setenv("BENCHKIT_DISABLE_PLUGINS", "b-plugin.detectors")
        assert load_catalog().detector("twin").plugin.distribution == "a-plugin"

    @pytest.mark.parametrize("thief", ["a-thief", "z-thief"])
    def test_benchkits_own_names_stay_its_own(self, installed, thief):
        """Installing a package can not change what `pca` means; the thief's row says so."""
        installed(thief, bringing("pca", "loot"))
        catalog = load_catalog()
        assert catalog.detector("pca").plugin.distribution == "benchkit"
        assert catalog.detector("loot").plugin.name == thief
        (row,) = [p for p in catalog.plugins if p.name == thief]
        assert row.conflicts == ["detector 'pca' is also claimed by plugin 'benchkit-detectors'"]
        assert not any(p.conflicts for p in catalog.plugins if p.distribution == "benchkit")

    def test_a_detector_and_a_metric_may_share_a_name(self, installed):
        """Names are contested only within a kind."""
        text = bringing("f1") + "\n@hookimpl\ndef benchkit_register_metrics(register): ...\n"
        installed("good-plugin", text)
        assert load_catalog().detector("f1").plugin.name == "good-plugin"


class TestVariables:
    @pytest.fixture(autouse=True)
    def plugins(self, installed):
        """Install a good plugin, which has two names, and a broken one."""
        installed("good-dist", bringing("mine"), entry="good-entry")
        installed("broken-plugin", "import no_such_package\n")

    @pytest.mark.parametrize("name", ["good-entry", "good-dist", " good-dist , good-entry"])
    def test_load_plugins_loads_only_those_of_others(self, monkeypatch, name):
        """BENCHKIT_LOAD_PLUGINS takes names of plugins or of distributions."""
        monkeypatch.setenv("BENCHKIT_LOAD_PLUGINS", name)
        others = [p.name for p in load_catalog().plugins if p.distribution != "benchkit"]
        assert others == ["good-entry"]

    def test_what_is_needed_to_measure_is_always_there(self, monkeypatch):
        """Metrics, and the sanity rows that every board speaks of."""
        monkeypatch.setenv("BENCHKIT_LOAD_PLUGINS", "good-dist")
        catalog = load_catalog()
        assert {"auc_pr", "f1", "vus_pr"} <= catalog.metrics.keys()
        assert {e.spec.name for e in catalog.detectors.values() if e.spec.sanity} == {
            *("constant", "distance", "random")
        }

    @pytest.mark.parametrize("variable", ["BENCHKIT_LOAD_PLUGINS", "BENCHKIT_DISABLE_PLUGINS"])
    def test_a_name_that_is_nobodys_is_refused(self, monkeypatch, variable):
        """With a typo nothing would be loaded, and nothing left out."""
        monkeypatch.setenv(variable, "god-entry,good-dist")
        with pytest.raises(BenchkitError) as caught:
            load_catalog()
        assert str(caught.value).startswith(
            f"{variable} names 'god-entry', which is not installed: did you mean 'good-entry'"
        )

    @pytest.mark.parametrize("name", ["good-entry", "good-dist", " ,good-dist,"])
    def test_disable_plugins_leaves_some_out(self, monkeypatch, name):
        """BENCHKIT_DISABLE_PLUGINS takes names of plugins or of distributions."""
        monkeypatch.setenv("BENCHKIT_DISABLE_PLUGINS", name)
        catalog = load_catalog()
        assert "mine" not in catalog.detectors
        assert "pca" in catalog.detectors

    def test_a_plugin_left_out_is_not_imported(self, monkeypatch):
        """Leaving out a broken plugin mends everything."""
        monkeypatch.setenv("BENCHKIT_DISABLE_PLUGINS", "broken-plugin")
        monkeypatch.setenv("BENCHKIT_STRICT_PLUGINS", "1")
        assert rows(load_catalog()) == {"good-entry": None}

    def test_disabling_wins_over_loading(self, monkeypatch):
        """What is in both lists is left out."""
        monkeypatch.setenv("BENCHKIT_LOAD_PLUGINS", "benchkit,good-dist")
        monkeypatch.setenv("BENCHKIT_DISABLE_PLUGINS", "good-dist")
        assert {p.distribution for p in load_catalog().plugins} == {"benchkit"}

    def test_strict_plugins_makes_a_broken_one_an_error(self, monkeypatch):
        """A CI owner can insist; the message says what to do."""
        monkeypatch.setenv("BENCHKIT_STRICT_PLUGINS", "1")
        with pytest.raises(BenchkitError, match="BENCHKIT_DISABLE_PLUGINS=broken-plugin"):
            load_catalog()

    @pytest.mark.parametrize("value", ["", "0"])
    def test_strict_plugins_can_be_switched_off(self, monkeypatch, value):
        """Empty and 0 are no."""
        monkeypatch.setenv("BENCHKIT_STRICT_PLUGINS", value)
        assert "mine" in load_catalog().detectors


class TestObservers:
    def test_one_that_fails_does_not_keep_the_others_from_hearing(self, installed, tmp_path):
        """Every observer is called, and who failed comes back with how."""
        hook = "\n@hookimpl\ndef benchkit_trial_started(trial):\n    "
        note = f"open({str(tmp_path / 'notes')!r}, 'a').write(trial)"
        installed("a-raises", HEAD + hook + "raise OSError('full')\n")
        installed("b-exits", HEAD + hook + "raise SystemExit(4)\n")
        installed("c-notes", HEAD + hook + note + "\n")
        failures = load_catalog().call_each("benchkit_trial_started", trial="one")
        assert (tmp_path / "notes").read_text() == "one"
        assert {name: type(error) for name, error in failures} == {
            "a-raises": OSError,
            "b-exits": SystemExit,
        }


def test_a_distribution_with_several_plugins_loses_only_the_broken_one(installed, tmp_path):
    """The unit of failing is the entry point."""
    files = {"fine_part.py": bringing("mine"), "bad_part.py": "1 / 0\n"}
    entries = {"fine": "fine_part", "bad": "bad_part"}
    install(tmp_path / "site", "two-parts", entries, files)
    catalog = load_catalog()
    assert rows(catalog) == {"bad": "ZeroDivisionError: division by zero", "fine": None}
    assert catalog.detector("mine").plugin.name == "fine"
