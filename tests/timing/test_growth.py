"""How cost grows: measured on detectors whose cost is known, and written as a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchkit.cli.growth import run_growth
from benchkit.errors import BenchkitError
from benchkit.report.boards import MARK as BOARD
from benchkit.report.publication import publish
from benchkit.timing.growth import (
    NOT_RUN,
    Axes,
    Axis,
    Growth,
    Point,
    Reading,
    estimate,
    find_exponent,
    measure_axes,
)
from benchkit.timing.growth_data import FRAMES, write_parts
from benchkit.timing.growth_page import MARK, make_section, read_sections, write_page

DETECTORS = '''
import os
import time

import numpy as np


class Known:
    """Fits in proportion to rows and window; scores in proportion to rows squared and channels."""

    def __init__(self, window=10):
        self.window = window

    def fit(self, X):
        time.sleep(3e-4 * len(X) * self.window / 10)
        return self

    def decision_function(self, X):
        time.sleep(1.2e-6 * len(X) ** 2 * X.shape[1] / 25)
        return X[:, 0]


class Hungry(Known):
    def __init__(self):
        self.window = 1

    def fit(self, X):
        self.kept = np.ones(50_000 * len(X))
        return self


class Fragile(Hungry):
    def fit(self, X):
        if len(X) >= 160:
            os._exit(3)
        return self


class Wrong(Hungry):
    def decision_function(self, X):
        return X[:-1, 0]


class Frames:
    modalities = ("image-sequence",)

    def __init__(self, window=3):
        self.window = window

    def fit(self, X):
        return self

    def decision_function(self, X):
        return X.mean(axis=(2, 3))
'''
SMALL = Axes(
    lengths=(100, 200, 400), bases=(100, 200), channels=(25, 50), windows=(10, 20),
    sequences=(5, 10),
)  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the detectors above, made as the command makes it."""
    folder = tmp_path_factory.mktemp("growth")
    (folder / "mine.py").write_text(DETECTORS)
    names = ("Known", "Hungry", "Fragile", "Wrong", "Frames")
    page = folder / "boards" / "timing.md"
    detectors = ",".join(f"{folder}/mine.py:{name}" for name in names)
    run_growth(detectors, "auto", page, quiet=True, axes=SMALL)
    return page


