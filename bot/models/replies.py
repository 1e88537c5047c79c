"""Askers and replies: every line of a reply has its snippet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import AliasChoices, AwareDatetime, Field

from bot.models.actors import ActorType, Match
from bot.models.articles import Quote
from bot.models.base import LOCAL, Model, Precision
from bot.models.event_classes import EventClass, Status


class Asker(Model):
    """Who asks, from where, and when; ``as_of`` answers as if that were the present.

    A ``guest`` is not a full member of the workspace, or belongs to another one; an ``operator``
    may see the commands and settings that are only for the people who run Dragoman.
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

    ``answer`` is the span in ``quote``, in code points, of the name, date, number or place that
    the question asks for. ``language`` is that of an article that facts are not read in, as ISO
    639-1, else None. ``key_spans`` are the spans of the words that carry the fact, which
    must survive shortening: first the act, then its source, then its target. ``thinned`` says
    that the store keeps only the quoted parts of the article's text.
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
    language: str | None = None
    answer: tuple[int, int] | None = None
    key_spans: tuple[tuple[int, int], ...] = ()

    @property
    def day(self) -> date | None:
        """The UTC day on which its article was published."""
        return self.published.date() if self.published else None


class Line(Model):
    """One statement of a brief: a snippet, and the fact it carries, if one was read.

    ``actor``, ``act`` and ``target`` are display words of the fact; ``claimant`` is the name of its
    claimant, or ``claimant_words`` the words for the claimant in the evidence; ``sources`` counts
    the independent sources that report it; ``heading`` is the heading of its list, if a reply
    has several. ``happening`` identifies the event it reports, ``about`` holds the ids of its
    two actors. ``prominence``, 0..1, is how much of its sentence is about the actors asked about.
    """

    snippet: Snippet
    actor: str = Field(default="", validation_alias=AliasChoices("actor", "who"))
    act: str = Field(default="", validation_alias=AliasChoices("act", "did"))
    target: str = Field(default="", validation_alias=AliasChoices("target", "whom"))
    """The second names are those of replies that an earlier version stored."""
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
    """An actor related to those of a brief, and why: a count over the store."""

    actor: str
    name: str
    type: ActorType
    why: str


class Changes(Model):
    """What changed for a reader since their last brief on the same subject, at ``since``.

    Of the brief's lines, ``new`` are those whose article was not stored then, ``denied`` those
    of them that deny something, ``corrected`` those that replace what their article said then;
    ``withdrawn`` counts the statements shown then that their articles no longer make.
    """

    since: AwareDatetime
    new: tuple[Line, ...] = ()
    corrected: tuple[Line, ...] = ()
    denied: tuple[Line, ...] = ()
    withdrawn: int = 0


class Brief(Model):
    """The reply about an actor, a pair of actors, or an event.

    ``topic`` has the words of an event, which may name no actor at all; ``members`` lists the
    members of a grouping among the subjects. ``articles`` and ``sources`` count those of the
    period asked about, else of the last ``days``, else all. ``in_short`` has the leads of the most
    important stories, ``happened`` those of the next; ``gaps`` and ``notes`` are counts in words.
    ``mentioned`` says that no article is mainly about the subjects, so ``in_short`` only mentions
    them. ``chosen_by`` is the model that chose ``in_short`` from the leads, empty if none did.
    ``abroad`` has headlines in other languages that report the same stories.
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
    mentioned: bool = False
    disputed: tuple[Line, ...] = ()
    planned: tuple[Line, ...] = ()
    happened: tuple[Line, ...] = ()
    undated: tuple[Line, ...] = ()
    more: tuple[Line, ...] = ()
    related: tuple[Related, ...] = ()
    gaps: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    abroad: tuple[Line, ...] = ()


class Answer(Model):
    """The reply to a question; ``answered`` is False if nothing stored bears on it.

    ``asked`` is the kind of question; ``notes`` are sentences about the reply itself that
    rest on no span: counts over the store, its coverage, words not understood. ``reference``
    are lines of reference data shown above the sentences, such as who holds an office.
    ``lacking`` is the note that says what no line answers; the lines then bear on the question
    without answering it. ``verdict`` leads the check of a claim: by how many independent sources it
    is reported, and whether anybody denies it. ``abroad`` has headlines in other languages that may
    bear on it.
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
    verdict: str = ""
    abroad: tuple[Line, ...] = ()


class DidYouMean(Model):
    """The reply when several actors fit about equally well: the asker chooses."""

    kind: Literal["did_you_mean"] = "did_you_mean"
    query: str
    candidates: tuple[Match, ...] = Field(min_length=1)


class Nothing(Model):
    """The reply when nothing stored bears on the query.

    ``near`` are lines from the closest articles, which do not answer it; with ``near_only_named``
    they only name the subjects, and have no other words of the query. ``abroad`` as in an answer.
    ``lacking`` is the note that says what no article reports, if the kind of question has words for
    it.
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
    near_only_named: bool = False
    lacking: str = ""
    abroad: tuple[Line, ...] = ()


Reply = Brief | Answer | DidYouMean | Nothing
