"""Work Objects: links to our pages unfurl, and open to what the person who opens them may see."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.desk import Desk
from bot.models import EVERYWHERE, Asker, Draft, Merge
from bot.pages.entity import EntityDetails, entity_details
from bot.store.stories import StoredStory
from handlers import messages, objects
from handlers.workspace.state import GUEST
from tests.slack import DIRECT, ROOM, TEAM, YOU, answers, app_for, event, serving, shown
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

UNFURL, PRESENT = "chat.unfurl", "entity.presentDetails"
PRIVATE, ELSEWHERE = "G0PRIVATE", "G0OTHER"
HIDDEN = "The Zubrowka Accord was signed in secret"
NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
async def slack(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    """Slack, with an app at work whose pages are under Slack's own address."""
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        yield far


@pytest.fixture(scope="module")
def article(desk: Desk) -> str:
    """The id of an article that everybody may see."""
    return str(_details(desk, "actor", "state:qat").sources[0].id)


@pytest.fixture(scope="module")
def hidden(desk: Desk) -> str:
    """The id of an article that was given in a private channel."""
    text = f"{HIDDEN}, said Ludwig Zubrowkan, the foreign minister of Qatar, on Monday."
    draft = Draft(title=HIDDEN, text=text, url="https://news.example/zubrowka", published=NOW)
    desk.ingest([draft], now=NOW, workspace=TEAM, audience=PRIVATE)
    (found,) = desk.store.names.articles(TEAM, ["https://news.example/zubrowka"])
    return found


def _details(desk: Desk, kind: Any, key: str, place: str = ROOM, **more: Any) -> Any:
    asker = Asker(workspace=TEAM, person=YOU, place=place, now=datetime.now(UTC), **more)
    return entity_details(desk, asker, kind, key)


async def called(slack: LocalWorkspace, method: str, times: int = 1) -> dict[str, Any]:
    """Wait for so many calls, and return what the last was called with."""
    for _ in range(3000):
        found = [call.args for call in slack.calls if call.method == method]
        if len(found) >= times:
            return found[-1]
        await asyncio.sleep(0.01)
    raise AssertionError(method)


def entity_of(args: dict[str, Any]) -> dict[str, Any]:
    (found,) = args["metadata"]["entities"]
    return dict(found)


def value(entity: dict[str, Any], key: str) -> Any:
    customs = entity["entity_payload"]["custom_fields"]
    return next(one["value"] for one in customs if one["key"] == key)


def details(trigger: str, kind: str, key: str, **more: Any) -> dict[str, Any]:
    opened = {"type": "entity_details_requested", "user": YOU, "trigger_id": trigger}
    return {**opened, "external_ref": {"id": key, "type": kind}, **more}


# --- unfurls -----------------------------------------------------------------------------


async def test_a_link_to_an_actor_unfurls_to_its_properties(slack: LocalWorkspace) -> None:
    url = f"{slack.url}/actor/state:qat"
    await slack.say(ROOM, f"look at {url} please")
    entity = entity_of(await called(slack, UNFURL))
    assert entity["app_unfurl_url"] == url
    assert entity["external_ref"] == {"id": "state:qat", "type": "actor"}
    assert entity["entity_payload"]["attributes"]["title"]["text"] == "Qatar"
    assert value(entity, "type") == "State"
    assert value(entity, "articles") > 5
    keys = {one["key"] for one in entity["entity_payload"]["custom_fields"]}
    assert "last_report" in keys
    assert "brief" not in keys  # that is for the person who opens it


async def test_a_link_to_an_article_unfurls_with_its_publisher(
    slack: LocalWorkspace, article: str
) -> None:
    await slack.say(ROOM, f"{slack.url}/article/{article}?from=here")
    entity = entity_of(await called(slack, UNFURL))
    assert entity["entity_type"] == objects.CONTENT
    assert entity["url"] == f"{slack.url}/article/{article}"
    assert value(entity, "publisher")
    assert entity["entity_payload"]["fields"]["description"]["value"]


async def test_several_links_unfurl_at_once(slack: LocalWorkspace) -> None:
    links = [f"{slack.url}/actor/{one}" for one in ("state:qat", "state:irn", "state:nowhere")]
    await slack.say(ROOM, " ".join(links))
    entities = (await called(slack, UNFURL))["metadata"]["entities"]
    assert [one["app_unfurl_url"] for one in entities] == links[:2]


