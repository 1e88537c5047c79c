"""The arguments of the tools, checked; an error is one sentence."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import BadQuery
from bot.mcp.rows import MOST_ROWS, SOME_ROWS
from bot.models import EventClass, Status

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


T = TypeVar("T", bound=Arguments)


def read_arguments(kind: type[T], given: dict[str, Any]) -> T:
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
