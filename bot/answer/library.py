"""The store, search index and actors as one asker may see them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import StoreUnavailable
from bot.match.actors import ActorIndex
from bot.models import EVERYWHERE, Asker, EventClass, Fact, Match, Period
from bot.search.index import Hit, PassageIndex
from bot.search.query import Coverage, Scope, parted
from bot.search.vectors import HeadlineVectors, Vector, Vectors
from bot.store.articles import Stored
from bot.store.store import Store
from bot.text.english import is_common
from bot.text.names import to_ascii


def audiences(asker: Asker) -> tuple[str, ...]:
    """Which articles an asker may see, in the place where they ask.

    - Articles given in a private channel or a direct message are shown only there, to everybody
      in it, and never elsewhere, not even to the person who gave them.
    - Articles of the whole workspace (from its feeds, the command line, public channels) are
      shown to its members everywhere, and in a channel to everybody in it, since all of them see
      the replies there.
    - Guests, and members of another workspace, see the workspace's articles in channels only.
      In direct messages, on their Home, and in their own digests and watches they see only
      articles that they gave themselves.

    A click on a button is a new request by the person who clicks, in the place of the click. So a
    reply to somebody else shows them no more than their own reply would.
    """
    if asker.guest and asker.place.startswith("D"):
        return (asker.place,)
    return (EVERYWHERE, asker.place)


log = logging.getLogger(__name__)

COMMON_IN_PASSAGES = 3
"""A word in at least so many passages counts as correct."""


MOST_VECTORS = 40
"""The most vectors made for one request: about half a second of work."""


OTHER_LANGUAGES = 1_000
"""The most articles in other languages that are compared, the newest."""


@dataclass(frozen=True)
class Library:
    """Store, passages and actors, as one asker may see them."""

    store: Store
    passages: PassageIndex
    actors: ActorIndex
    asker: Asker
    vectors: Vectors
    most_vectors: int = MOST_VECTORS
    headlines: HeadlineVectors | None = None
    """For comparisons across languages; None where their package is not installed."""

    @property
    def workspace(self) -> str:
        """The workspace of the question."""
        return self.asker.workspace

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences whose articles the asker may see."""
        return audiences(self.asker)

    @property
    def as_of(self) -> datetime:
        """The instant that counts as now."""
        return self.asker.as_of or self.asker.now

    @cached_property
    def today(self) -> date:
        """The asker's own day."""
        try:
            zone = ZoneInfo(self.asker.tz)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return self.as_of.astimezone(zone).date()

    def stems(self, words: Iterable[str]) -> list[str]:
        """Return the stems of words; misspelt words are replaced by the nearest stored ones.

        An ordinary English word counts as correct, even if it is not stored; so does a word
        in another script or with accents. If most words are unknown, the text is in another
        language, and nothing is corrected.
        """
        found = [(word, term) for word in words for term in self.passages.terms(word)]
        doubtful = {
            word
            for word, term in found
            if not self.frequency(term) and not is_common(word) and word.isascii()
        }
        if len(doubtful) > max(1, len(found) // 2):
            doubtful = set()
        return [
            right
            for word, term in found
            for right in (self._spelled(word, term) if word in doubtful else (term,))
        ]

    def _spelled(self, word: str, term: str) -> tuple[str, ...]:
        """Return the stored term that was meant, or two terms that were typed as one word."""
        right = self.passages.spelled(
            term, typed=word, workspace=self.workspace, audiences=self.audiences
        )
        halves = parted(word, self._often) if right == term else None
        return tuple(self.passages.terms(" ".join(halves))) if halves else (right,)

    def _often(self, word: str) -> int:
        """Count the passages with a word; 0 if so few have it that it may be misspelt."""
        terms = self.passages.terms(word)
        often = self.frequency(terms[0]) if len(terms) == 1 else 0
        return often if often >= COMMON_IN_PASSAGES else 0

    def meant_as_well(self, term: str, typed: str = "") -> list[str]:
        """Return stored terms that a rare one may be a misspelling of."""
        return self.passages.meant_as_well(
            term, typed=typed, workspace=self.workspace, audiences=self.audiences
        )

    def knows(self, text: str) -> bool:
        """Return whether every word of a text is common in stored passages.

        A word whose stem is another word (*turky*, Turki) does not count.
        """
        terms = self.passages.terms(text)
        typed = to_ascii(text).casefold()
        return bool(terms) and all(
            term in typed and self.frequency(term) >= COMMON_IN_PASSAGES for term in terms
        )

    def names(self, actor: str) -> bool:
        """Return whether any passage that the asker may see names an actor."""
        return self.passages.names(
            self.expand(actor), workspace=self.workspace, audiences=self.audiences
        )

    def holds_all(self, terms: Collection[str], actors: Collection[str] = ()) -> bool:
        """Return whether a passage that the asker may see has all terms, and names an actor.

        Without ``actors`` it may name anybody.
        """
        groups: list[Collection[str]] = [actors] if actors else []
        names: list[Collection[str]] = [()] * len(groups)
        return bool(self.found("", [*groups, ()], None, names=[*names, terms], limit=1))

    def frequency(self, term: str | None) -> int:
        """Count the visible passages with a term; None means any term."""
        if term not in self._counted:
            self._counted[term] = self.passages.frequency(
                term, workspace=self.workspace, audiences=self.audiences
            )
        return self._counted[term]

    @cached_property
    def retrieved(self) -> dict[Hashable, Any]:
        """Evidence for the questions of this request: each is needed more than once."""
        return {}

    def vectors_of(
        self, articles: Sequence[str], vectors: Vectors | None = None
    ) -> dict[str, Vector]:
        """Return vectors of articles; makes the first ``most_vectors`` missing ones."""
        vectors = vectors or self.vectors
        found = vectors.known(self.workspace, articles)
        missing = [key for key in articles if key not in found][: self.most_vectors]
        if not missing:
            return found
        try:
            return found | vectors.of(self.store, self.workspace, missing)
        except StoreUnavailable as error:
            # Search works without vectors, by words.
            log.warning("vectors are not made: %s", error)
            return found

    def in_other_languages(self, since: datetime, until: datetime) -> dict[str, datetime]:
        """Return when the visible articles in other languages appeared, the newest first."""
        return self.store.in_other_languages(
            self.workspace, self.audiences, since, min(until, self.as_of), OTHER_LANGUAGES
        )

    @cached_property
    def _counted(self) -> dict[str | None, int]:
        """Cached counts: a request looks at a question more than once."""
        return {}

    @property
    def scope(self) -> Scope:
        """The workspace, audiences and instant of counts over passages."""
        return Scope(self.workspace, self.audiences, self.as_of)

    def coverage(self, groups: Sequence[Collection[str]], period: Period | None) -> Coverage:
        """Count the articles that the asker may see and that name an actor of every group."""
        return self.passages.coverage(groups, self.scope, period)

    def found(
        self,
        text: str | Sequence[str],
        groups: Sequence[Collection[str]],
        period: Period | None,
        *,
        limit: int,
        require_actor: bool = True,
        newest_first: bool = False,
        undated: bool = True,
        names: Sequence[Collection[str]] = (),
        near: tuple[datetime, datetime] | None = None,
    ) -> list[Hit]:
        """Return visible passages, with a period those published in it; see ``search``.

        With a period, nothing ``undated`` is returned, whatever the argument.
        """
        return self.passages.search(
            text,
            workspace=self.workspace,
            audiences=self.audiences,
            actors=groups,
            require_actor=require_actor,
            since=period.start if period else None,
            until=period.end if period else None,
            as_of=self.as_of,
            undated=undated and period is None,
            newest_first=newest_first,
            names=names,
            near=near,
            limit=limit,
        )

    def articles(self, ids: Collection[str]) -> dict[str, Stored]:
        """Return articles by id, without those deleted since the index or the facts were read."""
        found = self.store.articles(self.workspace, ids)
        return {key: one for key, one in found.items() if one.article.tombstoned_at is None}

    def current(self, hits: Iterable[Hit]) -> Iterator[tuple[Hit, Stored]]:
        """Pair passages with their articles, without those deleted or revised since."""
        hits = list(hits)
        stored = self.articles({hit.article for hit in hits})
        for hit in hits:
            one = stored.get(hit.article)
            if one is not None and one.revision.n == hit.revision:
                yield hit, one

    def facts(
        self,
        period: Period | None,
        *,
        actors: Collection[str] | None = None,
        with_any: Collection[str] | None = None,
        classes: Collection[EventClass] | None = None,
        undated: bool | None = None,
        limit: int,
    ) -> list[Fact]:
        """Return facts of a period that the asker may see, newest first; see ``Store.facts``."""
        return self.store.facts(
            self.workspace,
            self.audiences,
            actors=actors,
            with_any=with_any,
            classes=classes,
            since=period.start if period else None,
            until=period.end if period else None,
            as_of=self.as_of,
            undated=undated,
            limit=limit,
        )

    def groups(self, subjects: Iterable[Match]) -> list[frozenset[str]]:
        """Return the ids that count as each of some actors."""
        return [self.expand(one.actor) for one in subjects]

    def expand(self, actor: str) -> frozenset[str]:
        """Return all ids that count as this actor."""
        if actor not in self._expanded:
            self._expanded[actor] = self.actors.expand(actor, self.today)
        return self._expanded[actor]

    @cached_property
    def _expanded(self) -> dict[str, frozenset[str]]:
        """Cached ids of this request: a state has hundreds."""
        return {}
