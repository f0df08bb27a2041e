"""The examples that a page prints: files, programs and commands, in the order of the page.

An example is a fenced block of `sh`, `python` or `toml`, a command on a line of another block, or
one in inline code. A block whose first line is a comment with a path is that file. A verb alone,
as in prose about it, is a name; where the head of a table says "type", it is to be typed.

What is not to be run says so in the page's source, before a block or behind a command:
``<!-- not run: what it needs -->``, ``<!-- run by: path of the test that runs it -->``, or
``<!-- not run, the whole page: why -->`` at its top. ``<!-- exits 0 or 1 -->`` is for comparisons.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

LANGUAGES = {"sh", "python", "toml"}
PROGRAMS = ("benchkit", "pip", "tox", "pytest", "python", "git", "apt")
_FILE = re.compile(r"# (\S+\.\w+)\n")
_COMMAND = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:{'|'.join(PROGRAMS)})(?: |$)")
_NAME = re.compile(r"benchkit(?: data(?: [a-z]+)?| [a-z]+)?|pip install|python|tox|pytest")
_MARK = re.compile(r"<!-- (not run|run by|exits 0 or 1)(, the whole page)?(?:: (.+?))? -->")


@dataclass(frozen=True)
class Mark:
    """What a page says of an example: ``kind`` as in the comment, and the words behind it."""

    kind: str
    words: str


@dataclass(frozen=True)
class Example:
    """What a reader would type or save.

    ``kind`` is ``file`` (then ``path`` is where), ``python``, ``sh`` or ``name``.
    """

    line: int
    kind: str
    text: str
    path: str = ""
    mark: Mark | None = None

    @property
    def runs(self) -> bool:
        """Whether it is run as it stands here."""
        return self.kind != "name" and (self.mark is None or self.mark.kind == "exits 0 or 1")

    def commands(self) -> Iterator[list[str]]:
        """Yield the words of every command in it, variables before it left out."""
        for line in self.text.replace("\\\n", " ").splitlines() if self.kind != "python" else ():
            for part in line.split("&&"):
                words = shlex.split(part, comments=True)
                while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                    del words[0]
                if words:
                    yield words


def read_examples(text: str) -> list[Example]:
    """Return the examples of a page.

    Raises ValueError for a block in a language that nobody runs, and for a mark of nothing.
    """
    found: list[Example] = []
    whole = pending = None
    marked = typed = False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "html_block" and (match := _MARK.search(token.content)):
            mark = Mark(match[1], match[3] or "")
            if match[2]:
                whole = mark
            else:
                pending, marked = mark, False
            continue
        new = []
        if token.type == "fence":
            new = list(_read_block(token, line, pending or whole))
        elif token.type == "inline" and token.children:
            typed = typed or (token.content == "type" and token.level == 4)  # a cell of the head
            new = list(_read_inline(token.children, line, pending or whole, typed))
        found += new
        marked = marked or any(example.kind != "name" for example in new)
        if token.level == 0 and (token.nesting == -1 or token.type == "fence"):
            if pending and not marked:
                raise ValueError(f"the mark before line {line} marks nothing: {pending}")
            pending, typed = None, False
    return found


def _read_block(token: Token, line: int, mark: Mark | None) -> Iterator[Example]:
    if not token.info:
        for text in map(str.strip, token.content.splitlines()):
            if _COMMAND.match(text):
                yield Example(line, "name" if _NAME.fullmatch(text) else "sh", text, mark=mark)
        return
    if token.info not in LANGUAGES:
        raise ValueError(f"line {line}: nobody runs a block of {token.info!r}: use {LANGUAGES}")
    if match := _FILE.match(token.content):
        yield Example(line, "file", token.content[match.end() :], match[1], mark)
    elif token.info == "toml":
        raise ValueError(f"line {line}: a block of toml begins with the path of its file")
    else:
        yield Example(line, token.info, token.content, mark=mark)


def _read_inline(
    children: list[Token], line: int, mark: Mark | None, typed: bool
) -> Iterator[Example]:
    """Yield commands in inline code, each with the mark behind it or else that of its block."""
    waiting: Example | None = None
    for child in children:
        if child.type == "code_inline" and _COMMAND.match(child.content):
            if waiting:
                yield waiting
            named = _NAME.fullmatch(child.content) and not typed
            waiting = Example(line, "name" if named else "sh", child.content, mark=mark)
        elif child.type == "html_inline" and (match := _MARK.fullmatch(child.content)):
            if waiting is None or waiting.kind == "name":
                raise ValueError(f"line {line}: {child.content} is behind no command")
            yield Example(line, "sh", waiting.text, mark=Mark(match[1], match[3] or ""))
            waiting = None
    if waiting:
        yield waiting
