"""Where a desk keeps its data, and what it says where it cannot."""

from pathlib import Path

import pytest

from bot.desk import DATABASE, INDEX, Desk
from bot.errors import StoreUnavailable


@pytest.mark.sqlite
def test_the_data_is_where_it_was_said_to_be(tmp_path: Path) -> None:
    folder = tmp_path / "100%25 of? it #1" / "نسخة"
    Desk.open(folder).close()
    assert (folder / DATABASE).is_file()
    assert (folder / INDEX).is_dir()
    assert [entry.name for entry in tmp_path.iterdir()] == ["100%25 of? it #1"]


def test_a_folder_that_cannot_be_made_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="set DRAGOMAN_DATA to a folder"):
        Desk.open(tmp_path / "file" / "data")


@pytest.mark.sqlite
def test_what_was_opened_is_closed_where_the_rest_cannot_be(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text("in the way")
    with pytest.raises(StoreUnavailable, match="The index folder"):
        Desk.open(tmp_path)
    (tmp_path / INDEX).unlink()
    # The last connection to close folds the log into the file, and takes it away.
    names = {entry.name for entry in tmp_path.iterdir()}
    assert DATABASE in names
    assert not names & {f"{DATABASE}-wal", f"{DATABASE}-shm"}
