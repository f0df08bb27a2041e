"""Connections of users in a day: browsing, mail, file transfers, log-ins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchkit_datasets.kdd99 import network as net
from benchkit_datasets.kdd99.flows import Flows, draw_flags, ephemeral, flows, log_normal
from benchkit_datasets.kdd99.network import Network, draw_skewed, draw_times
from benchkit_datasets.kdd99.web import browse, connection_attempts


def browsing(rng: np.random.Generator, network: Network, day: int) -> Flows:
    """Return visits to sites, the known ones and those of the day most often."""
    visits = int(rng.integers(230, 300))
    site = rng.choice(len(network.visited), visits, p=network.visited)
    # What is looked at in the morning is looked at again.
    again = np.flatnonzero(rng.random(visits) < 0.3)
    site[again] = site[np.maximum(again - rng.integers(1, 12, len(again)), 0)]
    host = network.web.host[network.web.begin[network.web.pages[site]]]
    inside = np.isin(host, net.WEB_SERVERS)
    client = np.where(
        inside, rng.choice(net.OUTSIDE, visits), draw_skewed(rng, net.WORKSTATIONS, visits)
    )
    return browse(rng, network.web, client, draw_times(rng, day, visits), site)


def refused(rng: np.random.Generator, day: int, hosts: int) -> list[Flows]:
    """Return connection attempts at ``hosts`` hosts without a running web server."""
    parts = []
    for begin in draw_times(rng, day, hosts):
        host = rng.choice(net.MAIL_HOSTS) if rng.random() < 0.35 else rng.integers(300, 500)
        some = draw_skewed(rng, net.WORKSTATIONS, int(rng.integers(1, 6)))
        tries = int(rng.geometric(1 / 30))
        parts.append(connection_attempts(rng, rng.choice(some, tries), begin, int(host), "REJ"))
    # One more does not even refuse.
    some = rng.choice(net.WORKSTATIONS, int(rng.integers(4, 12)))
    return [
        *parts,
        connection_attempts(
            rng, some, draw_times(rng, day, 1)[0], int(rng.integers(300, 500)), "S0"
        ),
    ]


def mail(rng: np.random.Generator, day: int) -> Flows:
    """Return messages, some to several hosts at once, some after asking who is there."""
    letters = int(rng.integers(500, 800))
    copies = rng.choice([1, 2, 3, 5], letters, p=[0.8, 0.1, 0.06, 0.04])
    letter = np.repeat(np.arange(letters), copies)
    size = log_normal(rng, 1200.0, 0.42, letters)
    size[rng.random(letters) < 0.02] *= 8
    count = len(letter)
    reply = (
        327
        + rng.integers(0, 12, count)
        + (rng.random(count) < 0.05) * log_normal(rng, 110.0, 0.8, count)
    )
    time = draw_times(rng, day, letters)[letter] + rng.exponential(0.6, count)
    source = rng.choice(net.MAIL_HOSTS, letters)[letter]
    host = draw_skewed(rng, net.MAIL_HOSTS, count)
    asked = rng.random(count) < 0.05
    who = flows(
        "normal",
        time[asked] - rng.exponential(0.6, asked.sum()),
        "finger",
        source=source[asked],
        host=host[asked],
        source_port=ephemeral(rng, asked.sum()),
        src_bytes=log_normal(rng, 8.5, 0.2, asked.sum()),
        dst_bytes=log_normal(rng, 150.0, 0.4, asked.sum()),
    )
    message = flows(
        "normal",
        time,
        "smtp",
        source=source,
        host=host,
        source_port=ephemeral(rng, count),
        duration=log_normal(rng, 1.2, 1.3, count),
        src_bytes=size[letter] + rng.integers(0, 40, count),
        dst_bytes=reply,
        flag=draw_flags(rng, count, {"SF": 0.9965, "RSTO": 0.0015, "S0": 0.0015, "S1": 0.0005}),
        logged_in=1.0,
        num_root=(rng.random(count) < 0.003) * 1.0,
        num_file_creations=(rng.random(count) < 0.008) * rng.integers(1, 4, count),
        num_access_files=(rng.random(count) < 0.012) * 1.0,
    )
    return _both(who, message)


def transfers(rng: np.random.Generator, day: int) -> Flows:
    """Return file transfers: a long control connection, and one more for each file."""
    logins = int(rng.integers(25, 50))
    time = draw_times(rng, day, logins)
    client, server = rng.choice(net.MAIL_HOSTS, logins), rng.choice(net.SHELL_HOSTS, logins)
    many = rng.random(logins) < 0.15
    files = np.where(many, rng.integers(10, 45, logins), rng.geometric(0.3, logins))
    of = np.repeat(np.arange(logins), files)
    wait = np.cumsum(rng.exponential(1.0, len(of)) * np.where(many, 0.12, 5.0)[of])
    first = np.cumsum(files) - files
    control = flows(
        "normal",
        time,
        "ftp",
        source=client,
        host=server,
        source_port=ephemeral(rng, logins),
        duration=log_normal(rng, 26.0, 0.25, logins),
        src_bytes=180 + 35.0 * files + rng.integers(0, 60, logins),
        dst_bytes=600 + 90.0 * files + rng.integers(0, 200, logins),
        hot=rng.choice([4, 5, 6, 14, 19, 22, 24, 30], logins),
        logged_in=1.0,
        is_guest_login=1.0,
    )
    upload = rng.random(logins)[of] < 0.15
    size = log_normal(rng, 1000.0, 1.9, len(of))
    # Once a day somebody moves an archive.
    size[0] = np.floor(10 ** rng.uniform(6.3, 6.9))
    data = flows(
        "normal",
        time[of] + 3 + wait - wait[first][of],
        "ftp_data",
        source=np.where(upload, client[of], server[of]),
        host=np.where(upload, server[of], client[of]),
        # Both ends are named after the server's port.
        source_port=20,
        src_bytes=size,
        duration=(rng.random(len(of)) < 0.03) * log_normal(rng, 3.0, 1.0, len(of)),
        logged_in=(rng.random(logins)[of] < 0.78) * 1.0,
        num_root=(rng.random(len(of)) < 0.13) * rng.integers(1, 10, len(of)),
        num_file_creations=(rng.random(len(of)) < 0.015) * rng.integers(1, 4, len(of)),
        num_shells=(rng.random(len(of)) < 0.01) * 1.0,
    )
    return _both(control, data)


def logins(rng: np.random.Generator, day: int) -> Flows:
    """Return terminal sessions; few of them are an administrator's, and those do a lot."""
    count = int(rng.integers(18, 32))
    time = draw_times(rng, day, count)
    typed = np.minimum(rng.lognormal(4.5, 2.2, count), 15_000)
    root = (rng.random(count) < 0.08) * rng.lognormal(3.0, 1.8, count)
    wrong = (rng.random(count) < 0.07) * 1.0
    session = flows(
        "normal",
        time,
        "telnet",
        source=rng.choice(np.concatenate([net.WORKSTATIONS, net.OUTSIDE]), count),
        host=rng.choice(net.SHELL_HOSTS, count),
        source_port=ephemeral(rng, count),
        duration=np.floor(typed),
        src_bytes=100 + log_normal(rng, 3 * typed**0.75, 0.5, count),
        dst_bytes=150 + log_normal(rng, 150 * typed**0.95, 0.9, count),
        flag=draw_flags(rng, count, {"SF": 0.94, "RSTO": 0.03, "RSTR": 0.02, "S1": 0.01}),
        logged_in=1.0,
        num_failed_logins=wrong,
        hot=(rng.random(count) < 0.05) * rng.integers(1, 5, count),
        root_shell=(root > 20) * 1.0,
        su_attempted=(root > 5) * 1.0,
        num_root=np.floor(np.minimum(root, 990)),
        num_compromised=np.floor(np.minimum(root, 990) * 0.9),
        num_file_creations=(rng.random(count) < 0.15) * rng.integers(1, 20, count),
        num_access_files=(root > 1) * 1.0,
    )
    secure = flows(
        "normal",
        draw_times(rng, day, 4),
        "ssh",
        source=rng.choice(net.WORKSTATIONS, 4),
        host=rng.choice(net.SHELL_HOSTS, 4),
        source_port=ephemeral(rng, 4),
        duration=log_normal(rng, 200.0, 1.5, 4),
        src_bytes=log_normal(rng, 4000.0, 0.8, 4),
        dst_bytes=log_normal(rng, 9000.0, 0.8, 4),
    )
    return _both(session, secure)


def _both(one: Flows, other: Flows) -> Flows:
    return pd.concat([one, other], ignore_index=True)
