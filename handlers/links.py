"""Links and files that people post: read where that is wanted, with an answer in the thread.

A channel has its links read once somebody there asks for it (``@Dragoman read links here``). In a
direct message, after ``@Dragoman read …``, and through the shortcut *Add to Dragoman*, they are
read at once. What is posted in a private place stays there: its audience is that place.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.gather.records import Rejected
from bot.models import EVERYWHERE, Asker, Request, SentReply
from handlers import interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks.layout import Payload
from handlers.blocks.notes import learnt_message, sentence
from handlers.blocks.text import plain_text
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable, reference
from handlers.intake import GivenFile, readable, readable_kinds, shared_file
from handlers.payloads import Post, bot_user, is_by_person, without_mention, workspace_of
from handlers.sender import EPHEMERAL, DeliveryMark

log = logging.getLogger(__name__)

SURFACE = "intake"
SHORTCUT = "add_to_dragoman"

PROGRESS_AFTER = 5.0
"""Seconds after which a message shows the progress of reading links."""

_WITHIN = timedelta(seconds=10)
"""How long posting a progress message may take; after that the next one has newer numbers."""

MOST = 5
"""Links, and files, that are read from one post."""

_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")
# No backtracking (*+): a post may be 40,000 blanks, which would hold up everybody.
_READ_THIS = re.compile(
    r"(?:please\s+)?(?:(?:read|add|take in|save|store)\b)?\s*+(?:this|that|these|it|them)?\W*+",
    re.IGNORECASE,
)
_READ_ROOT = re.compile(
    r"(?:please\s+)?(?:read|add|take in|save|store)\b\s*+(?:this|that|these|it|them)?\W*+",
    re.IGNORECASE,
)
_HERE = (
    r"(?:\s+(?:that are |that we )?(?:posted|shared|dropped|post|share|drop))?"
    r"(?:\s+(?:in\s+)?(?:here|this channel))?"
)
_START = re.compile(
    rf"(?:please\s+)?(?:start\s+)?read(?:ing)?\s+(?:(?:the|all|every|our|any)\s+)*links?{_HERE}\W*",
    re.IGNORECASE,
)
_STOP = re.compile(
    rf"(?:please\s+)?(?:stop|do not|don['’]t|no longer|quit)\s+read(?:ing)?\s+"
    rf"(?:(?:the|all|every|our|any)\s+)*links?{_HERE}\W*",
    re.IGNORECASE,
)


class SharedPost(NamedTuple):
    """Links and files that somebody gave, or an ``order`` to start or stop reading links here.

    ``thread`` is where the answer goes. ``public`` is whether everybody in the workspace may see
    the place, None if Slack has to be asked. ``hook`` is the response URL of a shortcut.
    ``root`` means that the links and files are in the first message of the thread.
    """

    workspace: str
    place: str
    ts: str
    thread: str | None
    person: str
    links: tuple[str, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    public: bool | None = None
    order: str = ""
    hook: str | None = None
    root: bool = False


def links_order(text: str) -> str:
    """Parse an order: ``on`` to read links here, ``off`` to stop, empty for neither."""
    text = " ".join(text.split())
    if _STOP.fullmatch(text):
        return "off"
    return "on" if _START.fullmatch(text) else ""


def links_of(text: str) -> tuple[str, ...]:
    """Return the addresses in a post as Slack delivers it, each once, without Slack's own."""
    found = (link.replace("&amp;", "&") for link in _LINK.findall(text))
    return tuple(dict.fromkeys(link for link in found if not _of_slack(link)))


def _of_slack(link: str) -> bool:
    host = re.sub(r"^https?://([^/?#]*).*", r"\1", link.lower())
    return host == "slack.com" or host.endswith(".slack.com")


def addressed_post(body: dict[str, Any], post: Post) -> SharedPost | None:
    """Read a post that is addressed to the bot: an order, or links and files to read.

    None for a question, which may be about a link.
    """
    event = body["event"]
    found = _posted(event, post.workspace, post.thread)
    said = _LINK.sub(" ", without_mention(bot_user(body), event.get("text") or ""))
    if order := links_order(plain_text(said)):
        return found._replace(order=order, links=(), files=())
    if _READ_THIS.fullmatch(plain_text(said)) and (found.links or found.files):
        return found
    if _READ_ROOT.fullmatch(plain_text(said)) and event.get("thread_ts"):
        return found._replace(root=True)
    return found._replace(links=()) if found.files and not said.rstrip().endswith("?") else None


