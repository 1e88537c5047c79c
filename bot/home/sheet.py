"""Sheets: what is known of one actor, story or article, as one asker may see it.

An id may be guessed, so that a sheet that the asker may not see is the same as none: an article
of another place, a story of which they see no article, an actor introduced by articles that they
do not see.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

from bot.answer.brief_layout import brief_rows, rows_shown_first
from bot.answer.formatting import day, marks, source, when
from bot.answer.library import Library
from bot.answer.lines import snippet_of
from bot.answer.stories import headline, opening_evidence, story_by_id
from bot.answer.timeline import alt_text
from bot.desk import Desk
from bot.errors import BadQuery
from bot.match.provisional import provisional
from bot.models import Actor, Asker, Brief, Line
from bot.store.articles import Stored
from bot.store.stories import Member

Kind = Literal["actor", "story", "article"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Value = str | int | date | datetime


class Named(NamedTuple):
    """Another sheet that one leads to."""

    kind: Kind
    id: str
    name: str


class Property(NamedTuple):
    """A property under its label; ``link`` is where its words lead."""

    label: str
    value: Value
    link: str | None = None


class Sheet(NamedTuple):
    """What is known of one thing.

    ``brief`` and ``timeline`` are lines of text, ``sources`` the articles that they are from,
    ``related`` other sheets.
    """

    kind: Kind
    id: str
    title: str
    properties: tuple[Property, ...]
    brief: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    sources: tuple[Named, ...] = ()
    related: tuple[Named, ...] = ()


def sheet(desk: Desk, asker: Asker, kind: Kind, key: str) -> Sheet | None:
    """The sheet of a kind and id; None where there is none that the asker may see.

    Raises StoreError.
    """
    library = desk.library(asker)
    if kind == "actor":
        return _actor(desk, library, key)
    return _story(library, key) if kind == "story" else _article(library, key)


# --- actors ------------------------------------------------------------------------------


def _actor(desk: Desk, library: Library, key: str) -> Sheet | None:
    actor = library.actors.get(key)
    if actor is not None and actor.merged_into:
        actor = library.actors.get(actor.merged_into)
    if actor is None or (provisional(actor.id) and not library.names(actor.id)):
        return None
    asker = library.asker
    about = _brief(desk, asker, actor)
    acts_for = library.actors.get(actor.acts_for) if actor.acts_for else None
    coverage = library.coverage([library.expand(actor.id)], None)
    properties = [Property("Type", actor.type.value.capitalize())]
    properties += [Property("Acts for", acts_for.name)] if acts_for else []
    properties += [Property("Description", actor.description)] if actor.description else []
    properties += [
        Property("Articles", coverage.articles),
        Property("Independent sources", coverage.sources),
    ]
    properties += [Property("Last report", coverage.newest)] if coverage.newest else []
    drawn = desk.timeline(asker, about) if about else None
    lines = [row.line for row in rows_shown_first(brief_rows(about))] if about else []
    return Sheet(
        "actor",
        actor.id,
        actor.name,
        tuple(properties),
        tuple(_in_words(line, asker.tz) for line in lines),
        (alt_text(drawn),) if drawn else (),
        _sources(lines),
        (Named("actor", acts_for.id, acts_for.name),) if acts_for else (),
    )


def _brief(desk: Desk, asker: Asker, actor: Actor) -> Brief | None:
    """The brief on an actor; None where its name is taken for something else."""
    try:
        reply = desk.brief(asker, actor.name, meant={actor.name: actor.id})
    except BadQuery:
        return None
    is_about = isinstance(reply, Brief) and any(one.actor == actor.id for one in reply.subjects)
    return reply if isinstance(reply, Brief) and is_about else None


def _in_words(line: Line, tz: str) -> str:
    """A line verbatim, with its day, its status where that matters, and its source."""
    status = f" ({', '.join(marks(line))})" if marks(line) else ""
    return f"{when(line, tz)}{status}: {line.snippet.quote} ({source(line.snippet)})"


def _sources(lines: list[Line]) -> tuple[Named, ...]:
    cited = {line.snippet.article: line.snippet for line in lines}
    return tuple(
        Named("article", key, f"{source(one)}: {headline(one.title, one.quote)}")
        for key, one in cited.items()
    )


# --- stories and articles ----------------------------------------------------------------


def _story(library: Library, key: str) -> Sheet | None:
    found = story_by_id(library, key)
    if found is None:
        return None
    row, members = found
    properties = [
        Property("First report", row.first),
        Property("Last report", row.last),
        Property("Articles", row.articles),
        Property("Near-copies", row.copies),
        Property("Independent sources", row.sources),
    ]
    own = [(member, opening) for member, opening in members if member.original is None]
    return Sheet(
        "story",
        row.id,
        row.headline,
        tuple(properties),
        tuple(f"{opening} ({_publisher(member)})" for member, opening in own),
        tuple(f"{day(member.day)}: {_headline(member)}" for member, _ in members),
        tuple(
            Named("article", member.article, f"{_publisher(member)}: {_headline(member)}")
            for member, _ in members
        ),
    )


def _publisher(member: Member) -> str:
    return member.publisher or member.original_source or "unnamed source"


def _headline(member: Member) -> str:
    return headline(member.title, member.text)


def _article(library: Library, key: str) -> Sheet | None:
    stored = library.articles([key]).get(key)
    if stored is None or stored.article.audience not in library.audiences:
        return None
    one = stored.article
    story = library.store.stories.of(library.workspace, [key]).get(key)
    found = story_by_id(library, story) if story else None
    title = headline(stored.revision.title, stored.revision.text)
    properties = [Property("Publisher", one.publisher or "unnamed source", one.url)]
    properties += [Property("Published", one.published)] if one.published else []
    properties += [Property("Author", one.author)] if one.author else []
    properties += [Property("Independent sources", max(len(stored.sources), 1))]
    members = found[1] if found else []
    return Sheet(
        "article",
        one.id,
        title,
        tuple(properties),
        _opening(stored),
        tuple(f"{day(member.day)}: {_headline(member)}" for member, _ in members),
        tuple(
            Named("article", member.article, f"{_publisher(member)}: {_headline(member)}")
            for member, _ in members
            if member.article != key
        ),
        (Named("story", found[0].id, found[0].headline),) if found and len(members) > 1 else (),
    )


def _opening(stored: Stored) -> tuple[str, ...]:
    """How an article begins; nothing of one of whose text only what is quoted is kept."""
    return () if stored.thinned else (snippet_of(stored, opening_evidence(stored)).quote,)
