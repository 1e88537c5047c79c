"""What is forgotten or deleted is in no file of the data folder any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select

from bot.cli import main
from bot.desk import Desk
from bot.match.actors import ActorIndex
from bot.models import ActorType, AddActor, Asker, Draft
from bot.store.inbox import reply
from bot.store.introductions import provisional
from tests.stocked import TEAM, desk_at
from tests.test_keep_personal import row

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
ADA, THEIRS = "U0ADA", "D0ADA"
TEXT = "Norwegian Trade Minister Zorblax Quimbly met Qatar's emir in Doha on Monday."
WORD = b"quimbl"  # as a stem, too


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    monkeypatch.delenv("DRAGOMAN_WORKSPACE", raising=False)
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


def holding(folder: Path, word: bytes = WORD) -> set[str]:
    """The files of a folder, by the first part of their path, that have a word in them."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    return {one.relative_to(folder).parts[0] for one in files if word in one.read_bytes().lower()}


def keeps_deleted(folder: Path) -> bool:
    """Whether a segment of the index still has passages that were deleted: packed, they may
    not be found by their words."""
    (meta,) = folder.glob("index/v*/passages/meta.json")
    return any(one["deletes"] for one in json.loads(meta.read_text())["segments"])


def given(desk: Desk, audience: str = THEIRS) -> None:
    """An article in a direct message, whose author has asked something there."""
    draft = Draft(origin="message", title="A note", text=TEXT)
    assert desk.ingest([draft], now=NOW, workspace=TEAM, audience=audience).new == 1
    with desk.store._write() as connection:
        asked = row(reply, 1, person=ADA, place=THEIRS, period=None, surface="message")
        connection.execute(insert(reply), asked)


def unknown(desk: Desk) -> int:
    """How many are known only because an article introduces them as Quimbly."""
    named = select(func.count()).where(provisional.c.last.contains("quimbly"))
    with desk.store._read() as connection:
        return connection.execute(named).scalar_one()


def run(*args: str) -> str:
    return CliRunner().invoke(main, list(args), catch_exceptions=False).output


def test_forgetting_leaves_nothing_in_any_file(desk: Desk, tmp_path: Path) -> None:
    given(desk)
    assert unknown(desk) == 1
    assert {"dragoman.db-wal"} <= holding(tmp_path)
    desk.close()
    assert "is kept any more" in run("forget", "--person", ADA, "--yes")
    again = desk_at(tmp_path)
    assert unknown(again) == 0
    again.close()
    assert holding(tmp_path) == set()
    assert not keeps_deleted(tmp_path)


def test_who_serves_meanwhile_leaves_nothing_either(desk: Desk, tmp_path: Path) -> None:
    given(desk)
    before = desk.passages.size
    assert "is kept any more" in run("forget", "--person", ADA, "--yes")
    desk.catch_up()
    assert holding(tmp_path) == set()
    assert not keeps_deleted(tmp_path)
    assert desk.passages.size == before - 1
    assert desk.passages.check() == ""


def test_whom_another_article_introduces_stays(desk: Desk, tmp_path: Path) -> None:
    given(desk)
    other = Draft(origin="file", title="Another", text=f"{TEXT} He left on Tuesday.")
    assert desk.ingest([other], now=NOW, workspace=TEAM, audience=THEIRS[:-1]).new == 1
    known = unknown(desk)
    assert "is kept any more" in run("forget", "--person", ADA, "--yes")
    assert unknown(desk) == known - 1
    assert holding(tmp_path)


def test_a_deleted_workspace_leaves_nothing_in_any_file(desk: Desk, tmp_path: Path) -> None:
    given(desk, audience="*")
    asker = Asker(workspace=TEAM, person=ADA, place="C1", now=NOW)
    council = AddActor(name="Blue Quimbly Council", type=ActorType.ORGANISATION, source="us")
    desk.care.change(asker, council)
    assert isinstance(desk.actors(TEAM), ActorIndex)
    assert holding(tmp_path)
    assert "Deleted all data" in run("workspaces", "delete", TEAM, "--yes")
    desk.catch_up()
    desk.close()
    assert holding(tmp_path) == set()
    assert not keeps_deleted(tmp_path)


def test_an_index_is_purged_without_a_moment_in_which_nothing_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.passages.size
    seen: list[int] = []
    indexable = type(desk.store).indexable

    def looked(*args: object) -> object:
        seen.append(desk.passages.size)
        return indexable(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desk.store), "indexable", looked)
    desk.purge()
    assert set(seen) == {before}
    assert desk.passages.size == before
