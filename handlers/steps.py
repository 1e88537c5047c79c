"""Steps for Workflow Builder: a brief on an actor, a check of a claim, a watch.

Teams compose them without code. Slack runs a step with the event ``function_executed``, and the
workflow waits until the execution is completed, with outputs or with an error in one sentence. An
execution is a request like any other: stored before it is acknowledged, and taken over if a process
dies. Slack accepts only the first completion.

A step's outputs go wherever its workflow sends them, which Slack does not reveal. So a step sees
what every member may see everywhere, whoever runs it, and nothing that was given in a private
place; guests cannot run one. https://docs.slack.dev/workflows/workflow-steps
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from slack_bolt.async_app import AsyncApp

from bot.answer.brief_sections import brief_rows, distinct_rows, rows_shown_first
from bot.answer.claims import DENIED, INDEPENDENT
from bot.answer.cli_output import lines_of, plain_text, without_marks
from bot.answer.formatting import marks, source
from bot.errors import BadQuery, message_for
from bot.models import (
    EVERYWHERE,
    Answer,
    Asker,
    Brief,
    DidYouMean,
    Line,
    Reply,
    Request,
    SentReply,
)
from bot.watches.topics import in_words
from bot.watches.watchlist import MOST_SOURCES, parse_watch
from handlers import watch
from handlers.asking import Rendered, UserQuery
from handlers.blocks.text import one_line, trim
from handlers.blocks.text import plain_text as typed_text
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable, in_log, reference
from handlers.payloads import workspace_of

log = logging.getLogger(__name__)

SURFACE = "step"

MOST_TEXT = 4_000
"""The most characters of a text that a step outputs."""

GUEST = "You are a guest here. Ask a member to run this workflow."
NOWHERE = "Choose a channel to follow it for, or start the workflow from a link or a message."
NOT_PUBLIC = (
    "A workflow can follow something for a public channel only: in this one, type /watch add."
)

_GIVE_UP_WITHIN = timedelta(seconds=20)

_ENDED = {"execution_not_in_running_state", "function_execution_not_found"}
"""An earlier attempt completed it, or the workflow was stopped."""

_POWER = re.compile(r"<(?!https?://[^\s<>|]+>$)", re.MULTILINE)
"""Possible markup in a text for a workflow: everything but our own links at the end of a line."""

# --- inputs and outputs ------------------------------------------------------------------


_Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000),
    BeforeValidator(lambda given: typed_text(given) if isinstance(given, str) else given),
]


class Inputs(BaseModel):
    """Inputs of every step; ``person`` is the id of whoever runs the workflow, if anybody does."""

    model_config = ConfigDict(frozen=True)

    person: str = Field("", title="Person", pattern=r"^(?:[UW][A-Z0-9]{1,30})?$")


class BriefInputs(Inputs):
    """The subject of the brief."""

    about: _Words = Field(title="About")


class ClaimInputs(Inputs):
    """The claim to check."""

    claim: _Words = Field(title="Claim")


class WatchInputs(Inputs):
    """What to watch, for a channel or for the person, and which stories to report."""

    topic: _Words = Field(title="Topic")
    channel: str = Field("", title="Channel", pattern=r"^(?:[CG][A-Z0-9]{1,30})?$")
    sources: int | None = Field(None, title="Sources", ge=1, le=MOST_SOURCES)
    digest_only: bool = Field(False, title="Digest only")


class BriefOutputs(BaseModel):
    """A brief: the number of stories, the leading sentence, the whole text, and the links."""

    found: bool
    stories: int
    opening: str
    text: str
    links: str


Verdict = Literal["reported", "denied", "disputed", "not found"]
"""What is stored about a claim; *disputed* means that some report it and others deny it."""


class ClaimOutputs(BaseModel):
    """The verdict on a claim, and the evidence for it."""

    verdict: Verdict
    sources: int
    publishers: str
    text: str
    links: str


class WatchOutputs(BaseModel):
    """The number of a watch, and a description of what it follows."""

    watch_id: int
    follows: str


def _read(kind: type[Inputs], given: dict[str, Any]) -> Inputs:
    """Validate the inputs of a step; raises BadQuery with a sentence about the first wrong one."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    field = kind.model_fields[str(first["loc"][0])]
    title = field.title or ""
    if first["type"] in ("missing", "string_too_short"):
        raise BadQuery(f"“{title}” is empty: fill it in.", about=title)
    if first["type"] == "string_pattern_mismatch":
        raise BadQuery(f"“{title}” is none of this workspace: choose another.", about=title)
    problem = first["msg"].removeprefix("Input ").removeprefix("String ")
    raise BadQuery(f"“{title}” cannot be used: it {problem}.", about=title)


