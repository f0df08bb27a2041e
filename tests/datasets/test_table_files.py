"""Tables in text files and workbooks are read as they stand, from wherever they lie."""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import pytest
from owner_files import PREFIX

from benchkit.data import Dataset, InvalidDataset
from benchkit_datasets.tables.delimited import CHARACTERS, read_delimited
from benchkit_datasets.tables.input_files import is_workbook, open_inputs
from benchkit_datasets.tables.numbers import MISSING, numbers
from benchkit_datasets.tables.preprocessing import downsample, drop_warmup
from benchkit_datasets.tables.workbook import PIECE, read_workbook


def has_a(cells):
    """Return whether this is the header of the tables here."""
    return "a" in cells


def columns_of(table):
    """Return the whole columns of a table, and the numbers of its rows."""
    blocks = list(table.blocks)
    rows = np.concatenate([block.rows for block in blocks])
    parts = zip(*(block.columns for block in blocks), strict=True)
    return [np.concatenate(part) for part in parts], rows


def plain(cell):
    """Return a cell as a number where it is one, else as text; nothing as ""."""
    try:
        return "" if np.isnan(float(cell)) else float(cell)
    except ValueError:
        return cell.strip()


def text_columns(text):
    """Read a text; return columns, rows and notes."""
    data = text if isinstance(text, bytes) else text.encode()
    table = read_delimited("some.csv", io.BytesIO(data), has_a)
    columns, rows = columns_of(table)
    return [column.tolist() for column in columns], rows.tolist(), table.notes


class TestText:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_separators_and_line_ends_are_found(self, separator, end):
        lines = ["a,b,c", "1,x y,2.5", "-3,,4e2"]
        text = "".join(line.replace(",", separator) + end for line in lines)
        columns, rows, _ = text_columns(text)
        assert columns == [[1, -3], ["x y", ""], [2.5, 400]]
        assert rows == [2, 3]

    def test_names_lose_blanks_quotes_and_mark(self):
        table = read_delimited("x", io.BytesIO(b'\xef\xbb\xbf "a" , b\n1,2\n'), has_a)
        assert table.header == ("a", "b")

    def test_rows_that_cross_a_read_stay_whole(self, monkeypatch):
        """A table that is read in thousands of pieces is the same as in one."""
        monkeypatch.setattr("benchkit_datasets.tables.delimited.CHARACTERS", 7)
        lines = [f"{row},{row}.5,word{row}" for row in range(300)]
        columns, rows, notes = text_columns("a,b,c\n" + "\n".join(lines))
        assert columns[0] == list(range(300))
        assert columns[2] == [f"word{row}" for row in range(300)]
        assert rows == list(range(2, 302))
        assert notes == ["some.csv: the last line has no line end."]

    def test_pieces_are_small(self):
        """So that memory does not grow with the file."""
        assert CHARACTERS <= 1 << 23
        assert PIECE <= 1 << 23

    def test_empty_lines_are_left_out_and_rows_keep_their_numbers(self):
        columns, rows, notes = text_columns("junk\n\na,b\n1,2\n\n3,4\n\n")
        assert columns == [[1, 3], [2, 4]]
        assert rows == [4, 6]
        assert notes[-1] == "some.csv: 2 empty lines ignored."

    def test_a_file_without_the_header_is_no_table(self):
        assert read_delimited("x", io.BytesIO(b'[{"val": 1}, {"val": 2}]'), has_a) is None
        assert read_delimited("x", io.BytesIO(b""), has_a) is None
        assert read_delimited("x", io.BytesIO(bytes(range(256)) * 99), has_a) is None

    def test_tokens_for_nothing_are_missing(self):
        columns, _, _ = text_columns("a,b\n" + "".join(f"{word},1\n" for word in MISSING if word))
        assert np.isnan(columns[0]).all()


class TestNumbers:
    @pytest.mark.parametrize("text", ["12a", "1,5", "1 5", "1_5", "inf", "1e39", "0x1", "True"])
    def test_what_is_no_number_is_refused_with_its_place(self, text):
        with pytest.raises(InvalidDataset, match=r"f, row 8: t is .*not a (number|measured)"):
            numbers(np.array(["1", text], object), np.array([7, 8]), file="f", name="t")

    def test_the_decimal_sign_is_one(self):
        cells, rows = np.array(["1,5", "-2"], object), np.arange(2)
        values = numbers(cells, rows, file="f", name="t", decimal=",")
        assert values.tolist() == [1.5, -2]
        with pytest.raises(InvalidDataset, match="'1.5', not a number"):
            numbers(np.array(["1.5"], object), rows, file="f", name="t", decimal=",")


