"""Markdown read as a reader sees it: rendered to HTML, and taken apart again."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt


def render(text: str) -> str:
    """Return the HTML of a markdown page with tables, raw HTML passed through as it is."""
    return MarkdownIt("commonmark").enable(["table"]).render(text)


def read_tables(text: str) -> list[list[list[str]]]:
    """Return the tables of a markdown page: tables of rows of cells, the header row first."""
    reader = _Tables()
    reader.feed(render(text))
    return reader.tables


def columns(table: list[list[str]]) -> list[dict[str, str]]:
    """Return the body rows of a table as mappings from column titles."""
    head, *body = table
    return [dict(zip(head, row, strict=True)) for row in body]


def read_tags(text: str) -> set[str]:
    """Return the names of all HTML tags that a page has once it is rendered."""
    reader = _Tables()
    reader.feed(render(text))
    return reader.tags


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: set[str] = set()
        self.cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.cell = False

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.tables[-1][-1][-1] += data
