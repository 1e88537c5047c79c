"""The buttons under replies: another reply, sources, share, continue in DM, export, the menu “⋯”.

A message that only one person sees is replaced in place. Under a message that others see, only the
person who clicks gets the answer. Only the person who asked may choose a name for everybody.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.answer.export import as_csv, export_rows, facts_about
from bot.answer.formatting import count
from bot.answer.timeline import alt_text, draw
from bot.desk import Desk
from bot.models import Asker, Brief, Request, SentReply
from handlers import curation, interactions
from handlers.asking import Rendered, UserQuery, lines_of
from handlers.blocks.buttons import DIRECT, MENU, MORE, RELATED, SHARE, SINCE, SOURCES, picked
from handlers.blocks.curation import WRONG_FACT
from handlers.blocks.layout import Payload
from handlers.blocks.native import CHART
from handlers.blocks.notes import CHOOSE, GUEST, WRONG, asked_by, sentence
from handlers.blocks.reply import (
    EXPORT,
    TIMELINE,
    export_message,
    sources_message,
    timeline_message,
)
from handlers.context import Context
from handlers.errors import Undeliverable, reference
from handlers.interactions import ButtonValue
from handlers.sender import DeliveryMark, Upload

# --- another reply -----------------------------------------------------------------------


SURFACE_AGAIN = "action"


async def _answer_again(context: Context, request: Request, value: ButtonValue) -> SentReply:
    """Work out the new message and send it where it belongs."""
    click = request.payload
    asked = interactions.query_of(click, value, whole=click["action"] == MORE)
    said = await context.asking.ask(request, asked)
    in_place = await _may_replace(context, request)
    ts = await (interactions.replace_message if in_place else interactions.answer_alone)(
        context, request, said
    )
    return context.sent(request, asked, said, ts)


async def _may_replace(context: Context, request: Request) -> bool:
    """Return whether the message may be replaced: only the person who clicked sees it now."""
    click = request.payload
    kind = click["action"].partition(":")[0]
    if click["alone"]:
        return True
    if click["place"].startswith("D"):
        return kind in (MORE, CHOOSE)
    if kind != CHOOSE:
        return False
    look = context.store.inbox.reply_at
    reply = await asyncio.to_thread(look, request.workspace, click["place"], click["ts"])
    return reply is None or reply.person == click["person"]


# --- Continue in DM ----------------------------------------------------------------------


SURFACE_DIRECT = "direct"


async def _answer_direct(context: Context, request: Request, value: ButtonValue) -> SentReply:
    """Post the reply in the direct messages, and leave a note in place that links to it."""
    click, until = request.payload, request.lease_until
    try:
        opened = await context.sender.call("conversations.open", until, users=click["person"])
    except Undeliverable as error:
        words = (
            f"Slack does not let me send you direct messages ({error.about}). Write to me there"
            " first."
        )
        said = Rendered(sentence(words), value.q, context.now())
        await interactions.answer_alone(context, request, said)
        return context.sent(request, interactions.no_query(click), said, None)
    # Asked in the direct messages, so that nothing private to this channel is included.
    place = str(opened["channel"]["id"])
    asked = interactions.query_of(click, value)._replace(place=place, alone=True)
    said = await context.asking.ask(request, asked)
    mark = DeliveryMark(reference(request), click["ts"], doubted=request.attempts > 1)
    ts = await context.sender.post(place, said.payload, until, None, mark)
    words = "I sent it to your direct messages. You can continue there."
    await interactions.answer_alone(context, request, said._replace(payload=sentence(words)))
    return context.sent(request, asked, said, ts)


# --- Share to channel --------------------------------------------------------------------


SURFACE_SHARE = "share"


async def _answer_share(context: Context, request: Request, value: ButtonValue) -> SentReply:
    """Post the reply for everybody, worked out again for the channel.

    Where the bot is not a member, the reply goes through the response URL of the click.
    """
    click = request.payload
    asked = interactions.query_of(click, value)._replace(alone=False)
    said = await context.asking.ask(request, asked)
    name = await context.people.display_name(request.workspace, click["person"])
    said = said._replace(payload=asked_by(said.payload, name))
    ts = await _post_shared(context, request, said)
    return context.sent(request, asked, said, ts)


async def _post_shared(context: Context, request: Request, said: Rendered) -> str | None:
    click, until = request.payload, request.lease_until
    mark = DeliveryMark(reference(request), click["ts"], doubted=request.attempts > 1)
    try:
        return await context.sender.post(click["place"], said.payload, until, click["thread"], mark)
    except Undeliverable:
        if not click["response_url"]:
            raise
    how = {"response_type": "in_channel", "replace_original": False}
    payload = said.payload | ({"thread_ts": click["thread"]} if click["thread"] else {})
    await context.sender.respond(click["response_url"], payload, until, how, click["place"])
    return None


# --- Sources -----------------------------------------------------------------------------


SURFACE_SOURCES = "sources"


async def _reply_sources(context: Context, request: Request, asked: UserQuery) -> Rendered:
    """Work the reply out again, and list the articles that its lines come from."""
    return await context.asking.work(
        request, asked, lambda asker: _list_sources(context, asker, asked)
    )


def _list_sources(context: Context, asker: Asker, asked: UserQuery) -> Rendered:
    desk = context.desk
    put = desk.brief if asked.do == "brief" else desk.ask
    lines = lines_of(put(asker, asked.query, meant=asked.meant))
    as_of = asker.as_of or asker.now
    if not lines:
        words = "The stored articles no longer answer this. Please ask again."
        return Rendered(sentence(words), "", as_of)
    return Rendered(sources_message(asked.query, lines, tz=asker.tz), "", as_of)


# --- Export and Timeline -----------------------------------------------------------------


SURFACE_EXPORT = "export"

_NO_NAME = re.compile(r"[^a-z0-9]+")
_MOST_NAME = 80  # characters of actor names in a file name


class _File(NamedTuple):
    """A file: name, bytes, the text above it, the text shown in place, and a picture's alt text."""

    name: str
    content: bytes
    above: str
    said: Payload
    alt: str = ""


