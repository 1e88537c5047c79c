"""``/brief``: to the asker alone, or with ``public`` to everyone in the place.

Which of the two it is where nothing is said is for each channel to prefer; ``private`` is then
the asker alone. ``/brief settings`` opens the form of that.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Literal, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers import preferences
from handlers.asking import Asked
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import plain_text
from handlers.blocks.notes import asked_by
from handlers.crew import Crew
from handlers.send import Spent
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "command"
COMMAND = "/brief"
SETTINGS = "settings"

# Phones and Macs turn two hyphens into a dash.
_PUBLIC, _PRIVATE = (
    re.compile(rf"^(?:--|[—–-])?\s?{word}(?=\s|$)|(?<!\S)(?:--|[—–-])?\s?{word}$", re.I)
    for word in ("public", "private")
)


class Wanted(NamedTuple):
    """A command's text without its option."""

    query: str
    public: bool


def wanted(text: str, *, usually_public: bool = False) -> Wanted:
    """Read the text of a command: ``public`` at either end is the option, elsewhere a word.

    Where replies are usually public, so is ``private``.
    """
    text = " ".join(plain_text(text).split())
    query = _PUBLIC.sub("", text, count=1).strip()
    if query != text or not usually_public:
        return Wanted(query, query != text)
    query = _PRIVATE.sub("", text, count=1).strip()
    return Wanted(query, query == text)


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take the command in."""

    @app.command(COMMAND)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        if (body.get("text") or "").strip().casefold() == SETTINGS:
            await _settings(crew, body)
            await ack()
            return
        # A trigger belongs to one use of the command, and so does a response URL.
        key = body.get("trigger_id") or body["response_url"]
        await crew.inbox.take(workspace_of(body), SURFACE, key, _kept(body))
        await ack()


async def _settings(crew: Crew, body: dict[str, Any]) -> None:
    place, person, url = body["channel_id"], body["user_id"], body.get("response_url")
    kept = preferences.Kept(place=place, url=url)
    which: Literal["mine", "place"] = "mine" if place.startswith("D") else "place"
    team, trigger = workspace_of(body), body["trigger_id"]
    await preferences.open_form(crew, team, person, trigger, which, kept)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": body.get("text") or "",
        "person": body["user_id"],
        "place": body["channel_id"],
        "response_url": body.get("response_url"),
    }


async def answer(crew: Crew, request: Request) -> SentReply:
    """Work out and send the reply to one command."""
    order = request.payload
    of = crew.asking.desk.store.preferences.place
    usual = await asyncio.to_thread(of, request.workspace, order["place"])
    query, public = wanted(order["text"], usually_public=usual.public)
    asked = Asked("brief", query, order["person"], order["place"], alone=not public)
    said = await crew.asking.ask(request, asked)
    if public:
        name = await crew.asking.name(request.workspace, order["person"])
        said = said._replace(payload=asked_by(said.payload, name))
    ts = await _send(crew, request, said.payload, public=public)
    return crew.sent(request, asked, said, ts)


async def _send(crew: Crew, request: Request, payload: Payload, *, public: bool) -> str | None:
    order, until = request.payload, request.lease_until
    if order["response_url"]:
        how = {"response_type": "in_channel" if public else "ephemeral"}
        try:
            everyone = order["place"] if public else None
            await crew.sender.respond(order["response_url"], payload, until, how, everyone)
        except Spent:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return None
    if public:
        return await crew.sender.post(order["place"], payload, until, person=order["person"])
    await crew.sender.whisper(order["place"], order["person"], payload, until)
    return None
