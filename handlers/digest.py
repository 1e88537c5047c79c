"""``/digest``: set up in a form with a preview, or by words; sent, paused, listed.

The form opens at once, because a Slack trigger is valid for only three seconds. Its submission, and
every other command, is stored like any request, and only the asker gets the answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import written_as
from bot.digests.schedule import (
    Command,
    parse_clock,
    parse_command,
    parse_hours,
    parse_times,
    parse_zone,
    times_in_words,
)
from bot.digests.setting import Setting, Wish
from bot.errors import BadQuery, DragomanError
from bot.models import Asker, Digest, DigestIssue, Hours, Request, SentReply, Times
from handlers import home, interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks import digest as blocks
from handlers.blocks import home as home_blocks
from handlers.blocks.digest import PAUSE, SETTINGS, digest_message
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text, text_of
from handlers.context import Context
from handlers.interactions import QUICK, Filled, picked, typed
from handlers.payloads import workspace_of

# --- the form ----------------------------------------------------------------------------


log = logging.getLogger(__name__)


class DigestFormState(interactions.FormState):
    """The state of the form; ``home`` are the direct messages of a person who opened it from Home.

    The result is then shown in Home.
    """

    home: str = ""


def is_mine(asker: Asker, asked: bool) -> bool:
    """Return whether the asker's own digest is meant."""
    return asked or asker.place.startswith("D")


async def open_form(context: Context, team: str, trigger: str, order: dict[str, Any]) -> None:
    """Open the form for a place, or for the asker alone; or say why it cannot be opened."""
    asker = await _asker(context, team, order)
    mine = is_mine(asker, parse_command(plain_text(order["text"])).mine)
    setting = Setting(context.desk, team)
    of = await asyncio.to_thread(setting.or_new, asker, mine=mine)
    preview: DigestIssue | None = None
    try:
        async with asyncio.timeout(QUICK):
            preview = await asyncio.to_thread(setting.preview, asker, mine=mine)
    except (TimeoutError, DragomanError) as error:
        log.warning("a form is opened without a preview: %r", error)
    kept = DigestFormState.model_validate(order | {"home": order.get("home") or ""})
    with written_as((await context.people.preferences(team, order["person"])).dates):
        keeping = kept.model_dump(mode="json", exclude_defaults=True)
        form = blocks.digest_form(of, preview, keeping, mine=order["place"].startswith("D"))
    place, person = order["place"], order["person"]
    await interactions.open_form(context, trigger, form, order["response_url"], place, person)


async def _asker(context: Context, team: str, order: dict[str, Any]) -> Asker:
    return Asker(
        workspace=context.asking.content_workspace(team),
        person=order["person"],
        place=order["place"],
        tz=await context.people.time_zone(team, order["person"], QUICK),
        now=context.now(),
        guest=await _is_guest(context, team, order["person"]),
    )


async def _is_guest(context: Context, team: str, person: str) -> bool:
    """Return whether somebody is a guest, or may be one as far as a quick look shows."""
    try:
        async with asyncio.timeout(QUICK):
            return await context.people.is_guest(team, person)
    except TimeoutError:
        return True