@pytest.mark.parametrize("path", ["/", "/slack/events", "/actor/", "/actors/state:qat"])
async def test_no_other_link_unfurls(slack: LocalWorkspace, path: str) -> None:
    await slack.say(ROOM, f"{slack.url}{path} and https://news.example/actor/state:qat")
    await slack.settled()
    await asyncio.sleep(0.1)
    assert not [call for call in slack.calls if call.method == UNFURL]


async def test_in_the_composer_only_what_everybody_sees_unfurls(
    slack: LocalWorkspace, desk: Desk, hidden: str, article: str
) -> None:
    links = [
        {"url": f"{slack.url}/article/{one}", "domain": "127.0.0.1"} for one in (hidden, article)
    ]
    shared = {"type": "link_shared", "user": YOU, "channel": "COMPOSER", "links": links}
    shared |= {"message_ts": "U1-draft", "unfurl_id": "U1-draft", "source": "composer"}
    async with serving(app_for(slack, desk, dragoman_url=slack.url)) as address:
        assert (await event(address, shared, event_id="EvComposer"))[0] == 200
        args = await called(slack, UNFURL)
    assert (args["unfurl_id"], args["source"]) == ("U1-draft", "composer")
    assert entity_of(args)["external_ref"]["id"] == article


@pytest.mark.parametrize(
    ("user", "channel", "member", "unfurls"),
    [
        (YOU, "D0OTHERS", False, False),  # one of the two may be a guest
        (YOU, DIRECT, True, True),
        (GUEST, DIRECT, True, False),
        (YOU, ROOM, False, True),
    ],
)
async def test_in_direct_messages_of_others_nothing_unfurls(
    slack: LocalWorkspace,
    desk: Desk,
    article: str,
    user: str,
    channel: str,
    *,
    member: bool,
    unfurls: bool,
) -> None:
    links = [{"url": f"{slack.url}/article/{article}", "domain": "127.0.0.1"}]
    shared: dict[str, Any] = {"type": "link_shared", "user": user, "channel": channel}
    shared |= {"links": links, "message_ts": "1.5", "is_bot_user_member": member}
    surface, key = objects.SURFACE_UNFURL, f"Ev{user}{channel}"
    async with serving(app_for(slack, desk, dragoman_url=slack.url)) as address:
        assert (await event(address, shared, event_id=key))[0] == 200
        while desk.store.inbox.knows(TEAM, surface, key):
            if desk.store.inbox.reply(TEAM, surface, key) is not None:
                break
            await asyncio.sleep(0.05)
    assert bool([call for call in slack.calls if call.method == UNFURL]) is unfurls


async def test_without_an_address_nothing_unfurls(far: LocalWorkspace, desk: Desk) -> None:
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        await far.say(ROOM, f"{far.url}/actor/state:qat")
        await far.settled()
        await asyncio.sleep(0.1)
        assert (await event(address, details("no-address", "actor", "state:qat")))[0] == 200
    assert not [call for call in far.calls if call.method in (UNFURL, PRESENT)]


# --- details -----------------------------------------------------------------------------


async def test_an_opened_actor_shows_brief_timeline_and_sources(slack: LocalWorkspace) -> None:
    ts = await slack.say(ROOM, f"{slack.url}/actor/state:qat")
    await called(slack, UNFURL)
    await slack.people.open_object(ROOM, ts, 0)
    entity = (await called(slack, PRESENT))["metadata"]
    assert "app_unfurl_url" not in entity
    assert "Qatar" in value(entity, "brief")
    assert value(entity, "timeline").startswith("Timeline of Qatar")
    first = value(entity, "sources")[0]["entity_ref"]
    assert first["entity_url"].startswith(f"{slack.url}/article/")
    assert slack.view() is not None


