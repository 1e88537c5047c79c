"""Where a process keeps its data: one file of SQLite is served by one, beside PostgreSQL any."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.errors import SettingsError, StoreUnavailable
from bot.serve import serve, work
from bot.settings import Settings
from bot.work.place import MOST, placed
from tests.slack import SECRET, TOKEN

HOLD = "import sys; from pathlib import Path; from bot.settings import Settings; from bot.work.place import placed\nwith placed(Settings(_env_file=None, dragoman_data=Path(sys.argv[1]))): print('here', flush=True); sys.stdin.read()"


def settings(folder: Path, **more: Any) -> Settings:
    values: dict[str, Any] = {"dragoman_data": folder, "port": 0}
    values |= {"slack_bot_token": TOKEN, "slack_signing_secret": SECRET}
    return Settings(_env_file=None, **(values | more))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that serves the file in the folder."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


async def test_a_file_is_served_by_one_process(tmp_path: Path, held: subprocess.Popen[str]) -> None:
    with pytest.raises(StoreUnavailable, match=r"serves the store .*dragoman.db already: stop"):
        await serve(settings(tmp_path))
    assert not (tmp_path / "dragoman.db").exists()
    held.kill()  # it gives its place up, however it ends
    held.wait()
    with placed(settings(tmp_path)) as ours:
        assert ours.dragoman_data == tmp_path


@pytest.mark.sqlite
@pytest.mark.usefixtures("held")
def test_commands_go_on_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    (tmp_path / "note.txt").write_text("Qatar met Iran. They spoke in Doha.", encoding="utf-8")
    done = CliRunner().invoke(main, ["ingest", str(tmp_path / "note.txt")])
    assert (done.exit_code, "1 new" in done.output) == (0, True), (done.output, done.exception)


def test_whatever_the_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    names = [f"sqlite:///{tmp_path}/{name}" for name in ("real.db", "link.db", "./real.db")]
    with placed(settings(tmp_path, database_url=names[0])):
        for name in names:
            with pytest.raises(StoreUnavailable), placed(settings(tmp_path, database_url=name)):
                raise AssertionError(name)
        with placed(settings(tmp_path, database_url=f"sqlite:///{tmp_path}/other.db")):
            pass


def test_beside_postgresql_each_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """Nothing is connected: only the address counts."""
    ours = settings(tmp_path, database_url="postgresql://db.example.org/news")
    with ExitStack() as stack:
        one, two = (stack.enter_context(placed(ours)).dragoman_data for _ in range(2))
        assert (one, two) == (tmp_path, tmp_path / "replica-2")
        for _ in range(MOST - 2):
            stack.enter_context(placed(ours))
        with pytest.raises(StoreUnavailable, match="a DRAGOMAN_DATA of their own"):
            stack.enter_context(placed(ours))
    with placed(ours) as again:
        assert again.dragoman_data == tmp_path


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ours = settings(tmp_path / "file" / "folder")
    with (
        pytest.raises(StoreUnavailable, match=r"cannot be locked .*set DRAGOMAN_DATA"),
        placed(ours),
    ):
        raise AssertionError


def test_workers_need_postgresql(tmp_path: Path) -> None:
    ours = settings(tmp_path, dragoman_jobs="worker")
    with pytest.raises(SettingsError, match="DRAGOMAN_JOBS=worker needs a store in PostgreSQL"):
        asyncio.run(serve(ours))
    with pytest.raises(SettingsError, match="A worker needs a store in PostgreSQL"):
        asyncio.run(work(ours))
    assert list(tmp_path.iterdir()) == []
