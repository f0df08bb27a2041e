"""The traffic features are those of their definition, counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from benchkit_datasets.kdd99.columns import COLUMNS
from benchkit_datasets.kdd99.traffic import ConnectionStream, traffic_features


def one_by_one(stream, seconds=2.0, most=511, last=255):
    """Count every window with plain loops, in the words of the module's docstring."""
    rows = []
    for i in range(len(stream.time)):
        row = {}
        mine = [j for j in range(len(stream.time)) if stream.source[j] == stream.source[i]]
        mine.sort(key=lambda j: (stream.time[j], j))
        recent = mine[: mine.index(i) + 1][-most:]
        recent = [j for j in recent if stream.time[j] >= stream.time[i] - seconds]
        window = range(max(0, i - last + 1), i + 1)
        for prefix, seen in (("", recent), ("dst_host_", window)):
            host = [j for j in seen if stream.host[j] == stream.host[i]]
            service = [j for j in seen if stream.service[j] == stream.service[i]]
            row[f"{prefix}count"] = len(host)
            row[f"{prefix}srv_count"] = len(service)
            same = sum(stream.service[j] == stream.service[i] for j in host)
            row[f"{prefix}same_srv_rate"] = same / len(host)
            services = len({int(stream.service[j]) for j in host})
            row[f"{prefix}diff_srv_rate"] = services / len(host) if services > 1 else 0
            hosts = len({int(stream.host[j]) for j in service})
            row[f"{prefix}srv_diff_host_rate"] = hosts / len(service) if hosts > 1 else 0
            for kind, error in (("serror", stream.syn_error), ("rerror", stream.rej_error)):
                row[f"{prefix}{kind}_rate"] = sum(error[j] for j in host) / len(host)
                row[f"{prefix}srv_{kind}_rate"] = sum(error[j] for j in service) / len(service)
            if prefix:
                port = sum(stream.source_port[j] == stream.source_port[i] for j in host)
                row["dst_host_same_src_port_rate"] = port / len(host)
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def random_stream(seed, rows=400, codes=4, sources=3):
    """Return a stream with few codes, so that windows hold many of each; times are in no order."""
    rng = np.random.default_rng(seed)
    error = rng.integers(0, 4, rows)
    # Whole quarters of a second, so that ties and the edge of the window occur.
    return ConnectionStream(
        rng.integers(0, rows // 8, rows) / 4,
        rng.integers(0, sources, rows),
        np.sort(rng.integers(0, codes, rows)) if seed % 2 else rng.integers(0, codes, rows),
        rng.integers(0, 3, rows),
        rng.integers(0, 5, rows),
        error == 1,
        error == 2,
    )


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("codes", [2, 40])
def test_fast_counts_equal_slow_ones(seed, codes):
    """All 19 features, on streams longer than the host window, sorted by destination or not."""
    stream = random_stream(seed, codes=codes)
    fast, slow = traffic_features(stream), one_by_one(stream)
    assert set(fast) == set(slow) == set(COLUMNS[22:])
    for name, values in slow.items():
        np.testing.assert_allclose(fast[name], values, atol=1e-12, err_msg=name)


def test_two_seconds_hold_at_most_511_connections():
    """Of one source; another one's do not count."""
    rows = 700
    same, none = np.zeros(rows, int), np.zeros(rows, bool)
    flood = ConnectionStream(np.arange(rows) / 1000, same, same, same, same, none, none)
    assert traffic_features(flood)["count"].max() == 511
    two = ConnectionStream(flood.time, np.arange(rows) % 2, same, same, same, none, none)
    assert traffic_features(two)["count"].max() == rows / 2


def test_what_comes_later_changes_nothing():
    """A connection's features look back only: in time, and in the file."""
    whole = random_stream(3)
    order = np.argsort(whole.time, kind="stable")
    whole = ConnectionStream(*(getattr(whole, name)[order] for name in vars(whole)))
    part = ConnectionStream(*(getattr(whole, name)[:150] for name in vars(whole)))
    for name, values in traffic_features(part).items():
        assert np.array_equal(values, traffic_features(whole)[name][:150])


def test_no_connections_have_no_features():
    """An empty stream is none to stumble over."""
    empty = ConnectionStream(
        *(np.zeros(0, kind) for kind in (float, int, int, int, int, bool, bool))
    )
    assert all(len(values) == 0 for values in traffic_features(empty).values())
