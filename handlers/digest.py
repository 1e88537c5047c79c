"""``/digest``: set up in a form with a preview, or by words; sent, paused, listed.

The form is opened at once, for Slack takes a trigger for three seconds only; what it sends,
and every other command, is written down like any request and answered to the asker alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.answer.words import written_as
from bot.digests.setting import Setting, Wish
from bot.digests.wording import Command, clock, command, hours_in, said, times_in, zone_in
from bot.errors import BadQuery, DragomanError
from bot.models import Asker, Digest, DigestIssue, Hours, Request, SentReply, Times
from handlers import homes
from handlers.asking import Asked, Said
from handlers.blocks import digest_form as blocks
from handlers.blocks.digest import PAUSE, SETTINGS, digest_message
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import plain_text
from handlers.blocks.notes import sentence
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.send import Spent
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "digest"
COMMAND = "/digest"

_QUICK = 0.8
"""Seconds that the preview in a form may take; after that it opens without one."""

_OPEN = timedelta(seconds=2)


class Kept(BaseModel):
    """What a form keeps: where it was opened, and how to answer there.

    ``home`` are the direct messages of whoever opened it from Home, which then says what was set.
    """

    place: str
    url: str | None = None
    home: str = ""


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take the command, the form and the buttons in."""

    async def typed(ack: Any, body: dict[str, Any]) -> None:
        person, place = body["user_id"], body["channel_id"]
        order = _order(person, place, body.get("response_url"), text=body.get("text") or "")
        if _wants_form(order["text"]):
            await open_form(crew, workspace_of(body), body["trigger_id"], order)
        else:
            key = body.get("trigger_id") or body["response_url"]
            await crew.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        container, action = body.get("container") or {}, body["actions"][0]
        place = container.get("channel_id") or body["channel"]["id"]
        mine = bool(json.loads(action.get("value") or "{}").get("mine"))
        text = " for me" if mine else ""
        order = _order(body["user"]["id"], place, body.get("response_url"), text=text)
        if action["action_id"] == SETTINGS:
            await open_form(crew, workspace_of(body), body["trigger_id"], order)
        else:
            order["text"] = f"pause{text}"
            await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], order)
        await ack()

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = await _read(crew, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await crew.inbox.take(workspace_of(body), SURFACE, body["view"]["id"], order)
        await ack()

    app.command(COMMAND)(typed)
    app.action(SETTINGS)(click)
    app.action(PAUSE)(click)
    app.view(blocks.CALLBACK)(submit)


def _order(person: str, place: str, url: str | None, **more: Any) -> dict[str, Any]:
    return {"person": person, "place": place, "response_url": url, **more}


def _wants_form(text: str) -> bool:
    try:
        return command(plain_text(text)).verb == "form"
    except BadQuery:
        return False


def _mine(asker: Asker, asked: bool) -> bool:
    return asked or asker.place.startswith("D")


# --- the form -----------------------------------------------------------------------


async def open_form(crew: Crew, team: str, trigger: str, order: dict[str, Any]) -> None:
    """Open the form for a place, or for whoever asked alone; or say why not."""
    asker = await _asker(crew, team, order)
    mine = _mine(asker, command(plain_text(order["text"])).mine)
    setting = Setting(crew.asking.desk, team)
    of = await asyncio.to_thread(setting.or_new, asker, mine=mine)
    preview: DigestIssue | None = None
    try:
        async with asyncio.timeout(_QUICK):
            preview = await asyncio.to_thread(setting.preview, asker, mine=mine)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without a preview: %r", error)
    kept = Kept(place=order["place"], url=order["response_url"], home=order.get("home") or "")
    with written_as((await crew.asking.preferences(team, order["person"])).dates):
        keeping = kept.model_dump(mode="json", exclude_defaults=True)
        form = blocks.form(of, preview, keeping, mine=order["place"].startswith("D"))
    try:
        await crew.sender.open(trigger, form, crew.now() + _OPEN)
    except (NotNow, Undeliverable) as error:
        log.warning("a form could not be opened: %s", error)
        await _say(crew, order, "The form could not be opened in time: try again.")


async def _asker(crew: Crew, team: str, order: dict[str, Any]) -> Asker:
    return Asker(
        workspace=crew.asking.whose(team),
        person=order["person"],
        place=order["place"],
        tz=await crew.asking.zone(team, order["person"], _QUICK),
        now=crew.now(),
    )


async def _say(crew: Crew, order: dict[str, Any], words: str) -> None:
    """Tell whoever asked; what cannot be told either is in the log."""
    how = {"response_type": "ephemeral", "replace_original": False}
    try:
        if url := order["response_url"]:
            await crew.sender.respond(url, sentence(words), crew.now() + _OPEN, how)
        else:
            told, until = sentence(words), crew.now() + _OPEN
            await crew.sender.whisper(order["place"], order["person"], told, until)
    except (NotNow, Undeliverable) as error:
        log.warning("and it could not be said: %s", error)


async def _read(crew: Crew, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form sets, or what is wrong with it, by the input concerned."""
    kept = Kept.model_validate_json(body["view"]["private_metadata"])
    values = body["view"]["state"]["values"]
    team, person = workspace_of(body), body["user"]["id"]
    order = _order(person, kept.place, kept.url, home=kept.home)
    fields: dict[str, Any] = {"mine": _picked(values, blocks.WHERE) == blocks.MINE}
    problems: dict[str, str] = {}
    asker = await _asker(crew, team, order)
    setting = Setting(crew.asking.desk, team)

    def check(name: str, read: Any) -> None:
        try:
            fields[name] = read(_typed(values, name))
        except BadQuery as error:
            problems[name] = error.message

    check(blocks.ZONE, zone_in)
    often = _picked(values, blocks.OFTEN)
    check(blocks.AT, lambda text: _at(text, often))
    check(blocks.HUSH, hours_in)
    await asyncio.to_thread(check, blocks.WHO, lambda text: setting.actors(asker, text))
    if problems:
        return order, problems
    times = {"often": often, "at": fields[blocks.AT], "tz": fields[blocks.ZONE]}
    times["weekday"] = int(_picked(values, blocks.DAY) or 0)
    hush = fields[blocks.HUSH]
    order["set"] = {
        "times": Times.model_validate(times).model_dump(mode="json"),
        "actors": fields[blocks.WHO],
        "quiet": _picked(values, blocks.QUIET) or "line",
        "hush": hush.model_dump(mode="json") if hush else None,
        "mine": fields["mine"],
    }
    return order, {}


def _at(text: str, often: str) -> list[Any]:
    found = sorted(clock(text))
    if len(found) != (2 if often == "twice" else 1):
        wanted = "both times: 8:00 and 18:00" if often == "twice" else "one time, such as 8:00"
        raise BadQuery(f"Write {wanted}.", about=text)
    return found


def _picked(values: dict[str, Any], name: str) -> str:
    option = values.get(name, {}).get(name, {}).get("selected_option") or {}
    return str(option.get("value") or "")


def _typed(values: dict[str, Any], name: str) -> str:
    return plain_text(values.get(name, {}).get(name, {}).get("value") or "")


# --- what is done -------------------------------------------------------------------


async def answer(crew: Crew, request: Request) -> SentReply:
    """Do what was asked and say so, to whoever asked."""
    order = request.payload
    # No words are kept: how a digest was set answers no question that may be asked on.
    asked = Asked("brief", "", order["person"], order["place"], alone=True)
    guest = await crew.asking.is_guest(request.workspace, order["person"])

    def work(asker: Asker) -> Said:
        setting = Setting(crew.asking.desk, request.workspace, guest=guest)
        if "set" in order:
            return Said(_set(setting, asker, order["set"]), "", asker.now)
        wanted = command(plain_text(order["text"]))
        return Said(_done(setting, asker, wanted, request.key), "", asker.now)

    said_ = await crew.asking.work(request, asked, work)
    if home := order.get("home"):
        await homes.publish(crew, request, home, _first(said_.payload))
    else:
        await _whisper(crew, request, said_.payload)
    return crew.sent(request, asked, said_, None)


def _set(setting: Setting, asker: Asker, values: dict[str, Any]) -> Payload:
    wish = Wish(
        times=Times.model_validate(values["times"]),
        actors=tuple((actor, name) for actor, name in values["actors"]),
        quiet=values["quiet"],
        hush=Hours.model_validate(values["hush"]) if values["hush"] else None,
        keep_hush=False,
    )
    return _set_up(setting, asker, wish, _mine(asker, values["mine"]))


def _set_up(setting: Setting, asker: Asker, wish: Wish, mine: bool) -> Payload:
    of, new = setting.set_up(asker, wish, mine=mine)
    preview = setting.preview(asker, mine=mine)
    return blocks.was_set(of, setting.about(of), preview, new=new)


def _done(setting: Setting, asker: Asker, wanted: Command, key: str) -> Payload:
    mine = _mine(asker, wanted.mine)
    match wanted.verb:
        case "set":
            there = setting.of(asker, mine=mine)
            zone = there.times.tz if there else asker.tz
            return _set_up(setting, asker, Wish(times_in(wanted.rest, zone)), mine)
        case "now":
            return sentence(f"On its way {_where(setting.send(asker, key, mine=mine))}.")
        case "preview" | "form":
            return digest_message(setting.preview(asker, mine=mine))
        case "pause":
            return sentence(
                f"The digest {_where(setting.pause(asker, mine=mine))} is paused: "
                "`/digest resume` goes on with it."
            )
        case "resume":
            of = setting.resume(asker, mine=mine)
            return sentence(f"The digest comes {_where(of)} again, {said(of.times)}.")
        case "off":
            return sentence(f"No digest comes {_where(setting.remove(asker, mine=mine))} any more.")
        case "list":
            listed = [(of, setting.about(of)) for of in setting.listed(asker)]
            return blocks.listing(listed, asker.now)
        case "help":
            return blocks.usage()


def _where(of: Digest) -> str:
    return "to you" if of.personal else "here"


def _first(payload: Payload) -> str:
    """What a message says first, in mrkdwn; a preview that follows is for a message alone."""
    text: str = payload["blocks"][0]["text"]["text"]
    return text


async def _whisper(crew: Crew, request: Request, payload: Payload) -> None:
    order, until = request.payload, request.lease_until
    if url := order["response_url"]:
        how = {"response_type": "ephemeral", "replace_original": False}
        try:
            await crew.sender.respond(url, payload, until, how)
        except Spent:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return
    await crew.sender.whisper(order["place"], order["person"], payload, until)
