"""Whatever the bot listens to, delivered one to four times at once to two replicas: answered once.

The table has a row for each thing listened to; whatever is listened to without one fails.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from bot.desk import Desk
from bot.models import Asker, Feedback
from bot.store.inbox import request
from bot.watches.watchlist import Followed, WatchList, WatchRequest
from handlers.app import ANSWERS, SURFACES
from handlers.blocks import curation, digest
from handlers.blocks.curation import COMMENT
from handlers.workspace import payloads
from tests.retried import Listened, Twice, by_http, by_socket, until
from tests.slack import DIRECT, ROOM, TEAM, US, YOU
from tests.stocked import desk_at

Desks = tuple[Desk, Desk]
Scenario = Callable[[Twice], Awaitable[Counter[str]]]
Over = Callable[..., AbstractAsyncContextManager[Twice]]

QATAR = {"do": "brief", "q": "Qatar"}
MEANT = [["Qatar", "state:qat"]]
PRIVATELY, PUBLICLY, REPLACED = ({"response_url": 1}, {"chat.postMessage": 1}, {"chat.update": 1})
ANNOUNCED = PRIVATELY | PUBLICLY
PUBLISHED = {"views.publish": 1}
COMPLETED = {"functions.completeSuccess": 1}

OUR_URL = "https://pages.example"


class Row(NamedTuple):
    """What is done, what is shown for it, by the method that shows it, and which of ``ANSWERS``
    it is answered by; empty where nothing is written down."""

    does: Scenario
    shows: dict[str, int]
    by: str


def says(text: str, room: str = ROOM) -> Scenario:
    return lambda world: world.deliver(world.far.say(room, text))


def types(command: str, text: str) -> Scenario:
    return lambda world: world.deliver(world.far.command(ROOM, text, command=command))


def picks(option: str) -> Scenario:
    """An option of the menu, which asks again about Qatar."""
    menu = 'menu:["brief","Qatar",0,[["Qatar","state:qat"]]]'
    return lambda world: world.deliver(world.click(menu, {}, option=option))


def tells(event: dict[str, Any]) -> Scenario:
    """An event that is no post, as Slack tells of it."""
    return lambda world: world.deliver(world.far._conversation.event(event))


def clicks(action: str, value: dict[str, Any] | str) -> Scenario:
    return lambda world: world.deliver(world.click(action, value))


async def _opens_page(world: Twice) -> Counter[str]:
    """Open the details of a page; each trigger is new."""
    opened = {
        "type": "entity_details_requested",
        "user": YOU,
        "trigger_id": f"t{len(world.far.deliveries)}-{id(world)}",
        "external_ref": {"id": "state:qat", "type": "actor"},
    }
    return await world.deliver(world.far._conversation.event(opened))


def nothing_followed(does: Scenario) -> Scenario:
    """The same in a workspace where nothing is followed yet."""

    async def first(world: Twice) -> Counter[str]:
        _let_go(world)
        return await does(world)

    return first


def runs(step: str, **inputs: Any) -> Scenario:
    """A step of a workflow that somebody runs."""
    return lambda world: world.deliver(world.far.steps.run(step, inputs, YOU))


def of_qatar(action: str) -> Scenario:
    """A click on a button about the one topic that the channel follows."""

    async def does(world: Twice) -> Counter[str]:
        _let_go(world)
        asker = Asker(workspace=TEAM, person=YOU, place=ROOM, now=datetime.now(UTC))
        done = WatchList(world.desk, TEAM).follow(asker, WatchRequest("Qatar"))
        assert isinstance(done, Followed)
        return await world.deliver(world.click(action, {"ids": [done.watch.id]}))

    return does


def _let_go(world: Twice) -> None:
    for one in world.desk.store.watches.all():
        world.desk.store.watches.remove(one.workspace, [one.id])


async def _follow_up(world: Twice) -> Counter[str]:
    first = world.far.say(ROOM, "@Dragoman who moved to Turkey?")
    assert await world.deliver(first) == PUBLICLY
    (ts,) = {one["thread_ts"] for one in world.far.messages(ROOM) if one["user"] == US}
    return await world.deliver(world.far.say(ROOM, "and Qatar?", thread_ts=ts))


async def _edited(world: Twice) -> Counter[str]:
    asked: list[str] = []

    async def ask() -> None:
        asked.append(await world.far.say(DIRECT, "brief Qatar"))

    assert await world.deliver(ask()) == PUBLICLY
    message = world.far._messages.get(DIRECT, asked[0])
    assert message is not None
    now = message.model_copy(update={"text": "brief Iran", "edited_ts": "1800000000.000100"})
    event = payloads.changed_event(now, message, world.far.channels[DIRECT], "1800000000.000100")
    return await world.deliver(world.far._conversation.event(event))


async def _links_posted(world: Twice) -> Counter[str]:
    assert await world.deliver(world.far.say(ROOM, "@Dragoman read links here")) == PUBLICLY
    shown = await world.deliver(world.far.say(ROOM, "see http://127.0.0.1:9/a"))
    await world.deliver(world.far.say(ROOM, "@Dragoman stop reading links"))
    return shown


async def _file(world: Twice) -> Counter[str]:
    note = b"Qatar met Iran in Doha on Monday, the gazette of example.org said."
    return await world.deliver(world.far.people.share(DIRECT, "note.txt", note))


async def _trusted(world: Twice) -> Counter[str]:
    before = len(_log(world))
    shown = await world.deliver(world.far.say(ROOM, "@Dragoman distrust Wikidata"))
    assert len(_log(world)) - before <= 1
    return shown


def _log(world: Twice) -> list[Any]:
    return [one.level for one in world.desk.store.sources.all(TEAM, ["*"]) if one.level != "normal"]


async def _opens_form(world: Twice, does: Scenario) -> Counter[str]:
    shown = await does(world)
    assert world.far.view() is not None
    assert not [one for one in world.far.messages(ROOM) if one["user"] == US]
    return shown


async def _submits(world: Twice, does: Scenario, values: dict[str, str]) -> Counter[str]:
    await _opens_form(world, does)
    return await world.deliver(world.far.submit(values))


async def _shortcut(world: Twice, callback: str, text: str) -> Counter[str]:
    said: list[str] = []

    async def say() -> None:
        said.append(await world.far.say(ROOM, text))

    assert await world.deliver(say()) == {}
    return await world.deliver(world.far.people.shortcut(ROOM, said[0], callback=callback))


async def _opens_panel(world: Twice) -> Counter[str]:
    shown = await world.deliver(world.far.open_messages())
    await _prompted(world)
    return shown


async def _prompted(world: Twice) -> None:
    """Prompts are set, not added: however often, the same stand there."""
    await until(lambda: bool(world.far.panel.prompts))


async def _undoes(world: Twice) -> Counter[str]:
    kept = {"do": "brief", "q": "gas emirate", "meant": [["gas emirate", "state:qat"]]}
    values = {curation.WHO: curation.OTHER, curation.NAME: "Iran", curation.DO: curation.ALIAS}
    before = len(world.desk.store.curation.log(TEAM))
    assert await _submits(world, clicks("wrong", kept), values) == PRIVATELY
    log = world.desk.store.curation.log(TEAM)
    assert len(log) - before == 1
    return await world.deliver(world.click(curation.UNDO, {"n": max(one.seq for one in log)}))


async def _marks_a_fact(world: Twice) -> Counter[str]:
    """Mark a fact as wrong once, however often Slack sends the click; restore it for the next test."""
    asker = Asker(workspace=TEAM, person=YOU, place=ROOM, now=datetime.now(UTC))
    one, *_ = world.desk.store.facts(TEAM, world.desk.library(asker).audiences)
    before = len(world.desk.store.curation.log(TEAM))
    shown = await world.deliver(world.click(curation.FAULT, {}, option=f"who:{one.id}"))
    assert len(world.desk.store.curation.log(TEAM)) - before == 1
    world.desk.care.undo(asker)
    return shown


def _commented(world: Twice) -> Awaitable[Counter[str]]:
    """Opens the form for a comment on a reply that something was said of."""
    of = {"workspace": TEAM, "reply": "r", "person": YOU, "query": "Qatar", "told": "Talks."}
    given = Feedback(**of, verdict="down", place=ROOM, at=datetime.now(UTC))
    world.desk.store.feedback.give(given)
    return clicks(COMMENT, {"reply": "r"})(world)


async def _digest_now(world: Twice) -> Counter[str]:
    await world.deliver(world.far.command(ROOM, "daily at 8", command="/digest"))
    return await world.deliver(world.far.command(ROOM, "now", command="/digest"))


async def _home(world: Twice) -> Counter[str]:
    return await world.deliver(world.far.open_home())


def in_home(action: str, value: str = "") -> Scenario:
    """A click in Home on what a member may see there, or may have seen there before."""

    async def does(world: Twice) -> Counter[str]:
        assert await _home(world) == PUBLISHED
        view = world.far.homes[YOU]
        element = {"type": "button", "action_id": action, "value": value, "block_id": "b"}
        payload = payloads.view_actions(
            {**element, "action_ts": "1.1"},
            view=view,
            values={},
            user=world.far.users[YOU],
            trigger_id=world.far._views.trigger(YOU),
        )
        form = {"payload": json.dumps(payload)}
        return await world.deliver(world.far._deliverer.form("interactivity", form))

    return does


def sends(opening: Scenario, values: dict[str, str]) -> Scenario:
    """The form that something opens, sent with these values."""

    async def does(world: Twice) -> Counter[str]:
        await _opens_form(world, opening)
        return await world.deliver(world.far.submit(values))

    return does


def opens(opening: Scenario) -> Scenario:
    return lambda world: _opens_form(world, opening)


FORM = types("/digest", "")
WRONG = clicks("wrong", {**QATAR, "meant": MEANT})

ROWS: dict[str, list[Row]] = {
    "event app_mention": [Row(says("@Dragoman who moved to Turkey?"), PUBLICLY, "message")],
    "event message": [
        Row(says("who moved to Turkey?", DIRECT), PUBLICLY, "message"),
        Row(_follow_up, PUBLICLY, "message"),
        Row(_edited, REPLACED, "edit"),
        Row(_links_posted, PUBLICLY, "intake"),
        Row(says("link to Qatar", DIRECT), PUBLICLY, "link"),
        Row(says("http://127.0.0.1:9/b", DIRECT), PUBLICLY, "intake"),
        Row(_file, PUBLICLY, "intake"),
        Row(_trusted, PUBLICLY, "trust"),
        Row(says("nobody is asked"), {}, ""),
    ],
    "event app_home_opened": [Row(_opens_panel, {}, ""), Row(_home, PUBLISHED, "home")],
    "action home_brief": [
        Row(in_home("home_brief:0", json.dumps(QATAR)), PUBLICLY | PUBLISHED, "home")
    ],
    "action home_watch": [
        Row(nothing_followed(in_home("home_watch:1", "pause:1")), PUBLISHED, "home")
    ],
    "action home_digest": [
        Row(in_home("home_digest:1", "pause:1"), PUBLISHED, "home"),
        Row(opens(in_home("home_digest:1", "settings:1")), {}, "home"),
    ],
    "action home_again": [Row(in_home("home_again"), PUBLISHED, "home")],
    "action home_set_up": [Row(opens(in_home("home_set_up")), {}, "home")],
    "action home_settings": [Row(opens(in_home("home_settings")), {}, "home")],
    "action home_for_all": [Row(opens(in_home("home_for_all")), {}, "home")],
    "action home_feeds": [Row(opens(in_home("home_feeds")), {}, "home")],
    "action home_seeds": [
        Row(in_home("home_seeds", json.dumps({"category": "Oceania"})), PUBLISHED, "feeding")
    ],
    "view home_mine": [
        Row(sends(in_home("home_settings"), {"dates": "ISO"}), PUBLISHED, "preferences")
    ],
    "view home_place": [
        Row(sends(types("/brief", "settings"), {"least": "2"}), PRIVATELY, "preferences")
    ],
    "view home_workspace": [
        Row(sends(in_home("home_for_all"), {"who": "everybody"}), PUBLISHED, "preferences")
    ],
    "view home_add_feeds": [
        Row(sends(in_home("home_feeds"), {"region": "Oceania"}), PUBLISHED, "feeding")
    ],
    "event app_uninstalled": [Row(tells({"type": "app_uninstalled"}), {}, "")],
    "event tokens_revoked": [
        Row(tells({"type": "tokens_revoked", "tokens": {"bot": [US]}}), {}, ""),
    ],
    "event app_context_changed": [
        Row(
            tells(
                {
                    "type": "app_context_changed",
                    "user": YOU,
                    "context": {"entities": [{"type": "slack#/types/channel_id", "value": ROOM}]},
                }
            ),
            {},
            "",
        )
    ],
    "event link_shared": [
        Row(
            tells(
                {
                    "type": "link_shared",
                    "user": YOU,
                    "channel": ROOM,
                    "message_ts": "1.5",
                    "links": [{"url": f"{OUR_URL}/actor/state:qat", "domain": "pages.example"}],
                }
            ),
            {"chat.unfurl": 1},
            "unfurl",
        )
    ],
    "event entity_details_requested": [Row(_opens_page, {"entity.presentDetails": 1}, "details")],
    "command /brief": [
        Row(types("/brief", "Qatar"), PRIVATELY, "command"),
        Row(types("/brief", "Qatar public"), PRIVATELY, "command"),
    ],
    "command /watch": [
        Row(nothing_followed(types("/watch", "add Qatar")), ANNOUNCED, "watch"),
        Row(types("/watch", "list"), PRIVATELY, "watch"),
    ],
    "command /digest": [
        Row(types("/digest", "daily at 8"), PRIVATELY, "digest"),
        Row(_digest_now, PRIVATELY | PUBLICLY, "digest"),
        Row(lambda world: _opens_form(world, FORM), {}, ""),
    ],
    "action more": [Row(clicks("more", QATAR), PRIVATELY, "action")],
    "action since": [Row(clicks("since", QATAR), PRIVATELY, "action")],
    "action choose": [Row(clicks("choose:0", QATAR), PRIVATELY, "action")],
    "action related": [Row(clicks("related:1", QATAR), PRIVATELY, "action")],
    "action share": [Row(clicks("share", QATAR), PUBLICLY, "share")],
    "action direct": [Row(clicks("direct", QATAR), PUBLICLY | PRIVATELY, "direct")],
    "action menu": [
        Row(picks("sources"), PRIVATELY, "sources"),
        Row(picks("since"), PRIVATELY, "action"),
        Row(lambda world: _opens_form(world, picks("wrong")), {}, ""),
        Row(picks("wrong_fact"), PRIVATELY, "wrong_fact"),
    ],
    "action sources": [Row(clicks("sources", QATAR), PRIVATELY, "sources")],
    "action export": [
        Row(clicks("export", QATAR), {"files.completeUploadExternal": 1, **PRIVATELY}, "export")
    ],
    "action timeline": [Row(clicks("timeline", QATAR), PRIVATELY, "export")],
    "action follow": [Row(clicks("follow", {"meant": MEANT}), PRIVATELY, "watch")],
    "action watch_here": [
        Row(nothing_followed(clicks("watch_here", {"meant": MEANT})), ANNOUNCED, "watch")
    ],
    "action watch_choose": [
        Row(
            nothing_followed(clicks("watch_choose:0", {"text": "Qatar", "meant": MEANT})),
            ANNOUNCED,
            "watch",
        )
    ],
    "action watch_mute": [Row(of_qatar("watch_mute"), ANNOUNCED, "watch")],
    "action watch_digest": [Row(of_qatar("watch_digest"), ANNOUNCED, "watch")],
    "action watch_stop": [Row(of_qatar("watch_stop"), ANNOUNCED, "watch")],
    "action digest_pause": [Row(clicks("digest_pause", {}), PRIVATELY, "digest")],
    "action digest_settings": [
        Row(lambda world: _opens_form(world, clicks("digest_settings", {})), {}, "")
    ],
    "action good": [Row(clicks("good", QATAR), PRIVATELY, "feedback")],
    "action bad": [Row(clicks("bad", QATAR), PRIVATELY, "feedback")],
    "action feedback": [Row(clicks("feedback", f"bad:{json.dumps(QATAR)}"), PRIVATELY, "feedback")],
    "action comment": [Row(lambda world: _opens_form(world, _commented), {}, "")],
    "view comment": [
        Row(lambda world: _submits(world, _commented, {COMMENT: "no"}), PRIVATELY, "feedback")
    ],
    "action wrong": [Row(lambda world: _opens_form(world, WRONG), {}, "")],
    "action wrong_fact": [Row(clicks("wrong_fact", QATAR), PRIVATELY, "wrong_fact")],
    "action fault": [Row(_marks_a_fact, PRIVATELY, "wrong_fact")],
    "action undo": [Row(_undoes, PRIVATELY, "correction")],
    "view correction": [
        Row(
            lambda world: _submits(world, WRONG, {curation.WHO: "-", curation.NAME: "Iran"}),
            PRIVATELY,
            "correction",
        )
    ],
    "view digest": [
        Row(lambda world: _submits(world, FORM, {digest.AT: "9:00"}), PRIVATELY, "digest")
    ],
    "shortcut add_to_dragoman": [
        Row(
            lambda w: _shortcut(w, "add_to_dragoman", "look: http://127.0.0.1:9/c"),
            PUBLICLY,
            "intake",
        )
    ],
    "shortcut brief_on_this": [
        Row(
            lambda w: _shortcut(w, "brief_on_this", "Did you see what Qatar did?"),
            PRIVATELY,
            "shortcut",
        )
    ],
    "function brief_on_actor": [Row(runs("brief_on_actor", about="Qatar"), COMPLETED, "step")],
    "function check_claim": [Row(runs("check_claim", claim="Iran met Qatar"), COMPLETED, "step")],
    "function watch_event": [
        Row(
            nothing_followed(runs("watch_event", topic="Qatar", channel=ROOM)),
            COMPLETED | PUBLICLY,
            "step",
        )
    ],
}
ALL = [
    pytest.param(row, id=f"{name} {n}".removesuffix(" 0"))
    for name, rows in ROWS.items()
    for n, row in enumerate(rows)
]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    folder = tmp_path_factory.mktemp("replicas")
    one, other = desk_at(folder), desk_at(folder)
    yield one, other
    one.close()
    other.close()


def written(world: Twice) -> Counter[str]:
    """How many requests the store has, by what answers them."""
    with world.desk.store._read() as connection:
        return Counter(connection.execute(select(request.c.surface)).scalars())


def test_the_table_has_all_that_is_listened_to() -> None:
    listened = Listened()
    for surface in SURFACES:
        surface.listen(listened, None)
    assert listened.to == set(ROWS)
    assert {row.by for rows in ROWS.values() for row in rows} - {""} == set(ANSWERS)


@pytest.mark.parametrize("over", [by_http, by_socket], ids=["http", "socket"])
@pytest.mark.parametrize("row", ALL)
async def test_answered_once(desks: Desks, row: Row, over: Over) -> None:
    async with over(desks, dragoman_admins=YOU, dragoman_url=OUR_URL) as world:
        before = written(world)
        assert await row.does(world) == row.shows
        new = written(world) - before
        assert new[row.by] >= 1 if row.by else not new


async def test_what_a_connection_took_that_then_broke_comes_through_another(desks: Desks) -> None:
    """The acknowledgement is lost with the connection, and Slack sends it again elsewhere."""
    async with by_socket(desks) as world:
        before = len(world.far.deliveries)
        await world.far.say(DIRECT, "who moved to Turkey?")
        (one,) = {d.body: d for d in world.far.deliveries[before:]}.values()
        envelope = {"envelope_id": "lost", "type": "events_api", "payload": json.loads(one.body)}
        await world.links[0].send_str(json.dumps(envelope))
        await world.links[0].close()
        assert await world.ways[1](one)
        await world.done()
        posts = [call for call in world.far.calls if call.method == "chat.postMessage"]
        assert len(posts) == 1
