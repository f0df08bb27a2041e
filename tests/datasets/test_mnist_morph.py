"""mnist-seq of morphing digits: where sequences go, what is known of them, and what is kept."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from test_mnist_idx import idx

from benchkit import steps
from benchkit.data import DataUnavailable
from benchkit_datasets.mnist_seq.dataset import MnistSeq
from benchkit_datasets.mnist_seq.digits import load_small_digits
from benchkit_datasets.mnist_seq.members import find_member
from benchkit_datasets.mnist_seq.morph import weights_cache
from benchkit_datasets.mnist_seq.morph.networks import ConditionalVAE
from benchkit_datasets.mnist_seq.morph.paths import anchors_for, draw_paths
from benchkit_datasets.mnist_seq.morph.sequences import draw_anchors
from benchkit_datasets.mnist_seq.sequences import SequenceSpec

TRAIN, TEST = 400, 200


@pytest.fixture(scope="module")
def module_cache(tmp_path_factory):
    """Return the cache in which the small digits' autoencoder is trained once for this module."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def small(module_cache, monkeypatch):
    """Give a function that loads ``sim``, with the autoencoder that other tests trained."""
    monkeypatch.setenv("BENCHKIT_CACHE", str(module_cache))
    return lambda member="1v7", **parameters: MnistSeq(**parameters).load("sim", member, [])


@pytest.fixture
def files(tmp_path):
    """Four small IDX files; the first pixel of an image is white where it is a test image."""
    return write_files(tmp_path, seed=0)


def write_files(folder, seed):
    """Write them; ``seed`` decides the test images."""
    paths = []
    for part, count in enumerate((TRAIN, TEST)):
        rng = np.random.default_rng(part * (1 + seed))
        digits = np.arange(count) % 10
        images = rng.integers(0, 200, (count, 28, 28))
        images[:, 0, 0] = 255 * part
        for kind, array in (("images", images), ("labels", digits)):
            paths.append(folder / f"{part}-{kind}")
            paths[-1].write_bytes(idx(array))
    return paths


def paths_of(member="1v7", frames=10, anomalous_frames=3, count=40, contaminated=0.5, seed=0):
    spec = SequenceSpec(
        find_member(member), anchors_for(frames, anomalous_frames), 1, contaminated
    )
    return draw_paths(spec, frames, anomalous_frames, count, np.random.default_rng(seed))


def kept_file():
    (file,) = Path(os.environ["BENCHKIT_CACHE"], "mnist-seq").iterdir()
    return file


@pytest.fixture
def trainings(monkeypatch):
    """Give the list of the images that autoencoders were trained on."""
    seen = []
    real = weights_cache.train

    def train(images, digits, training):
        seen.append(images)
        return real(images, digits, training)

    monkeypatch.setattr(weights_cache, "train", train)
    return seen


FORMS = [(10, 1), (10, 2), (10, 3), (10, 5), (10, 9), (2, 1), (7, 4), (50, 3)]


