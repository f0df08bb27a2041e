"""From an owner's files to the arrays of one version of a recording."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchkit.data import Addition, Dataset, InvalidDataset
from benchkit_datasets.tables.delimited import read_delimited
from benchkit_datasets.tables.files import Source, damage_of, is_workbook, opened, refuse_foreign
from benchkit_datasets.tables.layout import Layout
from benchkit_datasets.tables.parts import Part, identify, starts_of, time_of
from benchkit_datasets.tables.store import write_recording
from benchkit_datasets.tables.table import Table
from benchkit_datasets.tables.transcript import Transcript, transcribe
from benchkit_datasets.tables.workbook import read_workbook


@dataclass(frozen=True)
class Version:
    """A pair of published files that belong together.

    Parameters
    ----------
    name
        As a folder: ``"v1"``.
    train, test
        The recording of normal operation, and that of the attacks.
    """

    name: str
    train: Part
    test: Part


def add_recording(
    paths: list[Path], folder: Path, versions: Sequence[Version], layout: Layout
) -> Addition:
    """Recognise the files of a recording and write its arrays into ``folder``.

    Parameters
    ----------
    paths
        Files, folders and zip archives.
    folder
        Empty, and only written to.
    versions
        What is published, the newest first.
    layout
        The columns.

    Returns
    -------
    Addition
        Of the newest version of which both files are there.

    Raises
    ------
    InvalidDataset
        A file that was named is no table of this recording; a table is not whole; one of the two
        files is not there. The message says which file, what was expected and what was found.
    """
    parts = list({part.name: part for v in versions for part in (v.train, v.test)}.values())
    found: dict[str, Transcript] = {}
    notes: list[str] = []
    with (
        opened(paths) as sources,
        tempfile.TemporaryDirectory(dir=folder) as work,
        ExitStack() as in_use,
    ):
        tables, passed = _tables(sources, layout, in_use)
        for number, table in enumerate(tables):
            transcript = transcribe(table, layout, Path(work) / f"{number}.f32")
            part = identify(transcript, parts, layout)
            if part.name not in found:
                found[part.name] = transcript
            elif _same(found[part.name], transcript):
                notes.append(f"{transcript.name} has the same values as {found[part.name].name}.")
            else:
                raise InvalidDataset(
                    f"{found[part.name].name} and {transcript.name} are both {part.name} and "
                    "differ; name the one to use"
                )
        version = _complete(found, versions, passed)
        others = [name for name in found if name not in (version.train.name, version.test.name)]
        notes += [f"Not used: {name}, which belongs to another version." for name in others]
        return _write(folder, version, found, layout, notes)


def _tables(
    sources: list[Source], layout: Layout, in_use: ExitStack
) -> tuple[list[Table], list[str]]:
    """Return the tables with the right header, and why other files were passed over.

    A file that was named is not passed over but refused.
    """
    tables: list[Table] = []
    passed = []
    for source in sources:
        try:
            here = _tables_in(source, layout, in_use)
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


def _tables_in(source: Source, layout: Layout, in_use: ExitStack) -> list[Table]:
    with ExitStack() as stack:
        with damage_of(source.name):
            file = stack.enter_context(source.open())
        if is_workbook(file):
            tables = read_workbook(source.name, file, layout.is_header)
        else:
            refuse_foreign(source.name, file)
            table = read_delimited(source.name, file, layout.is_header)
            tables = [] if table is None else [table]
        if not tables:
            raise InvalidDataset(
                f"{source.name} has no line near its top with the {len(layout.tags)} tags "
                f"{layout.tags[0]}, {layout.tags[1]}, ... {layout.tags[-1]}: it is something else"
            )
        # The tables go on reading the file.
        in_use.push(stack.pop_all())
    return tables


def _same(one: Transcript, other: Transcript) -> bool:
    labels = (one.labels is None) == (other.labels is None) and (
        one.labels is None or np.array_equal(one.labels, other.labels)  # type: ignore[arg-type]
    )
    return labels and np.array_equal(one.values(), other.values(), equal_nan=True)


def _complete(
    found: dict[str, Transcript], versions: Sequence[Version], passed: list[str]
) -> Version:
    for version in versions:
        if version.train.name in found and version.test.name in found:
            return version
    here = ", ".join(f"{transcript.name} is {name}" for name, transcript in found.items())
    lacking = " or ".join(
        dict.fromkeys(
            part.name
            for version in versions
            for part, other in ((version.train, version.test), (version.test, version.train))
            if part.name not in found and other.name in found
        )
    )
    why = f" (passed over: {'; '.join(passed[:3])})" if passed else ""
    raise InvalidDataset(f"{here}; give {lacking} as well{why}")


def _write(
    folder: Path,
    version: Version,
    found: dict[str, Transcript],
    layout: Layout,
    notes: list[str],
) -> Addition:
    """Fill what is missing, write the arrays and say what they are."""
    facts = {"channels": str(len(layout.tags))}
    arrays, segments = [], []
    for title, part in (("training", version.train), ("test", version.test)):
        transcript = found[part.name]
        notes += [*transcript.notes, *_foreign_labels(transcript, part), *_fill(transcript)]
        arrays.append(transcript.values())
        segments.append(_segments(transcript.seconds))
        facts[f"{title} file"] = transcript.name
        facts[f"{title} rows"] = f"{part.rows:,}"
        facts[f"{title} time"] = " to ".join(map(time_of, transcript.seconds[[0, -1]]))
        if part.missing:
            gaps = len(segments[-1]) - 1
            where = f"{gaps} place{'s' * (gaps > 1)}"
            facts[f"{title} gaps"] = f"{part.missing:,} seconds missing in {where}"
    labels = _labels(found[version.test.name], version.test)
    share = labels.mean()
    facts["events"] = str(len(starts_of(labels)))
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


def _fill(transcript: Transcript) -> list[str]:
    """Put the value before it in place of every missing one; return what to say about it.

    At the beginning of a stretch it is the first value that there is.
    """
    if not len(transcript.missing):
        return []
    values = transcript.values("r+")
    bounds = [*_segments(transcript.seconds), len(values)]
    for channel in np.unique(transcript.missing[:, 1]):
        rows = transcript.missing[transcript.missing[:, 1] == channel, 0]
        for begin, end in pairwise(bounds):
            here = rows[(rows >= begin) & (rows < end)]
            leading = np.count_nonzero(here == begin + np.arange(len(here)))
            values[here[:leading], channel] = values[begin + leading, channel]
            for row in here[leading:]:
                values[row, channel] = values[row - 1, channel]
    values.flush()  # type: ignore[attr-defined]
    cells, channels = len(transcript.missing), len(np.unique(transcript.missing[:, 1]))
    rows = transcript.rows[np.unique(transcript.missing[:, 0])]
    return [
        f"{transcript.name}: {cells:,} missing value{'s' * (cells > 1)} of {channels} "
        f"channel{'s' * (channels > 1)}, in {len(rows):,} row{'s' * (len(rows) > 1)} from "
        f"{rows[0]:,} to {rows[-1]:,}, filled with the value before."
    ]


def _segments(seconds: np.ndarray) -> tuple[int, ...]:
    """Return the rows at which a new stretch begins: after every second that is missing."""
    return (0, *(int(row) + 1 for row in np.flatnonzero(np.diff(seconds) != 1)))


def _foreign_labels(transcript: Transcript, part: Part) -> list[str]:
    """Return what to say about a column of labels that is not published with a file."""
    if part.labelled or transcript.labels is None:
        return []
    differ = int((transcript.labels != _labels(transcript, part)).sum())
    how = f"it differs in {differ:,} row{'s' * (differ > 1)}" if differ else "it agrees"
    return [
        f"{transcript.name}: its column of labels is not published with {part.name} and was left "
        f"out; {how}."
    ]


def _labels(transcript: Transcript, part: Part) -> np.ndarray:
    """Return the labels of a part, from its table or from the published times."""
    if part.labelled and transcript.labels is not None:
        return transcript.labels
    after = transcript.seconds - part.start
    labels = np.zeros(len(after), bool)
    for first, last in part.windows:
        labels |= (after >= first) & (after <= last)
    return labels
