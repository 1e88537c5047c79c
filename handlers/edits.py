"""An edited question is answered anew, in place of the answer that it had.

Slack tells of an edit as ``message_changed``, and of much else: unfolded links, files, replies.
What leaves the words as they were is let go.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.models import Request, SentReply
from handlers import ask, links
from handlers.asking import Said
from handlers.crew import Crew
from handlers.errors import Undeliverable

SURFACE = "edit"

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between looks for the answer that the question has, which may be on its way."""

_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}


def changed(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The post as it is now and as it was, each as if it were new; None where it is no edit."""
    event = body.get("event") or {}
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or now.get("text") == before.get("text"):
        return None
    where = {"type": "message", "channel": event.get("channel")}
    where["channel_type"] = event.get("channel_type")
    return {**body, "event": {**now, **where}}, {**body, "event": {**before, **where}}


async def take(crew: Crew, now: dict[str, Any], before: dict[str, Any]) -> None:
    """Write an edit down that makes another question; what asks only now is a new one."""
    post = await _asked(crew, now)
    if post is None or links.addressed(now, post) is not None:
        return
    if await _asked(crew, before) is None:
        await ask.take(crew, post)
        return
    edited = (now["event"].get("edited") or {}).get("ts") or post.text
    key = f"{post.place}:{post.ts}:{edited}"
    await crew.inbox.take(post.workspace, SURFACE, key, post._asdict())


async def _asked(crew: Crew, body: dict[str, Any]) -> ask.Post | None:
    if (post := ask.addressed(body)) is not None:
        return post
    on = ask.asking_on(body)
    return on if on is not None and await ask.asks_on(crew, on) else None


async def answer(crew: Crew, request: Request) -> SentReply:
    """Answer as the question reads now, and put it in place of what was answered before."""
    post = ask.Post(**request.payload)
    if await ask.wants_no_reply(crew, post):
        return ask.silence(crew, request, post)
    first = await _first(crew, post)
    # What changed for its reader since the answer that this one replaces is nothing to tell.
    asked, said = await ask.worked_out(crew, request, post, alone=False)
    store = crew.asking.desk.store
    if first is not None and first.ts is not None:
        stands = await asyncio.to_thread(store.inbox.reply_at, post.workspace, post.place, first.ts)
        if stands is not None and stands.surface == SURFACE and stands.request > request.key:
            # A later edit is answered already, and this answer is shown to nobody.
            return crew.sent(request, asked, said._replace(tells=None), None)
        if await _replaced(crew, request, post.place, first.ts, said):
            return crew.sent(request, asked, said, first.ts)
    return crew.sent(request, asked, said, await ask.send(crew, request, post, said))


async def _first(crew: Crew, post: ask.Post) -> SentReply | None:
    """The answer that the question has; None where it has none, or not soon enough."""
    look, key = crew.asking.desk.store.inbox.reply, f"{post.place}:{post.ts}"
    for pause in _PAUSES:
        if (found := await asyncio.to_thread(look, post.workspace, ask.SURFACE, key)) is not None:
            return found
        await asyncio.sleep(pause)
    return None


async def _replaced(crew: Crew, request: Request, place: str, ts: str, said: Said) -> bool:
    """Whether the answer could be replaced; one that is gone cannot."""
    try:
        await crew.sender.update(place, ts, said.payload, request.lease_until)
    except Undeliverable as error:
        if error.about not in _GONE:
            raise
        return False
    return True
