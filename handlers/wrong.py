"""“Wrong actor?”: a form on any reply about actors, a correction of it, and the way back.

Everybody in the workspace may correct, for the whole workspace: a correction says who made
it and when, and is taken back by its Undo button or ``dragoman actors undo``. The form is
opened at once, for Slack takes a trigger for three seconds only; what it sends is written
down like any request, and answered to the one who sent it alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.desk import Desk
from bot.errors import DragomanError
from bot.match.actors import verdict
from bot.models import AddAlias, Asker, Edit, Match, Merge, Request, SentReply
from handlers import clicks
from handlers.asking import Asked, Said
from handlers.blocks import wrong as blocks
from handlers.blocks.layout import Payload
from handlers.blocks.notes import WRONG, Do, once, sentence
from handlers.candidates import candidates, taken_for
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.send import Spent
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "correction"

GUESTS = (
    "Corrections hold for everybody here, so guests cannot make them: choose “only this time”, or"
    " ask a member."
)

_QUICK = 0.8
"""Seconds that candidates may take; after that the form opens without them."""

_OPEN = timedelta(seconds=2)


class Kept(BaseModel):
    """What a form keeps of the reply it was opened on: who was taken for what, and where."""

    do: Do = "brief"
    q: str = Field(min_length=1)
    as_of: AwareDatetime | None = None
    meant: tuple[tuple[str, str], ...] = Field(min_length=1)
    place: str
    thread: str | None = None
    url: str | None = None


def listen(app: AsyncApp, crew: Crew) -> None:
    """Open the form, take in what it sends, and clicks on Undo."""

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        wish, problems = await _read(crew, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await crew.inbox.take(workspace_of(body), SURFACE, body["view"]["id"], wish)
        await ack()

    async def undo(ack: Any, body: dict[str, Any]) -> None:
        await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], _clicked(body))
        await ack()

    app.action(WRONG)(opener(crew))
    app.view(blocks.CALLBACK)(submit)
    app.action(blocks.UNDO)(undo)


def opener(crew: Crew) -> clicks.Listener:
    """What opens the form on a click."""

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        await _open(crew, body)
        await ack()

    return open_form


# --- the form -----------------------------------------------------------------------


async def _open(crew: Crew, body: dict[str, Any]) -> None:
    container = body.get("container") or {}
    try:
        value = json.loads(body["actions"][0].get("value") or "{}")
        kept = Kept.model_validate(
            {
                **value,
                "place": container.get("channel_id") or body["channel"]["id"],
                "thread": container.get("thread_ts"),
                "url": body.get("response_url"),
            }
        )
    except (ValueError, TypeError, ValidationError):
        await _say(crew, body, "This button is older than I am: please ask again.")
        return
    desk, workspace = crew.asking.desk, crew.asking.whose(workspace_of(body))
    try:
        async with asyncio.timeout(_QUICK):
            found = await asyncio.to_thread(candidates, desk, workspace, kept.meant)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without candidates: %r", error)
        found = []
    meant = [(typed, taken_for(typed, actor, found)) for typed, actor in kept.meant]
    others = [match for match in found if match.actor not in dict(kept.meant).values()]
    form = blocks.form(meant, others, kept.model_dump(mode="json"))
    late = partial(_say, crew, body, "The form could not be opened in time: click again.")
    await crew.sender.open(body["trigger_id"], form, late)


async def _say(crew: Crew, body: dict[str, Any], words: str) -> None:
    """Tell whoever clicked; what cannot be told either is in the log."""
    url = body.get("response_url")
    how = {"response_type": "ephemeral", "replace_original": False}
    try:
        if url:
            await crew.sender.respond(url, sentence(words), crew.now() + _OPEN, how)
    except (NotNow, Undeliverable) as error:
        log.warning("and it could not be said: %s", error)


# --- what it sends ------------------------------------------------------------------


async def _read(crew: Crew, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What somebody wants corrected, or what is wrong with it, by the input concerned."""
    values = body["view"]["state"]["values"]

    def chosen(name: str) -> str:
        option = values.get(name, {}).get(name, {}).get("selected_option") or {}
        return str(option.get("value") or "")

    kept = Kept.model_validate_json(body["view"]["private_metadata"])
    typed, actor = kept.meant[int(chosen(blocks.WHICH) or 0)]
    words = (values.get(blocks.NAME, {}).get(blocks.NAME, {}).get("value") or "").strip()
    who = chosen(blocks.WHO)
    problems: dict[str, str] = {}
    if who == blocks.OTHER or words:
        workspace = crew.asking.whose(workspace_of(body))
        who, problem = await asyncio.to_thread(_named, crew.asking.desk, workspace, words)
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


