"""``/watch``, Follow under a brief, and the buttons under alerts: only the asker gets the answer.

A change to a channel's watches is announced there, once, in a line that names who made it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.models import Asker, DidYouMean, Outgoing, Request, SentReply
from bot.watches.watchlist import Command, WatchList, WatchRequest, parse_command, parse_watch
from handlers import interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks import buttons
from handlers.blocks import watch as blocks
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text
from handlers.context import Context

T = TypeVar("T")

SURFACE = "watch"

_ANNOUNCED = timedelta(hours=1)
"""How long to keep trying to announce a change."""

COMMAND = "/watch"


class WatchValue(BaseModel):
    """The value of a button about watches: their numbers, words to follow, or actors."""

    ids: tuple[int, ...] = ()
    text: str = ""
    meant: tuple[tuple[str, str], ...] = Field(default=(), max_length=10)


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for the command and the clicks."""
    click = interactions.listener(context, SURFACE)
    app.command(COMMAND)(interactions.listener(context, SURFACE, interactions.command_record))
    for action in (buttons.FOLLOW, blocks.HERE, blocks.MUTE, blocks.DIGEST, blocks.STOP):
        app.action(action)(click)
    app.action(re.compile(rf"^{blocks.CHOOSE}:\d+$"))(click)


async def answer(context: Context, request: Request) -> SentReply:
    """Do what was asked, and confirm it to the asker."""
    order = request.payload
    # No query is kept: a watch cannot be followed up with another question.
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)

    name = await context.people.display_name(request.workspace, order["person"])

    def work(asker: Asker) -> Rendered:
        done = _by_button if "action" in order else _by_command
        payload = announcing(
            context, request, asker, name, lambda watching: done(watching, asker, order)
        )
        return Rendered(payload, "", asker.now)

    said = await context.asking.work(request, asked, work)
    replace = bool(order.get("alone")) and order.get("action") != buttons.FOLLOW
    await interactions.answer_person(context, request, said, replace=replace)
    return context.sent(request, asked, said, None)


def announcing(
    context: Context, request: Request, asker: Asker, name: str, change: Callable[[WatchList], T]
) -> T:
    """Make a ``change`` that may affect what a channel follows, and announce it there once.

    ``asker`` is in that channel, under the display ``name``; in direct messages nothing is
    announced. Raises what ``change`` does.
    """
    watching = WatchList(context.desk, request.workspace)
    before = watching.listed(asker).here
    done = change(watching)
    after = watching.listed(asker).here
    line = blocks.announced(name, before, after, asker.now, asker.tz)
    if line and not _direct(asker):
        notice = Outgoing(
            workspace=request.workspace,
            key=f"announced:{request.key}",
            kind="notice",
            place=asker.place,
            content={"said": line},
            due_at=asker.now,
            expires_at=asker.now + _ANNOUNCED,
        )
        context.store.outbox.put([notice], asker.now)
    return done


def _by_command(watching: WatchList, asker: Asker, order: dict[str, Any]) -> Payload:
    return _done(watching, asker, parse_command(plain_text(order["text"])))


def _done(watching: WatchList, asker: Asker, asked: Command) -> Payload:
    match asked.verb:
        case "add":
            return _follow(watching, asker, asked.rest, {})
        case "list":
            direct = _direct(asker)
            return blocks.watch_listing(watching.listed(asker), asker.now, asker.tz, direct=direct)
        case "remove":
            return sentence(watching.remove(asker, asked.rest))
        case "mute":
            return _mute(watching, asker, asked.rest)
        case "pause" | "resume":
            return sentence(watching.pause(asker, asked.rest, paused=asked.verb == "pause"))
        case "help":
            return blocks.watch_usage()


def _by_button(watching: WatchList, asker: Asker, order: dict[str, Any]) -> Payload:
    try:
        value = WatchValue.model_validate(json.loads(order["value"]))
    except (ValueError, ValidationError):
        return sentence(interactions.OUTDATED)
    numbers = " ".join(f"#{number}" for number in value.ids)
    match order["action"]:
        case buttons.FOLLOW:
            return _follow_these(watching, asker, value, mine=True)
        case blocks.HERE:
            return _follow_these(watching, asker, value, mine=False)
        case blocks.MUTE:
            return _mute(watching, asker, f"{numbers} 8h")
        case blocks.DIGEST:
            return sentence(watching.leave_to_digest(asker, numbers))
        case blocks.STOP:
            return sentence(watching.remove(asker, numbers))
        case _:
            return _follow(watching, asker, value.text, dict(value.meant))


def _follow(watching: WatchList, asker: Asker, text: str, meant: dict[str, str]) -> Payload:
    asked = parse_watch(text)
    personal = _direct(asker) or bool(asked.personal)
    done = watching.follow(asker, asked._replace(personal=personal), meant)
    if isinstance(done, DidYouMean):
        return blocks.choose_topic(done, text, meant)
    return blocks.followed(done)


def _follow_these(watching: WatchList, asker: Asker, value: WatchValue, *, mine: bool) -> Payload:
    mine = mine or _direct(asker)
    asked = WatchRequest(value.text or " ".join(typed for typed, _ in value.meant), personal=mine)
    if value.meant:
        done = watching.follow_these(asker, value.meant, asked)
    else:
        found = watching.follow(asker, asked)
        if isinstance(found, DidYouMean):
            return blocks.choose_topic(found, value.text, {})
        done = found
    here = value.model_dump(mode="json", exclude_defaults=True)
    return blocks.followed(done, here if mine and not _direct(asker) else None)


def _mute(watching: WatchList, asker: Asker, rest: str) -> Payload:
    what, until = watching.mute(asker, rest)
    when = blocks.instant(until, asker.now, asker.tz)
    return sentence(f"Muted until {when}: {what}. Stories until then appear only in the digest.")


def _direct(asker: Asker) -> bool:
    return asker.place.startswith("D")


ANSWERS = {SURFACE: answer}
