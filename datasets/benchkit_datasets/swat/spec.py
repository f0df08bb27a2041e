"""Registration of swat: light, imports nothing of the dataset."""

from __future__ import annotations

from benchkit.registry.specs import Card, DatasetSpec

SWAT = DatasetSpec(
    name="swat",
    summary="Secure Water Treatment: 51 sensors and actuators of a water plant under attack",
    target="benchkit_datasets.swat.dataset:Swat",
    modality="series",
    variants=("real", "sim"),
    added=True,
    reference=(
        "Goh, Adepu, Junejo, Mathur 2016, A dataset to support research in the design of secure "
        "water treatment systems (CRITIS)"
    ),
    card=Card(
        origin=(
            "real: SWaT.A1 & A2, December 2015, eleven days of a water treatment testbed at the "
            "Singapore University of Technology and Design, one row a second: 496,800 rows of "
            "normal operation (v1: 495,000) and 449,919 with attacks. sim: a simulated plant "
            "with the same 51 tags and no value of SWaT."
        ),
        licence=(
            "real: iTrust's terms of use, available on request; no redistribution. The arrays "
            "that benchkit makes of it stay on this machine. sim: the licence of benchkit."
        ),
        obtain=(
            "request SWaT.A1 & A2 from iTrust (https://itrust.sutd.edu.sg/itrust-labs_datasets/) "
            "and then run `benchkit data add swat PATH` with the files, their folder or a zip."
        ),
        flaws=(
            "54,621 of the 449,919 test rows are anomalous (12.14 %), in 35 events of 101 to "
            "35,900 rows (median 444): one event, rows 227,828 to 263,727, has 66 % of them, so "
            "point-wise metrics depend mostly on it.",
            "Always raising the alarm has F1 0.2165.",
            "With point adjustment and the best threshold, noise has F1 0.987 on labels like "
            "these: point-adjusted results on SWaT show nothing.",
            "Plain baselines do as well as deep detectors here (Sarfraz et al. 2024, arXiv "
            "2405.02678).",
            "The plant starts up in the first hours of the training part: Li et al. 2019 drop "
            "21,600 rows of v0, Deng and Hooi 2021 as much after medians of 10; results with "
            "another warm-up, version or down-sampling are not comparable.",
            "81 seconds are missing from the attack recording: no window spans a gap.",
            "37 labels are misspelt 'A ttack': a comparison with 'Attack' misses them, a "
            "comparison with 'Normal' does not.",
            "Some published results label every row of the attack file as an attack, or select "
            "threshold, epoch and weights on the test labels.",
            "A univariate series of 5-minute values and a simulated file of 500 rows are in "
            "circulation under this name; both are rejected.",
            "sim has 36 attacks after the published catalogue and serves to run detectors "
            "without the real data: its results do not predict those on SWaT.",
        ),
    ),
)
