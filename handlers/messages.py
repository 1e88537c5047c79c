"""Posts and edits: questions answered where they were asked.

Slack sends a post that mentions the bot up to twice, as ``app_mention`` and as ``message``, and
sends each again when it got no acknowledgement. All of them are one request, by channel and ``ts``.

A post is a question, an order about sources, a request for a link to one of our pages, links to
read, or nothing. An edit comes as ``message_changed``, as do unfurled links, files and replies. An
edited question is answered again, and the new answer replaces the old one. An event that leaves
the text unchanged is ignored.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.answer.conversation import asks_for_more, looks_like_follow_up
from bot.curation import trusting
from bot.models import Asker, Request, SentReply
from handlers import links, objects, panel
from handlers.asking import LastQuestion, Rendered, UserQuery
from handlers.blocks.layout import message, section
from handlers.blocks.notes import sentence
from handlers.blocks.text import link, say
from handlers.context import Context
from handlers.errors import Undeliverable, reference
from handlers.payloads import Post, addressed, edit_of, is_by_person, thread_post
from handlers.sender import DeliveryMark

# --- questions ---------------------------------------------------------------------------


SURFACE_MESSAGE = "message"

_BRIEF = re.compile(r"^/?brief(?:\s+|$)", re.I)


async def is_follow_up(context: Context, post: Post) -> bool:
    """Return whether a thread post without a mention is a follow-up question to the bot.

    It is if it directly follows the answer to a question of the same person and continues it.
    Where Slack does not show the thread, it is not.
    """
    if post.thread is None:
        return False
    last = await context.conversations.last_question(
        post.workspace, SURFACE_MESSAGE, post.place, post.thread
    )
    if last is None or last.person != post.person:
        return False
    if not await context.asking.is_follow_up(post.workspace, post.place, post.text, last.query):
        return False
    return await _is_taken(context, post, post.ts) or await _is_next(context, post, last)


async def _is_next(context: Context, post: Post, last: LastQuestion) -> bool:
    """Return whether only the bot and the asker posted between the last question and a post."""
    if post.thread is None or float(post.ts) < float(last.ts):
        return False
    found = await context.sender.messages_between(post.place, post.thread, last.ts, post.ts)
    people = [one for one in found or () if is_by_person(one)]
    return found is not None and all(
        [one["user"] == post.person and await _is_taken(context, post, one["ts"]) for one in people]
    )


async def _is_taken(context: Context, post: Post, ts: str) -> bool:
    """Return whether the post with this ``ts`` in the same place was taken as a question."""
    look = context.store.inbox.knows
    return await asyncio.to_thread(look, post.workspace, SURFACE_MESSAGE, f"{post.place}:{ts}")


def brief_or_question(text: str) -> tuple[str, str]:
    """Tell a brief from a question: ``brief Qatar`` and ``/brief Qatar`` are briefs."""
    text = " ".join(text.split())
    query = _BRIEF.sub("", text)
    return ("brief", query) if query != text else ("ask", text)


async def take_message(context: Context, post: Post) -> None:
    """Store a post that needs an answer."""
    await context.inbox.take(
        post.workspace, SURFACE_MESSAGE, f"{post.place}:{post.ts}", post._asdict()
    )


async def question_before(context: Context, post: Post) -> str | None:
    """Return the question before a post in its thread, or a recent one in the direct messages.

    A thread counts if it is under a post that the bot answered, or under the bot's own message;
    otherwise return None. Outside threads only a post worded as a follow-up counts.
    """
    if post.thread is not None and post.thread != post.ts:
        last = await context.conversations.last_question(
            post.workspace, SURFACE_MESSAGE, post.place, post.thread
        )
        return last.query if last else None
    if post.thread is None and looks_like_follow_up(post.text):
        return await context.conversations.recent_query(post.workspace, post.place, post.person)
    return None


async def answer_message(context: Context, request: Request) -> SentReply:
    """Work out and send the reply to one post."""
    post = Post(**request.payload)
    if await is_remark(context, post):
        return no_reply(context, request, post)
    # Only one person sees a direct message, recognised by Slack's id of the channel.
    async with panel.show_status(context, post.place, post.thread):
        asked, said = await reply_to(context, request, post, alone=post.place.startswith("D"))
    return context.sent(request, asked, said, await send(context, request, post, said))


async def is_remark(context: Context, post: Post) -> bool:
    """Return whether a post is thanks, or some other remark that needs no reply."""
    do, text = brief_or_question(post.text)
    return do == "ask" and await context.asking.intent(post.workspace, post.place, text) == "remark"


def no_reply(context: Context, request: Request, post: Post) -> SentReply:
    """Make the record that the store keeps of a post without a reply."""
    asked = UserQuery("ask", "", post.person, post.place)
    return context.sent(request, asked, Rendered({}, "", context.now()), None)


async def reply_to(
    context: Context, request: Request, post: Post, *, alone: bool
) -> tuple[UserQuery, Rendered]:
    """Return the query of a post and its reply; with ``alone``, including what changed."""
    if panel.asks_about_view(post):
        asked, said = await panel.brief_on_view(context, request, post)
    else:
        asked, said = await _answered(context, request, post, alone=alone)
    if post.thread is not None and said.query:
        last = LastQuestion(said.query, post.person, post.ts)
        context.conversations.remember(request.workspace, post.place, post.thread, last)
    return asked, said


async def _answered(
    context: Context, request: Request, post: Post, *, alone: bool
) -> tuple[UserQuery, Rendered]:
    do, query = brief_or_question(post.text)
    asked = UserQuery(
        "brief" if do == "brief" else "ask", query, post.person, post.place, alone=alone
    )
    if do == "ask" and (earlier := await question_before(context, post)):
        more = asks_for_more(query)
        asked = asked._replace(query=earlier, whole=True) if more else asked._replace(after=earlier)
    return asked, await context.asking.ask(request, asked)


async def send(context: Context, request: Request, post: Post, said: Rendered) -> str | None:
    """Post a reply where the post asked for it; returns its ``ts``."""
    mark = DeliveryMark(reference(request), post.ts, doubted=request.attempts > 1)
    return await context.sender.post(
        post.place, said.payload, request.lease_until, post.thread, mark, post.person
    )


# --- trust in sources --------------------------------------------------------------------


SURFACE_TRUST = "trust"

REFUSED = "Only admins of Dragoman can change how far a source is trusted."
ASK_HINT = "Ask an admin of this workspace."
"""Follows ``REFUSED`` for members."""

ADMINS_HINT = "The setting DRAGOMAN_ADMINS lists them by their Slack ids; yours is {person}."
"""Follows ``REFUSED`` for people who run the workspace."""


async def take_trust(context: Context, post: Post) -> bool:
    """Store a post that orders to trust a source or not; return whether it is such an order."""
    if trusting.order(post.text) is None:
        return False
    await context.inbox.take(
        post.workspace, SURFACE_TRUST, f"{post.place}:{post.ts}", post._asdict()
    )
    return True


async def answer_trust(context: Context, request: Request) -> SentReply:
    """Carry out an admin's order, and confirm it where it was given."""
    post = Post(**request.payload)
    # No query is kept: an order cannot be followed up with another question.
    asked = UserQuery("ask", "", post.person, post.place)
    said = await context.asking.work(request, asked, lambda asker: _trusted(context, post, asker))
    return context.sent(request, asked, said, await send(context, request, post, said))


