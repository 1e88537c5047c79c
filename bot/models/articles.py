"""Published texts, and the mentions and facts that reading finds in them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field

from bot.models.actors import ActorType, AliasKind
from bot.models.base import EVERYWHERE, Field_, Model, Precision
from bot.models.event_classes import EventClass, Status


class Draft(Model):
    """An article as gathered, before the store knows it.

    ``also`` are other names of it: links that lead to it, and GUIDs of feeds in the form
    that ``guid_name`` of ``bot.gather.links`` gives them. ``cited`` names the publishers that
    the text gives as its sources. ``origin`` says where it was gathered (``file.jsonl:12``),
    for reports. ``modified`` is when its publisher last changed it, never a substitute for
    ``published``. ``archived`` marks one of many records of a file: its words are of some past
    time, not necessarily current. ``partial`` marks a feed's summary whose article could not be
    fetched: it never replaces a longer text.
    """

    title: str = ""
    text: str = Field(min_length=1)
    url: str | None = None
    also: tuple[str, ...] = ()
    external_id: str | None = None
    publisher: str | None = None
    cited: tuple[str, ...] = ()
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    author: str | None = None
    modified: AwareDatetime | None = None
    origin: str = ""
    archived: bool = False
    partial: bool = False


class Article(Model):
    """One published text; its words are in its revisions. ``language`` is ISO 639-1."""

    workspace: str
    id: str
    identity: str
    external_id: str | None = None
    url: str | None = None
    publisher: str | None = None
    original_source: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    first_seen: AwareDatetime
    audience: str = EVERYWHERE
    author: str | None = None
    modified: AwareDatetime | None = None
    language: str | None = None
    tombstoned_at: AwareDatetime | None = None


class Revision(Model):
    """The words of an article as seen at one time, verbatim."""

    workspace: str
    article: str
    n: int = Field(ge=1)
    title: str
    text: str
    sha256: str
    seen_at: AwareDatetime


class Span(Model):
    """A range of one revision's title or text."""

    field: Field_ = "text"
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Quote(Span):
    """A span with its words, so that the store can check one against the other."""

    quote: str = Field(min_length=1)


class Mention(Span):
    """The span where a sentence names an actor. ``alias`` is the alias it matched."""

    actor: str
    alias: str
    kind: AliasKind


class Introduced(Model):
    """An unknown person or organisation that an article introduces or names.

    ``role`` is a person's role in the article's words (*deputy foreign minister*); ``state`` is
    the id of the state or body of the role or the organisation, if the article gives it.
    """

    name: str = Field(min_length=2, max_length=120)
    type: ActorType
    role: str | None = None
    state: str | None = None
    spans: tuple[Span, ...] = Field(min_length=1)


class _Act(Model):
    """Who did what to whom, where and when."""

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


class FoundFact(_Act):
    """A fact as read, before it has an id; ``evidence`` is its sentence or clause.

    ``act`` is the act in a word or two ("visit", "hold talks"), narrower than the class;
    ``target_words`` are the words of its evidence for the target or object of the act (*refuse
    to* “pay the fine”), if that is not a known or introduced actor, or in addition to an actor
    who owns the object (*condemn* “the Ruritanian decree”);
    ``source_words`` are those for the source, if that is not an actor (*gunmen*); ``source_actor``
    is then empty, as it is if nobody is named (*the mayor was shot*);
    ``claimant_words`` are those for the claimant (*two officials*);
    ``probability`` is the probability that it was read correctly;
    ``source_for`` and ``target_for`` are the ids that source and target act for on that day, empty
    for none. An actor that the article introduces has an id such as ``person:new-0``, the first
    of the reading's ``introduced``; the store replaces it by its own id for that actor.
    """

    source_for: str = ""
    target_for: str = ""
    probability: float | None = Field(None, ge=0, le=1)
    evidence: tuple[Quote, ...] = Field(min_length=1)


class Compared(Model):
    """The features by which an article is compared with others.

    ``terms`` as ``bot.read.terms`` packs them; ``words`` and ``hashes`` are its sketch by
    ``bot.read.copies``.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    terms: bytes
    words: int
    hashes: tuple[int, ...] = ()


NAMES_ONLY = "-names"
"""Suffix of the reader version of a reading that has names and no facts yet."""


def is_names_only(reader_version: str) -> bool:
    """Whether a reading of this version waits for its facts."""
    return reader_version.endswith(NAMES_ONLY)


class Reading(Model):
    """Everything that one reader extracted from one revision.

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
    """Computed by the reader; if missing, computed on storing."""


class Arrival(Model):
    """A draft that intake decided to keep, with its reading: the input of a store transaction."""

    article: Article
    revision: Revision
    reading: Reading
    sources: tuple[str, ...] = ()
    """Independent sources of this article: its originals if it names any, else its publisher."""
    names: tuple[str, ...] = ()
    """Its names besides its identity, so that it stays one article however it arrives."""


class Evidence(Quote):
    """The verbatim evidence of a fact; the quote survives when the text is thinned."""

    article: str
    revision: int


class Fact(_Act):
    """Who did what to whom, as stored; facts that report the same event share ``happening``.

    ``source_actor`` is empty if the source is not an actor.
    """

    workspace: str
    id: str
    reading: str
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

    ``again`` means that another version of the reader read an article with unchanged words: what
    is derived from it changed, but it is not news.
    """

    seq: int
    workspace: str
    kind: Literal["article", "actor"]
    key: str
    op: Literal["put", "delete", "again"]
