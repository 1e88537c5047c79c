"""Who asks, and what is replied: every line with its snippet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from bot.models.actors import ActorType, Match
from bot.models.articles import Quote
from bot.models.base import LOCAL, Model, Precision
from bot.models.event_classes import EventClass, Status


class Asker(Model):
    """Who asks, from where, and when; ``as_of`` answers as if that were the present.

    A ``guest`` is no full member of the workspace, or of another one; an ``operator`` may be
    told of commands and settings of whoever runs Dragoman.
    """

    workspace: str = LOCAL
    person: str = "local"
    place: str = "local"
    tz: str = "UTC"
    now: AwareDatetime
    as_of: AwareDatetime | None = None
    guest: bool = False
    operator: bool = False


class Period(Model):
    """Days from ``start`` to ``end``, both inclusive, None is open; ``label`` as typed."""

    start: date | None = None
    end: date | None = None
    label: str = ""

    def __contains__(self, day: date) -> bool:
        return (self.start or date.min) <= day <= (self.end or date.max)


class Snippet(Quote):
    """Evidence quoted for a reader, with all that its line must show.

    ``answer`` is where in the quote the name, date, number or place stands that was asked
    for: code points into ``quote``. ``key_spans`` are the places of the words that carry its
    fact, however it is shortened: first those of the act, then who did it, and to whom.
    ``thinned`` says that of the article's text only what is
    quoted of it is kept.
    """

    article: str
    external_id: str | None = None
    revision: int
    title: str
    publisher: str | None = None
    original_source: str | None = None
    url: str | None = None
    published: AwareDatetime | None = None
    published_precision: Precision | None = None
    thinned: bool = False
    score: float = 0.0
    answer: tuple[int, int] | None = None
    key_spans: tuple[tuple[int, int], ...] = ()

    @property
    def day(self) -> date | None:
        """The UTC day on which its article was published."""
        return self.published.date() if self.published else None


class Line(Model):
    """One statement of a brief: a snippet, and the fact it carries where one was read.

    ``who``, ``did`` and ``whom`` are display words of the fact; ``claimant`` is the name of who
    says so, or ``claimant_words`` what its evidence has for them; ``sources`` counts the
    independent sources that tell it; ``heading`` is the list that it stands in, where a
    reply has several. ``happening`` names the happening it tells of, ``about`` the ids of the
    two who act. ``prominence``, 0..1, is how much of its sentence is about those asked about.
    """

    snippet: Snippet
    who: str = ""
    did: str = ""
    whom: str = ""
    event_class: EventClass | None = None
    status: Status | None = None
    claimant: str | None = None
    claimant_words: str | None = None
    event_date: date | None = None
    date_precision: Precision | None = None
    sources: int = 1
    fact: str | None = None
    heading: str = ""
    happening: str | None = None
    about: tuple[str, ...] = ()
    prominence: float = 1.0


class Related(Model):
    """An actor that stands beside those of a brief, and why: a count over the store."""

    actor: str
    name: str
    type: ActorType
    why: str


class Changes(Model):
    """What changed for one reader since they were last briefed on the same, at ``since``.

    Of the brief's lines, ``new`` are those whose article was not stored then, ``denied`` such
    that deny, ``corrected`` those in place of what their article said then; ``withdrawn``
    counts the statements shown then that their articles no longer make.
    """

    since: AwareDatetime
    new: tuple[Line, ...] = ()
    corrected: tuple[Line, ...] = ()
    denied: tuple[Line, ...] = ()
    withdrawn: int = 0


class Brief(Model):
    """The reply about an actor, a pair of actors, or an event.

    ``topic`` has the words of an event, which may name no actor at all; ``members`` whom a
    grouping among the subjects stood for. ``articles`` and ``sources`` are those of the period
    asked about, else of the last ``days``, else all. ``in_short`` has the leads of the most
    important stories, ``happened`` those of the next; ``gaps`` and ``notes`` are counts in words.
    ``chosen_by`` is the model that chose ``in_short`` of the leads, empty where none did.
    """

    kind: Literal["brief"] = "brief"
    query: str
    subjects: tuple[Match, ...] = ()
    topic: str = ""
    members: tuple[str, ...] = ()
    period: Period | None = None
    as_of: datetime
    articles: int
    sources: int
    days: int | None = None
    newest: date | None = None
    undated_left_out: int = 0
    changed: Changes | None = None
    in_short: tuple[Line, ...] = ()
    chosen_by: str = ""
    disputed: tuple[Line, ...] = ()
    planned: tuple[Line, ...] = ()
    happened: tuple[Line, ...] = ()
    undated: tuple[Line, ...] = ()
    more: tuple[Line, ...] = ()
    related: tuple[Related, ...] = ()
    gaps: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Answer(Model):
    """The reply to a question; ``answered`` is False where nothing stored bears on it.

    ``asked`` is the kind of question; ``notes`` are sentences about the reply itself that
    rest on no span: counts over the store, how far it goes, what was not understood.
    ``reference`` are lines of reference data that stand above the sentences: who holds an office.
    ``lacking`` is the note that says what no line tells; the lines then bear on the question
    and do not answer it.
    """

    kind: Literal["answer"] = "answer"
    query: str
    subjects: tuple[Match, ...] = ()
    period: Period | None = None
    as_of: datetime
    answered: bool
    lines: tuple[Line, ...] = ()
    undated_left_out: int = 0
    nearest: tuple[Match, ...] = ()
    asked: str = ""
    reference: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lacking: str = ""


class DidYouMean(Model):
    """The reply when several actors fit about equally well: the asker chooses."""

    kind: Literal["did_you_mean"] = "did_you_mean"
    query: str
    candidates: tuple[Match, ...] = Field(min_length=1)


class Nothing(Model):
    """The honest no: nothing stored bears on the query.

    ``near`` are lines that do not answer it, of the articles that come nearest. ``lacking`` is
    the note that says what no article tells, where the kind of question has words for it.
    """

    kind: Literal["nothing"] = "nothing"
    query: str
    subjects: tuple[Match, ...] = ()
    period: Period | None = None
    nearest: tuple[Match, ...] = ()
    undated_left_out: int = 0
    articles: int = 0
    asked: str = ""
    notes: tuple[str, ...] = ()
    near: tuple[Line, ...] = ()
    lacking: str = ""


Reply = Brief | Answer | DidYouMean | Nothing
