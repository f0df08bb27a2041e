"""mnist-seq of single images: which image stands where, and that labels say so."""

from __future__ import annotations

import gzip
import hashlib

import numpy as np
import pytest
from test_mnist_idx import idx

from benchkit.data import DataUnavailable
from benchkit_datasets.mnist_seq.dataset import MnistSeq
from benchkit_datasets.mnist_seq.digits import load_small_digits
from benchkit_datasets.mnist_seq.idx import read_idx
from benchkit_datasets.mnist_seq.members import MEMBERS, find_member

TRAIN, TEST = 700, 400


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Four small IDX files whose images say who they are.

    The first pixels of an image are its number, its digit, and 1 where it is a test image.
    """
    folder = tmp_path_factory.mktemp("mnist")
    paths = []
    for part, count in enumerate((TRAIN, TEST)):
        digits = np.random.default_rng(part).integers(0, 10, count)
        images = np.zeros((count, 28, 28))
        images[:, 0, 0], images[:, 0, 1] = np.divmod(np.arange(count), 256)
        images[:, 0, 2], images[:, 0, 3], images[:, 0, 4] = digits, part, 255
        for kind, array in (("images", images), ("labels", digits)):
            path = folder / f"{part}-{kind}"
            path.write_bytes(idx(array))
            paths.append(path)
    return paths


def decode(frames):
    """Return (number, digit, part) of every frame, each (sequences, frames)."""
    pixels = np.rint(frames[:, :, 0] * 255).astype(int)
    return pixels[..., 0] * 256 + pixels[..., 1], pixels[..., 2], pixels[..., 3]


class TestMembers:
    def test_are_all_pairs_all_against_the_rest_and_all(self):
        assert len(MEMBERS) == len(set(MEMBERS)) == 90 + 10 + 1
        assert {"1v7", "7v1", "0v9", "4vrest", "all"} <= set(MEMBERS)
        assert not any(f"{digit}v{digit}" in MEMBERS for digit in range(10))

    @pytest.mark.parametrize("name", ["", "1v1", "1v10", "rest", "avb", "ALL"])
    def test_others_are_refused(self, name):
        with pytest.raises(ValueError, match="use two different digits such as '1v7'"):
            MnistSeq("frames").load("sim", name, [])

    def test_say_what_their_frames_show(self):
        assert find_member("1v7").anomalous == ((7,),)
        assert find_member("4vrest").anomalous == ((0, 1, 2, 3, 5, 6, 7, 8, 9),)
        assert find_member("all").normal == tuple(range(10))


class TestParameters:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"frames": 1},
            {"frames": 2.5},
            {"share": 0},
            {"share": 1},
            {"share": "half"},
            {"band": -0.1},
            {"band": 0.5},
            {"band": False},
            {"contaminated": 0},
            {"contaminated": 1.01},
            {"seed": -1},
            {"seed": True},
            {"train_sequences": 0},
            {"test_sequences": 0},
        ],
    )
    def test_wrong_ones_are_refused_by_name(self, wrong):
        """With what is right in the message."""
        (name,) = wrong
        with pytest.raises(ValueError, match=rf"^{name} must be an? (number|integer) .*, got "):
            MnistSeq(**wrong)

    def test_an_unknown_style_is_refused_with_the_right_ones(self):
        with pytest.raises(ValueError, match="style must be one of morph, frames, got 'film'"):
            MnistSeq(style="film")

    def test_more_sequences_than_images_say_how_many_can_be_made(self):
        with pytest.raises(ValueError, match=r"test_sequences=500 .* the maximum is \d+"):
            MnistSeq("frames", test_sequences=500).load("sim", "1v7", [])
        with pytest.raises(ValueError, match=r"train_sequences=1 .* the maximum is 0"):
            MnistSeq("frames", frames=500).load("sim", "1v7", [])

    def test_sequences_without_an_anomaly_are_refused(self):
        with pytest.raises(ValueError, match=r"test_sequences=1 .* gives no anomalous sequence"):
            MnistSeq("frames", test_sequences=1).load("sim", "1v7", [])

    @pytest.mark.parametrize(
        ("frames", "share", "anomalous_frames"),
        [(10, 0.3, 3), (10, 0.25, 3), (10, 0.01, 1), (10, 0.99, 9), (5, 0.3, 2), (2, 0.5, 1)],
    )
    def test_the_share_is_rounded_to_frames(self, frames, share, anomalous_frames):
        """Half up, at least one and never all."""
        made = MnistSeq("frames", frames=frames, share=share).load("sim", "all", [])
        assert set(made.labels.sum(1)) == {0, anomalous_frames}

    @pytest.mark.parametrize("contaminated", [0.1, 0.5, 1.0])
    def test_so_many_sequences_are_anomalous(self, files, contaminated):
        dataset = MnistSeq("frames", contaminated=contaminated, frames=3, test_sequences=10)
        labels = dataset.load("real", "1v7", files).labels
        assert labels.any(1).sum() == round(10 * contaminated)


@pytest.mark.parametrize("member", ["1v7", "7v1", "3vrest", "all"])
class TestSequences:
    @pytest.fixture
    def made(self, files, member):
        return MnistSeq("frames").load("real", member, files)

    def test_have_the_promised_form(self, made, member):
        for frames in (made.train, made.test):
            assert frames.dtype == np.float32
            assert frames.shape[1:] == (10, 28, 28)
            assert len(frames) >= 2
            assert frames.min() == 0
            assert frames.max() == 1
        assert made.labels.shape == made.test.shape[:2]
        assert made.labels.dtype == bool

    def test_use_no_image_twice(self, made, member):
        for frames in (made.train, made.test):
            numbers = decode(frames)[0].ravel()
            assert len(set(numbers)) == len(numbers)

    def test_keep_training_and_test_images_apart(self, made, member):
        assert (decode(made.train)[2] == 0).all()
        assert (decode(made.test)[2] == 1).all()

    def test_train_on_one_digit_each(self, made, member):
        digits = decode(made.train)[1]
        assert (digits == digits[:, :1]).all()
        assert set(digits.ravel()) == set(find_member(member).normal)

    def test_have_labels_that_say_which_frames_are_others(self, made, member):
        """The digit of the unlabelled frames is the sequence's, the labelled ones are allowed."""
        shown = find_member(member)
        for digits, labels in zip(decode(made.test)[1], made.labels, strict=True):
            (own,) = set(digits[~labels])
            assert own in shown.normal
            assert set(digits[labels]) <= set(shown.anomalous[shown.normal.index(own)])
        assert set(made.labels.sum(1)) == {0, 3}

    def test_are_as_many_as_the_images_allow(self, files, made, member):
        """One more cannot be made."""
        for name, frames in (("train_sequences", made.train), ("test_sequences", made.test)):
            assert (
                len(MnistSeq("frames", **{name: len(frames)}).load("real", member, files).test) > 0
            )
            with pytest.raises(ValueError, match=name):
                MnistSeq("frames", **{name: len(frames) + 1}).load("real", member, files)