def _trusted(context: Context, post: Post, asker: Asker) -> Rendered:
    order = trusting.order(post.text)
    if order is None or post.person not in context.people.admins:
        hint = ADMINS_HINT.format(person=post.person) if asker.operator else ASK_HINT
        return Rendered(sentence(f"{REFUSED} {hint}"), "", asker.now)
    desk = context.desk
    audiences = desk.library(asker).audiences
    done = trusting.trust(
        desk.store, asker.workspace, audiences, order, f"slack:{post.person}", asker.now
    )
    desk.catch_up()
    return Rendered(sentence(trusting.in_words(done)), "", asker.now)


# --- links to our pages ------------------------------------------------------------------


SURFACE_LINK = "link"

_LINK_TO = re.compile(
    r"(?:please )?(?:(?:give|send|show) me )?(?:a |the )?link (?:to|for) (.+)", re.IGNORECASE
)
UNKNOWN_ACTOR = "I do not know who that is, so there is no page to link to."


def _linked_to(post: Post) -> str | None:
    """Return the actor that a post asks for a link to, as typed; None if it asks for none."""
    found = _LINK_TO.fullmatch(" ".join(post.text.split()))
    return found[1] if found else None


async def take_link(context: Context, post: Post) -> bool:
    """Store a post that asks for a link to an actor's page; return whether it does."""
    if not context.address or _linked_to(post) is None:
        return False
    key = f"{post.place}:{post.ts}"
    await context.inbox.take(post.workspace, SURFACE_LINK, key, post._asdict())
    return True


