"""A track as one flat table for programs: CSV and parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from benchkit.report.ranking import Ranking
from benchkit.report.remarks import find_chance
from benchkit.report.rows import COSTS, Row, metric_names
from benchkit.report.tracks import Part

Columns = dict[str, list[Any]]


def make_columns(ranking: Ranking, parts: Sequence[Part]) -> Columns:
    """Return one row per dataset label and detector, as columns of equal length.

    Of every metric and cost there are the mean, both ends of its interval and the number of trials
    behind it, None where there is none. ``rank``, ``place``, ``covered`` and ``tables`` are the
    detector's in the track. ``ordered_by`` is the metric that orders the table, ``chance`` what
    random scores get of it there. ``not_above_sanity`` names metrics, ``inverted`` is whether the
    AUC-ROC of a trial is below 0.4.
    """
    standings = {s.label: s for s in (*ranking.standings, *ranking.sanity)}
    numbers = [*metric_names(row for _, rows in parts for row in rows), *COSTS]
    columns: Columns = {}
    for section, rows in parts:
        data = section.dataset
        primary, chance = ranking.metric_in(data.label), find_chance(section)
        for row in rows:
            standing = standings[row.label]
            cells: dict[str, Any] = {
                "dataset": data.label,
                "dataset_name": data.name,
                "member": data.member,
                "variant": data.variant,
                "modality": data.modality,
                "values": data.fingerprint[:12],
                "detector": row.label,
                "sanity": row.sanity,
                "status": row.status,
                "ok": row.statuses["ok"],
                "failed": row.failed,
                "trials": row.statuses.total(),
                "seeds": " ".join(map(str, row.seeds)),
                "ordered_by": primary,
                "chance": chance.get(primary),
                "rank": standing.rank,
                "place": standing.place,
                "covered": standing.covered,
                "tables": standing.total,
                "inverted": row.inverted,
                "not_above_sanity": " ".join(sorted(row.beaten)),
                "machine": row.machine,
            }
            cells |= {
                f"metric_{name}" if name in cells else name: cell
                for name, cell in _numbers(row, numbers).items()
            }
            for name, cell in cells.items():
                columns.setdefault(name, []).append(_as_text(cell))
    return columns


def write_csv(columns: Columns) -> str:
    """Return the columns as CSV with every digit."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*map(_as_cells, columns.values()), strict=True))
    return out.getvalue()


def write_parquet(columns: Columns) -> bytes:
    """Return the columns, one at least, as a parquet file.

    The same bytes each time by one version of pyarrow.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    kinds = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    types = {}
    for name, cells in columns.items():
        kind = next((type(cell) for cell in cells if cell is not None), float)
        types[_as_text(name)] = kinds[kind]
    # Through text, since arrays that are made of lists import pandas, most of a second.
    lines = zip(*([name, *cells] for name, cells in columns.items()), strict=True)
    text = "".join(",".join(map(_quote, line)) + "\n" for line in lines).encode()
    table = arrow_csv.read_csv(
        pa.BufferReader(text),
        arrow_csv.ReadOptions(block_size=len(text), use_threads=False),
        arrow_csv.ParseOptions(newlines_in_values=True),
        arrow_csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    out = io.BytesIO()
    # With hundreds of columns of few rows, what is said about them would be most of the file.
    lean = {"use_dictionary": False, "write_statistics": False, "store_schema": False}
    parquet.write_table(table, out, compression="zstd", **lean)
    return out.getvalue()


def read_parquet(content: bytes) -> Columns | None:
    """Return what `write_parquet` was given, whichever version wrote it; None if it is no such."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        # Threads of pyarrow's pools sometimes abort a process that ends: apache/arrow#34314.
        file = parquet.ParquetFile(pa.BufferReader(content), pre_buffer=False)
        columns: Columns = file.read(use_threads=False).to_pydict()
    except (pa.ArrowException, OSError):
        return None
    return columns


def _numbers(row: Row, numbers: Sequence[str]) -> dict[str, float | int | None]:
    cells: dict[str, float | int | None] = {}
    for number in numbers:
        there = row.means.get(number)
        cells[number] = there.mean if there else None
        cells[f"{number}_low"] = there.low if there else None
        cells[f"{number}_high"] = there.high if there else None
        cells[f"{number}_n"] = there.count if there else 0
    return cells


def _as_cells(column: list[Any]) -> list[Any]:
    return [
        "" if cell is None else int(cell) if isinstance(cell, bool) else cell for cell in column
    ]


def _quote(cell: Any) -> str:
    """Return a cell of the text that parquet is made of; only None is empty."""
    if isinstance(cell, str):
        return '"' + _as_text(cell).replace('"', '""') + '"'
    if isinstance(cell, float):
        return float.__repr__(cell)  # of numpy's too, every digit
    return "" if cell is None else str(cell).lower()


def _as_text(cell: Any) -> Any:
    # A name may quote bytes that are no text, which no file could be written with.
    return cell.encode(errors="replace").decode() if isinstance(cell, str) else cell
