"""Commands, clicks and forms: how they are stored, what they carry, and how each is answered.

The button's value holds everything needed, so a button from before a restart works. Where the
value cannot be read, the person who clicked is notified, and the message does not change.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.models import Request, SentReply
from handlers.asking import Rendered, UserQuery
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text
from handlers.context import Answer, Context
from handlers.errors import Undeliverable, reference
from handlers.payloads import workspace_of
from handlers.sender import DeliveryMark

log = logging.getLogger(__name__)

Listener = Callable[[Any, dict[str, Any]], Awaitable[None]]

LATE = "The form could not be opened in time. Please try again."
OUTDATED = "This button is out of date. Please ask again."

QUICK = 0.8
"""Seconds that the contents of a form may take to load; after that the form opens without them."""


class ButtonValue(BaseModel):
    """The value of a button: the query, as of when, and which actors its words mean."""

    do: Literal["brief", "ask"]
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = ()


async def take(context: Context, surface: str, body: dict[str, Any], record: Any) -> None:
    """Store a command, a click or a submitted form, once each; raises StoreError."""
    # A trigger belongs to one use of a command or button, and so does a response URL.
    form = body["view"]["id"] if body.get("type") == "view_submission" else ""
    key = form or body.get("trigger_id") or body["response_url"]
    await context.inbox.take(workspace_of(body), surface, key, record)


def command_record(body: dict[str, Any]) -> dict[str, Any]:
    """Make the record of a command."""
    return {
        "text": body.get("text") or "",
        "person": body["user_id"],
        "place": body["channel_id"],
        "response_url": body.get("response_url"),
    }


def click_record(body: dict[str, Any]) -> dict[str, Any]:
    """Make the record of a click; ``alone`` says that one person sees the message."""
    container, action = body.get("container") or {}, body["actions"][0]
    return {
        "action": action["action_id"],
        "value": action.get("value") or "",
        "person": body["user"]["id"],
        "place": container.get("channel_id") or body["channel"]["id"],
        "ts": container.get("message_ts"),
        "thread": container.get("thread_ts"),
        "alone": bool(container.get("is_ephemeral")),
        "response_url": body.get("response_url"),
    }


def acknowledging(work: Callable[[dict[str, Any]], Awaitable[None]]) -> Listener:
    """Return a listener that does its work and then acknowledges."""

    async def listen(ack: Any, body: dict[str, Any]) -> None:
        await work(body)
        await ack()

    return listen


def listener(
    context: Context,
    surface: str,
    record: Callable[[dict[str, Any]], dict[str, Any]] = click_record,
) -> Listener:
    """Return a listener that stores a click or a command as a request of ``surface``."""
    return acknowledging(lambda body: take(context, surface, body, record(body)))


def button_value(click: dict[str, Any]) -> ButtonValue | None:
    """Return the value of the clicked button; None where it cannot be read."""
    try:
        return ButtonValue.model_validate(json.loads(click["value"]))
    except (ValueError, ValidationError):
        return None


def query_of(click: dict[str, Any], value: ButtonValue, *, whole: bool = False) -> UserQuery:
    """Make the query of a click, in its place and by its person."""
    return UserQuery(
        value.do,
        value.q,
        click["person"],
        click["place"],
        value.as_of,
        whole,
        dict(value.meant),
        alone=click["alone"],
    )


def no_query(click: dict[str, Any]) -> UserQuery:
    """Make the empty query of a click that cannot be read or is refused."""
    return UserQuery("brief", "", click["person"], click["place"])


def outdated_button(now: datetime) -> Rendered:
    """Return the message for a button that can no longer be read."""
    return Rendered(sentence(OUTDATED), "", now)


async def replace_message(context: Context, request: Request, said: Rendered) -> str | None:
    """Replace the message that was clicked on; return its ``ts``, None if ephemeral."""
    click, until = request.payload, request.lease_until
    ts: str | None = None if click["alone"] else click["ts"]
    how = {"replace_original": True}
    if await context.sender.responded(click["response_url"], said.payload, until, how):
        return ts
    if ts:
        await context.sender.update(click["place"], ts, said.payload, until)
    else:
        await context.sender.post_ephemeral(click["place"], click["person"], said.payload, until)
    return ts


async def answer_alone(context: Context, request: Request, said: Rendered) -> str | None:
    """Answer only the person who clicked; return the ``ts`` of a direct message."""
    click, until = request.payload, request.lease_until
    thread = click.get("thread")
    if click["place"].startswith("D"):
        mark = DeliveryMark(reference(request), click["ts"], doubted=request.attempts > 1)
        try:
            return await context.sender.post(click["place"], said.payload, until, thread, mark)
        except Undeliverable:
            if not click["response_url"]:  # with it, the bot may replace messages of others
                raise
    payload = said.payload | ({"thread_ts": thread} if thread else {})
    url, place, person = click["response_url"], click["place"], click["person"]
    await context.sender.answer_alone(url, place, person, payload, until)
    return None


async def answer_person(
    context: Context, request: Request, said: Rendered, *, replace: bool = False
) -> None:
    """Answer the person behind a command or click, through its response URL or in the place.

    ``replace`` puts the answer in place of the message that was clicked on.
    """
    order = request.payload
    await context.sender.answer_alone(
        order["response_url"],
        order["place"],
        order["person"],
        said.payload,
        request.lease_until,
        replace=replace,
    )


# --- tables of buttons -------------------------------------------------------------------

Work = Callable[[Context, Request, ButtonValue], Awaitable[SentReply]]
"""Answers a click, and returns the reply that was sent."""

Reply = Callable[[Context, Request, UserQuery], Awaitable[Rendered]]
"""Works out the reply that only the person who clicked sees, from the button's query."""


