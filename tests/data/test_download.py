"""A file is the one it claims to be, or it is not used."""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import io
import lzma
import os
import socket
import threading
import zipfile
from pathlib import Path

import pytest

from benchkit.data import DataUnavailable
from benchkit.data.download import RemoteFile, fetch, sha256_of
from benchkit.steps import watch
from tests.pace import within

BODY = bytes(range(256)) * 1000
SHA = hashlib.sha256(BODY).hexdigest()


def remote(*addresses: str, **details) -> RemoteFile:
    """Return a remote file whose bytes are `BODY`."""
    return RemoteFile("some/file.gz", SHA, addresses, **details)


CONTENT = bytes(range(7)) * 100


def zipped(content: bytes) -> bytes:
    """Return a zip archive of one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("inside", content)
    return archive.getvalue()


def named_gzip(content: bytes) -> bytes:
    """Return a gzip file with a name and a time in its header."""
    archive = io.BytesIO()
    with gzip.GzipFile("train-images.idx3-ubyte", "wb", 1, archive, 7) as packing:
        packing.write(content)
    return archive.getvalue()


PACKINGS = {
    "gzip at another level": lambda content: gzip.compress(content, 1),
    "gzip with a name": named_gzip,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "not packed": bytes,
}


def archive_of(*names: str, flags: int = 0) -> bytes:
    """Return a zip archive of empty files and folders, marked with flags in both headers."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packing:
        for name in names:
            packing.writestr(name, b"")
    content = bytearray(archive.getvalue())
    content[6] |= flags
    content[content.index(b"PK\x01\x02") + 8] |= flags
    return bytes(content)


ARCHIVES = {
    "a zip archive without a file: get it again": archive_of("folder/"),
    "a zip archive of many files: unpack it": archive_of("one", "two"),
    "a zip archive with a password: unpack it": archive_of("one", flags=1),
    "not a whole gzip file (Compressed file ended before the end-of-stream marker was reached)": (
        gzip.compress(CONTENT)[:-9]
    ),
}


def packed(content: bytes = CONTENT, **details) -> RemoteFile:
    """Return a gzipped remote file with a content that is known."""
    published = hashlib.sha256(gzip.compress(content, mtime=0)).hexdigest()
    unpacked = hashlib.sha256(content).hexdigest()
    return RemoteFile("some/file.gz", published, (), unpacked, ("other/name",), **details)


def refused(file: RemoteFile, *, offline: bool = False) -> str:
    """Return the one line with which a file is refused."""
    with pytest.raises(DataUnavailable) as caught:
        fetch(file, offline=offline)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("some/file.gz is not here, ")
    return message


