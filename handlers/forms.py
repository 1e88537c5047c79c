"""Forms of Home: settings of a person, a channel and the workspace, and adding feeds.

A form is opened at once, because Slack takes a trigger for three seconds only. Who may set what is
checked when it is opened, and again when it is sent. The address of a feed is fetched after the
form was sent, because a site may take longer than Slack waits; the result is shown in Home.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import capital, count
from bot.digests.wording import parse_hours, parse_zone
from bot.errors import BadFeed, BadQuery
from bot.feeds.adding import Added, add, add_category, seeds
from bot.feeds.finding import Found
from bot.gather.opml import BETWEEN
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
from handlers import home_view
from handlers.asking import Rendered, UserQuery
from handlers.blocks import forms as blocks
from handlers.blocks import home as home_blocks
from handlers.blocks.forms import PROFILE
from handlers.blocks.layout import Payload
from handlers.blocks.notes import sentence
from handlers.blocks.text import plain_text, text_of
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable
from handlers.payloads import workspace_of

# --- what was filled in ------------------------------------------------------------------


def picked(values: dict[str, Any], name: str) -> str:
    """The value of the option chosen; empty where none is."""
    option = values.get(name, {}).get(name, {}).get("selected_option") or {}
    return str(option.get("value") or "")


def typed(values: dict[str, Any], name: str) -> str:
    """What was typed, without blanks around it."""
    return plain_text(values.get(name, {}).get(name, {}).get("value") or "")


def people(values: dict[str, Any], name: str) -> tuple[str, ...]:
    """The ids of the people chosen."""
    return tuple(map(str, values.get(name, {}).get(name, {}).get("selected_users") or ()))


def submission(
    context: Context,
    surface: str,
    read: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, str]]],
) -> Callable[[Any, dict[str, Any]], Awaitable[None]]:
    """Take in a form that was sent, once; or keep it open and say what is wrong with it.

    ``read`` gives what is ordered, and problems by the id of the block they belong to.
    """

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = read(body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await context.inbox.take(workspace_of(body), surface, body["view"]["id"], order)
        await ack()

    return submit


# --- settings ----------------------------------------------------------------------------


log = logging.getLogger(__name__)

SURFACE_SETTINGS = "preferences"

_QUICK = 0.8
"""Seconds that a profile may take before a form is opened without it."""

_NOT_ADMIN = "What holds for everybody is for those to set who run the workspace."
_NOT_MEMBER = "You are a guest here: ask a member to change what holds in a channel."
_LATE = "The form could not be opened in time: try again."


class SettingsFormState(BaseModel):
    """What a form keeps: where it was opened, which is whose settings those of a channel are.

    ``home`` says that it was opened from Home, which is to show them then.
    """

    place: str
    home: bool = False
    url: str | None = None


def _listen_settings(app: AsyncApp, context: Context) -> None:
    """Open the forms from Home, and take in what they send."""

    async def mine(ack: Any, body: dict[str, Any]) -> None:
        await _open_from_home(context, body, "mine")
        await ack()

    async def for_all(ack: Any, body: dict[str, Any]) -> None:
        await _open_from_home(context, body, "workspace")
        await ack()

    app.action(home_blocks.SETTINGS)(mine)
    app.action(home_blocks.FOR_ALL)(for_all)
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
    """Open the settings of a person, of a place or of a workspace; or say why not."""
    try:
        if (refused := await _refused(context, team, person, which)) is not None:
            await context.tell(refused, kept.url, kept.place, person)
            return
        form = await _form(context, team, person, which, kept)
        await context.sender.open(
            trigger, form, partial(context.tell, _LATE, kept.url, kept.place, person)
        )
    except (NotNow, Undeliverable) as error:
        log.warning("a form could not be opened: %s", error)
        await context.tell(_LATE, kept.url, kept.place, person)


async def _refused(context: Context, team: str, person: str, which: str) -> str | None:
    if which == "workspace":
        return None if (await home_view.role_of(context, team, person)).admin else _NOT_ADMIN
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
    tz = await context.people.time_zone(team, person, _QUICK)
    today = context.now().astimezone(ZoneInfo(tz)).date()
    if which == "mine":
        return blocks.person_form(await context.people.preferences(team, person), today, keeping)
    of = await asyncio.to_thread(store.preferences.place, team, kept.place)
    if of == PlacePreferences():  # nobody has said anything, of zones neither
        of = of.model_copy(update={"tz": tz})
    return blocks.channel_form(of, today, kept.place, keeping)


# --- what they send -----------------------------------------------------------------


def _read_settings(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What somebody prefers, or what is wrong with it, by the input concerned."""
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
            problems[blocks.PEOPLE] = "Choose at least one, or let admins alone add feeds."
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


