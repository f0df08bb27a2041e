"""The 19 traffic features of KDD99, computed from connections.

The definitions are those of the task description of KDD Cup 1999 (Stolfo et al., "Cost-based
modeling for fraud and intrusion detection", DISCEX 2000), and where it is silent those that the
original files show; ``docs/datasets/kdd99.md`` has the evidence:

- the two-second window holds connections of one *source*, in the order of time, and at most 511;
- the host window holds 255 connections (the description says 100) in the order of the file,
  which is by day, destination and time;
- a service is a port of a protocol, also where several ports share the name ``private``;
- a window holds the connection itself;
- a ``diff`` rate is the number of *distinct* services or hosts over the connections, and 0 where
  there is one only;
- SYN errors are the flags S0, S1, S2, S3 and SH, REJ errors are REJ, RSTO, RSTR and RSTOS0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TIME_WINDOW = 2.0
"""Seconds that the features from ``count`` to ``srv_diff_host_rate`` look back."""

TIME_WINDOW_ROWS = 511
"""Connections of a source that the same features look back at most."""

HOST_WINDOW = 255
"""Connections that the ``dst_host_`` features look back, the connection itself among them."""

SYN_ERRORS = ("S0", "S1", "S2", "S3", "SH")
REJ_ERRORS = ("REJ", "RSTO", "RSTR", "RSTOS0")


@dataclass(frozen=True)
class ConnectionStream:
    """Connections in the order of the file; every array has shape (connections,).

    ``time`` is in seconds. ``source`` and ``host`` (the destination), ``service`` and
    ``source_port`` are codes from 0 up. ``syn_error`` and ``rej_error`` are booleans.
    """

    time: np.ndarray
    source: np.ndarray
    host: np.ndarray
    service: np.ndarray
    source_port: np.ndarray
    syn_error: np.ndarray
    rej_error: np.ndarray


def traffic_features(stream: ConnectionStream) -> dict[str, np.ndarray]:
    """Return the 19 features of every connection, float64, counts and shares from 0 to 1.

    A connection sees itself and what came before it, in time or in the file, never what comes
    after. Ties in time are taken in the order of the file.
    """
    return {**_time_features(stream), **_host_features(stream)}


def _time_features(stream: ConnectionStream) -> dict[str, np.ndarray]:
    """Return what the windows of two seconds hold, in the order of the file."""
    # By source, then time, then file: a source's window is a stretch of these rows.
    order = np.lexsort((stream.time, stream.source))
    time, source = stream.time[order], stream.source[order]
    rows = np.arange(len(order))
    first = np.searchsorted(source, source, side="left")
    span = float(np.ptp(time)) + 2 * TIME_WINDOW if len(time) else 0.0
    # One rising number for (source, time), so that one bisection serves all sources.
    rank = np.unique(source, return_inverse=True)[1]
    clock = rank * span + (time - time.min(initial=np.inf))
    recent = np.searchsorted(clock, clock - TIME_WINDOW, side="left")
    start = np.maximum(np.maximum(recent, first), rows - (TIME_WINDOW_ROWS - 1))
    service, host = stream.service[order], stream.host[order]
    same_host = _LookBackWindows(_pair(source, host), start)
    same_service = _LookBackWindows(_pair(source, service), start)
    features = _rates(
        same_host,
        same_service,
        _LookBackWindows(_pair(_pair(source, host), service), start),
        (host, service),
        (stream.syn_error[order], stream.rej_error[order]),
    )
    placed = np.empty_like(order)
    placed[order] = rows
    return {name: values[placed] for name, values in features.items()}


def _host_features(stream: ConnectionStream) -> dict[str, np.ndarray]:
    """Return what the windows of 255 connections hold."""
    start = np.maximum(np.arange(len(stream.time)) - (HOST_WINDOW - 1), 0)
    same_host = _LookBackWindows(stream.host, start)
    features = _rates(
        same_host,
        _LookBackWindows(stream.service, start),
        _LookBackWindows(_pair(stream.host, stream.service), start),
        (stream.host, stream.service),
        (stream.syn_error, stream.rej_error),
    )
    features["same_src_port_rate"] = (
        _LookBackWindows(_pair(stream.host, stream.source_port), start).count() / same_host.count()
    )
    return {f"dst_host_{name}": values for name, values in features.items()}


def _rates(
    same_host: _LookBackWindows,
    same_service: _LookBackWindows,
    same_both: _LookBackWindows,
    codes: tuple[np.ndarray, np.ndarray],
    errors: tuple[np.ndarray, np.ndarray],
) -> dict[str, np.ndarray]:
    """Return what both kinds of window have in common."""
    host, service, both = same_host.count(), same_service.count(), same_both.count()
    features = {
        "count": host,
        "srv_count": service,
        "same_srv_rate": both / host,
        "diff_srv_rate": _several(same_host.distinct(codes[1])) / host,
        "srv_diff_host_rate": _several(same_service.distinct(codes[0])) / service,
    }
    for kind, error in zip(("serror", "rerror"), errors, strict=True):
        features[f"{kind}_rate"] = same_host.count(error) / host
        features[f"srv_{kind}_rate"] = same_service.count(error) / service
    return features


def _several(distinct: np.ndarray) -> np.ndarray:
    return np.where(distinct > 1, distinct, 0)


def _pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return one code for each pair, small enough to be paired again."""
    code = first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second
    return np.unique(code, return_inverse=True)[1]


class _LookBackWindows:
    """For every row, the rows from ``start`` up to it, itself included, that share its code.

    Rows are sorted by (code, row), so that the rows of one code stand together in order and a
    window is a stretch of them, found by bisection. ``start`` must not fall from a row to the
    next of the same code.
    """

    def __init__(self, code: np.ndarray, start: np.ndarray) -> None:
        rows = len(code)
        self.order = np.argsort(code, kind="stable")
        key = code[self.order].astype(np.int64) * rows + self.order
        # Position of each row among the sorted ones, and of the first one of its window.
        self.end = np.empty(rows, np.int64)
        self.end[self.order] = np.arange(rows)
        self.begin = np.searchsorted(key, code.astype(np.int64) * rows + start, side="left")

    def count(self, weight: np.ndarray | None = None) -> np.ndarray:
        """Count the rows of each window, or those where a boolean ``weight`` is true."""
        if weight is None:
            return (self.end - self.begin + 1).astype(np.float64)
        total = np.concatenate([[0], np.cumsum(weight[self.order])])
        return (total[self.end + 1] - total[self.begin]).astype(np.float64)

    def distinct(self, value: np.ndarray) -> np.ndarray:
        """Count the different values of each window.

        A row stands for its value in the windows that hold it and not the row before it with
        the same value; those windows end at a stretch of sorted rows, as ``begin`` never falls.
        """
        rows = len(value)
        begin, sorted_value = self.begin[self.order], value[self.order]
        earlier = np.full(rows, -1, np.int64)
        by_value = np.argsort(sorted_value, kind="stable")
        again = sorted_value[by_value][1:] == sorted_value[by_value][:-1]
        earlier[by_value[1:][again]] = by_value[:-1][again]
        first = np.maximum(np.arange(rows), np.searchsorted(begin, earlier, side="right"))
        past = np.searchsorted(begin, np.arange(rows), side="right")
        held = np.flatnonzero(first < past)
        change = np.bincount(first[held], minlength=rows + 1) - np.bincount(
            past[held], minlength=rows + 1
        )
        counted = np.cumsum(change)[:-1]
        return counted[self.end].astype(np.float64)