def table(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, its titles first."""
    below = page.read_text().partition(f"\n{heading}\n")[2].splitlines()
    first = next(i for i, line in enumerate(below) if line.startswith("|"))
    rows = []
    for line in below[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return [rows[0], *rows[2:]]


def exponents(page: Path, label: str, cost: str) -> list[float | str]:
    """Return what the page says of length, channels and window."""
    (cells,) = (r[2:] for r in table(page, "### Exponents") if r[:2] == [f"`{label}`", cost])
    return [float(c.split()[0]) if c.endswith(")") else c for c in cells]


class TestMeasuring:
    def test_known_exponents_are_found(self, measured):
        """Of fit 1, 0 and 1 by construction, of score 2, 1 and 0."""
        assert exponents(measured, "mine:Known", "fit") == pytest.approx([1, 0, 1], abs=0.25)
        assert exponents(measured, "mine:Known", "score") == pytest.approx([2, 1, 0], abs=0.25)

    def test_memory_that_grows_with_rows_is_found(self, measured):
        assert exponents(measured, "mine:Hungry", "memory")[0] == pytest.approx(1, abs=0.15)

    def test_what_takes_no_time_has_no_exponent(self, measured):
        """And an axis that is not there is a dash."""
        assert exponents(measured, "mine:Frames", "fit") == ["too short to say", "-", "-"]

    def test_every_point_of_a_detector_is_a_line(self, measured):
        """Titles and sizes; the window is the detector's own where it is not varied."""
        rows = table(measured, "### `mine:Known`")
        assert rows[0] == [
            "along", "rows", "channels", "window", "fit s", "score s", "memory MiB",
            "fit, rows/s", "score, rows/s", "status",
        ]  # fmt: skip
        assert [row[:4] + row[-1:] for row in rows[1:]] == [
            ["length", "100", "25", "10", "ok"],
            ["length", "200", "25", "10", "ok"],
            ["length", "400", "25", "10", "ok"],
            ["channels", "200", "25", "10", "ok"],
            ["channels", "200", "50", "10", "ok"],
            ["window", "200", "25", "10", "ok"],
            ["window", "200", "25", "20", "ok"],
        ]

    def test_a_crash_is_a_line_and_ends_its_axis(self, measured):
        """Nothing stands there as a zero, and the reason is below."""
        rows = [row for row in table(measured, "### `mine:Fragile`") if row[0] == "length"]
        assert [row[-1] for row in rows] == ["ok", "crashed", NOT_RUN]
        assert [row[4:-1] for row in rows[1:]] == [["-"] * 5] * 2
        assert "- length 200: `the process ended itself with exit code 3`" in measured.read_text()

    def test_axes_without_a_point_to_vary_are_not_run(self, measured):
        """Scores of a wrong shape at the first size: nothing else is tried."""
        rows = table(measured, "### `mine:Wrong`")[1:]
        assert [row[-1] for row in rows] == ["invalid_scores", *[NOT_RUN] * 4]

    def test_detectors_of_image_sequences_get_those(self, measured):
        """Their speed is in frames, and their windows are not in rows."""
        rows = table(measured, "### `mine:Frames`")
        assert "fit, frames/s" in rows[0]
        assert [row[:4] for row in rows[1:]] == [["length", n, "-", "-"] for n in ("5", "10")]

    def test_a_point_that_is_on_two_axes_runs_once(self):
        ran = []

        def run(point: Point) -> Reading:
            ran.append(point)
            return Reading(point, "ok", seconds=1.0)

        found = measure_axes(SMALL, run, sequences=False, windowed=True)
        assert [axis.name for axis in found.values()] == ["length", "channels", "window"]
        assert {point.length for point in ran[3:]} == {200}

    def test_a_slow_detector_is_varied_at_the_shortest_base(self):
        """And a brief one at the longest."""

        def run(point: Point) -> Reading:
            return Reading(point, "ok", seconds=9.0)

        found = measure_axes(SMALL, run, sequences=False, windowed=False)
        assert [r.point.length for r in found["channels"].readings] == [100, 100]


class TestNumbers:
    @pytest.mark.parametrize("power", [0.0, 1.0, 1.5, 2.0])
    def test_a_power_is_its_exponent(self, power):
        costs = [(size, 3.0 * size**power) for size in (10, 40, 160)]
        assert find_exponent(costs) == pytest.approx(power)

    def test_one_point_has_no_exponent(self):
        assert find_exponent([(10, 1.0)]) is None

    def test_costs_that_are_too_small_do_not_count(self):
        """A hundredth of a second, ten MiB."""
        readings = [Reading(Point(n, 5), "ok", costs={"fit": n / 1e3}) for n in (1, 9, 10, 90)]
        assert Axis("length", tuple(readings)).costs("fit") == [(10, 0.01), (90, 0.09)]

    def test_a_guess_follows_lines_with_an_offset_and_powers(self):
        """Rows by a line, channels by a square root: 5 + 2 x 1000, times two."""
        axes = grown(lambda rows, channels: (5 + 2 * rows) * (channels / 25) ** 0.5)
        assert estimate(axes, "fit", 1000, 100) == pytest.approx(2005 * 2, rel=0.01)

    def test_a_guess_is_not_made_past_a_failure(self):
        axes = grown(lambda rows, channels: rows)
        failed = Axis("length", (*axes["length"].readings, Reading(Point(200, 25), "timeout")))
        assert estimate({**axes, "length": failed}, "fit", 1000, 100) is None


def grown(cost) -> dict[str, Axis]:
    """Return axes on which a fit costs what a function of rows and channels says."""

    def read(rows: int, channels: int) -> Reading:
        return Reading(Point(rows, channels), "ok", costs={"fit": cost(rows, channels)})

    return {
        "length": Axis("length", tuple(read(rows, 25) for rows in (1, 10, 100))),
        "channels": Axis("channels", tuple(read(10, channels) for channels in (25, 100))),
    }


class TestThePage:
    def test_it_says_what_it_is_and_by_which_command(self, measured):
        text = measured.read_text()
        assert text.startswith(MARK)
        assert "Nothing here says how well a detector finds anything" in text
        assert "Measured by `benchkit time --detectors ./mine.py:Known,./mine.py:Hungry," in text
        assert "--growth --device cpu --out timing.md`" in text
        assert "on cpu, one thread: benchkit " in text
        assert [path.name for path in measured.parent.iterdir()] == ["timing.md"]

    def test_another_device_keeps_its_section(self, measured, tmp_path):
        """Also where the processor's is made again."""
        page = tmp_path / "timing.md"
        page.write_text(measured.read_text())
        write_page(page, "cuda:0", make_section("cuda:0", "a", {"accelerator": "One"}, [some()]))
        cuda = read_sections(page)["## On cuda"]
        write_page(page, "cpu", make_section("cpu", "b", {}, [some()]))
        sections = read_sections(page)
        assert list(sections) == ["## On cpu", "## On cuda"]
        assert sections["## On cuda"] == cuda
        assert "Measured by `b`" in sections["## On cpu"]

    def test_the_memory_of_an_accelerator_is_a_column(self):
        section = make_section("cuda:0", "a", {}, [some(device=300.0)])
        assert "device MiB" in section
        assert "device MiB" not in make_section("cpu", "a", {}, [some()])

    def test_a_file_of_somebody_else_is_left_alone(self, tmp_path):
        """It is refused before anything is measured."""
        page = tmp_path / "notes.md"
        page.write_text("# Mine\n")
        with pytest.raises(BenchkitError, match="was not made by benchkit"):
            run_growth("pca", "cpu", page, quiet=True)
        assert page.read_text() == "# Mine\n"

    def test_boards_leave_it_alone(self, measured, tmp_path):
        """Making boards removes pages that no record asks for, and this is none of them."""
        for name, text in (("timing.md", measured.read_text()), ("gone.md", f"{BOARD}\n")):
            (tmp_path / name).write_text(text)
        publish(tmp_path, [], plots=False)
        assert (tmp_path / "timing.md").read_text() == measured.read_text()
        assert not (tmp_path / "gone.md").exists()

    def test_a_foreign_name_stays_in_its_cell(self):
        section = make_section("cpu", "a", {}, [some(label="a|b`c\n## On cuda")])
        assert "`a\\|b'c ## On cuda`" in section
        assert "\n## On cuda" not in section


def some(label: str = "one", **costs: float) -> Growth:
    """Return a detector that was measured at one point."""
    costs = {"fit": 0.1, "score": 0.1, "memory": 20.0, **costs}
    axis = Axis("length", (Reading(Point(100, 25), "ok", costs=costs),))
    return Growth(label, False, None, "-", {"length": axis, "channels": Axis("channels", ())})


class TestData:
    @pytest.mark.parametrize("size", [(50, 3), (20_000, 2), (4, None)])
    def test_it_is_the_same_every_time(self, size, tmp_path):
        """float32 without gaps, and the parts differ."""
        folders = [tmp_path / name for name in ("one", "other")]
        for folder in folders:
            folder.mkdir()
        ours, theirs = (write_parts(folder, *size) for folder in folders)
        assert [p.read_bytes() for p in ours] == [p.read_bytes() for p in theirs]
        train, test = map(np.load, ours)
        shape = (size[0], *FRAMES) if size[1] is None else size
        assert train.shape == test.shape == shape
        assert train.dtype == test.dtype == np.float32
        assert np.isfinite(train).all()
        assert not np.array_equal(train, test)
