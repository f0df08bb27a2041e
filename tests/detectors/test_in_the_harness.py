"""The GAN detectors in a run of the command, as their users have them."""

from __future__ import annotations

import pytest

QUICK = {
    "madgan": "madgan[epochs=1,epoch_windows=64]",
    "madgan-cnn": "madgan-cnn[steps=10]",
    "mcgan": "mcgan[epochs=1,draws=500,references=200]",
}


@pytest.mark.slow
def test_every_gan_detector_gets_onto_the_boards(session):
    """Forked from the warm server, on simulated data, with curves and a threshold of its own."""
    # Two at once, so that each has one thread: two that other tests crowd out would crawl.
    options = ("-D", "kdd99,mnist-seq/all", "--variant", "sim", "-j", "2")
    result = session.benchkit("run", "-d", ",".join(QUICK.values()), *options, timeout=220)
    found = {(r["detector"]["name"], r["dataset"]["name"]): (r, f) for r, f in session.records()}
    for name in QUICK:
        for data in ("kdd99", "mnist-seq"):
            record, folder = found[name, data]
            if (name, data) == ("madgan-cnn", "kdd99"):
                assert record["status"] == "not_applicable"
                continue
            assert record["status"] == "ok", record["reason"]
            assert record["metrics"]["f1@own"] is not None
            assert (folder / "history.json").exists()
            assert "Warning" not in (folder / "log.txt").read_text()
    assert result.returncode == 0, result.stderr
