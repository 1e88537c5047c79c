"""Home: published when it is opened, and after whatever is clicked there.

What opens a form does so at once, for Slack takes a trigger for three seconds only; all else is
stored like any request. What is asked for is answered in Messages.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.digests.setting import Setting
from bot.errors import BadQuery
from bot.models import AskedBefore, Asker, Digest, Request, SentReply, Watch
from bot.watches.watchlist import WatchList
from handlers import digest, home_view
from handlers.asking import Rendered, UserQuery
from handlers.blocks import home as blocks
from handlers.blocks.notes import sentence
from handlers.blocks.text import NOTHING, fitted, say, text_of
from handlers.blocks.watch import instant
from handlers.clicks import ButtonValue
from handlers.context import Context
from handlers.errors import reference
from handlers.payloads import workspace_of
from handlers.sender import DeliveryMark
from handlers.watch import announcing

SURFACE = "home"

_CHANGED = "That is there no more: somebody changed it meanwhile."
_OLD = "This button is older than I am: choose again."
_GUEST = "You are a guest here: ask a member to change what a channel is told."


def listen(app: AsyncApp, context: Context) -> None:
    """Take in that Home was opened, and what is clicked there."""

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

    async def click(ack: Any, body: dict[str, Any]) -> None:
        await context.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], clicked(body))
        await ack()

    async def change(ack: Any, body: dict[str, Any]) -> None:
        order = clicked(body)
        if order["value"].startswith("settings:"):
            await _digest_form(context, body, order)
            await ack()
        else:
            await click(ack, body)

    async def set_up(ack: Any, body: dict[str, Any]) -> None:
        await _digest_form(context, body, clicked(body))
        await ack()

    app.event("app_home_opened", matchers=[home_opened])(opened)
    app.action(re.compile(rf"^(?:{blocks.BRIEF}|{blocks.WATCH}):\w+$"))(click)
    app.action(re.compile(rf"^{blocks.DIGEST}:\d+$"))(change)
    app.action(blocks.AGAIN)(click)
    app.action(blocks.SET_UP)(set_up)


def clicked(body: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a click in Home."""
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
    """Do what was clicked, and publish Home with a word of it."""
    order = request.payload
    room = await home_view.direct_room(context, request)
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
    await home_view.publish(context, request, room, note, seen)
    return home_view.record(context, request)


async def _brief(context: Context, request: Request, room: str) -> SentReply:
    """Answer in Messages, and say in Home that it is there."""
    order, until = request.payload, request.lease_until
    try:
        value = ButtonValue.model_validate(json.loads(order["value"]))
    except (ValueError, ValidationError):
        await home_view.publish(context, request, room, say(_OLD))
        return home_view.record(context, request)
    meant = dict(value.meant)
    asked = UserQuery(value.do, value.q, order["person"], room, meant=meant, alone=True)
    said = await context.asking.ask(request, asked)
    after = f"{request.received_at.timestamp():.6f}"
    mark = DeliveryMark(reference(request), after, doubted=request.attempts > 1)
    ts = await context.sender.post(room, said.payload, until, None, mark)
    note = f"The answer is in Messages: “{value.q}”."
    just = AskedBefore(do=value.do, query=value.q, at=context.now())
    await home_view.publish_later(context, request, room, fitted(note, 500), just)
    return context.sent(request, asked, said, ts)


# --- what is changed ------------------------------------------------------------------


def _watch(context: Context, request: Request, asker: Asker, name: str, *, guest: bool) -> str:
    """Mute, pause or stop something that the clicker follows; says so. Raises BadQuery."""
    what, number = _option_chosen(request)
    store = context.store.watches
    mine = store.set_up_by(asker.workspace, request.workspace, asker.person)
    watch = next((one for one in mine if one.id == number), None)
    if watch is None:
        return _CHANGED
    there = _in_channel(asker, watch, guest=guest)

    def change(watching: WatchList) -> str:
        match what:
            case "mute":
                said, until = watching.mute(there, f"#{number} 8h")
                return f"Muted until {instant(until, there.now, there.tz)}: {said}."
            case "pause" | "resume":
                return watching.pause(there, f"#{number}", paused=what == "pause")
            case "remove":
                return watching.remove(there, f"#{number}")
            case _:
                return _OLD

    return announcing(context, request, there, name, change)


def _digest(context: Context, request: Request, asker: Asker, *, guest: bool) -> str:
    """Pause, resume or remove a digest that the clicker set up; says so. Raises BadQuery."""
    what, number = _option_chosen(request)
    of = _own_digest(context, request.workspace, asker.workspace, asker.person, number)
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
            return "The digest comes again."
        case "off":
            setting.remove(asker, mine=of.personal)
            return "That digest comes no more."
        case _:
            return _OLD


def _option_chosen(request: Request) -> tuple[str, int]:
    what, _, number = request.payload["value"].partition(":")
    return what, int(number) if number.isdecimal() else 0


def _in_channel(asker: Asker, of: Watch | Digest, *, guest: bool) -> Asker:
    """The same asker in the channel that something was set up for; raises BadQuery for guests."""
    if of.personal:
        return asker
    if guest:
        raise BadQuery(_GUEST, about=asker.person)
    return asker.model_copy(update={"place": of.place})


def _own_digest(
    context: Context, team: str, workspace: str, person: str, number: int
) -> Digest | None:
    every = context.store.digests.all(workspace)
    mine = (one for one in every if (one.team, one.person) == (team, person))
    return next((one for one in mine if one.id == number), None)


async def _digest_form(context: Context, body: dict[str, Any], order: dict[str, Any]) -> None:
    """Open the form of one's own digest, or of the one chosen."""
    team, place, text = workspace_of(body), order["place"], " for me"
    number = order["value"].removeprefix("settings:")
    if number.isdecimal():
        whose, person = context.asking.content_workspace(team), order["person"]
        of = await asyncio.to_thread(_own_digest, context, team, whose, person, int(number))
        if of is not None and not of.personal:
            place, text = of.place, ""
    opened = {
        "person": order["person"],
        "place": place,
        "response_url": None,
        "text": text,
        "home": order["place"],
    }
    await digest.open_form(context, team, body["trigger_id"], opened)


ANSWERS = {SURFACE: answer}
