"""The doctor: what it finds in real stores and folders, and of a Slack on a real socket."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result
from pydantic import SecretStr

from bot.cli import main
from bot.desk import DATABASE, INDEX, Desk
from bot.feeds.following import feed_of, key_of
from bot.gather.feeds import Listed
from bot.health.doctor import Staleness, examine, examine_store
from bot.models import Feed, Finding, Outgoing
from bot.settings import Settings
from bot.store.store import Store
from handlers.checkup import examine_slack
from handlers.install import SCOPES
from tests import databases, slack
from tests.older_schema import make_older, older_known
from tests.stocked import TEAM, desk_at
from tests.unsent import unsent
from tests.workspace import APP_TOKEN

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)


def settings(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, dragoman_data=folder, **more)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def desk(folder: Path, both: databases.Kind) -> Iterator[Desk]:  # noqa: ARG001
    opened = desk_at(folder)
    yield opened
    opened.close()


def followed(store: Store, n: int, **more: object) -> Feed:
    url = f"https://news.example.org/{n}.xml"
    made = feed_of(Listed(url), workspace=TEAM, now=NOW, person="").model_copy(update=more)
    assert store.feeds.add(made, key_of(url))
    return made


def of(found: list[Finding], area: str) -> list[Finding]:
    return [one for one in found if one.area == area]


def test_all_is_well(desk: Desk, folder: Path) -> None:
    ours = settings(folder, dragoman_stale_hours=0)
    found = list(examine_store(desk.store, ours, datetime.now(UTC)))
    assert {one.level for one in found} == {"well"}
    areas = {one.area for one in found}
    assert {"store", "index", "queues", "feeds", "articles"} <= areas
    assert any("is whole" in one.said for one in of(found, "store"))


def test_what_waits_too_long_is_found(desk: Desk, folder: Path) -> None:
    desk.store.inbox.record(TEAM, "message", "C1:1", {}, NOW - timedelta(hours=3))
    waits = Outgoing(
        workspace=TEAM,
        key="k",
        kind="notice",
        place="U1",
        content={"said": "x"},
        due_at=NOW - timedelta(hours=2),
    )
    desk.store.outbox.put([waits], NOW)
    followed(desk.store, 1, next_poll=NOW - timedelta(days=2))
    dead = {"failures": 9, "notified": True, "said": "It is gone.", "problem": "status"}
    followed(desk.store, 2, next_poll=NOW, last_poll=NOW, **dead)
    followed(desk.store, 3, next_poll=NOW - timedelta(days=9), state="paused")
    found = list(examine_store(desk.store, settings(folder), NOW, fast=True))
    requests, messages = of(found, "queues")
    assert requests.said == "Waiting requests: 1, the first for 3 h."
    assert messages.said == "Waiting messages: 1, the first for 2 h."
    failing, late = of(found, "feeds")
    assert "2.xml failed 9 times in a row" in failing.said
    assert late.said == "Feeds that should have been polled: 1, the first 2 days ago."
    (old,) = of(found, "articles")
    assert old.level == "wrong"
    assert "from 6 days ago" in old.said
    wrong = [requests, messages, failing, late, old]
    assert {one.level for one in wrong} == {"wrong"}
    assert all("dragoman" in one.do for one in wrong)


def test_an_index_that_is_behind_is_found(desk: Desk, folder: Path) -> None:
    desk.store.tombstone(TEAM, _an_article(desk), NOW)
    desk.passages.close()
    (index,) = of(list(examine_store(desk.store, settings(folder), NOW, fast=True)), "index")
    assert index.level == "wrong"
    assert "dragoman reindex" in index.do


def test_an_index_of_another_version_is_left_alone(desk: Desk, folder: Path) -> None:
    desk.passages.close()
    (ours,) = (folder / INDEX).glob("v*")
    other = ours.rename(ours.with_name("v0"))
    (index,) = of(list(examine_store(desk.store, settings(folder), NOW, fast=True)), "index")
    assert (index.level, "no index of this version" in index.said) == ("note", True)
    assert other.exists()


def _an_article(desk: Desk) -> str:
    changes = desk.store.changes(0, 1000)
    return next(one.key for one in changes if one.kind == "article" and one.workspace == TEAM)


@pytest.mark.sqlite
def test_a_store_that_is_not_there_or_too_old_is_not_made(tmp_path: Path) -> None:
    ours = settings(tmp_path)
    (store,) = of(list(examine(ours, NOW)), "store")
    assert (store.level, DATABASE in store.said) == ("note", True)
    assert not list(tmp_path.iterdir())
    with older_known(tmp_path):
        make_older(f"sqlite:///{tmp_path / DATABASE}")
        (old,) = of(list(examine(ours, NOW)), "store")
        assert (old.level, "dragoman migrate" in old.do) == ("wrong", True)
    (unknown,) = of(list(examine(ours, NOW)), "store")
    assert (unknown.level, "older than this version" in unknown.said) == ("wrong", True)
    assert unknown.do.startswith("Run `dragoman migrate` of the version before this one first")
    (tmp_path / DATABASE).write_text("no database")
    (broken,) = of(list(examine(ours, NOW)), "store")
    assert broken.level == "wrong"


@pytest.mark.sqlite
def test_what_is_damaged_is_found(tmp_path: Path) -> None:
    desk_at(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as raw, raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM told_line")
        raw.execute("DELETE FROM revision")
    found = of(list(examine(settings(tmp_path), NOW)), "store")
    (damage,) = [one for one in found if one.level == "wrong"]
    assert "refers to nothing" in damage.said
    assert "restore" in damage.do
    assert not [
        one for one in examine(settings(tmp_path), NOW, fast=True) if "It is damaged" in one.said
    ]


# --- Slack ---------------------------------------------------------------------------------


@asynccontextmanager
async def slack_says(answer: dict[str, object], **headers: str) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response(answer, headers=headers)

    face = web.Application()
    face.add_routes([web.post("/api/{method}", take)])
    runner = web.AppRunner(face)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


GOOD: dict[str, object] = {"ok": True, "user": "dragoman", "team": "Example"}


async def asked(desk: Desk, url: str, **more: object) -> list[Finding]:
    return [one async for one in examine_slack(slack.settings(url, **more), desk.store, NOW)]


async def test_a_good_token_with_its_scopes(desk: Desk) -> None:
    said = {"x-oauth-scopes": ",".join(SCOPES), "Date": format_datetime(NOW, usegmt=True)}
    async with slack_says(GOOD, **said) as url:
        found = await asked(desk, url)
    assert [(one.area, one.level) for one in found] == [
        ("slack", "well"),
        ("scopes", "well"),
        ("clock", "well"),
        ("slack", "well"),
    ]
    assert "dragoman in Example" in found[0].said
    assert slack.TOKEN not in json.dumps([one.model_dump() for one in found])


async def test_scopes_that_lack_or_are_too_many_and_a_clock_that_is_off(desk: Desk) -> None:
    early = format_datetime(NOW - timedelta(minutes=7), usegmt=True)
    few = {"x-oauth-scopes": "commands,chat:write", "Date": early}
    async with slack_says(GOOD, **few) as url:
        _, scopes, clock, _ = await asked(desk, url)
    assert scopes.level == "wrong"
    assert "SLACK_BOT_TOKEN lacks the scopes" in scopes.said
    assert "users:read" in scopes.said
    assert "chat:write" not in scopes.said
    assert (clock.level, clock.said) == ("wrong", "This clock and that of Slack are 420 s apart.")
    many = {"x-oauth-scopes": ",".join((*SCOPES, "admin"))}
    async with slack_says(GOOD, **many) as url:
        _, scopes, *_ = await asked(desk, url)
    assert (scopes.level, "admin" in scopes.said) == ("note", True)


@pytest.mark.parametrize(
    ("types", "fault", "level", "words"),
    [
        ((), "", "well", "takes tables"),
        (("data_table",), "", "note", "not take every newer type of block"),
        ((), "unknown_method", "note", "does not say which blocks it takes"),
    ],
)
async def test_which_blocks_slack_takes(
    desk: Desk, types: tuple[str, ...], fault: str, level: str, words: str
) -> None:
    async with slack.far_side() as far:
        far.refused_blocks.update(types)
        if fault:
            far.refuse_next("blocks.validate", fault)
        *_, found = await asked(desk, far.api_url)
    assert (found.level, words in found.said) == (level, True)


async def test_a_token_that_is_refused_and_a_slack_that_is_away(desk: Desk) -> None:
    async with slack_says({"ok": False, "error": "invalid_auth"}) as url:
        bad = await asked(desk, url, slack_app_token=SecretStr(APP_TOKEN))
    assert [one.level for one in bad] == ["wrong", "wrong"]
    assert "SLACK_BOT_TOKEN (invalid_auth)" in bad[0].said
    assert "connections:write" in bad[1].do
    (away,) = await asked(desk, "http://127.0.0.1:9/api/")
    assert (away.level, "cannot be reached" in away.said) == ("wrong", True)
    # Both tokens meet the same trouble, which is reported once.
    app_token = {"slack_app_token": SecretStr(APP_TOKEN)}
    assert await asked(desk, "http://127.0.0.1:9/api/", **app_token) == [away]


async def test_without_slack_it_says_so(desk: Desk, folder: Path) -> None:
    (found,) = [one async for one in examine_slack(settings(folder), desk.store, NOW)]
    assert (found.level, "No token is set" in found.said) == ("note", True)
    twice = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("x")}
    (wrong,) = await asked(desk, "http://127.0.0.1:9/api/", **twice)
    assert (wrong.level, "but not both" in wrong.said) == ("wrong", True)


async def test_many_workspaces_none_of_which_installed_it(desk: Desk) -> None:
    own = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("x"), "slack_bot_token": None}
    (found,) = await asked(desk, "http://127.0.0.1:9/api/", **own)
    assert (found.level, "/slack/install" in found.do) == ("note", True)
    own["slack_app_token"] = SecretStr(APP_TOKEN)
    also, away = await asked(desk, "http://127.0.0.1:9/api/", **own)
    assert also == found
    assert (away.level, "cannot be reached" in away.said) == ("wrong", True)


# --- the command, and who is told of old news --------------------------------------------------


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *args: str) -> Result:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DRAGOMAN_DATA", str(folder))
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner().invoke(main, ["doctor", *args])


@pytest.mark.sqlite
def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk_at(tmp_path).close()
    monkeypatch.setenv("DRAGOMAN_STALEHOURS", "3")
    said = run(monkeypatch, tmp_path)
    assert said.exit_code == 0, said.output
    assert "Did you mean DRAGOMAN_STALE_HOURS?" in said.output
    assert said.output.endswith("All is well.\n")
    as_json = run(monkeypatch, tmp_path, "--json", "--fast")
    assert {one["area"] for one in json.loads(as_json.output)} >= {"settings", "store", "slack"}
    monkeypatch.setenv("DRAGOMAN_TZ", "Mars")
    wrong = run(monkeypatch, tmp_path)
    assert wrong.exit_code == 1
    assert "WRONG  settings: DRAGOMAN_TZ is 'Mars': no such time zone" in wrong.output


def test_who_runs_it_is_told_once_that_nothing_comes(desk: Desk) -> None:
    now = NOW
    look = Staleness(desk.store, lambda _: ["U1", "U2"], hours=48, now=lambda: now).look

    def told() -> list[str]:
        pending = unsent(desk.store, TEAM)
        return sorted(one.place for one in pending if one.key.startswith("stale:"))

    look()
    assert told() == []  # nobody expects articles where no feed is followed
    followed(desk.store, 1)
    look()
    assert told() == []  # it looks once an hour
    for _ in range(3):
        now += timedelta(hours=1)
        look()
    assert told() == ["U1", "U2"]
    said = unsent(desk.store, TEAM)[0].content["said"]
    assert said.startswith("No article has come for 5 days")
    off = Staleness(desk.store, lambda _: ["U3"], hours=0, now=lambda: now)
    off.look()
    assert told() == ["U1", "U2"]