@pytest.fixture(scope="module")
def story(desk: Desk) -> StoredStory:
    """A story of two articles, and a third that only a private channel sees."""
    title = "Earthquake shakes Muscat and closes the port of Sohar"
    text = (
        "An earthquake of magnitude 6.1 shook Muscat on Monday morning and closed the port of"
        " Sohar, the civil aviation authority of Oman said. Nobody was hurt, and ships waited"
        " outside the harbour for inspectors to check its cranes."
    )
    for n, audience in enumerate((EVERYWHERE, EVERYWHERE, PRIVATE)):
        told = Draft(
            title=title,
            text=f"{text} Reporter {n} counted {n + 3} ships before noon, and {n + 5} after it.",
            url=f"https://news{n}.example/quake",
            publisher=f"News {n}",
            published=NOW,
        )
        desk.ingest([told], now=NOW, workspace=TEAM, audience=audience)
    first = desk.store.names.articles(TEAM, ["https://news0.example/quake"])
    (found,) = desk.store.stories.of(TEAM, first).values()
    of = desk.store.stories.one(TEAM, [EVERYWHERE], datetime.now(UTC), found)
    assert of is not None
    return of


async def test_a_story_unfurls_and_opens_to_its_articles(
    slack: LocalWorkspace, story: StoredStory
) -> None:
    ts = await slack.say(ROOM, f"{slack.url}/story/{story.id}")
    entity = entity_of(await called(slack, UNFURL))
    assert value(entity, "articles") == len(story.members) == 2
    assert value(entity, "first_report") == "2026-04-01"
    await slack.people.open_object(ROOM, ts, 0)
    opened = (await called(slack, PRESENT))["metadata"]
    listed = [one["entity_ref"]["external_ref"]["id"] for one in value(opened, "sources")]
    assert listed == [one.article for one in story.members]
    assert value(opened, "timeline").startswith("1 Apr 2026: Earthquake")
    assert value(opened, "brief").count("An earthquake of magnitude 6.1") == 1
    assert value(opened, "brief").endswith(("(News 0, News 1)", "(News 1, News 0)"))
    assert "News 2" not in json.dumps(opened)


async def test_an_opened_article_leads_to_its_story(
    slack: LocalWorkspace, story: StoredStory
) -> None:
    ts = await slack.say(ROOM, f"{slack.url}/article/{story.members[0].article}")
    await called(slack, UNFURL)
    await slack.people.open_object(ROOM, ts, 0)
    entity = (await called(slack, PRESENT))["metadata"]
    (other,) = value(entity, "sources")
    assert other["entity_ref"]["external_ref"]["id"] == story.members[1].article
    (related,) = value(entity, "see_also")
    assert related["entity_ref"]["entity_url"] == f"{slack.url}/story/{story.id}"


@pytest.mark.parametrize(
    ("kind", "key"),
    [("actor", "state:nowhere"), ("story", "nothing"), ("article", "nothing"), ("feed", "1")],
)
async def test_what_is_not_there_is_not_found(
    far: LocalWorkspace, desk: Desk, kind: str, key: str
) -> None:
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        assert (await event(address, details(f"t-{kind}", kind, key)))[0] == 200
        args = await called(far, PRESENT)
    assert args["error"] == {"status": "not_found"}


async def test_an_address_stands_for_a_missing_reference(far: LocalWorkspace, desk: Desk) -> None:
    opened = details("t-search", "", "x") | {"entity_url": f"{far.url}/actor/state%3Aqat"}
    del opened["external_ref"]
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        assert (await event(address, opened))[0] == 200
        args = await called(far, PRESENT)
    assert args["metadata"]["external_ref"]["id"] == "state:qat"


# --- who may see what --------------------------------------------------------------------


async def test_an_article_of_a_private_channel_unfurls_in_no_other_place(
    slack: LocalWorkspace, hidden: str
) -> None:
    await slack.say(ROOM, f"{slack.url}/article/{hidden} and {slack.url}/actor/state:irn")
    entity = entity_of(await called(slack, UNFURL))
    assert entity["external_ref"]["id"] == "state:irn"
    assert HIDDEN not in json.dumps([call.args for call in slack.calls])


@pytest.mark.parametrize("place", [ROOM, DIRECT, ELSEWHERE, None])
async def test_nor_does_it_open_there(
    far: LocalWorkspace, desk: Desk, hidden: str, place: str | None
) -> None:
    opened = details(
        f"t-hidden-{place}", "article", hidden, **({"channel": place} if place else {})
    )
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        assert (await event(address, opened))[0] == 200
        args = await called(far, PRESENT)
    assert args["error"] == {"status": "not_found"}


