"""Import of restricted files: from the files to the arrays of one version of a recording."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchkit.data import Addition, Dataset, InvalidDataset
from benchkit_datasets.tables.delimited import read_delimited
from benchkit_datasets.tables.gaps import fill_missing, find_segments
from benchkit_datasets.tables.input_files import (
    InputFile,
    is_workbook,
    open_inputs,
    reading_errors,
    reject_unsupported,
)
from benchkit_datasets.tables.parsed_table import ParsedTable, parse_table
from benchkit_datasets.tables.published_file import (
    PublishedFile,
    event_starts,
    format_time,
    identify,
)
from benchkit_datasets.tables.schema import TableSchema
from benchkit_datasets.tables.source_table import SourceTable
from benchkit_datasets.tables.store import write_recording
from benchkit_datasets.tables.workbook import read_workbook


@dataclass(frozen=True)
class Version:
    """One published version of a recording: its training and its test file.

    Attributes
    ----------
    name
        Also the name of its folder: ``"v1"``.
    train, test
        Normal operation, and the attacks.
    """

    name: str
    train: PublishedFile
    test: PublishedFile


def add_recording(
    paths: list[Path], folder: Path, versions: Sequence[Version], schema: TableSchema
) -> Addition:
    """Identify the files of a recording and write its arrays to ``folder``.

    Parameters
    ----------
    paths
        Files, folders and zip archives.
    folder
        An empty folder for the arrays.
    versions
        The published versions, newest first.
    schema
        The columns of the tables.

    Returns
    -------
    Addition
        Of the newest version whose two files were given.

    Raises
    ------
    InvalidDataset
        A file given by name is not a table of this recording, a table is incomplete, or one of
        the two files is missing. The message has the file, what was expected and what was found.
    """
    parts = list({part.name: part for v in versions for part in (v.train, v.test)}.values())
    found: dict[str, ParsedTable] = {}
    notes: list[str] = []
    with (
        open_inputs(paths) as sources,
        tempfile.TemporaryDirectory(dir=folder) as work,
        ExitStack() as in_use,
    ):
        tables, passed = _tables(sources, schema, in_use)
        for number, table in enumerate(tables):
            parsed = parse_table(table, schema, Path(work) / f"{number}.f32")
            part = identify(parsed, parts, schema)
            if part.name not in found:
                found[part.name] = parsed
            elif _same(found[part.name], parsed):
                notes.append(f"{parsed.name} has the same values as {found[part.name].name}.")
            else:
                raise InvalidDataset(
                    f"{found[part.name].name} and {parsed.name} are both {part.name} and "
                    "differ; name the one to use"
                )
        version = _complete(found, versions, passed)
        others = [name for name in found if name not in (version.train.name, version.test.name)]
        notes += [f"Not used: {name}, which belongs to another version." for name in others]
        return _write(folder, version, found, schema, notes)


def _tables(
    sources: list[InputFile], schema: TableSchema, in_use: ExitStack
) -> tuple[list[SourceTable], list[str]]:
    """Return the tables with the right header, and why other files were skipped.

    Raises `InvalidDataset` for an unsuitable file that was given by name.
    """
    tables: list[SourceTable] = []
    passed = []
    for source in sources:
        try:
            here = _tables_in(source, schema, in_use)
        except InvalidDataset as refusal:
            if source.named:
                raise
            passed.append(str(refusal))
        else:
            tables += here
    if not tables:
        why = f" ({'; '.join(passed[:3])})" if passed else ""
        raise InvalidDataset(f"there is no table of this recording among {len(passed)} files{why}")
    return tables, passed


def _tables_in(source: InputFile, schema: TableSchema, in_use: ExitStack) -> list[SourceTable]:
    with ExitStack() as stack:
        with reading_errors(source.name):
            file = stack.enter_context(source.open())
        if is_workbook(file):
            tables = read_workbook(source.name, file, schema.is_header)
        else:
            reject_unsupported(source.name, file)
            table = read_delimited(source.name, file, schema.is_header)
            tables = [] if table is None else [table]
        if not tables:
            raise InvalidDataset(
                f"{source.name} has no line near its top with the {len(schema.tags)} tags "
                f"{schema.tags[0]}, {schema.tags[1]}, ... {schema.tags[-1]}: it is a different "
                "file"
            )
        # The tables read the file lazily.
        in_use.push(stack.pop_all())
    return tables


def _same(one: ParsedTable, other: ParsedTable) -> bool:
    labels = (one.labels is None) == (other.labels is None) and (
        one.labels is None or np.array_equal(one.labels, other.labels)  # type: ignore[arg-type]
    )
    return labels and np.array_equal(one.values(), other.values(), equal_nan=True)


def _complete(
    found: dict[str, ParsedTable], versions: Sequence[Version], passed: list[str]
) -> Version:
    for version in versions:
        if version.train.name in found and version.test.name in found:
            return version
    here = ", ".join(f"{parsed.name} is {name}" for name, parsed in found.items())
    lacking = " or ".join(
        dict.fromkeys(
            part.name
            for version in versions
            for part, other in ((version.train, version.test), (version.test, version.train))
            if part.name not in found and other.name in found
        )
    )
    why = f" (skipped: {'; '.join(passed[:3])})" if passed else ""
    raise InvalidDataset(f"{here}; give {lacking} as well{why}")


def _write(
    folder: Path,
    version: Version,
    found: dict[str, ParsedTable],
    schema: TableSchema,
    notes: list[str],
) -> Addition:
    """Fill missing values, write the arrays and return their description."""
    facts = {"channels": str(len(schema.tags))}
    arrays, segments = [], []
    for title, part in (("training", version.train), ("test", version.test)):
        parsed = found[part.name]
        notes += [*parsed.notes, *_foreign_labels(parsed, part), *fill_missing(parsed)]
        arrays.append(parsed.values())
        segments.append(find_segments(parsed.seconds))
        facts[f"{title} file"] = parsed.name
        facts[f"{title} rows"] = f"{part.rows:,}"
        facts[f"{title} time"] = " to ".join(map(format_time, parsed.seconds[[0, -1]]))
        if part.missing:
            gaps = len(segments[-1]) - 1
            where = f"{gaps} place{'s' * (gaps > 1)}"
            facts[f"{title} gaps"] = f"{part.missing:,} seconds missing in {where}"
    labels = _labels(found[version.test.name], version.test)
    share = labels.mean()
    facts["events"] = str(len(event_starts(labels)))
    facts["anomalous rows"] = f"{int(labels.sum()):,} ({share:.2%})"
    if not version.test.labelled:
        notes.append("The labels are made from the published times of the attacks.")
    train, test = arrays
    recording = Dataset(
        train,
        test,
        labels,
        notes=tuple(notes),
        train_segments=segments[0],
        test_segments=segments[1],
    )
    write_recording(folder, version.name, recording)
    return Addition(version.name, facts, tuple(notes))


def _foreign_labels(parsed: ParsedTable, part: PublishedFile) -> list[str]:
    """Return a note on a label column that the published file does not have, if there is one."""
    if part.labelled or parsed.labels is None:
        return []
    differ = int((parsed.labels != _labels(parsed, part)).sum())
    how = f"it differs in {differ:,} row{'s' * (differ > 1)}" if differ else "it agrees"
    return [
        f"{parsed.name}: its label column is not part of {part.name} as published and was "
        f"ignored; {how}."
    ]


def _labels(parsed: ParsedTable, part: PublishedFile) -> np.ndarray:
    """Return the labels of a file, from its column or from the published attack times."""
    if part.labelled and parsed.labels is not None:
        return parsed.labels
    after = parsed.seconds - part.start
    labels = np.zeros(len(after), bool)
    for first, last in part.windows:
        labels |= (after >= first) & (after <= last)
    return labels
