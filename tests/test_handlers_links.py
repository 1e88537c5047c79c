"""Links and files that people give: which posts, for whom they are kept, what is answered."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from bot.desk import Desk
from bot.models import EVERYWHERE
from handlers import links
from handlers.links import links_of, links_order, unaddressed
from handlers.payloads import addressed
from tests.slack import (
    DIRECT,
    ROOM,
    TEAM,
    US,
    YOU,
    answers,
    app_for,
    callback,
    event,
    mention,
    message,
    said,
    serving,
    shown,
)
from tests.test_gather_pdf import pdf
from tests.web_pages import html
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

TS = "1700000000.000100"
GULF = "C0GULF"

ORDERS = [
    ("read links here", "on"),
    ("Please read the links here.", "on"),
    ("read all links posted in this channel", "on"),
    ("start reading links", "on"),
    ("stop reading links", "off"),
    ("please stop reading links here!", "off"),
    ("don't read links here", "off"),
    ("read this", ""),
    ("who reads links here?", ""),
    ("what links Iran and Qatar?", ""),
    ("read links to Iran's nuclear programme", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "order"), ORDERS)
def test_orders(text: str, order: str) -> None:
    assert links_order(text) == order


LINKS = [
    ("see <https://a.example/1>", ("https://a.example/1",)),
    ("<https://a.example/1|a.example/1> and <http://b.example>", ("https://a.example/1", "http://b.example")),
    ("<https://a.example/?a=1&amp;b=2>", ("https://a.example/?a=1&b=2",)),
    ("<https://a.example/1> <https://a.example/1>", ("https://a.example/1",)),
    ("<https://team.slack.com/archives/C1/p1>", ()),
    ("<https://slack.com/help>", ()),
    ("<https://slack.company.example/1>", ("https://slack.company.example/1",)),
    ("<mailto:a@example.org|a@example.org> <@U1> <#C1|x> <!here>", ()),
    ("https://a.example/typed-as-code", ()),  # Slack makes a link of what is one
    ("", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), LINKS)
def test_links_of_a_post(text: str, found: tuple[str, ...]) -> None:
    assert links_of(text) == found


A_PDF = {"id": "F1", "name": "talks.pdf"}
A_PICTURE = {"id": "F2", "name": "cat.png"}
LINK = "<https://a.example/1>"

GIVEN: list[tuple[dict[str, Any], int, int]] = [
    (mention(LINK, TS, "C1"), 1, 0),
    (mention(f"read {LINK}", TS, "C1"), 1, 0),
    (mention(f"please add this: {LINK}", TS, "C1"), 1, 0),
    (message(LINK, TS, "D1", channel_type="im"), 1, 0),
    (message("", TS, "D1", channel_type="im", files=[A_PDF], subtype="file_share"), 0, 1),
    (message("see this", TS, "D1", channel_type="im", files=[A_PICTURE], subtype="file_share"), 0, 1),
]  # fmt: skip


@pytest.mark.parametrize(("post", "n_links", "n_files"), GIVEN)
def test_what_is_given_to_us(post: dict[str, Any], n_links: int, n_files: int) -> None:
    body = callback(post)
    found = addressed(body)
    assert found is not None
    given = links.addressed_post(body, found)
    assert given is not None
    assert (len(given.links), len(given.files)) == (n_links, n_files)


QUESTIONS = [
    mention("who moved to Turkey?", TS, "C1"),
    mention(f"anyone else reporting this? {LINK}", TS, "C1"),
    mention(f"{LINK} is this new?", TS, "C1"),
    message(f"what does {LINK} say of Iran", TS, "D1", channel_type="im"),
    message("what is this?", TS, "D1", channel_type="im", files=[A_PDF], subtype="file_share"),
]


@pytest.mark.parametrize("post", QUESTIONS)
def test_a_question_stays_one(post: dict[str, Any]) -> None:
    body = callback(post)
    found = addressed(body)
    assert found is not None
    assert links.addressed_post(body, found) is None


DROPPED: list[tuple[dict[str, Any], bool | None]] = [
    (message(f"look at {LINK}", TS, "C1"), True),
    (message(LINK, TS, "C1", channel_type="group"), False),
    (message(LINK, TS, "C1", thread_ts="1.1"), True),
    (message("", TS, "C1", files=[A_PDF], subtype="file_share"), True),
    (message("", TS, "C1", files=[A_PICTURE], subtype="file_share"), None),
    (
        message(
            "",
            TS,
            "C1",
            files=[{"id": "F3", "name": "a", "mimetype": "video/mp4"}],
            subtype="file_share",
        ),
        None,
    ),
    (message("", TS, "C1", files=[{"id": "F3", "name": "a.docx"}], subtype="file_share"), True),
    (message("", TS, "C1", channel_type=None, files=[A_PDF], subtype="file_share"), None),
    (message("no link", TS, "C1"), None),
    (message(LINK, TS, "C1", bot_id="B1"), None),
    (message(LINK, TS, "C1", user=US), None),
    (message(LINK, TS, "C1", subtype="message_changed", hidden=True), None),
    (message(LINK, TS, "G1", channel_type="mpim"), None),
    (mention(LINK, TS, "C1"), None),
]


@pytest.mark.parametrize(("post", "public"), DROPPED)
def test_what_is_dropped_in_a_channel(post: dict[str, Any], public: bool | None) -> None:
    found = unaddressed(callback(post))
    assert (found.public if found else None) == public


MET = "Qatar met Iran in Doha on Monday. Israel attacked Iran on Tuesday. Oman met Iraq."
PAGES = {
    "/talks": html(MET, "They are to meet again.", title="Talks in Doha"),
    "/paid": html("Subscribe to continue reading."),
    "/private": html("Qatar met Oman behind closed doors.", title="Behind doors"),
}


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A news site on loopback; yields its address."""

    async def page(request: web.Request) -> web.Response:
        if request.path not in PAGES:
            raise web.HTTPNotFound
        return web.Response(text=PAGES[request.path], content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def open_slack(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    """Slack, with an app at work that may fetch from loopback."""
    async with serving(app_for(far, desk, dragoman_fetch_allow="127.0.0.1")) as address:
        far.connect(address)
        yield far


async def test_a_channel_asks_for_its_links_and_asks_no_longer(
    open_slack: LocalWorkspace, site: str
) -> None:
    slack = open_slack
    await slack.say(ROOM, f"nobody asked: {site}/talks")
    await slack.say(ROOM, "@Dragoman read links here")
    (on,) = await answers(slack, ROOM)
    assert "From now on" in on["text"]
    ts = await slack.say(ROOM, f"look: {site}/talks and {site}/paid and {site}/none")
    _, told = await answers(slack, ROOM, 2)
    assert told["thread_ts"] == ts
    assert "Talks in Doha" in told["text"]
    assert "4 facts about " in told["text"]
    assert "about Iran, " in told["text"]  # in two of them
    assert "only the beginning of its article" in told["text"]
    assert f"{site}/none" in told["text"]
    await slack.say(ROOM, f"again {site}/talks")
    *_, told = await answers(slack, ROOM, 3)
    assert "I read it already" in told["text"]
    await slack.say(ROOM, "@Dragoman stop reading links")
    *_, off = await answers(slack, ROOM, 4)
    assert "no longer" in off["text"]
    await slack.say(ROOM, f"unread: {site}/talks")
    await slack.say(ROOM, "@Dragoman stop reading links")
    *_, off = await answers(slack, ROOM, 5)
    assert "I do not read" in off["text"]


async def test_what_is_given_in_private_stays_there(open_slack: LocalWorkspace, site: str) -> None:
    slack = open_slack
    slack.channels[GULF] = slack.channels[GULF].model_copy(update={"is_private": True})
    await slack.say(GULF, "@Dragoman read links here")
    await answers(slack, GULF)
    ts = await slack.say(GULF, f"psst {site}/private")
    _, told = await answers(slack, GULF, 2)
    assert "shown only here" in shown(told)
    assert (await slack.people.shortcut(GULF, ts)).taken
    *_, told = await answers(slack, GULF, 3)
    assert "I read it already" in told["text"]
    await slack.command(GULF, "Qatar Oman")
    *_, brief = await answers(slack, GULF, 4)
    assert "behind closed doors" in shown(brief)
    await slack.command(ROOM, "Qatar Oman")
    (brief,) = await answers(slack, ROOM)
    assert "behind closed doors" not in shown(brief)


async def test_what_everybody_may_read_is_not_kept_once_more(
    open_slack: LocalWorkspace, desk: Desk, site: str
) -> None:
    slack = open_slack
    await slack.say(ROOM, f"@Dragoman read {site}/talks")
    await answers(slack, ROOM)
    await slack.say(DIRECT, f"{site}/talks")
    (told,) = await answers(slack, DIRECT)
    assert "I read it already" in told["text"]
    assert "Only you can see" not in shown(told)
    name = f"https{site.removeprefix('http')}/talks"
    assert desk.store.known(TEAM, EVERYWHERE, [name])
    assert desk.store.known(TEAM, DIRECT, [name]) == {}


async def test_files_are_read_and_refused_with_the_reason(open_slack: LocalWorkspace) -> None:
    slack = open_slack
    await slack.people.share(DIRECT, "note.txt", b"Qatar condemned Israel. Iran thanked Qatar.")
    (told,) = await answers(slack, DIRECT)
    assert "note.txt" in told["text"]
    assert "2 facts about Qatar" in told["text"]
    lines = ("The delegation arrived.", "Iran accused Israel of the attack on the port.")
    await slack.people.share(DIRECT, "report.pdf", pdf(lines, Title="A report"))
    _, told = await answers(slack, DIRECT, 2)
    assert "A report" in told["text"]
    assert "One fact about Iran and Israel" in told["text"]
    await slack.people.share(DIRECT, "cat.png", b"\x89PNG\r\n\x1a\n")
    *_, told = await answers(slack, DIRECT, 3)
    assert "Not read: cat.png — I read only files of the kinds .txt" in told["text"]


SAID = "Iran accused Israel of the attack on the port."
FILES = {
    "a.txt": SAID.encode(),
    "b.md": f"# A heading\n\n{SAID}".encode(),
    "c.html": f"<html><title>A page</title><body><article><p>{SAID * 8}</p></article>".encode(),
    "d.pdf": pdf(("The delegation arrived.", SAID), Title="A report"),
    "E.TXT": SAID.encode(),
    "f.txt.gz": gzip.compress(SAID.encode()),
}
NOT_READ = {
    "list.jsonl": json.dumps({"id": 1, "text": SAID}).encode(),
    "letter.docx": b"PK\x03\x04" + bytes(9),
    "no-ending": b"\x00\x01\x02",
}


@pytest.fixture
def reading(desk: Desk) -> Iterator[None]:
    """The room has its links read, as after ``@Dragoman read links here``."""
    turn = partial(desk.store.link_reading.switch, TEAM, ROOM, YOU, now=datetime.now(UTC))
    turn(on=True)
    yield
    turn(on=False)


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize("name", FILES)
async def test_a_file_dropped_where_links_are_read(open_slack: LocalWorkspace, name: str) -> None:
    slack = open_slack
    ts = await slack.people.share(ROOM, name, FILES[name])
    (told,) = await answers(slack, ROOM)
    assert told["thread_ts"] == ts
    assert "One fact about Iran and Israel" in told["text"]


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize("name", NOT_READ)
async def test_a_file_that_cannot_be_read_is_said_in_a_sentence(
    open_slack: LocalWorkspace, name: str
) -> None:
    slack = open_slack
    await slack.people.share(ROOM, name, NOT_READ[name])
    (told,) = await answers(slack, ROOM)
    assert f"Not read: {name} — I read only files of the kinds .txt" in told["text"]


@pytest.mark.parametrize("where", [ROOM, DIRECT])
async def test_a_file_dropped_on_the_page_is_read(open_slack: LocalWorkspace, where: str) -> None:
    slack = open_slack
    query = urlencode({"channel": where, "name": "a.txt"})
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{slack.url}/page/share?{query}", data=FILES["a.txt"], headers={"Origin": slack.url}
        ) as done,
    ):
        assert done.status == 200
    (told,) = await answers(slack, where)
    assert "One fact about Iran and Israel" in told["text"]


