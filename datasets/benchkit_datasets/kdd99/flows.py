"""Connections as the simulator makes them, before any traffic feature is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from benchkit_datasets.kdd99.columns import NUMERIC

PROTOCOLS = ("tcp", "udp", "icmp")
FLAGS = ("SF", "REJ", "S0", "S1", "S2", "S3", "SH", "RSTO", "RSTR", "RSTOS0", "OTH")
PORTS = 65_536
DAY = 86_400.0
"""Seconds."""

KNOWN = {
    ("tcp", 20): "ftp_data",
    ("tcp", 21): "ftp",
    ("tcp", 22): "ssh",
    ("tcp", 23): "telnet",
    ("tcp", 25): "smtp",
    ("tcp", 37): "time",
    ("tcp", 79): "finger",
    ("tcp", 80): "http",
    ("tcp", 110): "pop_3",
    ("tcp", 113): "auth",
    ("tcp", 6667): "IRC",
    ("udp", 53): "domain_u",
    ("udp", 123): "ntp_u",
    # ICMP has types where others have ports.
    ("icmp", 0): "ecr_i",
    ("icmp", 3): "urp_i",
    ("icmp", 8): "eco_i",
}
"""Names of services by protocol and port; other ports are private below 1024 and else other."""

PORT_OF = {name: place for place, name in KNOWN.items()}
SERVICES = tuple(sorted({*KNOWN.values(), "other", "private"}))

Flows = pd.DataFrame
"""One row a connection: kind, time, the two hosts, ports, flag, and the features of itself."""

_PLACE = ("time", "source", "host", "protocol", "port", "source_port", "flag")
_CONTENT = tuple(name for name in NUMERIC if not name.endswith(("_rate", "count")))


def flows(kind: str, time: np.ndarray, service: str | tuple[str, int], **values: object) -> Flows:
    """Return connections of one kind.

    Parameters
    ----------
    kind
        ``"normal"`` or the name of an attack.
    time
        Seconds at which each begins, shape (connections,).
    service
        A name of `KNOWN`, or a protocol and port.
    values
        ``source`` and ``host`` (addresses), ``flag`` (a word), ``port``, ``source_port`` and any
        feature that is not computed from traffic: one for all or one for each.
    """
    protocol, port = PORT_OF[service] if isinstance(service, str) else service
    frame: dict[str, object] = dict.fromkeys(_CONTENT, 0.0)
    frame |= {"protocol": PROTOCOLS.index(protocol), "port": port, "source_port": port, "flag": 0}
    frame |= values
    if unknown := frame.keys() - set(_CONTENT) - set(_PLACE):
        raise TypeError(f"connections have no {', '.join(sorted(unknown))}")
    if isinstance(frame["flag"], str):
        frame["flag"] = FLAGS.index(frame["flag"])
    index = pd.RangeIndex(len(time))
    return pd.DataFrame({"kind": kind, "time": time, **frame}, index)


def sort_connections(parts: Sequence[Flows]) -> Flows:
    """Return all connections in the order of the original files: by day, destination and time."""
    whole = pd.concat(parts, ignore_index=True)
    order = np.lexsort((whole["time"], whole["host"], whole["time"] // DAY))
    return whole.iloc[order].reset_index(drop=True)


def service_names(protocol: np.ndarray, port: np.ndarray) -> np.ndarray:
    """Return the name of each connection's service as an index of `SERVICES`."""
    private, other = SERVICES.index("private"), SERVICES.index("other")
    names = np.where(port < 1024, private, other)
    for (word, number), name in KNOWN.items():
        names[(protocol == PROTOCOLS.index(word)) & (port == number)] = SERVICES.index(name)
    return names


def log_normal(
    rng: np.random.Generator, median: float | np.ndarray, spread: float, size: int
) -> np.ndarray:
    """Draw whole numbers around a median, as sizes and durations of connections are."""
    return np.floor(median * np.exp(spread * rng.standard_normal(size)))


def ephemeral(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw the ports that clients take for themselves."""
    return rng.integers(1024, PORTS, size)


def draw_flags(rng: np.random.Generator, count: int, share: Mapping[str, float]) -> np.ndarray:
    """Draw how connections end, as indices of `FLAGS`; ``share`` adds up to 1."""
    return rng.choice([FLAGS.index(word) for word in share], count, p=list(share.values()))
