"""The nouns of Dragoman: frozen, validated, without behaviour.

Offsets are code points into a revision's text (or title), ``start`` inclusive and
``end`` exclusive, so that ``text[start:end] == quote``. Instants are aware UTC
datetimes; ``precision`` says how much of one is known.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

LOCAL = "local"
"""The workspace of everything that does not come through Slack."""

SEED = "*"
"""The workspace of actors that every workspace shares. A value and not NULL, because
neither SQLite nor PostgreSQL keeps a unique key unique where it holds NULL."""

EVERYWHERE = "*"
"""The audience of an article that its whole workspace may see."""

Field_ = Literal["title", "text"]
Precision = Literal["minute", "day", "month", "year", "period"]


class Model(BaseModel):
    """Base of all nouns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventClass(StrEnum):
    """What kind of act, after PLOVER (https://github.com/openeventdata/PLOVER), and MOVE."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    COOPERATE = "COOPERATE"
    AID = "AID"
    CONCEDE = "CONCEDE"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"
    MOVE = "MOVE"


class Status(StrEnum):
    """Whether a fact took place, as its sentence has it."""

    HAPPENED = "happened"
    ONGOING = "ongoing"
    PLANNED = "planned"
    POSSIBLE = "possible"
    DENIED = "denied"
    CALLED_FOR = "called for"


class ActorType(StrEnum):
    """What an actor is."""

    STATE = "state"
    ORGANISATION = "organisation"
    GROUP = "group"
    OFFICE = "office"
    PERSON = "person"
    PLACE = "place"


class AliasKind(StrEnum):
    """How an alias names its actor."""

    NAME = "name"
    ACRONYM = "acronym"
    TRANSLITERATION = "transliteration"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    METONYM = "metonym"
    SURNAME = "surname"
    OFFICE = "office"


# --- actors -----------------------------------------------------------------------------


class Alias(Model):
    """Another name of an actor. ``lang`` is ISO 639-1 where known."""

    text: str = Field(min_length=1, max_length=200)
    kind: AliasKind = AliasKind.NAME
    lang: str | None = None
    source: str | None = None


class Actor(Model):
    """Who acts. ``acts_for`` is the id of the state or body a person or office belongs to."""

    id: str = Field(min_length=1, max_length=120)
    workspace: str = SEED
    type: ActorType
    name: str
    iso3: str | None = None
    acts_for: str | None = None
    description: str | None = None
    source: str
    as_of: date | None = None
    merged_into: str | None = None
    aliases: tuple[Alias, ...] = ()


class Tenure(Model):
    """Who holds an office; ``since`` and ``until`` are inclusive, None is unknown or open."""

    office: str
    person: str
    since: date | None = None
    until: date | None = None
    source: str


class Match(Model):
    """An actor that a query may mean, scored in 0..1 and explained."""

    query: str
    actor: str
    name: str
    type: ActorType
    iso3: str | None = None
    alias: str
    how: Literal["exact", "typo", "reordered", "partial", "office at date", "demonym", "capital"]
    score: float = Field(ge=0, le=1)
    why: str


# --- articles ---------------------------------------------------------------------------


class Draft(Model):
    """An article as gathered, before the store knows it.

    ``cited`` names the publishers a text says it is after. ``origin`` says where it was
    gathered (``file.jsonl:12``), for reports.
    """

    title: str = ""
    text: str = Field(min_length=1)
    url: str | None = None
    external_id: str | None = None
    publisher: str | None = None
    cited: tuple[str, ...] = ()
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    origin: str = ""


class Article(Model):
    """One published text; its words are in its revisions."""

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


# --- what reading finds -----------------------------------------------------------------


class Span(Model):
    """A stretch of one revision's title or text."""

    field: Field_ = "text"
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Mention(Span):
    """Where a sentence names an actor. ``alias`` is the alias it matched."""

    actor: str
    alias: str
    kind: AliasKind


class Quote(Span):
    """A span with its words, so that whoever stores it can check one against the other."""

    quote: str = Field(min_length=1)


class FoundFact(Model):
    """A fact as read, before it has an id; ``evidence`` is its sentence or clause.

    ``act`` is the act in a word or two ("visit", "hold talks"), narrower than the class.
    """

    source_actor: str
    event_class: EventClass
    act: str
    target_actor: str | None = None
    status: Status
    claimant: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    place: str | None = None
    evidence: tuple[Quote, ...] = Field(min_length=1)


class Reading(Model):
    """All that one reader took from one revision.

    ``passages`` are the spans of text that search returns: whole sentences, in order,
    without overlap.
    """

    reader_version: str
    gazetteer_version: str
    original_source: str | None = None
    passages: tuple[tuple[int, int], ...] = ()
    mentions: tuple[Mention, ...] = ()
    facts: tuple[FoundFact, ...] = ()


