"""Home: published when it is opened, and after every click there.

A click that opens a form is handled at once, because a Slack trigger is valid for only three
seconds; all others are stored like any request. Questions asked there are answered in Messages.

Slack keeps one view per person. Two published at once may overtake each other, so here one waits
for the other. If the clicked view was replaced from elsewhere, its replacement is gathered again
after that.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any
from weakref import WeakValueDictionary

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.digests.setting import Setting
from bot.errors import BadQuery
from bot.home.page import Who, home
from bot.models import AskedBefore, Asker, Digest, Request, SentReply, Watch
from bot.watches.watchlist import WatchList
from handlers import interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks import home as blocks
from handlers.blocks.home import failed_view, home_view
from handlers.blocks.layout import Payload
from handlers.blocks.limits import home_problems
from handlers.blocks.notes import sentence
from handlers.blocks.text import NOTHING, Text, fitted, say, text_of
from handlers.blocks.watch import instant
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable, in_log, reference
from handlers.interactions import OUTDATED, ButtonValue
from handlers.payloads import workspace_of
from handlers.sender import DeliveryMark
from handlers.watch import announcing

log = logging.getLogger(__name__)

SURFACE = "home"

_CHANGED = "That no longer exists: somebody has changed it in the meantime."
_OLD = "This menu is out of date. Please choose again."
_GUEST = "You are a guest here. Ask a member to change what this channel follows."


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for openings of Home, and for clicks there."""

    async def home_opened(event: dict[str, Any]) -> bool:
        return event.get("tab") == "home"

    async def opened(ack: Any, body: dict[str, Any]) -> None:
        event = body["event"]
        order = {
            "person": event["user"],
            "place": event.get("channel") or "",
            "action": blocks.AGAIN,
            "hash": (event.get("view") or {}).get("hash") or "",
        }
        key = body.get("event_id") or f"{event['user']}:{event.get('event_ts')}"
        await context.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    click = interactions.listener(context, SURFACE, clicked)
    app.event("app_home_opened", matchers=[home_opened])(opened)
    app.action(re.compile(rf"^(?:{blocks.BRIEF}|{blocks.WATCH}):\w+$"))(click)
    app.action(blocks.AGAIN)(click)


def clicked(body: dict[str, Any]) -> dict[str, Any]:
    """Make the record of a click in Home."""
    action, view = body["actions"][0], body.get("view") or {}
    option = action.get("selected_option") or {}
    return {
        "person": body["user"]["id"],
        "place": blocks.place_of(view),
        "action": action["action_id"],
        "value": str(option.get("value") or action.get("value") or ""),
        "hash": view.get("hash") or "",
    }


async def answer(context: Context, request: Request) -> SentReply:
    """Do what the click asks for, and publish Home with a note about it."""
    order = request.payload
    room = await direct_room(context, request)
    action, _, _ = order["action"].partition(":")
    if action == blocks.BRIEF:
        return await _brief(context, request, room)
    note, seen = NOTHING, order["hash"]
    if action in (blocks.WATCH, blocks.DIGEST):
        guest = await context.people.is_guest(request.workspace, order["person"])
        asked = UserQuery("brief", "", order["person"], room, alone=True)
        name = await context.people.display_name(request.workspace, order["person"])

        def work(asker: Asker) -> Rendered:
            if action == blocks.WATCH:
                said = _watch(context, request, asker, name, guest=guest)
            else:
                said = _digest(context, request, asker, guest=guest)
            return Rendered(sentence(said), "", asker.now)

        done = await context.asking.work(request, asked, work)
        note = text_of(done.payload)
    await publish(context, request, room, note, seen)
    return record(context, request)


async def _brief(context: Context, request: Request, room: str) -> SentReply:
    """Answer in Messages, and note in Home that the answer is there."""
    order, until = request.payload, request.lease_until
    try:
        value = ButtonValue.model_validate(json.loads(order["value"]))
    except (ValueError, ValidationError):
        await publish(context, request, room, say(OUTDATED))
        return record(context, request)
    meant = dict(value.meant)
    asked = UserQuery(value.do, value.q, order["person"], room, meant=meant, alone=True)
    said = await context.asking.ask(request, asked)
    after = f"{request.received_at.timestamp():.6f}"
    mark = DeliveryMark(reference(request), after, doubted=request.attempts > 1)
    ts = await context.sender.post(room, said.payload, until, None, mark)
    note = f"The answer is in Messages: “{value.q}”."
    just = AskedBefore(do=value.do, query=value.q, at=context.now())
    await publish_later(context, request, room, fitted(note, 500), just)
    return context.sent(request, asked, said, ts)


# --- the view ----------------------------------------------------------------------------


CONFLICT = "hash_conflict"
TAB = "home"
"""The place of replies given in Home: never one in which replies are looked up."""

_turns: WeakValueDictionary[tuple[int, str, str], asyncio.Lock] = WeakValueDictionary()


async def role_of(context: Context, team: str, person: str) -> Who:
    """Return whether somebody is an admin, a guest or a member; a member if Slack does not say."""
    guest = await context.people.is_guest(team, person)
    admin = await context.people.is_admin(team, person)
    return Who(person, admin=admin and not guest, guest=guest)


