"""Registration of mnist-seq: light, imports nothing of the dataset."""

from __future__ import annotations

from benchkit.registry.specs import Card, DatasetSpec
from benchkit_datasets.mnist_seq.members import MEMBERS

MNIST_SEQ = DatasetSpec(
    name="mnist-seq",
    summary="MNIST digits in sequences; anomalous frames show another digit",
    target="benchkit_datasets.mnist_seq.dataset:MnistSeq",
    modality="image-sequence",
    variants=("real", "sim"),
    fetched=True,
    members=MEMBERS,
    default_members=("1v7", "all"),
    reference="LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to documents",
    card=Card(
        origin=(
            "real: handwritten digits of MNIST, 28 x 28. sim: the 1,797 digits of 8 x 8 that "
            "come with scikit-learn (UCI, Alpaydin and Kaynak 1998). Sequences are made here, "
            "train from the training split and test from the test split. style=morph: a "
            "conditional variational autoencoder, trained on the training split, turns one image "
            "into the next, as in the MAD-GAN replication. style=frames: each frame is an image, "
            "used at most once."
        ),
        licence="CC BY-SA 3.0 (MNIST); CC BY 4.0 (the small digits)",
        obtain=(
            "run once with a network (12 MB), or put MNIST's four idx .gz files from "
            "https://ossci-datasets.s3.amazonaws.com/mnist/ into $BENCHKIT_DATA/mnist."
        ),
        flaws=(
            "style=morph: frames are decoded by an autoencoder and smoother than real images. In "
            "half of the anomalous frames the share of the other digit is below three quarters; "
            "metrics are given with and without these.",
            "style=frames: the frames of a sequence are independent images without motion. "
            "In both, every anomalous sequence has the same number of anomalous frames.",
            "Members with one normal digit can be easy: on 1 against 7 the distance from the mean "
            "has AUC-ROC 0.987 (frames 0.990), in 5 against 3 0.752 (0.694). Only in all, where "
            "it has 0.460 (0.499), must a detector infer the digit of a sequence; there the mean "
            "change from frame to frame alone has 0.666 (0.714).",
            "A few MNIST labels are known to be wrong; they are used as they are.",
            "sim has 8 x 8 frames. Of style=morph, an image is an anchor of several sequences; of "
            "style=frames, members with one normal digit have 7 test sequences at most. Its "
            "results do not predict those on MNIST.",
        ),
    ),
)