class Arrival(Model):
    """A draft that the intake decided to keep, read: what one store transaction takes."""

    article: Article
    revision: Revision
    reading: Reading
    sources: tuple[str, ...] = ()
    """Independent sources of this article: its originals if it names any, else its publisher."""


# --- facts as stored --------------------------------------------------------------------


class Evidence(Quote):
    """Where a fact stands, verbatim; the quote outlives a thinned text."""

    article: str
    revision: int


class Fact(Model):
    """Who did what to whom, as stored."""

    workspace: str
    id: str
    reading: str
    source_actor: str
    event_class: EventClass
    act: str
    target_actor: str | None = None
    status: Status
    claimant: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    place: str | None = None
    happening: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Change(Model):
    """One line of the log that indexes follow; ``key`` is an article id or an actor id."""

    seq: int
    workspace: str
    kind: Literal["article", "actor"]
    key: str
    op: Literal["put", "delete"]


# --- questions and replies --------------------------------------------------------------


class Asker(Model):
    """Who asks, from where, and when; ``as_of`` answers as if that were the present."""

    workspace: str = LOCAL
    person: str = "local"
    place: str = "local"
    tz: str = "UTC"
    now: AwareDatetime
    as_of: AwareDatetime | None = None


class Period(Model):
    """Days from ``start`` to ``end``, both inclusive, None is open; ``label`` as typed."""

    start: date | None = None
    end: date | None = None
    label: str = ""


class Snippet(Quote):
    """Evidence quoted for a reader, with all that its line must show."""

    article: str
    external_id: str | None = None
    revision: int
    title: str
    publisher: str | None = None
    original_source: str | None = None
    url: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    score: float = 0.0


class Line(Model):
    """One statement of a brief: a snippet, and the fact it carries where one was read.

    ``who``, ``did`` and ``whom`` are display words of the fact; ``sources`` counts the
    independent sources that tell it.
    """

    snippet: Snippet
    who: str = ""
    did: str = ""
    whom: str = ""
    event_class: EventClass | None = None
    status: Status | None = None
    claimant: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    sources: int = 1
    fact: str | None = None


class Brief(Model):
    """The reply about an actor or a pair of actors."""

    kind: Literal["brief"] = "brief"
    query: str
    subjects: tuple[Match, ...] = Field(min_length=1)
    period: Period | None = None
    as_of: datetime
    articles: int
    sources: int
    newest: date | None = None
    undated_left_out: int = 0
    bottom_line: Line | None = None
    disputed: tuple[Line, ...] = ()
    planned: tuple[Line, ...] = ()
    happened: tuple[Line, ...] = ()
    undated: tuple[Line, ...] = ()
    more: tuple[Line, ...] = ()
    reference: tuple[str, ...] = ()


class Answer(Model):
    """The reply to a question; ``answered`` is False where nothing stored bears on it."""

    kind: Literal["answer"] = "answer"
    query: str
    subjects: tuple[Match, ...] = ()
    period: Period | None = None
    as_of: datetime
    answered: bool
    lines: tuple[Line, ...] = ()
    undated_left_out: int = 0
    nearest: tuple[Match, ...] = ()


class DidYouMean(Model):
    """The reply when several actors fit about equally well: the asker chooses."""

    kind: Literal["did_you_mean"] = "did_you_mean"
    query: str
    candidates: tuple[Match, ...] = Field(min_length=1)


class Nothing(Model):
    """The honest no: nothing stored bears on the query."""

    kind: Literal["nothing"] = "nothing"
    query: str
    subjects: tuple[Match, ...] = ()
    period: Period | None = None
    nearest: tuple[Match, ...] = ()
    undated_left_out: int = 0
    articles: int = 0


Reply = Brief | Answer | DidYouMean | Nothing


# --- requests, written down before they are acked ------------------------------------------


class Request(Model):
    """A request as claimed: ours to answer until ``lease_until``.

    ``attempts`` counts claims; it tells this claim from a later one of the same request.
    """

    workspace: str
    surface: str
    key: str
    payload: dict[str, Any]
    attempts: int = Field(ge=1)
    received_at: AwareDatetime
    lease_until: AwareDatetime


class SentReply(Model):
    """What was sent, where, and what it rested on: for buttons, follow-ups, corrections.

    ``request`` is the key of the request it answers, ``ts`` the message's own name there.
    """

    workspace: str
    surface: str
    request: str
    place: str
    person: str
    ts: str | None = None
    query: str
    period: Period | None = None
    as_of: AwareDatetime
    fact_ids: tuple[str, ...] = ()
    sent_at: AwareDatetime