def _named(desk: Desk, workspace: str, words: str) -> tuple[str, str]:
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
        near = f" The nearest are {_listed(found[:3])}." if found else ""
        return "", f"I know nobody of that name.{near}"
    return "", f"That may be {_listed(found[:4])}: write the id of the one you mean."


def _listed(matches: Sequence[Match]) -> str:
    return "; ".join(f"{match.name} ({match.actor})" for match in matches)


def _clicked(body: dict[str, Any]) -> dict[str, Any]:
    container, action = body.get("container") or {}, body["actions"][0]
    return {
        "undo": json.loads(action.get("value") or "{}").get("n"),
        "person": body["user"]["id"],
        "place": container.get("channel_id") or body["channel"]["id"],
        "url": body.get("response_url"),
    }


# --- the correction -----------------------------------------------------------------


async def answer(crew: Crew, request: Request) -> SentReply:
    """Correct, or take a correction back, and tell whoever asked for it."""
    if "undo" in request.payload:
        return await _undone(crew, request)
    wish = request.payload
    if wish["do"] != blocks.ONCE and await crew.asking.is_guest(request.workspace, wish["person"]):
        return await _refused(crew, request)
    kept = Kept.model_validate(wish["kept"])
    meant = dict(kept.meant) | {wish["typed"]: wish["who"]}
    asked = Asked(kept.do, kept.q, wish["person"], kept.place, kept.as_of, meant=meant)
    desk = crew.asking.desk

    def work(asker: Asker) -> Said:
        said, seq = "", None
        edit = _edit(wish, asker)
        if edit is not None:
            done = desk.care.change(asker, edit)
            said, seq = done.said, done.change.seq if done.change else None
        told = crew.asking.said(asked, asker)
        return told._replace(payload=blocks.corrected(said, seq, told.payload))

    said = await crew.asking.work(request, asked, work)
    payload = said.payload | ({"thread_ts": kept.thread} if kept.thread else {})
    await _whisper(crew, request, asked, payload, kept.url, replace=False)
    return crew.sent(request, asked, said, None)


async def _refused(crew: Crew, request: Request) -> SentReply:
    """Say to a guest that corrections hold for everybody, and are not theirs to make."""
    wish = request.payload
    place, url = wish.get("place"), wish.get("url")
    if "kept" in wish:
        kept = Kept.model_validate(wish["kept"])
        place, url = kept.place, kept.url
    asked = Asked("brief", "", wish["person"], str(place))
    said = Said(sentence(GUESTS), "", crew.now())
    await _whisper(crew, request, asked, said.payload, url, replace=False)
    return crew.sent(request, asked, said, None)


def _edit(wish: dict[str, Any], asker: Asker) -> Edit | None:
    if wish["do"] == blocks.ALIAS:
        return AddAlias(actor=wish["who"], text=wish["typed"], move=True, source=asker.person)
    if wish["do"] == blocks.MERGE:
        return Merge(actor=wish["actor"], into=wish["who"])
    return None


async def _undone(crew: Crew, request: Request) -> SentReply:
    click = request.payload
    if await crew.asking.is_guest(request.workspace, click["person"]):
        return await _refused(crew, request)
    asked = Asked("brief", f"undo #{click['undo']}", click["person"], click["place"])

    def work(asker: Asker) -> Said:
        done = crew.asking.desk.care.undo(asker, click["undo"])
        return Said(sentence(done.said), asked.query, asker.now)

    said = await crew.asking.work(request, asked, work)
    await _whisper(crew, request, asked, said.payload, click["url"], replace=True)
    return crew.sent(request, asked, said, None)


async def _whisper(
    crew: Crew, request: Request, asked: Asked, payload: Payload, url: str | None, *, replace: bool
) -> None:
    until = request.lease_until
    if url:
        how = {"response_type": "ephemeral", "replace_original": replace}
        try:
            await crew.sender.respond(url, payload, until, how)
        except Spent:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return
    await crew.sender.whisper(asked.place, asked.person, payload, until)
