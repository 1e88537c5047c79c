"""Feedback on replies: thumbs and comments, “Wrong actor?” and “Wrong fact?”.

Thumbs and comments are kept for the person who runs Dragoman. Every member may make corrections for
the whole workspace: a correction records who made it and when, and is undone by its button or by
``dragoman actors undo``. Facts are shown to whoever clicks, and marked by them, in the place where
they click: nobody can mark a fact that they could not see there. Forms open at once, because a
Slack trigger is valid for only three seconds.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, Field, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.errors import DragomanError, StoreError
from bot.match.lookup import verdict
from bot.models import (
    ActorType,
    AddAlias,
    Asker,
    Edit,
    Fault,
    Feedback,
    Line,
    Match,
    Merge,
    Request,
    SentReply,
    Verdict,
)
from bot.store.ids import asked_id
from handlers import interactions
from handlers.asking import Rendered, UserQuery, lines_of
from handlers.blocks import curation as blocks
from handlers.blocks import native
from handlers.blocks.notes import WRONG, Do, once, sentence
from handlers.blocks.reply import lines_shown
from handlers.blocks.text import plain_text, trim
from handlers.context import Context
from handlers.payloads import workspace_of

# --- candidate actors --------------------------------------------------------------------


_CANDIDATES = 6


def candidates(desk: Desk, workspace: str, meant: Sequence[tuple[str, str]]) -> list[Match]:
    """Return the actors that the words may mean, best first, with the one they were taken for."""
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
    """Return the actor that the words were taken for, from the matches or else by id."""
    match = next((match for match in found if match.actor == actor), None)
    kind, _, name = actor.partition(":")
    return match or _match(typed, actor, name or actor, kind)


def _match(typed: str, actor: str, name: str, kind: str) -> Match:
    kinds = {one.value for one in ActorType}
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
    "Corrections apply to everybody here, so guests cannot make them. Choose “Only this time”, or"
    " ask a member."
)


class ActorFormState(interactions.FormState):
    """The state of the form: the reply it was opened on, and which words meant which actor."""

    do: Do = "brief"
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = Field(min_length=1)


def _listen_actor(app: AsyncApp, context: Context) -> None:
    """Listen for clicks that open the form, its submissions, and clicks on Undo."""
    app.action(WRONG)(opener(context))
    app.view(blocks.CALLBACK)(interactions.submission(context, SURFACE_ACTOR, _read_form))
    app.action(blocks.UNDO)(interactions.listener(context, SURFACE_ACTOR))


def opener(context: Context) -> interactions.Listener:
    """Return a listener that opens the form on a click."""
    return interactions.acknowledging(lambda body: _open_form(context, body))


# --- the form -----------------------------------------------------------------------


async def _open_form(context: Context, body: dict[str, Any]) -> None:
    click = interactions.click_record(body)
    try:
        kept = ActorFormState.model_validate({**json.loads(click["value"] or "{}"), **click})
    except (ValueError, TypeError, ValidationError):
        await context.tell(interactions.OUTDATED, click["response_url"])
        return
    desk, workspace = context.desk, context.asking.content_workspace(workspace_of(body))
    try:
        async with asyncio.timeout(interactions.QUICK):
            found = await asyncio.to_thread(candidates, desk, workspace, kept.meant)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without candidates: %r", error)
        found = []
    meant = [(typed, match_taken(typed, actor, found)) for typed, actor in kept.meant]
    others = [match for match in found if match.actor not in dict(kept.meant).values()]
    form = blocks.actor_form(meant, others, kept.model_dump(mode="json"))
    await interactions.open_form(context, body["trigger_id"], form, click["response_url"])


# --- submissions --------------------------------------------------------------------


async def _read_form(context: Context, body: dict[str, Any]) -> interactions.Filled:
    """Read the correction from a submitted form, or return the problems by input."""
    values = body["view"]["state"]["values"]
    kept = ActorFormState.model_validate_json(body["view"]["private_metadata"])
    typed, actor = kept.meant[int(interactions.picked(values, blocks.WHICH) or 0)]
    words = (values.get(blocks.NAME, {}).get(blocks.NAME, {}).get("value") or "").strip()
    who = interactions.picked(values, blocks.WHO)
    problems: dict[str, str] = {}
    if who == blocks.OTHER or words:
        workspace = context.asking.content_workspace(workspace_of(body))
        who, problem = await asyncio.to_thread(_actor_named, context.desk, workspace, words)
        if problem:
            problems[blocks.NAME] = problem
    elif not who:
        problems[blocks.WHO] = "Choose who is meant, or enter a name below."
    do = interactions.picked(values, blocks.DO) or blocks.ONCE
    if who == actor and not problems:
        problems[blocks.WHO] = "That is the actor I showed already. Choose another."
    kept_json = kept.model_dump(mode="json")
    wish = {"kept": kept_json, "typed": typed, "actor": actor, "who": who, "do": do}
    return kept.order(body["user"]["id"], **wish), problems


def _actor_named(desk: Desk, workspace: str, words: str) -> tuple[str, str]:
    """Return the id of the actor that the words name, and the problem if it is not clear which."""
    if not words:
        return "", "Enter who is meant: a name, or an id such as state:qat."
    index = desk.actors(workspace)
    if index.get(words) is not None:
        return words, ""
    matches = index.match(words)
    found_verdict = verdict(matches)
    if found_verdict == "sure":
        return matches[0].actor, ""
    found = once(matches if found_verdict == "unsure" else index.nearest(words))
    if found_verdict == "unknown":
        near = f" The closest are {_in_words(found[:3])}." if found else ""
        return "", f"I know no actor with that name.{near}"
    return "", f"That may be {_in_words(found[:4])}. Enter the id of the one you mean."


def _in_words(matches: Sequence[Match]) -> str:
    return "; ".join(f"{match.name} ({match.actor})" for match in matches)


# --- the correction -----------------------------------------------------------------


async def answer_actor(context: Context, request: Request) -> SentReply:
    """Make or undo a correction, and notify the person who asked for it."""
    order = request.payload
    for_all = "kept" not in order or order["do"] != blocks.ONCE
    if for_all and await context.people.is_guest(request.workspace, order["person"]):
        said = Rendered(sentence(GUESTS_ACTOR), "", context.now())
        await interactions.answer_person(context, request, said)
        return context.sent(request, interactions.no_query(order), said, None)
    return await (_correct if "kept" in order else _undo)(context, request)


async def _correct(context: Context, request: Request) -> SentReply:
    """Make the correction from the form, and answer the original question again."""
    wish = request.payload
    kept = ActorFormState.model_validate(wish["kept"])
    meant = dict(kept.meant) | {wish["typed"]: wish["who"]}
    asked = UserQuery(kept.do, kept.q, wish["person"], kept.place, kept.as_of, meant=meant)

    def work(asker: Asker) -> Rendered:
        done, seq = "", None
        edit = _edit(wish, asker)
        if edit is not None:
            made = context.desk.care.change(asker, edit)
            done, seq = made.said, made.change.seq if made.change else None
        reply = context.asking.rendered(asked, asker)
        return reply._replace(payload=blocks.corrected(done, seq, reply.payload))

    said = await context.asking.work(request, asked, work)
    thread = {"thread_ts": kept.thread} if kept.thread else {}
    await interactions.answer_person(context, request, said._replace(payload=said.payload | thread))
    return context.sent(request, asked, said, None)


def _edit(wish: dict[str, Any], asker: Asker) -> Edit | None:
    if wish["do"] == blocks.ALIAS:
        return AddAlias(actor=wish["who"], text=wish["typed"], move=True, source=asker.person)
    if wish["do"] == blocks.MERGE:
        return Merge(actor=wish["actor"], into=wish["who"])
    return None


async def _undo(context: Context, request: Request) -> SentReply:
    click = request.payload
    number = json.loads(click["value"] or "{}").get("n")
    asked = UserQuery("brief", f"undo #{number}", click["person"], click["place"])

    def work(asker: Asker) -> Rendered:
        done = context.desk.care.undo(asker, number)
        return Rendered(sentence(done.said), asked.query, asker.now)

    said = await context.asking.work(request, asked, work)
    await interactions.answer_person(context, request, said, replace=True)
    return context.sent(request, asked, said, None)


# --- Wrong fact? -------------------------------------------------------------------------


SURFACE_FACT = "wrong_fact"

GUESTS_FACT = "Corrections apply to everybody here, so guests cannot make them. Ask a member."


def _listen_fact(app: AsyncApp, context: Context) -> None:
    """Listen for clicks on the button, and for choices in the menu next to a fact."""
    click = interactions.listener(context, SURFACE_FACT)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        option = body["actions"][0].get("selected_option") or {}
        chosen = {"action_id": blocks.FAULT, "value": option.get("value") or ""}
        await click(ack, body | {"actions": [chosen]})

    app.action(blocks.WRONG_FACT)(click)
    app.action(blocks.FAULT)(pick)


async def answer_fact(context: Context, request: Request) -> SentReply:
    """List the facts of a reply, or mark one wrong; only the person who clicked sees the answer."""
    click = request.payload
    # This answer cannot be followed up with another question.
    asked = interactions.no_query(click)
    if await context.people.is_guest(request.workspace, click["person"]):
        said = Rendered(sentence(GUESTS_FACT), "", context.now())
    elif click["action"] == blocks.FAULT:
        said = await _mark_picked(context, request, asked)
    else:
        said = await _list_facts(context, request)
    ts = await interactions.answer_alone(context, request, said)
    return context.sent(request, asked, said, ts)


async def _list_facts(context: Context, request: Request) -> Rendered:
    """Work the reply out again, and list its facts to choose from."""
    click = request.payload
    if (value := interactions.button_value(click)) is None:
        return interactions.outdated_button(context.now())
    about = interactions.query_of(click, value)

    def work(asker: Asker) -> Rendered:
        facts = _facts(context, asker, about)
        if facts:
            return Rendered(blocks.facts_message(facts, tz=asker.tz), "", asker.now)
        words = "These lines hold no facts, only quoted sentences."
        return Rendered(sentence(words), "", asker.now)

    return await context.asking.work(request, about, work)


def _facts(context: Context, asker: Asker, about: UserQuery) -> list[Line]:
    """Return the lines of a reply that hold a fact, each fact once, lines already shown first."""
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
        return interactions.outdated_button(context.now())
    fault, fact = picked
    return await context.asking.work(
        request, asked, lambda asker: _mark_wrong(context, asker, fault, fact)
    )


def _mark_wrong(context: Context, asker: Asker, fault: Fault, fact: str) -> Rendered:
    done = context.desk.care.mark_wrong(asker, fact, fault)
    payload = blocks.marked_wrong(done.said, done.change.seq if done.change else None)
    return Rendered(payload, "", asker.now)


# --- thumbs and comments -----------------------------------------------------------------


SURFACE_FEEDBACK = "feedback"

_VERDICTS: dict[str, Verdict] = {native.GOOD: "up", native.BAD: "down"}
_GONE = "That feedback is no longer stored. Click 👍 or 👎 again to comment."
_SHOWN = 300  # characters of the question and of the reply that are kept


class CommentFormState(interactions.FormState):
    """The state of the form for a comment: the reply it is about."""

    reply: str


def _listen_feedback(app: AsyncApp, context: Context) -> None:
    """Listen for clicks, open the form, and take its submissions."""
    click = interactions.listener(context, SURFACE_FEEDBACK)
    for action in _VERDICTS:
        app.action(action)(click)

    async def pick(ack: Any, body: dict[str, Any]) -> None:
        action, value = native.picked_feedback(body["actions"][0]["value"])
        await click(ack, body | {"actions": [{"action_id": action, "value": value}]})

    app.action(native.FEEDBACK)(pick)
    app.action(blocks.COMMENT)(
        interactions.acknowledging(lambda body: _open_comment(context, body))
    )
    app.view(blocks.COMMENT)(interactions.submission(context, SURFACE_FEEDBACK, _read_comment))


async def _open_comment(context: Context, body: dict[str, Any]) -> None:
    click = interactions.click_record(body)
    workspace, person = workspace_of(body), click["person"]
    try:
        reply = str(json.loads(click["value"])["reply"])
        known = await asyncio.to_thread(context.store.feedback.of, workspace, reply, person)
    except (ValueError, TypeError, KeyError, StoreError) as error:
        log.warning("a form for a comment is not opened: %r", error)
        known = None
    if known is None:
        await context.tell(_GONE, click["response_url"])
        return
    kept = CommentFormState.model_validate({**click, "reply": reply})
    form = blocks.comment_form(
        known.query, known.verdict, known.comment, kept.model_dump(mode="json")
    )
    await interactions.open_form(context, body["trigger_id"], form, click["response_url"])


async def _read_comment(_: Context, body: dict[str, Any]) -> interactions.Filled:
    """Read the comment from a form; it is stored like a click on the thanks for a thumb."""
    view = body["view"]
    kept = CommentFormState.model_validate_json(view["private_metadata"])
    comment = view["state"]["values"][blocks.COMMENT][blocks.COMMENT].get("value") or ""
    more = {"action": blocks.COMMENT, "value": kept.reply, "comment": comment}
    return kept.order(body["user"]["id"], **more), {}


async def answer_feedback(context: Context, request: Request) -> SentReply:
    """Keep the feedback, and thank the person who gave it."""
    click = request.payload
    # This reply keeps no query: it cannot be followed up with another question.
    asked = interactions.no_query(click)
    if click["action"] == blocks.COMMENT:
        said = await context.asking.work(
            request, asked, lambda asker: _keep_comment(context, request, asker)
        )
        # It replaces the thanks, so the comment button is gone.
        ts = await interactions.replace_message(context, request, said)
        return context.sent(request, asked, said, ts)
    return await _ANSWER_VERDICT(context, request)


async def _reply_verdict(context: Context, request: Request, about: UserQuery) -> Rendered:
    return await context.asking.work(
        request, about, lambda asker: _keep_verdict(context, request, asker, about)
    )


_ANSWER_VERDICT = interactions.answering_alone(_reply_verdict)


def _keep_verdict(context: Context, request: Request, asker: Asker, about: UserQuery) -> Rendered:
    click = request.payload
    verdict = _VERDICTS[click["action"]]
    as_of = about.as_of.isoformat() if about.as_of else ""
    reply = asked_id(about.do, about.query, as_of, tuple(about.meant.items()))
    given = Feedback(
        workspace=request.workspace,
        reply=reply,
        person=asker.person,
        verdict=verdict,
        query=trim(about.query, _SHOWN),
        told=_first_line(context, asker, about),
        place=asker.place,
        at=asker.now,
    )
    before = context.store.feedback.give(given)
    was = before.verdict if before else None
    return Rendered(blocks.thanks(verdict, was, reply), "", asker.now)


def _first_line(context: Context, asker: Asker, about: UserQuery) -> str:
    """Return the first line of the reply, rendered again with what everybody in its place may see.

    Feedback is also read outside that place, so it must reveal no more than the place did.
    """
    try:
        text = str(context.asking.rendered(about._replace(alone=False), asker).payload["text"])
    except StoreError:
        raise
    except DragomanError as error:
        log.info("what was said of a reply is kept without its words: %s", error)
        return ""
    return trim(plain_text(text.partition("\n")[0]), _SHOWN)


def _keep_comment(context: Context, request: Request, asker: Asker) -> Rendered:
    click = request.payload
    comment = trim(click["comment"].replace("\0", "").strip(), blocks.MOST_COMMENT)
    store = context.store.feedback
    stored = store.comment(request.workspace, click["value"], asker.person, comment)
    words = "Thank you, your comment is saved." if stored else _GONE
    return Rendered(sentence(words), "", asker.now)


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for feedback on replies and for corrections."""
    _listen_actor(app, context)
    _listen_fact(app, context)
    _listen_feedback(app, context)


ANSWERS = {
    SURFACE_ACTOR: answer_actor,
    SURFACE_FACT: answer_fact,
    SURFACE_FEEDBACK: answer_feedback,
}
