"""Export: the facts that a brief draws on as a CSV file, for whoever asks alone."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.answer.exported import as_csv, exported, facts_about
from bot.answer.library import Library
from bot.answer.words import count
from bot.desk import Desk
from bot.models import Asker, Brief, Request, SentReply
from handlers.asking import Asked, Said
from handlers.blocks.brief import EXPORT
from handlers.blocks.notes import sentence
from handlers.choose import Value
from handlers.crew import Crew
from handlers.errors import Undeliverable
from handlers.send import Spent
from handlers.upload import Upload

SURFACE = "export"

_NO_NAME = re.compile(r"[^a-z0-9]+")


class _Table(NamedTuple):
    """What goes into the file: its name, the CSV, and how many facts that is."""

    name: str
    csv: str
    facts: int


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""

    async def click(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(body["team"]["id"], SURFACE, body["trigger_id"], _kept(body))
        await ack()

    app.action(EXPORT)(click)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    container = body.get("container") or {}
    return {
        "value": body["actions"][0].get("value") or "",
        "person": body["user"]["id"],
        "place": container.get("channel_id") or body["channel"]["id"],
        "response_url": body.get("response_url"),
    }


async def answer(crew: Crew, request: Request) -> SentReply:
    """Send the file to whoever clicked, and say in place where it is."""
    click = request.payload
    try:
        value = Value.model_validate(json.loads(click["value"]))
    except (ValueError, ValidationError):
        asked = Asked("brief", "", click["person"], click["place"])
        said = Said(sentence("This button is older than I am: please ask again."), "", crew.now())
    else:
        asked = Asked(
            "brief", value.q, click["person"], click["place"], value.as_of, meant=dict(value.meant)
        )
        said = await _given(crew, request, asked)
    await _say(crew, request, said)
    return crew.sent(request, asked, said, None)


async def _given(crew: Crew, request: Request, asked: Asked) -> Said:
    """Make the file and send it; returns what to say about it."""
    made: list[_Table] = []

    def work(asker: Asker) -> Said:
        made.append(_table(crew.asking.desk, asker, asked))
        return Said({}, asked.query, crew.now())

    said = await crew.asking.work(request, asked, work)
    if not made:  # it failed, and what is said tells why
        return said
    table = made[0]
    told = count(table.facts, "fact")
    if not table.facts:
        words = (
            "No fact is stored of this brief: its lines are sentences that name whom you asked for."
        )
        return said._replace(payload=sentence(words))
    upload = Upload(
        asked.person, table.name, table.csv.encode("utf-8-sig"), f"{told}: “{asked.query}”"
    )
    try:
        await crew.sender.give(upload, request.lease_until)
    except Undeliverable as error:
        words = (
            f"Slack does not let me send you the file ({error.about}): whoever installed me may "
            "have to install me anew, for the scopes files:write and im:write."
        )
        return said._replace(payload=sentence(words))
    return said._replace(payload=sentence(f"{told} are in your direct messages with me, as CSV."))


def _table(desk: Desk, asker: Asker, asked: Asked) -> _Table:
    """Lay out the facts between the subjects of a brief that is worked out anew."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    if not isinstance(reply, Brief) or not reply.subjects:
        return _Table("", "", 0)
    library = Library(desk.store, desk.passages, desk.actors(asker.workspace), asker)
    groups = [library.expand(match.actor) for match in reply.subjects]
    rows = exported(library, facts_about(library, groups, period=reply.period))
    about = _NO_NAME.sub("-", " ".join(match.name for match in reply.subjects).lower()).strip("-")
    return _Table(f"dragoman-{about or 'facts'}-{library.today}.csv", as_csv(rows), len(rows))


async def _say(crew: Crew, request: Request, said: Said) -> None:
    click, until = request.payload, request.lease_until
    if click["response_url"]:
        how = {"response_type": "ephemeral", "replace_original": False}
        try:
            await crew.sender.respond(click["response_url"], said.payload, until, how)
        except Spent:
            pass
        else:
            return
    await crew.sender.whisper(click["place"], click["person"], said.payload, until)
