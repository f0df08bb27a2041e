"""What is wrong with a target is seen without importing it."""

from __future__ import annotations

import sys

import pytest

from benchkit.registry.importable import find_fault

FILES = {
    "pack_a/__init__.py": "raise RuntimeError('imported')\n",
    "pack_a/good.py": "import no_such_package\n\n\nclass Mine: ...\n",
    "pack_a/other.py": "from pack_a.good import *\n",
    "pack_a/made.py": "globals()['Mi' + 'ne'] = int\n",
    "pack_a/broken.py": "class Mine:\n",
    "pack_a/latin.py": "# caf\xe9\nclass Mine: ...\n",
    "lone_a.py": "def mine(): ...\n",
}


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """Put a package and a module where they are found."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("pack_a.good:Mine", ""),
        ("lone_a:mine", ""),
        ("pack_a.other:Mine", ""),
        ("pack_a.made:Mine", ""),
        ("pack_a.latin:Mine", ""),
        ("math:pi", ""),
        ("sklearn.ensemble:IsolationForest", ""),
        ("no_such_a.part:Mine", "there is no module 'no_such_a'"),
        ("pack_a.gone:Mine", "there is no module 'pack_a.gone'"),
        ("lone_a.part:Mine", "'lone_a' is a module and no package, so there is no 'lone_a.part'"),
        ("pack_a.good:Mime", "pack_a.good has no 'Mime': did you mean 'Mine'?"),
        ("lone_a:Mine", "lone_a has no 'Mine': did you mean 'mine'?"),
    ],
)
def test_a_target(target, fault):
    """Empty where nothing speaks against it, which is not known of names made while it runs."""
    assert find_fault(target) == fault
    assert "pack_a" not in sys.modules


def test_a_module_that_is_no_python(tmp_path):
    """The line and what is wrong there."""
    fault = find_fault("pack_a.broken:Mine")
    assert fault.startswith(f"SyntaxError in {tmp_path}/pack_a/broken.py, line 1: expected an ind")
