"""Browsing: sites with pages of objects, and visits to them.

What makes normal rows of KDD99 resemble one another is here: an object has one size, a browser
adds the same header to each request, a page always consists of the same objects, and people come
back to the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchkit_datasets.kdd99.flows import FLAGS, Flows, draw_flags, ephemeral, flows

SITES = 160
CLIENTS = 70
OBJECTS = 9.0
"""Mean objects of a page."""


@dataclass(frozen=True)
class Web:
    """Every page there is.

    ``begin`` and ``end`` delimit the objects of each page, ``pages`` those of each site (one
    more than sites). Of each object: ``host``, ``request`` and ``answer`` in bytes. ``header`` is
    what each client's browser adds to a request.
    """

    pages: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    host: np.ndarray
    request: np.ndarray
    answer: np.ndarray
    header: np.ndarray


def make_web(rng: np.random.Generator, hosts: np.ndarray, clients: int = CLIENTS) -> Web:
    """Make sites on ``hosts``, the best known first; some pages take objects of another site."""
    per_site = 1 + rng.geometric(1 / np.where(np.arange(len(hosts)) < 8, 30.0, 7.0))
    pages = np.concatenate([[0], np.cumsum(per_site)])
    site = np.repeat(np.arange(len(hosts)), per_site)
    size = rng.geometric(1 / OBJECTS, len(site)) + rng.integers(0, 6, len(site))
    end = np.cumsum(size)
    page = np.repeat(np.arange(len(site)), size)
    partner = rng.integers(0, len(hosts), len(site))
    shared = (rng.random(len(site)) < 0.3)[page] & (rng.random(end[-1]) < 0.5)
    owner = np.where(shared, partner[page], site[page])
    answer = np.floor(1400 * np.exp(1.4 * rng.standard_normal(end[-1]))) + 150
    huge = rng.random(end[-1]) < 0.002
    answer[huge] *= 100 * rng.pareto(1.0, huge.sum()) + 1
    # The path of the site and the page, and the object's own name.
    stem = rng.integers(140, 190, len(hosts))[owner] + rng.integers(0, 25, len(site))[page]
    request = stem + rng.integers(0, 12, end[-1])
    # An object that a page refers to is asked for with the page's own address.
    inner = np.ones(end[-1], bool)
    inner[end - size] = False
    request = request + np.where(inner, rng.integers(35, 60, len(site))[page], 0)
    header = rng.choice([0, 16, 64, 88, 97, 101, 116], clients) + rng.integers(0, 3, clients)
    return Web(pages, end - size, end, hosts[owner], request, np.minimum(answer, 2e7), header)


def browse(
    rng: np.random.Generator, web: Web, client: np.ndarray, time: np.ndarray, site: np.ndarray
) -> Flows:
    """Return what visits that begin at ``time``, each of a client to a site, make connections.

    A visit is several pages with time to read between them; a page is a burst of connections
    over a second or two, fewer where the browser has kept some of its objects.
    """
    views = rng.geometric(0.35, len(time))
    visit = np.repeat(np.arange(len(time)), views)
    first = np.cumsum(views) - views
    read = np.cumsum(np.exp(2.5 + 1.0 * rng.standard_normal(len(visit))))
    begin = time[visit] + read - read[first][visit]
    inside = web.pages[site + 1] - web.pages[site]
    page = web.pages[site][visit] + np.floor(inside[visit] * rng.random(len(visit)) ** 2.5).astype(
        int
    )

    size = (web.end - web.begin)[page]
    view = np.repeat(np.arange(len(page)), size)
    start = np.cumsum(size) - size
    item = web.begin[page][view] + np.arange(len(view)) - start[view]
    kept = rng.random(len(page)) < 0.25
    wanted = ~(kept[view] & (rng.random(len(view)) < 0.6))
    wanted[start] = True
    view, item = view[wanted], item[wanted]
    pace = 0.06 * np.exp(0.7 * rng.standard_normal(len(page)))
    step = np.cumsum(rng.exponential(1.0, len(view)) * pace[view])
    opening = np.concatenate([[True], view[1:] != view[:-1]])
    when = begin[view] + step - step[opening][np.cumsum(opening) - 1]
    who = client[visit][view]

    unchanged = rng.random(len(view)) < 0.05
    answer = np.where(unchanged, 200 + web.request[item] % 90, web.answer[item])
    ends = {"SF": 0.9976, "S1": 0.0008, "RSTO": 0.0007, "S0": 0.0006, "S2": 0.0003}
    flag = draw_flags(rng, len(view), ends)
    silent = flag == FLAGS.index("S0")
    return flows(
        "normal",
        when,
        "http",
        source=who,
        host=web.host[item],
        source_port=ephemeral(rng, len(view)),
        flag=flag,
        src_bytes=np.where(silent, 0, web.request[item] + web.header[who % len(web.header)]),
        dst_bytes=np.where(silent, 0, answer),
        duration=np.floor(rng.exponential(0.12, len(view)) * (1 + answer / 2e4)),
        logged_in=(~silent).astype(float),
        hot=rng.random(len(view)) < 0.002,
        num_access_files=rng.random(len(view)) < 0.004,
    )


def connection_attempts(
    rng: np.random.Generator, client: np.ndarray, time: float, host: int, flag: str
) -> Flows:
    """Return attempts of clients, one each, at a host that has no web server."""
    wait = np.cumsum(rng.exponential(np.exp(rng.normal(2.5, 1.0)), len(client)))
    return flows(
        "normal",
        time + wait,
        "http",
        source=client,
        host=host,
        source_port=ephemeral(rng, len(client)),
        flag=flag,
    )
