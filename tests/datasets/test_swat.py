"""SWaT: every form in which owners have it becomes the same arrays, and nothing else does."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from owner_files import (
    SMALL_SWAT,
    SPACED,
    SWAT_GAPS,
    small_swat,
    swat,
    swat_file,
    write_csv,
    write_xlsx,
)

from benchkit.data import DataUnavailable, InvalidDataset, find_file
from benchkit_datasets.swat.dataset import Swat
from benchkit_datasets.tables import published_file
from benchkit_datasets.tables.addition import add_recording
from benchkit_datasets.tables.published_file import event_starts


def add(paths, folder, versions=SMALL_SWAT):
    """Add files as a small SWaT; return the addition and the arrays."""
    folder.mkdir(parents=True)
    addition = add_recording(paths, folder, versions, swat.SCHEMA)
    return addition, {
        name: np.load(folder / f"{name}.npy") for name in ("train", "test", "labels")
    }


def with_times(file, form, hours=0.0):
    """Return a file with its times written in another form, on a clock hours ahead."""
    rows = []
    for row in file.rows:
        time = datetime.strptime(row[0].strip(), "%d/%m/%Y %I:%M:%S %p")
        rows.append([form.format(time + timedelta(hours=hours)), *row[1:]])
    return file.with_rows(rows)


def rounded(file, decimals, tags=swat.SCHEMA.tags):
    """Return a file with the values of some tags rounded."""
    places = [1 + swat.SCHEMA.tags.index(tag) for tag in tags]
    rows = [list(row) for row in file.rows]
    for row in rows:
        for place in places:
            row[place] = f"{float(row[place]):.{decimals}f}"
    return file.with_rows(rows)


def scaled(file, scale):
    """Return a file with the values of its sensors scaled, and codes as they are."""
    columns = [list(column) for column in zip(*file.rows, strict=True)]
    for place, tag in enumerate(swat.SCHEMA.tags, 1):
        if swat.SCHEMA.bounds[tag].fractions:
            columns[place] = [f"{x:.7g}" for x in scale(np.array(columns[place], float))]
    return file.with_rows([list(row) for row in zip(*columns, strict=True)])


def assert_is(arrays, normal, attack):
    assert np.array_equal(arrays["train"], normal.values)
    assert np.array_equal(arrays["test"], attack.values)
    assert np.array_equal(arrays["labels"], attack.labels)
    assert arrays["train"].dtype == arrays["test"].dtype == np.float32


FORMS = {
    "xlsx as published": lambda path, file: write_xlsx(path, replace(file, above=[])),
    "xlsx with the stages above": write_xlsx,
    "xlsx with texts in the cells": lambda path, file: write_xlsx(path, file, inline=True),
    "xlsx, sheet Combined Data": lambda path, file: write_xlsx(path, file, "Combined Data"),
    "csv": lambda path, file: write_csv(path, replace(file, above=[])),
    "csv with the stages above": write_csv,
    "csv with semicolons and decimal commas": lambda p, file: write_csv(p, file, ";", ","),
    "csv with semicolons": lambda path, file: write_csv(path, file, ";"),
    "csv with a byte order mark": lambda p, file: write_csv(p, file, encoding="utf-8-sig"),
    "csv of a mark, semicolons, commas": lambda p, f: write_csv(p, f, ";", ",", "utf-8-sig"),
    "csv in utf-16": lambda path, file: write_csv(path, file, encoding="utf-16"),
    "csv in latin-1": lambda path, file: write_csv(
        path, replace(file, above=[["Débit"]]), encoding="latin-1"
    ),
}


class TestForms:
    @pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
    @pytest.mark.parametrize("version", SMALL_SWAT, ids=lambda version: version.name)
    def test_each_gives_the_same_arrays(self, form, version, tmp_path):
        """With true headers, blanks before names, day-first times, gaps and misspelt labels."""
        normal, attack = small_swat(version)
        paths = [form(tmp_path / "one", attack), form(tmp_path / "two", normal)]
        addition, arrays = add(paths, tmp_path / "made")
        assert addition.version == version.name
        assert_is(arrays, normal, attack)

    def test_the_attack_file_has_its_true_header(self):
        """So that the forms above are those that owners have."""
        _, attack = small_swat()
        assert attack.header[0] == " Timestamp"
        assert [name for name in attack.header[1:-1] if name[0] == " "] == [
            f" {n}" for n in SPACED
        ]
        assert attack.rows[0][0] == " 28/12/2015 10:00:00 AM"
        assert {row[-1] for row in attack.rows} == {"Normal", "Attack", "A ttack"}

    def test_a_folder_a_zip_and_files_are_one(self, tmp_path):
        """Other files among them are passed over."""
        normal, attack = small_swat()
        folder = tmp_path / "SWaT" / "Physical"
        folder.mkdir(parents=True)
        write_xlsx(folder / "normal.xlsx", normal)
        write_csv(folder / "attack.csv", attack)
        (tmp_path / "SWaT" / "List_of_attacks.pdf").write_bytes(b"%PDF-1.4 \x00\x01")
        packed = tmp_path / "SWaT.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in (tmp_path / "SWaT").rglob("*.*"):
                archive.write(path, path.relative_to(tmp_path))
        for number, paths in enumerate(([tmp_path / "SWaT"], [packed], list(folder.iterdir()))):
            _, arrays = add(paths, tmp_path / f"made{number}")
            assert_is(arrays, normal, attack)

    def test_times_of_a_spreadsheet_are_days(self, tmp_path):
        """A program that took the times for times saves them as numbers."""
        normal, attack = small_swat()
        rows = [
            [f"{(SMALL_SWAT[0].train.start + second) / 86_400 + 25_569:.10f}", *row[1:]]
            for second, row in enumerate(normal.rows)
        ]
        paths = [
            write_xlsx(tmp_path / "n.xlsx", normal.with_rows(rows)),
            write_csv(tmp_path / "a.csv", attack),
        ]
        addition, arrays = add(paths, tmp_path / "made")
        assert_is(arrays, normal, attack)
        assert "n.xlsx: times are numbers of days, as in a spreadsheet." in addition.notes

    @pytest.mark.parametrize(
        ("write", "notes"),
        [
            ("{:%Y-%m-%dT%H:%M:%S}", []),
            ("{:%Y-%m-%dT%H:%M:%S.000}", []),
            ("{:%Y-%m-%d %H:%M:%S.%f}", []),
            ("{:%Y-%m-%dT%H:%M:%S}+08:00", ["times have the time zone +08:00 and are local time"]),
            ("{:%Y-%m-%dT%H:%M:%S}Z", ["times have the time zone Z and are local time"]),
            (
                "{:%Y-%m-%dT%H:%M:%S.000}+0000",
                ["times have the time zone +0000 and are local time"],
            ),
        ],
    )
    def test_times_may_be_written_in_every_iso_way(self, write, notes, tmp_path):
        """With ``T``, fractions of a second, and a zone behind the plant's own time."""
        normal, attack = small_swat()
        paths = [
            write_csv(tmp_path / "n.csv", with_times(normal, write)),
            write_csv(tmp_path / "a.csv", with_times(attack, write)),
        ]
        addition, arrays = add(paths, tmp_path / "made")
        assert_is(arrays, normal, attack)
        assert addition.facts["test time"] == "2015-12-28 10:00:00 to 2015-12-28 10:01:32"
        for sentence in ("times are in ISO format", *notes):
            assert f"a.csv: {sentence}." in addition.notes

    @pytest.mark.parametrize(("zone", "hours"), [("Z", -8), ("-05:00", -13), ("+0530", -2.5)])
    def test_times_that_were_put_to_another_zone_are_put_back(self, zone, hours, tmp_path):
        normal, attack = small_swat()
        paths = [
            write_csv(
                tmp_path / "n.csv", with_times(normal, f"{{:%Y-%m-%dT%H:%M:%S}}{zone}", hours)
            ),
            write_csv(tmp_path / "a.csv", attack),
        ]
        addition, arrays = add(paths, tmp_path / "made")
        assert_is(arrays, normal, attack)
        assert addition.facts["training time"].startswith("2015-12-22 16:30:00 to ")
        assert (
            f"n.csv: times have the time zone {zone} and were converted to local time, UTC+8."
            in (addition.notes)
        )

    def test_fractions_of_a_second_are_rounded_with_a_note(self, tmp_path):
        normal, attack = small_swat()
        rows = [
            [f"{row[0].replace(' PM', '')}.{n % 2 * 2}13 PM", *row[1:]]
            for n, row in enumerate(normal.rows)
        ]
        paths = [
            write_csv(tmp_path / "n.csv", normal.with_rows(rows)),
            write_csv(tmp_path / "a.csv", attack),
        ]
        addition, arrays = add(paths, tmp_path / "made")
        assert_is(arrays, normal, attack)
        note = "n.csv: the times of 70 rows have fractions of a second, which were rounded."
        assert note in addition.notes

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
    @pytest.mark.parametrize("write", [write_csv, write_xlsx])
    def test_a_packed_file_is_unpacked(self, pack, write, tmp_path):
        """Given by itself, in a folder, or in a zip archive."""
        normal, attack = small_swat()
        folder = tmp_path / "given"
        folder.mkdir()
        for name, file in (("n.gz", normal), ("a.gz", attack)):
            whole = write(tmp_path / "whole", file)
            (folder / name).write_bytes(pack(whole.read_bytes()))
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for path in folder.iterdir():
                archive.write(path, path.name)
        for number, paths in enumerate((folder.iterdir(), [folder], [tmp_path / "all.zip"])):
            _, arrays = add(list(paths), tmp_path / f"made{number}")
            assert_is(arrays, normal, attack)


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("decimals", "found"), [(0, "0 decimals"), (1, "1 decimal"), (2, "2 decimals")]
    )
    def test_that_values_were_rounded(self, decimals, found, tmp_path):
        """The attack recording would be refused for its first row."""
        normal, attack = small_swat()
        paths = [
            write_csv(tmp_path / "n.csv", rounded(normal, decimals)),
            write_csv(tmp_path / "a.csv", attack),
        ]
        addition, _ = add(paths, tmp_path / "made")
        assert (
            f"n.csv: no value of FIT101, LIT101, AIT201 and 22 more has more than {found}, "
            "unlike published values: they were rounded."
        ) in addition.notes

    def test_that_those_of_one_tag_were_rounded(self, tmp_path):
        """Of the attack recording, too, and in the fifth decimal."""
        normal, attack = small_swat()
        paths = [
            write_csv(tmp_path / "n.csv", normal),
            write_csv(tmp_path / "a.csv", rounded(attack, 5, ("FIT101",))),
        ]
        addition, _ = add(paths, tmp_path / "made")
        assert (
            "a.csv: no value of FIT101 has more than 5 decimals, unlike published values: they "
            "were rounded."
        ) in addition.notes

    def test_nothing_of_rounding_about_files_as_published(self, tmp_path):
        normal, attack = small_swat()
        paths = [write_xlsx(tmp_path / "n", normal), write_csv(tmp_path / "a", attack)]
        addition, _ = add(paths, tmp_path / "made")
        assert not [note for note in addition.notes if "rounded" in note]

    def test_version_rows_events_share_times_gaps_and_repairs(self, tmp_path):
        normal, attack = small_swat()
        paths = [write_csv(tmp_path / "n.csv", normal), write_csv(tmp_path / "a.csv", attack)]
        addition, _ = add(paths, tmp_path / "made")
        assert addition.version == "v1"
        assert dict(addition.facts) == {
            "channels": "51",
            "training file": "n.csv",
            "training rows": "70",
            "training time": "2015-12-22 16:30:00 to 2015-12-22 16:31:09",
            "test file": "a.csv",
            "test rows": "90",
            "test time": "2015-12-28 10:00:00 to 2015-12-28 10:01:32",
            "test gaps": "3 seconds missing in 3 places",
            "events": "3",
            "anomalous rows": "14 (15.56%)",
        }
        assert "a.csv: blanks in the label of 2 rows removed, as in 'A ttack'." in addition.notes

    def test_the_newest_version_is_taken_and_others_named(self, tmp_path):
        folder = tmp_path / "all"
        folder.mkdir()
        for version in SMALL_SWAT:
            normal, attack = small_swat(version)
            write_csv(folder / f"{version.name}.csv", normal)
        write_csv(folder / "attack.csv", attack)
        write_xlsx(folder / "attack.xlsx", attack)
        addition, _ = add([folder], tmp_path / "made")
        assert addition.version == "v1"
        assert "Not used: the normal recording v0, which belongs to another version." in (
            addition.notes
        )
        assert "all/attack.xlsx has the same values as all/attack.csv." in addition.notes