async def _answer_export(context: Context, request: Request, value: ButtonValue) -> SentReply:
    """Send the facts as a file; show a timeline, as a picture where Slack accepts no charts."""
    asked = interactions.query_of(request.payload, value)
    is_timeline = request.payload["action"] == TIMELINE
    shows = is_timeline and context.sender.takes(CHART)
    if not is_timeline:
        said = await _sent_file(context, request, asked, _table)
    elif shows:
        said = await context.asking.work(
            request, asked, lambda asker: _chart(context.desk, asker, asked)
        )
    else:
        said = await _sent_file(context, request, asked, _picture)
    ts = await interactions.answer_alone(context, request, said)
    if shows and not context.sender.takes(CHART):  # Slack just refused the chart: text only
        file = await _sent_file(context, request, asked, _picture)
        if file.payload != said.payload:
            await interactions.answer_alone(context, request, file)
    return context.sent(request, asked, said, ts)


async def _sent_file(
    context: Context,
    request: Request,
    asked: UserQuery,
    make: Callable[[Desk, Asker, UserQuery], _File | str],
) -> Rendered:
    """Make a file and send it to the person who clicked; return the text to show them."""
    made: list[_File | str] = []

    def work(asker: Asker) -> Rendered:
        made.append(make(context.desk, asker, asked))
        return Rendered({}, asked.query, context.now())

    said = await context.asking.work(request, asked, work)
    if not made:  # it failed, and the reply says why
        return said
    file = made[0]
    if isinstance(file, str):
        return said._replace(payload=sentence(file))
    upload = Upload(asked.person, file.name, file.content, file.above, file.alt)
    try:
        await context.sender.upload(upload, request.lease_until)
    except Undeliverable as error:
        why = (
            "an admin may need to reinstall the app with the scopes files:write and im:write"
            if error.about == "missing_scope"
            else "it accepts no messages from me to you"
        )
        words = f"Slack does not let me send you the file ({error.about}): {why}."
        return said._replace(payload=sentence(words))
    return said._replace(payload=file.said)


