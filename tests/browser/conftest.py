"""The page in the system's Chromium, from disk and from a server."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchkit.report.page import NAME, make_page
from benchkit.report.plots import Album
from benchkit.report.tracks import group_tracks
from benchkit.results import Store
from tests.browser.board import LOG, PLOT, SUMMARY, SVG, make_records


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """Give a browser; skip where there is none, but on a machine that checks changes.

    Playwright leaves an event loop running in this thread. So the browser is shared by the tests
    of this folder and closed behind them: other tests may want to run a loop of their own.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
    if path is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("there is no chromium on the PATH")
    from playwright.sync_api import sync_playwright

    # Chromium's sandbox does not work for root, which is who tests in a container are.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a board folder: a store of real folders, a plot, and the page."""
    home = tmp_path_factory.mktemp("a board #1")
    store = Store(home / "records")
    for record in make_records():
        scratch = store.scratch()
        (scratch / "log.txt").write_text(LOG)
        (scratch / "summary.json").write_text(SUMMARY)
        store.put(record, scratch)
    entries = store.entries()
    (home / "plots").mkdir()
    (home / f"{PLOT.path}.svg").write_text(SVG)
    plotted = next(e.record.identity for e in entries if e.record.detector.label == "alpha")
    album = Album(trials={plotted: (PLOT,)}, sections={("kdd99", "real"): (PLOT,)})
    tracks = group_tracks(entry.record for entry in entries)
    (home / NAME).write_text(make_page(entries, tracks, album), encoding="utf-8")
    return home


@pytest.fixture(scope="package")
def server(site: Path) -> Iterator[str]:
    """Serve the board folder on loopback; give its address."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=site)
    ) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture
def visit(chromium, site: Path) -> Iterator[Callable]:
    """Give a function that opens the page; whatever goes wrong in it fails the test.

    No console message, no script error, no dialog, no request to anywhere but the page's own
    origin.
    """
    trouble: list[str] = []
    contexts = []

    def open_page(fragment: str = "", *, origin: str = "", **settings: object):
        context = chromium.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        home = origin or site.as_uri()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (trouble.append("dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: request.url.startswith(f"{home}/") or trouble.append(request.url),
        )
        page.goto(f"{home}/{NAME}{fragment}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []
