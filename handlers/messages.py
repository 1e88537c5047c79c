"""Mentions, direct messages and the agent panel: questions answered where they were asked.

Slack sends a post that names us up to twice, as ``app_mention`` and as ``message``, and each of
them again when it heard no acknowledgement. All of them are one request, by channel and ``ts``.

In Slack's agent view the panel is the messages with us: each question there begins a thread, and
its answer belongs in it. Slack does not say whether an app has that view; but it opens the messages
before anybody types, and takes prompts for them only where there is a panel. In the older assistant
view Slack makes the threads itself. https://docs.slack.dev/ai/developing-agents
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.answer.followups import asks_for_more, looks_like_follow_up
from bot.models import Request, SentReply
from handlers.asking import Rendered, UserQuery
from handlers.blocks.text import plain_text
from handlers.context import Context
from handlers.conversations import LastQuestion
from handlers.errors import NotNow, Undeliverable, reference
from handlers.payloads import workspace_of
from handlers.sender import DeliveryMark

# --- the agent panel ---------------------------------------------------------------------


log = logging.getLogger(__name__)

PROMPTS = (
    ("What is new?", "What is new since yesterday?"),
    ("What do you read?", "What do you read?"),
    ("Two actors", "Qatar Iran"),
    ("How to ask", "help"),
)
"""What may be asked first: what the panel shows, and what it then asks; four at most."""

STATUS = "is looking through what it has read…"

STATUS_AFTER = 0.4
"""Seconds within which most answers are there, and need no status."""

_PANEL_WITHIN = timedelta(seconds=5)


def listen(app: AsyncApp, context: Context) -> None:
    """Offer prompts to the person who opens the panel."""

    async def messages_opened(event: dict[str, Any]) -> bool:
        return event.get("tab") == "messages" and bool(event.get("channel"))

    async def opened(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        context.panels.spawn(_offer(context, workspace_of(body), body["event"]["channel"]))

    async def started(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        thread = body["event"]["assistant_thread"]
        context.panels.spawn(
            _offer(context, None, thread["channel_id"], thread_ts=thread["thread_ts"])
        )

    app.event("app_home_opened", matchers=[messages_opened])(opened)
    app.event("assistant_thread_started")(started)


async def _offer(context: Context, workspace: str | None, channel: str, **where: str) -> None:
    """Set the prompts; where Slack takes them without a thread, questions begin threads."""
    prompts = [{"title": title, "message": said} for title, said in PROMPTS]
    try:
        await context.sender.call(
            "assistant.threads.setSuggestedPrompts",
            context.now() + _PANEL_WITHIN,
            channel_id=channel,
            prompts=prompts,
            **where,
        )
    except (NotNow, Undeliverable) as error:
        log.info("no prompts are offered: %s", error)
    else:
        if workspace is not None:
            context.panels.open.add(workspace)


def has_threads(context: Context, workspace: str, place: str) -> bool:
    """Whether each question asked outside threads in a place begins one."""
    return place.startswith("D") and workspace in context.panels.open


@asynccontextmanager
async def show_status(context: Context, place: str, thread: str | None) -> AsyncIterator[None]:
    """Show a status in a thread of the panel while an answer takes longer than a moment.

    Slack takes it away when the answer is posted, so none is set after the context ends.
    """
    if thread is None or not place.startswith("D"):
        yield
        return
    begun = asyncio.Event()
    task = asyncio.create_task(_status(context, place, thread, begun))
    try:
        yield
    finally:
        if not begun.is_set():
            task.cancel()
        await asyncio.wait([task])


async def _status(context: Context, place: str, thread: str, begun: asyncio.Event) -> None:
    await asyncio.sleep(STATUS_AFTER)
    begun.set()
    where = {"channel_id": place, "thread_ts": thread}
    until = context.now() + _PANEL_WITHIN
    try:
        await context.sender.call("assistant.threads.setStatus", until, **where, status=STATUS)
    except (NotNow, Undeliverable) as error:
        log.info("no status is shown: %s", error)


# --- questions ---------------------------------------------------------------------------


SURFACE_MESSAGE = "message"

_BY_PEOPLE = {None, "file_share", "thread_broadcast"}
_MENTION = re.compile(r"<[@!]")
_BRIEF = re.compile(r"^/?brief(?:\s+|$)", re.I)


class Post(NamedTuple):
    """A post addressed to us; ``thread`` is where the answer goes, None outside threads."""

    workspace: str
    place: str
    ts: str
    thread: str | None
    person: str
    text: str


def addressed(body: dict[str, Any]) -> Post | None:
    """Read an event; None where it is not a person's post addressed to us.

    Posts of bots (ours too), edits, deletions, joins and talk among others are not.
    """
    event = body.get("event") or {}
    us = bot_user(body)
    person, text = str(event.get("user") or ""), event.get("text") or ""
    if not is_by_person(event) or person == us or not event.get("channel"):
        return None
    private = event.get("type") == "message" and event.get("channel_type") == "im"
    named = event.get("type") == "app_mention" or bool(us and without_mention(us, text) != text)
    if not private and not named:
        return None
    thread = event.get("thread_ts") or (None if private else event.get("ts"))
    said = without_mention(us, text) if us or named else text
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(said))


def thread_post(body: dict[str, Any]) -> Post | None:
    """Read a post in a channel's thread that mentions nobody; None for others.

    Whether it asks on is for ``asks_on`` to say.
    """
    event = body.get("event") or {}
    us, text, thread = bot_user(body), event.get("text") or "", event.get("thread_ts")
    if event.get("type") != "message" or event.get("channel_type") == "im" or not thread:
        return None
    person = str(event.get("user") or "")
    if not is_by_person(event) or not us or person == us or _MENTION.search(text):
        return None
    return Post(workspace_of(body), event["channel"], event["ts"], thread, person, plain_text(text))


async def is_follow_up(context: Context, post: Post) -> bool:
    """Whether a post in a thread that mentions nobody is for us, and not talk among people.

    It is if it follows directly after the answer to a question of the same person, and asks
    on. Where Slack does not show the thread it is not.
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
    """Whether nobody posted between what was asked last and a post, but us and who asks on."""
    if post.thread is None or float(post.ts) < float(last.ts):
        return False
    found = await context.sender.messages_between(post.place, post.thread, last.ts, post.ts)
    people = [one for one in found or () if is_by_person(one)]
    return found is not None and all(
        [one["user"] == post.person and await _is_taken(context, post, one["ts"]) for one in people]
    )


