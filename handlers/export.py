"""Export: the facts that a brief draws on as a CSV file, for whoever asks alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from slack_bolt.async_app import AsyncApp

from bot.answer.export import as_csv, export_rows, facts_about
from bot.answer.formatting import count
from bot.desk import Desk
from bot.models import Asker, Brief, Request, SentReply
from handlers import clicks
from handlers.asking import Asked, Said
from handlers.blocks.brief import EXPORT, TIMELINE
from handlers.blocks.notes import sentence
from handlers.crew import Crew
from handlers.errors import Undeliverable
from handlers.upload import Upload

SURFACE = "export"

_Make = Callable[[Desk, Asker, Asked], "_File | str"]
"""Makes a file, or says in a sentence why there is none."""

_NO_NAME = re.compile(r"[^a-z0-9]+")
_NAME = 80  # characters of names in the name of a file


class _File(NamedTuple):
    """A file: its name and bytes, the words above it, what is said of it in place, and what a
    picture shows, in words."""

    name: str
    content: bytes
    above: str
    said: str
    alt: str = ""


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take clicks in."""
    click = clicks.listener(crew, SURFACE)
    app.action(EXPORT)(click)
    app.action(TIMELINE)(click)


async def answer(crew: Crew, request: Request) -> SentReply:
    """Send the file to whoever clicked, and say in place where it is."""
    click = request.payload
    value = clicks.read(click)
    if value is None:
        asked, said = clicks.nothing_asked(click), clicks.outdated(crew.now())
    else:
        asked = clicks.asked(click, value)
        make = _picture if click["action"] == TIMELINE else _table
        said = await _given(crew, request, asked, make)
    ts = await clicks.beside(crew, request, said)
    return crew.sent(request, asked, said, ts)


async def _given(crew: Crew, request: Request, asked: Asked, make: _Make) -> Said:
    """Make the file and send it; returns what to say about it."""
    made: list[_File | str] = []

    def work(asker: Asker) -> Said:
        made.append(make(crew.asking.desk, asker, asked))
        return Said({}, asked.query, crew.now())

    said = await crew.asking.work(request, asked, work)
    if not made:  # it failed, and what is said tells why
        return said
    file = made[0]
    if isinstance(file, str):
        return said._replace(payload=sentence(file))
    upload = Upload(asked.person, file.name, file.content, file.above, file.alt)
    try:
        await crew.sender.give(upload, request.lease_until)
    except Undeliverable as error:
        why = (
            "whoever installed me may have to install me anew, for the scopes files:write and "
            "im:write"
            if error.about == "missing_scope"
            else "it takes no messages of mine to you"
        )
        words = f"Slack does not let me send you the file ({error.about}): {why}."
        return said._replace(payload=sentence(words))
    return said._replace(payload=sentence(file.said))


def _table(desk: Desk, asker: Asker, asked: Asked) -> _File | str:
    """Lay out the facts between the subjects of a brief that is worked out anew."""
    reply = desk.brief(asker, asked.query, meant=asked.meant)
    rows = []
    if isinstance(reply, Brief) and reply.subjects:
        library = desk.library(asker)
        groups = [library.expand(match.actor) for match in reply.subjects]
        rows = export_rows(library, facts_about(library, groups, period=reply.period))
    if not rows or not isinstance(reply, Brief):
        return (
            "No fact is stored of this brief: its lines are sentences that name whom you asked for."
        )
    told = count(len(rows), "fact")
    return _File(
        _name(reply, asker, "csv"),
        as_csv(rows).encode("utf-8-sig"),
        f"{told}: “{asked.query}”",
        f"{told} are in your direct messages with me, as CSV.",
    )


def _picture(desk: Desk, asker: Asker, asked: Asked) -> _File | str:
    """Draw the timeline of a brief that is worked out anew; its words stand above it."""
    from bot.answer.timeline import alt_text, draw

    reply = desk.brief(asker, asked.query, meant=asked.meant)
    found = desk.timeline(asker, reply) if isinstance(reply, Brief) else None
    if found is None or not isinstance(reply, Brief):
        return "There is no timeline: no event of this brief has a date."
    told = alt_text(found)
    said = f"The timeline is in your direct messages with me. {told}"
    return _File(_name(reply, asker, "png"), draw(found), told, said, told)


def _name(brief: Brief, asker: Asker, kind: str) -> str:
    about = _NO_NAME.sub("-", " ".join(match.name for match in brief.subjects).lower()).strip("-")
    return f"dragoman-{about[:_NAME] or 'brief'}-{(asker.as_of or asker.now).date()}.{kind}"
