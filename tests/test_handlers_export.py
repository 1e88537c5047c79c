"""Export: the facts of a brief as a CSV file, to whoever clicked and nobody else."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.models import NAMES_ONLY
from handlers.blocks.native import CHART, TABLE, types_in
from handlers.blocks.reply import EXPORT, TIMELINE
from tests.arrivals import arrival, met
from tests.slack import DIRECT, ROOM, TEAM, TOKEN, answers, app_for, button, said, serving
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)


async def exported(
    slack: LocalWorkspace, text: str, room: str = ROOM, action: str = EXPORT
) -> dict[str, Any]:
    """Ask for a brief, export it, and return what is said about it in place."""
    before = len(said(slack, room))
    await slack.command(room, text)
    (*_, answer) = await answers(slack, room, before + 1)
    await slack.click(room, answer["ts"], *button(answer, action))
    (*_, told) = await answers(slack, room, before + 2)
    return told


async def content(url: str) -> list[list[str]]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        text = (await response.read()).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


async def test_a_file_in_the_direct_messages(slack: LocalWorkspace) -> None:
    told = await exported(slack, "Quatar")
    assert told["is_ephemeral"]
    (sent,) = [m for m in said(slack, DIRECT) if m.get("files")]
    (file,) = sent["files"]
    assert file["name"].startswith("dragoman-qatar-")
    header, *rows = await content(file["url_private"])
    assert rows
    assert f"{len(rows)} facts" in told["text"]
    assert sent["text"].startswith(f"{len(rows)} facts: ")
    names = {row[header.index(side)] for row in rows for side in ("source", "target", "claimant")}
    assert any("Qatar" in name or "Emir" in name for name in names)
    assert all(row[header.index("quote")] for row in rows)
    assert not any(m.get("files") for m in slack.messages(ROOM))


def files(slack: LocalWorkspace) -> list[dict[str, Any]]:
    return [one for one in said(slack, DIRECT) if one.get("files")]


async def test_a_timeline_is_a_chart_in_place(slack: LocalWorkspace) -> None:
    before = len(said(slack, DIRECT))
    shown = await exported(slack, "Qatar", action=TIMELINE)
    assert shown["is_ephemeral"]
    assert "Timeline of Qatar" in shown["text"]
    assert types_in(shown) == {CHART}
    assert len(said(slack, DIRECT)) == before


async def test_a_timeline_is_a_picture_where_charts_are_refused(
    far: LocalWorkspace, desk: Desk
) -> None:
    far.refused_blocks.add(CHART)
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        for _ in range(2):  # refused once, and not tried again
            shown = await exported(far, "Qatar", action=TIMELINE)
            assert "I sent the timeline to your direct messages." in shown["text"]
            assert types_in(shown) == set()
        await far.wait(lambda: len(files(far)) == 2)
    sent, _ = files(far)
    (file,) = sent["files"]
    assert file["name"].startswith("dragoman-qatar-")
    assert file["mimetype"] == "image/png"
    assert file["alt_txt"] == sent["text"]
    assert "events of cooperation" in file["alt_txt"]
    tried = [call for call in far.calls if CHART in str(call.args.get("blocks"))]
    assert len(tried) == 1


async def test_exported_facts_stand_in_a_table(slack: LocalWorkspace) -> None:
    shown = await exported(slack, "Qatar")
    (table,) = [one for one in shown["blocks"] if one["type"] == TABLE]
    assert len(table["rows"]) > 2


async def test_no_timeline_without_a_date(slack: LocalWorkspace) -> None:
    told = await exported(slack, "nato", action=TIMELINE)
    assert told["text"].endswith("no event in this brief has a date.")
    assert not any(m.get("files") for m in said(slack, DIRECT))


async def test_no_timeline_yet_while_articles_wait_for_the_reader(
    slack: LocalWorkspace, desk: Desk
) -> None:
    unread = arrival("unread", "NATO met in Brussels.", workspace=TEAM, reader=f"1{NAMES_ONLY}")
    desk.store.commit([unread], now=datetime.now(UTC))
    desk.catch_up()
    shown = await exported(slack, "nato", action=TIMELINE)
    assert "Some articles are still being read" in shown["text"]


async def test_nothing_of_other_places_is_in_it(slack: LocalWorkspace, desk: Desk) -> None:
    text = "Qatar met Iran in a back room."
    secret = arrival("secret", text, audience="C0GULF", workspace=TEAM, facts=[met(text)])
    desk.store.commit([secret], now=datetime.now(UTC))
    desk.catch_up()
    quotes = {}
    for room in (ROOM, "C0GULF"):
        before = len([m for m in said(slack, DIRECT) if m.get("files")])
        await exported(slack, "Qatar Iran", room)
        files = [m for m in said(slack, DIRECT) if m.get("files")]
        assert len(files) == before + 1
        header, *rows = await content(files[-1]["files"][0]["url_private"])
        quotes[room] = {row[header.index("quote")] for row in rows}
    assert text not in quotes[ROOM]
    assert quotes["C0GULF"] == quotes[ROOM] | {text}


async def test_a_scope_that_lacks_is_told(slack: LocalWorkspace) -> None:
    slack.refuse_next("files.getUploadURLExternal", "missing_scope")
    told = await exported(slack, "Qatar")
    assert "files:write" in told["text"]


async def test_what_slack_takes_late_is_sent_once(slack: LocalWorkspace) -> None:
    before = len([m for m in said(slack, DIRECT) if m.get("files")])
    slack.refuse_next("files.completeUploadExternal", "internal_error")
    await exported(slack, "Qatar")
    assert len([m for m in said(slack, DIRECT) if m.get("files")]) == before + 1
    last = [call.method for call in slack.calls if call.method.startswith("files.")]
    assert last == [
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
        "files.completeUploadExternal",
    ]


async def _until(slack: LocalWorkspace, n: int) -> list[dict[str, Any]]:
    await slack.wait(lambda: len(said(slack, ROOM)) >= n)
    await asyncio.sleep(0.05)
    return said(slack, ROOM)


async def test_the_workspace_refuses_as_slack_does(far: LocalWorkspace) -> None:
    client = AsyncWebClient(TOKEN, base_url=far.api_url, proxy="")
    got = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    async with aiohttp.ClientSession() as session:
        async with session.post(got["upload_url"], data=b"four") as response:
            assert response.status == 400
        async with session.get(f"{far.url}/page/file/{got['file_id']}") as response:
            assert response.status == 404
    refused: list[tuple[list[dict[str, str | None]], str]] = [
        ([{"id": got["file_id"]}], "file_not_found"),
        ([{"id": "F1"}], "file_not_found"),
        ([], "invalid_arguments"),
    ]
    for files, word in refused:
        with pytest.raises(Exception, match=word):
            await client.files_completeUploadExternal(files=files, channel_id=ROOM)
    with pytest.raises(Exception, match="invalid_arguments"):
        await client.files_getUploadURLExternal(filename="a.csv", length=0)
    far.calls.clear()  # they were wrong on purpose