async def read_form(context: Context, body: dict[str, Any]) -> Filled:
    """Read the digest from a submitted form, or return the problems by input."""
    kept = DigestFormState.model_validate_json(body["view"]["private_metadata"])
    values = body["view"]["state"]["values"]
    team, person = workspace_of(body), body["user"]["id"]
    order = kept.order(person, home=kept.home)
    fields: dict[str, Any] = {"mine": picked(values, blocks.WHERE) == blocks.MINE}
    problems: dict[str, str] = {}
    asker = await _asker(context, team, order)
    setting = Setting(context.desk, team)

    def check(name: str, read: Any) -> None:
        try:
            fields[name] = read(typed(values, name) or picked(values, name))
        except BadQuery as error:
            problems[name] = error.message

    check(blocks.ZONE, parse_zone)
    often = picked(values, blocks.OFTEN)
    check(blocks.AT, lambda text: _at(text, often))
    check(blocks.HUSH, parse_hours)
    await asyncio.to_thread(check, blocks.WHO, lambda text: setting.actors(asker, text))
    if problems:
        return order, problems
    times = {"often": often, "at": fields[blocks.AT], "tz": fields[blocks.ZONE]}
    times["weekday"] = int(picked(values, blocks.DAY) or 0)
    hush = fields[blocks.HUSH]
    order["set"] = {
        "times": Times.model_validate(times).model_dump(mode="json"),
        "actors": fields[blocks.WHO],
        # The order is stored and read again, so only these values may enter it.
        "quiet": "silent" if picked(values, blocks.QUIET) == "silent" else "line",
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


def digest_wish(values: dict[str, Any]) -> Wish:
    """Make the wish from what ``read_form`` returned."""
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
    """Listen for the command, the form and the buttons."""

    async def use(body: dict[str, Any]) -> None:
        order = interactions.command_record(body)
        if _wants_form(order["text"]):
            await open_form(context, workspace_of(body), body["trigger_id"], order)
        else:
            await interactions.take(context, SURFACE, body, order)

    async def click(body: dict[str, Any]) -> None:
        order = interactions.click_record(body)
        text = " for me" if json.loads(order["value"] or "{}").get("mine") else ""
        if order["action"] == SETTINGS:
            await open_form(context, workspace_of(body), body["trigger_id"], order | {"text": text})
        else:
            await interactions.take(context, SURFACE, body, order | {"text": f"pause{text}"})

    async def change(body: dict[str, Any]) -> None:
        order = home.clicked(body)
        if order["value"].startswith("settings:"):
            await _form_from_home(context, body, order)
        else:
            await interactions.take(context, home.SURFACE, body, order)

    acked = interactions.acknowledging
    app.command(COMMAND)(acked(use))
    app.action(re.compile(rf"^{home_blocks.DIGEST}:\d+$"))(acked(change))
    app.action(home_blocks.SET_UP)(
        acked(lambda body: _form_from_home(context, body, home.clicked(body)))
    )
    app.action(SETTINGS)(acked(click))
    app.action(PAUSE)(acked(click))
    app.view(blocks.CALLBACK)(interactions.submission(context, SURFACE, read_form))


async def _form_from_home(context: Context, body: dict[str, Any], order: dict[str, Any]) -> None:
    """Open the form of one's own digest, or of the chosen one."""
    team, place, text = workspace_of(body), order["place"], " for me"
    number = order["value"].removeprefix("settings:")
    if number.isdecimal():
        workspace, person = context.asking.content_workspace(team), order["person"]
        of = await asyncio.to_thread(home.own_digest, context, team, workspace, person, int(number))
        if of is not None and not of.personal:
            place, text = of.place, ""
    opened = {
        "person": order["person"],
        "place": place,
        "response_url": None,
        "text": text,
        "home": order["place"],
    }
    await open_form(context, team, body["trigger_id"], opened)


def _wants_form(text: str) -> bool:
    try:
        return parse_command(plain_text(text)).verb == "form"
    except BadQuery:
        return False


# --- answers ------------------------------------------------------------------------


async def answer(context: Context, request: Request) -> SentReply:
    """Do what was asked, and confirm it to the asker."""
    order = request.payload
    # No query is kept: a digest's settings cannot be followed up with a question.
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)
    guest = await context.people.is_guest(request.workspace, order["person"])

    def work(asker: Asker) -> Rendered:
        setting = Setting(context.desk, request.workspace, guest=guest)
        if "set" in order:
            return Rendered(_set_by_form(setting, asker, order["set"]), "", asker.now)
        wanted = parse_command(plain_text(order["text"]))
        return Rendered(_by_command(setting, asker, wanted, request.key), "", asker.now)

    reply = await context.asking.work(request, asked, work)
    if room := order.get("home"):
        await home.publish(context, request, room, text_of(reply.payload))
    else:
        await interactions.answer_person(context, request, reply)
    return context.sent(request, asked, reply, None)


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
            current = setting.of(asker, mine=mine)
            zone = current.times.tz if current else asker.tz
            return _set_up(setting, asker, Wish(parse_times(wanted.rest, zone)), mine)
        case "now":
            return sentence(
                f"The digest {_for_whom(setting.send(asker, key, mine=mine))} is on its way."
            )
        case "preview" | "form":
            return digest_message(setting.preview(asker, mine=mine))
        case "pause":
            who = _for_whom(setting.pause(asker, mine=mine))
            return sentence(f"The digest {who} is paused: `/digest resume` starts it again.")
        case "resume":
            of = setting.resume(asker, mine=mine)
            when = times_in_words(of.times)
            return sentence(f"The digest {_for_whom(of)} is active again, {when}.")
        case "off":
            return sentence(
                f"The digest {_for_whom(setting.remove(asker, mine=mine))} was removed."
            )
        case "list":
            listed = [(of, setting.about(of)) for of in setting.listed(asker)]
            return blocks.digest_listing(listed, asker.now)
        case "help":
            return blocks.digest_usage()


def _for_whom(of: Digest) -> str:
    return "for you" if of.personal else "for this channel"


ANSWERS = {SURFACE: answer}