async def test_it_opens_in_its_own_channel(far: LocalWorkspace, desk: Desk, hidden: str) -> None:
    opened = details("t-own", "article", hidden, channel=PRIVATE)
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        assert (await event(address, opened))[0] == 200
        args = await called(far, PRESENT)
    assert args["metadata"]["entity_payload"]["attributes"]["title"]["text"] == HIDDEN


async def test_an_actor_shows_no_words_of_a_private_channel(
    far: LocalWorkspace, desk: Desk, hidden: str
) -> None:
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        opened = details("t-qatar", "actor", "state:qat", channel=ROOM)
        assert (await event(address, opened))[0] == 200
        args = await called(far, PRESENT)
    assert "metadata" in args
    assert "Zubrowka" not in json.dumps(args)
    assert hidden not in json.dumps(args)


async def test_a_guest_opens_nothing_outside_of_channels(
    far: LocalWorkspace, desk: Desk, article: str
) -> None:
    async with serving(app_for(far, desk, dragoman_url=far.url)) as address:
        far.connect(address)
        for n, place in enumerate((None, ROOM)):
            where = {"channel": place} if place else {}
            opened = details(f"t-guest-{n}", "article", article, user=GUEST, **where)
            assert (await event(address, opened))[0] == 200
            args = await called(far, PRESENT, n + 1)
            assert ("metadata" in args) == (place is not None)


@pytest.mark.usefixtures("hidden")
def test_an_actor_that_private_articles_introduce_is_hidden(desk: Desk) -> None:
    introduced = desk.store.introductions.starting_with(TEAM, [EVERYWHERE, PRIVATE], "zubrowkan")
    for one in introduced:
        assert _details(desk, "actor", one.id) is None
        assert _details(desk, "actor", one.id, place=PRIVATE) is not None
    assert introduced


def test_another_workspace_sees_nothing(desk: Desk, article: str) -> None:
    asker = Asker(workspace="T0OTHER", person=YOU, place=ROOM, now=datetime.now(UTC))
    assert entity_details(desk, asker, "article", article) is None


# --- the local workspace -----------------------------------------------------------------


async def test_the_local_page_shows_the_card_and_opens_it(slack: LocalWorkspace) -> None:
    ts = await slack.say(ROOM, f"{slack.url}/actor/state:qat")
    await called(slack, UNFURL)
    click = {"channel": ROOM, "ts": ts, "block": "open_object0", "action": "open_object"}
    async with aiohttp.ClientSession(headers={"Origin": slack.url}) as session:
        async with session.get(f"{slack.url}/?channel={ROOM}") as page:
            text = await page.text()
        assert "<strong>Type:</strong> State" in text
        assert 'data-action="open_object"' in text
        async with session.post(f"{slack.url}/page/click", json=click | {"value": "7"}) as response:
            assert response.status == 400
        async with session.post(f"{slack.url}/page/click", json=click | {"value": "0"}) as response:
            assert response.status == 200
        await called(slack, PRESENT)
        async with session.get(f"{slack.url}/?channel={ROOM}") as page:
            assert "Timeline of Qatar" in await page.text()


async def test_a_link_on_the_local_page_opens_what_it_leads_to(
    slack: LocalWorkspace, article: str
) -> None:
    url = f"{slack.url}/actor/state:qat"
    async with aiohttp.ClientSession() as session, session.get(url) as page:
        assert page.url.path == "/"
    args = await called(slack, PRESENT)
    assert args["metadata"]["external_ref"] == {"id": "state:qat", "type": "actor"}
    async with aiohttp.ClientSession() as session, session.get(f"{slack.url}/") as page:
        assert f'href="{slack.url}/article/{article}"' in await page.text()


