"""WADI: both versions are recognised, labelled and repaired as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from owner_files import (
    PREFIX,
    SMALL_WADI,
    small_wadi,
    wadi,
    wadi_file,
    wadi_tags,
    write_csv,
    write_xlsx,
)

from benchkit.data import DataUnavailable, InvalidDataset
from benchkit_datasets.tables import published_file
from benchkit_datasets.tables.addition import add_recording
from benchkit_datasets.tables.published_file import event_starts
from benchkit_datasets.wadi import columns
from benchkit_datasets.wadi.dataset import Wadi

A2, A1 = SMALL_WADI


def add(normal, attack, folder, write=write_csv):
    """Add two files as a small WADI; return the addition and the arrays."""
    folder.mkdir(parents=True)
    paths = [write(folder.parent / "n.file", normal), write(folder.parent / "a.file", attack)]
    addition = add_recording(paths, folder, SMALL_WADI, wadi.SCHEMA)
    return addition, [np.load(folder / f"{name}.npy") for name in ("train", "test", "labels")]


def with_cells(file, cells):
    """Return a file with other texts in some cells: {(row, tag): text}."""
    rows = [list(row) for row in file.rows]
    names = [wadi.SCHEMA.rename(name) for name in file.header]
    for (row, tag), text in cells.items():
        rows[row][names.index(tag)] = text
    return file.with_rows(rows)


def labelled(file, labels):
    """Return a file with a column of labels put behind its own."""
    rows = zip(file.rows, labels.tolist(), strict=True)
    header = [*file.header, columns.LABEL]
    return replace(file, header=header, rows=[[*row, str(1 - 2 * mark)] for row, mark in rows])


def semicolons(path, file):
    """Write a file with semicolons, so that a cell may have a comma."""
    return write_csv(path, file, ";")


@pytest.fixture(params=SMALL_WADI, ids=lambda version: version.name)
def version(request):
    return request.param


class TestForms:
    @pytest.mark.parametrize("write", [write_csv, write_xlsx])
    def test_both_versions_are_told_apart_by_content(self, version, write, tmp_path):
        """With their junk lines, prefixes, blanks, empty rows, missing hours and label column."""
        normal, attack = small_wadi(version)
        addition, (train, test, labels) = add(normal, attack, tmp_path / "made", write)
        assert addition.version == version.name
        assert np.array_equal(train, normal.values)
        assert np.array_equal(test, attack.values)
        assert np.array_equal(labels, attack.labels)
        assert train.dtype == test.dtype == np.float32
        assert train.shape[1] == 123

    def test_the_files_have_their_true_form(self):
        """So that the ones that are read are those that owners have."""
        normal, attack = small_wadi(A1)
        assert len(normal.above) == 4
        assert not attack.above
        assert normal.header[3] == PREFIX + "1_AIT_001_PV"
        assert len(normal.header) == len(attack.header) == 130
        assert normal.rows[0][:3] == ["1", "9/25/2017", "6:00:00.000 PM"]
        normal, attack = small_wadi(A2)
        assert not normal.above
        assert len(attack.above) == 1
        assert attack.header[:2] == ["Row ", "Date "]
        assert len(attack.header) == 131
        assert attack.header[-1] == "Attack LABLE (1:No Attack, -1:Attack)"
        assert not any(map(any, attack.rows[-2:]))
        assert attack.rows[1][:3] == ["2", "10/9/2017", "00:01.0"]

    def test_four_empty_tags_are_left_out(self):
        assert len(wadi_tags()) == 127
        assert set(wadi.SCHEMA.empty) == {
            *("2_LS_001_AL", "2_LS_002_AL", "2_P_001_STATUS", "2_P_002_STATUS")
        }
        assert wadi.SCHEMA.tags == tuple(t for t in wadi_tags() if t not in wadi.SCHEMA.empty)

    def test_the_gap_of_the_newer_training_part_is_a_segment(self, tmp_path, folder):
        normal, attack = small_wadi(A2)
        addition, _ = add(normal, attack, folder / "wadi" / "A2")
        (folder / "wadi" / "A2" / "manifest.json").write_text("{}")
        dataset = Wadi()
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert isinstance(made.train, np.memmap)
        assert made.train_segments == (0, 25)
        assert made.test_segments == (0,)
        assert addition.facts["training gaps"] == "40 seconds missing in 1 place"
        assert np.array_equal(made.labels, attack.labels)
        assert made.channels == wadi.SCHEMA.tags


def test_the_copy_of_a1_that_a_spreadsheet_program_cut_is_said_to_be_one(tmp_path, monkeypatch):
    """1,048,571 rows below five lines, or below fewer when it was saved again."""
    normal, attack = small_wadi(A1)
    cut = normal.with_rows(normal.rows[:85])
    monkeypatch.setattr(published_file, "EXCEL_ROWS", 90)
    for number, file in enumerate((cut, replace(cut, above=[]))):
        with pytest.raises(InvalidDataset, match="n.file has 85 rows, .* cut it off at line 90"):
            add(file, attack, tmp_path / str(number) / "made")


class TestMissingValues:
    @pytest.mark.parametrize("token", ["", "1.#QNAN", "nan"])
    def test_short_gaps_are_filled_with_the_value_before_and_noted(self, token, tmp_path):
        """At the beginning with the first value there is."""
        normal, attack = small_wadi(A1)
        tag = "2_LT_001_PV"
        cells = {(row, tag): token for row in (0, 1, 10, 11, 12, 40)}
        addition, (train, _, _) = add(with_cells(normal, cells), attack, tmp_path / "made")
        expected = normal.values.copy()
        channel = wadi.SCHEMA.tags.index(tag)
        for row, source in ((0, 2), (1, 2), (10, 9), (11, 9), (12, 9), (40, 39)):
            expected[row, channel] = normal.values[source, channel]
        assert np.array_equal(train, expected)
        assert (
            "n.file: 6 missing values of 1 channel, in 6 rows from 6 to 46, filled with the "
            "value before."
        ) in addition.notes

    def test_nothing_is_filled_across_a_gap_of_the_clock(self, tmp_path):
        """What is missing behind it gets the value that follows."""
        normal, attack = small_wadi(A2)
        cells = {(row, "2_LT_001_PV"): "" for row in (25, 26)}
        _, (train, _, _) = add(with_cells(normal, cells), attack, tmp_path / "made")
        channel = wadi.SCHEMA.tags.index("2_LT_001_PV")
        assert (train[25:27, channel] == normal.values[27, channel]).all()

    def test_a_long_gap_is_refused(self, tmp_path):
        normal, attack = small_wadi(A1)
        cells = {(row, "2_LT_001_PV"): "" for row in range(10, 14)}
        with pytest.raises(
            InvalidDataset, match="2_LT_001_PV has no value for 4 rows from row 16"
        ):
            add(with_cells(normal, cells), attack, tmp_path / "made")

    def test_a_value_where_none_is_published_is_refused(self, tmp_path):
        normal, attack = small_wadi(A1)
        with pytest.raises(InvalidDataset, match="'2_LS_001_AL', that is published empty"):
            add(with_cells(normal, {(7, "2_LS_001_AL"): "1"}), attack, tmp_path / "made")


class TestClock:
    def test_dates_may_stand_in_another_order(self, tmp_path):
        """The first one, and when recordings began, tell which."""
        normal, attack = small_wadi(A1)
        turned = attack.with_rows(
            [[row[0], row[1].replace("10/9/2017", "9/10/2017"), *row[2:]] for row in attack.rows]
        )
        addition, (_, test, _) = add(normal, turned, tmp_path / "made")
        assert np.array_equal(test, attack.values)
        assert "a.file: dates are written day first." in addition.notes

    @pytest.mark.parametrize(
        ("date", "time"),
        [
            ("{:%Y-%m-%d}", "{:%H:%M:%S}"),
            ("{:%Y-%m-%dT00:00:00}", "{:%H:%M:%S.000}"),
            ("{:%Y-%m-%d 00:00:00}", "T{:%H:%M:%S.000+08:00}"),
            ("{:%Y-%m-%dT00:00:00.000Z}", "{:%H:%M:%SZ}"),
            ("{:%d.%m.%Y}", "0 days {:%H:%M:%S,000}"),
        ],
    )
    def test_dates_and_times_may_be_those_of_other_programs(self, tmp_path, date, time):
        """ISO with ``T``, fractions and a zone; of a German locale; of pandas."""
        normal, attack = small_wadi(A1)
        start = datetime.fromtimestamp(A1.test.start, UTC)
        rows = [
            [row[0], *(f.format(start + timedelta(seconds=n)) for f in (date, time)), *row[3:]]
            for n, row in enumerate(attack.rows)
        ]
        _, (_, test, _) = add(normal, attack.with_rows(rows), tmp_path / "made", semicolons)
        assert np.array_equal(test, attack.values)

    def test_times_that_lost_their_hours_may_be_numbers(self, tmp_path):
        """A spreadsheet takes them for minutes and seconds after midnight."""
        normal, attack = small_wadi(A2)
        rows = [
            [*row[:2], f"{n % 3_600 / 86_400:.12f}" if row[0] else "", *row[3:]]
            for n, row in enumerate(attack.rows)
        ]
        addition, (_, test, _) = add(normal, attack.with_rows(rows), tmp_path / "made", write_xlsx)
        assert addition.version == "A2"
        assert np.array_equal(test, attack.values)

    @pytest.mark.parametrize(
        ("column", "text"),
        [
            *(("Row", "99"), ("Row", "x"), ("Row", ""), ("Date", "9/27/2017"), ("Date", "soon")),
            *(("Time", "6:00:09.000 PM"), ("Time", "6:00:20.000 AM"), ("Time", "")),
        ],
    )
    def test_what_contradicts_it_is_refused(self, column, text, tmp_path):
        normal, attack = small_wadi(A1)
        with pytest.raises(InvalidDataset, match="n.file, row"):
            add(with_cells(normal, {(20, column): text}), attack, tmp_path / "made")

    def test_another_start_is_refused(self, tmp_path):
        _, attack = small_wadi(A1)
        later = wadi_file(replace(A1.train, start=A1.train.start + 86_400), 3)
        with pytest.raises(InvalidDataset, match="Date is '9/26/2017', not 2017-09-25 or 2017-10"):
            add(later, attack, tmp_path / "made")


class TestLabels:
    def test_attack_windows_of_a1_have_the_published_rows(self):
        """9,948 rows of 172,801 in 14 events; both ends are included."""
        (part,) = (version.test for version in wadi.VERSIONS if version.name == "A1")
        labels = np.zeros(part.rows, bool)
        for first, last in wadi.WINDOWS:
            labels[first : last + 1] = True
        assert labels.sum() == part.anomalies == 9_948
        assert len(event_starts(labels)) == part.events == 14
        assert round(100 * labels.mean(), 3) == 5.757
        # 19:25:00 on the first day, which begins at 18:00:00.
        assert labels.argmax() == 85 * 60

    def test_the_newer_version_has_its_own(self):
        (part,) = (version.test for version in wadi.VERSIONS if version.name == "A2")
        assert (part.anomalies, part.events) == (9_977, 14)
        assert round(100 * part.anomalies / part.rows, 3) == 5.774

    def test_the_note_says_where_labels_of_a1_come_from(self, tmp_path):
        addition, _ = add(*small_wadi(A1), tmp_path / "made")
        assert "The labels are made from the published times of the attacks." in addition.notes

    @pytest.mark.parametrize("prefix", [True, False])
    @pytest.mark.parametrize(("shift", "how"), [(0, "it agrees"), (2, "it differs in 8 rows")])
    def test_a1_with_a_column_of_labels_stays_a1(self, tmp_path, prefix, shift, how):
        """Its labels are the published times, whatever somebody put beside the values."""
        normal, attack = small_wadi(A1)
        if not prefix:
            attack = replace(attack, header=[wadi.SCHEMA.rename(name) for name in attack.header])
        marked = labelled(attack, np.roll(attack.labels, shift))
        addition, (_, test, labels) = add(normal, marked, tmp_path / "made")
        assert addition.version == "A1"
        assert np.array_equal(test, attack.values)
        assert np.array_equal(labels, attack.labels)
        assert (
            "a.file: its label column is not part of the attack recording of A1 as published and "
            f"was ignored; {how}."
        ) in addition.notes

    def test_a1_with_a_column_of_labels_does_not_go_with_the_training_part_of_a2(self, tmp_path):
        normal, _ = small_wadi(A2)
        _, attack = small_wadi(A1)
        with pytest.raises(InvalidDataset, match="a.file is the attack recording of A1"):
            add(normal, labelled(attack, attack.labels), tmp_path / "made")

    def test_a2_without_its_column_of_labels_is_not_a1(self, tmp_path):
        """Its times lack the hour."""
        normal, _ = small_wadi(A1)
        _, attack = small_wadi(A2)
        bare = replace(attack, header=attack.header[:-1], above=[])
        bare = bare.with_rows([row[:-1] for row in attack.rows])
        with pytest.raises(
            InvalidDataset, match=r"a\.file has no column of labels \('Attack LABLE"
        ):
            add(normal, bare, tmp_path / "made")

    def test_a_normal_recording_may_have_one_that_is_all_normal(self, tmp_path):
        normal, attack = small_wadi(A2)
        none = np.zeros(len(normal.rows), bool)
        addition, (train, _, _) = add(labelled(normal, none), attack, tmp_path / "made")
        assert np.array_equal(train, normal.values)
        assert any("n.file: its label column is not part of" in n for n in addition.notes)
        none[7] = True
        with pytest.raises(InvalidDataset, match="n.file: 1 rows are labelled as anomalies"):
            add(labelled(normal, none), attack, tmp_path / "again" / "made")

    @pytest.mark.parametrize("text", ["0", "2", "x", ""])
    def test_another_label_is_refused(self, text, tmp_path):
        normal, attack = small_wadi(A2)
        with pytest.raises(InvalidDataset, match="a.file, row"):
            add(normal, with_cells(attack, {(20, columns.LABEL): text}), tmp_path / "made")


def test_the_publication_is_the_one_in_the_card():
    """Rows and gaps of the files as iTrust gives them."""
    new, old = wadi.VERSIONS
    assert (new.train.rows, new.test.rows) == (784_571, 172_801)
    assert (old.train.rows, old.test.rows) == (1_209_601, 172_801)
    # The last row of the older training part is the first second of the attack recording.
    assert old.train.start + old.train.rows - 1 == old.test.start
    # With its gap the newer one ends where a spreadsheet program cut the older one.
    assert new.train.rows + new.train.missing == 1_048_571
    assert new.train.jumps == ((335_998, 264_000),)


class TestValues:
    def test_rounded_ones_are_noted(self, tmp_path):
        normal, attack = small_wadi(A1)
        rows = [[*row[:3], *(x and f"{float(x):.2f}" for x in row[3:])] for row in normal.rows]
        addition, _ = add(normal.with_rows(rows), attack, tmp_path / "made")
        (note,) = (note for note in addition.notes if "rounded" in note)
        assert note.startswith("n.file: no value of 1_AIT_001_PV, ")
        assert "has more than 2 decimals" in note

    def test_scaled_ones_are_refused(self, tmp_path):
        """All of them, codes as well, to 0 … 1."""
        normal, attack = small_wadi(A1)
        cells = np.array([row[3:] for row in normal.rows], object)
        values = np.where(cells == "", "nan", cells).astype(float)
        values = (values - values.min(axis=0)) / np.ptp(values, axis=0)
        texts = np.where(np.isnan(values), "", values.astype(str))
        rows = [[*row[:3], *x] for row, x in zip(normal.rows, texts.tolist(), strict=True)]
        with pytest.raises(InvalidDataset, match="n.file: 100% of the sensors go from 0 to 1"):
            add(normal.with_rows(rows), attack, tmp_path / "made")


class TestParameters:
    @pytest.mark.parametrize(
        "wrong", [{"version": "v1"}, {"warmup": 0.5}, {"median": -1}, {"size": ""}, {"seed": True}]
    )
    def test_wrong_ones_are_refused_by_name(self, wrong):
        (name,) = wrong
        with pytest.raises(ValueError, match=rf"^{name} must be .*, got "):
            Wadi(**wrong)

    def test_nothing_here_is_said_in_a_line(self, folder):
        with pytest.raises(DataUnavailable, match=r"^version A1 was not added on this machine$"):
            Wadi(version="A1").sources("", offline=False)


@pytest.mark.slow
def test_the_simulated_one_has_the_channels_of_the_real_one():
    made = Wadi(median=10).load("sim", "", [])
    assert made.channels == wadi.SCHEMA.tags
    assert made.train.dtype == made.test.dtype == np.float32
    assert made.labels.shape == (len(made.test),)
    assert made.labels.any()
