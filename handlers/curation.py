"""“Wrong actor?” and “Wrong fact?”: people correct actors and facts, and can undo it.

Every member may correct, for the whole workspace: a correction says who made it and when, and is
taken back by its Undo button or ``dragoman actors undo``. Facts are shown and marked by whoever
clicks, in the place where they click: nobody can mark what they could not see there. Forms are
opened at once, because Slack takes a trigger for three seconds only.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.errors import DragomanError
from bot.match.lookup import verdict
from bot.models import AddAlias, Asker, Edit, Fault, Line, Match, Merge, Request, SentReply
from handlers import clicks
from handlers.asking import Rendered, UserQuery, lines_of
from handlers.blocks import curation as blocks
from handlers.blocks.notes import WRONG, Do, once, sentence
from handlers.blocks.reply import lines_shown
from handlers.context import Context
from handlers.payloads import workspace_of

# --- who may be meant --------------------------------------------------------------------


_CANDIDATES = 6


def candidates(desk: Desk, workspace: str, meant: Sequence[tuple[str, str]]) -> list[Match]:
    """The actors whom the words may mean, best first, with the one they were taken for."""
    index = desk.actors(workspace)
    found: list[Match] = []
    for typed, actor in meant:
        known = index.get(actor)
        if known is not None:
            found.append(_match(typed, actor, known.name, known.type.value))
        found += index.match(typed, limit=_CANDIDATES)
        found += index.nearest(typed, _CANDIDATES)
    unique = {match.actor: match for match in reversed(found)}
    return [unique[key] for key in dict.fromkeys(match.actor for match in found)]


def match_taken(typed: str, actor: str, found: Sequence[Match]) -> Match:
    """Whom words were taken for, as found or else by id."""
    there = next((match for match in found if match.actor == actor), None)
    kind, _, name = actor.partition(":")
    return there or _match(typed, actor, name or actor, kind)


def _match(typed: str, actor: str, name: str, kind: str) -> Match:
    kinds = {"state", "organisation", "group", "office", "person", "place", "treaty"}
    return Match.model_validate(
        {
            "query": typed,
            "actor": actor,
            "name": name,
            "type": kind if kind in kinds else "organisation",
            "alias": name,
            "how": "exact",
            "score": 1.0,
            "why": "",
        }
    )


# --- Wrong actor? ------------------------------------------------------------------------


log = logging.getLogger(__name__)

SURFACE_ACTOR = "correction"

GUESTS_ACTOR = (
    "Corrections hold for everybody here, so guests cannot make them: choose “only this time”, or"
    " ask a member."
)

_QUICK = 0.8
"""Seconds that candidates may take; after that the form opens without them."""


class ActorFormState(BaseModel):
    """What a form keeps of the reply it was opened on: who was taken for what, and where."""

    do: Do = "brief"
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = Field(min_length=1)
    place: str
    thread: str | None = None
    url: str | None = None


def _listen_actor(app: AsyncApp, context: Context) -> None:
    """Open the form, take in what it sends, and clicks on Undo."""

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        wish, problems = await _read_form(context, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await context.inbox.take(workspace_of(body), SURFACE_ACTOR, body["view"]["id"], wish)
        await ack()

    async def undo(ack: Any, body: dict[str, Any]) -> None:
        await context.inbox.take(
            workspace_of(body), SURFACE_ACTOR, body["trigger_id"], _undo_record(body)
        )
        await ack()

    app.action(WRONG)(opener(context))
    app.view(blocks.CALLBACK)(submit)
    app.action(blocks.UNDO)(undo)


def opener(context: Context) -> clicks.Listener:
    """What opens the form on a click."""

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        await _open_form(context, body)
        await ack()

    return open_form


# --- the form -----------------------------------------------------------------------


async def _open_form(context: Context, body: dict[str, Any]) -> None:
    container = body.get("container") or {}
    try:
        value = json.loads(body["actions"][0].get("value") or "{}")
        kept = ActorFormState.model_validate(
            {
                **value,
                "place": container.get("channel_id") or body["channel"]["id"],
                "thread": container.get("thread_ts"),
                "url": body.get("response_url"),
            }
        )
    except (ValueError, TypeError, ValidationError):
        words = "This button is older than I am: please ask again."
        await context.tell(words, body.get("response_url"))
        return
    desk, workspace = context.desk, context.asking.content_workspace(workspace_of(body))
    try:
        async with asyncio.timeout(_QUICK):
            found = await asyncio.to_thread(candidates, desk, workspace, kept.meant)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without candidates: %r", error)
        found = []
    meant = [(typed, match_taken(typed, actor, found)) for typed, actor in kept.meant]
    others = [match for match in found if match.actor not in dict(kept.meant).values()]
    form = blocks.actor_form(meant, others, kept.model_dump(mode="json"))
    words = "The form could not be opened in time: click again."
    late = partial(context.tell, words, body.get("response_url"))
    await context.sender.open(body["trigger_id"], form, late)


# --- what it sends ------------------------------------------------------------------


async def _read_form(
    context: Context, body: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What somebody wants corrected, or what is wrong with it, by the input concerned."""
    values = body["view"]["state"]["values"]

    def chosen(name: str) -> str:
        option = values.get(name, {}).get(name, {}).get("selected_option") or {}
        return str(option.get("value") or "")

    kept = ActorFormState.model_validate_json(body["view"]["private_metadata"])
    typed, actor = kept.meant[int(chosen(blocks.WHICH) or 0)]
    words = (values.get(blocks.NAME, {}).get(blocks.NAME, {}).get("value") or "").strip()
    who = chosen(blocks.WHO)
    problems: dict[str, str] = {}
    if who == blocks.OTHER or words:
        workspace = context.asking.content_workspace(workspace_of(body))
        who, problem = await asyncio.to_thread(_actor_named, context.desk, workspace, words)
        if problem:
            problems[blocks.NAME] = problem
    elif not who:
        problems[blocks.WHO] = "Choose who is meant, or write a name below."
    do = chosen(blocks.DO) or blocks.ONCE
    if who == actor and not problems:
        problems[blocks.WHO] = "That is whom I took it for: choose somebody else."
    wish = {
        "kept": kept.model_dump(mode="json"),
        "typed": typed,
        "actor": actor,
        "who": who,
        "do": do,
        "person": body["user"]["id"],
    }
    return wish, problems


