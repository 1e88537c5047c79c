"""Briefs and the buttons under replies.

``/brief`` and “Brief me on this” answer the asker alone, or with ``public`` everyone. Without any
option the channel's preference decides; ``private`` then means the asker alone.

The buttons: another reply, sources, share, continue in DM, export, the menu “⋯”. A message that
only one person sees is replaced in place. Under a message that others see, only the person who
clicks gets the answer. Only the person who asked may choose a name for everybody.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.answer.export import as_csv, export_rows, facts_about
from bot.answer.formatting import capital, count
from bot.answer.timeline import alt_text, draw
from bot.desk import Desk
from bot.models import Asker, Brief, Request, SentReply
from bot.read.mentions import find_mentions
from handlers import curation, home, interactions
from handlers.asking import STILL_READING, Rendered, UserQuery, lines_of
from handlers.blocks.buttons import DIRECT, MENU, MORE, RELATED, SHARE, SINCE, SOURCES, picked
from handlers.blocks.curation import WRONG_FACT
from handlers.blocks.layout import Payload
from handlers.blocks.native import CHART
from handlers.blocks.notes import CHOOSE, GUEST, WRONG, asked_by, choose_actor, sentence
from handlers.blocks.reply import (
    EXPORT,
    TIMELINE,
    export_message,
    sources_message,
    timeline_message,
)
from handlers.blocks.text import plain_text
from handlers.context import Context
from handlers.errors import Undeliverable, reference
from handlers.interactions import ButtonValue
from handlers.payloads import workspace_of
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
        why = "its lines only quote sentences that name its subject"
        return f"This brief has no facts to export: {why}.{_still_reading(desk, asker)}"
    facts = count(len(rows), "fact")
    return _File(
        _file_name(reply, asker, "csv"),
        as_csv(rows).encode("utf-8-sig"),
        f"{facts}: “{asked.query}”",
        export_message(f"I sent {facts} to your direct messages as CSV.", rows),
    )


def _still_reading(desk: Desk, asker: Asker) -> str:
    """Say that facts are still missing, if articles wait for the reader; else return nothing."""
    waiting = desk.waiting(asker.workspace).facts
    return " Some articles are still being read: try again in a few minutes." if waiting else ""


def _no_timeline(desk: Desk, asker: Asker) -> str:
    said = "There is no timeline: no event in this brief has a date."
    return f"{said}{_still_reading(desk, asker)}"


def _chart(desk: Desk, asker: Asker, asked: UserQuery) -> Rendered:
    """Return the chart of a brief, which is worked out again."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    said = timeline_message(found) if found else sentence(_no_timeline(desk, asker))
    return Rendered(said, asked.query, asker.now)


def _picture(desk: Desk, asker: Asker, asked: UserQuery) -> _File | str:
    """Draw the timeline of a brief, which is worked out again; its text goes above it."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    if found is None or not isinstance(reply, Brief):
        return _no_timeline(desk, asker)
    name, summary = _file_name(reply, asker, "png"), alt_text(found)
    return _File(name, draw(found), summary, timeline_message(found), summary)


def _file_name(brief: Brief, asker: Asker, kind: str) -> str:
    about = _NO_NAME.sub("-", " ".join(match.name for match in brief.subjects).lower()).strip("-")
    return f"dragoman-{about[:_MOST_NAME] or 'brief'}-{(asker.as_of or asker.now).date()}.{kind}"


# --- /brief ------------------------------------------------------------------------------


SURFACE_COMMAND = "command"
COMMAND = "/brief"
SETTINGS = "settings"

# Phones and Macs turn two hyphens into a dash.
_PUBLIC, _PRIVATE = (
    re.compile(rf"^(?:--|[—–-])?\s?{word}(?=\s|$)|(?<!\S)(?:--|[—–-])?\s?{word}$", re.I)
    for word in ("public", "private")
)


class CommandOptions(NamedTuple):
    """A command's text without its option."""

    query: str
    public: bool


def command_options(text: str, *, usually_public: bool = False) -> CommandOptions:
    """Parse the text of a command: ``public`` at either end is the option, elsewhere a word.

    Where replies are usually public, ``private`` is an option, too.
    """
    text = " ".join(plain_text(text).split())
    query = _PUBLIC.sub("", text, count=1).strip()
    if query != text or not usually_public:
        return CommandOptions(query, query != text)
    query = _PRIVATE.sub("", text, count=1).strip()
    return CommandOptions(query, query == text)


async def _settings(context: Context, body: dict[str, Any]) -> None:
    place, person, url = body["channel_id"], body["user_id"], body.get("response_url")
    kept = home.SettingsFormState(place=place, response_url=url)
    which: Literal["mine", "place"] = "mine" if place.startswith("D") else "place"
    team, trigger = workspace_of(body), body["trigger_id"]
    await home.open_settings(context, team, person, trigger, which, kept)


async def answer_command(context: Context, request: Request) -> SentReply:
    """Work out and send the reply to one command."""
    order = request.payload
    of = context.store.preferences.place
    usual = await asyncio.to_thread(of, request.workspace, order["place"])
    query, public = command_options(order["text"], usually_public=usual.public)
    asked = UserQuery("brief", query, order["person"], order["place"], alone=not public)
    said = await context.asking.ask(request, asked)
    if public:
        name = await context.people.display_name(request.workspace, order["person"])
        said = said._replace(payload=asked_by(said.payload, name))
    ts = await _send_brief(context, request, said.payload, public=public)
    return context.sent(request, asked, said, ts)


