"""Files of the form in which owners have SWaT and WADI, with generated values.

Small ones for most tests, and SWaT at its full size. Nothing here is a value of the real ones but
the first row of SWaT's attack file, by which it is recognised.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchkit_datasets.swat import publication as swat
from benchkit_datasets.tables.addition import Version
from benchkit_datasets.tables.published_file import PublishedFile
from benchkit_datasets.wadi import columns as wadi_columns
from benchkit_datasets.wadi import publication as wadi

SPACED = ("MV101", "AIT201", "MV201", "P201", "P202", "P204", "MV303")
"""Tags with a blank before them in SWaT's attack file."""

PREFIX = r"\\WIN-25J4RO10SBF\LOG_DATA\SUTD_WADI\LOG_DATA" + "\\"


@dataclass(frozen=True)
class File:
    """A table as texts, with what it must be read as.

    ``above`` are the lines before the header. ``values`` is float32 (rows, channels).
    """

    header: list[str]
    rows: list[list[str]]
    values: np.ndarray
    labels: np.ndarray
    above: list[list[str]] = field(default_factory=list)

    def with_rows(self, rows: list[list[str]]) -> File:
        return replace(self, rows=rows)


def csv_text(file: File, separator: str = ",", decimal: str = ".", end: str = "\n") -> str:
    """Return a file as text; a decimal comma in the values where asked for."""

    def cell(text: str) -> str:
        if decimal != "." and text.lstrip("-").replace(".", "", 1).isdigit():
            text = text.replace(".", decimal)
        return f'"{text}"' if separator in text else text

    lines = [*file.above, file.header, *file.rows]
    return "".join(separator.join(map(cell, line)) + end for line in lines)


def write_csv(
    path: Path, file: File, separator: str = ",", decimal: str = ".", encoding: str = "utf-8"
) -> Path:
    """Write a file as text."""
    path.write_bytes(csv_text(file, separator, decimal).encode(encoding))
    return path


def write_xlsx(path: Path, file: File, sheet: str = "Normal.cs", *, inline: bool = False) -> Path:
    """Write a file as a workbook, the way other programs do: texts shared, or ``inline``."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": inline})
    page = book.add_worksheet(sheet)
    for number, line in enumerate([*file.above, file.header, *file.rows]):
        for column, text in enumerate(line):
            if text.lstrip("-").replace(".", "", 1).isdigit():
                page.write_number(number, column, float(text))
            elif text:
                page.write_string(number, column, text)
    book.close()
    return path


def swat_file(part: PublishedFile, seed: int = 0, gaps: tuple[int, ...] = ()) -> File:
    """Return one of the two SWaT files as published: its rows, labels, blanks and typing mistakes.

    ``gaps`` are the rows before which a second is missing; as many as the part says.
    """
    rng = np.random.default_rng(seed)
    attack = part.missing > 0 or part.anomalies > 0
    columns = [_swat_column(tag, part, rng) for tag in swat.SCHEMA.tags]
    labels = _spread(part)
    words = np.where(labels, "Attack", "Normal").astype(object)
    words[np.flatnonzero(labels)[1:3]] = "A ttack"
    times = (
        part.start + np.arange(part.rows) + np.searchsorted(gaps, np.arange(part.rows), "right")
    )
    rows = [
        [swat_time(second), *values, word]
        for second, *values, word in zip(times, *columns, words.tolist(), strict=True)
    ]
    header = [" Timestamp", *swat.SCHEMA.tags, "Normal/Attack"]
    if attack:
        header = [f" {name}" if name in SPACED else name for name in header]
    return File(header, rows, _floats(columns), labels, [_stages()])


def swat_time(second: int) -> str:
    """Return a time the way SWaT's files write it, day first."""
    time = datetime.fromtimestamp(int(second), UTC)
    return f" {time.day}/{time.month}/{time.year} {time:%I:%M:%S %p}".replace(" 0", " ")


