"""KDD99: the splits are those that the card describes, for real and simulated connections."""

from __future__ import annotations

import dataclasses
import gzip

import numpy as np
import pytest
from kdd_text import line, lines

from benchkit.data import DataUnavailable, InvalidDataset
from benchkit_datasets.kdd99 import arrays, files
from benchkit_datasets.kdd99.columns import MADGAN
from benchkit_datasets.kdd99.dataset import Kdd99
from benchkit_datasets.kdd99.overlap import is_in_train
from benchkit_datasets.kdd99.records import read_records
from benchkit_datasets.kdd99.views import madgan_view


def write(path, rows):
    """Write lines to a file, gzipped where its name says so, and return its path."""
    path.parent.mkdir(exist_ok=True)
    text = "\n".join(rows).encode() + b"\n"
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


class TestParameters:
    @pytest.mark.parametrize("wrong", [{"split": "train"}, {"seed": -1}, {"seed": 1.5}])
    def test_wrong_ones_are_refused_by_name(self, wrong):
        """With what is right in the message."""
        (name,) = wrong
        with pytest.raises(ValueError, match=rf"^{name} must be .*, got ") as caught:
            Kdd99(**wrong)
        assert "\n" not in str(caught.value)


class TestSources:
    def test_nothing_here_and_offline_says_what_is_missing(self, folder):
        with pytest.raises(DataUnavailable, match=r"kdd99/kddcup.data.gz is not here.*offline"):
            Kdd99().sources("", offline=True)
        with pytest.raises(DataUnavailable, match=r"kdd99/kddcup.data_10_percent.gz"):
            Kdd99(split="corrected").sources("", offline=True)

    @pytest.mark.parametrize("sub", ["kdd99", "."])
    @pytest.mark.parametrize(
        "names", [["kdd99_madgan.npz"], ["kdd99_train.npy", "kdd99_test.npy"]]
    )
    def test_the_authors_arrays_come_first(self, folder, sub, names):
        """In the folder kdd99 or directly in a data folder, training data first."""
        (folder / sub).mkdir(exist_ok=True)
        for name in (*names, "kddcup.data", "kddcup.data_10_percent"):
            (folder / sub / name).touch()
        assert Kdd99().sources("", offline=True) == [folder / sub / name for name in names]

    @pytest.mark.parametrize("name", ["corrected", "corrected.gz", "corrected.bz2"])
    def test_a_file_with_another_content_is_refused(self, folder, name):
        """However it is packed, and plain."""
        write(folder / name, lines(3))
        with pytest.raises(DataUnavailable, match=f"{name} has the wrong checksum"):
            files.find_original(files.CORRECTED, offline=True)

    @pytest.mark.parametrize("name", ["kddcup.data", "kddcup.data.gz", "kddcup.data.corrected"])
    def test_the_full_file_is_known_by_its_lines_where_it_was_packed_anew(
        self, folder, monkeypatch, name
    ):
        """No checksum of its text is known: that it was checked by its form alone is a note."""
        monkeypatch.setattr(files, "FULL", dataclasses.replace(files.FULL, rows=300))
        path = write(folder / name, lines(300))
        assert files.find_original(files.FULL, offline=True) == path
        (remark,) = files.notes_on(path)
        assert remark == (
            f"{name} is not compressed as published, and no checksum of its text is known; only "
            "its format and its 300 lines were checked."
        )
        write(path, lines(299))
        with pytest.raises(DataUnavailable, match=f"{name} has the wrong checksum"):
            files.find_original(files.FULL, offline=True)

    @pytest.mark.parametrize(
        ("split", "needed", "other"),
        [
            ("madgan", "kddcup.data.gz and kddcup.data_10_percent.gz", "corrected.gz"),
            ("clean", "kddcup.data.gz and kddcup.data_10_percent.gz", "corrected.gz"),
            ("corrected", "kddcup.data_10_percent.gz and corrected.gz", "kddcup.data.gz"),
        ],
    )
    def test_how_to_get_the_files_names_those_of_the_split(self, folder, split, needed, other):
        with pytest.raises(DataUnavailable) as caught:
            Kdd99(split=split).sources("", offline=True)
        assert f"put {needed} from" in caught.value.obtain
        assert other not in caught.value.obtain

    @pytest.mark.real_data
    def test_the_original_may_be_unpacked_on_windows(self, real_file, tmp_path, monkeypatch):
        text = gzip.decompress(real_file("kdd99/corrected.gz").read_bytes())
        path = tmp_path / "corrected"
        path.write_bytes(text.replace(b"\n", b"\r\n"))
        monkeypatch.setenv("BENCHKIT_DATA", str(tmp_path))
        assert files.find_original(files.CORRECTED, offline=True) == path

    def test_a_gzipped_file_with_other_bytes_is_refused(self, folder):
        write(folder / "kdd99/kddcup.data_10_percent.gz", lines(3))
        with pytest.raises(DataUnavailable, match="wrong checksum"):
            Kdd99(split="corrected").sources("", offline=True)


