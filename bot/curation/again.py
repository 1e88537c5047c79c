"""Articles read again: those, and only those, that an edit of names touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.match.edits import OwnWords
from bot.match.gazetteer import Gazetteer
from bot.models import Arrival, Reading
from bot.search.index import PassageIndex
from bot.store.articles import Stored
from bot.store.store import Store
from bot.store.stories import IntakeSession
from bot.text.names import normalise

if TYPE_CHECKING:
    from bot.read.reading import Page

BATCH = 200
_PART = 25  # articles that one worker takes at a time
LOOKED_FOR = 500
"""Names of one change that are looked for in the articles."""


class ReadAgain(NamedTuple):
    """``articles`` were read again; ``left`` more were found that hold a name.

    ``passed_over`` are names that could not be looked for: too many, or made of words
    that stand everywhere.
    """

    articles: int = 0
    left: int = 0
    passed_over: tuple[str, ...] = ()


def touched(
    store: Store,
    passages: PassageIndex,
    workspace: str,
    actors: Iterable[str],
    names: Sequence[str],
    most: int,
) -> tuple[list[str], int, tuple[str, ...]]:
    """Find the articles that hold one of ``names``, or name ``actors`` by them.

    Returns at most ``most`` ids, how many more were found (a lower bound: no search goes
    on for ever), and the names that were passed over.
    """
    looked = [name for name in names[:LOOKED_FOR] if passages.terms(name)]
    audiences = store.curation.audiences(workspace)
    reach = 2 * most + 100
    found = dict.fromkeys(store.curation.articles_naming(workspace, list(actors), names, reach))
    for name in looked:
        hits = passages.search(name, workspace=workspace, audiences=audiences, limit=reach)
        fresh = dict.fromkeys(hit.article for hit in hits if hit.article not in found)
        found.update(dict.fromkeys(_holding(store, workspace, list(fresh), name)))
    ids = list(found)
    passed = tuple(name for name in names if name not in looked)
    return ids[:most], max(len(ids) - most, 0), passed


def _holding(store: Store, workspace: str, ids: Sequence[str], name: str) -> Iterator[str]:
    """Those articles in which the words of a name stand beside each other, in order."""
    key = f" {normalise(name).removeprefix('the ')} "
    for some in _cut(ids):
        stored = store.articles(workspace, some)
        for article in some:
            one = stored[article]
            if key in f" {normalise(one.revision.title)} | {normalise(one.revision.text)} ":
                yield article


def read_again(
    store: Store,
    seeds: Gazetteer,
    words: OwnWords,
    workspace: str,
    ids: Sequence[str],
    *,
    now: datetime,
    workers: int = 0,
) -> int:
    """Read these articles again, with ``words`` beside the seeds; returns how many were."""
    from bot.read.pool import FEW_CHARACTERS, ReaderPool

    readers = ReaderPool(seeds, words, workers)
    done, session = 0, IntakeSession()
    try:
        for some in _cut(ids):
            stored = [one for one in store.articles(workspace, some).values() if is_live(one)]
            pages = [page_of(one) for one in stored]
            if len(ids) <= BATCH and sum(len(page.text) for page in pages) < FEW_CHARACTERS:
                readings = readers.read(pages)
            else:
                parts = [pages[n : n + _PART] for n in range(0, len(pages), _PART)]
                readings = [one for part in readers.stream(parts) for one in part]
            pairs = zip(stored, readings, strict=True)
            read = [(one, found) for one, found in pairs if isinstance(found, Reading)]
            store_again(store, workspace, read, now, session)
            done += len(read)
    finally:
        readers.close()
    return done


def store_again(
    store: Store,
    workspace: str,
    read: Sequence[tuple[Stored, Reading]],
    now: datetime,
    session: IntakeSession,
) -> None:
    """Store what was read of stored articles, in place of what was read of them before."""
    # What a near-copy counts as is decided anew: it comes with its own sources.
    own = store.stories.named_sources(workspace, [one.article.id for one, _ in read])
    arrivals = [_arrival(one, reading, own[one.article.id]) for one, reading in read]
    store.commit_in_batches(arrivals, now=now, session=session)


def _cut(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


def is_live(one: Stored) -> bool:
    """Whether an article can be read again."""
    # What is left of a thinned text says less than it did: its facts stay as they were read.
    return one.article.tombstoned_at is None and not one.thinned


def page_of(one: Stored) -> Page:
    """What a reader needs of a stored article."""
    from bot.read.reading import Page

    return Page(one.revision.title, one.revision.text, one.article.published)


def _arrival(one: Stored, reading: Reading, own: Sequence[str]) -> Arrival:
    from bot.ingest import unsigned

    reading = unsigned(reading, one.article.publisher)
    return Arrival(article=one.article, revision=one.revision, reading=reading, sources=tuple(own))
