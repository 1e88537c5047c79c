"""``/digest``: set up in a form with a preview, or by words; sent, paused, listed.

The form is opened at once, because Slack takes a trigger for three seconds only; what it sends,
and every other command, is stored like any request and answered to the asker alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import written_as
from bot.digests.setting import Setting, Wish
from bot.digests.wording import (
    Command,
    parse_clock,
    parse_command,
    parse_hours,
    parse_times,
    parse_zone,
    times_in_words,
)
from bot.errors import BadQuery, DragomanError, StoreError
from bot.models import Asker, Digest, DigestIssue, Hours, Request, SentReply, Times
from handlers import home_view
from handlers.asking import Rendered, UserQuery
from handlers.blocks import digest as blocks
from handlers.blocks.digest import PAUSE, SETTINGS, digest_message
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text, text_of
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable
from handlers.payloads import workspace_of

# --- the form ----------------------------------------------------------------------------


log = logging.getLogger(__name__)

_QUICK = 0.8
"""Seconds that the preview in a form may take; after that it opens without one."""

_OPEN = timedelta(seconds=2)


class DigestFormState(BaseModel):
    """What a form keeps: where it was opened, and how to answer there.

    ``home`` are the direct messages of the person who opened it from Home, where the result is
    shown then.
    """

    place: str
    url: str | None = None
    home: str = ""


def request_record(person: str, place: str, url: str | None, **more: Any) -> dict[str, Any]:
    """What is stored of who wants what, and where they are answered."""
    return {"person": person, "place": place, "response_url": url, **more}


def is_mine(asker: Asker, asked: bool) -> bool:
    """Whether it is the asker's own that is meant."""
    return asked or asker.place.startswith("D")


async def open_form(context: Context, team: str, trigger: str, order: dict[str, Any]) -> None:
    """Open the form for a place, or for the person who asked alone; or say why not."""
    asker = await _asker(context, team, order)
    mine = is_mine(asker, parse_command(plain_text(order["text"])).mine)
    setting = Setting(context.desk, team)
    of = await asyncio.to_thread(setting.or_new, asker, mine=mine)
    preview: DigestIssue | None = None
    try:
        async with asyncio.timeout(_QUICK):
            preview = await asyncio.to_thread(setting.preview, asker, mine=mine)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without a preview: %r", error)
    kept = DigestFormState(
        place=order["place"], url=order["response_url"], home=order.get("home") or ""
    )
    with written_as((await context.people.preferences(team, order["person"])).dates):
        keeping = kept.model_dump(mode="json", exclude_defaults=True)
        form = blocks.digest_form(of, preview, keeping, mine=order["place"].startswith("D"))
    late = partial(
        context.tell,
        "The form could not be opened in time: try again.",
        order["response_url"],
        order["place"],
        order["person"],
    )
    await context.sender.open(trigger, form, late)


async def _asker(context: Context, team: str, order: dict[str, Any]) -> Asker:
    return Asker(
        workspace=context.asking.content_workspace(team),
        person=order["person"],
        place=order["place"],
        tz=await context.people.time_zone(team, order["person"], _QUICK),
        now=context.now(),
        guest=await _is_guest(context, team, order["person"]),
    )


async def _is_guest(context: Context, team: str, person: str) -> bool:
    """Whether somebody is a guest, or may be one as far as is known quickly."""
    try:
        async with asyncio.timeout(_QUICK):
            return await context.people.is_guest(team, person)
    except TimeoutError:
        return True


