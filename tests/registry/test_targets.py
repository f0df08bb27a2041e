"""Importing what a target names, and hashing the code it stands in."""

from __future__ import annotations

import sys

import pytest

from benchkit.registry import by_path
from benchkit.registry.targets import find_version, fingerprint_code, import_target


@pytest.fixture(autouse=True)
def path_of_modules(monkeypatch):
    """Undo what importing files does to the path and to what is imported."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith((f"{by_path.__name__}.", "code_under_test")):
            del sys.modules[name]


def write_package(folder, **files: str):
    package = folder / "code_under_test"
    package.mkdir()
    for name, text in {"__init__": "", **files}.items():
        (package / f"{name}.py").write_text(text)
    return package


class TestImporting:
    def test_a_dotted_name(self):
        """package.module:Name is the object of that name."""
        assert import_target("collections.abc:Mapping").__name__ == "Mapping"

    def test_a_file_that_imports_its_neighbour(self, tmp_path):
        """A detector in a file may use the files beside it."""
        (tmp_path / "code_under_test_helper.py").write_text("NUMBER = 7\n")
        (tmp_path / "mine.py").write_text(
            "from code_under_test_helper import NUMBER\nclass Mine: number = NUMBER\n"
        )
        assert import_target(f"{tmp_path}/mine.py:Mine").number == 7

    def test_a_file_does_not_take_a_modules_place(self, tmp_path):
        """A user's string.py does not become the module string for everybody else."""
        (tmp_path / "string.py").write_text("class Mine: ...\n")
        import_target(f"{tmp_path}/string.py:Mine")
        assert sys.modules["string"].ascii_letters

    def test_a_wrong_name_is_answered_with_the_nearest(self):
        """The message has the names that the module has."""
        with pytest.raises(ImportError, match="has no 'Mappin': did you mean 'Mapping'"):
            import_target("collections.abc:Mappin")


class TestFingerprint:
    @pytest.mark.parametrize(
        "line",
        [
            "from shop.tools.wheels import ROUND",
            "from shop.tools import (\n    wheels,\n)",
            "from ..tools import wheels as w",
            "import shop.tools.wheels",
            "def late():\n    from ..tools.wheels import ROUND",
        ],
    )
    def test_changes_with_what_is_imported_from_beside(self, tmp_path, monkeypatch, line):
        """A module that several detectors share is part of each; one that none imports is not."""
        monkeypatch.syspath_prepend(tmp_path)
        for known in [name for name in sys.modules if name.startswith("shop")]:
            monkeypatch.delitem(sys.modules, known)
        for folder in ("shop/car", "shop/tools", "shop/boat"):
            (tmp_path / folder).mkdir(parents=True)
            (tmp_path / folder / "__init__.py").write_text("")
        (tmp_path / "shop" / "__init__.py").write_text("")
        (tmp_path / "shop" / "car" / "model.py").write_text(f"{line}\nclass Car: ...\n")
        wheels, boat = (tmp_path / "shop" / n for n in ("tools/wheels.py", "boat/model.py"))
        wheels.write_text("from .rubber import SOFT\nROUND = 1\n")
        first = fingerprint_code("shop.car.model:Car")
        boat.write_text("class Boat: ...\n")
        assert fingerprint_code("shop.car.model:Car") == first
        (wheels.parent / "rubber.py").write_text("SOFT = 1\n")
        second = fingerprint_code("shop.car.model:Car")
        wheels.write_text("from .rubber import SOFT\nROUND = 2\n")
        third = fingerprint_code("shop.car.model:Car")
        assert len({first, second, third}) == 3

    def test_does_not_depend_on_where_the_code_lies(self, tmp_path):
        """The same file on two machines is the same detector."""
        for name in ("here", "there"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "mine.py").write_text("class Mine: ...\n")
        one, two = (fingerprint_code(f"{tmp_path}/{n}/mine.py:Mine") for n in ("here", "there"))
        assert one == two

    def test_does_not_run_the_module(self, tmp_path, monkeypatch):
        """Hashing is safe even where importing is not."""
        monkeypatch.syspath_prepend(tmp_path)
        write_package(tmp_path, __init__="raise SystemExit(9)\n", model="raise SystemExit(9)\n")
        assert len(fingerprint_code("code_under_test.model:Mine")) == 16

    def test_of_what_has_no_source_is_empty(self):
        """A built-in module has none, and a missing one neither."""
        assert fingerprint_code("sys:path") == ""
        assert fingerprint_code("no_such_module_anywhere:C") == ""


def test_the_version_is_that_of_the_distribution():
    """A dotted target says which release it came from; a file has none."""
    import hypothesis

    found = find_version("hypothesis.strategies:integers")
    assert found == f"hypothesis {hypothesis.__version__}"
    assert find_version("/some/where.py:C") == ""


def test_what_is_imported_already_is_not_looked_for(monkeypatch):
    """A metric is loaded for each threshold: finders that list folders made a trial slower."""
    asked = []

    class Finder:
        def find_spec(self, name, path=None, target=None):
            asked.append(name)

    import_target("benchkit.metrics.points:f1")
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    assert callable(import_target("benchkit.metrics.points:f1"))
    assert asked == []
