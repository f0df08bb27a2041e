"""What a class comes from: what its module imports of its author's own, and nothing else."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from benchkit.registry.sources import find_sources
from benchkit.registry.targets import fingerprint_code

HEAD = "class Mine: ...\n"


def write(folder: Path, **texts: str) -> None:
    """Write modules; ``a__b`` is ``a/b.py``, and every folder is a package."""
    for name, text in texts.items():
        file = folder.joinpath(*name.split("__")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.parent != folder:
            (file.parent / "__init__.py").touch()
        file.write_text(text)


@pytest.fixture(params=["by path", "by name", "in a package"])
def place(request, tmp_path, monkeypatch):
    """Give a folder, and what a detector in it is called and imports its neighbours by."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)  # where a lone module is found by its name
    if request.param == "in a package":
        (tmp_path / "ours").mkdir()
        (tmp_path / "ours" / "__init__.py").touch()
        return tmp_path / "ours", "ours.det:Mine", "ours."
    target = f"{tmp_path}/det.py:Mine" if request.param == "by path" else "det:Mine"
    return tmp_path, target, ""


IMPORTS = [
    "import {}net",
    "import {}net as n",
    "from {}net import SIGN",
    "from {}net import *",
    "def fit():\n    import {}net",
    "try:\n    import torch_that_is_not_there\nexcept ImportError:\n    from {}net import SIGN",
    "import importlib\nnet = importlib.import_module('{}net')",
    "from importlib import import_module as im\nfrom importlib import import_module\n"
    "net = import_module(name='{}net')",
    "net = __import__('{}net')",
    "if 1:\n    with open('x') as f:\n        from {}net import (\n            SIGN,\n        )",
    "import json; import {}net",
]


class TestWhatCounts:
    @pytest.mark.parametrize("line", IMPORTS)
    def test_a_module_that_is_imported_however_it_is_written(self, place, line):
        folder, target, prefix = place
        write(folder, det=line.format(prefix) + "\n" + HEAD, net="SIGN = 1\n")
        first = fingerprint_code(target)
        write(folder, net="SIGN = -1\n")
        assert fingerprint_code(target) != first

    def test_what_that_imports_in_turn(self, place):
        folder, target, prefix = place
        write(
            folder, det=f"import {prefix}net\n{HEAD}", net=f"import {prefix}low\n", low="A = 1\n"
        )
        first = fingerprint_code(target)
        write(folder, low="A = 2\n")
        assert fingerprint_code(target) != first

    def test_a_package_beside_with_what_its_init_imports(self, place):
        folder, target, prefix = place
        text = f"import {prefix}nets.small.deep\n{HEAD}"
        write(folder, det=text, nets__small__deep="", nets__blocks="A = 1\n")
        (folder / "nets" / "__init__.py").write_text("from .blocks import A\n")
        first = fingerprint_code(target)
        write(folder, nets__blocks="A = 2\n")
        assert fingerprint_code(target) != first

    def test_a_folder_without_an_init(self, place):
        folder, target, prefix = place
        write(folder, det=f"from {prefix}nets.deep import A\n{HEAD}", nets__deep="A = 1\n")
        (folder / "nets" / "__init__.py").unlink()
        first = fingerprint_code(target)
        write(folder, nets__deep="A = 2\n")
        assert fingerprint_code(target) != first

    def test_a_module_that_cannot_be_parsed(self, place):
        folder, target, prefix = place
        write(folder, det=f"import {prefix}net\n{HEAD}", net="SIGN = = 1\n")
        first = fingerprint_code(target)
        write(folder, net="SIGN = = 2\n")
        assert fingerprint_code(target) != first

    def test_names_in_a_table_of_what_is_imported_late(self, place):
        folder, target, prefix = place
        text = (
            f"import importlib\nKINDS = {{'deep': '{prefix}net'}}\n"
            f"def build(kind):\n    return importlib.import_module(KINDS[kind])\n{HEAD}"
        )
        write(folder, det=text, net="SIGN = 1\n")
        first = fingerprint_code(target)
        write(folder, net="SIGN = -1\n")
        assert fingerprint_code(target) != first

    def test_a_module_from_elsewhere_on_the_path(self, place, tmp_path_factory, monkeypatch):
        """PYTHONPATH is where people keep what their experiments share."""
        folder, target, _ = place
        shared = tmp_path_factory.mktemp("shared")
        monkeypatch.syspath_prepend(shared)
        write(shared, losses="A = 1\n")
        write(folder, det=f"import losses\n{HEAD}")
        first = fingerprint_code(target)
        write(shared, losses="A = 2\n")
        assert fingerprint_code(target) != first


