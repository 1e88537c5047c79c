"""What tools and resources take and return: arguments, rows with their sources, and pages."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.answer.library import Library
from bot.errors import BadQuery
from bot.models import Actor, ActorType, EventClass, Field_, Line, Match, Model, Precision, Status

MOST_ROWS = 100
"""The most rows per page."""

SOME_ROWS = 20
"""The rows per page if the call gives no limit."""


class Row(Model):
    """A verbatim quote, where it stands, who published it, and the fact that was read from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    article: str = Field(description="Id of the article, as in dragoman://article/{id}.")
    revision: int = Field(description="Which version of the article's words is quoted.")
    field: Field_ = Field(description="Where the quote stands: in the title or in the text.")
    start: int = Field(description="Where the quote begins in that field, in code points.")
    end: int = Field(description="Where it ends, exclusive.")
    quote: str = Field(description="The words of the article, verbatim.")
    title: str
    publisher: str | None
    original_source: str | None = Field(description="Whom the publisher says it is after.")
    published: str | None = Field(description="When the article was published, ISO 8601.")
    link: str | None
    language: str | None = Field(
        description="ISO 639-1, of a headline in a language that facts are not read in; else null."
    )
    date: str | None = Field(description="Day of the event, ISO 8601; null if no day is known.")
    date_precision: Precision | None
    status: Status | None = Field(description="Whether it took place; null without a fact.")
    sources: int = Field(
        description="How many independent sources report the event of its fact; without a fact,"
        " those that a brief counts for its story, else 1."
    )
    heading: str = Field(description="The list of the reply that the row belongs to.")
    fact: str | None
    event: str | None = Field(description="The same for all facts about one event.")
    event_class: EventClass | None = Field(alias="class")
    actor: str
    act: str
    target: str
    claimant: str | None = Field(description="Who says so, if the article names somebody.")
    story: str | None = Field(description="Id of the story, as in dragoman://story/{id}.")


class ActorRow(Model):
    """An actor that a name may mean; ``score`` is in 0..1, or null if articles introduce it."""

    actor: str = Field(description="Id of the actor, as in dragoman://actor/{id}.")
    name: str
    type: ActorType
    score: float | None
    how: str
    why: str


class Page(Model):
    """A list that may be cut off: ``next_cursor`` asks for the rest."""

    truncated: bool = Field(False, description="Whether there are more rows.")
    next_cursor: str | None = Field(None, description="Pass it as cursor to get the next rows.")


class Resolved(Page):
    """Whom a name means: if ``verdict`` is sure, the first candidate."""

    query: str
    verdict: str = Field(description="sure, unsure or unknown.")
    candidates: tuple[ActorRow, ...]


class ReplyPage(Page):
    """A brief, an answer, a question back (``candidates``) or the admission of finding nothing."""

    kind: str = Field(description="brief, answer, did_you_mean or nothing.")
    query: str
    answered: bool = Field(description="Whether rows or reference answer what was asked.")
    answer: str = Field(description="The words of the first row that answer; may be empty.")
    reference: tuple[str, ...] = Field(description="Reference data, such as who holds an office.")
    candidates: tuple[ActorRow, ...] = Field(description="Who may be meant, to ask again with.")
    notes: tuple[str, ...]
    rows: tuple[Row, ...] = Field(
        description="Quotes in the order of importance; of the kind nothing, the nearest ones."
    )


class FactsPage(Page):
    """Stored facts, the newest first."""

    rows: tuple[Row, ...]
    undated_left_out: int = Field(0, description="Facts without a date, outside of any period.")
    notes: tuple[str, ...] = ()


class SourceRow(Model):
    """A source: what it published, how far it is trusted, and how its newest article begins."""

    name: str
    level: str = Field(description="trusted, normal, distrusted or removed.")
    articles: int
    own: int = Field(description="Articles that are neither copies nor after another source.")
    cited: int = Field(description="Articles of others that are after it.")
    newest: str | None
    opening: Row | None


class SourcesPage(Page):
    """Sources, those with most articles first."""

    sources: tuple[SourceRow, ...]


class ActorPage(Page):
    """An actor, and the newest facts in which it has a role."""

    actor: str
    name: str
    type: ActorType
    description: str | None
    acts_for: str | None
    aliases: tuple[str, ...]
    rows: tuple[Row, ...]


class StoryPage(Page):
    """A story: the beginning of each of its articles, by date."""

    story: str
    headline: str
    first: date
    last: date
    articles: int
    sources: int
    rows: tuple[Row, ...]


class ArticlePage(Page):
    """A stretch of an article's text; ``start`` and ``end`` are code points of the whole."""

    article: str
    revision: int
    title: str
    text: str
    start: int
    end: int
    thinned: bool = Field(description="Whether only the quoted parts of the text are kept.")
    publisher: str | None
    original_source: str | None
    published: str | None
    link: str | None
    sources: int
    story: str | None


def rows_of(library: Library, lines: Sequence[Line]) -> tuple[Row, ...]:
    """Turn lines of replies into rows, in the same order."""
    stories = library.store.stories.of(library.workspace, {line.snippet.article for line in lines})
    return tuple(_row(line, stories.get(line.snippet.article)) for line in lines)


def _row(line: Line, story: str | None) -> Row:
    snippet = line.snippet
    return Row(
        article=snippet.article,
        revision=snippet.revision,
        field=snippet.field,
        start=snippet.start,
        end=snippet.end,
        quote=snippet.quote,
        title=snippet.title,
        publisher=snippet.publisher,
        original_source=snippet.original_source,
        published=iso(snippet.published),
        link=snippet.url,
        language=snippet.language,
        date=iso(line.event_date),
        date_precision=line.date_precision,
        status=line.status,
        sources=line.sources,
        heading=line.heading,
        fact=line.fact,
        event=line.happening,
        event_class=line.event_class,
        actor=line.actor,
        act=line.act,
        target=line.target,
        claimant=line.claimant or line.claimant_words,
        story=story,
    )


