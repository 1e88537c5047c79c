"""👍, 👎 and a comment: what readers say of a reply, kept for whoever runs Dragoman.

A click is kept at once, and answered to whoever clicked, alone. A comment is asked for in a
form, which is opened at once, for Slack takes a trigger for three seconds only.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.errors import DragomanError, StoreError
from bot.models import Asker, Feedback, Request, SentReply, Verdict
from bot.store.ids import asked_id
from handlers import clicks
from handlers.asking import Asked, Said
from handlers.blocks import feedback as blocks
from handlers.blocks.mrkdwn import plain_text, trim
from handlers.blocks.notes import sentence
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "feedback"

_VERDICTS: dict[str, Verdict] = {blocks.GOOD: "up", blocks.BAD: "down"}
_SHOWN = 300  # characters of what was asked, and of what was told
_OPEN = timedelta(seconds=2)


class Kept(BaseModel):
    """What a form keeps: on which reply it was opened, and where its comment is answered."""

    reply: str
    place: str
    ts: str | None = None
    thread: str | None = None
    alone: bool = False
    url: str | None = None


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in, open the form, and take in what it sends."""
    click = clicks.listener(crew, SURFACE)
    for action in _VERDICTS:
        app.action(action)(click)

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        await _open(crew, body)
        await ack()

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(workspace_of(body), SURFACE, body["view"]["id"], _commented(body))
        await ack()

    app.action(blocks.COMMENT)(open_form)
    app.view(blocks.COMMENT)(submit)


async def _open(crew: Crew, body: dict[str, Any]) -> None:
    click = clicks.kept(body)
    workspace, person = workspace_of(body), click["person"]
    try:
        reply = str(json.loads(click["value"])["reply"])
        known = await asyncio.to_thread(
            crew.asking.desk.store.feedback.of, workspace, reply, person
        )
    except (ValueError, TypeError, KeyError, StoreError) as error:
        log.warning("a form for a comment is not opened: %r", error)
        known = None
    if known is None:
        await _say(crew, click, "There is nothing to comment on any more: click 👍 or 👎 again.")
        return
    kept = Kept(
        reply=reply,
        place=click["place"],
        ts=click["ts"],
        thread=click["thread"],
        alone=click["alone"],
        url=click["response_url"],
    )
    form = blocks.form(known.query, known.verdict, known.comment, kept.model_dump(mode="json"))
    late = partial(_say, crew, click, "The form could not be opened in time: click again.")
    await crew.sender.open(body["trigger_id"], form, late)


async def _say(crew: Crew, click: dict[str, Any], words: str) -> None:
    """Tell whoever clicked; what cannot be told either is in the log."""
    how = {"response_type": "ephemeral", "replace_original": False}
    try:
        if url := click["response_url"]:
            await crew.sender.respond(url, sentence(words), crew.now() + _OPEN, how)
    except (NotNow, Undeliverable) as error:
        log.warning("and it could not be said: %s", error)


def _commented(body: dict[str, Any]) -> dict[str, Any]:
    """What is written down of a comment: as of a click on the thanks that it was opened from."""
    kept = Kept.model_validate_json(body["view"]["private_metadata"])
    values = body["view"]["state"]["values"]
    return {
        "action": blocks.COMMENT,
        "value": kept.reply,
        "comment": values[blocks.COMMENT][blocks.COMMENT].get("value") or "",
        "person": body["user"]["id"],
        "place": kept.place,
        "ts": kept.ts,
        "thread": kept.thread,
        "alone": kept.alone,
        "response_url": kept.url,
    }


async def answer(crew: Crew, request: Request) -> SentReply:
    """Keep what somebody says, and thank them."""
    click = request.payload
    # No words are kept with this reply: it answers no question that may be asked on.
    asked = clicks.nothing_asked(click)
    if click["action"] == blocks.COMMENT:
        said = await crew.asking.work(request, asked, lambda asker: _noted(crew, request, asker))
        # In place of the thanks, whose button has done its work.
        ts = await clicks.replace(crew, request, said)
        return crew.sent(request, asked, said, ts)
    if (value := clicks.read(click)) is None:
        said = clicks.outdated(crew.now())
    else:
        about = clicks.asked(click, value)
        said = await crew.asking.work(
            request, about, lambda asker: _rated(crew, request, asker, about)
        )
    ts = await clicks.beside(crew, request, said)
    return crew.sent(request, asked, said, ts)


def _rated(crew: Crew, request: Request, asker: Asker, about: Asked) -> Said:
    click = request.payload
    verdict = _VERDICTS[click["action"]]
    as_of = about.as_of.isoformat() if about.as_of else ""
    reply = asked_id(about.do, about.query, as_of, tuple(about.meant.items()))
    given = Feedback(
        workspace=request.workspace,
        reply=reply,
        person=asker.person,
        verdict=verdict,
        query=trim(about.query, _SHOWN),
        told=_told(crew, asker, about),
        place=asker.place,
        at=asker.now,
    )
    before = crew.asking.desk.store.feedback.give(given)
    was = before.verdict if before else None
    return Said(blocks.thanks(verdict, was, reply), "", asker.now)


def _told(crew: Crew, asker: Asker, about: Asked) -> str:
    """The first line of the reply, worked out anew: who reads it in another place is told no
    more than stood here."""
    try:
        text = str(crew.asking.said(about._replace(alone=False), asker).payload["text"])
    except StoreError:
        raise
    except DragomanError as error:
        log.info("what was said of a reply is kept without its words: %s", error)
        return ""
    return trim(plain_text(text.partition("\n")[0]), _SHOWN)


def _noted(crew: Crew, request: Request, asker: Asker) -> Said:
    click = request.payload
    comment = trim(click["comment"].replace("\0", "").strip(), blocks.MOST)
    store = crew.asking.desk.store.feedback
    there = store.comment(request.workspace, click["value"], asker.person, comment)
    words = (
        "Your comment is noted, thank you."
        if there
        else "There is nothing to comment on any more: click 👍 or 👎 again."
    )
    return Said(sentence(words), "", asker.now)
