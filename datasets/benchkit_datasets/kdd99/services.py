"""Connections of machines in a day: DNS, minor services, management."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.kdd99 import network as net
from benchkit_datasets.kdd99.flows import Flows, ephemeral, flows, log_normal
from benchkit_datasets.kdd99.network import draw_skewed, draw_times


def names(rng: np.random.Generator, day: int) -> Flows:
    """Return questions to name servers: single ones, pages' worth, and hundreds at a time."""
    askings = int(rng.integers(40, 80))
    kind = rng.choice(2, askings, p=[0.8, 0.2])
    size = np.where(kind == 0, rng.geometric(0.5, askings), log_normal(rng, 14, 0.9, askings) + 1)
    kind[0], size[0] = 2, rng.integers(60, 400)
    size = size.astype(int)
    rate = np.array([2.0, 25.0, 110.0])[kind] * np.exp(0.4 * rng.standard_normal(askings))
    asking = np.repeat(np.arange(askings), size)
    step = np.cumsum(rng.exponential(1.0, len(asking)) / rate[asking])
    first = np.cumsum(size) - size
    inside = rng.random(askings) < 0.7
    ours = np.where(inside, rng.choice([net.GATEWAY, *net.SHELL_HOSTS], askings), net.NAMES)
    count = len(asking)
    theirs = np.where(inside[asking], net.NAMES, draw_skewed(rng, net.OUTSIDE_NAMES, count))
    question = rng.integers(30, 50, askings)[asking] + rng.integers(-2, 3, count)
    between_servers = ~inside & (rng.random(askings) < 0.5)
    return flows(
        "normal",
        draw_times(rng, day, askings)[asking] + step - step[first][asking],
        "domain_u",
        source=ours[asking],
        host=theirs,
        source_port=np.where(between_servers[asking], 53, ephemeral(rng, count)),
        src_bytes=question,
        dst_bytes=np.where(rng.random(count) < 0.05, 0, question + rng.integers(0, 96, count)),
        duration=(rng.random(count) < 0.02) * log_normal(rng, 30.0, 0.6, count),
    )


@dataclass(frozen=True)
class MinorService:
    """A service with few connections.

    Attributes
    ----------
    service
        Name, or protocol and port.
    day
        Mean number of connections per day.
    sent, received, spread
        Median bytes, and their spread as in `log_normal`.
    seconds
        Median duration of the one in five connections with a duration above 0.
    together
        Mean number of simultaneous connections.
    """

    service: str | tuple[str, int]
    day: int
    sent: float
    received: float
    spread: float = 0.0
    seconds: float = 0.0
    together: float = 1.0


MINOR_SERVICES = (
    MinorService("finger", 15, 8, 160, 0.35, 4.0),
    MinorService("auth", 20, 10, 37, 0.15, 2.0),
    MinorService("pop_3", 8, 45, 1500, 0.9, 3.0),
    MinorService("time", 5, 0, 4),
    MinorService("ntp_u", 36, 48, 48),
    MinorService("eco_i", 30, 30, 0, 0.0, 0.0, 1.3),
    MinorService("ecr_i", 32, 30, 0, 0.0, 0.0, 1.1),
    MinorService("urp_i", 30, 182, 0, 0.02, 0.0, 4.0),
    MinorService("IRC", 4, 1400, 7800, 1.0, 9000.0),
    MinorService(("tcp", 2049), 6, 3400, 0, 1.3, 2.0, 5.0),
)


def minor_service(rng: np.random.Generator, day: int, what: MinorService) -> Flows:
    """Return a day of a minor service."""
    times = max(int(rng.poisson(what.day / what.together)), 1)
    size = rng.geometric(1 / what.together, times)
    of = np.repeat(np.arange(times), size)
    count = len(of)
    ping = isinstance(what.service, str) and what.service.endswith("_i")
    port = {} if ping or what.service == "ntp_u" else {"source_port": ephemeral(rng, count)}
    return flows(
        "normal",
        draw_times(rng, day, times)[of] + rng.exponential(0.5, count),
        what.service,
        source=rng.choice(np.concatenate([net.WORKSTATIONS, net.OUTSIDE]), times)[of],
        host=rng.choice(net.MAIL_HOSTS, times)[of],
        src_bytes=log_normal(rng, what.sent, what.spread, count),
        dst_bytes=log_normal(rng, what.received, what.spread, count),
        duration=(rng.random(count) < 0.2) * log_normal(rng, what.seconds, 0.7, count),
        logged_in=float(what.service in ("pop_3", "auth")),
        **port,
    )


def management(rng: np.random.Generator, day: int) -> list[Flows]:
    """Return the polling of the gateway, and its reports to the manager from one port."""
    polls, reports = int(rng.integers(900, 1500)), int(rng.integers(700, 1200))
    lost = rng.random(polls) < 0.05
    asked = flows(
        "normal",
        draw_times(rng, day, polls),
        ("udp", 161),
        source=net.MANAGER,
        host=net.GATEWAY,
        source_port=ephemeral(rng, polls),
        src_bytes=105,
        dst_bytes=np.where(lost, 0, rng.integers(145, 148, polls)),
        duration=(rng.random(polls) < 0.06) * rng.integers(10, 17, polls),
    )
    told = flows(
        "normal",
        draw_times(rng, day, reports),
        ("udp", 0),
        source=net.GATEWAY,
        host=net.MANAGER,
        port=1024 + rng.integers(0, 400, reports),
        source_port=161,
        src_bytes=rng.integers(145, 148, reports),
        dst_bytes=np.where(rng.random(reports) < 0.1, 0, 105),
        duration=(rng.random(reports) > 0.1) * log_normal(rng, 2600.0, 0.9, reports),
    )
    return [asked, told]