async def _is_taken(context: Context, post: Post, ts: str) -> bool:
    """Whether the post with this ``ts`` in the same place was taken for a question to us."""
    look = context.store.inbox.knows
    return await asyncio.to_thread(look, post.workspace, SURFACE_MESSAGE, f"{post.place}:{ts}")


def is_by_person(event: dict[str, Any]) -> bool:
    """Whether a person wrote a post just now: no bot, no edit, no deletion, nothing of Slack's."""
    if event.get("bot_id") or event.get("subtype") not in _BY_PEOPLE or event.get("hidden"):
        return False
    return bool(event.get("user")) and event["user"] != "USLACKBOT"


def bot_user(body: dict[str, Any]) -> str:
    """The user that we are there; empty where Slack does not say."""
    mine = [a for a in body.get("authorizations") or [] if a.get("is_bot", True)]
    return str(mine[0].get("user_id") or "") if mine else ""


def without_mention(us: str, text: str) -> str:
    """Take our name out; where we do not know it, the first name in a post that names us."""
    if us:
        return re.sub(rf"<@{re.escape(us)}(?:\|[^>]*)?>", " ", text)
    return re.sub(r"<@[^>]*>", " ", text, count=1)


def brief_or_question(text: str) -> tuple[str, str]:
    """Tell a brief from a question: ``brief Qatar`` and ``/brief Qatar`` are briefs."""
    text = " ".join(text.split())
    query = _BRIEF.sub("", text)
    return ("brief", query) if query != text else ("ask", text)


async def take_message(context: Context, post: Post) -> None:
    """Store a post that is to be answered."""
    await context.inbox.take(
        post.workspace, SURFACE_MESSAGE, f"{post.place}:{post.ts}", post._asdict()
    )


async def question_before(context: Context, post: Post) -> str | None:
    """What was asked before in this thread, or just now in the direct messages.

    A thread counts if it is under a post that we answered, or under our message; None
    where it does not. Outside threads only a post that says that it follows counts.
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
    # A direct message, by what Slack calls its rooms, is seen by nobody else.
    async with show_status(context, post.place, post.thread):
        asked, said = await reply_to(context, request, post, alone=post.place.startswith("D"))
    return context.sent(request, asked, said, await send(context, request, post, said))


async def is_remark(context: Context, post: Post) -> bool:
    """Whether a post is thanks, or some other remark that people leave without a reply."""
    do, text = brief_or_question(post.text)
    return do == "ask" and await context.asking.intent(post.workspace, post.place, text) == "remark"


def no_reply(context: Context, request: Request, post: Post) -> SentReply:
    """What the store keeps of a post that was left without a reply."""
    asked = UserQuery("ask", "", post.person, post.place)
    return context.sent(request, asked, Rendered({}, "", context.now()), None)


async def reply_to(
    context: Context, request: Request, post: Post, *, alone: bool
) -> tuple[UserQuery, Rendered]:
    """What a post asks, and the reply to it; ``alone`` tells its reader what changed, too."""
    do, query = brief_or_question(post.text)
    asked = UserQuery(
        "brief" if do == "brief" else "ask", query, post.person, post.place, alone=alone
    )
    if do == "ask" and (earlier := await question_before(context, post)):
        more = asks_for_more(query)
        asked = asked._replace(query=earlier, whole=True) if more else asked._replace(after=earlier)
    said = await context.asking.ask(request, asked)
    if post.thread is not None and said.query:
        last = LastQuestion(said.query, post.person, post.ts)
        context.conversations.remember(request.workspace, post.place, post.thread, last)
    return asked, said


async def send(context: Context, request: Request, post: Post, said: Rendered) -> str | None:
    """Post a reply where the post asked for it; returns its ``ts``."""
    mark = DeliveryMark(reference(request), post.ts, doubted=request.attempts > 1)
    return await context.sender.post(
        post.place, said.payload, request.lease_until, post.thread, mark, post.person
    )


ANSWERS = {SURFACE_MESSAGE: answer_message}
