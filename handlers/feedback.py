"""👍, 👎 and a comment: what readers say of a reply, kept for the person who runs Dragoman.

A click is kept at once, and answered to the person who clicked, alone. A comment is asked for in a
form, which is opened at once, for Slack takes a trigger for three seconds only.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import partial
from typing import Any

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.errors import DragomanError, StoreError
from bot.models import Asker, Feedback, Request, SentReply, Verdict
from bot.store.ids import asked_id
from handlers import clicks
from handlers.asking import Rendered, UserQuery
from handlers.blocks import feedback as blocks
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text, trim
from handlers.context import Context
from handlers.payloads import workspace_of

log = logging.getLogger(__name__)

SURFACE = "feedback"

_VERDICTS: dict[str, Verdict] = {blocks.GOOD: "up", blocks.BAD: "down"}
_SHOWN = 300  # characters of what was asked, and of what was told


class CommentFormState(BaseModel):
    """What a form keeps: on which reply it was opened, and where its comment is answered."""

    reply: str
    place: str
    ts: str | None = None
    thread: str | None = None
    alone: bool = False
    url: str | None = None


def listen(app: AsyncApp, context: Context) -> None:
    """Take clicks in, open the form, and take in what it sends."""
    click = clicks.listener(context, SURFACE)
    for action in _VERDICTS:
        app.action(action)(click)

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        await _open(context, body)
        await ack()

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        await context.inbox.take(
            workspace_of(body), SURFACE, body["view"]["id"], _comment_record(body)
        )
        await ack()

    app.action(blocks.COMMENT)(open_form)
    app.view(blocks.COMMENT)(submit)


async def _open(context: Context, body: dict[str, Any]) -> None:
    click = clicks.click_record(body)
    workspace, person = workspace_of(body), click["person"]
    try:
        reply = str(json.loads(click["value"])["reply"])
        known = await asyncio.to_thread(context.store.feedback.of, workspace, reply, person)
    except (ValueError, TypeError, KeyError, StoreError) as error:
        log.warning("a form for a comment is not opened: %r", error)
        known = None
    if known is None:
        await context.tell(
            "There is nothing to comment on any more: click 👍 or 👎 again.", click["response_url"]
        )
        return
    kept = CommentFormState(
        reply=reply,
        place=click["place"],
        ts=click["ts"],
        thread=click["thread"],
        alone=click["alone"],
        url=click["response_url"],
    )
    form = blocks.comment_form(
        known.query, known.verdict, known.comment, kept.model_dump(mode="json")
    )
    words = "The form could not be opened in time: click again."
    late = partial(context.tell, words, click["response_url"])
    await context.sender.open(body["trigger_id"], form, late)


def _comment_record(body: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a comment: as of a click on the thanks that it was opened from."""
    kept = CommentFormState.model_validate_json(body["view"]["private_metadata"])
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


async def answer(context: Context, request: Request) -> SentReply:
    """Keep what somebody says, and thank them."""
    click = request.payload
    # No words are kept with this reply: it answers no question that may be asked on.
    asked = clicks.no_query(click)
    if click["action"] == blocks.COMMENT:
        said = await context.asking.work(
            request, asked, lambda asker: _keep_comment(context, request, asker)
        )
        # In place of the thanks, whose button has done its work.
        ts = await clicks.replace_message(context, request, said)
        return context.sent(request, asked, said, ts)
    if (value := clicks.button_value(click)) is None:
        said = clicks.outdated_button(context.now())
    else:
        about = clicks.query_of(click, value)
        said = await context.asking.work(
            request, about, lambda asker: _keep_verdict(context, request, asker, about)
        )
    ts = await clicks.answer_alone(context, request, said)
    return context.sent(request, asked, said, ts)


def _keep_verdict(context: Context, request: Request, asker: Asker, about: UserQuery) -> Rendered:
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
        told=_first_line(context, asker, about),
        place=asker.place,
        at=asker.now,
    )
    before = context.store.feedback.give(given)
    was = before.verdict if before else None
    return Rendered(blocks.thanks(verdict, was, reply), "", asker.now)


def _first_line(context: Context, asker: Asker, about: UserQuery) -> str:
    """The first line of the reply, worked out again: who reads it in another place is told no
    more than stood here."""
    try:
        text = str(context.asking.rendered(about._replace(alone=False), asker).payload["text"])
    except StoreError:
        raise
    except DragomanError as error:
        log.info("what was said of a reply is kept without its words: %s", error)
        return ""
    return trim(plain_text(text.partition("\n")[0]), _SHOWN)


def _keep_comment(context: Context, request: Request, asker: Asker) -> Rendered:
    click = request.payload
    comment = trim(click["comment"].replace("\0", "").strip(), blocks.MOST_COMMENT)
    store = context.store.feedback
    there = store.comment(request.workspace, click["value"], asker.person, comment)
    words = (
        "Your comment is noted, thank you."
        if there
        else "There is nothing to comment on any more: click 👍 or 👎 again."
    )
    return Rendered(sentence(words), "", asker.now)


ANSWERS = {SURFACE: answer}