SHARED = [
    ({"mode": "tombstone"}, "it was deleted before I could read it"),
    ({"url_private_download": "{base}/page/file/F0NONE"}, "it was deleted before I could read it"),
    ({"size": 2**30}, "it is larger than 16 MB"),
    ({"url_private_download": "https://evil.example/a"}, "Slack does not say where the file is"),
    ({"url_private": "", "file_access": "check_file_info"}, "Slack does not say where"),
    ({"name": "notes.log", "filetype": "text"}, "One fact about Iran and Israel"),
    ({"name": "Untitled", "filetype": "text"}, "One fact about Iran and Israel"),
    ({"name": "Untitled", "mimetype": "text/plain; charset=utf-8"}, "One fact about Iran and"),
    ({"name": None, "title": "A note", "filetype": "markdown"}, "One fact about Iran and Israel"),
]


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize(("more", "words"), SHARED)
async def test_a_file_as_slack_tells_of_it(
    far: LocalWorkspace, desk: Desk, more: dict[str, Any], words: str
) -> None:
    """Signed requests: ``message`` events with the subtype ``file_share``."""
    async with serving(app_for(far, desk)) as address:
        far.connect(address.replace("127.0.0.1", "127.0.0.9"))  # it is sent by hand below
        ts = await far.people.share(ROOM, "a.txt", f"{SAID} {words}".encode())
        (file,) = far.messages(ROOM)[-1]["files"]
        told = {**file, "mimetype": "application/octet-stream", **more}
        for key, value in told.items():
            if isinstance(value, str):
                told[key] = value.replace("{base}", far.url)
        posted = message("", ts, ROOM, files=[told], subtype="file_share")
        assert (await event(address, posted))[0] == 200
        (answer,) = await answers(far, ROOM)
        assert words in answer["text"]


