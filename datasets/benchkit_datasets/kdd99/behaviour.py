"""What the simulated network does: the services people use and the attacks made on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Service:
    """Sessions of one service between ordinary people.

    Parameters
    ----------
    name, protocol
        As in the original files.
    share
        Weight among all sessions.
    sent, received
        Median bytes a connection, by client and server; spread as a log-normal of ``spread``.
    seconds
        Mean duration of a connection, exponential, in whole seconds.
    burst, gap
        Mean connections a session (geometric) and mean seconds between them (exponential).
    hosts
        On how many destination hosts the service is used; low ones are used most.
    logged_in
        Whether a completed connection counts as logged in.
    content
        Rate of other features, such as failed logins: each value is Poisson.
    """

    name: str
    protocol: str
    share: float
    sent: float
    received: float
    spread: float = 0.6
    seconds: float = 0.0
    burst: float = 1.0
    gap: float = 1.0
    hosts: int = 20
    logged_in: bool = False
    content: Mapping[str, float] = field(default_factory=dict)


_TYPED = {"hot": 0.3, "num_failed_logins": 0.1, "num_compromised": 0.05, "num_root": 0.2,
          "num_file_creations": 0.2, "num_shells": 0.03, "num_access_files": 0.1}  # fmt: skip


SERVICES: tuple[Service, ...] = (
    Service("http", "tcp", 30, 240, 1500, 1.2, 0.5, 8.0, 0.25, 120, True),
    Service("smtp", "tcp", 16, 1200, 330, 0.9, 1.5, 1.3, 1.0, 25, True),
    Service("domain_u", "udp", 18, 43, 60, 0.4, 0.0, 3.0, 0.15, 3),
    Service("private", "udp", 14, 105, 146, 0.1, 0.0, 1.5, 2.0, 4),
    Service("ftp_data", "tcp", 4, 1000, 600, 2.2, 1.0, 4.0, 0.6, 12, True),
    Service(
        "ftp",
        "tcp",
        2,
        330,
        1000,
        0.7,
        30.0,
        1.0,
        1.0,
        12,
        True,
        {"hot": 0.5, "num_file_creations": 0.3},
    ),
    Service("telnet", "tcp", 2, 400, 2500, 1.3, 60.0, 1.2, 3.0, 10, True, _TYPED),
    Service("pop_3", "tcp", 2, 30, 250, 0.6, 0.5, 1.5, 1.0, 4, True),
    Service("finger", "tcp", 3, 8, 145, 0.5, 0.2, 1.2, 1.0, 10),
    Service("auth", "tcp", 2, 10, 30, 0.3, 0.0, 1.2, 1.0, 15),
    Service("eco_i", "icmp", 3, 30, 0, 0.4, 0.0, 2.5, 0.4, 60),
    Service("ecr_i", "icmp", 2, 60, 0, 1.3, 0.0, 12.0, 0.05, 30),
    Service("ntp_u", "udp", 3, 48, 48, 0.0, 0.0, 1.0, 1.0, 3),
    Service("other", "tcp", 2, 146, 105, 1.5, 40.0, 1.5, 2.0, 60),
)


@dataclass(frozen=True)
class Attack:
    """One way to attack, as it shows in connection records.

    Parameters
    ----------
    name
        As in the original files.
    rows
        How many connections of it a test part has, over ``episodes`` stretches of time.
    services
        One is drawn for each connection.
    flags
        Weight of each way in which a connection may end.
    gap
        Mean seconds between connections (exponential).
    sweep
        How many hosts it goes through; 1 stays on one victim.
    sent, received, spread, seconds, content, logged_in
        As for a service.
    """

    name: str
    rows: int
    episodes: int
    services: tuple[str, ...]
    flags: Mapping[str, float]
    gap: float
    sweep: int = 1
    sent: float = 0.0
    received: float = 0.0
    spread: float = 0.1
    seconds: float = 0.0
    content: Mapping[str, float] = field(default_factory=dict)
    logged_in: bool = False


_SCANNED = ("private", "other", "finger", "telnet", "ftp", "smtp", "http", "auth", "pop_3")
_DONE = {"SF": 1.0}

ATTACKS: tuple[Attack, ...] = (
    Attack("neptune", 800, 3, ("private", "telnet", "http"), {"S0": 0.9, "REJ": 0.1}, 0.02),
    Attack("smurf", 700, 3, ("ecr_i",), _DONE, 0.02, sent=1032, spread=0.0),
    Attack("satan", 350, 3, _SCANNED, {"REJ": 0.7, "S0": 0.1, "SF": 0.2}, 0.3),
    Attack("portsweep", 250, 4, _SCANNED, {"RSTR": 0.6, "REJ": 0.4}, 3.0),
    Attack("ipsweep", 350, 4, ("eco_i",), _DONE, 0.8, sweep=60, sent=8),
    Attack("back", 400, 4, ("http",), {"SF": 0.95, "RSTR": 0.05}, 0.5, sent=54540, received=8314,
           content={"hot": 2.0, "num_compromised": 1.0}, logged_in=True),
    Attack("guess_passwd", 250, 3, ("telnet", "pop_3"), {"RSTO": 0.3, "SF": 0.7}, 2.5, sent=126,
           received=179, seconds=2.0, content={"num_failed_logins": 0.8, "hot": 0.5}),
    Attack("warezclient", 400, 5, ("ftp_data", "ftp"), _DONE, 2.0, sent=4000, spread=2.0,
           seconds=15.0, content={"hot": 1.0}, logged_in=True),
)  # fmt: skip
"""Loud ones and quiet ones, so that neither a single feature nor a single idea finds them all."""