@pytest.fixture
def workbook(tmp_path):
    """Write a workbook of texts, numbers, dates, truths, errors, holes and formulas."""
    import xlsxwriter

    rng = np.random.default_rng(0)

    def write(rows=400, **options):
        path = tmp_path / "book.xlsx"
        book = xlsxwriter.Workbook(str(path), options)
        book.add_worksheet("other").write(0, 0, "nothing here")
        page = book.add_worksheet("data & more")
        bold = book.add_format({"bold": True})
        page.write_row(0, 0, ["P1", "", "P2"])
        page.write_row(1, 0, [" a", "b", PREFIX + "c", "d<&>", "e"], bold)
        for row in range(2, rows):
            page.write_string(row, 0, f" text {row} <&> é")
            page.write_number(row, 1, float(rng.normal(0, 10.0 ** rng.integers(-8, 8))))
            page.write_number(row, 2, int(rng.integers(0, 3)), bold)
            if row % 7:
                page.write_number(row, 3, row / 7)
            if row == 50:
                page.write_rich_string(row, 4, "one ", bold, "two", " three")
            elif row == 51:
                page.write_formula(row, 4, "=1+1", None, 2)
            elif row == 52:
                page.write_formula(row, 4, '="x"', None, "x & y")
            elif row > 60:
                page.write_number(row, 4, row)
        book.close()
        return path

    return write


def with_prefix(xml):
    xml = xml.replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
    return xml.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=")


def with_types(xml):
    return re.sub(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)>', rb'\1 t="n">', xml)


class TestWorkbook:
    @pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
    @pytest.mark.parametrize("piece", [PIECE, 5_000])
    def test_cells_are_those_that_calamine_reads(self, workbook, options, piece, monkeypatch):
        """Shared and inline texts, in one piece or in many; numbers to the last bit."""
        from python_calamine import load_workbook

        monkeypatch.setattr("benchkit_datasets.tables.workbook.PIECE", piece)
        path = workbook(**options)
        sheet = load_workbook(str(path)).get_sheet_by_name("data & more")
        expected = sheet.to_python(skip_empty_area=False)[2:]
        with path.open("rb") as file:
            (table,) = read_workbook("book", file, has_a)
            assert table.name == "book, sheet 'data & more'"
            assert table.header == ("a", "b", PREFIX + "c", "d<&>", "e")
            columns, rows = columns_of(table)
        assert rows.tolist() == list(range(3, 401))
        for number, column in enumerate(columns):
            assert [plain(cell) for cell in column] == [plain(line[number]) for line in expected]
        assert table.notes == ["book, sheet 'data & more': 1 line above the header ignored."]

    @pytest.mark.parametrize("respell", [with_prefix, with_types], ids=lambda f: f.__name__)
    def test_other_spellings_of_the_xml_change_nothing(self, workbook, tmp_path, respell):
        """Some programs write <x:row> for <row>, and t="n" into every number cell."""
        path, other = workbook(), tmp_path / "respelled.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
            for name in old.namelist():
                xml = old.read(name)
                changed = name.endswith(("sheet2.xml", "sharedStrings.xml"))
                new.writestr(name, respell(xml) if changed else xml)
        with path.open("rb") as one, other.open("rb") as two:
            (expected,), (found,) = (read_workbook("b", file, has_a) for file in (one, two))
            assert found.header == expected.header
            for left, right in zip(columns_of(found)[0], columns_of(expected)[0], strict=True):
                np.testing.assert_array_equal(left, right)

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (b' r="C9"', b"", "rows or cells without a number"),
            (b'<row r="9"', b"<row", "rows or cells without a number"),
            (b'<c r="A9" t="s"><v>', b'<c r="A9" t="s"><v>9999', "cells that cannot be read"),
            (b"</sheetData>", b"", "ends within the sheet"),
        ],
    )
    def test_what_no_program_writes_is_refused(self, workbook, tmp_path, old, new, reason):
        path, other = workbook(), tmp_path / "odd.xlsx"
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as odd:
            for name in packed.namelist():
                xml = packed.read(name)
                odd.writestr(name, xml.replace(old, new) if name.endswith("sheet2.xml") else xml)
        with other.open("rb") as file, pytest.raises(InvalidDataset, match=reason):
            [columns_of(table) for table in read_workbook("b", file, has_a)]

    def test_a_cut_workbook_is_no_workbook(self, workbook):
        data = workbook().read_bytes()
        assert is_workbook(io.BytesIO(data))
        assert not is_workbook(io.BytesIO(data[:-100]))

    def test_a_damaged_sheet_is_refused(self, workbook):
        path = workbook()
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as packed:
            begin = packed.getinfo("xl/worksheets/sheet2.xml").header_offset
        data[begin + 500 : begin + 600] = bytes(100)
        with pytest.raises(InvalidDataset, match="damaged or cut off"):
            [columns_of(table) for table in read_workbook("book", io.BytesIO(data), has_a)]