def test_split_clean_is_read_from_the_files_of_split_madgan(folder):
    """They differ in what is made of them."""
    (folder / "kdd99_madgan.npz").touch()
    sources = [Kdd99(split=split).sources("", offline=True) for split in ("madgan", "clean")]
    assert sources[0] == sources[1] == [folder / "kdd99_madgan.npz"]


class TestSplitMadgan:
    def test_is_made_of_the_first_normal_rows_and_the_whole_test_file(self, tmp_path):
        """The way from the originals, on small files and with a small number of rows."""
        full, ten = lines(300, seed=1), lines(120, seed=2)
        made = Kdd99()._from_originals(
            write(tmp_path / "full.gz", full), write(tmp_path / "ten", ten), normal=50
        )
        normal = [row for row in full if row.endswith(",normal.")][:50]
        # duration numbers the rows of the file
        assert made.train[:, 0].tolist() == [float(row.split(",")[0]) for row in normal]
        assert made.test[:, 0].tolist() == list(range(120))
        assert made.labels.tolist() == [not row.endswith(",normal.") for row in ten]
        assert made.channels == MADGAN
        assert made.notes == ()
        assert made.train.shape == (50, 34)
        assert made.train.dtype == made.test.dtype == np.float32

    def test_says_that_line_ends_of_windows_were_left_out(self, tmp_path):
        """The values are the same."""
        plain, text = write(tmp_path / "plain", lines(9)), "\r\n".join(lines(9)).encode()
        (tmp_path / "windows").write_bytes(text)
        made = Kdd99()._from_originals(plain, tmp_path / "windows", normal=2)
        assert np.array_equal(made.test, Kdd99()._from_originals(plain, plain, normal=2).test)
        assert made.notes == ("windows has Windows line ends, which were converted.",)

    def test_needs_enough_normal_rows(self, tmp_path):
        path = write(tmp_path / "few", lines(100))
        with pytest.raises(InvalidDataset, match="562,387 are needed"):
            Kdd99()._from_originals(path, path)

    @pytest.fixture
    def small(self, monkeypatch):
        """Give the authors' arrays as if they had 6 and 5 rows, 3 of them attacks."""
        monkeypatch.setattr(arrays, "TRAIN_ROWS", 6)
        monkeypatch.setattr(arrays, "TEST_ROWS", 5)
        monkeypatch.setattr(arrays, "TEST_NORMAL", 2)
        train = np.random.default_rng(0).random((6, 35))
        test = np.random.default_rng(1).random((5, 35))
        train[:, -1], test[:, -1] = 0, [0, 1, 1, 0, 1]
        return train, test

    @pytest.mark.parametrize("packed", [True, False])
    def test_is_read_from_the_authors_arrays(self, folder, small, packed):
        train, test = small
        if packed:
            np.savez(folder / "kdd99_madgan.npz", train=train, test=test)
        else:
            np.save(folder / "kdd99_train.npy", train)
            np.save(folder / "kdd99_test.npy", test)
        dataset = Kdd99()
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert np.array_equal(made.train, train[:, :34].astype(np.float32))
        assert np.array_equal(made.test, test[:, :34].astype(np.float32))
        assert made.labels.tolist() == [False, True, True, False, True]

    def test_refuses_arrays_that_are_others(self, folder, small):
        """Wrong shape, wrong label counts, no such array, not an array file at all."""
        train, test = small
        path = folder / "kdd99_madgan.npz"
        attacked = train.copy()
        attacked[0, -1] = 1
        for content, reason in (
            ({"train": train[:4], "test": test}, r"train is float64 \(4, 35\), not numbers"),
            ({"train": attacked, "test": test}, "train has 1 rows labelled as attacks, not 0"),
            ({"train": train}, "holds no readable array 'test'"),
            ({"train": train.astype(object), "test": test}, "holds no readable array 'train'"),
        ):
            np.savez(path, **content)
            with pytest.raises(InvalidDataset, match=reason):
                Kdd99().load("real", "", [path])
        path.write_bytes(b"something else")
        with pytest.raises(InvalidDataset, match="holds no readable array"):
            Kdd99().load("real", "", [path])


