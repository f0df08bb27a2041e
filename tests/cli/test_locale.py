"""The command in a locale that knows no letters but those of ASCII."""

from __future__ import annotations

import pytest

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
DETECTOR = """
import numpy as np

class Mean:
    def fit(self, X):
        print("été")
        with open("été.txt", "w") as file:
            file.write("été")
        self.mean_ = X.mean(axis=0)
        return self

    def decision_function(self, X):
        return np.abs(X - self.mean_).sum(axis=1)
"""


@pytest.mark.parametrize(
    "variables", [ASCII, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}], ids=str
)
def test_files_with_other_letters_are_found_written_and_named(session, variables):
    """Detector, its output and its files, folder of the boards, data folder."""
    session.variables |= variables
    (session.folder / "détecteurs").mkdir()
    (session.folder / "détecteurs" / "médiane.py").write_text(DETECTOR, encoding="utf-8")
    selector = "détecteurs/médiane.py:Mean"
    done = session.benchkit("run", "-d", selector, "-D", "tiny", "--out", "résultats", "-q")
    assert done.returncode == 0, done.stderr
    records = list((session.folder / "résultats" / "records").glob("m_diane*/record.json"))
    assert len(records) == 1
    assert (records[0].parent / "log.txt").read_text(encoding="utf-8") == "été\n"
    again = session.benchkit("leaderboard", "--out", "résultats", "--check")
    assert again.returncode == 0, again.stderr


def test_what_the_screen_has_no_letter_for_ends_nothing(session):
    """A sentence about a file that is not there, printed in Latin-1."""
    session.variables["PYTHONIOENCODING"] = "latin-1"
    done = session.benchkit("run", "-d", "m†diane.py:Mean", "-D", "tiny")
    assert done.returncode == 2
    assert done.stderr.startswith("benchkit: there is no file m?diane.py")
