"""What was learnt from articles that somebody gave: told from the store, after they are in it.

So that a request which is worked on twice is told the same twice: an article is new if it
was first seen since it was given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.answer.library import Library
from bot.gather.names import content_hash, names, own_names
from bot.models import EVERYWHERE, Draft, Learnt
from bot.store.records import Stored

_HEAD = 80
"""Characters of a text that stand for the title that it lacks."""


def learnt(library: Library, drafts: Sequence[Draft], since: datetime) -> list[Learnt]:
    """Tell what each draft, stored by now, has become; ``since`` is when it was given.

    What everybody may read counts before what only the place may. A draft of an article that
    was removed, or that came to nothing, is passed over.
    """
    found: dict[str, Draft] = {}
    for draft in drafts:
        if (article := known_as(library, draft)) is not None:
            found.setdefault(article, draft)
    stored = library.store.articles(library.workspace, found)
    acting = library.store.intakes.actors(library.workspace, found)
    copies = _copies(library, found)
    return [
        _told(library, stored[article], acting[article], since).model_copy(
            update={
                "title": stored[article].revision.title or draft.origin,
                "copy_of": copies.get(article),
            }
        )
        for article, draft in found.items()
        if article in stored
    ]


def known_as(library: Library, draft: Draft, audience: str | None = None) -> str | None:
    """The article that a draft is, of those that the asker may see, or of one audience."""
    called = names(draft)
    for one in library.audiences if audience is None else (audience,):
        known = library.store.known(library.workspace, one, called)
        if (first := next((known[name] for name in called if name in known), None)) is not None:
            return None if first.tombstoned else first.article
    return None


def is_its_own(library: Library, draft: Draft, audience: str) -> bool:
    """Whether no other words are stored, for everybody or for an audience, under a draft's link."""
    called = own_names(draft)
    words = content_hash(draft.title, draft.text)
    return all(
        one.sha256 == words
        for within in {EVERYWHERE, audience}
        for one in library.store.known(library.workspace, within, called).values()
    )


def _copies(library: Library, articles: Collection[str]) -> dict[str, str]:
    """Name what near-copies are copies of, where the asker may see it."""
    folded = library.store.stories.originals(library.workspace, articles)
    found = library.store.articles(library.workspace, set(folded.values()))
    return {
        key: original.revision.title or original.revision.text[:_HEAD].strip()
        for key, other in folded.items()
        if (original := found.get(other)) is not None
        and original.article.audience in library.audiences
    }


def _told(
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