async def answer_link(context: Context, request: Request) -> SentReply:
    """Reply with the address of our page on an actor, which unfurls where people post it."""
    post = Post(**request.payload)
    asked = UserQuery("ask", "", post.person, post.place)

    def work(asker: Asker) -> Rendered:
        subjects = context.desk.understood(asker, _linked_to(post) or "").subjects
        if not subjects:
            return Rendered(sentence(UNKNOWN_ACTOR), "", asker.now)
        url = objects.address("actor", subjects[0].actor, context.address)
        text = say(subjects[0].name, ": ", link(url, url))
        return Rendered(message(text, [section(text)]), "", asker.now)

    said = await context.asking.work(request, asked, work)
    return context.sent(request, asked, said, await send(context, request, post, said))


# --- edits -------------------------------------------------------------------------------


SURFACE_EDIT = "edit"

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between checks for the earlier answer, which may still be on its way."""

_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}


async def take_edit(context: Context, now: dict[str, Any], before: dict[str, Any]) -> None:
    """Store an edit that changes a question; an edit that makes a post a question is a new one."""
    post = await _question_in(context, now)
    if post is None or links.addressed_post(now, post) is not None:
        return
    if await _question_in(context, before) is None:
        await take_message(context, post)
        return
    edited = (now["event"].get("edited") or {}).get("ts") or post.text
    key = f"{post.place}:{post.ts}:{edited}"
    await context.inbox.take(post.workspace, SURFACE_EDIT, key, post._asdict())


async def _question_in(context: Context, body: dict[str, Any]) -> Post | None:
    if (post := addressed(body)) is not None:
        return panel.with_view(context, body, post)
    on = thread_post(body)
    return on if on is not None and await is_follow_up(context, on) else None


async def answer_edit(context: Context, request: Request) -> SentReply:
    """Answer the question as it reads now, and replace the earlier answer."""
    post = Post(**request.payload)
    if await is_remark(context, post):
        return no_reply(context, request, post)
    first = await _answer_to(context, post)
    # Leave out what changed for the reader since the answer that this one replaces.
    asked, said = await reply_to(context, request, post, alone=False)
    store = context.store
    if first is not None and first.ts is not None:
        current = await asyncio.to_thread(
            store.inbox.reply_at, post.workspace, post.place, first.ts
        )
        if (
            current is not None
            and current.surface == SURFACE_EDIT
            and current.request > request.key
        ):
            # A later edit is answered already, so nobody sees this answer.
            return context.sent(request, asked, said._replace(tells=None), None)
        if await _was_replaced(context, request, post.place, first.ts, said):
            return context.sent(request, asked, said, first.ts)
    return context.sent(request, asked, said, await send(context, request, post, said))


async def _answer_to(context: Context, post: Post) -> SentReply | None:
    """Return the earlier answer to the question; None if there is none, or not soon enough."""
    look, key = context.store.inbox.reply, f"{post.place}:{post.ts}"
    for pause in _PAUSES:
        if (
            found := await asyncio.to_thread(look, post.workspace, SURFACE_MESSAGE, key)
        ) is not None:
            return found
        await asyncio.sleep(pause)
    return None


async def _was_replaced(
    context: Context, request: Request, place: str, ts: str, said: Rendered
) -> bool:
    """Replace the earlier answer; return False if it is gone."""
    try:
        await context.sender.update(place, ts, said.payload, request.lease_until)
    except Undeliverable as error:
        if error.about not in _GONE:
            raise
        return False
    return True


# --- posts -------------------------------------------------------------------------------


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for posts; acknowledge and ignore those that are not for the bot."""

    async def post(body: dict[str, Any]) -> None:
        if (change := edit_of(body)) is not None:
            await take_edit(context, *change)
            return
        found = addressed(body)
        if found is not None:
            in_panel = panel.in_panel(context, body, found)
            if await take_trust(context, in_panel) or await take_link(context, in_panel):
                return
            given = links.addressed_post(body, found)
            if given is not None:
                await links.take(context, given, f"{given.place}:{given.ts}")
            else:
                await take_message(context, in_panel)
            return
        following = thread_post(body)
        if following is not None and await is_follow_up(context, following):
            await take_message(context, following)
            return
        dropped = links.unaddressed(body)
        if dropped is not None and await links.is_wanted(context, dropped):
            await links.take(context, dropped, f"{dropped.place}:{dropped.ts}")

    app.event("app_mention")(post)
    app.event("message")(post)


ANSWERS = {
    SURFACE_MESSAGE: answer_message,
    SURFACE_EDIT: answer_edit,
    SURFACE_TRUST: answer_trust,
    SURFACE_LINK: answer_link,
}