async def answer_settings(context: Context, request: Request) -> SentReply:
    """Keep what was set, and say so: in Home, or to the person who set it where they did."""
    order, team = request.payload, request.workspace
    # No words are kept: what was set answers no question that may be asked on.
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
        return Rendered(sentence(f"Saved: that holds {where} from now on."), "", asker.now)

    said = await context.asking.work(request, asked, work)
    if order["home"]:
        room = await home_view.direct_room(context, request)
        await home_view.publish(context, request, room, text_of(said.payload))
        return home_view.record(context, request)
    await context.sender.post_ephemeral(
        order["place"], order["person"], said.payload, request.lease_until
    )
    return context.sent(request, asked, said, None)


# --- feeds -------------------------------------------------------------------------------


SURFACE_FEEDS = "feeding"

_NEITHER = "Write the address of a feed or a site, or choose a region below."
_ADDRESS = "That is no address of the web: write one such as www.example.org."
_MAY_NOT_ADD = (
    "Who may add feeds is for those to say who run the workspace, and you are not among those"
    " yet: ask one of them."
)


def _listen_feeds(app: AsyncApp, context: Context) -> None:
    """Open the form, and take in what it sends and the button of a region."""

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        place = home_blocks.place_of(body.get("view") or {})
        form = blocks.feeds_form(_regions(), {"place": place})
        words = "The form could not be opened in time: click again."
        late = partial(context.tell, words, None, place, body["user"]["id"])
        await context.sender.open(body["trigger_id"], form, late)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        value = json.loads(body["actions"][0].get("value") or "{}")
        place = home_blocks.place_of(body.get("view") or {})
        order = {"person": body["user"]["id"], "place": place, "region": value.get("category", "")}
        await context.inbox.take(workspace_of(body), SURFACE_FEEDS, body["trigger_id"], order)
        await ack()

    app.action(home_blocks.FEEDS)(open_form)
    app.action(home_blocks.SEED_FEEDS)(click)
    app.view(blocks.FEEDS)(submission(context, SURFACE_FEEDS, _read_feeds))


def _regions() -> list[tuple[str, int]]:
    found = Counter(one.category.partition(BETWEEN)[0] for one in seeds())
    return list(found.items())


def _read_feeds(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is to be added, or what is wrong with it, by the input concerned."""
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
    """Whether a text may be an address; whether anything is there is seen when it is fetched."""
    address = text if "://" in text else f"https://{text}"
    if len(address) > MAX_URL or any(c.isspace() for c in address) or not linkable(address):
        return False
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return "." in host.strip(".") or host == "localhost"


async def answer_feeds(context: Context, request: Request) -> SentReply:
    """Add what may be added, and say in Home what came of it."""
    order, team = request.payload, request.workspace
    room = await home_view.direct_room(context, request)
    asked = UserQuery("brief", "", order["person"], room, alone=True)
    of = await home_view.role_of(context, team, order["person"])

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
    await home_view.publish(context, request, room, text_of(said.payload))
    return home_view.record(context, request)


def _add_feeds(context: Context, request: Request, asker: Asker) -> str:
    """Add, in a thread that may take its time; returns what to say."""
    order, store = request.payload, context.store
    workspace, now, person = asker.workspace, asker.now, f"slack:{asker.person}"
    told = []
    if region := order.get("region"):
        added = add_category(store, region, workspace=workspace, now=now, person=person)
        told.append(_region_added(region, added))
    if url := order.get("url"):
        found = context.intake.feed(url, now)
        new = add(store, found, workspace=workspace, now=now, person=person)
        told.append(_feed_added(found, new.title))
    return " ".join(told)


def _region_added(region: str, added: Added) -> str:
    if not added.added:
        return f"All {added.listed} feeds of {region} are followed already."
    new = count(added.added, "feed")
    known = f", {added.listed - added.added} were followed already"
    return (
        f"{capital(new)} of {region} added{known if added.added < added.listed else ''}: what is"
        " in them is read from now on."
    )


def _feed_added(found: Found, title: str) -> str:
    entries = count(len(found.read.entries), "entry", "entries")
    return f"Added “{title or found.url}” with {entries}: it is read from now on."


def listen(app: AsyncApp, context: Context) -> None:
    """Open the forms from Home, and take in what they send."""
    _listen_settings(app, context)
    _listen_feeds(app, context)


ANSWERS = {SURFACE_SETTINGS: answer_settings, SURFACE_FEEDS: answer_feeds}
