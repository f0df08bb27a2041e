"""Cache of the trained autoencoder, which all members of the dataset share."""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from dataclasses import astuple
from pathlib import Path

import numpy as np
import torch

from benchkit.data import DataUnavailable, cache_folder
from benchkit.files import is_file
from benchkit_datasets.mnist_seq.morph import networks
from benchkit_datasets.mnist_seq.morph import training as training_module
from benchkit_datasets.mnist_seq.morph.networks import AutoencoderSize, ConditionalVAE
from benchkit_datasets.mnist_seq.morph.settings import AutoencoderConfig
from benchkit_datasets.mnist_seq.morph.training import train


def load_or_train(
    images: np.ndarray, digits: np.ndarray, config: AutoencoderConfig
) -> tuple[ConditionalVAE, tuple[str, ...]]:
    """Return the network trained on images, from the cache if possible.

    The cache key is a hash of the images, their digits, the configuration and the source code of
    the training. A damaged file is replaced by training again, and a note says so.

    Returns
    -------
    network
        Without gradients.
    notes
        Empty unless a damaged file was replaced.

    Parameters
    ----------
    images, digits
        uint8 (n, height, width) and (n,).
    config
        Size of the network and training.

    Raises
    ------
    DataUnavailable
        The cache cannot be written to.
    """
    key = _fingerprint(images, digits, config)
    file = cache_folder() / "mnist-seq" / f"autoencoder-{key}.npz"
    notes: tuple[str, ...] = ()
    if is_file(file):
        try:
            size = AutoencoderSize(images[0].size, config.hidden, config.latent)
            return _read(file, size), ()
        except (OSError, ValueError, EOFError, KeyError, RuntimeError, zipfile.BadZipFile):
            notes = (f"{file} was damaged; the autoencoder was trained again.",)
    network = train(images, digits, config)
    _write(network, file)
    return network, notes


def _fingerprint(images: np.ndarray, digits: np.ndarray, config: AutoencoderConfig) -> str:
    digest = hashlib.sha256(repr((images.shape, astuple(config))).encode())
    for array in (images, digits):
        digest.update(np.ascontiguousarray(array).data)
    for module in (networks, training_module):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]


def _read(file: Path, size: AutoencoderSize) -> ConditionalVAE:
    network = ConditionalVAE(size, np.random.default_rng(0))
    with np.load(file, allow_pickle=False) as kept:
        state = {name: torch.from_numpy(kept[name]) for name in kept.files}
    network.load_state_dict(state)
    return network.requires_grad_(False)


def _write(network: ConditionalVAE, file: Path) -> None:
    """Write the weights to a file atomically."""
    part = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}.part")
    # Weights are multiples of `GRID`, which single precision represents exactly.
    arrays = {name: w.numpy().astype(np.float32) for name, w in network.state_dict().items()}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as opened:
                np.savez(opened, **arrays)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataUnavailable(
            f"the cache {file.parent} cannot be written to, {error.strerror}: set BENCHKIT_CACHE"
        ) from error
