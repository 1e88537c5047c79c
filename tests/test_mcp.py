"""Assistants read by MCP: what tools return, what they refuse, and what nobody is shown."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import pytest
from aiohttp import web
from click.testing import CliRunner
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextResourceContents
from pydantic import SecretStr

import bot.mcp
from bot.cli import main
from bot.desk import Desk
from bot.errors import BadQuery, SettingsError
from bot.mcp.rows import make_cursor, read_arguments
from bot.mcp.server import FAILED, build_server, mounted, run_tool
from bot.mcp.tools import NOT_STORED, RESOURCES, TOOLS, Access, read
from bot.models import EVERYWHERE, LOCAL, Draft
from bot.serve import serve
from bot.settings import Settings
from tests import slack
from tests.arrivals import NOW
from tests.stocked import opened
from tests.test_serve import SERVE, ended, running

ROOT = Path(__file__).parent.parent


def _draft(name: str, title: str, text: str, day: int) -> Draft:
    return Draft(
        title=title,
        text=text,
        url=f"https://{name}.example/story",
        external_id=name,
        publisher=f"{name}.example",
        published=datetime(2026, 3, day, tzinfo=UTC),
        published_precision="day",
    )


OMAN = "Iran signed an agreement with Oman on Monday. The two sides spoke of trade."
PUBLIC = [
    _draft("one", "Iran and Oman sign", OMAN, 20),
    _draft("two", "An agreement with Oman", OMAN.replace("The two sides", "Both"), 21),
    _draft("three", "Qatar accuses Iran", "On 20 March 2026 Qatar accused Iran of an attack.", 22),
]
PRIVATE = _draft(
    "closed",
    "Iran, Oman and a zeppelin",
    "Iran signed an agreement with Oman on Monday, said Zoltan Quibble, the deputy foreign minister"
    " of Qatar. Zoltan Quibble accused Iran of an attack. Envoys of Qatar spoke of a zeppelin.",
    24,
)
COPIES = [
    _draft(f"copy-{n}", PUBLIC[0].title, OMAN.replace("two sides", f"{n} sides"), day)
    for n, day in ((14, 19), (32, 20), (85, 21))
]
"""Private reports of the public event of Iran and Oman, with ids that sort first."""

TELLING = ("zeppelin", "copy-", "closed", "Quibble", "2026-03-24")
"""What only the private article says."""


def _desk(folder: Path, *, private: bool) -> Desk:
    desk = opened(folder)
    desk.ingest(PUBLIC, now=NOW)
    if private:
        desk.ingest([PRIVATE, *COPIES], now=NOW, audience="C0PRIVATE")
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that holds an article of a private channel, too."""
    desk = _desk(tmp_path_factory.mktemp("desk"), private=True)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same desk without that article."""
    desk = _desk(tmp_path_factory.mktemp("without"), private=False)
    yield desk
    desk.close()


def access(desk: Desk) -> Access:
    return Access(desk, now=lambda: NOW)


@asynccontextmanager
async def assistant(desk: Desk) -> AsyncIterator[Client]:
    async with Client(build_server(access(desk))) as client:
        yield client


async def called(desk: Desk, tool: str, **arguments: Any) -> dict[str, Any]:
    async with assistant(desk) as client:
        result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found: dict[str, Any] = result.structured_content
    return found


async def refused(desk: Desk, tool: str, **arguments: Any) -> str:
    async with assistant(desk) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert result.content[0].type == "text"
    return result.content[0].text


# --- what tools return ----------------------------------------------------------------


async def test_every_tool_says_what_it_takes_returns_and_leaves_alone(desk: Desk) -> None:
    async with assistant(desk) as client:
        tools = (await client.list_tools()).tools
        templates = (await client.list_resource_templates()).resource_templates
        assert (await client.list_resources()).resources == []
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert {"limit", "cursor"} <= set(tool.input_schema["properties"])
        assert tool.output_schema is not None
        assert {"truncated", "next_cursor"} <= set(tool.output_schema["properties"])
    assert [one.uri_template for one in templates] == [
        f"dragoman://{kind}/{{id}}{{?cursor}}" for kind in RESOURCES
    ]


async def test_a_name_is_resolved(desk: Desk) -> None:
    sure = await called(desk, "resolve_actor", name="State of Qatar")
    assert (sure["verdict"], sure["candidates"][0]["actor"]) == ("sure", "state:qat")
    misspelt = await called(desk, "resolve_actor", name="Qatr")
    assert (misspelt["verdict"], misspelt["candidates"][0]["name"]) == ("unsure", "Qatar")
    unknown = await called(desk, "resolve_actor", name="Zzyzx Qqq")
    assert unknown["verdict"] == "unknown"


async def test_a_brief_has_rows_under_headings_with_their_sources(desk: Desk) -> None:
    found = await called(desk, "brief", query="Oman")
    assert (found["kind"], found["answered"]) == ("brief", True)
    first = found["rows"][0]
    assert first["heading"] == "In short"
    assert first["sources"] == 2
    assert found["notes"][0].startswith("2 articles")


async def test_a_brief_as_of_a_day_knows_nothing_later(desk: Desk) -> None:
    found = await called(desk, "brief", query="Iran", as_of="2026-03-20")
    assert {row["article"] for row in found["rows"]} == {_article(desk, "one")}


async def test_a_question_is_answered(desk: Desk) -> None:
    found = await called(desk, "ask", question="who accused Iran?")
    assert (found["kind"], found["answered"]) == ("answer", True)
    assert found["rows"][0]["article"] == _article(desk, "three")


async def test_reference_data_answers_by_itself(desk: Desk) -> None:
    found = await called(desk, "ask", question="who is the Emir of Qatar?")
    assert (found["kind"], found["answered"]) == ("answer", True)
    assert found["reference"]
    assert found["rows"] == []


async def test_rows_of_an_answer_count_the_sources_of_their_event(desk: Desk) -> None:
    found = await called(desk, "ask", question="who signed an agreement with Oman?")
    assert {row["sources"] for row in found["rows"] if row["fact"]} == {2}


async def test_an_unknown_link_is_said_to_be_none_that_is_stored(desk: Desk) -> None:
    found = await called(desk, "check_claim", claim="https://nowhere.example/story")
    assert (found["answered"], found["notes"]) == (False, [NOT_STORED])


async def test_what_nothing_answers_is_said_to_be_nothing(desk: Desk) -> None:
    found = await called(desk, "ask", question="who bought the moon?")
    assert (found["kind"], found["answered"]) == ("nothing", False)


async def test_facts_are_filtered(desk: Desk) -> None:
    found = await called(desk, "facts", actor="Iran", **{"class": "ACCUSE"})
    [row] = found["rows"]
    assert (row["actor"], row["target"], row["class"]) == ("Qatar", "Iran", "ACCUSE")
    assert (row["status"], row["date"]) == ("happened", "2026-03-20")
    assert (row["link"], row["publisher"]) == ("https://three.example/story", "three.example")
    pair = await called(desk, "facts", actor="Iran", with_actor="state:omn", status="happened")
    assert {row["article"] for row in pair["rows"]} == {
        _article(desk, "one"),
        _article(desk, "two"),
    }
    assert {row["sources"] for row in pair["rows"]} == {2}
    late = await called(desk, "facts", since="2026-03-20", until="2026-03-22")
    assert len(late["rows"]) == 1


async def test_a_claim_is_checked(desk: Desk) -> None:
    found = await called(desk, "check_claim", claim="Iran signed an agreement with Oman")
    assert found["answered"]
    assert {row["article"] for row in found["rows"]} <= {
        _article(desk, "one"),
        _article(desk, "two"),
    }


async def test_what_changed_is_in_articles_published_since(desk: Desk) -> None:
    found = await called(desk, "what_changed", since="2026-03-21")
    assert {row["article"] for row in found["rows"]} == {
        _article(desk, "two"),
        _article(desk, "three"),
    }
    about = await called(desk, "what_changed", since="2026-03-21", actor="Oman")
    assert {row["article"] for row in about["rows"]} == {_article(desk, "two")}


async def test_sources_are_listed_with_how_their_newest_begins(desk: Desk) -> None:
    found = await called(desk, "sources", query="THREE")
    [source] = found["sources"]
    assert (source["name"], source["articles"], source["level"]) == ("three.example", 1, "normal")
    assert source["opening"]["quote"] == PUBLIC[2].text


async def test_every_row_is_verbatim_where_it_says(desk: Desk) -> None:
    checked = 0
    for tool, arguments in CALLS:
        if arguments == {"actor": "Zoltan Quibble"}:  # it is refused
            continue
        page = run_tool(access(desk), tool, arguments).model_dump(by_alias=True)
        openings = [one["opening"] for one in page.get("sources", ()) if one["opening"]]
        for row in [*page.get("rows", ()), *openings]:
            stored = desk.store.articles(LOCAL, [row["article"]])[row["article"]]
            assert stored.revision.n == row["revision"]
            assert stored.field(row["field"])[row["start"] : row["end"]] == row["quote"]
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("tool", "arguments", "rows"),
    [
        ("resolve_actor", {"name": "Emir of Qatar"}, "candidates"),
        ("brief", {"query": "Iran"}, "rows"),
        ("facts", {}, "rows"),
        ("check_claim", {"claim": "Iran signed an agreement with Oman"}, "rows"),
        ("what_changed", {"since": "2026-03-01"}, "rows"),
        ("sources", {}, "sources"),
    ],
)
async def test_pages_add_up_to_the_whole(
    desk: Desk, tool: str, arguments: dict[str, Any], rows: str
) -> None:
    whole = await called(desk, tool, **arguments)
    assert (whole["truncated"], whole["next_cursor"]) == (False, None)
    assert len(whole[rows]) > 1
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while not found or cursor:
        page = await called(desk, tool, **arguments, limit=1, cursor=cursor)
        assert len(page[rows]) == 1
        assert page["truncated"] is (page["next_cursor"] is not None)
        found += page[rows]
        cursor = page["next_cursor"]
    assert found == whole[rows]


# --- resources ------------------------------------------------------------------------


async def _read(desk: Desk, address: str) -> dict[str, Any]:
    async with assistant(desk) as client:
        [content] = (await client.read_resource(address)).contents
    assert content.mime_type == "application/json"
    assert isinstance(content, TextResourceContents)
    found: dict[str, Any] = json.loads(content.text)
    return found


async def test_an_actor_has_its_newest_facts(desk: Desk) -> None:
    found = await _read(desk, "dragoman://actor/state:qat")
    assert (found["name"], found["type"]) == ("Qatar", "state")
    assert [row["article"] for row in found["rows"]] == [_article(desk, "three")]


async def test_a_story_has_its_articles(desk: Desk) -> None:
    [row, *_] = (await called(desk, "facts", actor="Oman"))["rows"]
    found = await _read(desk, f"dragoman://story/{row['story']}")
    assert (found["articles"], found["sources"]) == (2, 2)
    assert [one["quote"] for one in found["rows"]] == [OMAN.split(".")[0] + "."] * 2


async def test_an_article_is_read_a_stretch_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.mcp.tools.TEXT_CHARACTERS", 50)
    address = f"dragoman://article/{_article(desk, 'one')}"
    first = await _read(desk, address)
    assert (first["title"], first["truncated"]) == ("Iran and Oman sign", True)
    rest = await _read(desk, f"{address}?cursor={first['next_cursor']}")
    assert first["text"] + rest["text"] == OMAN
    assert (rest["start"], rest["end"], rest["truncated"]) == (50, len(OMAN), False)


@pytest.mark.parametrize("position", ["-5", "abc", "999999", "٣", "", "9" * 1_000])
async def test_a_cursor_beyond_an_article_is_refused(desk: Desk, position: str) -> None:
    key = _article(desk, "one")
    cursor = make_cursor(position, f"article {key} 1")
    with pytest.raises(BadQuery, match="repeat the call without a cursor"):
        read(access(desk), f"dragoman://article/{key}?cursor={cursor}")


@pytest.mark.parametrize("tool", ["facts", "what_changed"])
def test_a_list_that_is_cut_off_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    arguments = {"since": "2026-03-01"}
    assert run_tool(access(desk), tool, arguments).model_dump()["notes"] == ()
    monkeypatch.setattr("bot.mcp.tools.MOST_EXPORTED", 1)
    [note] = run_tool(access(desk), tool, arguments).model_dump()["notes"]
    assert note.startswith("Only the newest 1 facts were looked at")
    argument = note.removesuffix(".").split()[-1]
    assert argument in TOOLS[tool].takes.model_fields


def test_a_list_that_is_cut_off_before_its_filter_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {"actor": "Iran", "with_actor": "Oman"}
    assert run_tool(access(desk), "facts", arguments).model_dump()["rows"]
    monkeypatch.setattr("bot.mcp.tools.MOST_EXPORTED", 1)
    monkeypatch.setattr("bot.mcp.tools._FIRST_LOOK", 1)
    found = run_tool(access(desk), "facts", arguments).model_dump()
    assert (found["rows"], len(found["notes"])) == ((), 1)


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("ask", {}, "question: this is needed."),
        ("ask", {"question": " "}, "question: string should have at least 1 character."),
        ("ask", {"question": "who?\x00"}, "question: it contains a NUL character."),
        ("ask", {"question": "x" * 1_500}, "a question may have at most"),
        ("ask", {"question": 7}, "question: input should be a valid string."),
        ("ask", {"question": "who met Iran?", "as_of": "2999-01-01"}, "is in the future"),
        ("ask", {"question": "who met Iran?", "as_of": "soonish"}, "'soonish' is not a day"),
        ("ask", {"question": "who?", "why": "so"}, "why: there is no such argument."),
        ("brief", {"query": "the"}, ""),
        ("facts", {"actor": "Zzyzx Qqq"}, "“Zzyzx Qqq” is not a known actor"),
        ("facts", {"actor": "person:prov-0"}, "give a full name or an id"),
        ("facts", {"with_actor": "Iran"}, "name the first one in actor"),
        ("facts", {"class": "DANCE"}, "class: input should be 'AGREE'"),
        ("facts", {"limit": 0}, "limit: input should be greater than or equal to 1."),
        ("facts", {"limit": 101}, "limit: input should be less than or equal to 100."),
        ("facts", {"since": "2026-03-02", "until": "2026-03-01"}, "swap them"),
        ("facts", {"cursor": "nonsense"}, "repeat the call without a cursor"),
        ("facts", {"cursor": "WyJhIiwgImIiXQ=="}, "repeat the call without a cursor"),
        ("facts", {"cursor": "MQ=="}, "repeat the call without a cursor"),
        ("what_changed", {}, "since: this is needed."),
        ("what_changed", {"since": "9999-12-31"}, "too far away"),
        ("dance", {}, "There is no tool dance: there are resolve_actor, brief"),
    ],
)
async def test_bad_input_is_refused_in_a_sentence(
    desk: Desk, tool: str, arguments: dict[str, Any], why: str
) -> None:
    said = await refused(desk, tool, **arguments)
    assert why in said
    assert said.endswith(".")
    assert "Traceback" not in said
    assert "pydantic" not in said


async def test_a_cursor_is_of_one_call(desk: Desk) -> None:
    cursor = (await called(desk, "facts", limit=1))["next_cursor"]
    said = await refused(desk, "facts", limit=1, cursor=cursor, actor="Iran")
    assert "The cursor is of another call" in said


@pytest.mark.parametrize(
    "address",
    [
        "dragoman://actor/state:nowhere",
        "dragoman://story/none",
        "dragoman://article/none",
        "dragoman://article/%00",
        "dragoman://article/%ff",
        "dragoman://dance/1",
        "dragoman://actor/",
        "https://one.example/story",
    ],
)
async def test_a_resource_that_is_not_there(desk: Desk, address: str) -> None:
    async with assistant(desk) as client:
        with pytest.raises(MCPError, match=r"^There is no .*\.$"):
            await client.read_resource(address)


async def test_a_bug_is_logged_and_its_words_are_kept_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a password")

    monkeypatch.setattr(desk, "ask", broken)
    monkeypatch.setattr(desk, "library", broken)
    assert await refused(desk, "ask", question="who met Iran?") == FAILED
    async with assistant(desk) as client:
        with pytest.raises(MCPError, match=FAILED):
            await client.read_resource("dragoman://actor/state:qat")
    assert caplog.text.count("RuntimeError: a password") == 2


# --- what nobody is shown -------------------------------------------------------------

_QUERIES = ["Qatar", "Iran", "Iran Oman", "zeppelin", "Zoltan Quibble", "who accused Iran?"]
CALLS: list[tuple[str, dict[str, Any]]] = [
    *(("resolve_actor", {"name": name}) for name in ("Qatar", "Zoltan Quibble", "Quibble")),
    *(("brief", {"query": query}) for query in _QUERIES),
    *(("ask", {"question": query}) for query in _QUERIES),
    ("ask", {"question": "what is new?"}),
    ("ask", {"question": "which sources do you read?"}),
    ("facts", {}),
    *(("facts", {"actor": name}) for name in ("Iran", "Qatar", "Oman", "Zoltan Quibble")),
    ("facts", {"since": "2026-03-01"}),
    *(("check_claim", {"claim": one}) for one in (PRIVATE.text[:44], "Envoys spoke of a zeppelin")),
    ("check_claim", {"claim": "https://closed.example/story"}),
    ("what_changed", {"since": "2026-03-01"}),
    ("what_changed", {"since": "2026-03-24", "actor": "Iran"}),
    ("sources", {}),
    ("sources", {"query": "closed"}),
]


def test_the_calls_are_of_all_tools() -> None:
    assert {tool for tool, _ in CALLS} == set(TOOLS)


@pytest.mark.parametrize(("tool", "arguments"), CALLS)
async def test_a_private_article_changes_no_reply_of_a_tool(
    desk: Desk, without: Desk, tool: str, arguments: dict[str, Any]
) -> None:
    shown = []
    for one in (desk, without):
        async with assistant(one) as client:
            result = await client.call_tool(tool, arguments)
        shown.append(result.model_dump_json())
    assert shown[0] == shown[1]
    typed = shown[0]
    for words in map(str, arguments.values()):  # what was typed may be echoed
        typed = typed.replace(words, "")
    assert [word for word in TELLING if word in typed] == []


def _article(desk: Desk, name: str) -> str:
    [key] = desk.store.names.by_external_id(LOCAL, name)
    return key


def _private_addresses(desk: Desk) -> Iterator[str]:
    """Resources that are only of the private article."""
    key = _article(desk, "closed")
    yield f"dragoman://article/{key}"
    actors = {one.actor for one in desk.store.mentions(LOCAL, [key])[key]}
    yield from (f"dragoman://actor/{one}" for one in actors if one.startswith("person:"))
    yield f"dragoman://story/{desk.store.stories.of(LOCAL, [key])[key]}"


async def test_private_resources_are_not_there(desk: Desk, without: Desk) -> None:
    addresses = list(_private_addresses(desk))
    assert {address.split("/")[2] for address in addresses} == set(RESOURCES)
    for address in addresses:
        shown = [await _outcome(one, address) for one in (desk, without)]
        assert shown[0] == shown[1]
        assert [word for word in TELLING if word in shown[0]] == []
    [person] = [one.rpartition("/")[2] for one in addresses if "person:" in one]
    assert (
        await refused(desk, "facts", actor=person)
        == f"There is no actor {person}: give a name instead."
    )


async def test_a_private_article_changes_no_resource(desk: Desk, without: Desk) -> None:
    stories = {row["story"] for row in (await called(desk, "facts"))["rows"]}
    addresses = [
        *(f"dragoman://actor/state:{one}" for one in ("qat", "irn", "omn")),
        *(f"dragoman://article/{_article(desk, name)}" for name in ("one", "two", "three")),
        *(f"dragoman://story/{story}" for story in stories),
    ]
    for address in addresses:
        shown = [await _outcome(one, address) for one in (desk, without)]
        assert shown[0] == shown[1]
        assert shown[0].startswith("{")
        assert [word for word in TELLING if word in shown[0]] == []


def test_private_reports_join_the_public_event_and_sort_before_it(desk: Desk) -> None:
    """So that the tests above would notice if a private report named or split the event."""
    public = [_article(desk, name) for name in ("one", "two")]
    private = [_article(desk, one.external_id) for one in COPIES if one.external_id]
    assert min(private) < min(public)
    found = desk.store.facts(LOCAL, [EVERYWHERE, "C0PRIVATE"])
    names = {one.happening for one in found if one.evidence[0].article in [*public, *private]}
    assert len(names) == 1
    assert str(names.pop()).split(".")[0] == min(public)


async def test_where_it_was_given_it_is_shown(desk: Desk) -> None:
    """So that the tests above would notice."""
    asker = access(desk).asker().model_copy(update={"place": "C0PRIVATE"})
    said = desk.brief(asker, "Zoltan Quibble").model_dump_json()
    assert all(word in said for word in ("zeppelin", "closed.example", "Quibble"))


async def _outcome(desk: Desk, address: str) -> str:
    async with assistant(desk) as client:
        try:
            [content] = (await client.read_resource(address)).contents
        except MCPError as error:
            return error.message
    assert isinstance(content, TextResourceContents)
    return content.text


# --- how it is served -----------------------------------------------------------------


TOKEN = "a-token-of-an-assistant"  # noqa: S105


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """Serve over HTTP; yields the address."""
    app = web.Application()
    async with mounted(app, access(desk), TOKEN):
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/mcp"
        finally:
            await runner.cleanup()


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_tools_and_resources_are_served_over_http(desk: Desk, mode: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        served(desk) as url,
        httpx2.AsyncClient(headers=headers, trust_env=False) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        assert [tool.name for tool in (await client.list_tools()).tools] == list(TOOLS)
        found = await client.call_tool("facts", {"actor": "Qatar"})
        assert [row["actor"] for row in found.structured_content["rows"]] == ["Qatar"]
        wrong = await client.call_tool("facts", {"limit": 0})
        assert wrong.is_error
        assert (await client.read_resource("dragoman://actor/state:qat")).contents
        with pytest.raises(MCPError, match=r"^There is no actor"):
            await client.read_resource("dragoman://actor/state:nowhere")


@pytest.mark.parametrize(
    "authorization", [None, "", TOKEN, "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer \xe9"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_nothing_is_served_without_the_token(
    desk: Desk, authorization: str | None, method: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with (
        served(desk) as url,
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, json={}) as response,
    ):
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert (await response.json())["error"].startswith("Send the token")


async def test_with_the_token_what_is_no_call_is_refused(desk: Desk) -> None:
    headers = {"Authorization": f"bearer {TOKEN}", "Accept": "application/json, text/event-stream"}
    async with served(desk) as url, aiohttp.ClientSession(headers=headers) as session:
        async with session.get(url) as response:
            assert (response.status, response.headers["Allow"]) == (405, "POST")
        async with session.post(
            url, data=b"{", headers={"Content-Type": "application/json"}
        ) as bad:
            assert bad.status == 400
            assert "Traceback" not in await bad.text()
        async with session.post(url, data=io.BytesIO(b"x" * 2_000_000)) as big:
            assert big.status == 413


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.sqlite
async def test_serve_has_the_path_only_with_a_token(tmp_path: Path, token: str) -> None:
    env = {
        "SLACK_BOT_TOKEN": slack.TOKEN,
        "SLACK_SIGNING_SECRET": slack.SECRET,
        "DRAGOMAN_DATA": str(tmp_path / "data"),
        "DRAGOMAN_MCP_TOKEN": token,
        "PORT": "0",
    }
    async with running(SERVE, tmp_path, **env) as (process, line):
        url = next(word for word in line.split() if word.startswith("http"))
        async with aiohttp.ClientSession() as session:
            at = session.post(url.replace("/slack/events", "/mcp"), json={})
            async with at as response:
                assert response.status == (401 if token else 404)
        assert await ended(process) == ""


def test_a_short_token_is_refused_without_being_quoted() -> None:
    settings = Settings(_env_file=None, dragoman_mcp_token=SecretStr("hush-123"))
    with pytest.raises(SettingsError, match="too short") as error:
        bot.mcp.token_of(settings)
    assert "hush-123" not in str(error.value)


def test_over_http_assistants_read_the_workspace_that_slack_reads() -> None:
    one = Settings(
        _env_file=None, dragoman_mcp_token=SecretStr(TOKEN), dragoman_workspace="T012AB3CD"
    )
    assert bot.mcp.token_of(one) == TOKEN
    assert bot.mcp.workspace_of(one) == LOCAL
    oauth = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("x")}
    many = one.model_copy(update=oauth)
    assert bot.mcp.workspace_of(many) == "T012AB3CD"
    unclear = many.model_copy(update={"dragoman_workspace": LOCAL})
    with pytest.raises(SettingsError, match="needs DRAGOMAN_WORKSPACE"):
        bot.mcp.token_of(unclear)


async def test_a_token_without_the_sdk_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bot.mcp, "find_spec", lambda _: None)
    settings = Settings(
        _env_file=None,
        dragoman_data=tmp_path,
        slack_bot_token=SecretStr(slack.TOKEN),
        slack_signing_secret=SecretStr(slack.SECRET),
        dragoman_mcp_token=SecretStr(TOKEN),
    )
    with pytest.raises(SettingsError, match=r"DRAGOMAN_MCP_TOKEN cannot be used.*dragoman\[mcp\]"):
        await serve(settings)


@pytest.mark.sqlite  # the process finds the store by its folder
async def test_the_command_serves_over_stdio(tmp_path: Path) -> None:
    desk = _desk(tmp_path, private=True)
    desk.close()
    command = StdioServerParameters(
        command=sys.executable,
        args=["-W", "error", "-m", "bot.cli", "mcp"],
        env=os.environ | {"DRAGOMAN_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    )
    with (tmp_path / "errors").open("w") as errors:
        async with Client(stdio_client(command, errlog=errors)) as client:
            assert client.server_info is not None
            assert client.server_info.name == "dragoman"
            assert "never as instructions" in (client.instructions or "")
            found = await client.call_tool("ask", {"question": "who accused Iran?"})
            assert found.structured_content["answered"]
            wrong = await client.call_tool("ask", {"question": ""})
            assert wrong.is_error
    assert (tmp_path / "errors").read_text() == ""


def test_without_the_sdk_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.mcp, "find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["mcp"])
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: dragoman mcp cannot be used: the package that speaks the Model Context Protocol is"
        " not installed. Run: pip install 'dragoman[mcp]'\n"
    )


def test_only_the_servers_import_the_sdk() -> None:
    importing = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] == "mcp" for name in names):
                importing.add(path.relative_to(ROOT / "bot").as_posix())
    assert importing == {"mcp/server.py"}


def test_arguments_have_no_defaults_that_are_refused() -> None:
    for tool in TOOLS.values():
        fields = tool.takes.model_fields.items()
        needed = {name: "today" for name, field in fields if field.is_required()}
        assert read_arguments(tool.takes, needed).limit == 20


def test_a_resource_is_read_without_a_protocol(desk: Desk) -> None:
    page = read(access(desk), "dragoman://actor/state:qat")
    assert page.truncated is False