class TestSplitCorrected:
    @pytest.fixture
    def corrected(self, tmp_path):
        train = [
            line(service="http", duration=1),
            line(service="smtp", protocol_type="udp", duration=2),
            line("smurf.", service="ecr_i", protocol_type="icmp", duration=3),
        ]
        test = [
            line(service="smtp", logged_in=1),
            line("smurf.", service="ecr_i", protocol_type="icmp"),
            line(service="http", flag="REJ"),
        ]
        return Kdd99(split="corrected")._from_originals(
            write(tmp_path / "train", train), write(tmp_path / "test", test)
        )

    def test_trains_on_normal_rows_only(self, corrected):
        assert corrected.train[:, 0].tolist() == [1, 2]
        assert corrected.labels.tolist() == [False, True, False]

    def test_has_a_channel_for_every_word_of_the_training_rows(self, corrected):
        """In the order of the 41 features; attack rows do not add words."""
        assert corrected.channels[:7] == (
            "duration",
            "protocol_type=tcp",
            "protocol_type=udp",
            "service=http",
            "service=smtp",
            "flag=SF",
            "src_bytes",
        )
        assert corrected.train.shape == (2, len(corrected.channels)) == (2, 38 + 5)
        assert corrected.train[:, 1:6].tolist() == [[1, 0, 1, 0, 1], [0, 1, 0, 1, 1]]

    def test_words_that_training_never_shows_are_zeros_and_noted(self, corrected):
        assert corrected.test[:, 1:6].tolist() == [
            [1, 0, 0, 1, 1],
            [0, 0, 0, 0, 1],
            [1, 0, 1, 0, 0],
        ]
        assert [note.split(" that ")[0] for note in corrected.notes] == [
            "1 test rows have a protocol_type",
            "1 test rows have a service",
            "1 test rows have a flag",
        ]

    def test_keeps_binary_features_as_they_are(self, corrected):
        assert corrected.test[:, corrected.channels.index("logged_in")].tolist() == [1, 0, 0]


@pytest.fixture(scope="module")
def made():
    """Load the simulated connections once for all tests."""
    return Kdd99().load("sim", "", [])


