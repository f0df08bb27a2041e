"""The traffic features are those of their definition, counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit_datasets.kdd99.columns import COLUMNS
from benchkit_datasets.kdd99.traffic import Stream, traffic_features


def one_by_one(stream, seconds=2.0, last=255):
    """Count every window with plain loops."""
    rows = []
    for i in range(len(stream.time)):
        row = {}
        recent = [j for j in range(i + 1) if stream.time[j] >= stream.time[i] - seconds]
        window = list(range(max(0, i - last + 1), i + 1))
        for prefix, seen in (("", recent), ("dst_host_", window)):
            host = [j for j in seen if stream.host[j] == stream.host[i]]
            service = [j for j in seen if stream.service[j] == stream.service[i]]
            row[f"{prefix}count"] = len(host)
            row[f"{prefix}srv_count"] = len(service)
            same = sum(stream.service[j] == stream.service[i] for j in host)
            row[f"{prefix}same_srv_rate"] = same / len(host)
            row[f"{prefix}diff_srv_rate"] = (len(host) - same) / len(host)
            other = sum(stream.host[j] != stream.host[i] for j in service)
            row[f"{prefix}srv_diff_host_rate"] = other / len(service)
            for kind, error in (("serror", stream.syn_error), ("rerror", stream.rej_error)):
                row[f"{prefix}{kind}_rate"] = sum(error[j] for j in host) / len(host)
                row[f"{prefix}srv_{kind}_rate"] = sum(error[j] for j in service) / len(service)
            if prefix:
                port = sum(stream.source_port[j] == stream.source_port[i] for j in host)
                row["dst_host_same_src_port_rate"] = port / len(host)
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def random_stream(seed, rows=400):
    """Return a stream with few codes, so that windows hold many of each."""
    rng = np.random.default_rng(seed)
    error = rng.integers(0, 4, rows)
    # Whole quarters of a second, so that ties and the edge of the window occur.
    time = np.sort(rng.integers(0, rows // 2, rows)) / 4
    return Stream(
        time,
        rng.integers(0, 4, rows),
        rng.integers(0, 3, rows),
        rng.integers(0, 5, rows),
        error == 1,
        error == 2,
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_fast_counts_equal_slow_ones(seed):
    """All 19 features, on streams longer than the host window."""
    stream = random_stream(seed)
    fast, slow = traffic_features(stream), one_by_one(stream)
    assert set(fast) == set(slow) == set(COLUMNS[22:])
    for name, values in slow.items():
        np.testing.assert_allclose(fast[name], values, atol=1e-12, err_msg=name)


def test_what_comes_later_changes_nothing():
    """A connection's features look back only."""
    whole = random_stream(3)
    part = Stream(*(getattr(whole, name)[:150] for name in vars(whole)))
    for name, values in traffic_features(part).items():
        assert np.array_equal(values, traffic_features(whole)[name][:150])