async def read_form(
    context: Context, body: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form sets, or what is wrong with it, by the input concerned."""
    kept = DigestFormState.model_validate_json(body["view"]["private_metadata"])
    values = body["view"]["state"]["values"]
    team, person = workspace_of(body), body["user"]["id"]
    order = request_record(person, kept.place, kept.url, home=kept.home)
    fields: dict[str, Any] = {"mine": _picked(values, blocks.WHERE) == blocks.MINE}
    problems: dict[str, str] = {}
    asker = await _asker(context, team, order)
    setting = Setting(context.desk, team)

    def check(name: str, read: Any) -> None:
        try:
            fields[name] = read(_typed(values, name) or _picked(values, name))
        except BadQuery as error:
            problems[name] = error.message

    check(blocks.ZONE, parse_zone)
    often = _picked(values, blocks.OFTEN)
    check(blocks.AT, lambda text: _at(text, often))
    check(blocks.HUSH, parse_hours)
    await asyncio.to_thread(check, blocks.WHO, lambda text: setting.actors(asker, text))
    if problems:
        return order, problems
    times = {"often": often, "at": fields[blocks.AT], "tz": fields[blocks.ZONE]}
    times["weekday"] = int(_picked(values, blocks.DAY) or 0)
    hush = fields[blocks.HUSH]
    order["set"] = {
        "times": Times.model_validate(times).model_dump(mode="json"),
        "actors": fields[blocks.WHO],
        # Written down it is read again for good, so it is no other than these.
        "quiet": "silent" if _picked(values, blocks.QUIET) == "silent" else "line",
        "hush": hush.model_dump(mode="json") if hush else None,
        "mine": fields["mine"],
    }
    return order, {}


def _at(text: str, often: str) -> list[Any]:
    found = sorted(parse_clock(text))
    if len(found) != (2 if often == "twice" else 1):
        wanted = "both times: 8:00 and 18:00" if often == "twice" else "one time, such as 8:00"
        raise BadQuery(f"Write {wanted}.", about=text)
    return found


def _picked(values: dict[str, Any], name: str) -> str:
    option = values.get(name, {}).get(name, {}).get("selected_option") or {}
    return str(option.get("value") or "")


def _typed(values: dict[str, Any], name: str) -> str:
    return plain_text(values.get(name, {}).get(name, {}).get("value") or "")


async def show_preview(context: Context, body: dict[str, Any]) -> None:
    """Show in the form what a digest would say as it is filled in, or what is wrong with it."""
    below = await _below(context, body)
    view = blocks.previewed(body["view"], below)
    until = context.now() + _OPEN
    try:
        await context.sender.call("views.update", until, view_id=body["view"]["id"], view=view)
    except (NotNow, Undeliverable) as error:  # it was closed meanwhile, say
        log.warning("a preview could not be shown: %s", error)


async def _below(context: Context, body: dict[str, Any]) -> list[Payload]:
    try:
        async with asyncio.timeout(_QUICK * 2):
            order, problems = await read_form(context, body)
            if problems:
                return blocks.preview_refused(list(problems.values()))
            team = workspace_of(body)
            asker, wanted = await _asker(context, team, order), order["set"]
            mine = is_mine(asker, wanted["mine"])
            setting, wish = Setting(context.desk, team), digest_wish(wanted)
            issue = await asyncio.to_thread(setting.preview, asker, mine=mine, wish=wish)
    except (TimeoutError, StoreError) as error:
        log.warning("a preview could not be made: %r", error)
        return blocks.preview_refused(["The preview could not be made in time: try again."])
    except DragomanError as error:
        return blocks.preview_refused([error.message])
    with written_as((await context.people.preferences(team, order["person"])).dates):
        return blocks.preview_blocks(issue)


def digest_wish(values: dict[str, Any]) -> Wish:
    """How a form sets a digest, from what ``read_form`` made of it."""
    return Wish(
        times=Times.model_validate(values["times"]),
        actors=tuple((actor, name) for actor, name in values["actors"]),
        quiet=values["quiet"],
        hush=Hours.model_validate(values["hush"]) if values["hush"] else None,
        keep_hush=False,
    )


# --- the command -------------------------------------------------------------------------


SURFACE = "digest"
COMMAND = "/digest"


def listen(app: AsyncApp, context: Context) -> None:
    """Take the command, the form and the buttons in."""

    async def typed(ack: Any, body: dict[str, Any]) -> None:
        person, place = body["user_id"], body["channel_id"]
        order = request_record(person, place, body.get("response_url"), text=body.get("text") or "")
        if _wants_form(order["text"]):
            await open_form(context, workspace_of(body), body["trigger_id"], order)
        else:
            key = body.get("trigger_id") or body["response_url"]
            await context.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        container, action = body.get("container") or {}, body["actions"][0]
        place = container.get("channel_id") or body["channel"]["id"]
        mine = bool(json.loads(action.get("value") or "{}").get("mine"))
        text = " for me" if mine else ""
        order = request_record(body["user"]["id"], place, body.get("response_url"), text=text)
        if action["action_id"] == SETTINGS:
            await open_form(context, workspace_of(body), body["trigger_id"], order)
        else:
            order["text"] = f"pause{text}"
            await context.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], order)
        await ack()

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = await read_form(context, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await context.inbox.take(workspace_of(body), SURFACE, body["view"]["id"], order)
        await ack()

    async def preview(ack: Any, body: dict[str, Any]) -> None:
        await show_preview(context, body)
        await ack()

    app.command(COMMAND)(typed)
    app.action(blocks.PREVIEW)(preview)
    app.action(SETTINGS)(click)
    app.action(PAUSE)(click)
    app.view(blocks.CALLBACK)(submit)


def _wants_form(text: str) -> bool:
    try:
        return parse_command(plain_text(text)).verb == "form"
    except BadQuery:
        return False


# --- what is done -------------------------------------------------------------------


async def answer(context: Context, request: Request) -> SentReply:
    """Do what was asked and say so, to the person who asked."""
    order = request.payload
    # No words are kept: how a digest was set answers no question that may be asked on.
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)
    guest = await context.people.is_guest(request.workspace, order["person"])

    def work(asker: Asker) -> Rendered:
        setting = Setting(context.desk, request.workspace, guest=guest)
        if "set" in order:
            return Rendered(_set_by_form(setting, asker, order["set"]), "", asker.now)
        wanted = parse_command(plain_text(order["text"]))
        return Rendered(_by_command(setting, asker, wanted, request.key), "", asker.now)

    said_ = await context.asking.work(request, asked, work)
    if home := order.get("home"):
        await home_view.publish(context, request, home, text_of(said_.payload))
    else:
        await context.sender.answer_alone(
            order["response_url"],
            order["place"],
            order["person"],
            said_.payload,
            request.lease_until,
        )
    return context.sent(request, asked, said_, None)


def _set_by_form(setting: Setting, asker: Asker, values: dict[str, Any]) -> Payload:
    return _set_up(setting, asker, digest_wish(values), is_mine(asker, values["mine"]))


def _set_up(setting: Setting, asker: Asker, wish: Wish, mine: bool) -> Payload:
    of, new = setting.set_up(asker, wish, mine=mine)
    preview = setting.preview(asker, mine=mine)
    return blocks.was_set(of, setting.about(of), preview, new=new)


def _by_command(setting: Setting, asker: Asker, wanted: Command, key: str) -> Payload:
    mine = is_mine(asker, wanted.mine)
    match wanted.verb:
        case "set":
            there = setting.of(asker, mine=mine)
            zone = there.times.tz if there else asker.tz
            return _set_up(setting, asker, Wish(parse_times(wanted.rest, zone)), mine)
        case "now":
            return sentence(f"On its way {_to_whom(setting.send(asker, key, mine=mine))}.")
        case "preview" | "form":
            return digest_message(setting.preview(asker, mine=mine))
        case "pause":
            return sentence(
                f"The digest {_to_whom(setting.pause(asker, mine=mine))} is paused: "
                "`/digest resume` goes on with it."
            )
        case "resume":
            of = setting.resume(asker, mine=mine)
            return sentence(f"The digest comes {_to_whom(of)} again, {times_in_words(of.times)}.")
        case "off":
            return sentence(
                f"No digest comes {_to_whom(setting.remove(asker, mine=mine))} any more."
            )
        case "list":
            listed = [(of, setting.about(of)) for of in setting.listed(asker)]
            return blocks.digest_listing(listed, asker.now)
        case "help":
            return blocks.digest_usage()


def _to_whom(of: Digest) -> str:
    return "to you" if of.personal else "here"


ANSWERS = {SURFACE: answer}
