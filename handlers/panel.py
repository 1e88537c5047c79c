"""The agent panel: prompts, a status, and briefs on what somebody has in view.

The panel is the direct messages with the bot: each question there begins a thread, and its answer
belongs in that thread. Slack does not say whether an app has a panel, but it sends
``app_home_opened`` before anybody types, and accepts prompts only if there is one.
https://docs.slack.dev/ai/developing-agents

Each message says what its author has in view; for the prompts, events do, and the process that
received the latest event remembers it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.answer.stories import headline
from bot.curation import trusting
from bot.errors import StoreError
from bot.models import Asker, Request
from bot.pages.app_home import followed_stories
from handlers.actions import brief_on_words, words_of
from handlers.asking import Rendered, UserQuery
from handlers.blocks.notes import sentence
from handlers.blocks.text import one_line, trim
from handlers.context import Answer, Context
from handlers.payloads import Post, view_of, workspace_of
from handlers.sender import LOOK_SECONDS

log = logging.getLogger(__name__)

# --- prompts -----------------------------------------------------------------------------


PROMPTS = (
    ("What is new?", "What is new since yesterday?"),
    ("What do you read?", "What do you read?"),
    ("Two actors", "Qatar Iran"),
    ("How to ask", "help"),
)
"""Suggested first questions, as titles and the messages they send; Slack takes at most four."""

IN_VIEW = ("Brief me on what I see", "Brief me on what I'm looking at")
"""The prompt for when we know what somebody has in view."""

MOST_STORIES = 2
"""The most prompts about stories of the week."""

_TITLE = 75
"""The most characters of a headline in a prompt; Slack publishes no limit."""


def listen(app: AsyncApp, context: Context) -> None:
    """Offer prompts to the person who opens the panel, and remember what people have in view."""

    async def messages_opened(event: dict[str, Any]) -> bool:
        return event.get("tab") == "messages" and bool(event.get("channel"))

    async def opened(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        event = body["event"]
        _remember(context, body, event["user"])
        offer = _offer(context, workspace_of(body), event["user"], event["channel"])
        context.panels.spawn(offer)

    async def changed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        _remember(context, body, body["event"].get("user") or "")

    app.event("app_home_opened", matchers=[messages_opened])(opened)
    app.event("app_context_changed")(changed)


async def _offer(context: Context, workspace: str, person: str, channel: str) -> None:
    """Set the prompts, then again with those about stories, which take longer to find.

    If Slack accepts them there is a panel, and each question begins a thread.
    """
    viewed = [IN_VIEW] if _recent_view(context, workspace, person) else []
    if not await _set_prompts(context, channel, [*viewed, *PROMPTS]):
        return
    context.panels.open.add(workspace)
    stories = await _story_prompts(context, workspace, person, channel) if person else []
    if stories:
        await _set_prompts(context, channel, [*viewed, *stories, *PROMPTS])


async def _set_prompts(context: Context, channel: str, prompts: Sequence[tuple[str, str]]) -> bool:
    """Set as many prompts as Slack allows; return whether it accepted them."""
    shown = [{"title": title, "message": said} for title, said in prompts[: len(PROMPTS)]]
    return await context.attempt(
        "assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=shown
    )


async def _story_prompts(
    context: Context, workspace: str, person: str, channel: str
) -> list[tuple[str, str]]:
    """Prompts for the week's most important stories on actors a person follows: their headlines.

    A headline that would be read as an order, such as *Trust Reuters*, is left out.
    """
    who = await context.people.profile(workspace, person)
    asker = Asker(
        workspace=context.asking.content_workspace(workspace),
        person=person,
        place=channel,
        tz=who.tz,
        now=context.now(),
        guest=who.guest,
    )
    try:
        leads = await asyncio.to_thread(
            followed_stories, context.desk, workspace, asker, MOST_STORIES
        )
    except StoreError as error:
        log.info("no stories are offered: %s", error)
        return []
    asked = (one_line(headline(one.snippet.title, one.snippet.quote)) for one in leads)
    return [
        (trim(title, _TITLE), trim(title, 2 * _TITLE))
        for title in asked
        if trusting.order(title) is None
    ]


def has_threads(context: Context, workspace: str, place: str) -> bool:
    """Return whether a question outside threads begins one in this place."""
    return place.startswith("D") and workspace in context.panels.open


def in_panel(context: Context, body: dict[str, Any], post: Post) -> Post:
    """A post with the thread that its answer belongs in, and what its author has in view."""
    begins = post.thread is None and has_threads(context, post.workspace, post.place)
    return with_view(context, body, post._replace(thread=post.ts) if begins else post)


# --- a status ----------------------------------------------------------------------------


STATUS = "is looking through what it has read…"

LOADING = (
    "Looking for who and what you mean…",
    "Looking through what I have read…",
    "Choosing the sentences that answer…",
)
"""Shown in turn while an answer is worked out; Slack takes at most ten."""

STATUS_AFTER = 1.0
"""Seconds to wait before showing a status: most answers come sooner."""


@asynccontextmanager
async def show_status(context: Context, place: str, thread: str | None) -> AsyncIterator[None]:
    """Show a status in a thread of the panel if an answer takes longer than ``STATUS_AFTER``.

    Slack removes it when the answer is posted, so none is set after the context ends.
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
    await context.attempt(
        "assistant.threads.setStatus",
        channel_id=place,
        thread_ts=thread,
        status=STATUS,
        loading_messages=list(LOADING),
    )