def _table(desk: Desk, asker: Asker, asked: UserQuery) -> _File | str:
    """Lay out the facts between the actors of a brief, which is worked out again."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    rows = []
    if isinstance(reply, Brief) and reply.subjects:
        library = desk.library(asker)
        groups = [library.expand(match.actor) for match in reply.subjects]
        rows = export_rows(library, facts_about(library, groups, period=reply.period))
    if not rows or not isinstance(reply, Brief):
        return (
            "This brief has no facts to export: its lines only quote sentences that name its"
            " subject."
        )
    facts = count(len(rows), "fact")
    return _File(
        _file_name(reply, asker, "csv"),
        as_csv(rows).encode("utf-8-sig"),
        f"{facts}: “{asked.query}”",
        export_message(f"I sent {facts} to your direct messages as CSV.", rows),
    )


_NO_TIMELINE = "There is no timeline: no event in this brief has a date."


def _chart(desk: Desk, asker: Asker, asked: UserQuery) -> Rendered:
    """Return the chart of a brief, which is worked out again."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    said = timeline_message(found) if found else sentence(_NO_TIMELINE)
    return Rendered(said, asked.query, asker.now)


def _picture(desk: Desk, asker: Asker, asked: UserQuery) -> _File | str:
    """Draw the timeline of a brief, which is worked out again; its text goes above it."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    if found is None or not isinstance(reply, Brief):
        return _NO_TIMELINE
    name, summary = _file_name(reply, asker, "png"), alt_text(found)
    return _File(name, draw(found), summary, timeline_message(found), summary)


def _file_name(brief: Brief, asker: Asker, kind: str) -> str:
    about = _NO_NAME.sub("-", " ".join(match.name for match in brief.subjects).lower()).strip("-")
    return f"dragoman-{about[:_MOST_NAME] or 'brief'}-{(asker.as_of or asker.now).date()}.{kind}"


# --- the table of buttons ----------------------------------------------------------------

BUTTONS = {
    MORE: SURFACE_AGAIN,
    SINCE: SURFACE_AGAIN,
    DIRECT: SURFACE_DIRECT,
    SHARE: SURFACE_SHARE,
    SOURCES: SURFACE_SOURCES,
    EXPORT: SURFACE_EXPORT,
    TIMELINE: SURFACE_EXPORT,
}
"""The surface of each action: a click on its button is a request of that surface."""

_OFFERED = re.compile(rf"^(?:{CHOOSE}|{RELATED}):\d+$")
"""The actions that have several buttons: names to choose from, and related actors."""

_IN_MENU = {action: BUTTONS[action] for action in (SOURCES, SINCE, EXPORT, TIMELINE)}
_IN_MENU[WRONG_FACT] = curation.SURFACE_FACT


ANSWERS = {
    SURFACE_AGAIN: interactions.answering(_answer_again),
    SURFACE_DIRECT: interactions.answering(_answer_direct, no_guests=GUEST),
    SURFACE_SHARE: interactions.answering(_answer_share),
    SURFACE_SOURCES: interactions.answering_alone(_reply_sources),
    SURFACE_EXPORT: interactions.answering(_answer_export),
}


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for clicks on the buttons and for choices in the menu."""
    for action, surface in BUTTONS.items():
        app.action(action)(interactions.listener(context, surface))
    app.action(_OFFERED)(interactions.listener(context, SURFACE_AGAIN))
    listeners = {
        action: interactions.listener(context, surface) for action, surface in _IN_MENU.items()
    }
    listeners[WRONG] = curation.opener(context)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        menu = body["actions"][0]
        action, value = picked(menu["action_id"], menu["selected_option"]["value"])
        # A menu from a newer version may have options that this one does not know.
        listener = listeners.get(action, listeners[SOURCES])
        value = value if action in listeners else ""
        await listener(ack, body | {"actions": [{"action_id": action, "value": value}]})

    app.action(re.compile(rf"^{MENU}:"))(pick)
