"""The resources: actors, stories and articles, each at its own address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from bot.answer.claims import opening_line
from bot.answer.export import facts_about
from bot.answer.stories import story_by_id
from bot.errors import BadQuery
from bot.mcp.paging import STALE, Part, make_cursor, page, read_cursor
from bot.mcp.rows import SOME_ROWS, ActorPage, ArticlePage, Page, StoryPage, iso, rows_of
from bot.mcp.tools import Access, counted_lines, more

SCHEME = "dragoman"

TEXT_CHARACTERS = 20_000
"""The most characters of an article's text on one page."""


def actor(access: Access, key: str, cursor: str | None) -> ActorPage:
    """Return an actor with the newest facts in which it has a role."""
    library = access.library()
    known = access.visible_actor(library, key)
    if known is None:
        raise BadQuery(f"There is no actor {key}: resolve_actor finds ids.", about=key)
    found = facts_about(library, [library.expand(known.id)])
    part = page(found, lambda fact: fact.id, SOME_ROWS, cursor, f"actor {key}")
    return ActorPage(
        actor=known.id,
        name=known.name,
        type=known.type,
        description=known.description,
        acts_for=known.acts_for,
        aliases=tuple(dict.fromkeys(alias.text for alias in known.aliases)),
        rows=rows_of(library, counted_lines(library, part.items)),
        **more(part),
    )


def story(access: Access, key: str, cursor: str | None) -> StoryPage:
    """Return a story, with the beginning of each of its articles."""
    library = access.library()
    found = story_by_id(library, key)
    if found is None:
        raise BadQuery(f"There is no story {key}: rows name the stories there are.", about=key)
    row, members = found
    ids = [member.article for member, _ in members]
    part = page(ids, str, SOME_ROWS, cursor, f"story {key}")
    stored = library.articles(part.items)
    lines = [opening_line(stored[one]) for one in part.items if one in stored]
    return StoryPage(
        story=row.id,
        headline=row.headline,
        first=row.first,
        last=row.last,
        articles=row.articles,
        sources=row.sources,
        rows=rows_of(library, [line for line in lines if line is not None]),
        **more(part),
    )


def article(access: Access, key: str, cursor: str | None) -> ArticlePage:
    """Return an article's text, one stretch at a time."""
    library = access.library()
    stored = library.articles([key]).get(key)
    if stored is None or stored.article.audience not in library.audiences:
        raise BadQuery(f"There is no article {key}: rows name the articles there are.", about=key)
    cited, text, call = stored.cited, stored.revision.text, f"article {key} {stored.revision.n}"
    start = _position(cursor, call, len(text)) if cursor is not None else 0
    end = min(start + TEXT_CHARACTERS, len(text))
    part = Part([text], make_cursor(str(end), call) if end < len(text) else None)
    return ArticlePage(
        article=cited.article,
        revision=cited.revision,
        title=cited.title,
        text=text[start:end],
        start=start,
        end=end,
        thinned=cited.thinned,
        publisher=cited.publisher,
        original_source=cited.original_source,
        published=iso(cited.published),
        link=cited.url,
        sources=max(1, len(stored.sources)),
        story=library.store.stories.of(library.workspace, [key]).get(key),
        **more(part),
    )


def _position(cursor: str, call: str, length: int) -> int:
    """Return the offset that a cursor points to; raise BadQuery if it is not in the text."""
    last = read_cursor(cursor, call)
    if not (last.isascii() and last.isdigit() and int(last) < length):
        raise BadQuery(STALE, about="cursor")
    return int(last)


class Resource(NamedTuple):
    """A kind of resource: its description for assistants, and how to read it."""

    title: str
    description: str
    read: Callable[[Access, str, str | None], Page]


RESOURCES: Mapping[str, Resource] = {
    "actor": Resource("Actor", "An actor by its id, with the newest facts about it.", actor),
    "story": Resource("Story", "A story by its id: how each of its articles begins.", story),
    "article": Resource("Article", "The text of an article by its id.", article),
}


def read(access: Access, address: str) -> Page:
    """Read the resource at an address; raise BadQuery if there is none."""
    try:
        parts = urlsplit(address)
        key, query = unquote(parts.path.removeprefix("/"), errors="strict"), parse_qs(parts.query)
    except ValueError as error:
        raise _no_resource(address) from error
    found = RESOURCES.get(parts.netloc) if parts.scheme == SCHEME else None
    if found is None or not key or "\x00" in key or len(address) > 2_000:
        raise _no_resource(address)
    return found.read(access, key, query.get("cursor", [None])[0])


def _no_resource(address: str) -> BadQuery:
    kinds = ", ".join(f"{SCHEME}://{kind}/ID" for kind in RESOURCES)
    return BadQuery(f"There is no resource {address[:80]}: they are {kinds}.", about=address[:80])