# --- ids, dates and names that Slack would refuse or show wrongly ------------------------


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/actor/state%3Aqat", objects.Page("actor", "state:qat")),
        ("/actor/a%2Fb/?from=x", objects.Page("actor", "a/b")),
        ("/actor/a%00b", None),  # PostgreSQL takes no NUL
        ("/actor/a%0Ab", None),
        ("/actor/a/b", None),
        (f"/actor/{'x' * 401}", None),
        (".evil.example/actor/state:qat", None),
    ],
)
def test_ids_are_decoded_and_checked(path: str, page: objects.Page | None) -> None:
    base = "https://dragoman.example.org"
    assert objects.page_of(base + path, base) == page


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("minute", NOW),
        ("day", NOW.date()),
        (None, NOW.date()),
        ("month", "Apr 2026"),
        ("year", "2026"),
    ],
)
def test_an_article_shows_its_date_as_far_as_it_is_known(
    desk: Desk, precision: Any, shown: Any
) -> None:
    url = f"https://news.example/published-{precision}"
    draft = Draft(title=f"By {precision}", text="Rain fell.", url=url, published=NOW)
    draft = draft.model_copy(update={"published_precision": precision, "author": " "})
    desk.ingest([draft], now=NOW, workspace=TEAM)
    (key,) = desk.store.names.articles(TEAM, [url])
    found = _details(desk, "article", key)
    assert [one.value for one in found.properties if one.label == "Published"] == [shown]
    customs = objects.entity(found, "https://dragoman.example.org")["entity_payload"]
    assert "author" not in {one["key"] for one in customs["custom_fields"]}  # it is blank


def test_an_undated_article_has_no_day_in_its_timeline(desk: Desk) -> None:
    url = "https://news.example/undated"
    desk.ingest([Draft(title="Rain", text="Rain fell.", url=url)], now=NOW, workspace=TEAM)
    (key,) = desk.store.names.articles(TEAM, [url])
    assert _details(desk, "article", key).timeline == ("undated: Rain",)


def test_what_has_no_title_is_untitled() -> None:
    made = objects.entity(EntityDetails("article", "1", "", ()), "https://dragoman.example.org")
    assert made["entity_payload"]["attributes"]["title"]["text"] == "Untitled"


async def test_details_of_a_merged_actor_have_the_id_that_was_opened(
    slack: LocalWorkspace, desk: Desk
) -> None:
    """Slack refuses details of another id than the one that was opened."""
    ts = await slack.say(ROOM, f"{slack.url}/actor/group:hamas")
    await called(slack, UNFURL)
    by = Asker(workspace=TEAM, person=YOU, now=datetime.now(UTC))
    desk.care.change(by, Merge(actor="group:hamas", into="group:hezbollah"))
    try:
        await slack.people.open_object(ROOM, ts, 0)
        entity = (await called(slack, PRESENT))["metadata"]
    finally:
        desk.care.undo(by)
    assert entity["external_ref"] == {"id": "group:hamas", "type": "actor"}
    assert entity["entity_payload"]["attributes"]["title"]["text"] == "Hezbollah"


# --- pages, links and platforms without objects ------------------------------------------


@pytest.mark.parametrize("path", ["/actor/state:qat", "/article/nothing", "/story/x"])
async def test_a_page_tells_nothing_of_what_it_is_about(
    far: LocalWorkspace, desk: Desk, path: str
) -> None:
    async with (
        serving(app_for(far, desk, dragoman_url=far.url)) as address,
        aiohttp.ClientSession() as session,
        session.get(address.replace("/slack/events", path)) as response,
    ):
        text = await response.text()
        assert response.status == 200
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Dragoman answers in Slack" in text
    assert "Qatar" not in text


async def test_a_link_can_be_asked_for(slack: LocalWorkspace) -> None:
    await slack.say(DIRECT, "link to Qatar")
    (answer,) = await answers(slack, DIRECT)
    assert f"{slack.url}/actor/state:qat" in shown(answer)
    await slack.say(DIRECT, "link to Wakanda")
    assert messages.UNKNOWN_ACTOR in shown((await answers(slack, DIRECT, 2))[-1])


@pytest.mark.parametrize("why", ["unknown_method", "missing_scope", "not_allowed_token_type"])
async def test_a_workspace_without_objects_is_told_nothing(
    slack: LocalWorkspace, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    with caplog.at_level(logging.WARNING, logger="handlers"):
        for n in (1, 2):
            slack.refuse_next(UNFURL, why)
            await slack.say(ROOM, f"{slack.url}/actor/state:qat")
            await called(slack, UNFURL, n)
        await asyncio.sleep(0.2)
    assert caplog.text.count(why) == 1
    assert len([call for call in slack.calls if call.method == UNFURL]) == 2
    assert not [one for one in slack.messages(ROOM) if one.get("bot_id")]
