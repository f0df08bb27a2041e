"""Affiliation metrics against the values that their article and its authors publish."""

from __future__ import annotations

import gzip
from fractions import Fraction

import numpy as np
import pytest

from benchkit.metrics import (
    affiliation_f1,
    affiliation_precision,
    affiliation_recall,
    f1,
)

ARTICLE = {
    "machinetemp_trivial": "1.00/0.50/0.66",
    "machinetemp_adversary": "0.49/1.00/0.66",
    "machinetemp_greenhouse": "0.71/0.99/0.83",
    "machinetemp_lstmad": "0.50/1.00/0.67",
    "machinetemp_luminol": "0.54/0.99/0.70",
    "nyctaxi_trivial": "1.00/0.30/0.46",
    "nyctaxi_adversary": "0.54/1.00/0.70",
    "nyctaxi_greenhouse": "0.51/0.99/0.67",
    "nyctaxi_lstmad": "0.51/1.00/0.67",
    "nyctaxi_luminol": "0.38/0.79/0.51",
    "twitteraapl_trivial": "1.00/0.49/0.66",
    "twitteraapl_adversary": "0.50/1.00/0.67",
    "twitteraapl_greenhouse": "0.78/0.98/0.87",
    "twitteraapl_lstmad": "0.66/0.99/0.79",
    "twitteraapl_luminol": "0.73/0.98/0.83",
    "swat_trivial": "1.00/0.03/0.06",
    "swat_adversary": "0.53/1.00/0.69",
    "swat_iforest": "0.52/0.84/0.64",
    "swat_ocsvm": "0.65/0.70/0.68",
    "swat_seq2seq": "0.86/0.79/0.83",
}
"""Precision, recall and F1 in Table 4 of Huet et al. 2022, by series and detector."""


def read(folder, name):
    """Return the labels or predictions in one of the authors' files."""
    path = folder / "metric_fixtures" / "affiliation" / f"{name}.gz"
    if not path.is_file():
        pytest.skip("metric_fixtures is not among the real files")
    return np.array(gzip.decompress(path.read_bytes()).split(), dtype=int)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ARTICLE)
def test_is_what_the_article_prints(name, real_data):
    """Real labels and real predictions, the 449,919 rows of SWaT among them."""
    labels, alarms = read(real_data, f"{name.split('_')[0]}_groundtruth"), read(real_data, name)
    values = [
        m(labels, alarms) for m in (affiliation_precision, affiliation_recall, affiliation_f1)
    ]
    assert "/".join(f"{value:.2f}" for value in values) == ARTICLE[name]


@pytest.mark.real_data
def test_point_f1_of_a_real_prediction(real_data):
    """Isolation forest on SWaT, as published beside the labels."""
    value = f1(read(real_data, "swat_groundtruth"), read(real_data, "swat_iforest"))
    assert round(value, 4) == 0.4301


def flags(n, spans):
    """Return n flags that are true in the spans."""
    found = np.zeros(n, dtype=bool)
    for start, stop in spans:
        found[start:stop] = True
    return found


def test_the_example_of_the_article():
    """Its Figure 2, in seconds; the numbers of the second event are printed there."""
    events = [(0, 600), (3000, 4200), (10200, 10500)]
    alarms = [
        (300, 360), (420, 600), (660, 720), (2400, 3600), (6900, 7800), (8100, 8400), (9900, 10200)
    ]  # fmt: skip
    # The zones end half way between events: seconds 1800 and 7200.
    labels = flags(10800, events)
    one = flags(10800, [(3000, 4200)])[1800:7200]
    alone = flags(10800, alarms)[1800:7200]
    assert affiliation_precision(one, alone) == pytest.approx(0.672222222, abs=1e-9)
    assert affiliation_recall(one, alone) == pytest.approx(0.944444444, abs=1e-9)
    parts = [
        (affiliation_precision(labels[a:b], flags(10800, alarms)[a:b]), b - a)
        for a, b in ((0, 1800), (1800, 7200), (7200, 10800))
    ]
    whole = affiliation_precision(labels, flags(10800, alarms))
    assert whole == pytest.approx(float(np.mean([p for p, _ in parts])), abs=1e-12)


def test_random_alarms_get_one_half():
    """What the metric is normalised to: chance is not 0."""
    generator = np.random.default_rng(0)
    labels = flags(20_000, [(4000, 4010), (14_000, 14_010)])
    one_each = [
        flags(20_000, [(a, a + 1), (10_000 + b, 10_001 + b)])
        for a, b in generator.integers(0, 10_000, size=(400, 2))
    ]
    assert np.mean([affiliation_precision(labels, a) for a in one_each]) == pytest.approx(
        0.5, abs=0.03
    )
    assert np.mean([affiliation_recall(labels, a) for a in one_each]) == pytest.approx(
        0.5, abs=0.03
    )


def test_by_hand():
    """Event [2, 3) in a zone of 5: an alarm at [4, 5) is 1 to 2 away, as is one place in five."""
    labels, alarms = np.array([0, 0, 1, 0, 0]), np.array([0, 0, 0, 0, 1])
    # Distance d from 1 to 2 leaves (2 - d) on either side: the mean of 2 (2 - d) / 5.
    assert affiliation_precision(labels, alarms) == pytest.approx(float(Fraction(1, 5)))
    # From y in [2, 3] it is 4 - y away, and so is what lies above 4 or below 2 y - 4.
    assert affiliation_recall(labels, alarms) == pytest.approx(float(Fraction(2, 5)))
