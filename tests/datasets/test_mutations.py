"""Files that something happened to are repaired with a note or refused, never read as others."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from owner_files import (
    SMALL_SWAT,
    SMALL_WADI,
    File,
    csv_text,
    small_swat,
    small_wadi,
    swat,
    wadi,
    write_csv,
    write_xlsx,
)

from benchkit.data import InvalidDataset
from benchkit_datasets.tables.addition import add_recording

SEEDS = range(14)
"""Of each of 36 mutations: 504 in all."""


def pick_tags(rng: random.Random, file: File, many: int = 2) -> list[int]:
    """Return columns of tags that have values."""
    live = [place for place, text in enumerate(file.rows[0]) if text and place > 2]
    return rng.sample(live[:-1], many)


def edit(file: File, row: int, column: int, text: str) -> File:
    rows = [list(line) for line in file.rows]
    rows[row][column] = text
    return file.with_rows(rows)


def some_row(rng: random.Random, file: File) -> int:
    """Return a row in the midst of those that have values."""
    full = [number for number, line in enumerate(file.rows) if any(line)]
    return rng.choice(full[1:-1])


def exchange(items: list[str], one: int, two: int) -> list[str]:
    items = list(items)
    items[one], items[two] = items[two], items[one]
    return items


# Each takes a file and returns it, changed: as a table, which is then written as text or as a
# workbook, or as bytes.


def drop_column(rng, file):
    gone = pick_tags(rng, file, 1)[0]
    rows = [line[:gone] + line[gone + 1 :] for line in file.rows]
    return replace(file, header=file.header[:gone] + file.header[gone + 1 :], rows=rows, above=[])


def drop_values_of_column(rng, file):
    gone = pick_tags(rng, file, 1)[0]
    return file.with_rows([[*line[:gone], *line[gone + 1 :], ""] for line in file.rows])


def swap_columns(rng, file):
    one, two = pick_tags(rng, file)
    rows = [exchange(line, one, two) for line in file.rows]
    return replace(file, header=exchange(file.header, one, two), rows=rows, above=[])


def swap_names(rng, file):
    one, two = pick_tags(rng, file)
    return replace(file, header=exchange(file.header, one, two))


def rename_column(rng, file):
    one = pick_tags(rng, file, 1)[0]
    header = list(file.header)
    header[one] = header[one][:-1] + rng.choice("xyz")
    return replace(file, header=header)


def double_name(rng, file):
    one, two = pick_tags(rng, file)
    header = list(file.header)
    header[one] = header[two]
    return replace(file, header=header)


def add_column(rng, file):
    text = rng.choice(["", "1"])
    rows = [[*line, text] for line in file.rows]
    return csv_text(
        replace(file, header=[*file.header, rng.choice(["", "x"])], rows=rows)
    ).encode()


def cut_rows(rng, file):
    return file.with_rows(file.rows[: rng.randrange(1, len(file.rows) - 3)])


def cut_first_rows(rng, file):
    return file.with_rows(file.rows[rng.randrange(1, 30) :])


def drop_row(rng, file):
    row = some_row(rng, file)
    return file.with_rows(file.rows[:row] + file.rows[row + 1 :])


def double_row(rng, file):
    row = some_row(rng, file)
    return file.with_rows([*file.rows[:row], *file.rows[row : row + 1], *file.rows[row:]])


def shuffle_rows(rng, file):
    rows = list(file.rows)
    rng.shuffle(rows)
    return file.with_rows(rows)


def reverse_rows(rng, file):
    return file.with_rows(file.rows[::-1])


def shift_row(rng, file):
    row = some_row(rng, file)
    rows = list(file.rows)
    rows[row] = rows[row][1:] + rows[row][:1]
    return file.with_rows(rows)


def blank_row(rng, file):
    row = some_row(rng, file)
    return file.with_rows([*file.rows[:row], [""] * len(file.rows[row]), *file.rows[row + 1 :]])


def blank_cell(rng, file):
    text = rng.choice(["", " ", "NaN", "1.#QNAN", "#N/A"])
    return edit(file, some_row(rng, file), pick_tags(rng, file, 1)[0], text)


def blank_many_cells(rng, file):
    column, row = pick_tags(rng, file, 1)[0], rng.randrange(1, 20)
    for number in range(row, row + 8):
        file = edit(file, number, column, "")
    return file


def word_in_number(rng, file):
    text = rng.choice(["Bad Input", "x", "1.2.3", "12a", "--", "1 2", "0x1F", "True", "1e99"])
    return edit(file, some_row(rng, file), pick_tags(rng, file, 1)[0], text)


def thousands_sign(rng, file):
    text = rng.choice(["1,234.5", "1.234,5", "1'234.5", "1 234.5"])
    return edit(file, some_row(rng, file), pick_tags(rng, file, 1)[0], text)


def change_label(rng, file):
    row = some_row(rng, file)
    words = ["Atack", "attack!", "", "0", "Normal Attack", "A ttack", "-1", "1", "2"]
    others = [word for word in words if word != file.rows[row][-1]]
    return edit(file, row, len(file.header) - 1, rng.choice(others))


def change_time(rng, file):
    row = some_row(rng, file)
    column = 2 if file.header[0].strip() == "Row" else 0
    text = file.rows[row][column]
    digits = [place for place, sign in enumerate(text.partition(".")[0]) if sign.isdigit()]
    place = rng.choice(digits)
    other = rng.choice([digit for digit in "0123456789" if digit != text[place]])
    return edit(file, row, column, text[:place] + other + text[place + 1 :])


def other_date_order(rng, file):
    def turned(line: list[str]) -> list[str]:
        return [re.sub(r"(\d+)/(\d+)/(\d{4})", r"\2/\1/\3", text) for text in line]

    return file.with_rows([turned(line) for line in file.rows])


def lines_above(rng, file):
    return replace(file, above=[["exported"]] * rng.randrange(1, 9) + file.above)


def header_again(rng, file):
    row = some_row(rng, file)
    return file.with_rows([*file.rows[:row], file.header, *file.rows[row:]])


def other_separator(rng, file):
    return csv_text(file, rng.choice([";", "\t", "|"])).encode()


def other_decimal(rng, file):
    return csv_text(file, rng.choice([";", "\t", ","]), ",").encode()


def mixed_decimal(rng, file):
    row = some_row(rng, file)
    column = rng.choice([c for c, text in enumerate(file.rows[row]) if "." in text and c > 2])
    return csv_text(
        edit(file, row, column, file.rows[row][column].replace(".", ",")), ";"
    ).encode()


def unquoted_decimal(rng, file):
    return csv_text(file, ",", ",").replace('"', "").encode()


def other_encoding(rng, file):
    names = ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "cp500"]
    return csv_text(file).encode(rng.choice(names))


def byte_order_mark(rng, file):
    return b"\xef\xbb\xbf" + csv_text(file, rng.choice([",", ";"])).encode()


def empty_line(rng, file):
    lines = csv_text(file).split("\n")
    lines.insert(rng.randrange(len(file.above) + 1, len(lines)), "")
    return "\n".join(lines).encode()


def cut_bytes(rng, file):
    data = csv_text(file).encode()
    return data[: -rng.choice([1, 2, 3, 5, 20, 100, 1_000])]


def cut_in_line(rng, file):
    lines = csv_text(file).split("\n")
    row = rng.randrange(len(file.above) + 2, len(lines) - 4)
    lines[row] = lines[row][: rng.randrange(1, len(lines[row]) - 1)]
    return "\n".join(lines).encode()


def lose_line_end(rng, file):
    lines = csv_text(file).split("\n")
    row = rng.randrange(len(file.above) + 2, len(lines) - 4)
    return "\n".join([*lines[:row], lines[row] + lines[row + 1], *lines[row + 2 :]]).encode()


def zero_bytes(rng, file):
    data = bytearray(csv_text(file).encode())
    place = rng.randrange(len(data) // 2, len(data) - 50)
    data[place : place + 20] = bytes(20)
    return bytes(data)


def stray_quote(rng, file):
    lines = csv_text(file).split("\n")
    row = rng.randrange(len(file.above) + 2, len(lines) - 4)
    place = rng.randrange(len(lines[row]))
    lines[row] = lines[row][:place] + '"' + lines[row][place:]
    return "\n".join(lines).encode()


MUTATIONS: list[Callable] = [
    *(drop_column, drop_values_of_column, swap_columns, swap_names, rename_column, double_name),
    *(add_column, cut_rows, cut_first_rows, drop_row, double_row, shuffle_rows, reverse_rows),
    *(shift_row, blank_row, blank_cell, blank_many_cells, word_in_number, thousands_sign),
    *(change_label, change_time, other_date_order, lines_above, header_again, other_separator),
    *(other_decimal, mixed_decimal, unquoted_decimal, other_encoding, byte_order_mark),
    *(empty_line, cut_bytes, cut_in_line, lose_line_end, zero_bytes, stray_quote),
]


class Case:
    """A small publication: its files, and what they are when nothing happened to them."""

    def __init__(self, files, versions, schema, folder: Path) -> None:
        self.files, self.versions, self.schema, self.folder = files, versions, schema, folder
        folder.mkdir()
        self.paths = [write_csv(folder / f"{name}.csv", file) for name, file in enumerate(files)]
        self.notes, self.arrays = self.add(self.paths)

    def add(self, paths: list[Path]):
        """Return the notes without the names of files, and all that was written."""
        with tempfile.TemporaryDirectory(dir=self.folder) as made:
            addition = add_recording(paths, Path(made), self.versions, self.schema)
            arrays = [np.load(Path(made) / f"{name}.npy") for name in ("train", "test", "labels")]
            about = json.loads((Path(made) / "recording.json").read_text())
        segments = [about["train_segments"], about["test_segments"]]
        notes = sorted(note.partition(": ")[2] for note in addition.notes)
        return notes, [*arrays, *map(np.array, segments)]


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    return [
        Case(small_swat(), SMALL_SWAT, swat.SCHEMA, folder / "swat"),
        *(
            Case(small_wadi(version), SMALL_WADI, wadi.SCHEMA, folder / version.name)
            for version in SMALL_WADI
        ),
    ]


def changed_cells(case: Case, arrays: list[np.ndarray]) -> list[tuple[np.ndarray, int, int]]:
    """Return (array, row, channel) of every value that is not as it was; the rest must be."""
    for new, old in zip(arrays[2:], case.arrays[2:], strict=True):
        assert np.array_equal(new, old)
    changed = []
    for new, old in zip(arrays[:2], case.arrays[:2], strict=True):
        assert new.shape == old.shape
        changed += [(new, row, channel) for row, channel in np.argwhere(new != old)]
    return changed


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_what_happened_to_a_file_is_repaired_with_a_note_or_refused(mutate, cases, tmp_path):
    """A blank cell is the one repair that changes a value: to the one before it."""
    outcomes = []
    for seed in SEEDS:
        rng = random.Random(f"{mutate.__name__} {seed}")
        case, number = rng.choice(cases), rng.randrange(2)
        if mutate is change_label:
            case, number = rng.choice(cases[:2]), 1
        changed = mutate(rng, case.files[number])
        paths = list(case.paths)
        paths[number] = tmp_path / f"{seed}.changed"
        if isinstance(changed, bytes):
            paths[number].write_bytes(changed)
        elif rng.random() < 0.7:
            write_csv(paths[number], changed)
        else:
            write_xlsx(paths[number], changed)
        try:
            notes, arrays = case.add(paths)
        except InvalidDataset as refusal:
            reason = str(refusal)
            assert paths[number].name in reason
            assert "\n" not in reason
            outcomes.append(reason)
            continue
        differing = changed_cells(case, arrays)
        if mutate is blank_cell:
            assert len(differing) <= 1
            assert all(values[row, at] == values[row - 1, at] for values, row, at in differing)
        else:
            assert not differing
        assert notes != case.notes, "no note says what was repaired"
        outcomes.append("repaired")
    assert len(outcomes) == len(SEEDS)
    assert set(outcomes) != {"repaired"} or mutate in HARMLESS
    assert "repaired" not in outcomes or mutate in REPAIRABLE


HARMLESS = {
    *(other_date_order, lines_above, other_separator, other_decimal, byte_order_mark, empty_line)
}
"""What is always repaired."""

REPAIRABLE = {
    *HARMLESS,
    *(swap_columns, add_column, blank_cell, change_label, other_encoding, cut_bytes),
}
"""What is repaired where it is certain what the file said."""
