"""Figures that a detector drew of itself: copied as they are, if they are nothing but pictures."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from benchkit.files import writing
from benchkit.report.plots.album import ENDINGS, Order, make_order, name_trial
from benchkit.results.store import Entry

MOST_BYTES = 4_000_000
"""Of one file."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HARMLESS = {
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan", "title", "desc", "image", "clipPath", "mask", "marker", "pattern",
    "linearGradient", "radialGradient", "stop", "style", "metadata", "filter", "feColorMatrix",
    "feComponentTransfer", "feFuncR", "feFuncG", "feFuncB", "feFuncA", "feGaussianBlur",
}  # fmt: skip
_INNER = re.compile(r"#|data:image/(png|jpeg);base64,", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<!ENTITY|<\?xml-stylesheet|encoding\s*=\s*[\"'](?!utf-8[\"'])|\0", re.IGNORECASE
)
_DESCRIBING = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://creativecommons.org/ns#}",
    "{http://purl.org/dc/elements/1.1/}",
)
_OUTER = re.compile(r"url\(\s*(?!#|'#|\"#)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """Files of one figure, by ending."""

    files: dict[str, Path]


def plan(entry: Entry, files: frozenset[str]) -> list[Order]:
    """Return the figures of a trial's detector; a PNG and an SVG of one name are one."""
    if "figures" not in files:
        return []
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in entry.folder.figures():
        if path.suffix in ENDINGS:
            found[path.stem][path.suffix] = path
    record = entry.record
    orders = []
    for stem, by_ending in sorted(found.items()):
        endings = tuple(ending for ending in ENDINGS if ending in by_ending)
        words = stem.replace("-", " ").replace("_", " ")
        title = f"{words}, drawn by the detector: {name_trial(record)}"
        alt = f"The figure “{words}” that {name_trial(record)} drew of itself."
        subject = (
            stem, record.detector.label, record.dataset.label, record.dataset.variant,
            f"s{record.seed}",
        )  # fmt: skip
        inputs, source = (entry.folder.name, stem), Source(by_ending)
        orders.append(make_order("detector", subject, title, alt, source, inputs, endings))
    return orders


def copy(source: Source, stem: Path) -> None:
    """Copy the files of a figure; raises ValueError where one is not what its ending says.

    An SVG may hold script and links, and a trial may come from another machine: one with anything
    but shapes, text and pictures of its own is refused.
    """
    contents = {}
    for ending, path in source.files.items():
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path.name} has more than {MOST_BYTES:,} bytes")
        content = path.read_bytes()
        if ending == ".svg":
            check_svg(content)
        elif not content.startswith(_PNG):
            raise ValueError(f"{path.name} is no PNG")
        contents[ending] = content
    for ending, content in contents.items():
        with writing(stem.with_name(stem.name + ending)) as hidden:
            hidden.write_bytes(content)


def check_svg(content: bytes) -> None:
    """Raise ValueError for an SVG that could do or load anything."""
    if _DECLARED.search(content):
        raise ValueError("the SVG declares entities, a style sheet or an encoding but UTF-8")
    try:
        content.decode()
        root = ElementTree.fromstring(content)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise ValueError(f"the SVG cannot be read: {error}") from error
    described = {child for data in root.iter() if _local(data.tag) == "metadata"
                 for child in data.iter() if child is not data}  # fmt: skip
    for element in root.iter():
        name = _local(element.tag)
        if element in described:
            if not element.tag.startswith(_DESCRIBING):
                raise ValueError(f"the SVG has a <{name}> in its metadata")
            continue
        if name not in _HARMLESS:
            raise ValueError(f"the SVG has a <{name}>")
        texts = [value for key, value in element.items() if _local(key) != "href"]
        for key, value in element.items():
            if _local(key).lower().startswith("on"):
                raise ValueError(f"the SVG has an attribute {_local(key)}")
            if _local(key) == "href" and not _INNER.match(value.strip()):
                raise ValueError("the SVG has a link")
        if name == "style":
            texts.append(element.text or "")
        # An escape could hide either of the others.
        if any("@import" in text or "\\" in text or _OUTER.search(text) for text in texts):
            raise ValueError("the SVG loads something")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