@pytest.mark.parametrize(("frames", "anomalous_frames"), FORMS)
class TestPaths:
    def test_are_another_digit_for_exactly_the_frames_asked_for(self, frames, anomalous_frames):
        """Together, and never in the first frame."""
        labels = paths_of("all", frames, anomalous_frames, count=60).labels()
        assert labels.shape == (60, frames)
        assert sorted(set(labels.sum(1))) == [0, anomalous_frames]
        assert labels.any(1).sum() == 30
        assert not labels[:, 0].any()
        assert (np.abs(np.diff(np.pad(labels * 1, ((0, 0), (1, 1))))).sum(1) <= 2).all()

    def test_have_labels_that_are_the_largest_share(self, frames, anomalous_frames):
        paths = paths_of("all", frames, anomalous_frames)
        largest = paths.conditions().argmax(-1)
        assert ((largest != paths.own[:, None]) == paths.labels()).all()

    def test_lie_between_two_neighbouring_anchors(self, frames, anomalous_frames):
        weights = paths_of("all", frames, anomalous_frames).weights
        assert np.allclose(weights.sum(-1), 1)
        assert (weights >= 0).all()
        used = weights > 0
        assert (used.sum(-1) <= 2).all()
        assert (used[..., 1:] & used[..., :-1]).any(-1)[used.sum(-1) == 2].all()

    def test_go_at_an_even_pace(self, frames, anomalous_frames):
        """From one frame to the next by the same part of the way: no frame stands still."""
        weights = paths_of("all", frames, anomalous_frames).weights
        place = weights @ np.arange(weights.shape[-1])
        assert np.allclose(np.diff(place, axis=1), 1 / anomalous_frames)

    def test_are_the_same_for_normal_and_anomalous_sequences(self, frames, anomalous_frames):
        """Nothing but the digit of one anchor tells them apart."""
        normal, anomalous = (
            paths_of("1v7", frames, anomalous_frames, contaminated=c) for c in (0.0, 1.0)
        )
        assert np.array_equal(normal.weights, anomalous.weights)
        assert ((normal.digits != anomalous.digits).sum(1) == 1).all()

    def test_mark_exactly_what_is_near_one_half(self, frames, anomalous_frames):
        """No frame of a normal sequence, and none at all for a band of 0."""
        paths = paths_of("all", frames, anomalous_frames, count=60)
        for band in (0.1, 0.25, 0.49):
            marked = paths.ambiguous(band)
            own = np.take_along_axis(paths.conditions(), paths.own[:, None, None], 2)[..., 0]
            assert (marked == ((own > 0.5 - band) & (own < 0.5 + band))).all()
            assert not marked[~paths.labels().any(1)].any()
            assert marked.any()
        assert not paths.ambiguous(0).any()


class TestMembers:
    def test_one_digit_turns_into_all_others_in_turn(self):
        paths = paths_of("4vrest", count=18, contaminated=1.0)
        anomalous_frames = [set(row) - {4} for row in paths.digits.tolist()]
        assert sorted(*zip(*map(tuple, anomalous_frames), strict=True)) == sorted(
            [0, 1, 2, 3, 5, 6, 7, 8, 9] * 2
        )

    def test_all_keeps_to_one_digit_but_for_one_anchor(self):
        paths = paths_of("all", count=200)
        strange = paths.digits != paths.own[:, None]
        assert set(paths.own) == set(range(10))
        assert set(strange.sum(1)) == {0, 1}


class TestAnchors:
    def test_are_images_of_the_digit(self):
        paths, digits = paths_of("all"), np.arange(500) % 10
        assert (
            digits[draw_anchors(paths, digits, np.random.default_rng(0))] == paths.digits
        ).all()

    def test_use_every_image_before_one_again(self):
        paths, digits = paths_of("1v7", count=30, contaminated=0.0), np.repeat([0, 1], 40)
        used = np.bincount(draw_anchors(paths, digits, np.random.default_rng(0)).ravel())[40:]
        assert set(used) == {3, 4}

    def test_of_a_digit_without_images_are_refused(self):
        with pytest.raises(ValueError, match="there is no image of the digit 7"):
            draw_anchors(paths_of("1v7"), np.ones(50, int), np.random.default_rng(0))


class TestLeak:
    def test_the_autoencoder_is_trained_on_training_images_only(self, files, trainings):
        MnistSeq().load("real", "1v7", files)
        (images,) = trainings
        assert len(images) == TRAIN
        assert not images[:, 0, 0].any()

    def test_each_part_is_made_of_its_own_images(self, files, monkeypatch):
        seen = []
        encode = ConditionalVAE.encode
        monkeypatch.setattr(
            ConditionalVAE,
            "encode",
            lambda self, images, digits: seen.append(images) or encode(self, images, digits),
        )
        MnistSeq(train_sequences=200, test_sequences=100).load("real", "all", files)
        train, test = seen
        assert not train[:, 0, 0].any()
        assert (test[:, 0, 0] == 255).all()

    def test_other_test_images_leave_the_training_part_as_it_is(self, tmp_path, trainings):
        """Whatever they are; the autoencoder is not even looked for anew."""
        made = []
        for seed in (1, 2):
            (tmp_path / str(seed)).mkdir()
            sources = write_files(tmp_path / str(seed), seed)
            made.append(MnistSeq().load("real", "1v7", sources))
        assert np.array_equal(made[0].train, made[1].train)
        assert not np.array_equal(made[0].test, made[1].test)
        assert len(trainings) == 1

    def test_the_small_digits_of_both_parts_differ(self):
        train, test = (
            {image.tobytes() for image in images} for images, _ in load_small_digits().values()
        )
        assert not train & test


