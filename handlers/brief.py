"""``/brief``: to the asker alone, or with ``public`` to everyone in the place."""

from __future__ import annotations

import logging
import re
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.models import Request, SentReply
from handlers.asking import Asked
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import plain_text
from handlers.crew import Crew
from handlers.send import Spent
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "command"
COMMAND = "/brief"

# Phones and Macs turn two hyphens into a dash.
_PUBLIC = re.compile(r"^(?:--|[—–-])?\s?public(?=\s|$)|(?<!\S)(?:--|[—–-])?\s?public$", re.I)


class Wanted(NamedTuple):
    """A command's text without its option."""

    query: str
    public: bool


def wanted(text: str) -> Wanted:
    """Read the text of a command: ``public`` at either end is the option, elsewhere a word."""
    text = " ".join(plain_text(text).split())
    query = _PUBLIC.sub("", text, count=1).strip()
    return Wanted(query, query != text)


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take the command in."""

    @app.command(COMMAND)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        # A trigger belongs to one use of the command, and so does a response URL.
        key = body.get("trigger_id") or body["response_url"]
        await crew.inbox.take(workspace_of(body), SURFACE, key, _kept(body))
        await ack()


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
    query, public = wanted(order["text"])
    asked = Asked("brief", query, order["person"], order["place"], alone=not public)
    said = await crew.asking.ask(request, asked)
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