async def test_a_file_leads_to_the_link_that_it_gives(
    open_slack: LocalWorkspace, desk: Desk
) -> None:
    note = "---\ntitle: {}\nurl: https://gazette.example/port\n---\n{}"
    first = note.format("A port opens", "Oman thanked Qatar for the new port.")
    other = note.format("A port closes", "Oman accused Yemen of the attack on the port.")
    slack, name = open_slack, "https://gazette.example/port"
    for n, text in enumerate((first, first, other), start=1):
        await slack.people.share(DIRECT, f"note{n}.md", text.encode())
        told = (await answers(slack, DIRECT, n))[-1]
        # Other words under a link that was read are no revision of it.
        assert (f"<{name}|" in json.dumps(told)) is (text == first)
    known = desk.store.known(TEAM, DIRECT, [name])[name]
    (stored,) = desk.store.articles(TEAM, [known.article]).values()
    assert stored.revision.title == "A port opens"
    assert stored.revision.n == 1


async def test_the_shortcut_reads_what_a_message_holds(
    open_slack: LocalWorkspace, site: str
) -> None:
    slack = open_slack
    ts = await slack.say(ROOM, f"look at {site}/talks")
    assert (await slack.people.shortcut(ROOM, ts)).taken
    (told,) = await answers(slack, ROOM)
    assert told["thread_ts"] == ts
    assert "Talks in Doha" in told["text"]
    await slack.say(ROOM, "@Dragoman read this", thread_ts=ts)
    _, told = await answers(slack, ROOM, 2)
    assert told["thread_ts"] == ts
    assert "I read it already" in told["text"]
    ts = await slack.say(ROOM, "lunch?")
    await slack.people.shortcut(ROOM, ts)
    *_, told = await answers(slack, ROOM, 3)
    assert "nothing in it that I can read" in told["text"]
    await slack.say(ROOM, "and Iran?", thread_ts=ts)  # no question was asked there
    await answers(slack, ROOM, 3)