class TestRefused:
    @pytest.fixture
    def refuse(self, tmp_path):
        """Give a function that adds files and returns why they are refused, a line."""

        def reason(*paths, versions=SMALL_SWAT):
            with pytest.raises(InvalidDataset) as caught:
                add(list(paths), tmp_path / f"made{len(list(tmp_path.iterdir()))}", versions)
            assert "\n" not in str(caught.value)
            return str(caught.value)

        return reason

    def test_one_file_of_two(self, refuse, tmp_path):
        normal, attack = small_swat()
        path = write_csv(tmp_path / "a.csv", attack)
        assert "a.csv is the attack recording v0; give the normal recording v1 or " in refuse(path)
        path = write_csv(tmp_path / "n.csv", normal)
        assert refuse(path) == (
            "n.csv is the normal recording v1; give the attack recording v0 as well"
        )

    def test_a_one_channel_series_that_circulates_under_the_name(self, refuse, tmp_path):
        path = tmp_path / "series.json"
        path.write_text("\n".join(f'{{"ts": {n * 300}, "val": {n % 9}}}' for n in range(2_000)))
        assert "no line near its top with the 51 tags FIT101, LIT101" in refuse(path)

    def test_a_simulated_file_of_500_rows_with_the_true_header(self, refuse, tmp_path):
        """Under the true publication."""
        short = replace(swat.VERSIONS[0].train, rows=500)
        path = write_csv(tmp_path / "simulated.csv", swat_file(short))
        assert "has 500 rows, not 495,000" in refuse(path, versions=swat.VERSIONS)

    def test_two_attack_files_that_differ(self, refuse, tmp_path):
        _, attack = small_swat()
        other = swat_file(SMALL_SWAT[0].test, 9, SWAT_GAPS)
        paths = [write_csv(tmp_path / "a.csv", attack), write_csv(tmp_path / "b.csv", other)]
        assert "a.csv and b.csv are both the attack recording v0 and differ" in refuse(*paths)

    @pytest.mark.parametrize(
        ("scale", "reason"),
        [
            (lambda x: (x - x.min()) / np.ptp(x), "100% of the sensors go from 0 to 1"),
            (lambda x: 2 * (x - x.min()) / np.ptp(x) - 1, "100% of the sensors go from -1 to 1"),
            (lambda x: (x - x.mean()) / x.std(), "mean 0 and standard deviation 1"),
            (lambda x: x / 1_000, "FIT101 goes from .* and not to 1.5 or more"),
        ],
    )
    def test_values_that_were_scaled(self, refuse, tmp_path, scale, reason):
        """The codes of valves and pumps as published."""
        normal, attack = small_swat()
        paths = [
            write_csv(tmp_path / "n.csv", scaled(normal, scale)),
            write_csv(tmp_path / "a.csv", attack),
        ]
        assert re.search(f"n.csv: .*{reason}.* scaled", refuse(*paths))

    @pytest.mark.parametrize("zone", ["", "+09:00"])
    def test_times_of_another_zone_further_down(self, refuse, tmp_path, zone):
        normal, attack = small_swat()
        changed = with_times(normal, "{:%Y-%m-%dT%H:%M:%S}+08:00")
        changed.rows[30][0] = changed.rows[30][0].replace("+08:00", zone)
        paths = [write_csv(tmp_path / "n.csv", changed), write_csv(tmp_path / "a.csv", attack)]
        assert "n.csv, row 33: Timestamp is '2015-12-22T16:30:30" in refuse(*paths)

    @pytest.mark.parametrize("factor", [1, 1_000, 1_000_000_000])
    def test_seconds_since_1970(self, refuse, tmp_path, factor):
        """Numbers that are no days of a spreadsheet: as seconds, or thousandths of them."""
        normal, attack = small_swat()
        start = SMALL_SWAT[0].train.start
        rows = [[str((start + n) * factor), *row[1:]] for n, row in enumerate(normal.rows)]
        paths = [
            write_csv(tmp_path / "n.csv", normal.with_rows(rows)),
            write_csv(tmp_path / "a.csv", attack),
        ]
        assert f"n.csv, row 3: Timestamp is '{start * factor}', not a time" in refuse(*paths)

    def test_what_a_spreadsheet_program_cut(self, refuse, tmp_path, monkeypatch):
        normal, _ = small_swat()
        monkeypatch.setattr(published_file, "EXCEL_ROWS", 60)
        path = write_csv(tmp_path / "n.csv", normal.with_rows(normal.rows[:58]))
        assert "a spreadsheet program cut it off at line 60" in refuse(path)

    def test_exchanged_names_that_the_first_row_gives_away(self, refuse, tmp_path):
        """LIT101 of the attack file is known to begin with 522.8467."""
        _, attack = small_swat()
        header = [{"LIT101": "LIT301", "LIT301": "LIT101"}.get(n, n) for n in attack.header]
        path = write_csv(tmp_path / "a.csv", replace(attack, header=header))
        assert "LIT101 starts with " in refuse(path)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"\xd0\xcf\x11\xe0" + bytes(600), "old (xls) or encrypted Excel file"),
            (b"PK\x03\x04" + bytes(600), "cut off, damaged or of another format"),
            (b"", "has no line near its top"),
            (b"7z\xbc\xaf\x27\x1c" + bytes(9), "some.xlsx is a 7z archive: unpack it first"),
            (b"Rar!\x1a\x07\x01\x00", "some.xlsx is a rar archive: unpack it first"),
            (b"\x28\xb5\x2f\xfd" + bytes(9), "some.xlsx is a zstd archive: unpack it first"),
            (gzip.compress(bytes(257) + b"ustar"), "some.xlsx is a tar archive: unpack it first"),
            (gzip.compress(b"a,b")[:-4], "some.xlsx is damaged or cut off"),
            (bz2.compress(b"a,b")[:-4], "some.xlsx is damaged or cut off"),
            (lzma.compress(b"a,b")[:-4], "some.xlsx is damaged or cut off"),
        ],
    )
    def test_files_of_other_kinds(self, refuse, tmp_path, content, reason):
        path = tmp_path / "some.xlsx"
        path.write_bytes(content)
        assert reason in refuse(path)

    @pytest.mark.parametrize(
        ("cell", "shown"), [("0", "'0'"), ("", "empty"), ("normal", "'normal'")]
    )
    def test_a_label_is_shown_as_the_file_has_it(self, refuse, tmp_path, cell, shown):
        """And not as the number that it was read as."""
        normal, _ = small_swat()
        rows = [[*row[:-1], cell] for row in normal.rows]
        path = write_csv(tmp_path / "n.csv", normal.with_rows(rows))
        assert refuse(path) == (
            f"n.csv, row 3: Normal/Attack is {shown}, neither 'Normal' nor 'Attack'; "
            "get the file as published"
        )

    def test_a_folder_without_the_files_says_what_is_there(self, refuse, tmp_path):
        folder = tmp_path / "mine"
        folder.mkdir()
        (folder / "cut.xlsx").write_bytes(b"PK\x03\x04" + bytes(600))
        assert "among 1 files (mine/cut.xlsx begins as a zip archive" in refuse(folder)