def left_in(folder: Path) -> list[str]:
    """Return the relative paths of all files in a folder."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


class TestAFileThatIsHere:
    @pytest.mark.parametrize("name", ["some/file.gz", "file.gz"])
    def test_is_used_without_a_network(self, folder, name):
        """Under its relative path or its bare name, in a data folder."""
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(BODY)
        assert fetch(remote("http://nowhere.invalid/file"), offline=True) == path

    def test_is_found_in_any_data_folder(self, folder, tmp_path, monkeypatch):
        second = tmp_path / "second"
        second.mkdir()
        (second / "file.gz").write_bytes(BODY)
        monkeypatch.setenv("BENCHKIT_DATA", os.pathsep.join([str(folder), str(second)]))
        assert fetch(remote(), offline=True) == second / "file.gz"

    @pytest.mark.parametrize("name", ["some/file.gz", "other/name", "name"])
    @pytest.mark.parametrize("form", PACKINGS)
    def test_may_be_packed_otherwise(self, folder, name, form):
        """What is in it counts, not its bytes; under each of its names."""
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PACKINGS[form](CONTENT))
        assert fetch(packed(), offline=True) == path

    @pytest.mark.parametrize("form", PACKINGS)
    def test_with_another_content_is_refused_however_it_is_packed(self, folder, form):
        """One bit of it is wrong, or the packed file lacks its end."""
        wrong = PACKINGS[form](bytes([CONTENT[0] ^ 1]) + CONTENT[1:])
        for content in (wrong, PACKINGS[form](CONTENT)[:-9]):
            (folder / "file.gz").write_bytes(content)
            with pytest.raises(DataUnavailable, match=r"file\.gz has the wrong checksum"):
                fetch(packed(), offline=True)

    @pytest.mark.parametrize("why", ARCHIVES)
    def test_in_an_archive_that_cannot_be_unpacked_says_why(self, folder, why):
        (folder / "file.gz").write_bytes(ARCHIVES[why])
        message = refused(packed(), offline=True)
        assert f"file.gz has the wrong checksum (it is {why}; kept aside as file.gz.rej" in message

    @pytest.mark.parametrize("form", PACKINGS)
    def test_of_text_may_have_the_line_ends_of_windows(self, folder, form):
        """A line end that two reads cut in two is one all the same."""
        lines = b"a" * ((1 << 20) - 1) + b"\nb\r\r\n\n"
        file = packed(lines, text=True)
        (folder / "file.gz").write_bytes(PACKINGS[form](lines.replace(b"\n", b"\r\n")))
        assert fetch(file, offline=True) == folder / "file.gz"
        (folder / "file.gz").write_bytes(PACKINGS[form](lines.replace(b"\n", b"")))
        with pytest.raises(DataUnavailable, match="wrong checksum"):
            fetch(file, offline=True)

    @pytest.mark.parametrize("wrong", [BODY[:-1], BODY[:-1] + b"!", b""])
    def test_is_kept_aside_when_its_bytes_are_wrong(self, folder, wrong):
        """Truncated or tampered with: renamed, never used, and the message says so."""
        (folder / "file.gz").write_bytes(wrong)
        aside = f"file.gz.rejected-{hashlib.sha256(wrong).hexdigest()[:8]}"
        message = refused(remote("http://nowhere.invalid/file"), offline=True)
        assert "wrong checksum" in message
        assert aside in message
        assert left_in(folder) == [aside]
        assert (folder / aside).read_bytes() == wrong

    def test_is_left_alone_in_a_folder_that_cannot_be_written(self, folder, monkeypatch):
        wrong = folder / "file.gz"
        wrong.write_bytes(b"wrong")

        def read_only(self, target):
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr(Path, "replace", read_only)
        message = refused(remote(), offline=True)
        assert "left where it is, unused: Read-only file system" in message
        assert left_in(folder) == ["file.gz"]

    def test_with_wrong_bytes_does_not_hide_a_right_one(self, folder):
        (folder / "some").mkdir()
        (folder / "some/file.gz").write_bytes(b"wrong")
        (folder / "file.gz").write_bytes(BODY)
        assert fetch(remote(), offline=True) == folder / "file.gz"

    def test_with_wrong_bytes_is_replaced_by_a_download(self, folder, server):
        (folder / "some").mkdir()
        (folder / "some/file.gz").write_bytes(b"wrong")
        path = fetch(remote(server.serve("/file", BODY)), offline=False)
        assert path.read_bytes() == BODY
        aside = f"some/file.gz.rejected-{hashlib.sha256(b'wrong').hexdigest()[:8]}"
        assert left_in(folder) == ["some/file.gz", aside]


class TestADownload:
    def test_brings_the_file_once(self, folder, server):
        """The second time it is here."""
        file = remote(server.serve("/file", BODY))
        path = fetch(file, offline=False)
        assert path == folder / "some/file.gz"
        assert sha256_of(path) == SHA
        assert fetch(file, offline=False) == path
        assert server.asked == ["/file"]
        assert left_in(folder) == ["some/file.gz"]

    def test_is_shown_on_the_bar(self, folder, server):
        seen = []
        watch(lambda *step: seen.append(step))
        try:
            fetch(remote(server.serve("/file", BODY)), offline=False)
        finally:
            watch(None)
        assert {desc for desc, _, _ in seen} == {"downloading file.gz"}
        assert {total for _, _, total in seen} == {len(BODY)}
        done = [step for _, step, _ in seen]
        assert done == sorted(done)
        assert done[-1] == len(BODY)

    def test_that_was_tampered_with_is_kept_aside_and_the_next_address_tried(self, folder, server):
        wrong = BODY[::-1]
        path = fetch(
            remote(server.serve("/wrong", wrong), server.serve("/right", BODY)), offline=False
        )
        assert path.read_bytes() == BODY
        assert server.asked == ["/wrong", "/right"]
        aside = f"some/file.gz.rejected-{hashlib.sha256(wrong).hexdigest()[:8]}"
        assert left_in(folder) == ["some/file.gz", aside]

    def test_that_is_wrong_everywhere_says_where_it_was_kept(self, folder, server):
        message = refused(remote(server.serve("/wrong", b"wrong")))
        aside = f"file.gz.rejected-{hashlib.sha256(b'wrong').hexdigest()[:8]}"
        assert (
            f"127.0.0.1:{server.http.server_port} sent a file with the wrong checksum" in message
        )
        assert f"{aside} in {folder / 'some'}" in message
        assert left_in(folder) == [f"some/{aside}"]

    def test_that_breaks_off_leaves_nothing(self, folder, server):
        """A body shorter than announced never appears under the file's name."""
        message = refused(remote(server.serve("/cut", BODY[:5000], length=len(BODY))))
        assert "the connection broke before the file was whole" in message
        assert left_in(folder) == []

    def test_that_breaks_off_goes_on_at_the_next_address(self, folder, server):
        cut = server.serve("/cut", BODY[:5000], length=len(BODY))
        assert fetch(remote(cut, server.serve("/file", BODY)), offline=False).is_file()

    def test_keeps_the_bytes_that_a_server_calls_encoded(self, folder, server):
        """Some servers declare a .gz file to be a gzip-encoded page; it must stay packed."""
        packed = gzip.compress(BODY)
        address = server.serve("/file", packed, headers={"Content-Encoding": "gzip"})
        file = RemoteFile("some/file.gz", hashlib.sha256(packed).hexdigest(), (address,))
        assert fetch(file, offline=False).read_bytes() == packed

    def test_says_what_the_server_said(self, folder, server):
        assert "HTTP 404 Not Found" in refused(remote(server.serve("/gone", b"", status=404)))

    @pytest.mark.parametrize("kind", ["dead_address", "black_hole"])
    def test_goes_past_an_address_that_does_not_answer(self, folder, server, kind, request):
        file = remote(request.getfixturevalue(kind), server.serve("/file", BODY))
        assert fetch(file, offline=False).read_bytes() == BODY

    def test_that_cannot_be_written_says_so(self, folder, server):
        (folder / "some").write_text("a file where the folder should be")
        message = refused(remote(server.serve("/file", BODY)))
        assert "could not be written" in message