class TestSimulated:
    def test_is_the_same_for_the_same_seed(self, made):
        again, other = Kdd99().load("sim", "", []), Kdd99(seed=1).load("sim", "", [])
        assert np.array_equal(made.train, again.train)
        assert np.array_equal(made.test, again.test)
        assert np.array_equal(made.labels, again.labels)
        assert not np.array_equal(made.train, other.train)

    def test_has_the_form_of_the_real_one(self, made):
        """34 channels, most of test attacks, in long runs."""
        assert made.channels == MADGAN
        assert made.train.shape[1] == made.test.shape[1] == 34
        assert 25_000 < len(made.train) < 40_000
        assert 20_000 < len(made.test) < 32_000
        assert made.train.dtype == made.test.dtype == np.float32
        assert made.labels.shape == (len(made.test),)
        assert 0.5 < made.labels.mean() < 0.7
        assert np.count_nonzero(np.diff(made.labels.astype(int))) < len(made.test) / 50
        assert np.isfinite(made.train).all()
        assert np.isfinite(made.test).all()

    def test_has_features_in_the_range_of_the_real_ones(self, made):
        for values in (made.train, made.test):
            for name, column in zip(made.channels, values.T, strict=True):
                assert column.min() >= 0
                if name.endswith("_rate"):
                    assert column.max() <= 1
                if name.startswith("dst_host") and name.endswith("count"):
                    assert 1 <= column.min() <= column.max() <= 255
                elif name.endswith("count"):
                    assert 1 <= column.min() <= column.max() <= 511

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_is_no_easier_than_the_real_one(self, seed):
        """No feature comes near the real one's best, and the distance stays below its 0.99."""
        from sklearn.metrics import roc_auc_score

        made = Kdd99(seed=seed).load("sim", "", [])
        mean, spread = made.train.mean(0, np.float64), made.train.std(0, dtype=np.float64)
        scaled = (made.test - mean) / np.where(spread > 0, spread, 1)
        assert 0.93 < roc_auc_score(made.labels, np.square(scaled).sum(1)) < 0.9902
        for column in made.test.T:
            auc = roc_auc_score(made.labels, column)
            assert max(auc, 1 - auc) < 0.96

    def test_split_clean_has_no_row_of_train(self, made):
        """And every other one, in order."""
        clean = Kdd99(split="clean").load("sim", "", [])
        known = set(map(bytes, made.train))
        kept = [row for row, values in enumerate(made.test) if bytes(values) not in known]
        assert 0 < len(kept) < len(made.test)
        assert np.array_equal(clean.test, made.test[kept])
        assert np.array_equal(clean.labels, made.labels[kept])
        assert np.array_equal(clean.train, made.train)
        assert clean.notes[0].endswith("also occur in train and are dropped.")

    def test_split_corrected_shows_the_same_connections(self, made):
        whole = Kdd99(split="corrected").load("sim", "", [])
        kept = [whole.channels.index(name) for name in MADGAN]
        assert np.array_equal(whole.test[:, kept], made.test)
        assert np.array_equal(whole.labels, made.labels)


@pytest.mark.real_data
class TestReal:
    def test_split_madgan_has_the_published_size(self, real_file):
        real_file("kdd99/kdd99_madgan.npz")
        dataset = Kdd99()
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert made.train.shape == (562_387, 34)
        assert made.test.shape == (494_021, 34)
        assert made.train.dtype == made.test.dtype == np.float32
        assert (~made.labels).sum() == 97_278
        assert made.labels.sum() == 396_743

    def test_split_clean_leaves_59_percent_of_the_normal_rows_out(self, real_file):
        """And no attack row."""
        real_file("kdd99/kdd99_madgan.npz")
        dataset = Kdd99(split="clean")
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert made.labels.sum() == 396_743
        assert (~made.labels).sum() == 97_278 - 57_835
        assert made.notes[0].startswith("57,835 of 97,278 normal test rows and 0 of 396,743 ")
        assert not is_in_train(made.train, made.test).any()

    def test_the_files_are_as_the_simulation_has_them(self, real_file):
        """Distinct hosts over connections, windows of 255 and 511, every tenth row in the test."""
        _, test, labels = arrays.read_arrays([real_file("kdd99/kdd99_madgan.npz")])
        column = {name: test[:, place] for place, name in enumerate(MADGAN)}
        assert column["dst_host_count"].max() == column["dst_host_srv_count"].max() == 255
        assert column["count"].max() == column["srv_count"].max() == 511
        few = column["srv_count"] <= 50
        hosts = np.rint((column["srv_diff_host_rate"] * column["srv_count"])[few])
        assert not (hosts == 1).any()
        assert (hosts == 2).sum() > 1000
        host = column["dst_host_count"][~labels]
        step = np.diff(host)[(host[1:] < 255) & (host[:-1] < 245)]
        assert (step == 10).mean() > 0.7

    def test_the_authors_test_array_is_the_10_percent_file(self, real_file):
        """Row for row and value for value, as the way from the originals makes it."""
        packed = real_file("kdd99/kdd99_madgan.npz")
        records = read_records(real_file("kdd99/kddcup.data_10_percent.gz"), rows=494_021)
        _, test, labels = arrays.read_arrays([packed])
        assert np.array_equal(madgan_view(records), test)
        assert np.array_equal(records.attack, labels)

    def test_split_corrected_has_the_published_size(self, real_file):
        real_file("kdd99/corrected.gz")
        dataset = Kdd99(split="corrected")
        made = dataset.load("real", "", dataset.sources("", offline=True))
        assert made.train.shape == (97_278, len(made.channels))
        assert made.test.shape == (311_029, len(made.channels))
        assert (~made.labels).sum() == 60_593
        assert any("a service that no training row has" in note for note in made.notes)
