"""Registration of kdd99: light, imports nothing of the dataset."""

from __future__ import annotations

from benchkit.registry.specs import Card, DatasetSpec

_WHERE = "from http://kdd.ics.uci.edu/databases/kddcup99/"
_FIRST = (
    "run once with a network (20 MB), or put kddcup.data.gz and kddcup.data_10_percent.gz "
    f"{_WHERE}, or the MAD-GAN authors' two npy files, into $BENCHKIT_DATA/kdd99"
)
OBTAIN = {
    "madgan": f"{_FIRST}.",
    "clean": f"{_FIRST}.",
    "corrected": (
        "run once with a network (4 MB), or put kddcup.data_10_percent.gz and corrected.gz "
        f"{_WHERE} into $BENCHKIT_DATA/kdd99."
    ),
}
"""How to get the files of each split, after "To get it,"."""

KDD99 = DatasetSpec(
    name="kdd99",
    summary="KDD Cup 1999: network connections with attacks among them",
    target="benchkit_datasets.kdd99.dataset:Kdd99",
    modality="series",
    variants=("real", "sim"),
    fetched=True,
    reference=(
        "Stolfo, Fan, Lee, Prodromidis, Chan 2000, Cost-based modeling for fraud and intrusion "
        "detection; the split is that of Li et al. 2019, arXiv 1901.04997"
    ),
    card=Card(
        origin=(
            "real: TCP dump of the DARPA 1998 intrusion detection evaluation, made into "
            "connection records for the KDD Cup 1999. sim: connections between the hosts of a "
            "simulated network, with traffic features computed from them by the rules of KDD99; "
            "it has no row of KDD99."
        ),
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        obtain=f"{_FIRST}; split=corrected needs corrected.gz in place of kddcup.data.gz.",
        flaws=(
            "59.45 % of the normal test rows also occur in train, and no attack row does: they "
            "are every tenth of the first training rows, so a detector that only memorises "
            "training rows looks good (split madgan). split=clean drops them; 91 % of the "
            "remaining rows are attacks.",
            "80 % of the test rows are attacks, so always raising the alarm has F1 0.89 (split "
            "madgan), or 0.95 (split clean).",
            "The attacks come in 489 label runs, the longest 193,507 rows: neighbouring rows "
            "are far from independent, and most attack rows are smurf or neptune floods.",
            "The plain distance from the training mean has AUC-ROC 0.99 (split madgan) or 0.98 "
            "(split clean), and the feature count alone 0.99: a high score on this dataset is "
            "weak evidence.",
            "Columns 4 and 15 of the 34 (wrong_fragment and num_outbound_cmds) are constant in "
            "train; column 4 varies in test (split madgan).",
            "Rows are connections, ordered by destination before time, and in test only every "
            "tenth of the normal ones and of the floods: neighbouring rows were not consecutive "
            "in time, and there are no timestamps.",
            "Seven of the 41 features, among them service and flag, are not in splits madgan "
            "and clean.",
            "The normal rows of test are partly from later weeks than those of train and have "
            "traffic that does not occur in train (13 % are polls and reports of one gateway).",
            "In split corrected the test file has attacks and services that do not occur in "
            "training; unknown services are encoded as zeros.",
            "The traffic was itself simulated, after an air-force base of 1998: McHugh 2000 and "
            "Mahoney and Chan 2003 show that it was never validated against real traffic and has "
            "artefacts that reveal attacks.",
            "sim has ten kinds of attack, about 60 % of its test rows, with more of the rare ones "
            "than the real one, and no normal test row taken from train. It serves to run "
            "detectors without the real data: its results do not predict those on KDD99.",
        ),
    ),
)