@pytest.fixture
def added(folder):
    """Add a small SWaT of a version to the data folder, as the harness does."""

    def make(version):
        normal, attack = small_swat(version)
        made = folder / "swat" / version.name
        paths = [
            write_csv(folder / f"{version.name}.csv", normal),
            write_csv(folder / "attack.csv", attack),
        ]
        add(paths, made)
        (made / "manifest.json").write_text("{}")
        return normal, attack

    return make


class TestReal:
    def test_nothing_here_is_said_in_a_line(self, folder):
        with pytest.raises(DataUnavailable, match=r"^its files were not added on this machine$"):
            Swat().sources("", offline=False)
        with pytest.raises(DataUnavailable, match=r"^version v0 was not added"):
            Swat(version="v0").sources("", offline=False)

    def test_an_addition_that_was_not_finished_is_not_there(self, folder, added):
        added(SMALL_SWAT[0])
        (folder / "swat" / "v1" / "manifest.json").unlink()
        with pytest.raises(DataUnavailable):
            Swat().sources("", offline=True)

    def test_a_lost_array_is_named(self, folder, added):
        added(SMALL_SWAT[0])
        (folder / "swat" / "v1" / "test.npy").unlink()
        with pytest.raises(DataUnavailable, match="lacks test.npy: add the files again"):
            Swat().sources("", offline=True)

    def test_the_newest_is_loaded_memory_mapped_with_its_gaps(self, added):
        added(SMALL_SWAT[1])
        normal, attack = added(SMALL_SWAT[0])
        dataset = Swat(warmup=0)
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert isinstance(made.train, np.memmap)
        assert np.array_equal(made.train, normal.values)
        assert np.array_equal(made.test, attack.values)
        assert np.array_equal(made.labels, attack.labels)
        assert made.channels == swat.SCHEMA.tags
        assert made.period == 1
        assert made.train_segments == (0,)
        assert made.test_segments == (0, *SWAT_GAPS)
        assert any("A ttack" in note for note in made.notes)

    @pytest.mark.parametrize("version", SMALL_SWAT, ids=lambda version: version.name)
    def test_the_warmup_ends_at_the_same_second_in_both_versions(self, added, version):
        """Version v1 begins 1,800 s later."""
        normal, _ = added(version)
        dataset = Swat(version=version.name, warmup=1_800 + 30)
        begun = {"v0": 1_830, "v1": 30}[version.name]
        sources = dataset.sources("", offline=True)
        if begun >= len(normal.values):
            with pytest.raises(ValueError, match="1,830 rows drops all 80"):
                dataset.load("real", "", sources)
        else:
            made = dataset.load("real", "", sources)
            assert np.array_equal(made.train, normal.values[begun:])

    def test_medians_are_made_within_stretches(self, added):
        _, attack = added(SMALL_SWAT[0])
        dataset = Swat(warmup=0, median=10)
        made = dataset.load("real", "", dataset.sources("", offline=True))
        first = np.median(attack.values[:10], axis=0)
        assert np.array_equal(made.test[0], first)
        # Stretches of 20, 1, 39 and 30 rows.
        assert made.test_segments == (0, 2, 3, 7)
        assert len(made.test) == 2 + 1 + 4 + 3