async def _send_brief(
    context: Context, request: Request, payload: Payload, *, public: bool
) -> str | None:
    order, until = request.payload, request.lease_until
    how = {"response_type": "in_channel" if public else "ephemeral"}
    everyone = order["place"] if public else None
    if await context.sender.responded(order["response_url"], payload, until, how, everyone):
        return None
    if public:
        return await context.sender.post(order["place"], payload, until, person=order["person"])
    await context.sender.post_ephemeral(order["place"], order["person"], payload, until)
    return None


# --- Brief me on this --------------------------------------------------------------------


SURFACE_SHORTCUT = "shortcut"
SHORTCUT = "brief_on_this"

MOST_ACTORS = 2
"""The most actors that a message's brief covers together; if it names more, one is chosen."""

_MOST_CHARACTERS = 40_000
_TYPED_WORDS = 12


class NamedActor(NamedTuple):
    """An actor that a message names: the words, the actor's id, and the actor's own name."""

    words: str
    actor: str
    name: str


def _shortcut_record(body: dict[str, Any]) -> dict[str, Any]:
    message = body["message"]
    return {
        "text": words_of(message),
        "person": body["user"]["id"],
        "place": body["channel"]["id"],
        "ts": message["ts"],
        "thread": message.get("thread_ts"),
        "response_url": body.get("response_url"),
    }


def words_of(message: dict[str, Any]) -> str:
    """Return the text of a message, no matter who posted it: feeds attach theirs."""
    parts = [message.get("text")]
    for attached in message.get("attachments") or ():
        shown = [attached.get(key) for key in ("pretext", "title", "text")]
        parts += shown if any(shown) else [attached.get("fallback")]
    return plain_text("\n".join(part for part in parts if part))[:_MOST_CHARACTERS]


async def answer_shortcut(context: Context, request: Request) -> SentReply:
    """Find the actors that the message names, and brief on them, or offer a choice."""
    order = request.payload
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)

    def work(asker: Asker) -> Rendered:
        return brief_on_words(context, request.workspace, asker, asked, order["text"])

    ready = await context.asking.wait_for_notes(request)
    said = await context.asking.work(request, asked, work)
    if not ready and not said.tells:
        said = said._replace(payload=sentence(STILL_READING))
    ts = await interactions.answer_alone(context, request, said)
    return context.sent(request, asked, said, ts)


def brief_on_words(
    context: Context,
    team: str,
    asker: Asker,
    asked: UserQuery,
    text: str,
    where: str = "this message",
) -> Rendered:
    """Brief on the actors that a text names, or offer a choice; ``where`` says what the text is."""
    found = named_actors(context.desk, asker.workspace, text)
    if not found:
        words = f"I do not know any name in {where}. Type one: `/brief Qatar`."
        return Rendered(sentence(words), "", asker.now)
    if len(found) > MOST_ACTORS:
        offered = choose_actor([(one.name, one.actor) for one in found], capital(where))
        return Rendered(offered, "", asker.now)
    query = " ".join(one.words for one in found)
    about = asked._replace(query=query, meant={one.words: one.actor for one in found})
    return context.asking.rendered(about, asker, team)


def named_actors(desk: Desk, workspace: str, text: str) -> list[NamedActor]:
    """List the actors that a text names, the most often named first.

    Names are first matched as in an article; if a short message has none, they are matched as in
    a question.
    """
    index = desk.actors(workspace)
    mentions = find_mentions("", text, index)
    first = {one.actor: one for one in reversed(mentions)}
    often = Counter(one.actor for one in mentions)
    found = [
        NamedActor(text[first[actor].start : first[actor].end], actor, index.name(actor))
        for actor in sorted(first, key=lambda actor: (-often[actor], first[actor].start))
    ]
    if found or len(text.split()) > _TYPED_WORDS:
        return found
    sure = [one for one in index.in_query(text) if one.verdict == "sure"]
    return [
        NamedActor(text[one.start : one.end], one.matches[0].actor, one.matches[0].name)
        for one in sure
    ]


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
    SURFACE_COMMAND: answer_command,
    SURFACE_SHORTCUT: answer_shortcut,
    SURFACE_AGAIN: interactions.answering(_answer_again),
    SURFACE_DIRECT: interactions.answering(_answer_direct, no_guests=GUEST),
    SURFACE_SHARE: interactions.answering(_answer_share),
    SURFACE_SOURCES: interactions.answering_alone(_reply_sources),
    SURFACE_EXPORT: interactions.answering(_answer_export),
}


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for the command, the shortcut, clicks on the buttons and choices in the menu."""
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

    async def command(body: dict[str, Any]) -> None:
        if (body.get("text") or "").strip().casefold() == SETTINGS:
            await _settings(context, body)
        else:
            order = interactions.command_record(body)
            await interactions.take(context, SURFACE_COMMAND, body, order)

    app.command(COMMAND)(interactions.acknowledging(command))
    app.message_shortcut(SHORTCUT)(
        interactions.listener(context, SURFACE_SHORTCUT, _shortcut_record)
    )
