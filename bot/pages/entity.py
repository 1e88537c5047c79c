"""Details of one actor, story or article, as one asker may see them.

Ids can be guessed, so what the asker may not see looks like one that does not exist. That
covers an article of another place, a story without a visible article, and an actor known only from
articles that are not visible.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

from bot.answer.brief_sections import brief_rows, rows_shown_first
from bot.answer.formatting import day, marks, source, when
from bot.answer.library import Library
from bot.answer.lines import snippet_of
from bot.answer.stories import headline, opening_evidence, story_by_id
from bot.answer.timeline import alt_text
from bot.desk import Desk
from bot.errors import BadQuery
from bot.match.edits import final
from bot.match.provisional import provisional
from bot.models import Actor, Article, Asker, Brief, Line
from bot.store.stories import Member

Kind = Literal["actor", "story", "article"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Value = str | int | date | datetime

UNNAMED = "unnamed source"


class EntityLink(NamedTuple):
    """A link to the details of another actor, story or article."""

    kind: Kind
    id: str
    name: str


class Property(NamedTuple):
    """A labelled value; ``link`` is the URL that the value links to."""

    label: str
    value: Value
    link: str | None = None


class EntityDetails(NamedTuple):
    """What is known about one actor, story or article.

    ``id`` is the requested id, even if that actor was merged into another. ``brief`` and
    ``timeline`` are lines of text, ``sources`` the articles they cite, ``related`` others.
    """

    kind: Kind
    id: str
    title: str
    properties: tuple[Property, ...]
    brief: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    sources: tuple[EntityLink, ...] = ()
    related: tuple[EntityLink, ...] = ()


def entity_details(
    desk: Desk, asker: Asker, kind: Kind, key: str, *, summary: bool = False
) -> EntityDetails | None:
    """Return the sheet of a kind and id; None if the asker may see none.

    A ``summary`` has only the title, the properties and the article's beginning. Raises
    StoreError.
    """
    library = desk.library(asker)
    if kind == "actor":
        return _actor(desk, library, key, summary)
    return _story(library, key, summary) if kind == "story" else _article(library, key, summary)


# --- actors ------------------------------------------------------------------------------


def _actor(desk: Desk, library: Library, key: str, summary: bool) -> EntityDetails | None:
    actor = library.actors.get(final(key, library.actors.get))
    if actor is None or (provisional(actor.id) and not library.names(actor.id)):
        return None
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
    short = EntityDetails("actor", key, actor.name, tuple(properties))
    if summary:
        return short
    asker = library.asker
    about = _brief(desk, asker, actor)
    drawn = desk.timeline(asker, about) if about else None
    lines = [row.line for row in rows_shown_first(brief_rows(about))] if about else []
    return short._replace(
        brief=tuple(_line_text(line, asker.tz) for line in lines),
        timeline=(alt_text(drawn),) if drawn else (),
        sources=_sources(lines),
        related=(EntityLink("actor", acts_for.id, acts_for.name),) if acts_for else (),
    )


def _brief(desk: Desk, asker: Asker, actor: Actor) -> Brief | None:
    """Return the brief on an actor; None if its name is understood as something else."""
    try:
        reply = desk.brief(asker, actor.name, meant={actor.name: actor.id})
    except BadQuery:
        return None
    if isinstance(reply, Brief) and any(one.actor == actor.id for one in reply.subjects):
        return reply
    return None


def _line_text(line: Line, tz: str) -> str:
    """Return a line verbatim, with its day, its source, and its status where that matters."""
    status = f" ({', '.join(marks(line))})" if marks(line) else ""
    return f"{when(line, tz)}{status}: {line.snippet.quote} ({source(line.snippet)})"


def _sources(lines: list[Line]) -> tuple[EntityLink, ...]:
    cited = {line.snippet.article: line.snippet for line in lines}
    return tuple(
        EntityLink("article", key, f"{source(one)}: {headline(one.title, one.quote)}")
        for key, one in cited.items()
    )


# --- stories and articles ----------------------------------------------------------------


def _story(library: Library, key: str, summary: bool) -> EntityDetails | None:
    found = story_by_id(library, key)
    if found is None:
        return None
    row, opened = found
    properties = (
        Property("First report", row.first),
        Property("Last report", row.last),
        Property("Articles", row.articles),
        Property("Near-copies", row.copies),
        Property("Independent sources", row.sources),
    )
    short = EntityDetails("story", row.id, row.headline, properties)
    if summary:
        return short
    members = [member for member, _ in opened]
    publishers: dict[str, list[str]] = {}
    for member, opening in opened:
        if member.original is None and opening.strip():
            publishers.setdefault(opening, []).append(_publisher(member))
    return short._replace(
        brief=tuple(
            f"{opening} ({', '.join(dict.fromkeys(named))})"
            for opening, named in publishers.items()
        ),
        timeline=_timeline(members),
        sources=_members(members),
    )


def _timeline(members: list[Member]) -> tuple[str, ...]:
    return tuple(
        f"{day(one.day) if one.published else 'undated'}: {headline(one.title, one.text)}"
        for one in members
    )


def _members(members: list[Member]) -> tuple[EntityLink, ...]:
    return tuple(
        EntityLink("article", one.article, f"{_publisher(one)}: {headline(one.title, one.text)}")
        for one in members
    )


def _publisher(member: Member) -> str:
    return member.publisher or member.original_source or UNNAMED


def _article(library: Library, key: str, summary: bool) -> EntityDetails | None:
    stored = library.articles([key]).get(key)
    if stored is None or stored.article.audience not in library.audiences:
        return None
    one = stored.article
    properties = [Property("Publisher", one.publisher or UNNAMED, one.url)]
    properties += [Property("Published", moment)] if (moment := _published(one)) else []
    properties += [Property("Author", one.author)] if one.author else []
    properties += [Property("Independent sources", max(len(stored.sources), 1))]
    title = headline(stored.revision.title, stored.revision.text)
    # Only the quoted parts of a thinned text are left.
    opening = () if stored.thinned else (snippet_of(stored, opening_evidence(stored)).quote,)
    short = EntityDetails("article", one.id, title, tuple(properties), opening)
    story = library.store.stories.of(library.workspace, [key]).get(key)
    found = story_by_id(library, story) if story and not summary else None
    if found is None:
        return short
    row, members = found[0], [member for member, _ in found[1]]
    others = [one for one in members if one.article != key]
    return short._replace(
        timeline=_timeline(members),
        sources=_members(others),
        related=(EntityLink("story", row.id, row.headline),) if others else (),
    )


def _published(article: Article) -> Value | None:
    """Return when an article was published, as precisely as is known."""
    moment, precision = article.published, article.published_precision
    if moment is None or precision == "minute":
        return moment
    return moment.date() if precision in (None, "day") else day(moment.date(), precision)
