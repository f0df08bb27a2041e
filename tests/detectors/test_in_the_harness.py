"""The GAN detectors in a run of the command, and what the harness relies on in them."""

from __future__ import annotations

from urllib.parse import unquote

import numpy as np
import pytest

from benchkit.results.folder import TrialFolder
from benchkit_detectors.madgan.detector import MADGANDetector
from benchkit_detectors.mcgan.detector import MCGANDetector

QUICK = {
    "madgan": "madgan[epochs=1,epoch_windows=64]",
    "madgan-cnn": "madgan-cnn[steps=10]",
    "mcgan": "mcgan[epochs=1,draws=500,references=200]",
}


@pytest.mark.slow
def test_every_gan_detector_gets_onto_the_boards(session):
    """Forked from the warm server, on simulated data; the page shows what each says of itself."""
    session.plots = True
    # Two at once, so that each has one thread: two that other tests crowd out would crawl.
    options = ("-D", "kdd99,mnist-seq/all[style=frames]", "--variant", "sim", "-j", "2")
    result = session.benchkit("run", "-d", ",".join(QUICK.values()), *options)
    found = {(r["detector"]["name"], r["dataset"]["name"]): (r, f) for r, f in session.records()}
    for name in QUICK:
        for data in ("kdd99", "mnist-seq"):
            record, folder = found[name, data]
            if (name, data) == ("madgan-cnn", "kdd99"):
                assert record["status"] == "not_applicable"
                continue
            assert record["status"] == "ok", record["reason"]
            assert record["metrics"]["f1@own"] is not None
            assert record["warnings"] == []
            kept = TrialFolder(folder)
            assert kept.history()
            assert kept.summary()
            assert kept.reference_scores()
            assert bool(kept.parts()) is (name != "mcgan")
            assert kept.figures()
            assert "Warning" not in (folder / "log.txt").read_text()
    assert result.returncode == 0, result.stderr
    page = unquote((session.folder / "leaderboards" / "index.html").read_text())
    drawn = list((session.folder / "leaderboards" / "plots").glob("*.png"))
    kinds = {path.name.partition("--")[0] for path in drawn}
    assert kinds >= {"scores", "parts", "reference", "frames", "training", "detector", "roc"}
    assert all(f"plots/{path.name}" in page for path in drawn)


@pytest.mark.parametrize(
    "detector",
    [
        MADGANDetector(window=10, step=5, components=2, epochs=1, epoch_windows=200),
        MCGANDetector(window=10, epochs=1, draws=200, references=100),
    ],
    ids=lambda d: type(d).__name__,
)
def test_a_stretch_is_scored_as_if_it_were_alone(detector):
    """No window reaches over a gap, and a stretch shorter than a window has scores, too."""
    X = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    detector.fit(X, segments=(0, 150, 155))
    begins = (0, 90, 94, 130)
    whole = detector.decision_function(X[:200], segments=begins)
    parts = [
        detector.decision_function(X[a:b]) for a, b in zip(begins, (*begins[1:], 200), strict=True)
    ]
    assert np.isfinite(whole).all()
    assert np.allclose(whole, np.concatenate(parts), rtol=1e-4, atol=1e-6)
    assert not np.allclose(whole, detector.decision_function(X[:200]), rtol=1e-4, atol=1e-6)
