"""What mnist-seq says about itself before anything of it is imported."""

from __future__ import annotations

from benchkit.registry.specs import Card, DatasetSpec
from benchkit_datasets.mnist_seq.members import MEMBERS

MNIST_SEQ = DatasetSpec(
    name="mnist-seq",
    summary="MNIST digits in sequences; anomalous frames show another digit",
    target="benchkit_datasets.mnist_seq.dataset:MnistSeq",
    modality="image-sequence",
    variants=("real", "sim"),
    members=MEMBERS,
    default_members=("1v7", "all"),
    reference="LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to documents",
    card=Card(
        origin=(
            "real: handwritten digits of MNIST, 28 x 28. sim: the 1,797 digits of 8 x 8 that "
            "come with scikit-learn (UCI, Alpaydin and Kaynak 1998). Sequences are made here: "
            "each image stands in one place at most, train and test images are disjoint."
        ),
        licence="CC BY-SA 3.0 (MNIST); CC BY 4.0 (the small digits)",
        obtain=(
            "run once with a network (12 MB), or put MNIST's four idx .gz files from "
            "https://ossci-datasets.s3.amazonaws.com/mnist/ into $BENCHKIT_DATA/mnist."
        ),
        flaws=(
            "The frames of a sequence are independent images of one digit: there is no motion, "
            "so in members with one normal digit a detector needs no sense of time.",
            "Members with one normal digit are easy: PCA with 40 components has AUC-ROC 0.998 "
            "on 1 against 7. Only in all must a detector find out what a sequence shows.",
            "Anomalous frames stand at random places and every anomalous sequence has the same "
            "number of them; real anomalies do neither.",
            "A few MNIST labels are known to be wrong; they are used as they are.",
            "sim has 8 x 8 frames and few sequences: its numbers say nothing about MNIST.",
        ),
    ),
)
