"""Folders and servers of their own for the tests of files."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Keep a proxy of this machine's out of the way to the loopback servers."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass
class Answer:
    """What a server says to one path; ``length`` is what it claims the body to be long."""

    body: bytes
    status: int = 200
    length: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Server:
    """A web server on the loopback interface that remembers what it was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                answer = outer.answers.get(self.path, Answer(b"", 404))
                self.send_response(answer.status)
                length = len(answer.body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(length))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, path: str, body: bytes, **details) -> str:
        self.answers[path] = Answer(body, **details)
        return f"http://127.0.0.1:{self.http.server_port}{path}"


@pytest.fixture
def server():
    """Run a web server for one test."""
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture
def dead_address():
    """Give an address at which nothing listens: connections are refused at once."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{spare.getsockname()[1]}/file"


@pytest.fixture
def black_hole():
    """Give an address whose packets are dropped: nobody says yes or no.

    A listener whose queue is full drops what comes next, as a firewall does.
    """
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _ in range(64):
        client = socket.socket()
        client.settimeout(0.2)
        waiting.append(client)
        try:
            client.connect(listener.getsockname())
        except TimeoutError:
            break
    else:
        pytest.skip("this system does not drop connections to a full queue")
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/file"
    for held in (*waiting, listener):
        held.close()
