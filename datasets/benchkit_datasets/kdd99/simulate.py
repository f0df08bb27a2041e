"""A stand-in for KDD99: a simulated network whose traffic features are computed, not drawn.

Sessions of ordinary services make the background; in the test part stretches of attacks are
laid over it. Every connection gets its size, duration and outcome from its own behaviour, and
its 19 traffic features from the connections around it, as in the original.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from benchkit_datasets.kdd99.behaviour import ATTACKS, SERVICES, Attack
from benchkit_datasets.kdd99.columns import NUMERIC
from benchkit_datasets.kdd99.records import Records
from benchkit_datasets.kdd99.traffic import (
    HOST_WINDOW,
    REJ_ERRORS,
    SYN_ERRORS,
    Stream,
    traffic_features,
)

TRAIN_ROWS = 20_000
TEST_ROWS = 10_000
FLAGS = ("SF", "REJ", "S0", "S1", "S2", "S3", "SH", "RSTO", "RSTR", "RSTOS0", "OTH")
PROTOCOLS = ("tcp", "udp", "icmp")

SESSION_GAP = 0.6
"""Mean seconds between the starts of two sessions."""

HOSTS = 150
PORTS = 65_536


def simulate(seed: int) -> tuple[Records, Records]:
    """Return (train, test): 20,000 normal connections and 10,000 of which 35 % are attacks.

    The same ``seed`` gives the same values. Both parts are a network of the same kind at
    different times; no connection is in both.
    """
    rng = np.random.default_rng(seed)
    return _records(rng, TRAIN_ROWS, ()), _records(rng, TEST_ROWS, ATTACKS)


def _records(rng: np.random.Generator, rows: int, attacks: tuple[Attack, ...]) -> Records:
    """Return ``rows`` connections: all the rows of the attacks, and background for the rest."""
    # The first windows have no past; they are simulated and then cut off.
    background = _background(rng, rows + HOST_WINDOW - sum(attack.rows for attack in attacks))
    begin, end = background["time"].iloc[[HOST_WINDOW, -1]]
    parts = [background]
    for attack in attacks:
        sizes = np.diff(np.linspace(0, attack.rows, attack.episodes + 1).astype(int))
        parts += [_episode(rng, attack, size, begin, end) for size in sizes]
    stream = pd.concat(parts, ignore_index=True)
    stream = stream.fillna(0.0).sort_values("time", kind="stable", ignore_index=True)
    return _with_traffic(stream)[HOST_WINDOW:]


def _background(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Return the first ``rows`` connections of ordinary sessions, in the order of time."""
    table = pd.DataFrame([vars(service) for service in SERVICES])
    kind = rng.choice(len(table), size=rows, p=table["share"] / table["share"].sum())
    # The pace of the day: busy and idle spells of a hundred sessions.
    pace = np.repeat(rng.lognormal(0.0, 0.5, rows // 100 + 1), 100)[:rows]
    start = np.cumsum(rng.exponential(SESSION_GAP, rows) * pace)
    length = rng.geometric(1 / table["burst"].to_numpy()[kind])
    # A host that is down or a server that is overloaded spoils the whole session.
    outcome = rng.choice(
        ["SF", "REJ", "S0", "S1", "RSTO"], rows, p=[0.94, 0.045, 0.005, 0.005, 0.005]
    )
    host = _host(rng, table["hosts"].to_numpy()[kind])

    session = np.repeat(np.arange(rows), length)
    kind = kind[session]
    of = table.iloc[kind].reset_index(drop=True)
    count = len(session)
    wait = rng.exponential(1.0, count) * of["gap"].to_numpy()
    first = np.concatenate([[True], session[1:] != session[:-1]])
    elapsed = np.cumsum(wait)
    elapsed -= elapsed[first][np.cumsum(first) - 1]

    flag = np.where(of["protocol"] == "tcp", outcome[session], "SF")
    done = flag == "SF"
    guest = (of["name"].isin(["ftp", "ftp_data"]) & (rng.random(count) < 0.1)).to_numpy()
    names = sorted({name for service in SERVICES for name in service.content})
    rates = {name: [service.content.get(name, 0.0) for service in SERVICES] for name in names}
    content = {name: rng.poisson(np.asarray(rates[name])[kind]) * done for name in names}
    stream = pd.DataFrame(
        {
            "time": start[session] + elapsed,
            "host": host[session],
            "service": kind,
            "flag": [FLAGS.index(word) for word in flag],
            "source_port": rng.integers(1024, PORTS, count),
            "duration": np.floor(rng.exponential(1.0, count) * of["seconds"]) * done,
            "src_bytes": _bytes(rng, of["sent"], of["spread"]) * done,
            "dst_bytes": _bytes(rng, of["received"], of["spread"]) * done,
            "logged_in": (of["logged_in"].to_numpy() & done).astype(float),
            "is_guest_login": (guest & done).astype(float),
            "attack": False,
            **content,
        }
    )
    return stream.sort_values("time", kind="stable", ignore_index=True)[:rows]


def _episode(
    rng: np.random.Generator, attack: Attack, rows: int, begin: float, end: float
) -> pd.DataFrame:
    """Return one stretch of an attack that starts somewhere between ``begin`` and ``end``."""
    names = [service.name for service in SERVICES]
    services = [names.index(name) for name in attack.services]
    start = rng.uniform(begin, end)
    weights = np.array(list(attack.flags.values()))
    flags = [FLAGS.index(word) for word in attack.flags]
    flag = rng.choice(flags, rows, p=weights / weights.sum())
    done = flag == FLAGS.index("SF")
    hosts = rng.permutation(HOSTS)[: attack.sweep]
    content = {name: rng.poisson(rate, rows) * done for name, rate in attack.content.items()}
    return pd.DataFrame(
        {
            "time": start + np.cumsum(rng.exponential(attack.gap, rows)),
            "host": np.resize(hosts, rows),
            "service": rng.choice(services, rows),
            "flag": flag,
            "source_port": rng.integers(1024, PORTS, rows),
            "duration": np.floor(rng.exponential(attack.seconds, rows)) * done,
            "src_bytes": _bytes(rng, np.full(rows, attack.sent), attack.spread) * done,
            "dst_bytes": _bytes(rng, np.full(rows, attack.received), attack.spread) * done,
            "logged_in": (done & attack.logged_in).astype(float),
            "attack": True,
            **content,
        }
    )


def _host(rng: np.random.Generator, hosts: np.ndarray) -> np.ndarray:
    """Draw a destination for each session from its service's hosts, low numbers most often."""
    return np.floor(hosts * rng.random(len(hosts)) ** 2).astype(int)


def _bytes(rng: np.random.Generator, median: ArrayLike, spread: ArrayLike) -> np.ndarray:
    """Draw whole log-normal sizes around each median; 0 stays 0."""
    middle, width = np.asarray(median, float), np.asarray(spread, float)
    return np.rint(middle * np.exp(width * rng.standard_normal(middle.shape)))


def _with_traffic(stream: pd.DataFrame) -> Records:
    """Add the computed features and return all as records; what nobody did is zero."""
    names = [service.name for service in SERVICES]
    codes, flag = stream["service"].to_numpy(np.int64), stream["flag"].to_numpy(np.int64)
    protocol = np.array([service.protocol for service in SERVICES])[codes]
    values = traffic_features(
        Stream(
            stream["time"].to_numpy(),
            stream["host"].to_numpy(),
            codes,
            # ICMP has no ports.
            np.where(protocol == "icmp", 0, stream["source_port"]),
            np.isin(flag, [FLAGS.index(word) for word in SYN_ERRORS]),
            np.isin(flag, [FLAGS.index(word) for word in REJ_ERRORS]),
        )
    )
    numbers = np.zeros((len(stream), len(NUMERIC)), np.float32)
    for position, name in enumerate(NUMERIC):
        if name in values:
            # Shares have two decimals in the original files.
            numbers[:, position] = np.round(values[name], 2)
        elif name in stream:
            numbers[:, position] = stream[name]
    symbols = {
        "protocol_type": pd.Categorical(protocol, list(PROTOCOLS)),
        "service": pd.Categorical(np.array(names)[codes], names),
        "flag": pd.Categorical(np.array(FLAGS)[flag], list(FLAGS)),
    }
    return Records(numbers, symbols, stream["attack"].to_numpy(bool))
