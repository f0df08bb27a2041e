"""Boards as files: written whole, only where they differ, and never in the way of others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyarrow import parquet

from benchkit.errors import BenchkitError
from benchkit.report.boards import INDEX, MARK, make_boards
from benchkit.report.folder import compare_boards, write_boards
from benchkit.report.tracks import group_tracks
from tests.records import make_record

BOARDS = make_boards(group_tracks([make_record(), make_record(dataset="smd", variant="sim")]))
FEWER = make_boards(group_tracks([make_record()]))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestWriting:
    def test_makes_the_folder_and_every_file(self, tmp_path):
        """What is in the folder is what was made, to the byte."""
        folder = tmp_path / "new" / "boards"
        write_boards(folder, BOARDS)
        assert contents(folder) == {
            name: content.encode() if isinstance(content, str) else content
            for name, content in BOARDS.items()
        }

    def test_touches_only_what_differs(self, tmp_path):
        """A file that is right keeps its time, and the changed ones are returned."""
        write_boards(tmp_path, BOARDS)
        (tmp_path / INDEX).write_text(f"{MARK} stale")
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        assert write_boards(tmp_path, BOARDS) == [tmp_path / INDEX]
        after = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        assert {name for name in after if after[name] != before[name]} == {INDEX}
        assert write_boards(tmp_path, BOARDS) == []

    def test_an_index_of_the_users_is_not_overwritten(self, tmp_path):
        """A README.md that benchkit has not made stays, and the message names it."""
        (tmp_path / INDEX).write_text("# My project")
        with pytest.raises(BenchkitError, match="README.md was not made by benchkit: .* --out"):
            write_boards(tmp_path, BOARDS)
        assert contents(tmp_path) == {INDEX: b"# My project"}

    def test_removes_boards_that_no_record_asks_for(self, tmp_path):
        """The page of a track goes with its tables, and so does that of a dataset."""
        write_boards(tmp_path, BOARDS)
        gone = {"smd.sim.md", *(f"series.sim.{ending}" for ending in ("md", "csv", "parquet"))}
        removed = {path.name for path in write_boards(tmp_path, FEWER) if not path.exists()}
        assert removed == gone
        assert set(contents(tmp_path)) == set(FEWER)

    def test_removes_a_table_beside_a_page_that_has_none_any_more(self, tmp_path):
        write_boards(tmp_path, FEWER)
        (tmp_path / "kdd99.real.csv").write_text("dataset,variant\n")
        assert write_boards(tmp_path, FEWER) == [tmp_path / "kdd99.real.csv"]

    def test_a_parquet_file_of_another_version_stays(self, tmp_path):
        """The bytes depend on the version of pyarrow; what counts is the table."""
        write_boards(tmp_path, FEWER)
        path = tmp_path / "series.real.parquet"
        parquet.write_table(parquet.read_table(path), path, compression="none")
        assert path.read_bytes() != FEWER[path.name]
        assert compare_boards(tmp_path, FEWER) == ""
        assert write_boards(tmp_path, FEWER) == []

    @pytest.mark.parametrize("damage", [b"", b"PAR1 no table PAR1"])
    def test_a_damaged_parquet_file_is_replaced(self, tmp_path, damage):
        write_boards(tmp_path, FEWER)
        path = tmp_path / "series.real.parquet"
        path.write_bytes(damage)
        assert compare_boards(tmp_path, FEWER) == "series.real.parquet differs\n"
        assert write_boards(tmp_path, FEWER) == [path]
        assert path.read_bytes() == FEWER[path.name]

    def test_keeps_files_of_others(self, tmp_path):
        """Only a page that benchkit has marked as its own is ever removed."""
        others = {"notes.md": "mine", "smd.sim.csv": "mine too", "latin.md": "caf\xe9"}
        for name, text in others.items():
            (tmp_path / name).write_bytes(text.encode("latin-1"))
        write_boards(tmp_path, FEWER)
        assert {n: t.encode("latin-1") for n, t in others.items()}.items() <= contents(
            tmp_path
        ).items()

    def test_where_a_file_stands_in_the_way_it_is_one_line(self, tmp_path):
        """The message says that nothing is lost and how to go on."""
        (tmp_path / "file").write_text("mine")
        with pytest.raises(BenchkitError) as caught:
            write_boards(tmp_path / "file", BOARDS)
        message = str(caught.value)
        assert message.startswith(f"cannot write the boards to {tmp_path}/file: File exists")
        assert "the records are safe" in message
        assert len(message.splitlines()) == 1
        assert (tmp_path / "file").read_text() == "mine"


class TestReadOnly:
    @pytest.fixture
    def read_only(self, mount_disk: Callable[[str], Path]) -> Path:
        """Give a folder with stale boards that really cannot be written to, not even by root."""
        folder = mount_disk("256k")
        write_boards(folder, FEWER)
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        return folder

    def test_gets_one_line_and_stays_as_it_is(self, read_only):
        """Neither a traceback nor half a board."""
        before = contents(read_only)
        with pytest.raises(BenchkitError) as caught:
            write_boards(read_only, BOARDS)
        assert str(caught.value) == (
            f"cannot write the boards to {read_only}: Read-only file system; the records are "
            f"safe, so mend that and run 'benchkit leaderboard --out {read_only}'"
        )
        assert contents(read_only) == before

    def test_is_no_trouble_where_the_boards_are_right(self, read_only):
        """What need not be written is not written."""
        assert write_boards(read_only, FEWER) == []


class TestComparing:
    def test_finds_nothing_where_all_is_right(self, tmp_path):
        """An empty text is no difference."""
        write_boards(tmp_path, BOARDS)
        assert compare_boards(tmp_path, BOARDS) == ""

    def test_shows_what_would_change(self, tmp_path):
        """A diff from what is there to what should be."""
        write_boards(tmp_path, BOARDS)
        page = tmp_path / "kdd99.real.md"
        page.write_text(page.read_text().replace("0.500", "0.999"))
        diff = compare_boards(tmp_path, BOARDS).splitlines()
        assert "--- kdd99.real.md (there)" in diff
        assert "+++ kdd99.real.md (from records)" in diff
        assert [line[:6] for line in diff if line.startswith("-|")] == ["-| pca"]
        assert any("0.999" in line for line in diff if line.startswith("-|"))
        assert any("0.500" in line for line in diff if line.startswith("+|"))

    @pytest.mark.parametrize("there", [BOARDS, {}], ids=["too many", "none"])
    def test_sees_files_that_are_missing_or_too_many(self, tmp_path, there):
        """Orphans are stale, too."""
        write_boards(tmp_path, there)
        diff = compare_boards(tmp_path, FEWER)
        assert ("--- series.sim.csv (there)" in diff) == bool(there)
        assert ("series.sim.parquet differs" in diff) == bool(there)
        assert "+++ README.md (from records)" in diff

    def test_shows_the_first_lines_of_many(self, tmp_path):
        """Of a table six and how many more; of the page and of a long line less than a screen."""
        table = "".join(f"{i},{'x' * 200}\n" for i in range(50))
        files = {"index.html": "<p>\n" * 900, "series.real.csv": table}
        diff = compare_boards(tmp_path, files).splitlines()
        assert diff[0] == "index.html differs: 0 lines go, 900 come"
        assert diff[1:3] == ["--- series.real.csv (there)", "+++ series.real.csv (from records)"]
        assert [line.partition(",")[0] for line in diff[3:9]] == [f"+{i}" for i in range(6)]
        assert diff[9:] == ["... 44 lines more"]
        assert max(map(len, diff)) <= 98

    def test_shows_the_place_where_long_lines_differ(self, tmp_path):
        """And not only their beginnings, which are the same."""
        (tmp_path / "series.real.csv").write_text("x" * 500 + "old" + "y" * 500 + "\n")
        diff = compare_boards(tmp_path, {"series.real.csv": "x" * 500 + "new" + "y" * 500 + "\n"})
        gone, come = diff.splitlines()[2:]
        assert gone == "-..." + "x" * 49 + "old" + "y" * 39 + "..."
        assert come == gone.replace("-", "+").replace("old", "new")

    def test_a_lost_line_end_is_a_difference(self, tmp_path):
        """A file that lost its last one is not the same."""
        (tmp_path / "series.real.csv").write_bytes(b"a")
        assert compare_boards(tmp_path, {"series.real.csv": "a\n"}) == (
            "series.real.csv differs: 0 lines go, 0 come\n"
        )

    def test_writes_nothing(self, tmp_path):
        """Looking is free."""
        write_boards(tmp_path, BOARDS)
        before = contents(tmp_path)
        compare_boards(tmp_path, FEWER)
        assert contents(tmp_path) == before


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_reading_a_table_starts_no_thread(tmp_path):
    """Threads of pyarrow sometimes abort a process that ends, and its exit code is lost."""
    (tmp_path / "table").write_bytes(BOARDS["series.real.parquet"])
    script = (
        "import os, sys; from pathlib import Path; import pyarrow.parquet; "
        "from benchkit.report.tidy import read_parquet; "
        "count = lambda: len(os.listdir('/proc/self/task')); before = count(); "
        "assert read_parquet(Path(sys.argv[1]).read_bytes()); assert count() == before"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "table")], check=True)