# --- what the steps do -------------------------------------------------------------------


class Execution(NamedTuple):
    """A request to run a step; ``name`` is the display name of whoever runs its workflow."""

    context: Context
    request: Request
    name: str


def _brief(run: Execution, asker: Asker, asked: BriefInputs) -> BriefOutputs:
    reply = _sure(run.context.desk.brief(asker, asked.about))
    lines = list(lines_of(reply))
    shown, stories, found = lines, len(lines), bool(lines)
    if isinstance(reply, Brief):
        rows = distinct_rows(brief_rows(reply))
        shown = [row.line for row in rows_shown_first(rows)]
        stories = sum(row.heading not in ("Disputed", "Coming up") for row in rows)
    elif isinstance(reply, Answer):
        found = found and reply.answered and not reply.lacking
    return BriefOutputs(
        found=found,
        stories=stories,
        opening=_harmless(_opening(shown[0])) if shown else "",
        text=_text(reply, asker.tz),
        links=_links(shown),
    )


def _claim(run: Execution, asker: Asker, asked: ClaimInputs) -> ClaimOutputs:
    reply = _sure(run.context.desk.seen(asker, asked.claim))
    lines = reply.lines if isinstance(reply, Answer) else ()
    saying = [line for line in lines if line.heading == INDEPENDENT]
    denying = any(line.heading == DENIED for line in lines)
    publishers = dict.fromkeys(source(line.snippet) for line in saying)
    verdict: Verdict = "not found"
    if saying:
        verdict = "disputed" if denying else "reported"
    elif denying:
        verdict = "denied"
    return ClaimOutputs(
        verdict=verdict,
        sources=len(saying),
        publishers=_harmless(one_line(", ".join(publishers))),
        text=_text(reply, asker.tz),
        links=_links(lines),
    )


def _watch(run: Execution, asker: Asker, asked: WatchInputs) -> WatchOutputs:
    wish = parse_watch(asked.topic)
    wish = wish._replace(
        least=asked.sources or wish.least,
        digest_only=asked.digest_only or wish.digest_only,
        personal=not asked.channel,
    )
    name = f"{run.name} (by a workflow)" if run.name else "a workflow"
    here = asker.model_copy(update={"place": asked.channel or asker.place})
    done = watch.announcing(
        run.context, run.request, here, name, lambda watching: watching.follow(here, wish)
    )
    if isinstance(done, DidYouMean):
        raise _unsure(done)
    return WatchOutputs(watch_id=done.watch.id, follows=_harmless(in_words(done.watch.topic)))


def _sure(reply: Reply) -> Reply:
    """Return a reply; raises BadQuery if it is a question back, since nobody is there to choose."""
    if isinstance(reply, DidYouMean):
        raise _unsure(reply)
    return reply


def _unsure(reply: DidYouMean) -> BadQuery:
    names = dict.fromkeys(f"{one.name} ({one.type.value})" for one in reply.candidates)
    return BadQuery(
        f"“{reply.query}” may mean {' or '.join(names)}: give the whole name in the step.",
        about=reply.query,
    )


def _opening(line: Line) -> str:
    """Return a sentence with its status and its source."""
    standing = f"({', '.join(words)}) " if (words := marks(line)) else ""
    return f"{standing}“{one_line(line.snippet.quote)}” — {source(line.snippet)}"


def _text(reply: Reply, tz: str) -> str:
    return _harmless(trim(without_marks(plain_text(reply, tz, hints=False)), MOST_TEXT))


def _links(lines: Iterable[Line]) -> str:
    links = dict.fromkeys(line.snippet.url for line in lines if line.snippet.url)
    return _harmless("\n".join(links))


def _harmless(text: str) -> str:
    """Replace markup that would ping somebody or hide a link in a workflow's text."""
    return _POWER.sub("‹", text)


class Step(NamedTuple):
    """A step: its inputs, its outputs, and its work, which runs in a thread of the desk."""

    takes: type[Inputs]
    gives: type[BaseModel]
    run: Callable[[Execution, Asker, Any], BaseModel]


