"""Import a SWaT workbook as benchkit does, and read it with pandas and openpyxl, side by side.

    python -m tests.benchmarks.xlsx_vs_openpyxl            # 496,800 rows; ten minutes
    python -m tests.benchmarks.xlsx_vs_openpyxl 20000

Each in a process of its own, one after the other. benchkit recognises the file, checks it,
converts it, and writes arrays; pandas only reads it into a frame. The attack's file, which an
import needs too, is small here and read by both. Prints the table of docs/performance.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from tabulate import tabulate

from tests.datasets.owner_files import swat, write_full_swat

ATTACK_ROWS = 1_000
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "workbook.xml": "sheet.main",
    "worksheets/sheet1.xml": "worksheet",
    "sharedStrings.xml": "sharedStrings",
}
PROGRAM = """
import json, sys, time
from pathlib import Path
from tests.memory import peak_gigabytes
{imports}

rows, paths = int(sys.argv[1]), [Path(path) for path in sys.argv[2:]]
begin, spent = time.perf_counter(), time.process_time()
{work}
seconds, processor = time.perf_counter() - begin, time.process_time() - spent
print(json.dumps({{"seconds": seconds, "processor": processor, "gigabytes": peak_gigabytes()}}))
"""
WAYS = {
    "benchkit": (
        "from tests.benchmarks.xlsx_vs_openpyxl import make_version, swat\n"
        "from benchkit_datasets.tables.addition import add_recording",
        "add_recording(paths, paths[0].parent / 'made', [make_version(rows)], swat.SCHEMA)",
    ),
    "pandas with openpyxl": (
        "import openpyxl, pandas as pd",
        "frames = [pd.read_excel(path, engine='openpyxl') for path in paths]\n"
        "assert frames[0].shape == (rows, 53), frames[0].shape",
    ),
}
"""Imports, which are not measured, and work."""


def make_version(rows: int):
    """Return a publication of SWaT with so many normal rows and a small attack."""
    version = swat.VERSIONS[1]
    small = replace(version.test, rows=ATTACK_ROWS, anomalies=140, events=3, missing=3)
    return replace(version, train=replace(version.train, rows=rows), test=small)


def write_workbooks(folder: Path, rows: int) -> list[Path]:
    """Write both workbooks, with all that openpyxl wants to see in them."""
    version, paths = make_version(rows), []
    for name, part, gaps in (
        ("normal", version.train, ()),
        ("attack", version.test, (20, 21, 600)),
    ):
        bare, path = folder / "bare.xlsx", folder / f"{name}.xlsx"
        write_full_swat(bare, part, gaps)
        _declare_parts(bare, path)
        bare.unlink()
        paths.append(path)
    return paths


def _declare_parts(bare: Path, path: Path) -> None:
    """Copy a workbook with the types of its parts, which our reader does not look at."""
    types = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{KIND}.{kind}+xml"/>'
        for name, kind in PARTS.items()
    )
    with zipfile.ZipFile(bare) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            with given.open(name) as source, made.open(name, "w") as target:
                if name == "[Content_Types].xml":
                    text = source.read().removesuffix(b"/>")
                    target.write(text + b">" + types.encode() + b"</Types>")
                while piece := source.read(1 << 20):
                    target.write(piece)


def compare(rows: int, folder: Path) -> dict[str, dict[str, float]]:
    """Return seconds, processor's seconds and gigabytes of both ways."""
    paths = write_workbooks(folder, rows)
    (folder / "made").mkdir()
    found = {}
    for name, (imports, work) in WAYS.items():
        program = PROGRAM.format(imports=imports, work=work)
        command = [sys.executable, "-c", program, str(rows), *map(str, paths)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found[name] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else swat.VERSIONS[1].train.rows
    with tempfile.TemporaryDirectory() as folder:
        found = compare(rows, Path(folder))
    table = [
        (name, f"{f['seconds']:.1f} s", f"{f['processor']:.1f} s", f"{f['gigabytes']:.2f} GB")
        for name, f in found.items()
    ]
    ours, theirs = found.values()
    head = (f"{rows:,} × 53, xlsx", "seconds", "processor time", "most memory")
    print(tabulate(table, head, tablefmt="github", disable_numparse=True))
    for name in ("seconds", "processor"):
        print(f"\nby {name} {theirs[name] / ours[name]:.1f} times as fast")
