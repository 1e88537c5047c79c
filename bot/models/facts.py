"""What reading finds in a text, and what the store keeps of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from bot.models.actors import ActorType, AliasKind
from bot.models.articles import Article, Quote, Revision, Span
from bot.models.base import Model, Precision
from bot.models.event_classes import EventClass, Status


class Mention(Span):
    """Where a sentence names an actor. ``alias`` is the alias it matched."""

    actor: str
    alias: str
    kind: AliasKind


class Introduced(Model):
    """Somebody or something that an article introduces, or names and tells of, unknown so far.

    ``role`` is a person's, in the article's words (*deputy foreign minister*); ``state`` the
    id of the state or body that the role, or the organisation, is of, where that is told.
    """

    name: str = Field(min_length=2, max_length=120)
    type: ActorType
    role: str | None = None
    state: str | None = None
    spans: tuple[Span, ...] = Field(min_length=1)


class FoundFact(Model):
    """A fact as read, before it has an id; ``evidence`` is its sentence or clause.

    ``act`` is the act in a word or two ("visit", "hold talks"), narrower than the class;
    ``target_words`` are the words of its evidence for whom it is done to, or what it is about
    (*refuse to* “pay the fine”), where that is no actor known or introduced, or beside him
    where it is something of his (*condemn* “the Ruritanian decree”);
    ``source_words`` those for who acts where that is none (*gunmen*) and ``source_actor`` is empty,
    as where nobody is named (*the mayor was shot*);
    ``claimant_words`` those for who says so (*two officials*);
    ``probability`` is that of its being read right;
    ``source_for`` and ``target_for`` are whom the two act for on that day, empty for nobody.
    Whom the article itself introduces is named by an id such as ``person:new-0``, the first of
    the reading's ``introduced``; what is stored has the id that the store knows them by.
    """

    source_actor: str = ""
    source_words: str | None = None
    event_class: EventClass
    act: str
    target_actor: str | None = None
    target_words: str | None = None
    status: Status
    claimant: str | None = None
    claimant_words: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    place: str | None = None
    source_for: str = ""
    target_for: str = ""
    probability: float | None = Field(None, ge=0, le=1)
    evidence: tuple[Quote, ...] = Field(min_length=1)


class Compared(Model):
    """What an article is compared with others by.

    ``terms`` as ``bot.read.terms`` packs them; ``words`` and ``hashes`` are its sketch by
    ``bot.read.copies``.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    terms: bytes
    words: int
    hashes: tuple[int, ...] = ()


NAMES_ONLY = "-names"
"""What the version of a reader ends in where it has read names and no facts yet."""


def is_names_only(reader_version: str) -> bool:
    """Whether a reading of this version waits for its facts."""
    return reader_version.endswith(NAMES_ONLY)


class Reading(Model):
    """All that one reader took from one revision.

    ``passages`` are the spans of text that search returns: whole sentences, in order,
    without overlap.
    """

    reader_version: str
    gazetteer_version: str
    original_source: str | None = None
    language: str | None = None
    passages: tuple[tuple[int, int], ...] = ()
    mentions: tuple[Mention, ...] = ()
    facts: tuple[FoundFact, ...] = ()
    introduced: tuple[Introduced, ...] = ()
    compared: Compared | None = None
    """Worked out by whoever read it; where it is missing, whoever stores it does so."""


class Arrival(Model):
    """A draft that the intake decided to keep, read: what one store transaction takes."""

    article: Article
    revision: Revision
    reading: Reading
    sources: tuple[str, ...] = ()
    """Independent sources of this article: its originals if it names any, else its publisher."""
    names: tuple[str, ...] = ()
    """What it is known by beside its identity, so that it is one article however it comes."""


class Evidence(Quote):
    """Where a fact stands, verbatim; the quote outlives a thinned text."""

    article: str
    revision: int


class Fact(Model):
    """Who did what to whom, as stored; what tells the same has the same ``happening``.

    ``source_actor`` is empty where who acts is no actor.
    """

    workspace: str
    id: str
    reading: str
    source_actor: str = ""
    source_words: str | None = None
    event_class: EventClass
    act: str
    target_actor: str | None = None
    target_words: str | None = None
    status: Status
    claimant: str | None = None
    claimant_words: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    place: str | None = None
    happening: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def sides(self) -> tuple[str, ...]:
        """The source and target actors, where known."""
        return tuple(filter(None, (self.source_actor, self.target_actor)))

    @property
    def roles(self) -> frozenset[str]:
        """All actors with a role in it, and its place."""
        return frozenset(filter(None, (*self.sides, self.claimant, self.place)))


class Change(Model):
    """One line of the log that indexes follow; ``key`` is an article id or an actor id.

    ``again`` is said of an article that another version of the reader has read in the same
    words: what is derived from it changed, but it is no news.
    """

    seq: int
    workspace: str
    kind: Literal["article", "actor"]
    key: str
    op: Literal["put", "delete", "again"]
