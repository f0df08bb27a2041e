"""How fast plugins are found and asked what they bring."""

from __future__ import annotations

import importlib
import sys

from benchkit.registry.discovery import discover, find_entry_points
from tests.installed import install

DISTRIBUTIONS = 30
PLUGIN = """\
from benchkit import hookimpl
from benchkit.registry import DetectorSpec


@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("{name}", "does nothing", "{name}:Nothing"))
"""


def test_discovering_plugins(tmp_path, monkeypatch, timed):
    """Metadata are read and specs checked anew each time; modules are imported once."""
    for number in range(DISTRIBUTIONS):
        name = f"timed_plugin_{number}"
        module = {f"{name}.py": PLUGIN.format(name=name)}
        install(tmp_path, name, {name: name}, module)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def find() -> int:
        importlib.invalidate_caches()
        with monkeypatch.context() as only_here:
            only_here.setattr(sys, "path", [str(tmp_path)])
            points = find_entry_points()
        return len(discover(points).detectors)

    size = f"{DISTRIBUTIONS} distributions, a detector each"
    assert timed(find, like="python", size=size) == DISTRIBUTIONS
