"""Files that appear whole or not at all."""

from __future__ import annotations

import pytest

from benchkit.files import writing


def test_a_file_is_as_it_was_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with writing(path) as hidden:
        hidden.write_text("half")
        assert path.read_text() == "old"
        hidden.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_nothing_behind(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        _stop_half_way(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _stop_half_way(path):
    with writing(path) as hidden:
        hidden.write_text("half")
        raise KeyboardInterrupt
