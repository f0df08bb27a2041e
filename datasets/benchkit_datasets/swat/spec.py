"""What swat says about itself before anything of it is imported."""

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
            "with the same 51 tags; not one value of it is SWaT's."
        ),
        licence=(
            "real: iTrust's terms of use, given on request; it may not be passed on, and benchkit "
            "keeps what was made of it on this machine only. sim: that of benchkit."
        ),
        obtain=(
            "request SWaT.A1 & A2 from iTrust (https://itrust.sutd.edu.sg/itrust-labs_datasets/) "
            "and then run `benchkit data add swat PATH` with the files, their folder or a zip."
        ),
        flaws=(
            "54,621 of the 449,919 test rows are anomalous (12.14 %), in 35 events of 101 to "
            "35,900 rows (median 444): one event, rows 227,828 to 263,727, has 66 % of them, so "
            "a metric over rows is mostly about that one.",
            "Raising the alarm always has F1 0.2165.",
            "With point adjustment and the best threshold, noise has F1 0.987 on labels like "
            "these: point-adjusted results on SWaT show nothing.",
            "Plain baselines do as well as deep detectors here (Sarfraz et al. 2024, arXiv "
            "2405.02678).",
            "The plant starts up in the first hours of the training part: Li et al. 2019 drop "
            "21,600 rows of v0, Deng and Hooi 2021 as much after medians of 10; results with "
            "another warm-up, version or down-sampling are not comparable.",
            "81 seconds are missing from the attack recording: no window goes across.",
            "37 labels are misspelt 'A ttack'; who compares with 'Attack' loses them, and who "
            "compares with 'Normal' does not.",
            "Results are published that label every row of the attack file as an attack, or that "
            "choose threshold, epoch and weights on the test labels.",
            "A one-channel series of 5-minute values and a simulated file of 500 rows circulate "
            "under this name; both are refused.",
            "sim has 36 attacks after the published catalogue and is there to run detectors "
            "without data: its numbers say nothing about SWaT.",
        ),
    ),
)