def matched(match: Match) -> ActorRow:
    """Turn an actor found by name into a row."""
    return ActorRow(
        actor=match.actor,
        name=match.name,
        type=match.type,
        score=match.score,
        how=match.how,
        why=match.why,
    )


def introduced(actor: Actor) -> ActorRow:
    """Turn an actor known only from articles into a row."""
    return ActorRow(
        actor=actor.id,
        name=actor.name,
        type=actor.type,
        score=None,
        how="introduced",
        why=actor.description or "Articles introduce somebody by this name.",
    )


def iso(when: date | datetime | None) -> str | None:
    """Format a day or an instant in ISO 8601."""
    return when.isoformat() if when else None


# --- pages of lists ----------------------------------------------------------------------


T = TypeVar("T")

STALE = (
    "The cursor is of another call, or what it points to is gone: repeat the call without a cursor."
)


class Part(NamedTuple, Generic[T]):
    """Some items of a list; ``next_cursor`` is None if they are the last ones."""

    items: Sequence[T]
    next_cursor: str | None


def page(
    items: Sequence[T], key: Callable[[T], str], limit: int, cursor: str | None, call: str
) -> Part[T]:
    """Cut a page of ``limit`` items out of a list.

    ``key`` identifies an item, ``call`` the list: the tool and its arguments. Raises BadQuery for
    a cursor of another list.
    """
    first = 0
    if cursor is not None:
        last = read_cursor(cursor, call)
        first = 1 + next((at for at, one in enumerate(items) if key(one) == last), -1)
        if not first:
            raise BadQuery(STALE, about="cursor")
    some = items[first : first + limit]
    more = first + limit < len(items)
    return Part(some, make_cursor(key(some[-1]), call) if more else None)


def make_cursor(last: str, call: str) -> str:
    """Return a cursor that continues after the item with the key ``last``."""
    packed = json.dumps([_digest(call), last], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode()


def read_cursor(cursor: str, call: str) -> str:
    """Return the key of the item that a cursor continues after; raise BadQuery."""
    try:
        of, last = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadQuery(STALE, about="cursor") from error
    if of != _digest(call) or not isinstance(last, str):
        raise BadQuery(STALE, about="cursor")
    return last


def _digest(call: str) -> str:
    return hashlib.sha256(call.encode()).hexdigest()[:12]


# --- arguments ---------------------------------------------------------------------------


_Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]*$"),
]
Day = Annotated[
    _Words,
    Field(description="A day such as 2024-03-27, or words such as 'last Monday' or 'March 2024'."),
]
AsOf = Annotated[
    _Words | None,
    Field(description="Answer as if on this past day, from what had been published by then."),
]


class Arguments(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False)

    limit: int = Field(SOME_ROWS, ge=1, le=MOST_ROWS, description="The most rows to return.")
    cursor: str | None = Field(None, max_length=2_000, description="next_cursor of the last page.")

    def call(self, tool: str) -> str:
        """Identify the list that is paged through: the tool and what it was asked."""
        return f"{tool} {self.model_dump_json(exclude={'limit', 'cursor'})}"


class NameArguments(Arguments):
    """A name."""

    name: _Words = Field(description="A name as anybody may write it: a state, body or person.")


class BriefArguments(Arguments):
    """What to brief on."""

    query: _Words = Field(description="One or two actors, or an event: 'Qatar', 'Qatar Iran'.")
    as_of: AsOf = None


class QuestionArguments(Arguments):
    """A question."""

    question: _Words = Field(description="A question in English: 'who moved to Turkey?'.")
    as_of: AsOf = None


class FactArguments(Arguments):
    """Which facts to list."""

    actor: _Words | None = Field(None, description="Who has a role: a name or an actor id.")
    with_actor: _Words | None = Field(None, description="Who else must have a role.")
    event_class: EventClass | None = Field(None, alias="class", description="Class of the act.")
    status: Status | None = Field(None, description="Whether the act took place.")
    since: Day | None = Field(None, description="First day, such as 2024-01-01 or 'last month'.")
    until: Day | None = Field(None, description="Last day, in the same words.")


class ClaimArguments(Arguments):
    """A claim."""

    claim: _Words = Field(description="A statement, or the link of a stored article.")


class ChangesArguments(Arguments):
    """Since when, and about whom."""

    since: Day
    actor: _Words | None = Field(None, description="Who has a role: a name or an actor id.")


class SourceArguments(Arguments):
    """Which sources to list."""

    query: _Words | None = Field(None, description="A part of the source's name.")


A = TypeVar("A", bound=Arguments)


def read_arguments(kind: type[A], given: dict[str, Any]) -> A:
    """Check the arguments of a call; raises BadQuery that names each wrong one."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
    problems = [f"{_name(one['loc'])}: {_problem(one['type'], one['msg'])}" for one in wrong]
    takes = ", ".join(field.alias or name for name, field in kind.model_fields.items())
    raise BadQuery(f"{' '.join(problems)} The arguments are: {takes}.", about="arguments")


def _name(where: tuple[int | str, ...]) -> str:
    return str(where[0])[:60] if where else "arguments"


def _problem(kind: str, message: str) -> str:
    if kind == "missing":
        return "this is needed."
    if kind == "extra_forbidden":
        return "there is no such argument."
    if kind == "string_pattern_mismatch":
        return "it contains a NUL character."
    return f"{message[:1].lower()}{message[1:]}."
