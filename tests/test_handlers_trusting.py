"""Sources distrusted in Slack: by admins, in the place where they say so, and by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.models import EVERYWHERE, Asker, Draft
from tests.slack import ROOM, TEAM, YOU, answers, app_for, serving, shown
from tests.stocked import opened
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = opened(tmp_path)
    told = [
        Draft(text="Qatar met Iran in Doha on Monday.", publisher="gazette.example"),
        Draft(text="Oman met Iraq in Muscat on Monday.", publisher="Courier"),
    ]
    desk.ingest(told, now=NOW, workspace=TEAM)
    yield desk
    desk.close()


def level(desk: Desk) -> str:
    found = desk.store.sources.all(TEAM, [EVERYWHERE])
    return next(one.level for one in found if one.name == "gazette.example")


async def test_an_admin_distrusts_a_source_and_takes_it_back(
    far: LocalWorkspace, desk: Desk
) -> None:
    asker = Asker(workspace=TEAM, now=NOW)
    async with serving(app_for(far, desk, dragoman_admins=YOU)) as address:
        far.connect(address)
        await far.say(ROOM, "@Dragoman distrust gazette.example")
        first = (await answers(far, ROOM))[0]
        assert "gazette.example is distrusted now (#1)" in shown(first)
        assert level(desk) == "distrusted"
        assert "Qatar met Iran" not in desk.brief(asker, "Qatar").model_dump_json()
        await far.say(ROOM, "@Dragoman trust gazette.example as any other")
        second = (await answers(far, ROOM, 2))[1]
        assert "is normal now (#2), was distrusted; one article brought back" in shown(second)
        assert "Qatar met Iran" in desk.brief(asker, "Qatar").model_dump_json()
        await far.say(ROOM, "@Dragoman distrust gazete.example")
        third = (await answers(far, ROOM, 3))[2]
        assert "Did you mean gazette.example" in shown(third)
    assert [one.person for one in desk.store.sources.log(TEAM)] == [f"slack:{YOU}"] * 2


async def test_nobody_else_does(far: LocalWorkspace, desk: Desk) -> None:
    async with serving(app_for(far, desk, dragoman_admins="U0SOMEBODY")) as address:
        far.connect(address)
        await far.say(ROOM, "@Dragoman distrust gazette.example")
        answer = (await answers(far, ROOM))[0]
        assert shown(answer).endswith("is trusted. Ask an admin of this workspace.")
        assert "DRAGOMAN_ADMINS" not in shown(answer)
    assert level(desk) == "normal"


@pytest.mark.parametrize("typed", ["distrust gazette.example", "remove source gazette.example"])
async def test_who_gives_an_article_of_a_hidden_source_is_told_why_it_does_not_count(
    far: LocalWorkspace, desk: Desk, typed: str
) -> None:
    async with serving(app_for(far, desk, dragoman_admins=YOU)) as address:
        far.connect(address)
        await far.say(ROOM, f"@Dragoman {typed}")
        await answers(far, ROOM)
        assert level(desk) != "normal"
        note = b"---\ntitle: Rail link\npublisher: gazette.example\n---\n\nOman called Qatar.\n"
        await far.people.share(ROOM, "note.md", note, "@Dragoman read this")
        told = shown((await answers(far, ROOM, 2))[1])
    assert told.startswith("Not read: note.md")
    assert "distrusted or removed here" in told
