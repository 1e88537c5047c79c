"""``/brief`` and “Brief me on this”: briefs for the asker alone, or with ``public`` for everyone.

Without either option the channel's preference decides; ``private`` then means the asker alone.
``/brief settings`` opens the form for that preference.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from typing import Any, Literal, NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import capital
from bot.desk import Desk
from bot.models import Asker, Request, SentReply
from bot.read.mentions import find_mentions
from handlers import forms, interactions
from handlers.asking import STILL_READING, Rendered, UserQuery
from handlers.blocks.layout import Payload
from handlers.blocks.notes import asked_by, choose_actor, sentence
from handlers.blocks.text import plain_text
from handlers.context import Context
from handlers.payloads import workspace_of

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
    kept = forms.SettingsFormState(place=place, response_url=url)
    which: Literal["mine", "place"] = "mine" if place.startswith("D") else "place"
    team, trigger = workspace_of(body), body["trigger_id"]
    await forms.open_settings(context, team, person, trigger, which, kept)


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


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for the command and the shortcut."""

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


ANSWERS = {SURFACE_COMMAND: answer_command, SURFACE_SHORTCUT: answer_shortcut}