def unaddressed(body: dict[str, Any]) -> SharedPost | None:
    """Read a channel post that is not addressed to the bot and has something to read in it.

    Pictures, sounds and films are skipped: nobody expects them to be read. The store knows whether
    the channel wants its links read.
    """
    event = body.get("event") or {}
    if event.get("type") != "message" or _kind(event) not in ("channel", "group"):
        return None
    if not is_by_person(event) or event["user"] == bot_user(body):
        return None
    found = _posted(event, workspace_of(body), event.get("thread_ts") or event["ts"])
    files = tuple(one for one in found.files if not shared_file(one).media)
    return found._replace(files=files) if found.links or files else None


def _kind(event: Mapping[str, Any]) -> str | None:
    """Return the kind of a post's place; if Slack does not say, derive it from the channel's id."""
    kind = event.get("channel_type")
    if kind is None and str(event.get("channel") or "").startswith("C"):
        return "channel"
    return kind


def _posted(event: dict[str, Any], workspace: str, thread: str | None) -> SharedPost:
    kind = event.get("channel_type")
    return SharedPost(
        workspace,
        event["channel"],
        event["ts"],
        thread,
        event["user"],
        links_of(event.get("text") or ""),
        tuple(one for one in event.get("files") or () if isinstance(one, dict)),
        kind == "channel" if kind else None,
    )


def _shortcut_post(body: dict[str, Any]) -> SharedPost:
    """Read the shortcut: the links and files in the message that it was used on."""
    message = body["message"]
    links, files = _links_and_files(message)
    return SharedPost(
        workspace_of(body),
        body["channel"]["id"],
        message["ts"],
        message.get("thread_ts") or message["ts"],
        body["user"]["id"],
        links,
        files,
        hook=body.get("response_url"),
    )


