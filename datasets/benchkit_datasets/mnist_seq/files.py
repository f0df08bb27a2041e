"""The four files of MNIST: local names and download addresses."""

from __future__ import annotations

from benchkit.data.download import RemoteFile

_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


_ENDINGS = (".gz", "", ".bz2", ".xz", ".zip")


def _file(name: str, packed: str, plain: str) -> RemoteFile:
    # Unpacking tools and some mirrors write train-images.idx3-ubyte, one in a folder called
    # train-images-idx3-ubyte; torchvision has a folder of its own.
    dotted = name.replace("-idx", ".idx")
    also = [f"mnist/{form}{ending}" for ending in _ENDINGS for form in (name, dotted)]
    also += [f"mnist/{name}/{name}", f"MNIST/raw/{name}.gz", f"MNIST/raw/{name}"]
    return RemoteFile(
        f"mnist/{name}.gz",
        packed,
        tuple(f"{mirror}{name}.gz" for mirror in _MIRRORS),
        unpacked=plain,
        also=tuple(also),
    )


FILES: tuple[RemoteFile, ...] = (
    _file(
        "train-images-idx3-ubyte",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    _file(
        "train-labels-idx1-ubyte",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    _file(
        "t10k-images-idx3-ubyte",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    _file(
        "t10k-labels-idx1-ubyte",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
"""Images and labels for training, then for testing. The second sha256 is of unpacked bytes."""
