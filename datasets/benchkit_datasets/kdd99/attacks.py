"""Attacks, as the connections that they make.

Each function returns one episode that begins at ``start``. Volumes and paces are those of the
original files as far as features show them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchkit_datasets.kdd99 import network as net
from benchkit_datasets.kdd99.flows import FLAGS, Flows, draw_flags, ephemeral, flows

Episode = Callable[[np.random.Generator, float], Flows]


def neptune(rng: np.random.Generator, start: float, flag: str = "S0") -> Flows:
    """Open connections half, a hundred a second from a forged source, over some twenty ports."""
    count = int(rng.integers(7_000, 13_000))
    first = int(rng.integers(1, 1000))
    return flows(
        "neptune",
        start + np.cumsum(rng.exponential(1 / rng.uniform(60, 140), count)),
        ("tcp", first),
        source=rng.choice(net.ATTACKERS),
        host=rng.choice(net.SHELL_HOSTS),
        port=first + np.arange(count) // 10 % 20,
        source_port=ephemeral(rng, count),
        flag=flag,
    )


def refused_neptune(rng: np.random.Generator, start: float) -> Flows:
    """Flood a host that refuses."""
    return neptune(rng, start, "REJ")


def smurf(rng: np.random.Generator, start: float) -> Flows:
    """Send echo replies nobody asked for, hundreds a second, through one amplifying network."""
    count = int(rng.integers(10_000, 24_000))
    return flows(
        "smurf",
        start + np.cumsum(rng.exponential(1 / rng.uniform(260, 600), count)),
        "ecr_i",
        source=rng.choice(net.ATTACKERS),
        host=rng.choice(net.SHELL_HOSTS),
        src_bytes=1032.0 if rng.random() < 0.9 else 520.0,
    )


def portsweep(rng: np.random.Generator, start: float, fast: bool = False) -> Flows:
    """Look at many ports of one host, when patient always from the same source port."""
    count = int(rng.integers(600, 1400))
    hung = rng.random(count) < (0.0 if fast else 0.06)
    return flows(
        "portsweep",
        start + np.cumsum(rng.exponential(0.01 if fast else 2.5, count)),
        ("tcp", 0),
        source=rng.choice(net.ATTACKERS),
        host=rng.choice(net.SHELL_HOSTS),
        port=rng.permutation(8_000)[:count] + 1,
        source_port=ephemeral(rng, count) if fast else int(rng.integers(1024, 60_000)),
        flag=draw_flags(rng, count, {"RSTR": 0.78, "REJ": 0.2, "S0": 0.02}),
        duration=hung * rng.integers(1_000, 40_000, count),
        src_bytes=hung * 1.0,
    )


def fast_portsweep(rng: np.random.Generator, start: float) -> Flows:
    """Look at a hundred ports a second."""
    return portsweep(rng, start, fast=True)


def satan(rng: np.random.Generator, start: float) -> Flows:
    """Try every port of a host, hundreds a second, and talk to the services found."""
    count = int(rng.integers(1_600, 2_600))
    found = rng.random(count) < 0.06
    return flows(
        "satan",
        start + np.cumsum(rng.exponential(1 / rng.uniform(220, 500), count)),
        ("tcp", 0),
        source=rng.choice(net.ATTACKERS),
        host=rng.choice(net.SHELL_HOSTS),
        port=1 + rng.permutation(12_000)[:count],
        source_port=ephemeral(rng, count),
        flag=np.where(found, FLAGS.index("SF"), draw_flags(rng, count, {"REJ": 0.88, "S0": 0.12})),
        src_bytes=found * rng.integers(0, 8, count),
        dst_bytes=found * (rng.random(count) < 0.3) * rng.integers(1, 300, count),
    )


def back(rng: np.random.Generator, start: float) -> Flows:
    """Ask a web server for thousands of slashes, once or twice a second."""
    count = int(rng.integers(90, 260))
    cut = rng.random(count) < 0.04
    return flows(
        "back",
        start + np.cumsum(rng.exponential(0.9, count)),
        "http",
        source=rng.choice(net.OUTSIDE),
        host=net.WEB_SERVERS[0],
        source_port=ephemeral(rng, count),
        flag=np.where(cut, FLAGS.index("RSTR"), FLAGS.index("SF")),
        duration=rng.choice([0, 1, 2, 6], count, p=[0.72, 0.12, 0.13, 0.03]),
        src_bytes=54_540.0,
        dst_bytes=np.where(cut, rng.integers(0, 8314, count), 8314),
        hot=2.0,
        num_compromised=1.0,
        logged_in=1.0,
    )


def guess_passwd(rng: np.random.Generator, start: float) -> Flows:
    """Log in with one wrong password after another, until the server closes."""
    count = int(rng.integers(40, 65))
    return flows(
        "guess_passwd",
        start + np.cumsum(rng.exponential(1.5, count)),
        "telnet",
        source=rng.choice(net.OUTSIDE),
        host=rng.choice(net.SHELL_HOSTS),
        source_port=ephemeral(rng, count),
        flag=draw_flags(rng, count, {"RSTO": 0.86, "RSTR": 0.08, "SF": 0.06}),
        duration=(rng.random(count) < 0.12) * rng.integers(1, 12, count),
        src_bytes=125.0 + (rng.random(count) < 0.9),
        dst_bytes=179.0,
        hot=1.0,
        num_failed_logins=1.0,
    )


def ipsweep(rng: np.random.Generator, start: float) -> Flows:
    """Ping every inside address, most of them nobody's, some twenty a second."""
    hosts = rng.permutation(np.arange(1000, 1254))
    return flows(
        "ipsweep",
        start + np.cumsum(rng.exponential(0.05, len(hosts))),
        "eco_i",
        source=rng.choice(net.ATTACKERS),
        host=hosts,
        src_bytes=rng.choice([8.0, 18.0]),
    )