def _stages() -> list[str]:
    """Return the line with the stages that stands above the header of some copies."""
    first = {"FIT101": "P1", "AIT201": "P2", "DPIT301": "P3", "AIT401": "P4", "AIT501": "P5"}
    return ["", *(first.get(tag, "P6" * (tag == "FIT601")) for tag in swat.SCHEMA.tags), ""]


def _swat_column(tag: str, part: PublishedFile, rng: np.random.Generator) -> list[str]:
    bounds = swat.SCHEMA.bounds[tag]
    if bounds.fractions == 0:
        values = rng.integers(int(bounds.low), int(bounds.high) + 1, part.rows).tolist()
        texts = [str(value) for value in values]
    else:
        low, high = (6, 9) if bounds.high == 14 else (0, 3) if bounds.high == 20 else (100, 900)
        texts = [f"{value:.7g}" for value in rng.uniform(low, high, part.rows)]
    if tag in part.first:
        texts[0] = f"{part.first[tag]:.7g}"
    return texts


def _spread(part: PublishedFile) -> np.ndarray:
    """Return labels with as many rows and events as the part says, (rows,)."""
    labels = np.zeros(part.rows, bool)
    if part.windows:
        for first, last in part.windows:
            labels[first : last + 1] = True
    elif part.events:
        each = part.anomalies // part.events
        starts = np.linspace(part.rows // 10, part.rows * 9 // 10 - part.anomalies, part.events)
        for number, start in enumerate(starts.astype(int)):
            length = each + (part.anomalies - each * part.events) * (number == part.events - 1)
            labels[start + number * each : start + number * each + length] = True
    return labels


def _floats(columns: list[list[str]]) -> np.ndarray:
    return np.array(columns, object).T.astype(np.float64).astype(np.float32)


def wadi_file(part: PublishedFile, seed: int = 0) -> File:
    """Return one of the four WADI files as published, without a value missing."""
    rng = np.random.default_rng(seed)
    new = part.labelled or part.missing > 0
    columns = [_wadi_column(tag, part.rows, rng) for tag in wadi.SCHEMA.tags]
    live = dict(zip(wadi.SCHEMA.tags, columns, strict=True))
    nothing = [""] * part.rows
    channels = [live.get(tag, nothing) for tag in wadi_tags()]
    counts = 1 + np.arange(part.rows)
    for row, seconds in part.jumps or ():
        counts[row:] += seconds
    labels = _spread(part)
    rows = [
        [str(count), *wadi_time(part.start + count - 1, hour=not new), *values]
        for count, *values in zip(counts.tolist(), *channels, strict=True)
    ]
    names = ["Row", "Date", "Time", *wadi_tags()]
    above: list[list[str]] = []
    width = len(names)
    if part.labelled:
        rows = [
            [*row, str(1 - 2 * label)] for row, label in zip(rows, labels.tolist(), strict=True)
        ]
        rows += [[""] * (width + 1)] * 2
        above = [[""] * (width + 1)]
        names = ["Row ", "Date ", *names[2:], wadi_columns.LABEL]
    elif not new:
        names[3:] = [PREFIX + name for name in names[3:]]
        if part.start == wadi_columns.NORMAL_STARTED:
            above = [["WADI"], ["14 days"], [""], ["exported"]]
    return File(names, rows, _floats(columns), labels, above)


def wadi_tags() -> list[str]:
    """Return the 127 published tags, in their order."""
    from benchkit_datasets.testbeds.wadi.tags import TAGS

    return list(TAGS)


def wadi_time(second: int, *, hour: bool) -> tuple[str, str]:
    """Return date and time the way WADI's files write them, month first."""
    time = datetime.fromtimestamp(int(second), UTC)
    date = f"{time.month}/{time.day}/{time.year}"
    if not hour:
        return date, f"{time:%M:%S}.0"
    return date, f"{(time.hour - 1) % 12 + 1}:{time:%M:%S}.000 {time:%p}"


def _wadi_column(tag: str, rows: int, rng: np.random.Generator) -> list[str]:
    if wadi.SCHEMA.bounds[tag].fractions < 1:
        return [str(value) for value in rng.integers(0, 3, rows).tolist()]
    return [f"{value:.6g}" for value in rng.uniform(0.5, 200, rows)]


SMALL_SWAT = (
    Version(
        "v1",
        replace(swat.VERSIONS[0].train, rows=70),
        replace(swat.VERSIONS[0].test, rows=90, anomalies=14, events=3, missing=3),
    ),
    Version(
        "v0",
        replace(swat.VERSIONS[1].train, rows=80),
        replace(swat.VERSIONS[0].test, rows=90, anomalies=14, events=3, missing=3),
    ),
)
SWAT_GAPS = (20, 21, 60)

SMALL_WADI = (
    Version(
        "A2",
        replace(wadi.VERSIONS[0].train, rows=60, missing=40, jumps=((25, 40),), longest_fill=3),
        replace(wadi.VERSIONS[0].test, rows=50, anomalies=9, events=2, longest_fill=3),
    ),
    Version(
        "A1",
        replace(wadi.VERSIONS[1].train, rows=101, longest_fill=3),
        replace(
            wadi.VERSIONS[1].test,
            rows=50,
            anomalies=9,
            events=2,
            windows=((10, 13), (30, 34)),
            longest_fill=3,
        ),
    ),
)
"""The same publications with few rows, labels and gaps."""


def small_swat(version: Version = SMALL_SWAT[0]) -> tuple[File, File]:
    """Return the normal and the attack file of a small SWaT."""
    return swat_file(version.train, 1), swat_file(version.test, 2, SWAT_GAPS)


def small_wadi(version: Version = SMALL_WADI[0]) -> tuple[File, File]:
    """Return the normal and the attack file of a small WADI."""
    return wadi_file(version.train, 3), wadi_file(version.test, 4)


def write_full_swat(path: Path, part: PublishedFile, gaps: tuple[int, ...] = ()) -> File:
    """Write a SWaT workbook of the published size, with the XML that Excel writes.

    The values repeat every 500 rows. Returns a file with those 500, and with all labels.
    """
    pattern = swat_file(replace(part, rows=500, anomalies=0, events=0, missing=0), 5)
    labels = _spread(part)
    cells = ["".join(map(_number_cell, _LETTERS[1:], row[1:-1])) for row in pattern.rows]
    times = (
        part.start + np.arange(part.rows) + np.searchsorted(gaps, np.arange(part.rows), "right")
    )
    texts = [*pattern.header, "Normal", "Attack", "A ttack", *map(swat_time, times.tolist())]
    words = len(pattern.header) + labels
    words[np.flatnonzero(labels)[:37]] += 1
    first = len(pattern.header) + 3
    rows = (
        f'<row r="{row + 2}" spans="1:53"><c r="A{row + 2}" t="s"><v>{first + row}</v></c>'
        f"{cells[row % 500].replace('#', str(row + 2))}"
        f'<c r="BA{row + 2}" t="s"><v>{word}</v></c></row>'
        for row, word in enumerate(words.tolist())
    )
    header = "".join(
        f'<c r="{name}1" t="s"><v>{number}</v></c>' for number, name in enumerate(_LETTERS)
    )
    items = (f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in _BOOK.items():
            packed.writestr(name, text)
        _write_xml(packed, "sharedStrings.xml", "sst", items)
        lines = itertools.chain(
            ["<sheetData>", f'<row r="1">{header}</row>'], rows, ["</sheetData>"]
        )
        _write_xml(packed, "worksheets/sheet1.xml", "worksheet", lines)
    return replace(pattern, labels=labels)


_LETTERS = [first + second for first in ("", "A", "B") for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"][
    :53
]
_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_BOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Normal.cs" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}


def _number_cell(letters: str, text: str) -> str:
    return f'<c r="{letters}#"><v>{text}</v></c>'


def _write_xml(packed: zipfile.ZipFile, name: str, root: str, lines: Iterable[str]) -> None:
    with packed.open(f"xl/{name}", "w") as stream:
        stream.write(f'<{root} xmlns="{_MAIN}">'.encode())
        some = iter(lines)
        while piece := "".join(itertools.islice(some, 1_000)):
            stream.write(piece.encode())
        stream.write(f"</{root}>".encode())
