"""What is stored is readable by its owner only, whatever the umask says."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import DATABASE, INDEX
from bot.health.doctor import examine
from bot.private import close_to_others, open_to_others
from bot.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")


def ran(folder: Path, *command: str) -> None:
    """Run a command as a process of its own, under the umask that most machines have."""
    subprocess.run(
        [sys.executable, "-m", "bot.cli", *command],
        env={
            **os.environ,
            "DRAGOMAN_DATA": str(folder),
            "DRAGOMAN_WORKERS": "1",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        },
        cwd=folder.parent,
        umask=0o022,
        capture_output=True,
        check=True,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def modes(folder: Path) -> dict[str, set[int]]:
    """The modes of the files and of the folders in a folder, and of itself."""
    found = [folder, *folder.rglob("*")]
    return {
        "folders": {mode(path) for path in found if path.is_dir()},
        "files": {mode(path) for path in found if path.is_file()},
    }


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder two levels below one that is there, with an article in it."""
    top = tmp_path_factory.mktemp("top")
    note = top / "note.txt"
    note.write_text("Qatar met Iran in Doha on 3 May 2024.", encoding="utf-8")
    folder = top / "share" / "dragoman"
    folder.parent.mkdir()
    ran(folder, "ingest", str(note))
    return folder


def test_store_index_and_caches_are_for_their_owner_alone(ingested: Path) -> None:
    assert {DATABASE, INDEX} <= {path.name for path in ingested.iterdir()}
    assert modes(ingested) == {"folders": {0o700}, "files": {0o600}}


def test_so_are_backups_and_exports(ingested: Path) -> None:
    to = ingested.parent.parent / "kept" / "backup.zip"
    ran(ingested, "backup", str(to))
    assert modes(to.parent) == {"folders": {0o700}, "files": {0o600}}


def test_a_folder_of_before_is_closed(ingested: Path) -> None:
    ingested.chmod(0o2755)
    ran(ingested, "reindex")
    assert mode(ingested) & 0o777 == 0o700


def test_a_folder_that_is_not_ours_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o775)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    close_to_others(tmp_path)
    assert mode(tmp_path) == 0o775


def test_a_folder_that_many_share_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    close_to_others(tmp_path)
    assert mode(tmp_path) == 0o1777


def test_the_doctor_notes_what_others_may_read(tmp_path: Path) -> None:
    file = tmp_path / "index" / "segment"
    file.parent.mkdir()
    file.touch()
    file.chmod(0o640)
    tmp_path.chmod(0o755)
    settings = Settings(_env_file=None, dragoman_data=tmp_path)
    now = datetime.now(UTC)
    (note,) = [one for one in examine(settings, now, fast=True) if "may read" in one.said]
    assert (note.area, note.level) == ("disk", "note")
    assert "1, such as segment" in note.said
    assert f"chmod -R go= {tmp_path}" in note.do
    file.chmod(0o600)
    assert not list(open_to_others(tmp_path))
    file.chmod(0o644)
    tmp_path.chmod(0o700)
    assert not list(open_to_others(tmp_path)), "nobody else gets into the folder"