# --- what is in view ---------------------------------------------------------------------


NOT_IN_VIEW = (
    "I cannot see what you are looking at. Use “Brief me on this” in the menu of a message, or type"
    " a name: `/brief Qatar`."
)
NOT_READABLE = (
    "I cannot read what you are looking at. Invite me to that channel, or type a name:"
    " `/brief Qatar`."
)

KNOWN_FOR = timedelta(hours=1)
"""How long what an event said about somebody's view counts as current."""

_PEOPLE = 2_000
"""People whose view is remembered."""

_LATEST = 15  # messages of a channel; as many as Slack shows any app

_ASKED = re.compile(
    r"/?brief(?: me)?(?: on| about)? (?:"
    r"what i(?:['’]m| am) (?:looking at|viewing|reading|seeing)|what i see|what(?:['’]s| is) in"
    r" view|this(?: (?:channel|message|thread|conversation))?)\W*",
    re.IGNORECASE,
)


def asks_about_view(post: Post) -> bool:
    """Return whether a direct message asks for a brief on what its author has in view."""
    return post.place.startswith("D") and bool(_ASKED.fullmatch(" ".join(post.text.split())))


def with_view(context: Context, body: dict[str, Any], post: Post) -> Post:
    """A post with what its author has in view, if it asks about that."""
    if not asks_about_view(post):
        return post
    viewed = view_of(body["event"])
    if viewed is None:
        viewed = _recent_view(context, post.workspace, post.person)
    return post._replace(in_view=viewed)


def _remember(context: Context, body: dict[str, Any], person: str) -> None:
    """Remember what somebody has in view, if an event says it."""
    viewed, views = view_of(body["event"]), context.panels.views
    if not person or viewed is None:
        return
    key = (workspace_of(body), person)
    views.pop(key, None)
    views[key] = (viewed, context.now())
    while len(views) > _PEOPLE:
        del views[next(iter(views))]


def _recent_view(context: Context, workspace: str, person: str) -> str:
    viewed, since = context.panels.views.get((workspace, person), ("", context.now()))
    return viewed if context.now() - since < KNOWN_FOR else ""


async def brief_on_view(
    context: Context, request: Request, post: Post
) -> tuple[UserQuery, Rendered]:
    """Brief on the actors named in the message or channel in view, or offer a choice of them.

    Only names are taken from there: the brief uses what its reader may see in this place.
    """
    asked = UserQuery("brief", "", post.person, post.place, alone=True)
    if not post.in_view:
        return asked, Rendered(sentence(NOT_IN_VIEW), "", context.now())
    channel, _, ts = post.in_view.partition(":")
    found = await _latest(context, channel, ts)
    if not found:
        return asked, Rendered(sentence(NOT_READABLE), "", context.now())
    text = "\n".join(map(words_of, found))
    where = "this message" if ts else "this channel"

    def work(asker: Asker) -> Rendered:
        return brief_on_words(context, request.workspace, asker, asked, text, where)

    return asked, await context.asking.work(request, asked, work)


async def _latest(context: Context, channel: str, ts: str) -> list[dict[str, Any]]:
    """The message with a ``ts``, or the latest messages of a channel; empty if we see none."""
    if ts:
        message = await context.sender.message(channel, ts)
        return [message] if message else []
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            answer = await context.client.conversations_history(channel=channel, limit=_LATEST)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.info("a channel in view is not shown: %s", type(error).__name__)
        return []
    return list(answer.get("messages") or [])


ANSWERS: dict[str, Answer] = {}
"""Empty: questions in the panel are messages."""
