"""What benchkit ships as datasets, light enough to list without pandas or scikit-learn."""

from __future__ import annotations

from collections.abc import Callable

from benchkit.registry.hooks import hookimpl
from benchkit.registry.specs import DatasetSpec
from benchkit_datasets.kdd99.spec import KDD99
from benchkit_datasets.mnist_seq.spec import MNIST_SEQ
from benchkit_datasets.swat.spec import SWAT
from benchkit_datasets.wadi.spec import WADI

SPECS = (KDD99, MNIST_SEQ, SWAT, WADI)


@hookimpl
def benchkit_register_datasets(register: Callable[[DatasetSpec], None]) -> None:
    """Bring the datasets of this package."""
    for spec in SPECS:
        register(spec)
