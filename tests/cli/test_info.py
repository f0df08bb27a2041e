"""`benchkit info` shows one thing in full."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_a_detector(benchkit):
    """What it is, who brought it, its presets, its parameters with defaults, its words."""
    ended = benchkit("info", "iforest")
    assert ended.code == 0
    lines = [line.strip() for line in ended.out.splitlines()]
    assert lines[0] == "iforest: isolation forest: how few random splits isolate a row"
    assert any(x.startswith("plugin:") and "benchkit-detectors (benchkit" in x for x in lines)
    assert any(x.startswith("@paper:") and "n_estimators=100, max_samples=256" in x for x in lines)
    assert any(x.startswith("reference:") and "Liu, Ting & Zhou 2008" in x for x in lines)
    assert any(x.startswith("licence:") and "BSD-3-Clause" in x for x in lines)
    assert any(x.startswith("contamination:") and "default 'auto'" in x for x in lines)
    assert "Isolation Forest Algorithm." in lines


def test_a_dataset(benchkit):
    """Its card, flaws included, and its members."""
    ended = benchkit("info", "mnist-seq")
    assert ended.code == 0
    text = " ".join(ended.out.split())
    assert "gives: image-sequence, real or sim" in text
    assert "members: 101: " in text
    assert "default: 1v7, all" in text
    for key in ("origin:", "licence:", "obtain:", "reference:"):
        assert f" {key} " in text
    assert text.count(" beware: ") == 5


def test_a_metric(benchkit):
    """Of what it is made."""
    assert "kind: score: of labels and scores" in " ".join(benchkit("info", "auc_pr").out.split())
    assert "kind: alarm: of labels and alarms" in " ".join(benchkit("info", "f1").out.split())


def test_a_class_in_a_file(benchkit, tmp_path):
    """A detector that is not packaged is shown from its class."""
    (tmp_path / "mine.py").write_text(
        'class Mine:\n    """My words."""\n    def __init__(self, power=2, *, window): ...\n'
        "    def fit(self, X): ...\n    def decision_function(self, X): ...\n"
    )
    ended = benchkit("info", f"{tmp_path}/mine.py:Mine")
    assert ended.code == 0
    text = " ".join(ended.out.split())
    assert "power: default 2" in text
    assert "window: (must be given)" in text
    assert text.endswith("My words.")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("iforst", "nothing is called 'iforst': did you mean 'iforest'?"),
        ("auc_rcc", "did you mean 'auc_roc'"),
        ("kdd", "did you mean 'kdd99'"),
        ("", "cannot read ''"),
        ("pca[", "cannot read 'pca['"),
        ("./gone.py:Mine", "there is no file ./gone.py"),
        ("no_such_module:Mine", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("collections:Countr", "collections has no 'Countr': did you mean 'Counter'"),
        ("collections:Counter", "class Counter has no method fit(X)"),
        ("math:pi", "math:pi is no class"),
    ],
)
def test_what_cannot_be_shown_gets_one_line(benchkit, name, answer):
    """Exit code 2 and what is wrong with the name, or the nearest right ones."""
    ended = benchkit("info", name)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert answer in ended.err


class TestBrokenPlugins:
    def test_a_good_neighbour_is_shown(self, bad_session):
        """A plugin's class is read in a process of its own, wherever it is installed."""
        result = bad_session.benchkit("info", "mine")
        assert result.returncode == 0
        text = " ".join(result.stdout.split())
        assert "plugin: good-plugin (good-plugin 1.0)" in text
        assert "power: default 2" in text
        assert "window: (must be given)" in text

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("twin", "benchkit: detector 'twin' is claimed by the plugins twin-one and twin-two:"),
            ("exiting-plugin", "benchkit: plugin 'exiting-plugin' is broken: SystemExit: goodbye"),
        ],
    )
    def test_a_contested_or_broken_name_is_answered(self, bad_session, name, answer):
        """Exit code 2 and one line that says why it is not there."""
        result = bad_session.benchkit("info", name)
        assert result.returncode == 2
        (line,) = [x for x in result.stderr.splitlines() if x != "a banner"]
        assert line.startswith(answer)


def test_a_class_that_cannot_be_imported_is_told_with_where_its_traceback_is(session):
    """As for every other verb, in one place."""
    (session.folder / "bad.py").write_text("raise RuntimeError('no licence')\n")
    result = session.benchkit("info", "./bad.py:Bad")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    head = (
        "benchkit: detector './bad.py:Bad' cannot be used: RuntimeError: no licence (traceback: "
    )
    assert line.startswith(head)
    assert "bad.py" in Path(line.removeprefix(head).rstrip(")")).read_text()