class TestParameters:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"version": "v2"},
            {"warmup": -1},
            {"median": 0},
            {"every": 0},
            {"size": "huge"},
            {"seed": -1},
        ],
    )
    def test_wrong_ones_are_refused_by_name(self, wrong):
        (name,) = wrong
        with pytest.raises(ValueError, match=rf"^{name} must be .*, got "):
            Swat(**wrong)

    def test_two_ways_to_downsample_are_one_too_many(self):
        with pytest.raises(ValueError, match="^only one of median and every can be above 1"):
            Swat(median=10, every=5)


@pytest.mark.slow
class TestSimulated:
    def test_has_the_channels_of_the_real_one_without_start_up(self):
        made = Swat(median=10).load("sim", "", [])
        assert made.channels == swat.SCHEMA.tags
        assert made.train.dtype == made.test.dtype == np.float32
        assert made.period == 10
        assert made.labels.shape == (len(made.test),)
        assert made.labels.any()
        assert "dropped as warm-up" in made.notes[0]


def test_the_publication_is_the_one_in_the_card():
    """Rows, labels and gaps of the files as iTrust gives them."""
    assert len(swat.SCHEMA.tags) == 51
    (v1, v0), attack = (version.train for version in swat.VERSIONS), swat.VERSIONS[0].test
    assert (v0.rows, v1.rows, attack.rows) == (496_800, 495_000, 449_919)
    assert v1.start - v0.start == v0.rows - v1.rows == 1_800
    # The attack recording follows the normal one without a break.
    assert v0.start + v0.rows == attack.start
    assert (attack.anomalies, attack.events, attack.missing) == (54_621, 35, 81)


@pytest.mark.real_data
def test_labels_of_the_real_one_have_the_published_events(real_data: Path):
    """Those of the metric fixtures, which are SWaT's."""
    import gzip

    path = find_file("metric_fixtures/affiliation/swat_groundtruth.gz")
    if path is None:
        pytest.skip("the label vector of SWaT is not in BENCHKIT_DATA")
    labels = np.array(gzip.decompress(path.read_bytes()).split(), float) > 0
    attack = swat.VERSIONS[0].test
    assert len(labels) == attack.rows
    assert labels.sum() == attack.anomalies
    assert len(event_starts(labels)) == attack.events
