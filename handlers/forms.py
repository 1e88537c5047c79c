"""Forms of Home: settings of a person, a channel and the workspace, and adding feeds.

A form opens at once, because a Slack trigger is valid for only three seconds. Permissions are
checked when it opens, and again when it is submitted. The address of a feed is fetched after the
submission, because a site may take longer than Slack waits; the result is shown in Home.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import count
from bot.digests.schedule import parse_hours, parse_zone
from bot.errors import BadFeed, BadQuery
from bot.feeds.following import Added, Found, add, add_category, seeds
from bot.gather.feeds import BETWEEN
from bot.gather.records import MAX_URL, linkable
from bot.home.page import may_add_feeds
from bot.models import (
    Asker,
    PersonPreferences,
    PlacePreferences,
    Preferences,
    Request,
    SentReply,
    WorkspacePreferences,
)
from handlers import home, interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks import forms as blocks
from handlers.blocks import home as home_blocks
from handlers.blocks.forms import PROFILE
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import text_of
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable
from handlers.interactions import (
    LATE,
    QUICK,
    Filled,
    FormState,
    acknowledging,
    listener,
    open_form,
    people,
    picked,
    submission,
    typed,
)
from handlers.payloads import workspace_of

# --- settings ----------------------------------------------------------------------------


log = logging.getLogger(__name__)

SURFACE_SETTINGS = "preferences"

_NOT_ADMIN = "Only admins of the workspace can change settings for everybody."
_NOT_MEMBER = "You are a guest here. Ask a member to change the settings of this channel."


class SettingsFormState(FormState):
    """The state of a settings form; ``place`` is the channel that its settings are for.

    ``home`` means that it was opened from Home, which then shows the new settings.
    """

    home: bool = False


def _listen_settings(app: AsyncApp, context: Context) -> None:
    """Open the forms from Home, and take their submissions."""
    app.action(home_blocks.SETTINGS)(
        acknowledging(lambda body: _open_from_home(context, body, "mine"))
    )
    app.action(home_blocks.FOR_ALL)(
        acknowledging(lambda body: _open_from_home(context, body, "workspace"))
    )
    for form in (blocks.MINE, blocks.PLACE, blocks.FOR_ALL):
        app.view(form)(submission(context, SURFACE_SETTINGS, _read_settings))


# --- the forms ----------------------------------------------------------------------


async def _open_from_home(
    context: Context, body: dict[str, Any], which: Literal["mine", "workspace"]
) -> None:
    place = home_blocks.place_of(body.get("view") or {})
    kept = SettingsFormState(place=place, home=True)
    await open_settings(
        context, workspace_of(body), body["user"]["id"], body["trigger_id"], which, kept
    )


async def open_settings(
    context: Context,
    team: str,
    person: str,
    trigger: str,
    which: Literal["mine", "place", "workspace"],
    kept: SettingsFormState,
) -> None:
    """Open the settings of a person, a place or a workspace, or explain why not."""
    try:
        if (refused := await _refused(context, team, person, which)) is not None:
            await context.tell(refused, kept.response_url, kept.place, person)
            return
        form = await _form(context, team, person, which, kept)
        await open_form(context, trigger, form, kept.response_url, kept.place, person)
    except (NotNow, Undeliverable) as error:
        log.warning("a form could not be opened: %s", error)
        await context.tell(LATE, kept.response_url, kept.place, person)


async def _refused(context: Context, team: str, person: str, which: str) -> str | None:
    if which == "workspace":
        return None if (await home.role_of(context, team, person)).admin else _NOT_ADMIN
    if which == "place" and await context.people.is_guest(team, person):
        return _NOT_MEMBER
    return None


async def _form(
    context: Context, team: str, person: str, which: str, kept: SettingsFormState
) -> Payload:
    keeping, store = kept.model_dump(mode="json", exclude_defaults=True), context.store
    if which == "workspace":
        everybody = await asyncio.to_thread(store.preferences.workspace, team)
        return blocks.workspace_form(everybody, keeping)
    tz = await context.people.time_zone(team, person, QUICK)
    today = context.now().astimezone(ZoneInfo(tz)).date()
    if which == "mine":
        return blocks.person_form(await context.people.preferences(team, person), today, keeping)
    of = await asyncio.to_thread(store.preferences.place, team, kept.place)
    if of == PlacePreferences():  # nobody has set anything, not even a zone
        of = of.model_copy(update={"tz": tz})
    return blocks.channel_form(of, today, kept.place, keeping)


# --- submissions --------------------------------------------------------------------


async def _read_settings(_: Context, body: dict[str, Any]) -> Filled:
    """Read the settings from a submitted form, or return the problems by input."""
    view = body["view"]
    values, kept = (
        view["state"]["values"],
        SettingsFormState.model_validate_json(view["private_metadata"]),
    )
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
            problems[blocks.PEOPLE] = "Choose at least one person, or let only admins add feeds."
    elif view["callback_id"] == blocks.PLACE:
        wanted = {
            "public": picked(values, blocks.PUBLIC) == blocks.YES,
            "least": int(picked(values, blocks.LEAST) or 1),
            "hush": check(blocks.HUSH, parse_hours),
            "tz": check(blocks.ZONE, parse_zone),
            "dates": picked(values, blocks.DATES),
        }
    else:
        zone = check(blocks.ZONE, lambda text: None if text == PROFILE else parse_zone(text))
        wanted = {"dates": picked(values, blocks.DATES), "tz": zone}
    order = kept.order(body["user"]["id"], form=view["callback_id"], home=kept.home)
    if problems:
        return order, problems
    made = _KINDS[view["callback_id"]].model_validate(wanted)
    return order | {"wanted": made.model_dump(mode="json")}, {}


_KINDS: dict[str, type[Preferences]] = {
    blocks.MINE: PersonPreferences,
    blocks.PLACE: PlacePreferences,
    blocks.FOR_ALL: WorkspacePreferences,
}


async def answer_settings(context: Context, request: Request) -> SentReply:
    """Store the settings, and confirm it: in Home, or to the person in the place of the form."""
    order, team = request.payload, request.workspace
    # No query is kept: settings cannot be followed up with a question.
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)
    which = {blocks.PLACE: "place", blocks.FOR_ALL: "workspace"}.get(order["form"], "mine")
    refused = await _refused(context, team, order["person"], which)

    def work(asker: Asker) -> Rendered:
        if refused is not None:
            return Rendered(sentence(refused), "", asker.now)
        wanted = _KINDS[order["form"]].model_validate(order["wanted"])
        owner = {"place": order["place"], "workspace": team}.get(which, order["person"])
        context.store.preferences.put(team, owner, wanted)
        where = {"place": "in this channel", "workspace": "for everybody"}.get(which, "for you")
        return Rendered(sentence(f"Saved. This applies {where} from now on."), "", asker.now)

    said = await context.asking.work(request, asked, work)
    if order["home"]:
        room = await home.direct_room(context, request)
        await home.publish(context, request, room, text_of(said.payload))
        return home.record(context, request)
    await interactions.answer_person(context, request, said)
    return context.sent(request, asked, said, None)


# --- feeds -------------------------------------------------------------------------------


SURFACE_FEEDS = "feeding"

_NEITHER = "Enter the address of a feed or a site, or choose a region below."
_ADDRESS = "That is not a web address. Enter one such as www.example.org."
_MAY_NOT_ADD = "You may not add feeds yet. Ask an admin of the workspace to allow it."


def _listen_feeds(app: AsyncApp, context: Context) -> None:
    """Open the form, and take its submissions and clicks on a region's button."""

    async def add_feeds(body: dict[str, Any]) -> None:
        place = home_blocks.place_of(body.get("view") or {})
        form = blocks.feeds_form(_regions(), {"place": place})
        await open_form(context, body["trigger_id"], form, None, place, body["user"]["id"])

    def region(body: dict[str, Any]) -> dict[str, Any]:
        value = json.loads(body["actions"][0].get("value") or "{}")
        place = home_blocks.place_of(body.get("view") or {})
        return {"person": body["user"]["id"], "place": place, "region": value.get("category", "")}

    app.action(home_blocks.FEEDS)(acknowledging(add_feeds))
    app.action(home_blocks.SEED_FEEDS)(listener(context, SURFACE_FEEDS, region))
    app.view(blocks.FEEDS)(submission(context, SURFACE_FEEDS, _read_feeds))