class TestDeterminism:
    @pytest.mark.parametrize("variant", ["real", "sim"])
    def test_the_same_seed_gives_the_same_sequences(self, files, variant):
        first, second, other = (
            MnistSeq("frames", seed=seed).load(variant, "all", files) for seed in (0, 0, 1)
        )
        assert np.array_equal(first.train, second.train)
        assert np.array_equal(first.test, second.test)
        assert np.array_equal(first.labels, second.labels)
        assert not np.array_equal(first.train, other.train)

    def test_the_test_part_does_not_depend_on_the_training_part(self, files):
        one, other = (
            MnistSeq("frames", train_sequences=count).load("real", "1v7", files)
            for count in (1, 3)
        )
        assert np.array_equal(one.test, other.test)

    def test_is_that_of_every_machine(self):
        """The labels of the stand-in, as they were when this was written."""
        labels = MnistSeq("frames").load("sim", "all", []).labels
        assert hashlib.sha256(np.packbits(labels).tobytes()).hexdigest()[:16] == "29f7a8a84bf5a22d"


class TestSimulated:
    def test_has_small_frames_and_no_image_in_both_parts(self):
        made = MnistSeq("frames").load("sim", "all", [])
        assert made.train.shape[1:] == made.test.shape[1:] == (10, 8, 8)
        assert made.train.dtype == np.float32
        assert made.train.max() == made.test.max() == 1
        seen = {image.tobytes() for image in made.train.reshape(-1, 8, 8)}
        assert not seen & {image.tobytes() for image in made.test.reshape(-1, 8, 8)}

    def test_has_every_digit_in_both_parts(self):
        for images, digits in load_small_digits().values():
            assert images.shape[1:] == (8, 8)
            assert np.bincount(digits).min() > 40

    @pytest.mark.parametrize("member", ["0v1", "9vrest", "5v2"])
    def test_has_enough_images_for_single_digits(self, member):
        made = MnistSeq("frames").load("sim", member, [])
        assert len(made.train) >= 10
        assert len(made.test) >= 5


def test_files_that_are_not_here_are_named(folder):
    """The first one that is missing."""
    with pytest.raises(DataUnavailable, match=r"mnist/train-images-idx3-ubyte.gz .*offline"):
        MnistSeq("frames").sources("1v7", offline=True)


NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


@pytest.mark.real_data
class TestReal:
    def test_has_the_promised_size(self, real_file):
        """Each training image of a digit is used once, but for those that fill no sequence."""
        real_file("mnist/train-images-idx3-ubyte.gz")
        dataset = MnistSeq("frames")
        sources = dataset.sources("1v7", offline=True)
        assert [path.name for path in sources] == [f"{name}.gz" for name in NAMES]
        made = dataset.load("real", "1v7", sources)
        assert made.train.shape == (6_742 // 10, 10, 28, 28)
        assert made.test.shape == (133, 10, 28, 28)
        assert made.notes == ("2 training images of the normal digits are not used.",)
        made = dataset.load("real", "all", sources)
        assert made.train.shape == (2_000, 10, 28, 28)
        assert made.test.shape == (500, 10, 28, 28)
        assert made.labels.mean() == 0.15

    @pytest.mark.parametrize("dot", [False, True])
    @pytest.mark.parametrize("packed", ["as published", "gzip, fast", "not", "not, called .gz"])
    def test_files_are_known_by_their_content(self, real_file, tmp_path, monkeypatch, dot, packed):
        """Packed again or plain, with a dash or a dot, directly in a data folder."""
        for path in [real_file(f"mnist/{name}.gz") for name in NAMES]:
            name = path.name.replace("-idx", ".idx") if dot else path.name
            content = path.read_bytes()
            if packed != "as published":
                content = gzip.decompress(content)
            if packed == "gzip, fast":
                content = gzip.compress(content, 1)
            name = name.removesuffix(".gz") if packed == "not" else name
            (tmp_path / name).write_bytes(content)
        monkeypatch.setenv("BENCHKIT_DATA", str(tmp_path))
        dataset = MnistSeq("frames")
        sources = dataset.sources("all", offline=True)
        assert {path.parent for path in sources} == {tmp_path}
        assert len(sources) == 4
        assert read_idx(sources[0], 3).shape == (60_000, 28, 28)