def _actor_named(desk: Desk, workspace: str, words: str) -> tuple[str, str]:
    """The id of whom words name, and what is wrong with them if it is not clear whom."""
    if not words:
        return "", "Write who is meant: a name, or an id such as state:qat."
    index = desk.actors(workspace)
    if index.get(words) is not None:
        return words, ""
    matches = index.match(words)
    judged = verdict(matches)
    if judged == "sure":
        return matches[0].actor, ""
    found = once(matches if judged == "unsure" else index.nearest(words))
    if judged == "unknown":
        near = f" The nearest are {_in_words(found[:3])}." if found else ""
        return "", f"I know nobody of that name.{near}"
    return "", f"That may be {_in_words(found[:4])}: write the id of the one you mean."


def _in_words(matches: Sequence[Match]) -> str:
    return "; ".join(f"{match.name} ({match.actor})" for match in matches)


def _undo_record(body: dict[str, Any]) -> dict[str, Any]:
    container, action = body.get("container") or {}, body["actions"][0]
    return {
        "undo": json.loads(action.get("value") or "{}").get("n"),
        "person": body["user"]["id"],
        "place": container.get("channel_id") or body["channel"]["id"],
        "url": body.get("response_url"),
    }


# --- the correction -----------------------------------------------------------------


async def answer_actor(context: Context, request: Request) -> SentReply:
    """Correct, or take a correction back, and tell the person who asked for it."""
    if "undo" in request.payload:
        return await _undo(context, request)
    wish = request.payload
    if wish["do"] != blocks.ONCE and await context.people.is_guest(
        request.workspace, wish["person"]
    ):
        return await _refused(context, request)
    kept = ActorFormState.model_validate(wish["kept"])
    meant = dict(kept.meant) | {wish["typed"]: wish["who"]}
    asked = UserQuery(kept.do, kept.q, wish["person"], kept.place, kept.as_of, meant=meant)
    desk = context.desk

    def work(asker: Asker) -> Rendered:
        said, seq = "", None
        edit = _edit(wish, asker)
        if edit is not None:
            done = desk.care.change(asker, edit)
            said, seq = done.said, done.change.seq if done.change else None
        told = context.asking.rendered(asked, asker)
        return told._replace(payload=blocks.corrected(said, seq, told.payload))

    said = await context.asking.work(request, asked, work)
    payload = said.payload | ({"thread_ts": kept.thread} if kept.thread else {})
    await context.sender.answer_alone(
        kept.url, asked.place, asked.person, payload, request.lease_until
    )
    return context.sent(request, asked, said, None)


async def _refused(context: Context, request: Request) -> SentReply:
    """Say to a guest that corrections hold for everybody, and are not theirs to make."""
    wish = request.payload
    place, url = wish.get("place"), wish.get("url")
    if "kept" in wish:
        kept = ActorFormState.model_validate(wish["kept"])
        place, url = kept.place, kept.url
    asked = UserQuery("brief", "", wish["person"], str(place))
    said = Rendered(sentence(GUESTS_ACTOR), "", context.now())
    await context.sender.answer_alone(
        url, asked.place, asked.person, said.payload, request.lease_until
    )
    return context.sent(request, asked, said, None)


