"""Files that are fetched once, checked always, and never used when they are not what they claim.

Stands on pooch for the transfer. What pooch does not do is done here: finding out within seconds
that there is no network, and keeping a wrong file aside instead of overwriting or using it.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchkit.data.dataset import DataUnavailable, InvalidDataset
from benchkit.data.folders import data_folders, download_folder
from benchkit.data.packing import unpacked_sha256
from benchkit.errors import BenchkitError
from benchkit.files import is_file, is_folder
from benchkit.steps import report

CONNECT_SECONDS = 2.0
"""How long one address may take to accept a connection."""

REACH_SECONDS = 4.0
"""How long all addresses together may take, name look-ups included, before there is no network."""

READ_SECONDS = 30.0
"""How long a server that has answered may fall silent."""


@dataclass(frozen=True)
class RemoteFile:
    """A public file: what it is called, what is in it, and where it can be had.

    Parameters
    ----------
    name
        Path relative to a data folder, with ``/``: ``"mnist/train-images-idx3-ubyte.gz"``. A
        file is also looked for under its bare name, directly in a data folder.
    sha256
        Of the bytes, in lower-case hexadecimal.
    addresses
        http or https, tried in this order.
    unpacked
        The sha256 of what is in the file, where that is known: then a file that is already here
        may be packed in any way that `benchkit.data.packing.open_unpacked` reads, or not at all.
    also
        Other relative paths under which it may already be here.
    text
        True for a file of text whose copies may have Windows line ends.
    """

    name: str
    sha256: str
    addresses: tuple[str, ...]
    unpacked: str = ""
    also: tuple[str, ...] = ()
    text: bool = False

    def names(self) -> list[str]:
        """Return every relative path under which the file is looked for, best first."""
        named = (self.name, *self.also)
        return list(dict.fromkeys(path for name in named for path in (name, _bare(name))))

    def is_in(self, path: Path, sha256: str) -> bool:
        """Return whether a file is this one, packed as published or otherwise.

        ``sha256`` is of its bytes. Raises `InvalidDataset` where they cannot be unpacked.
        """
        if sha256 == self.sha256:
            return True
        return bool(self.unpacked) and unpacked_sha256(path, text=self.text) == self.unpacked


def fetch(remote: RemoteFile, *, offline: bool) -> Path:
    """Return a local file with the content of ``remote``, downloading it where it must.

    All data folders are searched first. A file there with another content is never used: it is
    renamed to ``<name>.rejected-<first 8 digits of its sha256>``, or left alone where the folder
    cannot be written to. A download goes to the first writable data folder and appears there
    whole or not at all; one that has other bytes is kept aside under such a name as well.

    Parameters
    ----------
    remote
        What to look for.
    offline
        True to use no network at all.

    Raises
    ------
    DataUnavailable
        The file is not here and cannot be had. One line: the file and the reason.
        Without a network this takes less than five seconds however many addresses there are.
    """
    found, reasons = _find_checked(remote)
    if found is not None:
        return found
    if offline:
        raise _unavailable(remote, [*reasons, "downloads are off (offline)"])
    try:
        return _download(remote, reasons)
    except (OSError, BenchkitError) as error:
        reasons.append(f"it could not be written: {error}")
        raise _unavailable(remote, reasons) from error


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _find_checked(remote: RemoteFile) -> tuple[Path | None, list[str]]:
    """Return the first file that is what it claims, and why the ones before it were refused."""
    reasons: list[str] = []
    for folder in data_folders():
        if is_folder(folder) and not os.access(folder, os.R_OK | os.X_OK):
            reasons.append(f"{folder} cannot be searched")
        for relative in remote.names():
            path = folder / relative
            if not is_file(path):
                continue
            why = ""
            try:
                actual = sha256_of(path)
                if remote.is_in(path, actual):
                    return path, reasons
            except OSError as error:
                reasons.append(f"{path} cannot be read ({error.strerror})")
                continue
            except InvalidDataset as error:
                why = f"it{str(error).removeprefix(str(path))}; "
            kept = _set_aside(path, path, actual)
            reasons.append(f"{path} has the wrong checksum ({why}{kept})")
    return None, reasons


def _set_aside(file: Path, name: Path, actual: str) -> str:
    """Rename a wrong ``file`` after ``name`` and return where it is now, in words."""
    aside = name.with_name(f"{name.name}.rejected-{actual[:8]}")
    try:
        file.replace(aside)
    except OSError as error:
        return f"left where it is, unused: {error.strerror}"
    return f"kept aside as {aside.name}"


def _download(remote: RemoteFile, reasons: list[str]) -> Path:
    """Try the addresses in order; return the file, or raise saying why each of them failed."""
    import requests

    target = download_folder() / remote.name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    silent = []
    for address, answers in _reach(remote.addresses):
        host = urlsplit(address).netloc
        if not answers:
            silent.append(host)
            continue
        try:
            _transfer(address, part, remote.name)
            actual = sha256_of(part)
            if actual == remote.sha256:
                part.replace(target)
                return target
            kept = _set_aside(part, target, actual)
            reasons.append(
                f"{host} sent a file with the wrong checksum ({kept} in {target.parent})"
            )
        except requests.RequestException as error:
            reasons.append(f"{host} failed: {_in_short(error)}")
        finally:
            part.unlink(missing_ok=True)
    if silent:
        hosts = ", ".join(dict.fromkeys(silent))
        which = "no address answered" if len(silent) == len(remote.addresses) else "no answer from"
        reasons.append(f"{which} ({hosts})")
    raise _unavailable(remote, reasons)


def _transfer(address: str, part: Path, name: str) -> None:
    """Write what an address sends to ``part``, telling the display how far it is."""
    import pooch

    downloader = pooch.HTTPDownloader(
        progressbar=_Bar(f"downloading {_bare(name)}"),
        chunk_size=1 << 16,
        timeout=(CONNECT_SECONDS, READ_SECONDS),
        headers={"Accept-Encoding": "identity"},
        hooks={"response": _keep_packed},
    )
    downloader(address, str(part), None)


def _keep_packed(response, *_args, **_kwargs) -> None:  # type: ignore[no-untyped-def]
    # Some servers declare a .gz file to be a gzip-encoded page; requests would unpack it and the
    # checksum would be that of something else.
    response.raw.headers.pop("content-encoding", None)


class _Bar:
    """What pooch wants of a progress bar, passed on to `benchkit.progress`."""

    def __init__(self, desc: str) -> None:
        self.desc = desc
        self.total = 0
        self.done = 0

    def update(self, size: int) -> None:
        self.done = min(self.done + size, self.total) if self.total else self.done + size
        report(self.desc, self.done, self.total or None)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


def _reach(addresses: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Yield each address in order with whether its server accepts a connection.

    All are tried at once, and all share `REACH_SECONDS`. The threads are daemons because a name
    look-up cannot be interrupted and must not hold up the end of the process.
    """
    answered: dict[str, bool] = {}

    def knock(address: str) -> None:
        answered[address] = _connects(address)

    threads = [threading.Thread(target=knock, args=(a,), daemon=True) for a in addresses]
    deadline = time.monotonic() + REACH_SECONDS
    for thread in threads:
        thread.start()
    for address, thread in zip(addresses, threads, strict=True):
        thread.join(max(0.0, deadline - time.monotonic()))
        yield address, answered.get(address, False)


def _connects(address: str) -> bool:
    """Return whether the server of an address, or the proxy in front of it, takes connections."""
    import socket

    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(address, get_environ_proxies(address))
    parts = urlsplit(
        proxy if proxy and "://" in proxy else f"http://{proxy}" if proxy else address
    )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=CONNECT_SECONDS).close()
    except (OSError, UnicodeError):
        return False
    return True


def _in_short(error: Exception) -> str:
    """Return an error of requests as a few words; its own text nests three other errors."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code} {response.reason}".strip()
    words = {
        "ConnectTimeout": "it did not accept the connection in time",
        "ReadTimeout": f"it was silent for {READ_SECONDS:.0f} s",
        "ChunkedEncodingError": "the connection broke before the file was whole",
        "SSLError": "its certificate could not be verified",
    }
    name = type(error).__name__
    return words.get(name, "the connection broke" if name == "ConnectionError" else name)


def _unavailable(remote: RemoteFile, reasons: list[str]) -> DataUnavailable:
    """Return the one line that says what is missing and why; the card says how to get it."""
    why = "; ".join(" ".join(reason.split()) for reason in reasons)
    return DataUnavailable(f"{remote.name} is not here, {why}")
