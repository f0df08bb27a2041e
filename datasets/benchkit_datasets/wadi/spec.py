"""Registration of wadi: light, imports nothing of the dataset."""

from __future__ import annotations

from benchkit.registry.specs import Card, DatasetSpec

WADI = DatasetSpec(
    name="wadi",
    summary="Water Distribution: 123 sensors and actuators of a water network under attack",
    target="benchkit_datasets.wadi.dataset:Wadi",
    modality="series",
    variants=("real", "sim"),
    added=True,
    reference=(
        "Ahmed, Palleti, Mathur 2017, WADI: a water distribution testbed for research in the "
        "design of secure cyber physical systems (CySWATER)"
    ),
    card=Card(
        origin=(
            "real: WADI.A1 (9 October 2017) or WADI.A2 (19 November 2019), 16 days of a water "
            "distribution testbed at the Singapore University of Technology and Design, one row "
            "a second: 1,209,601 rows of normal operation (A2: 784,571) and 172,801 with attacks. "
            "sim: a simulated network with the same 123 tags and no value of WADI."
        ),
        licence=(
            "real: iTrust's terms of use, available on request; no redistribution. The arrays "
            "that benchkit makes of it stay on this machine. sim: the licence of benchkit."
        ),
        obtain=(
            "request WADI from iTrust (https://itrust.sutd.edu.sg/itrust-labs_datasets/) and then "
            "run `benchkit data add wadi PATH` with the files, their folder or a zip."
        ),
        flaws=(
            "The two versions label the same two days differently: A1 by published attack times, "
            "9,948 rows (5.757 %), A2 by a column, 9,977 rows (5.774 %), 14 events each; other "
            "counts are published for both, and results on different ones are not comparable.",
            "The training part of A2 leaves out 264,000 seconds between its row numbers 335,998 "
            "and 599,999: no window spans this gap.",
            "Four of the 127 tags are empty and dropped; single missing values are "
            "forward-filled.",
            "The time column of A2 lacks the hours: the row number gives the time.",
            "Copies of A1 that a spreadsheet program cut at 1,048,576 lines are in "
            "circulation; they are rejected.",
            "Always raising the alarm has F1 0.11.",
            "With point adjustment and the best threshold, noise has F1 0.959 on labels like "
            "these: point-adjusted results on WADI show nothing.",
            "Plain baselines do as well as deep detectors here (Sarfraz et al. 2024, arXiv "
            "2405.02678).",
            "sim has 15 attacks and serves to run detectors without the real data: its results "
            "do not predict those on WADI.",
        ),
    ),
)