def _regions() -> list[tuple[str, int]]:
    found = Counter(one.category.partition(BETWEEN)[0] for one in seeds())
    return list(found.items())


async def _read_feeds(_: Context, body: dict[str, Any]) -> Filled:
    """Read the feeds to add, or return the problems by input."""
    view = body["view"]
    values, kept = view["state"]["values"], json.loads(view["private_metadata"])
    url, region = typed(values, blocks.URL), picked(values, blocks.REGION)
    order = {"person": body["user"]["id"], "place": kept["place"], "url": url, "region": region}
    if not (url or region):
        return order, {blocks.URL: _NEITHER}
    if url and not _is_address(url):
        return order, {blocks.URL: _ADDRESS}
    return order, {}


def _is_address(text: str) -> bool:
    """Return whether a text may be an address; only fetching shows whether anything is there."""
    address = text if "://" in text else f"https://{text}"
    if len(address) > MAX_URL or any(c.isspace() for c in address) or not linkable(address):
        return False
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") or host == "localhost"


async def answer_feeds(context: Context, request: Request) -> SentReply:
    """Add the feeds that may be added, and show the result in Home."""
    order, team = request.payload, request.workspace
    room = await home.direct_room(context, request)
    asked = UserQuery("brief", "", order["person"], room, alone=True)
    of = await home.role_of(context, team, order["person"])

    def allowed(asker: Asker) -> Rendered:
        preferred = context.store.preferences.workspace(team)
        if not may_add_feeds(of, preferred):
            raise BadFeed(_MAY_NOT_ADD, about=asker.person)
        return Rendered({}, "", asker.now)

    said = await context.asking.work(request, asked, allowed)
    if not said.payload:
        said = await context.asking.work(
            request,
            asked,
            lambda asker: Rendered(sentence(_add_feeds(context, request, asker)), "", asker.now),
            context.intake.threads,
        )
    await home.publish(context, request, room, text_of(said.payload))
    return home.record(context, request)


