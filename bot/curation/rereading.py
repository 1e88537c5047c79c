"""Read articles again that a change of names affects, and only those."""

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
"""The most names of one change that are searched for."""


class ReadAgain(NamedTuple):
    """``articles`` were read again; ``left`` more contain a name.

    ``passed_over`` are names that were not searched for: too many, or only of common words.
    """

    articles: int = 0
    left: int = 0
    passed_over: tuple[str, ...] = ()


def affected_articles(
    store: Store,
    passages: PassageIndex,
    workspace: str,
    actors: Iterable[str],
    names: Sequence[str],
    most: int,
) -> tuple[list[str], int, tuple[str, ...]]:
    """Find the articles that contain one of ``names``, or mention ``actors`` by them.

    Returns at most ``most`` ids, the number of others (a lower bound, since searches are
    limited), and the names that were passed over.
    """
    searched = [name for name in names[:LOOKED_FOR] if passages.terms(name)]
    audiences = store.curation.audiences(workspace)
    reach = 2 * most + 100
    found = dict.fromkeys(store.curation.articles_naming(workspace, list(actors), names, reach))
    for name in searched:
        hits = passages.search(name, workspace=workspace, audiences=audiences, limit=reach)
        fresh = dict.fromkeys(hit.article for hit in hits if hit.article not in found)
        found.update(dict.fromkeys(_containing(store, workspace, list(fresh), name)))
    ids = list(found)
    passed = tuple(name for name in names if name not in searched)
    return ids[:most], max(len(ids) - most, 0), passed


def _containing(store: Store, workspace: str, ids: Sequence[str], name: str) -> Iterator[str]:
    """The articles that contain the words of a name in a row."""
    key = f" {normalise(name).removeprefix('the ')} "
    for some in _batches(ids):
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
    """Read these articles again, with ``words`` added to the seeds; returns how many were read."""
    from bot.read.pool import FEW_CHARACTERS, ReaderPool

    readers = ReaderPool(seeds, words, workers)
    done, session = 0, IntakeSession()
    try:
        for some in _batches(ids):
            stored = [one for one in store.articles(workspace, some).values() if is_live(one)]
            pages = [page_of(one) for one in stored]
            if len(ids) <= BATCH and sum(len(page.text) for page in pages) < FEW_CHARACTERS:
                readings = readers.read(pages)
            else:
                parts = [pages[n : n + _PART] for n in range(0, len(pages), _PART)]
                readings = [one for part in readers.stream(parts) for one in part]
            pairs = zip(stored, readings, strict=True)
            read = [(one, found) for one, found in pairs if isinstance(found, Reading)]
            store_reread(store, workspace, read, now, session)
            done += len(read)
    finally:
        readers.close()
    return done


def store_reread(
    store: Store,
    workspace: str,
    read: Sequence[tuple[Stored, Reading]],
    now: datetime,
    session: IntakeSession,
) -> None:
    """Replace the readings of stored articles."""
    # Near-copies are compared again, so each article keeps its own sources.
    own = store.stories.named_sources(workspace, [one.article.id for one, _ in read])
    arrivals = [_arrival(one, reading, own[one.article.id]) for one, reading in read]
    store.commit_in_batches(arrivals, now=now, session=session)


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


def is_live(one: Stored) -> bool:
    """Whether an article can be read again."""
    # The rest of a thinned text says less than the whole: its facts stay as they are.
    return one.article.tombstoned_at is None and not one.thinned


def page_of(one: Stored) -> Page:
    """The page of a stored article, as readers take it."""
    from bot.read.reading import Page

    return Page(one.revision.title, one.revision.text, one.article.published)


def _arrival(one: Stored, reading: Reading, own: Sequence[str]) -> Arrival:
    from bot.ingest import unsigned

    reading = unsigned(reading, one.article.publisher)
    return Arrival(article=one.article, revision=one.revision, reading=reading, sources=tuple(own))
