"""A folder full of installed plugin packages, each broken in its own way, and a good one."""

from __future__ import annotations

from pathlib import Path

from tests.installed import install

HEAD = "from benchkit import hookimpl\nfrom benchkit.registry import DetectorSpec\n\n\n@hookimpl\n"


def _bringing(*names: str, then: str = "return") -> str:
    lines = [f"    register(DetectorSpec({n!r}, 'a test', 'good_module:Mine'))" for n in names]
    hook = "def benchkit_register_detectors(register):\n"
    return "\n".join([HEAD + hook + "    pass", *lines, f"    {then}", ""])


PACKAGES = {
    "exiting-plugin": "import sys\n\nsys.exit('goodbye')\n",
    "good-plugin": _bringing("mine"),
    "loud-plugin": "print('a banner')\n" + _bringing("loud"),
    "misspelt-plugin": HEAD + "def benchkit_register_detector(register):\n    pass\n",
    "raising-plugin": _bringing("half", then="raise RuntimeError('the hook broke')"),
    "thief-plugin": _bringing("pca"),
    "twin-one": _bringing("twin"),
    "twin-two": _bringing("twin"),
    "unimportable-plugin": "import no_such_package\n",
}

STATUS = {
    "exiting-plugin": "broken: SystemExit: goodbye",
    "good-plugin": "ok",
    "loud-plugin": "ok",
    "misspelt-plugin": "broken: AttributeError: there is no hook 'benchkit_register_detector'",
    "raising-plugin": "broken: RuntimeError: the hook broke",
    "thief-plugin": "detector 'pca' is also claimed by plugin 'benchkit-detectors'",
    "twin-one": "detector 'twin' is also claimed by plugin 'twin-two'",
    "twin-two": "detector 'twin' is also claimed by plugin 'twin-one'",
    "unimportable-plugin": "broken: ModuleNotFoundError: No module named 'no_such_package'",
}
"""What the row of each begins with."""

MINE = '''\
class Mine:
    """Zero for every row."""

    def __init__(self, power=2, *, window):
        self.power = power

    def fit(self, X):
        return self

    def decision_function(self, X):
        return X[:, 0] * 0
'''


def install_all(site: Path) -> Path:
    """Install every package into a folder that is to be put on PYTHONPATH; return the folder."""
    for name, text in PACKAGES.items():
        module = name.replace("-", "_")
        install(site, name, {name: module}, {f"{module}.py": text})
    (site / "good_module.py").write_text(MINE)
    return site


PROMISING = """\
from benchkit import hookimpl
from benchkit.registry import Card, DatasetSpec, DetectorSpec, MetricSpec

CARD = Card("made by a test", "none", "ask somebody.")


@hookimpl
def benchkit_register_detectors(register):
    register(DetectorSpec("lost", "s", "no_such_module:Mine"))
    register(DetectorSpec("misspelt", "s", "promised:Mime"))
    register(DetectorSpec("raises", "s", "promised_raising:Mine"))
    register(DetectorSpec("kept", "s", "promised:Mine"))


@hookimpl
def benchkit_register_datasets(register):
    register(DatasetSpec("empty", "s", "promised:Mine", "series", CARD))


@hookimpl
def benchkit_register_metrics(register):
    register(MetricSpec("absent", "s", "promised:absent"))
"""


def install_promising(site: Path) -> Path:
    """Install a plugin whose module is well, and whose targets are not; return the folder."""
    files = {
        "promising.py": PROMISING,
        "promised.py": MINE,
        "promised_raising.py": "import os\n\nclass Mine: ...\n\nos._exit(3)\n",
    }
    return install(site, "promising", {"promising": "promising"}, files)
