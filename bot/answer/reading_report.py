"""Reading reports: the result for each article that somebody sent, and a list of sources.

A request that is processed twice gets the same reply: an article counts as new if it was first
seen after it was sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.answer.claims import opening_line, with_read_hint
from bot.answer.formatting import capital, count, day
from bot.answer.library import Library
from bot.gather.links import content_hash, names, own_names, publisher_of
from bot.gather.records import agency
from bot.models import EVERYWHERE, Answer, Draft, Learnt, Line, Nothing
from bot.store.articles import Stored
from bot.store.sources import Source
from bot.store.trust import is_withheld

_HEAD = 80
"""The most characters of a text used as title if it has none."""


def describe_given(library: Library, drafts: Sequence[Draft], since: datetime) -> list[Learnt]:
    """Describe the stored article of each draft; ``since`` is when the drafts were sent.

    An article for everybody takes precedence over one for the place only. Drafts of removed
    articles, or without an article, are left out.
    """
    found: dict[str, Draft] = {}
    for draft in drafts:
        if (article := stored_article(library, draft)) is not None:
            found.setdefault(article, draft)
    stored = library.store.articles(library.workspace, found)
    acting = library.store.link_reading.actors(library.workspace, found)
    copies = _copies(library, found)
    return [
        _described(library, stored[article], acting[article], since).model_copy(
            update={
                "title": stored[article].revision.title or draft.origin,
                "copy_of": copies.get(article),
            }
        )
        for article, draft in found.items()
        if article in stored
    ]


def stored_article(library: Library, draft: Draft, audience: str | None = None) -> str | None:
    """Return the stored article of a draft, among those that the asker, or an audience, may see."""
    called = names(draft)
    for one in library.audiences if audience is None else (audience,):
        known = library.store.known(library.workspace, one, called)
        first = next((known[name] for name in called if name in known), None)
        if first is not None and not first.tombstoned:
            return first.article
    return None


def set_aside(library: Library, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts whose article is hidden, as its source is distrusted or it was removed, and
    those that were refused because their source is removed."""
    removed = library.store.sources.removed(library.workspace)
    return [one for one in drafts if _is_hidden(library, one) or _is_refused(one, removed)]


def _is_hidden(library: Library, draft: Draft) -> bool:
    known = [
        one
        for audience in library.audiences
        for one in library.store.known(library.workspace, audience, names(draft)).values()
    ]
    return bool(known) and all(one.tombstoned for one in known)


def _is_refused(draft: Draft, removed: Collection[str]) -> bool:
    publisher = draft.publisher or publisher_of(draft.url)
    return is_withheld(publisher, tuple(map(agency, draft.cited)), removed)


def is_its_own(library: Library, draft: Draft, audience: str) -> bool:
    """Return whether no other text has a draft's link, for everybody or for an audience."""
    called = own_names(draft)
    words = content_hash(draft.title, draft.text)
    return all(
        one.sha256 == words
        for within in {EVERYWHERE, audience}
        for one in library.store.known(library.workspace, within, called).values()
    )


def _copies(library: Library, articles: Collection[str]) -> dict[str, str]:
    """Return the titles of the originals of near-copies, if the asker may see them."""
    folded = library.store.stories.originals(library.workspace, articles)
    found = library.store.articles(library.workspace, set(folded.values()))
    return {
        key: original.revision.title or original.revision.text[:_HEAD].strip()
        for key, other in folded.items()
        if (original := found.get(other)) is not None
        and original.article.audience in library.audiences
    }


def _described(
    library: Library, stored: Stored, acting: Sequence[tuple[str, ...]], since: datetime
) -> Learnt:
    article = stored.article
    often = Counter(actor for sides in acting for actor in sorted(set(sides)))
    return Learnt(
        article=article.id,
        title=stored.revision.title,
        url=article.url,
        publisher=article.publisher,
        published=article.published,
        published_precision=article.published_precision,
        language=article.language,
        facts=len(acting),
        actors=tuple(
            known.name
            for actor, _ in often.most_common()
            if (known := library.actors.get(actor)) is not None
        ),
        before=article.first_seen if article.first_seen < since else None,
        audience=article.audience,
        revised=stored.revision.n > 1 and stored.revision.seen_at >= since,
    )


# --- sources --------------------------------------------------------------------------

MOST_SOURCES = 10
"""The most sources in a reply; ``dragoman sources`` lists all."""

NOTHING_READ = "I have read nothing yet: give me links or files, or add feeds in Home."


def list_sources(library: Library, query: str) -> Answer | Nothing:
    """List the sources with most articles, each with the beginning of the newest of them."""
    found = library.store.sources.all(library.workspace, library.audiences)
    if not found:
        return Nothing(query=query, notes=with_read_hint(library, NOTHING_READ))
    lines = [
        line for one in found[:MOST_SOURCES] if (line := newest_line(library, one)) is not None
    ]
    return Answer(
        query=query,
        as_of=library.as_of,
        answered=bool(lines),
        lines=tuple(lines),
        notes=tuple(_notes(found)),
    )


def describe_source(one: Source) -> str:
    """Describe a source in one line: articles, independence, newest article, level of trust."""
    parts = [count(one.articles, "article")] if one.articles else []
    if one.independence is not None:
        parts.append(f"{one.independence:.0%} its own")
    if one.cited:
        parts.append(f"cited by {count(one.cited, 'article')} of other publishers")
    if one.newest is not None:
        parts.append(f"newest {day(one.newest.date())}")
    elif one.articles or one.cited:
        parts.append("undated")
    if one.level != "normal":
        parts.append(one.level)
    return f"{one.name} · {', '.join(parts)}"


def newest_line(library: Library, one: Source) -> Line | None:
    """Return the beginning of a source's newest article; None if none may be shown."""
    key = library.store.sources.newest(library.workspace, library.audiences, one.key, library.as_of)
    stored = library.articles([key]) if key else {}
    line = opening_line(stored[key]) if key in stored else None
    return line.model_copy(update={"heading": describe_source(one)}) if line else None


def _notes(found: list[Source]) -> list[str]:
    published = [one for one in found if one.articles]
    cited = [one for one in found if not one.articles and one.cited]
    counts = [count(len(published), "publisher")]
    counts += [count(sum(one.articles for one in published), "article")]
    if cited:
        counts.append(f"{count(len(cited), 'other source')} that they cite")
    notes = [f"{capital(', '.join(counts))}."]
    for level in ("distrusted", "removed"):
        names = [one.name for one in found if one.level == level]
        if names:
            notes.append(f"{capital(level)}, and not shown: {', '.join(names)}.")
    return notes
