"""Settings: one's own, those of a channel, those of the workspace; each a form.

A form is opened at once, for Slack takes a trigger for three seconds only. Who may set what is
looked at when it is opened, and again when it is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.digests.wording import hours_in, zone_in
from bot.errors import BadQuery
from bot.models import (
    Asker,
    PersonPreferences,
    PlacePreferences,
    Preferences,
    Request,
    SentReply,
    WorkspacePreferences,
)
from handlers import homes
from handlers.asking import Asked, Said
from handlers.blocks import home as home_blocks
from handlers.blocks import preferences_form as blocks
from handlers.blocks.inputs import PROFILE
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import text_of
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.forms import people, picked, taken_in, typed
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "preferences"

_OPEN = timedelta(seconds=2)
_QUICK = 0.8
"""Seconds that a profile may take before a form is opened without it."""

_NOT_ADMIN = "What holds for everybody is for those to set who run the workspace."
_NOT_MEMBER = "You are a guest here: ask a member to change what holds in a channel."
_LATE = "The form could not be opened in time: try again."


class Kept(BaseModel):
    """What a form keeps: where it was opened, which is whose settings those of a channel are.

    ``home`` says that it was opened from Home, which is to show them then.
    """

    place: str
    home: bool = False
    url: str | None = None


def listen(app: AsyncApp, crew: Crew) -> None:
    """Open the forms from Home, and take in what they send."""

    async def mine(ack: Any, body: dict[str, Any]) -> None:
        await _open_from_home(crew, body, "mine")
        await ack()

    async def for_all(ack: Any, body: dict[str, Any]) -> None:
        await _open_from_home(crew, body, "workspace")
        await ack()

    app.action(home_blocks.SETTINGS)(mine)
    app.action(home_blocks.FOR_ALL)(for_all)
    for form in (blocks.MINE, blocks.PLACE, blocks.FOR_ALL):
        app.view(form)(taken_in(crew, SURFACE, _read))


# --- the forms ----------------------------------------------------------------------


async def _open_from_home(
    crew: Crew, body: dict[str, Any], which: Literal["mine", "workspace"]
) -> None:
    place = home_blocks.place_of(body.get("view") or {})
    kept = Kept(place=place, home=True)
    await open_form(crew, workspace_of(body), body["user"]["id"], body["trigger_id"], which, kept)


async def open_form(
    crew: Crew,
    team: str,
    person: str,
    trigger: str,
    which: Literal["mine", "place", "workspace"],
    kept: Kept,
) -> None:
    """Open the settings of a person, of a place or of a workspace; or say why not."""
    try:
        if (refused := await _refused(crew, team, person, which)) is not None:
            await _say(crew, person, kept, refused)
            return
        form = await _form(crew, team, person, which, kept)
        await crew.sender.open(trigger, form, partial(_say, crew, person, kept, _LATE))
    except (NotNow, Undeliverable) as error:
        log.warning("a form could not be opened: %s", error)
        await _say(crew, person, kept, _LATE)


async def _refused(crew: Crew, team: str, person: str, which: str) -> str | None:
    if which == "workspace":
        return None if (await homes.who(crew, team, person)).admin else _NOT_ADMIN
    if which == "place" and await crew.asking.is_guest(team, person):
        return _NOT_MEMBER
    return None


async def _form(crew: Crew, team: str, person: str, which: str, kept: Kept) -> Payload:
    keeping, store = kept.model_dump(mode="json", exclude_defaults=True), crew.asking.desk.store
    if which == "workspace":
        everybody = await asyncio.to_thread(store.preferences.workspace, team)
        return blocks.for_all(everybody, keeping)
    tz = await crew.asking.zone(team, person, _QUICK)
    today = crew.now().astimezone(ZoneInfo(tz)).date()
    if which == "mine":
        return blocks.mine(await crew.asking.preferences(team, person), today, keeping)
    of = await asyncio.to_thread(store.preferences.place, team, kept.place)
    if of == PlacePreferences():  # nobody has said anything, of zones neither
        of = of.model_copy(update={"tz": tz})
    return blocks.place(of, today, kept.place, keeping)


async def _say(crew: Crew, person: str, kept: Kept, words: str) -> None:
    """Tell whoever wanted a form; what cannot be told either is in the log."""
    until, told = crew.now() + _OPEN, sentence(words)
    how = {"response_type": "ephemeral", "replace_original": False}
    try:
        if kept.url:
            await crew.sender.respond(kept.url, told, until, how)
        else:
            await crew.sender.whisper(kept.place, person, told, until)
    except (NotNow, Undeliverable) as error:
        log.warning("and it could not be said: %s", error)


# --- what they send -----------------------------------------------------------------


def _read(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What somebody prefers, or what is wrong with it, by the input concerned."""
    view = body["view"]
    values, kept = view["state"]["values"], Kept.model_validate_json(view["private_metadata"])
    problems: dict[str, str] = {}

    def check(name: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(typed(values, name) or picked(values, name))
        except BadQuery as error:
            problems[name] = error.message

    wanted: dict[str, Any]
    if view["callback_id"] == blocks.FOR_ALL:
        wanted = {"feeds_by": picked(values, blocks.WHO)}
        wanted["people"] = people(values, blocks.PEOPLE)
        if wanted["feeds_by"] == "listed" and not wanted["people"]:
            problems[blocks.PEOPLE] = "Choose at least one, or let admins alone add feeds."
    elif view["callback_id"] == blocks.PLACE:
        wanted = {
            "public": picked(values, blocks.PUBLIC) == blocks.YES,
            "least": int(picked(values, blocks.LEAST) or 1),
            "hush": check(blocks.HUSH, hours_in),
            "tz": check(blocks.ZONE, zone_in),
            "dates": picked(values, blocks.DATES),
        }
    else:
        zone = check(blocks.ZONE, lambda text: None if text == PROFILE else zone_in(text))
        wanted = {"dates": picked(values, blocks.DATES), "tz": zone}
    order = {"form": view["callback_id"], "person": body["user"]["id"], "place": kept.place}
    order |= {"home": kept.home, "response_url": kept.url}
    if problems:
        return order, problems
    made = _KINDS[view["callback_id"]].model_validate(wanted)
    return order | {"wanted": made.model_dump(mode="json")}, {}


_KINDS: dict[str, type[Preferences]] = {
    blocks.MINE: PersonPreferences,
    blocks.PLACE: PlacePreferences,
    blocks.FOR_ALL: WorkspacePreferences,
}


async def answer(crew: Crew, request: Request) -> SentReply:
    """Keep what was set, and say so: in Home, or to whoever set it where they did."""
    order, team = request.payload, request.workspace
    # No words are kept: what was set answers no question that may be asked on.
    asked = Asked("brief", "", order["person"], order["place"], alone=True)
    which = {blocks.PLACE: "place", blocks.FOR_ALL: "workspace"}.get(order["form"], "mine")
    refused = await _refused(crew, team, order["person"], which)

    def work(asker: Asker) -> Said:
        if refused is not None:
            return Said(sentence(refused), "", asker.now)
        wanted = _KINDS[order["form"]].model_validate(order["wanted"])
        owner = {"place": order["place"], "workspace": team}.get(which, order["person"])
        crew.asking.desk.store.preferences.put(team, owner, wanted)
        where = {"place": "in this channel", "workspace": "for everybody"}.get(which, "for you")
        return Said(sentence(f"Saved: that holds {where} from now on."), "", asker.now)

    said = await crew.asking.work(request, asked, work)
    if order["home"]:
        room = await homes.place(crew, request)
        await homes.publish(crew, request, room, text_of(said.payload))
        return homes.sent(crew, request)
    await crew.sender.whisper(order["place"], order["person"], said.payload, request.lease_until)
    return crew.sent(request, asked, said, None)
