"""Simulated connections: attacks are traffic, and their features are what such traffic gives."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit_datasets.kdd99.attacks import ATTACKS
from benchkit_datasets.kdd99.columns import NUMERIC
from benchkit_datasets.kdd99.flows import DAY, FLAGS, flows
from benchkit_datasets.kdd99.simulate import KEPT, kept_rows, records_of, simulated_flows


class Connections:
    """The test part before any row is left out: connections and their features."""

    def __init__(self):
        self.train, self.flows = simulated_flows(0)
        self.records = records_of(self.flows)
        self.kind = self.flows["kind"].to_numpy(str)

    def __getitem__(self, key):
        """Return a feature of one kind of connections: made["smurf", "count"]."""
        kind, name = key
        return self.records.numbers[self.kind == kind, NUMERIC.index(name)]

    def made(self, kind):
        """Return the connections of a kind."""
        return self.flows[self.kind == kind]


@pytest.fixture(scope="module")
def made():
    """Simulate once for all tests."""
    return Connections()


def flags_of(part):
    """Return the share of each flag."""
    return {
        FLAGS[code]: share for code, share in part["flag"].value_counts(normalize=True).items()
    }


def test_every_kind_of_attack_happens_in_the_test_part_only(made):
    assert set(made.train["kind"]) == {"normal"}
    assert set(made.kind) == {"normal", *(attack.kind for attack in ATTACKS)}


def test_the_order_is_day_destination_time(made):
    """As in the original files."""
    day, host, time = (
        made.flows["time"] // DAY,
        made.flows["host"].to_numpy(),
        made.flows["time"].to_numpy(),
    )
    assert np.array_equal(np.lexsort((time, host, day)), np.arange(len(time)))


def test_only_normal_rows_and_floods_are_thinned(made):
    """Every tenth of them stays; of the rare attacks all."""
    kept = made.kind[kept_rows(made.kind)]
    thinned = {"normal", *(attack.kind for attack in ATTACKS if attack.thinned)}
    before = sum(np.isin(made.kind, list(thinned)))
    assert sum(np.isin(kept, list(thinned))) == before // KEPT
    for kind in set(made.kind) - thinned:
        assert (kept == kind).sum() == (made.kind == kind).sum()


def test_neptune_floods_ports_with_half_open_connections(made):
    """Or with refused ones, where the host refuses: hundreds in two seconds, a few a port."""
    assert set(flags_of(made.made("neptune"))) == {"S0", "REJ"}
    assert np.median(made["neptune", "count"]) > 100
    assert np.median(made["neptune", "same_srv_rate"]) < 0.1
    assert (made["neptune", "serror_rate"] + made["neptune", "rerror_rate"]).min() > 0.99
    assert np.median(made["neptune", "serror_rate"]) == 1
    assert made["neptune", "src_bytes"].max() == 0


def test_smurf_is_a_flood_of_echo_replies(made):
    assert (made["smurf", "count"] == 511).mean() > 0.9
    assert np.array_equal(made["smurf", "count"], made["smurf", "srv_count"])
    assert set(made["smurf", "src_bytes"]) <= {520, 1032}
    protocol = made.records.symbols["protocol_type"][made.kind == "smurf"]
    assert set(protocol) == {"icmp"}


def test_portsweep_meets_refusals_from_many_ports_of_a_host(made):
    assert np.median(made["portsweep", "count"]) <= 3
    assert made["portsweep", "count"].max() > 100
    assert np.median(made["portsweep", "dst_host_rerror_rate"]) > 0.9
    assert np.median(made["portsweep", "dst_host_diff_srv_rate"]) > 0.9
    assert np.median(made["portsweep", "dst_host_srv_count"]) == 1


def test_satan_tries_every_port_fast(made):
    assert np.median(made["satan", "count"]) > 400
    assert np.median(made["satan", "diff_srv_rate"]) > 0.9
    assert np.median(made["satan", "rerror_rate"]) > 0.7
    assert np.median(made["satan", "same_srv_rate"]) < 0.01


def test_back_looks_like_browsing_but_for_its_requests(made):
    assert set(made["back", "src_bytes"]) == {54_540}
    assert np.median(made["back", "count"]) < 6
    assert flags_of(made.made("back"))["SF"] > 0.9
    words = made.records.symbols["service"][made.kind == "back"]
    assert set(words) == {"http"}


def test_guess_passwd_is_one_failed_log_in_after_another(made):
    assert set(made["guess_passwd", "num_failed_logins"]) == {1}
    assert set(made.records.symbols["service"][made.kind == "guess_passwd"]) == {"telnet"}
    assert flags_of(made.made("guess_passwd"))["RSTO"] > 0.7
    assert np.median(made["guess_passwd", "rerror_rate"]) == 1


def test_ipsweep_asks_many_hosts_once(made):
    assert set(made["ipsweep", "count"]) <= {1, 2}
    assert np.median(made["ipsweep", "srv_count"]) > 20
    assert np.median(made["ipsweep", "srv_diff_host_rate"]) > 0.9


def test_the_slow_scan_never_has_two_probes_in_a_window(made):
    """Nearly never: probes are a minute or two apart."""
    assert (made["slow_scan", "count"] == 1).mean() > 0.95
    assert (made["slow_scan", "srv_count"] == 1).mean() > 0.95
    part = made.made("slow_scan")
    assert part["host"].nunique() > 30
    assert part.groupby(part["time"] // DAY)["time"].agg(np.ptp).min() > 3600


def test_a_page_is_a_burst_of_connections_of_one_client(made):
    """Normal rows resemble one another as in the real files: bursts, and pages seen again."""
    web = made.train[made.train["port"] == 80]
    done = web[web["flag"] == FLAGS.index("SF")]
    counts = records_of(made.train).numbers[:, NUMERIC.index("count")]
    assert 4 <= np.median(counts[(made.train["port"] == 80).to_numpy()]) <= 8
    objects = done.groupby(["src_bytes", "dst_bytes"]).ngroups
    assert objects < len(done) / 1.5


def test_connections_know_no_other_feature():
    with pytest.raises(TypeError, match="connections have no srcbytes"):
        flows("normal", np.zeros(3), "http", source=1, host=2, srcbytes=4)
