"""Posts and edits: each is a question, an order about sources, links to read, or nothing.

Slack tells of an edit as ``message_changed``, and of much else: unfolded links, files, replies.
An edited question is answered again, in place of the answer that it had; what leaves the words as
they were is ignored.
"""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.curation import trusting
from bot.models import Asker, Request, SentReply
from handlers import links, messages
from handlers.asking import Rendered, UserQuery
from handlers.blocks.notes import sentence
from handlers.context import Context
from handlers.errors import Undeliverable

# --- how far sources are trusted ---------------------------------------------------------


SURFACE_TRUST = "trust"

REFUSED = (
    "How far sources are trusted is for admins of Dragoman to say, and you are not one of them:"
    " ask an admin of this workspace."
)
ADMINS_HINT = "DRAGOMAN_ADMINS names them by their ids; yours is {person}."
"""For those who run the workspace."""


async def take_trust(context: Context, post: messages.Post) -> bool:
    """Write down a post that orders to trust a source, or not to; tell whether it does."""
    if trusting.order(post.text) is None:
        return False
    await context.inbox.take(
        post.workspace, SURFACE_TRUST, f"{post.place}:{post.ts}", post._asdict()
    )
    return True


async def answer_trust(context: Context, request: Request) -> SentReply:
    """Do what an admin orders, and say so where it was ordered."""
    post = messages.Post(**request.payload)
    # No words are kept: an order answers no question that may be asked on.
    asked = UserQuery("ask", "", post.person, post.place)
    said = await context.asking.work(request, asked, lambda asker: _trusted(context, post, asker))
    return context.sent(request, asked, said, await messages.send(context, request, post, said))


def _trusted(context: Context, post: messages.Post, asker: Asker) -> Rendered:
    order = trusting.order(post.text)
    if order is None or post.person not in context.people.admins:
        hint = f" {ADMINS_HINT.format(person=post.person)}" if asker.operator else ""
        return Rendered(sentence(f"{REFUSED}{hint}"), "", asker.now)
    desk = context.desk
    audiences = desk.library(asker).audiences
    done = trusting.trust(
        desk.store, asker.workspace, audiences, order, f"slack:{post.person}", asker.now
    )
    desk.catch_up()
    return Rendered(sentence(trusting.in_words(done)), "", asker.now)


# --- edits -------------------------------------------------------------------------------


SURFACE_EDIT = "edit"

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between looks for the answer that the question has, which may be on its way."""

_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}


def edit_of(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The post as it is now and as it was, each as if it were new; None where it is no edit."""
    event = body.get("event") or {}
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or now.get("text") == before.get("text"):
        return None
    where = {"type": "message", "channel": event.get("channel")}
    where["channel_type"] = event.get("channel_type")
    return {**body, "event": {**now, **where}}, {**body, "event": {**before, **where}}


async def take_edit(context: Context, now: dict[str, Any], before: dict[str, Any]) -> None:
    """Store an edit that makes another question; what asks only now is a new one."""
    post = await _question_in(context, now)
    if post is None or links.addressed_post(now, post) is not None:
        return
    if await _question_in(context, before) is None:
        await messages.take_message(context, post)
        return
    edited = (now["event"].get("edited") or {}).get("ts") or post.text
    key = f"{post.place}:{post.ts}:{edited}"
    await context.inbox.take(post.workspace, SURFACE_EDIT, key, post._asdict())


async def _question_in(context: Context, body: dict[str, Any]) -> messages.Post | None:
    if (post := messages.addressed(body)) is not None:
        return post
    on = messages.thread_post(body)
    return on if on is not None and await messages.is_follow_up(context, on) else None


async def answer_edit(context: Context, request: Request) -> SentReply:
    """Answer as the question reads now, and put it in place of what was answered before."""
    post = messages.Post(**request.payload)
    if await messages.is_remark(context, post):
        return messages.no_reply(context, request, post)
    first = await _answer_to(context, post)
    # What changed for its reader since the answer that this one replaces is nothing to tell.
    asked, said = await messages.reply_to(context, request, post, alone=False)
    store = context.store
    if first is not None and first.ts is not None:
        stands = await asyncio.to_thread(store.inbox.reply_at, post.workspace, post.place, first.ts)
        if stands is not None and stands.surface == SURFACE_EDIT and stands.request > request.key:
            # A later edit is answered already, and this answer is shown to nobody.
            return context.sent(request, asked, said._replace(tells=None), None)
        if await _was_replaced(context, request, post.place, first.ts, said):
            return context.sent(request, asked, said, first.ts)
    return context.sent(request, asked, said, await messages.send(context, request, post, said))


async def _answer_to(context: Context, post: messages.Post) -> SentReply | None:
    """The answer that the question has; None where it has none, or not soon enough."""
    look, key = context.store.inbox.reply, f"{post.place}:{post.ts}"
    for pause in _PAUSES:
        if (
            found := await asyncio.to_thread(look, post.workspace, messages.SURFACE_MESSAGE, key)
        ) is not None:
            return found
        await asyncio.sleep(pause)
    return None


async def _was_replaced(
    context: Context, request: Request, place: str, ts: str, said: Rendered
) -> bool:
    """Whether the answer could be replaced; one that is gone cannot."""
    try:
        await context.sender.update(place, ts, said.payload, request.lease_until)
    except Undeliverable as error:
        if error.about not in _GONE:
            raise
        return False
    return True


# --- posts -------------------------------------------------------------------------------


def listen(app: AsyncApp, context: Context) -> None:
    """Take posts in; whatever is not for us is acknowledged and let go."""

    async def post(body: dict[str, Any]) -> None:
        if (change := edit_of(body)) is not None:
            await take_edit(context, *change)
            return
        found = messages.addressed(body)
        if found is not None:
            if await take_trust(context, found):
                return
            given = links.addressed_post(body, found)
            if given is not None:
                await links.take(context, given, f"{given.place}:{given.ts}")
            else:
                await messages.take_message(context, _threaded(context, found))
            return
        following = messages.thread_post(body)
        if following is not None and await messages.is_follow_up(context, following):
            await messages.take_message(context, following)
            return
        dropped = links.unaddressed(body)
        if dropped is not None and await links.is_wanted(context, dropped):
            await links.take(context, dropped, f"{dropped.place}:{dropped.ts}")

    app.event("app_mention")(post)
    app.event("message")(post)


def _threaded(context: Context, post: messages.Post) -> messages.Post:
    """A post with the thread that its answer belongs in: in a panel, each begins one."""
    begins = post.thread is None and messages.has_threads(context, post.workspace, post.place)
    return post._replace(thread=post.ts) if begins else post


ANSWERS = {SURFACE_EDIT: answer_edit, SURFACE_TRUST: answer_trust}