class TestWithoutANetwork:
    def test_offline_asks_nobody(self, folder, server):
        """The line says that downloads are off, and no server was asked."""
        address = server.serve("/file", BODY)
        message = refused(remote(address), offline=True)
        assert "downloads are off (offline)" in message
        assert server.asked == []

    def test_refused_connections_are_noticed_at_once(self, folder, dead_address):
        message = within(2, lambda: refused(remote(dead_address)))
        assert "no address answered (127.0.0.1:" in message

    def test_unknown_names_are_noticed(self, folder):
        message = within(
            5, lambda: refused(remote("https://one.invalid/file", "https://two.invalid/file"))
        )
        assert "no address answered (one.invalid, two.invalid)" in message

    def test_many_silent_addresses_take_less_than_five_seconds(self, folder, black_hole):
        """The time is shared by all addresses, not spent on each."""
        within(5, lambda: refused(remote(*[f"{black_hole}{number}" for number in range(6)])))

    def test_a_name_service_that_hangs_takes_less_than_five_seconds(self, folder, monkeypatch):
        """A look-up cannot be given a timeout; it is left behind."""
        release = threading.Event()

        def hang(*args, **kwargs):
            release.wait(20)
            raise socket.gaierror("no answer")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        file = remote("http://a.example/file", "http://b.example/file")
        try:
            message = within(5, lambda: refused(file))
        finally:
            release.set()
        assert "no address answered (a.example, b.example)" in message

    def test_a_proxy_that_is_gone_counts_as_no_network(self, folder, dead_address, monkeypatch):
        """Where a proxy is set, it is the proxy that must answer."""
        monkeypatch.setenv("http_proxy", dead_address.removesuffix("/file"))
        message = refused(remote("http://a.example/file"))
        assert "no address answered (a.example)" in message
