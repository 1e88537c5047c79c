"""Home: published when it is opened, and after whatever is clicked there.

What opens a form does so at once, for Slack takes a trigger for three seconds only; all else is
written down like any request. What is asked for is answered in Messages.
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
from handlers import digest_form, homes
from handlers.asking import Asked, Said
from handlers.blocks import home as blocks
from handlers.blocks.notes import sentence
from handlers.blocks.text import NOTHING, fitted, say, text_of
from handlers.blocks.watch import instant
from handlers.clicks import Value
from handlers.crew import Crew
from handlers.errors import reference
from handlers.landed import Mark
from handlers.watch import announcing
from handlers.whence import workspace_of

SURFACE = "home"

_GONE = "That is there no more: somebody changed it meanwhile."
_OLD = "This button is older than I am: choose again."
_GUEST = "You are a guest here: ask a member to change what a channel is told."


def listen(app: AsyncApp, crew: Crew) -> None:
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
        await crew.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], clicked(body))
        await ack()

    async def change(ack: Any, body: dict[str, Any]) -> None:
        order = clicked(body)
        if order["value"].startswith("settings:"):
            await _digest_form(crew, body, order)
            await ack()
        else:
            await click(ack, body)

    async def set_up(ack: Any, body: dict[str, Any]) -> None:
        await _digest_form(crew, body, clicked(body))
        await ack()

    app.event("app_home_opened", matchers=[home_opened])(opened)
    app.action(re.compile(rf"^(?:{blocks.BRIEF}|{blocks.WATCH}):\w+$"))(click)
    app.action(re.compile(rf"^{blocks.DIGEST}:\d+$"))(change)
    app.action(blocks.AGAIN)(click)
    app.action(blocks.SET_UP)(set_up)


def clicked(body: dict[str, Any]) -> dict[str, Any]:
    """What is written down of a click in Home."""
    action, view = body["actions"][0], body.get("view") or {}
    option = action.get("selected_option") or {}
    return {
        "person": body["user"]["id"],
        "place": blocks.place_of(view),
        "action": action["action_id"],
        "value": str(option.get("value") or action.get("value") or ""),
        "hash": view.get("hash") or "",
    }


async def answer(crew: Crew, request: Request) -> SentReply:
    """Do what was clicked, and publish Home with a word of it."""
    order = request.payload
    room = await homes.place(crew, request)
    action, _, _ = order["action"].partition(":")
    if action == blocks.BRIEF:
        return await _brief(crew, request, room)
    note, seen = NOTHING, order["hash"]
    if action in (blocks.WATCH, blocks.DIGEST):
        guest = await crew.asking.is_guest(request.workspace, order["person"])
        asked = Asked("brief", "", order["person"], room, alone=True)
        name = await crew.asking.name(request.workspace, order["person"])

        def work(asker: Asker) -> Said:
            if action == blocks.WATCH:
                said = _watch(crew, request, asker, name, guest=guest)
            else:
                said = _digest(crew, request, asker, guest=guest)
            return Said(sentence(said), "", asker.now)

        done = await crew.asking.work(request, asked, work)
        note = text_of(done.payload)
    await homes.publish(crew, request, room, note, seen)
    return homes.sent(crew, request)


async def _brief(crew: Crew, request: Request, room: str) -> SentReply:
    """Answer in Messages, and say in Home that it is there."""
    order, until = request.payload, request.lease_until
    try:
        value = Value.model_validate(json.loads(order["value"]))
    except (ValueError, ValidationError):
        await homes.publish(crew, request, room, say(_OLD))
        return homes.sent(crew, request)
    meant = dict(value.meant)
    asked = Asked(value.do, value.q, order["person"], room, meant=meant, alone=True)
    said = await crew.asking.ask(request, asked)
    after = f"{request.received_at.timestamp():.6f}"
    mark = Mark(reference(request), after, doubted=request.attempts > 1)
    ts = await crew.sender.post(room, said.payload, until, None, mark)
    note = f"The answer is in Messages: “{value.q}”."
    just = AskedBefore(do=value.do, query=value.q, at=crew.now())
    await homes.publish_after(crew, request, room, fitted(note, 500), just)
    return crew.sent(request, asked, said, ts)


# --- what is changed ------------------------------------------------------------------


def _watch(crew: Crew, request: Request, asker: Asker, name: str, *, guest: bool) -> str:
    """Mute, pause or stop something that the clicker follows; says so. Raises BadQuery."""
    what, number = _chosen(request)
    store = crew.asking.desk.store.watches
    mine = store.set_up_by(asker.workspace, request.workspace, asker.person)
    watch = next((one for one in mine if one.id == number), None)
    if watch is None:
        return _GONE
    there = _there(asker, watch, guest=guest)

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

    return announcing(crew, request, there, name, change)


def _digest(crew: Crew, request: Request, asker: Asker, *, guest: bool) -> str:
    """Pause, resume or remove a digest that the clicker set up; says so. Raises BadQuery."""
    what, number = _chosen(request)
    of = _own_digest(crew, request.workspace, asker.workspace, asker.person, number)
    if of is None:
        return _GONE
    asker = _there(asker, of, guest=guest)
    setting = Setting(crew.asking.desk, request.workspace, guest=guest)
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


def _chosen(request: Request) -> tuple[str, int]:
    what, _, number = request.payload["value"].partition(":")
    return what, int(number) if number.isdecimal() else 0


def _there(asker: Asker, of: Watch | Digest, *, guest: bool) -> Asker:
    """The same asker in the channel that something was set up for; raises BadQuery for guests."""
    if of.personal:
        return asker
    if guest:
        raise BadQuery(_GUEST, about=asker.person)
    return asker.model_copy(update={"place": of.place})


def _own_digest(crew: Crew, team: str, workspace: str, person: str, number: int) -> Digest | None:
    every = crew.asking.desk.store.digests.all(workspace)
    mine = (one for one in every if (one.team, one.person) == (team, person))
    return next((one for one in mine if one.id == number), None)


async def _digest_form(crew: Crew, body: dict[str, Any], order: dict[str, Any]) -> None:
    """Open the form of one's own digest, or of the one chosen."""
    team, place, text = workspace_of(body), order["place"], " for me"
    number = order["value"].removeprefix("settings:")
    if number.isdecimal():
        whose, person = crew.asking.whose(team), order["person"]
        of = await asyncio.to_thread(_own_digest, crew, team, whose, person, int(number))
        if of is not None and not of.personal:
            place, text = of.place, ""
    opened = {
        "person": order["person"],
        "place": place,
        "response_url": None,
        "text": text,
        "home": order["place"],
    }
    await digest_form.open_form(crew, team, body["trigger_id"], opened)