def _add_feeds(context: Context, request: Request, asker: Asker) -> str:
    """Add the feeds, in a thread that may take its time; return the note about it."""
    order, store = request.payload, context.store
    workspace, now, person = asker.workspace, asker.now, f"slack:{asker.person}"
    lines = []
    if region := order.get("region"):
        added = add_category(store, region, workspace=workspace, now=now, person=person)
        lines.append(_region_added(region, added))
    if url := order.get("url"):
        found = context.intake.feed(url, now)
        new = add(store, found, workspace=workspace, now=now, person=person)
        lines.append(_feed_added(found, new.title))
    return " ".join(lines)


def _region_added(region: str, added: Added) -> str:
    if not added.added:
        return f"All {added.listed} feeds from {region} are already followed."
    known = added.listed - added.added
    beside = f" ({known} already followed)" if known else ""
    feeds = count(added.added, "feed")
    return f"Added {feeds} from {region}{beside}. New articles are read from now on."


def _feed_added(found: Found, title: str) -> str:
    entries = count(len(found.read.entries), "entry", "entries")
    return f"Added “{title or found.url}” with {entries}. New articles are read from now on."


def listen(app: AsyncApp, context: Context) -> None:
    """Open the forms from Home, and take their submissions."""
    _listen_settings(app, context)
    _listen_feeds(app, context)


ANSWERS = {SURFACE_SETTINGS: answer_settings, SURFACE_FEEDS: answer_feeds}
