"""Registration of the built-in detectors; importing it imports no detector."""

from __future__ import annotations

from collections.abc import Callable

from benchkit import hookimpl
from benchkit.registry import DetectorSpec
from benchkit_detectors.madgan.paper import PAPER
from benchkit_detectors.madgan_cnn.presets import PAPER as CNN_PAPER
from benchkit_detectors.mcgan.described import DESCRIBED

_MADGAN = (
    "Li et al. 2019, MAD-GAN: multivariate anomaly detection for time series data with "
    "generative adversarial networks, arXiv 1901.04997"
)

DETECTORS = (
    DetectorSpec(
        name="madgan",
        summary="GAN of LSTMs: how badly it reproduces the windows around a row",
        target="benchkit_detectors.madgan.detector:MADGANDetector",
        modalities=("series", "image-sequence"),
        presets={"paper": PAPER},
        requires=("torch", "sklearn.decomposition"),
        reference=_MADGAN,
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="madgan-cnn",
        summary="GAN for image sequences: reconstruction, discriminator, fit to the sequence",
        target="benchkit_detectors.madgan_cnn.detector:MADGANCNNDetector",
        modalities=("image-sequence",),
        presets={"paper": CNN_PAPER},
        requires=("torch",),
        reference=_MADGAN,
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="mcgan",
        summary="distance to a GAN's draws, with a threshold from their Monte-Carlo distribution",
        target="benchkit_detectors.mcgan.detector:MCGANDetector",
        modalities=("series", "image-sequence"),
        presets={"described": DESCRIBED},
        requires=("torch",),
        reference="MC-GAN notebook; Goodfellow et al. 2014; Li & Malik 2018; Qin & Zhang 1997",
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="pca",
        summary="reconstruction error outside the principal subspace of the training rows",
        target="benchkit_detectors.baselines.pca:PCADetector",
        reference="Shyu et al. 2003, A novel anomaly detection scheme based on PCA",
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="iforest",
        summary="isolation forest: how few random splits isolate a row",
        target="sklearn.ensemble:IsolationForest",
        presets={"paper": {"n_estimators": 100, "max_samples": 256}},
        requires=("sklearn.ensemble",),
        reference="Liu, Ting & Zhou 2008, Isolation forest",
        licence="BSD-3-Clause",
    ),
    DetectorSpec(
        name="knn",
        summary="distance to the k-th nearest of a sample of the training rows",
        target="benchkit_detectors.baselines.knn:KNNDetector",
        requires=("sklearn.neighbors",),
        reference="Ramaswamy, Rastogi & Shim 2000, Efficient algorithms for mining outliers",
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="random",
        summary="sanity baseline: a random number for every row",
        target="benchkit_detectors.baselines.sanity:RandomDetector",
        sanity=True,
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="constant",
        summary="sanity baseline: the same score for every row, so the oracle always alarms",
        target="benchkit_detectors.baselines.sanity:ConstantDetector",
        sanity=True,
        licence="Apache-2.0",
    ),
    DetectorSpec(
        name="distance",
        summary="sanity baseline: distance from the training mean, channels standardised",
        target="benchkit_detectors.baselines.sanity:DistanceDetector",
        sanity=True,
        licence="Apache-2.0",
    ),
)


@hookimpl
def benchkit_register_detectors(register: Callable[[DetectorSpec], None]) -> None:
    """Register the built-in detectors."""
    for spec in DETECTORS:
        register(spec)