class TestSequences:
    def test_have_the_promised_form(self, small):
        made = small("1v7")
        assert made.train.shape == (200, 10, 8, 8)
        assert made.test.shape == (100, 10, 8, 8)
        assert small("all").train.shape == (600, 10, 8, 8)
        assert small("all").test.shape == (300, 10, 8, 8)
        for frames in (made.train, made.test):
            assert frames.dtype == np.float32
            steps_of_255 = frames * np.float32(255)
            assert np.abs(steps_of_255 - np.rint(steps_of_255)).max() < 1e-4
            assert frames.min() >= 0
            assert frames.max() <= 1
        for marks in (made.labels, made.ambiguous):
            assert marks.shape == (100, 10)
            assert marks.dtype == bool
        assert made.labels.mean() == 0.15

    def test_show_what_their_labels_say(self, small):
        """To the nearest real image: nearly always outside the band, not so within it."""
        from sklearn.neighbors import KNeighborsClassifier

        images, digits = load_small_digits()["train"]
        judge = KNeighborsClassifier(3).fit(images.reshape(len(images), -1) / 255, digits)
        made = small("1v7")
        # (sequences, frames, 8, 8) -> (sequences * frames, 64), and back
        seen = judge.predict(made.test.reshape(-1, 64)).reshape(made.labels.shape)
        agrees = (seen == 7) == made.labels
        assert agrees[~made.ambiguous].mean() > 0.98
        assert agrees[made.ambiguous].mean() < 0.96

    def test_are_as_many_as_asked_for(self, small):
        made = small(train_sequences=5, test_sequences=7, frames=4)
        assert (len(made.train), *made.test.shape[:2]) == (5, 7, 4)

    def test_without_an_anomaly_are_refused(self, small):
        with pytest.raises(ValueError, match=r"test_sequences=1 .* gives no anomalous sequence"):
            small(test_sequences=1)

    def test_have_the_band_that_was_asked_for(self, small):
        narrow, wide, none = (small(band=band).ambiguous for band in (0.1, 0.4, 0))
        assert (narrow <= wide).all()
        assert 0 < narrow.sum() < wide.sum()
        assert not none.any()

    def test_of_the_test_part_do_not_depend_on_the_training_part(self, small):
        one, other = (small(train_sequences=count) for count in (1, 3))
        assert np.array_equal(one.test, other.test)

    def test_depend_on_the_seed(self, small):
        assert not np.array_equal(small(seed=0).train, small(seed=1).train)


class TestDeterminism:
    def test_is_that_of_every_machine(self, small):
        """The frames of the stand-in, as they were when this was written."""
        made = small("all")
        digest = hashlib.sha256(made.train.tobytes() + made.test.tobytes()).hexdigest()[:16]
        assert digest == "27aea02d82923bd4"

    def test_a_kept_autoencoder_gives_what_a_new_one_does(self, files, trainings):
        first, second = (MnistSeq().load("real", "1v7", files) for _ in range(2))
        assert len(trainings) == 1
        kept_file().unlink()
        third = MnistSeq().load("real", "1v7", files)
        assert len(trainings) == 2
        for again in (second, third):
            assert np.array_equal(first.train, again.train)
            assert np.array_equal(first.test, again.test)
            assert again.notes == ()

    def test_nobody_elses_random_numbers_or_threads_are_touched(self, files):
        torch.manual_seed(5)
        state, threads = torch.get_rng_state(), torch.get_num_threads()
        MnistSeq().load("real", "1v7", files)
        assert torch.equal(torch.get_rng_state(), state)
        assert torch.get_num_threads() == threads