@pytest.mark.parametrize(
    "line",
    [
        "from . import net",
        "from .net import SIGN",
        "from .. import ours\nfrom ..ours import net",
        "import importlib\nimportlib.import_module('.net', __package__)",
        "import importlib\nimportlib.import_module('.det.net'[:0] + f'{__package__}.net')",
        "import importlib\nimportlib.import_module('.ours.net', package='top')",
        "__import__('net', globals(), locals(), [], 1)",
        "__import__('top.ours', fromlist=['net'])",
        "from top.ours import *",
    ],
)
def test_a_relative_import_counts(tmp_path, monkeypatch, line):
    """Also where the call says it, and where ``*`` stands for modules that ``__all__`` names."""
    monkeypatch.syspath_prepend(tmp_path)
    write(tmp_path, top__ours__det=f"{line}\n{HEAD}", top__ours__net="SIGN = 1\n")
    (tmp_path / "top" / "__init__.py").touch()
    (tmp_path / "top" / "ours" / "__init__.py").write_text("__all__ = ['net']\n")
    first = fingerprint_code("top.ours.det:Mine")
    write(tmp_path, top__ours__net="SIGN = -1\n")
    assert fingerprint_code("top.ours.det:Mine") != first


BESIDE = "from pathlib import Path\nHERE = Path(__file__).parent\n"
REACHED = [
    ("import sys, os\nsys.path.append(os.path.dirname(__file__) + '/lib')\nimport net", ""),
    ("def fit():\n    import sys\n    sys.path += [str(HERE / 'lib')]\n    import net", ""),
    ("import sys\nsys.path.insert(0, str(HERE / 'lib'))\nimport net", "net.py"),
    ("import site\nsite.addsitedir(f'{HERE}/lib')\nimport net", ""),
    ("from importlib import util\nutil.spec_from_file_location('n', HERE / 'lib' / 'net.py')", ""),
    ("from importlib import machinery as m\nm.SourceFileLoader('n', f'{HERE}/lib/net.py')", ""),
    ("import runpy\nrunpy.run_path(str(HERE.joinpath('lib', 'net.py')))", ""),
    ("exec((HERE / 'lib/net.py').read_text())", ""),
    ("for part in 'net', 'gen':\n    exec((HERE / 'lib' / f'{part}.py').read_text())", ""),
    ("import runpy\nrunpy.run_module('lib.net')", ""),
    ("import pkgutil\npkgutil.resolve_name('lib.net:SIGN')", ""),
    ("import importlib\nimportlib.import_module('lib.' + 'n' + f'et')", ""),
    ("import importlib as i\nfor p in HERE.glob('*'):\n    i.import_module(f'lib.{p.stem}')", ""),
    ("import importlib\ndef get(kind):\n    return importlib.import_module('lib.%s' % kind)", ""),
    ("import importlib\nNAME = 'lib.{}'.format(input)\nimportlib.import_module(NAME)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hidden"), REACHED)
def test_what_is_reached_by_a_path_or_a_computed_name_counts(tmp_path, text, hidden):
    """Also where a file of the same name lies beside, which that on the changed path hides."""
    write(tmp_path, det=f"{BESIDE}{text}\n{HEAD}", lib__net="SIGN = 1\n", lib__other="")
    if hidden:
        (tmp_path / hidden).touch()
    first = fingerprint_code(f"{tmp_path}/det.py:Mine")
    write(tmp_path, more="A = 2\n")
    assert fingerprint_code(f"{tmp_path}/det.py:Mine") == first
    write(tmp_path, lib__net="SIGN = -1\n")
    assert fingerprint_code(f"{tmp_path}/det.py:Mine") != first


def test_a_link_to_a_file_reaches_what_lies_beside_the_file_itself(tmp_path):
    """``Path(__file__).resolve()`` leads there."""
    for folder in ("real", "use"):
        (tmp_path / folder).mkdir()
    text = (
        "import sys, os\nsys.path += [os.path.dirname(os.path.realpath(__file__))]\nimport net\n"
    )
    write(tmp_path / "real", det=text + HEAD, net="SIGN = 1\n")
    (tmp_path / "use" / "det.py").symlink_to(tmp_path / "real" / "det.py")
    first = fingerprint_code(f"{tmp_path}/use/det.py:Mine")
    write(tmp_path / "real", net="SIGN = -1\n")
    assert fingerprint_code(f"{tmp_path}/use/det.py:Mine") != first