async def test_where_we_are_not_who_used_the_shortcut_is_told(
    open_slack: LocalWorkspace, site: str
) -> None:
    slack = open_slack
    ts = await slack.say(ROOM, f"look at {site}/talks")
    slack.refuse_next("chat.postMessage", "not_in_channel")
    await slack.people.shortcut(ROOM, ts)
    (told,) = await answers(slack, ROOM)
    assert told["is_ephemeral"]


async def test_the_inside_network_is_not_read(slack: LocalWorkspace, site: str) -> None:
    await slack.say(DIRECT, f"{site}/talks")
    (told,) = await answers(slack, DIRECT)
    assert "Not read" in told["text"]
    assert len(said(slack, DIRECT)) == 1


async def test_a_language_that_is_not_read_is_said(open_slack: LocalWorkspace) -> None:
    text = "قال وزير الخارجية القطري يوم الاثنين إن الدوحة استقبلت وفدا من إيران."
    await open_slack.people.share(DIRECT, "note.txt", text.encode())
    (told,) = await answers(open_slack, DIRECT)
    assert "Arabic text, in which I do not find facts yet" in told["text"]


async def test_what_is_worked_on_twice_is_told_as_if_once(
    far: LocalWorkspace, desk: Desk, site: str
) -> None:
    more: dict[str, Any] = {"dragoman_fetch_allow": "127.0.0.1", "dragoman_lease_seconds": 3}
    async with serving(app_for(far, desk, **more)) as address:
        far.connect(address)
        far.refuse_next("chat.postMessage", "ratelimited", retry_after=3)
        await far.say(DIRECT, f"{site}/talks")
        (told,) = await answers(far, DIRECT)
    assert "4 facts about" in told["text"]
    assert "already" not in told["text"]


def test_of_a_post_with_many_links_the_rest_is_counted() -> None:
    found = unaddressed(
        callback(message("".join(f"<https://a.example/{n}>" for n in range(7)), TS, "C1"))
    )
    assert found is not None
    assert "2 more were left out" in links._left_out(found)
    assert links._left_out(found._replace(links=found.links[:5])) == ""


def test_a_post_of_blanks_is_read_at_once() -> None:
    blanks = " " * 40_000
    for pattern in (links._READ_THIS, links._READ_ROOT):
        assert pattern.fullmatch(f"please read{blanks}this{blanks}")
        assert pattern.fullmatch(f"read{blanks}x") is None
