"""Streaming reader of xlsx workbooks.

python-calamine holds a whole sheet in memory: 1.9 GB and 31 s for the 496,800 rows of SWaT. This
reader processes a sheet in chunks and reads cell values only; formats, formulas and merged cells
are ignored.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.etree import ElementTree

import numpy as np

from benchkit import progress
from benchkit.data import InvalidDataset
from benchkit_datasets.tables.cells import parse_rows, text_of
from benchkit_datasets.tables.input_files import reading_errors
from benchkit_datasets.tables.source_table import HEADER_LINES, Block, IsHeader, SourceTable, strip

PIECE = 1 << 20
"""Bytes of a sheet that are decompressed at once, small enough for the CPU cache."""


def read_workbook(name: str, file: BinaryIO, is_header: IsHeader) -> list[SourceTable]:
    """Return the tables of a workbook, one for every sheet with a header.

    Raises
    ------
    InvalidDataset
        The workbook is damaged; also raised while blocks are read.
    """
    with reading_errors(name):
        packed = zipfile.ZipFile(file)
        try:
            sheets = _sheets(packed)
            texts = _shared_texts(packed)
        except (ElementTree.ParseError, KeyError) as error:
            raise InvalidDataset(
                f"{name} is not a complete workbook ({error}); get it again"
            ) from error
    tables = []
    for title, part in sheets:
        called = name if len(sheets) == 1 else f"{name}, sheet {title!r}"
        table = _Sheet(called, packed, part, texts).table(is_header)
        if table is not None:
            tables.append(table)
    return tables


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheets(packed: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return title and part of every worksheet, in the order of the workbook."""
    relations = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    parts = {}
    for relation in relations:
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "")
            path = PurePosixPath("/xl") / target
            parts[relation.get("Id")] = str(path).lstrip("/")
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    # The identity is the attribute id of a namespace, which has two spellings.
    sheets = [
        (sheet.get("name", ""), value)
        for sheet in book.iter()
        for key, value in sheet.attrib.items()
        if _local(sheet.tag) == "sheet" and key.endswith("}id")
    ]
    return [(title, parts[identity]) for title, identity in sheets if identity in parts]


def _shared_texts(packed: zipfile.ZipFile) -> np.ndarray:
    """Return the shared strings, an object array.

    With regular expressions: there is one string per row, for which ElementTree takes 4 s.
    """
    part = "xl/sharedStrings.xml"
    if part not in packed.namelist():
        return np.empty(0, object)
    xml = packed.read(part)
    prefix = re.search(rb"<(\w+:)?sst\b", xml)
    if prefix and prefix[1]:
        xml = xml.replace(b"<" + prefix[1], b"<").replace(b"</" + prefix[1], b"</")
    # Phonetic readings are not part of the text.
    xml = re.sub(rb"<rPh\b.*?</rPh>", b"", xml, flags=re.DOTALL)
    items = re.findall(rb"<si>(.*?)</si>|<si/>", xml, flags=re.DOTALL)
    return np.array([*(text_of(item).strip() for item in items), ""], object)[:-1]


class _Sheet:
    """One sheet, decompressed in chunks."""

    def __init__(self, name: str, packed: zipfile.ZipFile, part: str, texts: np.ndarray) -> None:
        self.name = name
        self._packed = packed
        self._part = part
        self._texts = texts

    def table(self, is_header: IsHeader) -> SourceTable | None:
        """Return the table of this sheet, None if no row near its top is the header."""
        pieces = self._pieces()
        first = next(pieces, b"")
        ends = [0, *(end.end() for end in islice(re.finditer(b"</row>", first), HEADER_LINES))]
        for above, (begin, end) in enumerate(pairwise(ends)):
            row = self._rows(first[begin:end])
            names = strip(str(column[0]) for column in row.columns)
            if is_header(names):
                return self._table(names, above, chain([first[end:]], pieces))
        return None

    def _table(self, names: list[str], above: int, pieces: Iterator[bytes]) -> SourceTable:
        while names and not names[-1]:
            names.pop()
        notes = [f"{self.name}: {above} line{'s' * (above > 1)} above the header ignored."]
        blocks = self._blocks(pieces, len(names))
        return SourceTable(self.name, tuple(names), blocks, notes=notes if above else [])

    def _blocks(self, pieces: Iterator[bytes], width: int) -> Iterator[Block]:
        for piece in pieces:
            block = self._rows(piece, width)
            if len(block.rows):
                yield block

    def _rows(self, piece: bytes, width: int | None = None) -> Block:
        try:
            return parse_rows(self.name, piece, self._texts, width)
        except (ValueError, IndexError) as error:
            if isinstance(error, InvalidDataset):
                raise
            raise InvalidDataset(
                f"{self.name} has cells that cannot be read ({error}); get it again"
            ) from error

    def _pieces(self) -> Iterator[bytes]:
        """Yield chunks of complete rows as XML, without a namespace prefix."""
        info = self._packed.getinfo(self._part)
        with reading_errors(self.name), self._packed.open(info) as stream:
            pending = stream.read(PIECE)
            opening = re.search(rb"<(\w+:)?sheetData[^>]*>", pending)
            if opening is None:
                return
            prefix = opening[1] or b""
            pending = pending[opening.end() :]
            rest = iter(lambda: stream.read(PIECE), b"")
            for more in progress(chain([b""], rest), self.name, info.file_size // PIECE + 1):
                pending += more
                cut = pending.rfind(b"</" + prefix + b"row>")
                if cut >= 0:
                    cut += len(prefix) + 6
                    piece, pending = pending[:cut], pending[cut:]
                    if prefix:
                        piece = piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
                    yield piece
            if b"/" + prefix + b"sheetData>" not in pending and not opening[0].endswith(b"/>"):
                raise InvalidDataset(f"{self.name} ends within the sheet; get it again")
