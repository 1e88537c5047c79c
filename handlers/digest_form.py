"""The form that sets a digest up: opened at once, with a preview, and read when it is sent."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel

from bot.answer.formatting import written_as
from bot.digests.setting import Setting, Wish
from bot.digests.wording import clock, command, hours_in, zone_in
from bot.errors import BadQuery, DragomanError, StoreError
from bot.models import Asker, DigestIssue, Hours, Times
from handlers.blocks import digest_form as blocks
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import plain_text
from handlers.blocks.notes import sentence
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

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


def order_of(person: str, place: str, url: str | None, **more: Any) -> dict[str, Any]:
    """What is written down of who wants what, and where they are answered."""
    return {"person": person, "place": place, "response_url": url, **more}


def is_mine(asker: Asker, asked: bool) -> bool:
    """Whether it is the asker's own that is meant."""
    return asked or asker.place.startswith("D")


async def open_form(crew: Crew, team: str, trigger: str, order: dict[str, Any]) -> None:
    """Open the form for a place, or for whoever asked alone; or say why not."""
    asker = await _asker(crew, team, order)
    mine = is_mine(asker, command(plain_text(order["text"])).mine)
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
    late = partial(_say, crew, order, "The form could not be opened in time: try again.")
    await crew.sender.open(trigger, form, late)


async def _asker(crew: Crew, team: str, order: dict[str, Any]) -> Asker:
    return Asker(
        workspace=crew.asking.whose(team),
        person=order["person"],
        place=order["place"],
        tz=await crew.asking.zone(team, order["person"], _QUICK),
        now=crew.now(),
        guest=await _is_guest(crew, team, order["person"]),
    )


async def _is_guest(crew: Crew, team: str, person: str) -> bool:
    """Whether somebody is a guest, or may be one as far as is known quickly."""
    try:
        async with asyncio.timeout(_QUICK):
            return await crew.asking.is_guest(team, person)
    except TimeoutError:
        return True


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


async def read_form(crew: Crew, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form sets, or what is wrong with it, by the input concerned."""
    kept = Kept.model_validate_json(body["view"]["private_metadata"])
    values = body["view"]["state"]["values"]
    team, person = workspace_of(body), body["user"]["id"]
    order = order_of(person, kept.place, kept.url, home=kept.home)
    fields: dict[str, Any] = {"mine": _picked(values, blocks.WHERE) == blocks.MINE}
    problems: dict[str, str] = {}
    asker = await _asker(crew, team, order)
    setting = Setting(crew.asking.desk, team)

    def check(name: str, read: Any) -> None:
        try:
            fields[name] = read(_typed(values, name) or _picked(values, name))
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
        # Written down it is read again for good, so it is no other than these.
        "quiet": "silent" if _picked(values, blocks.QUIET) == "silent" else "line",
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


async def show_preview(crew: Crew, body: dict[str, Any]) -> None:
    """Show in the form what a digest would say as it is filled in, or what is wrong with it."""
    below = await _below(crew, body)
    view = blocks.previewed(body["view"], below)
    until = crew.now() + _OPEN
    try:
        await crew.sender.call("views.update", until, view_id=body["view"]["id"], view=view)
    except (NotNow, Undeliverable) as error:  # it was closed meanwhile, say
        log.warning("a preview could not be shown: %s", error)


async def _below(crew: Crew, body: dict[str, Any]) -> list[Payload]:
    try:
        async with asyncio.timeout(_QUICK * 2):
            order, problems = await read_form(crew, body)
            if problems:
                return blocks.refused(list(problems.values()))
            team = workspace_of(body)
            asker, wanted = await _asker(crew, team, order), order["set"]
            mine = is_mine(asker, wanted["mine"])
            setting, wish = Setting(crew.asking.desk, team), wish_of(wanted)
            issue = await asyncio.to_thread(setting.preview, asker, mine=mine, wish=wish)
    except (TimeoutError, StoreError) as error:
        log.warning("a preview could not be made: %r", error)
        return blocks.refused(["The preview could not be made in time: try again."])
    except DragomanError as error:
        return blocks.refused([error.message])
    with written_as((await crew.asking.preferences(team, order["person"])).dates):
        return blocks.below(issue)


def wish_of(values: dict[str, Any]) -> Wish:
    """How a form sets a digest, from what ``read_form`` made of it."""
    return Wish(
        times=Times.model_validate(values["times"]),
        actors=tuple((actor, name) for actor, name in values["actors"]),
        quiet=values["quiet"],
        hush=Hours.model_validate(values["hush"]) if values["hush"] else None,
        keep_hush=False,
    )