async def direct_room(context: Context, request: Request) -> str:
    """Return the direct messages with the person of a request; raises as ``Sender.post``."""
    if known := request.payload.get("place"):
        return str(known)
    person = request.payload["person"]
    opened = await context.sender.call("conversations.open", request.lease_until, users=person)
    return str(opened["channel"]["id"])


def record(context: Context, request: Request) -> SentReply:
    """Make the record that the store keeps of a request that is only answered in Home."""
    # No query is kept: a click in Home cannot be followed up with another question.
    asked = UserQuery("brief", "", request.payload["person"], TAB, alone=True)
    return context.sent(request, asked, Rendered({}, "", context.now()), None)


async def publish(
    context: Context,
    request: Request,
    room: str,
    note: Text = NOTHING,
    seen: str = "",
    just: AskedBefore | None = None,
) -> None:
    """Gather and publish the Home of the person of a request; raises as ``Sender.post``.

    ``room`` are the direct messages with them, ``note`` says what was done, ``seen`` is the hash
    of the view that they saw, and ``just`` is their latest question.
    """
    person = request.payload["person"]
    key = (id(asyncio.get_running_loop()), request.workspace, person)
    async with _turns.setdefault(key, asyncio.Lock()):
        view = await _view(context, request, room, note, just)
        try:
            await context.sender.publish(person, view, request.lease_until, seen)
        except Undeliverable as error:
            if error.about != CONFLICT:
                raise
            view = await _view(context, request, room, note, just)
            await context.sender.publish(person, view, request.lease_until)


async def publish_later(
    context: Context, request: Request, room: str, note: Text, just: AskedBefore
) -> None:
    """Publish once the request itself is done, so that a failure is only logged."""
    try:
        await publish(context, request, room, note, just=just)
    except (NotNow, Undeliverable) as error:
        log.warning("request %s is done, but not shown in Home: %s", reference(request), error)


async def _view(
    context: Context, request: Request, room: str, note: Text, just: AskedBefore | None
) -> Payload:
    person, team = request.payload["person"], request.workspace
    of = await role_of(context, team, person)
    made: dict[str, Any] = {}

    def work(asker: Asker) -> Rendered:
        found = home(context.desk, team, asker, of, just)
        made.update(home_view(found, asker.now, asker.tz, room, note))
        return Rendered({}, "", asker.now)

    asked = UserQuery("brief", "", person, room, alone=True)
    failed = await context.asking.work(request, asked, work)
    if not made:
        return failed_view(text_of(failed.payload), room)
    if broken := home_problems(made):
        log.error("request %s: a home breaks limits: %s", reference(request), "; ".join(broken))
        why = f"There is too much to show here. {in_log(reference(request))}"
        return failed_view(say(why), room)
    return made


# --- changes --------------------------------------------------------------------------


def _watch(context: Context, request: Request, asker: Asker, name: str, *, guest: bool) -> str:
    """Mute, pause or stop a watch of the clicker; return a note. Raises BadQuery."""
    what, number = _option_chosen(request)
    store = context.store.watches
    mine = store.set_up_by(asker.workspace, request.workspace, asker.person)
    watch = next((one for one in mine if one.id == number), None)
    if watch is None:
        return _CHANGED
    asker_there = _in_channel(asker, watch, guest=guest)

    def change(watching: WatchList) -> str:
        match what:
            case "mute":
                said, until = watching.mute(asker_there, f"#{number} 8h")
                return f"Muted until {instant(until, asker_there.now, asker_there.tz)}: {said}."
            case "pause" | "resume":
                return watching.pause(asker_there, f"#{number}", paused=what == "pause")
            case "remove":
                return watching.remove(asker_there, f"#{number}")
            case _:
                return _OLD

    return announcing(context, request, asker_there, name, change)


def _digest(context: Context, request: Request, asker: Asker, *, guest: bool) -> str:
    """Pause, resume or remove a digest that the clicker set up; return a note. Raises BadQuery."""
    what, number = _option_chosen(request)
    of = own_digest(context, request.workspace, asker.workspace, asker.person, number)
    if of is None:
        return _CHANGED
    asker = _in_channel(asker, of, guest=guest)
    setting = Setting(context.desk, request.workspace, guest=guest)
    match what:
        case "pause":
            setting.pause(asker, mine=of.personal)
            return "The digest is paused."
        case "resume":
            setting.resume(asker, mine=of.personal)
            return "The digest is active again."
        case "off":
            setting.remove(asker, mine=of.personal)
            return "The digest was removed."
        case _:
            return _OLD


def _option_chosen(request: Request) -> tuple[str, int]:
    what, _, number = request.payload["value"].partition(":")
    return what, int(number) if number.isdecimal() else 0


def _in_channel(asker: Asker, of: Watch | Digest, *, guest: bool) -> Asker:
    """Return the asker in the channel of a watch or digest; raises BadQuery for guests."""
    if of.personal:
        return asker
    if guest:
        raise BadQuery(_GUEST, about=asker.person)
    return asker.model_copy(update={"place": of.place})


def own_digest(
    context: Context, team: str, workspace: str, person: str, number: int
) -> Digest | None:
    """Return the digest of that number, if ``person`` set it up in ``team``."""
    every = context.store.digests.all(workspace)
    mine = (one for one in every if (one.team, one.person) == (team, person))
    return next((one for one in mine if one.id == number), None)


ANSWERS = {SURFACE: answer}
