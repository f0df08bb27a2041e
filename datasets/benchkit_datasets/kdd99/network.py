"""The simulated network: its hosts, and when they are active."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.kdd99.flows import DAY
from benchkit_datasets.kdd99.web import SITES, Web, make_web

# Addresses. Files are sorted by them within a day: sites, then inside hosts, then outside ones.
SITE = 100
GATEWAY, NAMES, MANAGER = 1000, 1003, 1004
WEB_SERVERS = (1001, 1002)
WORKSTATIONS = np.arange(1010, 1050)
MAIL_HOSTS = np.concatenate([np.arange(1006, 1014), np.arange(2000, 2004)])
SHELL_HOSTS = np.arange(1006, 1018)
OUTSIDE = np.arange(2000, 2040)
OUTSIDE_NAMES = np.arange(2040, 2044)
ATTACKERS = np.arange(3000, 3020)

_HOURS = np.array(
    [1, 1, 1, 1, 1, 1, 2, 4, 9, 11, 12, 11, 8, 10, 11, 11, 10, 8, 5, 4, 3, 3, 2, 1.5]
)
"""How busy each hour of a day is."""


@dataclass(frozen=True)
class Network:
    """The sites that people look at, and how much each of them is visited."""

    web: Web
    visited: np.ndarray


def make_network(rng: np.random.Generator) -> Network:
    """Make a network; its web is the only part that is drawn."""
    hosts = SITE + rng.permutation(SITES)
    hosts[[0, 5]] = WEB_SERVERS
    weight = 1 / (np.arange(SITES) + 2.0)
    return Network(make_web(rng, hosts), weight / weight.sum())


def draw_times(rng: np.random.Generator, day: int, count: int) -> np.ndarray:
    """Draw ``count`` times of a day, in order, as busy as its hours are.

    A third of them come in spells of some minutes, so that hours are not smooth either.
    """
    edges = np.concatenate([[0.0], np.cumsum(_HOURS) / _HOURS.sum()])
    place = rng.random(count)
    spells = rng.random(max(count // 25, 1))
    crowded = rng.random(count) < 1 / 3
    place[crowded] = rng.choice(spells, crowded.sum())
    seconds = np.interp(place, edges, np.arange(25) * 3600.0)
    seconds[crowded] += rng.exponential(240.0, crowded.sum())
    return day * DAY + np.sort(np.minimum(seconds, DAY - 1))


def draw_skewed(rng: np.random.Generator, some: np.ndarray, count: int) -> np.ndarray:
    """Draw from ``some``, the first ones most often."""
    return some[np.floor(len(some) * rng.random(count) ** 1.7).astype(int)]
