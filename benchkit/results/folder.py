"""What a trial left beside its record: scores, truth, by-products, figures, log."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

LOG = "log.txt"
TEST_SCORES = "scores_test.npy"
_CALIBRATION_SCORES = "scores_calibration.npy"
TRUTH = "truth.npz"
EXAMPLES = "examples.npz"
HISTORY = "history.json"
_SUMMARY = "summary.json"
PARTS = "score_parts.npz"
REFERENCES = "reference_scores.npz"
_FIGURES = "figures"


@dataclass(frozen=True)
class StoredTruth:
    """The labels that a trial's scores were measured against, and the shape of its time.

    Parameters
    ----------
    labels
        Boolean, (points,): rows, or the frames of all sequences one after the other.
    ambiguous
        Boolean, (points,): doubtful points; None where there are none.
    segments
        The rows at which a stretch without gaps begins; ``(0,)`` for image sequences.
    frames
        Frames a sequence; None for a series.
    period
        Seconds from one row to the next; None where the series has no clock.
    """

    labels: np.ndarray
    ambiguous: np.ndarray | None = None
    segments: tuple[int, ...] = (0,)
    frames: int | None = None
    period: float | None = None


@dataclass(frozen=True)
class Examples:
    """A few image sequences of the test part.

    ``sequences`` are their numbers there, (k,); ``frames`` their values, float32 (k, frames,
    height, width).
    """

    sequences: np.ndarray
    frames: np.ndarray


class TrialFolder:
    """The files of one trial; ``path`` is their folder.

    What was not kept reads as None or as an empty mapping. A file that is there and cannot be read
    raises OSError or ValueError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    def scores(self) -> np.ndarray | None:
        """Return the scores of the test part, (points,)."""
        return _load(self.path / TEST_SCORES)

    def calibration(self) -> np.ndarray | None:
        """Return the scores of the calibration tail, (points,)."""
        return _load(self.path / _CALIBRATION_SCORES)

    def keep_scores(self, calibration: np.ndarray, scores: np.ndarray) -> None:
        """Write both scores."""
        np.save(self.path / _CALIBRATION_SCORES, calibration)
        np.save(self.path / TEST_SCORES, scores)

    def truth(self) -> StoredTruth | None:
        """Return what the scores were measured against."""
        stored = _load_all(self.path / TRUTH)
        if not stored:
            return None
        numbers = json.loads(str(stored["numbers"]))
        return StoredTruth(
            labels=stored["labels"],
            ambiguous=stored.get("ambiguous"),
            segments=tuple(numbers["segments"]),
            frames=numbers["frames"],
            period=numbers["period"],
        )

    def keep_truth(self, truth: StoredTruth) -> None:
        """Write what the scores are measured against."""
        arrays: dict[str, Any] = {"labels": truth.labels.astype(bool)}
        if truth.ambiguous is not None:
            arrays["ambiguous"] = truth.ambiguous.astype(bool)
        numbers = {
            "segments": list(truth.segments), "frames": truth.frames, "period": truth.period,
        }  # fmt: skip
        arrays["numbers"] = np.array(json.dumps(numbers))
        np.savez_compressed(self.path / TRUTH, **arrays)

    def examples(self) -> Examples | None:
        """Return some image sequences of the test part."""
        stored = _load_all(self.path / EXAMPLES)
        return Examples(stored["sequences"], stored["frames"]) if stored else None

    def keep_examples(self, examples: Examples) -> None:
        """Write some image sequences of the test part."""
        np.savez_compressed(
            self.path / EXAMPLES,
            sequences=examples.sequences,
            frames=examples.frames.astype(np.float32),
        )

    def history(self) -> dict[str, list[float]]:
        """Return the detector's training curves."""
        return _read_json(self.path / HISTORY)

    def keep_history(self, curves: Mapping[str, Sequence[float]]) -> None:
        """Write the detector's training curves."""
        _write_json(self.path / HISTORY, curves)

    def summary(self) -> dict[str, str]:
        """Return what the detector says of itself, in its own words."""
        return _read_json(self.path / _SUMMARY)

    def keep_summary(self, words: Mapping[str, str]) -> None:
        """Write what the detector says of itself."""
        _write_json(self.path / _SUMMARY, words)

    def parts(self) -> dict[str, np.ndarray]:
        """Return what each term gives to the test scores, (points,) each."""
        return _load_all(self.path / PARTS)

    def keep_parts(self, parts: Mapping[str, np.ndarray]) -> None:
        """Write what each term gives to the test scores."""
        _save_all(self.path / PARTS, parts)

    def reference_scores(self) -> dict[str, np.ndarray]:
        """Return the scores that the detector's own threshold comes from, one axis each."""
        return _load_all(self.path / REFERENCES)

    def keep_reference_scores(self, scores: Mapping[str, np.ndarray]) -> None:
        """Write the scores that the detector's own threshold comes from."""
        _save_all(self.path / REFERENCES, scores)

    def figures(self) -> list[Path]:
        """Return the figures that the detector drew of itself, by name."""
        found = (self.path / _FIGURES).glob("*.[ps][nv]g")
        return sorted(p for p in found if p.is_file() and not p.is_symlink())

    def figure_folder(self) -> Path:
        """Make and return the folder for figures that the detector draws."""
        folder = self.path / _FIGURES
        folder.mkdir(exist_ok=True)
        return folder

    def add_to_log(self, texts: Iterable[str]) -> None:
        """Write texts behind what the trial printed."""
        for text in texts:
            with (
                contextlib.suppress(OSError),  # the disk is full: what matters is in the record
                (self.path / LOG).open("a", encoding="utf-8", errors="replace") as file,
            ):
                file.write(f"{text}\n")

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of what the trial printed."""
        path = self.path / LOG
        if not path.is_file():
            return ""
        with path.open("rb") as file:  # a log may be long, and in any encoding
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 400 * lines))
            text = file.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def _load(path: Path) -> np.ndarray | None:
    if not path.is_file():
        return None
    try:
        return np.load(path)
    except (EOFError, ValueError) as error:
        raise ValueError(_damaged(path, error)) from error


def _load_all(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        return {}
    try:
        with np.load(path) as stored:
            # Names are keys of our own, so that a detector may call its terms anything.
            names = [str(name) for name in stored["names"]] if "names" in stored else None
            arrays = {key: stored[key] for key in stored.files if key != "names"}
    except (EOFError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(_damaged(path, error)) from error
    return arrays if names is None else dict(zip(names, arrays.values(), strict=True))


def _damaged(path: Path, error: Exception) -> str:
    return f"{path} is damaged ({error}): 'benchkit run --rerun all' makes it anew"


def _save_all(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    numbered: dict[str, Any] = {f"a{i}": array for i, array in enumerate(arrays.values())}
    np.savez_compressed(path, names=np.array(list(arrays), dtype=np.str_), **numbered)


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path} has no mapping in it")
    return content


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