def _edit(wish: dict[str, Any], asker: Asker) -> Edit | None:
    if wish["do"] == blocks.ALIAS:
        return AddAlias(actor=wish["who"], text=wish["typed"], move=True, source=asker.person)
    if wish["do"] == blocks.MERGE:
        return Merge(actor=wish["actor"], into=wish["who"])
    return None


async def _undo(context: Context, request: Request) -> SentReply:
    click = request.payload
    if await context.people.is_guest(request.workspace, click["person"]):
        return await _refused(context, request)
    asked = UserQuery("brief", f"undo #{click['undo']}", click["person"], click["place"])

    def work(asker: Asker) -> Rendered:
        done = context.desk.care.undo(asker, click["undo"])
        return Rendered(sentence(done.said), asked.query, asker.now)

    said = await context.asking.work(request, asked, work)
    await context.sender.answer_alone(
        click["url"], asked.place, asked.person, said.payload, request.lease_until, replace=True
    )
    return context.sent(request, asked, said, None)


# --- Wrong fact? -------------------------------------------------------------------------


SURFACE_FACT = "wrong_fact"

GUESTS_FACT = "Corrections hold for everybody here, so guests cannot make them: ask a member."


def _listen_fact(app: AsyncApp, context: Context) -> None:
    """Take in clicks on the button, and what is picked in the menu next to a fact."""
    click = clicks.listener(context, SURFACE_FACT)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        option = body["actions"][0].get("selected_option") or {}
        chosen = {"action_id": blocks.FAULT, "value": option.get("value") or ""}
        await click(ack, body | {"actions": [chosen]})

    app.action(blocks.WRONG_FACT)(click)
    app.action(blocks.FAULT)(pick)


async def answer_fact(context: Context, request: Request) -> SentReply:
    """List the facts of a reply, or mark one wrong, and tell the person who clicked, alone."""
    click = request.payload
    # What is said here answers no question that may be asked on.
    asked = clicks.no_query(click)
    if await context.people.is_guest(request.workspace, click["person"]):
        said = Rendered(sentence(GUESTS_FACT), "", context.now())
    elif click["action"] == blocks.FAULT:
        said = await _mark_picked(context, request, asked)
    else:
        said = await _list_facts(context, request)
    ts = await clicks.answer_alone(context, request, said)
    return context.sent(request, asked, said, ts)


async def _list_facts(context: Context, request: Request) -> Rendered:
    """Work the reply out again, and offer its facts."""
    click = request.payload
    if (value := clicks.button_value(click)) is None:
        return clicks.outdated_button(context.now())
    about = clicks.query_of(click, value)

    def work(asker: Asker) -> Rendered:
        facts = _facts(context, asker, about)
        if facts:
            return Rendered(blocks.facts_message(facts, tz=asker.tz), "", asker.now)
        words = "No fact was read in these lines: they are sentences quoted as they stand."
        return Rendered(sentence(words), "", asker.now)

    return await context.asking.work(request, about, work)


def _facts(context: Context, asker: Asker, about: UserQuery) -> list[Line]:
    """The lines of a reply in which a fact was read, each fact once, those shown first."""
    desk = context.desk
    put = desk.brief if about.do == "brief" else desk.ask
    reply = put(asker, about.query, meant=about.meant)
    facts: dict[str, Line] = {}
    for line in (*lines_shown(reply), *lines_shown(reply, whole=True), *lines_of(reply)):
        if line.fact:
            facts.setdefault(line.fact, line)
    return list(facts.values())


async def _mark_picked(context: Context, request: Request, asked: UserQuery) -> Rendered:
    picked = blocks.picked(request.payload["value"])
    if picked is None:
        return clicks.outdated_button(context.now())
    fault, fact = picked
    return await context.asking.work(
        request, asked, lambda asker: _mark_wrong(context, asker, fault, fact)
    )


def _mark_wrong(context: Context, asker: Asker, fault: Fault, fact: str) -> Rendered:
    done = context.desk.care.mark_wrong(asker, fact, fault)
    payload = blocks.marked_wrong(done.said, done.change.seq if done.change else None)
    return Rendered(payload, "", asker.now)


def listen(app: AsyncApp, context: Context) -> None:
    """Take in what corrects actors and facts."""
    _listen_actor(app, context)
    _listen_fact(app, context)


ANSWERS = {SURFACE_ACTOR: answer_actor, SURFACE_FACT: answer_fact}
