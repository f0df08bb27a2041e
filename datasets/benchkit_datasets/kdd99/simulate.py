"""The simulated variant of KDD99: connection records from days of a simulated network.

Users, services and, in the test part, attackers open connections. The traffic features are
computed from all of them; every tenth of the floods and normal rows of the test part is kept, as
in the 10 % file.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchkit_datasets.kdd99 import services, users
from benchkit_datasets.kdd99.attacks import ATTACKS
from benchkit_datasets.kdd99.columns import NUMERIC
from benchkit_datasets.kdd99.flows import (
    DAY,
    FLAGS,
    PORTS,
    PROTOCOLS,
    SERVICES,
    Flows,
    service_names,
    sort_connections,
)
from benchkit_datasets.kdd99.network import Network, make_network
from benchkit_datasets.kdd99.records import Records
from benchkit_datasets.kdd99.traffic import (
    REJ_ERRORS,
    SYN_ERRORS,
    ConnectionStream,
    traffic_features,
)

TRAIN_DAYS = 3
TEST_DAYS = 9
FIRST_MANAGED = 5
"""First day of the test part with management traffic of the gateway."""

KEPT = 10
"""Sampling interval of thinned rows."""


def simulate(seed: int) -> tuple[Records, Records]:
    """Return (train, test): about 27,000 normal connections, and 23,000 with attacks among them.

    The same ``seed`` gives the same values. Both parts are one network on different days; a
    connection is in one part only, though it may look like one of the other.
    """
    train, test = simulated_flows(seed)
    features = records_of(train), records_of(test)
    return features[0], features[1][kept_rows(test["kind"].to_numpy())]


def simulated_flows(seed: int) -> tuple[Flows, Flows]:
    """Return the connections of the training and the test days, in the order of the files."""
    rng = np.random.default_rng(seed)
    network = make_network(rng)
    train = [part for day in range(TRAIN_DAYS) for part in day_of(rng, network, day, False)]
    return sort_connections(train), sort_connections(_test_days(rng, network))


def _test_days(rng: np.random.Generator, network: Network) -> list[Flows]:
    parts = []
    for day in range(TEST_DAYS):
        parts += day_of(rng, network, TRAIN_DAYS + day, day >= FIRST_MANAGED)
    for attack in ATTACKS:
        days = rng.choice(TEST_DAYS, attack.episodes, replace=False)
        for day in days:
            # Early enough to be over on the same day.
            start = (TRAIN_DAYS + day + rng.uniform(0.05, 0.75)) * DAY
            parts.append(attack.episode(rng, start))
    return parts


def day_of(rng: np.random.Generator, network: Network, day: int, managed: bool) -> list[Flows]:
    """Return a day's normal connections, about 9,000.

    On ``managed`` days the gateway is polled and reports, and more hosts are looked for in vain:
    in the original files that begins after the rows that are used for training.
    """
    parts = [
        users.browsing(rng, network, day),
        users.mail(rng, day),
        services.names(rng, day),
        users.transfers(rng, day),
        users.logins(rng, day),
        *(services.minor_service(rng, day, service) for service in services.MINOR_SERVICES),
        *users.refused(rng, day, 35 if managed else 8),
    ]
    return [*parts, *services.management(rng, day)] if managed else parts


def kept_rows(kind: np.ndarray) -> np.ndarray:
    """Return the places of the rows that stay: every tenth thinned one, and all others."""
    many = np.isin(kind, ["normal", *(attack.kind for attack in ATTACKS if attack.thinned)])
    return np.flatnonzero(~many | (np.cumsum(many) % KEPT == 0))


def records_of(stream: Flows) -> Records:
    """Return connections, in the order of the file, as records with all 41 features."""
    protocol, port = stream["protocol"].to_numpy(np.int64), stream["port"].to_numpy(np.int64)
    source_port, flag = (stream[name].to_numpy(np.int64) for name in ("source_port", "flag"))
    values = traffic_features(
        ConnectionStream(
            stream["time"].to_numpy(),
            stream["source"].to_numpy(np.int64),
            stream["host"].to_numpy(np.int64),
            protocol * PORTS + port,
            source_port,
            np.isin(flag, [FLAGS.index(word) for word in SYN_ERRORS]),
            np.isin(flag, [FLAGS.index(word) for word in REJ_ERRORS]),
        )
    )
    numbers = np.empty((len(stream), len(NUMERIC)), np.float32)
    for position, name in enumerate(NUMERIC):
        # Shares have two decimals in the original files.
        numbers[:, position] = np.round(values[name], 2) if name in values else stream[name]
    symbols: dict[str, pd.Categorical] = {
        "protocol_type": _words(protocol, PROTOCOLS),
        "service": _words(service_names(protocol, port), SERVICES),
        "flag": _words(flag, FLAGS),
    }
    return Records(numbers, symbols, (stream["kind"] != "normal").to_numpy(bool))


def _words(code: np.ndarray, words: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical(np.array(words, object)[code], list(words))