def slow_scan(rng: np.random.Generator, start: float) -> Flows:
    """Probe some port of some host every minute or two: hardly a window holds two."""
    count = 160
    ports = np.array([21, 22, 23, 25, 53, 79, 80, 110, 111, 113, 139, 143, 513, 515, 6000])
    flag = draw_flags(rng, count, {"REJ": 0.5, "RSTO": 0.3, "S0": 0.1, "SF": 0.1})
    answered = flag == FLAGS.index("SF")
    return flows(
        "slow_scan",
        start + np.cumsum(rng.exponential(75.0, count)),
        ("tcp", 0),
        source=rng.choice(net.ATTACKERS),
        host=rng.integers(1000, 1050, count),
        port=rng.choice(ports, count),
        source_port=ephemeral(rng, count),
        flag=flag,
        dst_bytes=answered * rng.integers(0, 90, count),
    )


def warezclient(rng: np.random.Generator, start: float) -> Flows:
    """Download illegal copies from the file server."""
    count = int(rng.integers(30, 60))
    large = rng.random(count) < 0.15
    return flows(
        "warezclient",
        start + np.cumsum(rng.exponential(20.0, count)),
        "ftp_data",
        source=net.SHELL_HOSTS[0],
        host=rng.choice(net.OUTSIDE),
        source_port=20,
        duration=large * rng.integers(3, 30, count),
        src_bytes=np.where(large, rng.normal(5.13e6, 1e3, count).round(), 334),
        hot=(rng.random(count) < 0.1) * rng.integers(1, 29, count),
        logged_in=1.0,
    )


def teardrop(rng: np.random.Generator, start: float) -> Flows:
    """Send overlapping fragments, a hundred in a few seconds."""
    return flows(
        "teardrop",
        start + np.cumsum(rng.exponential(0.02, 99)),
        ("udp", 500),
        source=rng.choice(net.ATTACKERS),
        host=rng.choice(net.SHELL_HOSTS),
        source_port=int(rng.integers(1024, 60_000)),
        src_bytes=28.0,
        wrong_fragment=3.0,
    )


@dataclass(frozen=True)
class AttackKind:
    """A kind of attack and its frequency in the test part.

    Attributes
    ----------
    kind
        Name of the attack, as in the labels of KDD99.
    episode
        Function that draws the connections of one episode.
    episodes
        Number of episodes.
    thinned
        Whether every tenth row is kept, as in the 10 % file.
    """

    kind: str
    episode: Episode
    episodes: int
    thinned: bool = False


ATTACKS = (
    AttackKind("neptune", neptune, 3, thinned=True),
    AttackKind("neptune", refused_neptune, 1, thinned=True),
    AttackKind("smurf", smurf, 5, thinned=True),
    AttackKind("portsweep", portsweep, 3, thinned=True),
    AttackKind("portsweep", fast_portsweep, 1, thinned=True),
    AttackKind("satan", satan, 2, thinned=True),
    AttackKind("back", back, 3),
    AttackKind("guess_passwd", guess_passwd, 2),
    AttackKind("ipsweep", ipsweep, 1),
    AttackKind("slow_scan", slow_scan, 2),
    AttackKind("warezclient", warezclient, 3),
    AttackKind("teardrop", teardrop, 1),
)