class TestFiles:
    def test_folders_and_archives_are_looked_into(self, tmp_path):
        (tmp_path / "box" / "deep").mkdir(parents=True)
        (tmp_path / "box" / "deep" / "one.csv").write_text("1")
        (tmp_path / "box" / "~$one.xlsx").write_text("open elsewhere")
        with zipfile.ZipFile(tmp_path / "box" / "two.zip", "w") as packed:
            packed.writestr("in/two.csv", "2")
            packed.writestr("__MACOSX/in/._two.csv", "x")
        with open_inputs([tmp_path / "box"]) as sources:
            found = {source.name: source.open().read() for source in sources}
        assert found == {"box/deep/one.csv": b"1", "box/two.zip: in/two.csv": b"2"}

    def test_what_is_not_there_is_said(self, tmp_path):
        with (
            pytest.raises(InvalidDataset, match="nowhere: there is no such file or folder"),
            open_inputs([tmp_path / "nowhere"]),
        ):
            pass


def series(rows, segments=(0,), labels=()):
    """Return a dataset whose values count its rows, the same in train and test."""
    values = np.stack([np.arange(rows), np.arange(rows) % 3], 1).astype(np.float32)
    marks = np.isin(np.arange(rows), labels)
    return Dataset(
        values, values, marks, ("n", "m"), 1.0, train_segments=segments, test_segments=segments
    )


class TestCustoms:
    def test_a_median_block_never_crosses_a_gap(self):
        """The rows left at the end of a stretch are a block of their own."""
        made = downsample(series(23, (0, 12), labels=[13]), median=5)
        assert made.test[:, 0].tolist() == [2, 7, 10.5, 14, 19, 22]
        assert made.test_segments == made.train_segments == (0, 3)
        assert made.labels.tolist() == [False, False, False, True, False, False]
        assert made.period == 5
        assert made.train.dtype == np.float32

    def test_medians_are_those_of_each_channel(self):
        values = np.random.default_rng(0).normal(size=(1_003, 4)).astype(np.float32)
        data = Dataset(values, values, np.zeros(1_003, bool))
        expected = [np.median(values[start : start + 10], 0) for start in range(0, 1_003, 10)]
        assert np.array_equal(downsample(data, median=10).train, np.array(expected))

    def test_every_keeps_first_rows_and_no_label_is_lost(self):
        made = downsample(series(10, (0, 4), labels=[3, 9]), every=3)
        assert made.test[:, 0].tolist() == [0, 3, 4, 7]
        assert made.labels.tolist() == [False, True, False, True]
        assert made.test_segments == (0, 2)

    def test_a_warmup_moves_the_segments_of_train_only(self):
        made = drop_warmup(series(20, (0, 3, 8)), 5)
        assert made.train[0, 0] == 5
        assert made.train_segments == (0, 3)
        assert made.test_segments == (0, 3, 8)
        assert made.notes == ("The first 5 training rows are dropped as warm-up.",)
        assert drop_warmup(series(20, (0, 3, 8)), 3).train_segments == (0, 5)

    def test_a_warmup_of_everything_is_refused(self):
        with pytest.raises(ValueError, match="drops all 20 training rows"):
            drop_warmup(series(20), 20)
