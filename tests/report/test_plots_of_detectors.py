"""What a detector drew of itself is copied as it is, if it is a picture and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from benchkit.report.plots import Album, draw_plots, plan_plots
from benchkit.report.plots.detector import check_svg
from tests.report.plotted import keep, make_measured, read

SVG = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
 <defs><style>*{stroke-linejoin: round}</style></defs>
 <g clip-path="url(#c)"><use xlink:href="#p"/></g>%s</svg>"""


def make_png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (2, 2)).save(out, format="PNG")
    return out.getvalue()


def draw(folder: Path, figures: dict[str, bytes]) -> tuple[Album, tuple[str, ...]]:
    keep(folder, make_measured("madgan"), figures=figures)
    done = draw_plots(plan_plots(read(folder)).keep(lambda p: p.kind == "detector"), folder)
    return done.album, done.warnings


def test_figures_are_copied_byte_for_byte(tmp_path):
    """A PNG and an SVG of one name are one plot; one alone says that there is no other."""
    figures = {"a.png": make_png(), "a.svg": SVG % b"", "b_c.png": make_png()}
    album, warnings = draw(tmp_path, figures)
    assert warnings == ()
    (entry,) = read(tmp_path)
    one, other = album.of_trial(entry.record.identity)
    assert (one.endings, other.endings) == ((".png", ".svg"), (".png",))
    assert other.title == "b c, drawn by the detector: madgan on kdd99 (real), seed 0"
    assert [(tmp_path / file).read_bytes() for file in (*one.files, *other.files)] == list(
        figures.values()
    )


def test_a_figure_that_is_none_is_a_warning(tmp_path):
    """The others are copied."""
    album, warnings = draw(tmp_path, {"a.png": b"<html>", "b.png": make_png()})
    assert len(album.orders) == 1
    assert len(warnings) == 1
    assert "a.png is no PNG" in warnings[0]


HARMFUL = [
    b"<script>alert(1)</script>",
    b'<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    b'<g onclick="alert(1)"/>',
    b'<a href="https://example.org"><text>x</text></a>',
    b'<image xlink:href="https://example.org/x.png"/>',
    b'<image href="data:image/svg+xml;base64,AA"/>',
    b'<use href=" javascript:alert(1)"/>',
    b'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    b'<set attributeName="href" to="javascript:alert(1)"/>',
    b"<style>@import 'https://example.org/x.css';</style>",
    b"<style>@\\69mport 'x';</style>",
    b'<rect fill="url(https://example.org/x)"/>',
    b'<metadata><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></metadata>',
    b"<g>",
]


@pytest.mark.parametrize("harm", HARMFUL)
def test_an_svg_that_does_or_loads_something_is_refused(harm):
    """A trial may come from another machine, and its figure be opened from disk."""
    with pytest.raises(ValueError, match="SVG"):
        check_svg(SVG % harm)


def test_entities_and_other_encodings_are_refused():
    """They could hide anything."""
    for text in (
        b'<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml-stylesheet href="x.css"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="cp037"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ):
        with pytest.raises(ValueError, match="SVG"):
            check_svg(text)


def test_what_matplotlib_writes_is_let_through():
    """With an image, a legend, hatching and its metadata."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.imshow([[0, 1], [2, 3]])
    axes.bar([0], [1], hatch="//", label="$x^2$")
    axes.legend()
    out = io.BytesIO()
    figure.savefig(out, format="svg")
    check_svg(out.getvalue())
