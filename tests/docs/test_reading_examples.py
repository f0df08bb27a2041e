"""No example of a page is overlooked, and none is left out without a word."""

from __future__ import annotations

import pytest

from tests.docs.examples import Mark, read_examples

PAGE = """\
# Title

<!-- not run: the moon -->
```sh
benchkit run -d pca -D moon
```

```python
# a/b.py
print(1)
```

```python
print(2)
```

```
Usage: not an example

    benchkit run -d knn -D moon
```

Type `benchkit list metrics`, or `benchkit list`, or
`OMP_NUM_THREADS=1 python x.py` <!-- not run: minutes -->, or `--json`.

| to | type |
|---|---|
| see | `benchkit list` <!-- exits 0 or 1 -->, `benchkit doctor` |

| what | |
|---|---|
| `benchkit list` | a verb |
"""


def test_every_block_and_command_is_found_in_order_with_its_mark():
    """Blocks, files, inline commands; a verb alone is a name, where it is not to be typed."""
    found = [(e.kind, e.path or e.text, e.mark, e.runs) for e in read_examples(PAGE)]
    assert found == [
        ("sh", "benchkit run -d pca -D moon\n", Mark("not run", "the moon"), False),
        ("file", "a/b.py", None, True),
        ("python", "print(2)\n", None, True),
        ("sh", "benchkit run -d knn -D moon", None, True),
        ("sh", "benchkit list metrics", None, True),
        ("name", "benchkit list", None, False),
        ("sh", "OMP_NUM_THREADS=1 python x.py", Mark("not run", "minutes"), False),
        ("sh", "benchkit list", Mark("exits 0 or 1", ""), True),
        ("sh", "benchkit doctor", None, True),
        ("name", "benchkit list", None, False),
    ]


def test_a_file_is_its_block_without_the_line_of_its_path():
    assert read_examples(PAGE)[1].text == "print(1)\n"


def test_a_mark_may_be_for_the_whole_page():
    text = "<!-- not run, the whole page: by hand -->\n\n`pip install a`\n\n`pip install b`\n"
    assert [e.mark for e in read_examples(text)] == [Mark("not run", "by hand")] * 2


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ benchkit list\n```\n",
        "```toml\n[project]\n```\n",
        "<!-- not run: why -->\nNo command.\n",
        "No command <!-- not run: why --> here.\n",
    ],
)
def test_what_would_escape_is_refused(text):
    """A block in a language that nobody runs, and a mark of nothing."""
    with pytest.raises(ValueError, match="line"):
        read_examples(text)


def test_the_commands_of_an_example_are_its_words():
    """Comments, variables and what joins commands left out."""
    (example,) = read_examples("```sh\nA=1 pip install . && tox -e 'a b'  # c\n# d\n```\n")
    assert list(example.commands()) == [["pip", "install", "."], ["tox", "-e", "a b"]]