def _links_and_files(
    message: dict[str, Any],
) -> tuple[tuple[str, ...], tuple[Mapping[str, Any], ...]]:
    """Return the links and files of any message: feeds attach theirs."""
    links = [*links_of(message.get("text") or "")]
    for attached in message.get("attachments") or ():
        links += [attached[key] for key in ("title_link", "original_url") if attached.get(key)]
    return tuple(dict.fromkeys(links)), tuple(message.get("files") or ())


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for the shortcut; posts come through ``handlers.messages``."""
    app.message_shortcut(SHORTCUT)(
        interactions.listener(context, SURFACE, lambda body: _shortcut_post(body)._asdict())
    )


async def take(context: Context, post: SharedPost, key: str) -> None:
    """Store the links and files, or the order."""
    await context.inbox.take(post.workspace, SURFACE, key, post._asdict())


async def is_wanted(context: Context, post: SharedPost) -> bool:
    """Return whether the channel of a post asked for its links to be read."""
    intakes = context.store.link_reading
    return await asyncio.to_thread(
        intakes.is_on, context.asking.content_workspace(post.workspace), post.place
    )


async def answer(context: Context, request: Request) -> SentReply:
    """Carry out the order, or read the links and files, and report the result in the thread."""
    post = SharedPost(**request.payload)
    asked = UserQuery("ask", "", post.person, post.place)
    if post.order and await context.people.is_guest(request.workspace, post.person):
        words = "Only members can turn link reading on or off. Ask one of them."
        said = Rendered(sentence(words), "", context.now())
    elif post.order:
        said = await context.asking.work(
            request, asked, lambda asker: _switched(context, post, asker)
        )
    else:
        said = await _read(context, request, post, asked)
        request = await context.inbox.extend(request)  # it may have taken long
    mark = DeliveryMark(reference(request), post.ts, doubted=request.attempts > 1)
    try:
        ts = await context.sender.post(
            post.place,
            said.payload,
            request.lease_until,
            post.thread,
            mark,
            None if post.hook else post.person,
        )
    except Undeliverable:
        # A shortcut also works where the bot is not a member; then only its user gets the answer.
        if post.hook is None:
            raise
        await context.sender.respond(post.hook, said.payload, request.lease_until, EPHEMERAL)
        ts = None
    context.intake.done(reference(request))
    return context.sent(request, asked, said, ts)


def _switched(context: Context, post: SharedPost, asker: Asker) -> Rendered:
    """Start or stop reading the links of a channel."""
    if post.place.startswith("D"):
        words = "Here I read every link and file that you send me; there is nothing to turn on."
        return Rendered(sentence(words), "", asker.now)
    on = post.order == "on"
    changed = context.store.link_reading.switch(
        asker.workspace, post.place, post.person, on=on, now=asker.now
    )
    return Rendered(sentence(_SWITCHED[on, changed]), "", asker.now)


_SWITCHED = {
    (True, True): "From now on I read links and files posted here, and say in their thread what I"
    " learnt. “@Dragoman stop reading links” turns this off.",
    (True, False): "I already read links and files posted here. “@Dragoman stop reading links”"
    " turns this off.",
    (False, True): "I no longer read links posted here. What I have read stays stored.",
    (False, False): "I do not read links posted here. “@Dragoman read links here” turns this on.",
}
"""The replies, by whether links are to be read and whether that is new."""


async def _read(context: Context, request: Request, post: SharedPost, asked: UserQuery) -> Rendered:
    if post.root:
        held = _links_and_files(await context.sender.message(post.place, post.thread or post.ts))
        post = post._replace(links=held[0], files=held[1])
    public = post.public
    if public is None:
        public = await context.sender.is_public(post.place)
    audience = EVERYWHERE if public else post.place
    files, refused = await _files(context, post.files[:MOST])

    links = post.links[:MOST]
    progress = Progress(context, request, post, len(links))

    def work(asker: Asker) -> Rendered:
        outcome = context.intake.take(
            asker,
            audience,
            links,
            files,
            request.received_at,
            request=reference(request),
            tell=progress.reached,
        )
        private = any(one.audience != EVERYWHERE for one in outcome.learnt)
        notes = [_left_out(post), _who_sees(post.place) if private else ""]
        payload = learnt_message(
            outcome.learnt, [*outcome.refused, *refused], notes=notes, tz=asker.tz
        )
        return Rendered(payload, "", asker.now)

    async with context.inbox.extending(request), progress:
        return await context.asking.work(request, asked, work, context.intake.threads)


class Progress:
    """One message that shows how many links of a post are read, if that takes long.

    It is deleted when they are all read. Another attempt at the request finds the message and goes
    on with it. If Slack refuses any of this, that is logged; the answer is sent all the same.
    """

    def __init__(self, context: Context, request: Request, post: SharedPost, links: int) -> None:
        self._context = context
        self._request = request
        self._post = post
        self._links = links
        self._done = 0
        self._loop = asyncio.get_running_loop()
        self._more, self._over = asyncio.Event(), False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        """Start watching the progress."""
        if self._links:
            self._task = asyncio.create_task(self._run(), name="progress")

    async def __aexit__(self, *raised: object) -> None:
        """Delete the message, after waiting for any call under way: it may have posted it."""
        self._over = True
        self._more.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    def reached(self, done: int) -> None:
        """Note that so many links are fetched; safe from any thread."""
        self._loop.call_soon_threadsafe(self._noted, done)

    def _noted(self, done: int) -> None:
        self._done = done
        self._more.set()

    async def _run(self) -> None:
        begun = self._loop.time()
        while not self._over and (left := begun + PROGRESS_AFTER - self._loop.time()) > 0:
            await self._next(left)
        try:
            if not self._over:
                await self._shown()
        except (NotNow, Undeliverable) as error:
            log.info("progress on %s is not shown: %s", reference(self._request), error)

    async def _next(self, seconds: float | None = None) -> None:
        """Wait until there is progress to show, at most so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._more.wait()
        self._more.clear()

    async def _shown(self) -> None:
        """Post the message, keep it up to date, and finally delete it."""
        post, sender = self._post, self._context.sender
        key = f"{reference(self._request)}:progress"
        mark = DeliveryMark(key, post.ts, doubted=self._request.attempts > 1)
        ts = await sender.post(post.place, self._words(), self._until(), post.thread, mark)
        if ts is None:
            return
        while not self._over:
            await self._next()
            if not self._over:
                await sender.update(post.place, ts, self._words(), self._until())
        await sender.call("chat.delete", self._until(), channel=post.place, ts=ts)

    def _words(self) -> Payload:
        now = min(self._done + 1, self._links)
        return sentence(
            f"Reading link {now} of {self._links}… Some sites require a pause between pages."
        )

    def _until(self) -> datetime:
        return self._context.now() + _WITHIN


async def _files(
    context: Context, files: Sequence[Mapping[str, Any]]
) -> tuple[list[GivenFile], list[Rejected]]:
    """Fetch files; for each file that cannot be read, say why."""
    fetched: list[GivenFile] = []
    refused: list[Rejected] = []
    for file in map(shared_file, files):
        if not readable(file.name):
            reason = f"I read only files of the kinds {readable_kinds()}, which may be gzipped"
            refused.append(Rejected(origin=file.name, reason=reason))
            continue
        try:
            content = await context.files.content(file)
        except Undeliverable as error:
            refused.append(Rejected(origin=file.name, reason=error.message))
        else:
            fetched.append(GivenFile(file.name, content, f"slack:{file.id}", file.link))
    return fetched, refused


def _left_out(post: SharedPost) -> str:
    more = max(len(post.links) - MOST, 0) + max(len(post.files) - MOST, 0)
    if not more:
        return ""
    return f"I read at most {MOST} links and {MOST} files of a post; {more} more were left out."


def _who_sees(place: str) -> str:
    if place.startswith("D"):
        return "Only you can see what I read here."
    return "This channel is private: what I read here is shown only here."


ANSWERS = {SURFACE: answer}