class TestKeeping:
    def test_members_and_parameters_share_one_training(self, files, trainings):
        for member in ("1v7", "3vrest", "all"):
            MnistSeq(seed=3, share=0.2).load("real", member, files)
        assert len(trainings) == 1
        assert kept_file().suffix == ".npz"

    def test_other_images_have_an_autoencoder_of_their_own(self, files, trainings):
        MnistSeq().load("real", "1v7", files)
        content = bytearray(files[0].read_bytes())
        content[-1] ^= 1
        files[0].write_bytes(content)
        MnistSeq().load("real", "1v7", files)
        assert len(trainings) == 2

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"",
            lambda content: content[: len(content) // 2],
            lambda content: content[:-1],
            lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
            lambda content: b"not a file of arrays",
        ],
        ids=["empty", "half", "cut", "flipped", "another"],
    )
    def test_a_broken_file_is_made_again_with_a_note(self, files, trainings, damage):
        first = MnistSeq().load("real", "1v7", files)
        file = kept_file()
        whole = file.read_bytes()
        file.write_bytes(damage(whole))
        again = MnistSeq().load("real", "1v7", files)
        (note,) = again.notes
        assert note == f"{file} was damaged; the autoencoder was trained again."
        assert np.array_equal(first.test, again.test)
        assert len(trainings) == 2
        assert MnistSeq().load("real", "1v7", files).notes == ()

    def test_a_death_while_writing_leaves_no_file_that_counts(self, files, trainings):
        code = (
            "import os, sys, numpy as np\n"
            "from pathlib import Path\n"
            "from benchkit_datasets.mnist_seq.dataset import MnistSeq\n"
            "def die(file, **arrays):\n"
            "    file.write(b'PK half of it'); file.flush(); os._exit(9)\n"
            "np.savez = die\n"
            "MnistSeq().load('real', '1v7', [Path(p) for p in sys.argv[1:]])\n"
        )
        died = subprocess.run([sys.executable, "-c", code, *map(str, files)], check=False)
        assert died.returncode == 9
        assert kept_file().name.endswith(".part")
        assert MnistSeq().load("real", "1v7", files).notes == ()
        assert len(trainings) == 1

    def test_a_cache_that_cannot_be_written_to_is_named(self, files, tmp_path, monkeypatch):
        (tmp_path / "taken").write_text("a file where a folder should be")
        monkeypatch.setenv("BENCHKIT_CACHE", str(tmp_path / "taken"))
        with pytest.raises(
            DataUnavailable, match=r"taken.* cannot be written to, .*BENCHKIT_CACHE"
        ):
            MnistSeq().load("real", "1v7", files)


def test_progress_is_told(files):
    told = []
    steps.watch(lambda *step: told.append(step))
    try:
        MnistSeq().load("real", "1v7", files)
    finally:
        steps.watch(None)
    assert ("training the autoencoder", 12, 12) in told
    assert told[-1][0] == "morphing"


def test_torch_is_imported_for_morphs_only():
    code = (
        "import sys\n"
        "from benchkit_datasets.mnist_seq.dataset import MnistSeq\n"
        "MnistSeq('frames').load('sim', '1v7', [])\n"
        "assert 'torch' not in sys.modules\n"
        "from benchkit_datasets.mnist_seq import spec\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.real_data
def test_the_real_one_has_the_promised_size(real_file):
    real_file("mnist/train-images-idx3-ubyte.gz")
    dataset = MnistSeq()
    sources = dataset.sources("1v7", offline=True)
    made = dataset.load("real", "1v7", sources)
    assert made.train.shape == (600, 10, 28, 28)
    assert made.test.shape == (150, 10, 28, 28)
    digest = hashlib.sha256(made.train.tobytes() + made.test.tobytes()).hexdigest()[:16]
    assert digest == "483eb0dd2854be36"
    made = dataset.load("real", "all", sources)
    assert made.train.shape == (2_000, 10, 28, 28)
    assert made.test.shape == (500, 10, 28, 28)
    assert made.labels.mean() == 0.15