def answering(work: Work, *, no_guests: str = "") -> Answer:
    """Return a handler that answers clicks with ``work``, once the button's value is read.

    If the value is unreadable, the answer is that the button is out of date. If ``no_guests`` is
    given, it is the answer to guests.
    """

    async def answer(context: Context, request: Request) -> SentReply:
        click, value = request.payload, button_value(request.payload)
        if value is None:
            said = outdated_button(context.now())
        elif no_guests and await context.people.is_guest(request.workspace, click["person"]):
            said = Rendered(sentence(no_guests), "", context.now())
        else:
            return await work(context, request, value)
        ts = await answer_alone(context, request, said)
        return context.sent(request, no_query(click), said, ts)

    return answer


def answering_alone(reply: Reply) -> Answer:
    """Return a handler that shows the result of ``reply`` only to the person who clicked."""

    async def work(context: Context, request: Request, value: ButtonValue) -> SentReply:
        asked = query_of(request.payload, value)
        said = await reply(context, request, asked)
        ts = await answer_alone(context, request, said)
        return context.sent(request, asked, said, ts)

    return answering(work)


# --- forms -------------------------------------------------------------------------------


class FormState(BaseModel):
    """The state of a form: the click that opened it, its message, and how to answer there."""

    place: str
    ts: str | None = None
    thread: str | None = None
    alone: bool = False
    response_url: str | None = None

    def order(self, person: str, **more: Any) -> dict[str, Any]:
        """Make the record of a form that ``person`` submits: like that of a click and ``more``."""
        click = self.model_dump(include=set(FormState.model_fields))
        return {**click, "person": person, **more}


Filled = tuple[dict[str, Any], dict[str, str]]
"""What a form asks for, and its problems by block id."""


def submission(
    context: Context,
    surface: str,
    read: Callable[[Context, dict[str, Any]], Awaitable[Filled]],
) -> Listener:
    """Return a listener that stores a submitted form; with problems, the form stays open."""

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = await read(context, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await take(context, surface, body, order)
        await ack()

    return submit


def picked(values: dict[str, Any], name: str) -> str:
    """Return the value of the chosen option; empty if none is chosen."""
    option = values.get(name, {}).get(name, {}).get("selected_option") or {}
    return str(option.get("value") or "")


def typed(values: dict[str, Any], name: str) -> str:
    """Return what was typed, stripped."""
    return plain_text(values.get(name, {}).get(name, {}).get("value") or "")


def people(values: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return the ids of the chosen people."""
    return tuple(map(str, values.get(name, {}).get(name, {}).get("selected_users") or ()))


async def open_form(
    context: Context,
    trigger: str,
    form: Payload,
    url: str | None,
    place: str = "",
    person: str = "",
) -> None:
    """Open a form; if it is too late, notify the person through ``url`` or in ``place``."""
    late = partial(context.tell, LATE, url, place, person)
    await context.sender.open(trigger, form, late)