def test_of_an_installed_package_without_a_plugin_the_whole_counts(tmp_path, monkeypatch):
    """scikit-learn's hundreds of modules need not be parsed; installed anew it is other code."""
    site = tmp_path / "lib" / "site-packages"
    monkeypatch.syspath_prepend(site)
    write(site, whole__det=HEAD, whole__other="A = 1\n", whole__tests__test_det="")
    info = site / "whole-1.0.dist-info"
    info.mkdir()
    files = sorted(path.relative_to(site) for path in site.rglob("*.py"))
    (info / "RECORD").write_text("".join(f"{file},sha256=x,1\n" for file in files))
    names = ["whole/__init__.py", "whole/det.py", "whole/other.py"]
    assert list(find_sources("whole.det", [])) == names
    (info / "entry_points.txt").write_text("[benchkit]\nwhole = whole.plugin\n")
    assert list(find_sources("whole.det", [])) == ["whole", "whole.det"]


class TestWhatDoesNotCount:
    @pytest.mark.parametrize(
        "line",
        [
            "",
            "# import {}net",
            "'''\nimport {}net\n'''",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}net",
            "import typing\nif typing.TYPE_CHECKING:\n    import {}net",
            "if __name__ == '__main__':\n    import {}net",
        ],
    )
    def test_a_neighbour_that_is_not_imported(self, place, line):
        """The spec module with its summaries, and plugins of other kinds."""
        folder, target, prefix = place
        write(folder, det=line.format(prefix) + "\n" + HEAD, net="SIGN = 1\n")
        first = fingerprint_code(target)
        write(folder, net="SIGN = -1\n")
        assert fingerprint_code(target) == first

    def test_python_and_what_is_installed(self, place):
        """Only the module itself: an installed version is in the record by its number."""
        folder, target, _ = place
        write(folder, det=f"import json, numpy, benchkit, sklearn.svm\n{HEAD}")
        names = set(find_sources(target.rpartition(":")[0], [os.getcwd()]))
        assert names - {"ours"} in ({"det.py"}, {"ours.det"})


@pytest.mark.parametrize("name", ["det", "{tmp}/det.py"])
def test_a_neighbour_named_as_something_installed_does_not_count(tmp_path, monkeypatch, name):
    """It stands last on the path and is not what is imported."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, det=f"import json, numpy\n{HEAD}", json="A = 1\n", numpy="A = 1\n")
    found = find_sources(name.format(tmp=tmp_path), [str(tmp_path)])
    assert list(found) == ["det.py"]


def test_a_file_named_as_a_module_of_python_has_its_own_neighbours(tmp_path):
    """random.py is that file, and what it imports by that name is Python's."""
    write(tmp_path, random=f"import random, net\n{HEAD}", net="A = 1\n")
    names = list(find_sources(f"{tmp_path}/random.py", [str(tmp_path)]))
    assert names == ["net", "random.py"]


def test_modules_of_the_same_distribution_count_and_those_of_others_do_not(tmp_path, monkeypatch):
    """As pip says which modules it brought."""
    site = tmp_path / "lib" / "site-packages"
    monkeypatch.syspath_prepend(site)
    write(site, code_det=f"import code_net, code_other\n{HEAD}", code_net="", code_other="")
    for name, modules in {"mine": ("code_det", "code_net"), "theirs": ("code_other",)}.items():
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "RECORD").write_text("".join(f"{m}.py,sha256=x,1\n" for m in modules))
        (info / "entry_points.txt").write_text("[benchkit]\n")
    assert set(find_sources("code_det", [])) == {"code_det.py", "code_net"}


def test_a_module_in_an_archive_counts(tmp_path, monkeypatch):
    """A zip on the path is as good as a folder."""
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("code_zipped.py", "A = 1\n")
    monkeypatch.syspath_prepend(tmp_path / "code.zip")
    write(tmp_path, det=f"import code_zipped\n{HEAD}")
    found = find_sources(f"{tmp_path}/det.py", [])
    assert found["code_zipped"] == b"A = 1\n"