STEPS = {
    "brief_on_actor": Step(BriefInputs, BriefOutputs, _brief),
    "check_claim": Step(ClaimInputs, ClaimOutputs, _claim),
    "watch_event": Step(WatchInputs, WatchOutputs, _watch),
}
"""The steps by their callback ids in the manifest."""


# --- an execution ------------------------------------------------------------------------


def _record(body: dict[str, Any]) -> dict[str, Any]:
    """Make the record of an execution: no token, and only inputs that the step accepts."""
    event = body["event"]
    step = event["function"]["callback_id"]
    given = dict(event.get("inputs") or {})
    person = given.get("person")  # of type user_context: an id, and a secret of Slack's
    given["person"] = (person.get("id") if isinstance(person, dict) else person) or ""
    taken = STEPS[step].takes.model_fields
    inputs = {name: value for name, value in given.items() if name in taken and value is not None}
    return {"step": step, "execution": event["function_execution_id"], "inputs": inputs}


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for the executions of all steps."""

    async def execute(ack: Callable[[], Awaitable[Any]], body: dict[str, Any]) -> None:
        record = _record(body)
        await context.inbox.take(workspace_of(body), SURFACE, record["execution"], record)
        await ack()

    for step in STEPS:
        app.function(step, auto_acknowledge=False)(execute)


async def answer(context: Context, request: Request) -> SentReply:
    """Run a step, and complete its execution."""
    asked = UserQuery("brief", "", str(request.payload["inputs"].get("person", "")), EVERYWHERE)
    try:
        said = await _worked_out(context, request, asked)
    except BadQuery as error:
        said = _refused(error, context.now())
    if (outputs := said.payload.get("outputs")) is not None:
        await _complete(context, request, outputs=outputs)
    else:
        # A failure that is not the fault of the inputs comes as the message that would be posted.
        refusal = said.payload.get("error") or typed_text(said.payload["text"])
        await _complete(context, request, error=_harmless(refusal))
    return context.sent(request, asked, said, None)


def _refused(error: BadQuery, now: datetime) -> Rendered:
    return Rendered({"error": message_for(error, operator=False)}, "", now)


async def _worked_out(context: Context, request: Request, asked: UserQuery) -> Rendered:
    """Return the outputs of a step; raises BadQuery for inputs that cannot be used."""
    step = STEPS[request.payload["step"]]
    inputs = _read(step.takes, request.payload["inputs"])
    name = ""
    if isinstance(inputs, WatchInputs):
        if not (inputs.channel or inputs.person):
            raise BadQuery(NOWHERE, about="channel")
        if inputs.channel and not await context.sender.is_public(inputs.channel):
            raise BadQuery(NOT_PUBLIC, about=inputs.channel)
        if inputs.person:
            name = await context.people.display_name(request.workspace, inputs.person)
    run = Execution(context, request, name)

    def work(asker: Asker) -> Rendered:
        if asker.guest:
            return _refused(BadQuery(GUEST, about=asker.person), asker.now)
        try:
            outputs = step.run(run, asker.model_copy(update={"operator": False}), inputs)
        except BadQuery as error:
            return _refused(error, asker.now)
        return Rendered({"outputs": outputs.model_dump()}, "", asker.now)

    await context.asking.wait_for_notes(request)
    return await context.asking.work(request, asked, work)


async def _complete(
    context: Context,
    request: Request,
    *,
    outputs: dict[str, Any] | None = None,
    error: str = "",
    until: datetime | None = None,
) -> None:
    """Complete an execution, unless it already is; raises NotNow or Undeliverable.

    Retries until ``until`` if given, else until the lease of the request ends.
    """
    method = "functions.completeError" if outputs is None else "functions.completeSuccess"
    how = {"error": error} if outputs is None else {"outputs": outputs}
    execution = request.payload["execution"]
    try:
        within = until or request.lease_until
        await context.sender.call(method, within, function_execution_id=execution, **how)
    except Undeliverable as refused:
        if refused.about not in _ENDED:
            raise
        log.info("an execution is over already: %s", refused.about)


async def give_up(context: Context, request: Request) -> None:
    """End a step that cannot be done, so that its workflow does not wait forever."""
    words = f"Something went wrong in this step. {in_log(reference(request))}"
    try:
        await _complete(context, request, error=words, until=context.now() + _GIVE_UP_WITHIN)
    except (NotNow, Undeliverable) as error:
        log.warning("and its workflow cannot be told, either: %s", error)


ANSWERS = {SURFACE: answer}
