"""Home: published when it is opened, and after every click there; and the forms opened from it.

A click that opens a form is handled at once, because a Slack trigger is valid for only three
seconds; all others are stored like any request. Questions asked there are answered in Messages.
Permissions are checked when a form opens, and again when it is submitted. The address of a feed is
fetched after the submission, because a site may take longer than Slack waits.

Slack keeps one view per person. Two published at once may overtake each other, so here one waits
for the other. If the clicked view was replaced from elsewhere, its replacement is gathered again
after that.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlsplit
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import count
from bot.digests.schedule import parse_hours, parse_zone
from bot.digests.setting import Setting
from bot.errors import BadFeed, BadQuery
from bot.feeds.following import Added, Found, add, add_category, seeds
from bot.gather.feeds import BETWEEN
from bot.gather.records import MAX_URL, linkable
from bot.models import (
    AskedBefore,
    Asker,
    Digest,
    PersonPreferences,
    PlacePreferences,
    Preferences,
    Request,
    SentReply,
    Watch,
    WorkspacePreferences,
)
from bot.pages.app_home import Who, home, may_add_feeds
from bot.watches.watchlist import WatchList
from handlers import interactions
from handlers.asking import Rendered, UserQuery
from handlers.blocks import forms as inputs
from handlers.blocks import home as blocks
from handlers.blocks.forms import PROFILE
from handlers.blocks.home import failed_view, home_view
from handlers.blocks.layout import Payload
from handlers.blocks.limits import home_problems
from handlers.blocks.notes import sentence
from handlers.blocks.text import NOTHING, Text, fitted, say, text_of
from handlers.blocks.watch import instant
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable, in_log, reference
from handlers.interactions import (
    LATE,
    OUTDATED,
    QUICK,
    ButtonValue,
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
from handlers.sender import DeliveryMark
from handlers.watch import announcing

log = logging.getLogger(__name__)

SURFACE = "home"

_CHANGED = "That no longer exists: somebody has changed it in the meantime."
_OLD = "This menu is out of date. Please choose again."
_GUEST = "You are a guest here. Ask a member to change what this channel follows."


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for openings of Home, and for clicks there."""

    async def home_opened(event: dict[str, Any]) -> bool:
        return event.get("tab") == "home"

    async def opened(ack: Any, body: dict[str, Any]) -> None:
        event = body["event"]
        order = {
            "person": event["user"],
            "place": event.get("channel") or "",
            "action": blocks.AGAIN,
            "hash": (event.get("view") or {}).get("hash") or "",
        }
        key = body.get("event_id") or f"{event['user']}:{event.get('event_ts')}"
        await context.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    click = interactions.listener(context, SURFACE, clicked)
    app.event("app_home_opened", matchers=[home_opened])(opened)
    app.action(re.compile(rf"^(?:{blocks.BRIEF}|{blocks.WATCH}):\w+$"))(click)
    app.action(blocks.AGAIN)(click)
    _listen_settings(app, context)
    _listen_feeds(app, context)


def clicked(body: dict[str, Any]) -> dict[str, Any]:
    """Make the record of a click in Home."""
    action, view = body["actions"][0], body.get("view") or {}
    option = action.get("selected_option") or {}
    return {
        "person": body["user"]["id"],
        "place": blocks.place_of(view),
        "action": action["action_id"],
        "value": str(option.get("value") or action.get("value") or ""),
        "hash": view.get("hash") or "",
    }


async def answer(context: Context, request: Request) -> SentReply:
    """Do what the click asks for, and publish Home with a note about it."""
    order = request.payload
    room = await direct_room(context, request)
    action, _, _ = order["action"].partition(":")
    if action == blocks.BRIEF:
        return await _brief(context, request, room)
    note, seen = NOTHING, order["hash"]
    if action in (blocks.WATCH, blocks.DIGEST):
        guest = await context.people.is_guest(request.workspace, order["person"])
        asked = UserQuery("brief", "", order["person"], room, alone=True)
        name = await context.people.display_name(request.workspace, order["person"])

        def work(asker: Asker) -> Rendered:
            if action == blocks.WATCH:
                said = _watch(context, request, asker, name, guest=guest)
            else:
                said = _digest(context, request, asker, guest=guest)
            return Rendered(sentence(said), "", asker.now)

        done = await context.asking.work(request, asked, work)
        note = text_of(done.payload)
    await publish(context, request, room, note, seen)
    return record(context, request)


async def _brief(context: Context, request: Request, room: str) -> SentReply:
    """Answer in Messages, and note in Home that the answer is there."""
    order, until = request.payload, request.lease_until
    try:
        value = ButtonValue.model_validate(json.loads(order["value"]))
    except (ValueError, ValidationError):
        await publish(context, request, room, say(OUTDATED))
        return record(context, request)
    meant = dict(value.meant)
    asked = UserQuery(value.do, value.q, order["person"], room, meant=meant, alone=True)
    said = await context.asking.ask(request, asked)
    after = f"{request.received_at.timestamp():.6f}"
    mark = DeliveryMark(reference(request), after, doubted=request.attempts > 1)
    ts = await context.sender.post(room, said.payload, until, None, mark)
    note = f"The answer is in Messages: “{value.q}”."
    just = AskedBefore(do=value.do, query=value.q, at=context.now())
    await publish_later(context, request, room, fitted(note, 500), just)
    return context.sent(request, asked, said, ts)


# --- the view ----------------------------------------------------------------------------


CONFLICT = "hash_conflict"
TAB = "home"
"""The place of replies given in Home: never one in which replies are looked up."""

_turns: WeakValueDictionary[tuple[int, str, str], asyncio.Lock] = WeakValueDictionary()


async def role_of(context: Context, team: str, person: str) -> Who:
    """Return whether somebody is an admin, a guest or a member; a member if Slack does not say."""
    guest = await context.people.is_guest(team, person)
    admin = await context.people.is_admin(team, person)
    return Who(person, admin=admin and not guest, guest=guest)


async def direct_room(context: Context, request: Request) -> str:
    """Return the direct messages with the person of a request; raises as ``Sender.post``."""
    if known := request.payload.get("place"):
        return str(known)
    person = request.payload["person"]
    opened = await context.sender.call("conversations.open", request.lease_until, users=person)
    return str(opened["channel"]["id"])


def record(context: Context, request: Request) -> SentReply:
    """Make the record that the store keeps of a request that is only answered in Home."""
    # No query is kept: a click in Home cannot be followed up with another question.
    asked = UserQuery("brief", "", request.payload["person"], TAB, alone=True)
    return context.sent(request, asked, Rendered({}, "", context.now()), None)


async def publish(
    context: Context,
    request: Request,
    room: str,
    note: Text = NOTHING,
    seen: str = "",
    just: AskedBefore | None = None,
) -> None:
    """Gather and publish the Home of the person of a request; raises as ``Sender.post``.

    ``room`` are the direct messages with them, ``note`` says what was done, ``seen`` is the hash
    of the view that they saw, and ``just`` is their latest question.
    """
    person = request.payload["person"]
    key = (id(asyncio.get_running_loop()), request.workspace, person)
    async with _turns.setdefault(key, asyncio.Lock()):
        view = await _view(context, request, room, note, just)
        try:
            await context.sender.publish(person, view, request.lease_until, seen)
        except Undeliverable as error:
            if error.about != CONFLICT:
                raise
            view = await _view(context, request, room, note, just)
            await context.sender.publish(person, view, request.lease_until)


async def publish_later(
    context: Context, request: Request, room: str, note: Text, just: AskedBefore
) -> None:
    """Publish once the request itself is done, so that a failure is only logged."""
    try:
        await publish(context, request, room, note, just=just)
    except (NotNow, Undeliverable) as error:
        log.warning("request %s is done, but not shown in Home: %s", reference(request), error)


async def _view(
    context: Context, request: Request, room: str, note: Text, just: AskedBefore | None
) -> Payload:
    person, team = request.payload["person"], request.workspace
    of = await role_of(context, team, person)
    made: dict[str, Any] = {}

    def work(asker: Asker) -> Rendered:
        found = home(context.desk, team, asker, of, just)
        made.update(home_view(found, asker.now, asker.tz, room, note))
        return Rendered({}, "", asker.now)

    asked = UserQuery("brief", "", person, room, alone=True)
    failed = await context.asking.work(request, asked, work)
    if not made:
        return failed_view(text_of(failed.payload), room)
    if broken := home_problems(made):
        log.error("request %s: a home breaks limits: %s", reference(request), "; ".join(broken))
        why = f"There is too much to show here. {in_log(reference(request))}"
        return failed_view(say(why), room)
    return made


# --- changes --------------------------------------------------------------------------


def _watch(context: Context, request: Request, asker: Asker, name: str, *, guest: bool) -> str:
    """Mute, pause or stop a watch of the clicker; return a note. Raises BadQuery."""
    what, number = _option_chosen(request)
    store = context.store.watches
    mine = store.set_up_by(asker.workspace, request.workspace, asker.person)
    watch = next((one for one in mine if one.id == number), None)
    if watch is None:
        return _CHANGED
    asker_there = _in_channel(asker, watch, guest=guest)

    def change(watching: WatchList) -> str:
        match what:
            case "mute":
                said, until = watching.mute(asker_there, f"#{number} 8h")
                return f"Muted until {instant(until, asker_there.now, asker_there.tz)}: {said}."
            case "pause" | "resume":
                return watching.pause(asker_there, f"#{number}", paused=what == "pause")
            case "remove":
                return watching.remove(asker_there, f"#{number}")
            case _:
                return _OLD

    return announcing(context, request, asker_there, name, change)


def _digest(context: Context, request: Request, asker: Asker, *, guest: bool) -> str:
    """Pause, resume or remove a digest that the clicker set up; return a note. Raises BadQuery."""
    what, number = _option_chosen(request)
    of = own_digest(context, request.workspace, asker.workspace, asker.person, number)
    if of is None:
        return _CHANGED
    asker = _in_channel(asker, of, guest=guest)
    setting = Setting(context.desk, request.workspace, guest=guest)
    match what:
        case "pause":
            setting.pause(asker, mine=of.personal)
            return "The digest is paused."
        case "resume":
            setting.resume(asker, mine=of.personal)
            return "The digest is active again."
        case "off":
            setting.remove(asker, mine=of.personal)
            return "The digest was removed."
        case _:
            return _OLD


def _option_chosen(request: Request) -> tuple[str, int]:
    what, _, number = request.payload["value"].partition(":")
    return what, int(number) if number.isdecimal() else 0


def _in_channel(asker: Asker, of: Watch | Digest, *, guest: bool) -> Asker:
    """Return the asker in the channel of a watch or digest; raises BadQuery for guests."""
    if of.personal:
        return asker
    if guest:
        raise BadQuery(_GUEST, about=asker.person)
    return asker.model_copy(update={"place": of.place})


def own_digest(
    context: Context, team: str, workspace: str, person: str, number: int
) -> Digest | None:
    """Return the digest of that number, if ``person`` set it up in ``team``."""
    every = context.store.digests.all(workspace)
    mine = (one for one in every if (one.team, one.person) == (team, person))
    return next((one for one in mine if one.id == number), None)


# --- forms of settings and feeds ---------------------------------------------------------


# --- settings ----------------------------------------------------------------------------


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
    app.action(blocks.SETTINGS)(acknowledging(lambda body: _open_from_home(context, body, "mine")))
    app.action(blocks.FOR_ALL)(
        acknowledging(lambda body: _open_from_home(context, body, "workspace"))
    )
    for form in (inputs.MINE, inputs.PLACE, inputs.FOR_ALL):
        app.view(form)(submission(context, SURFACE_SETTINGS, _read_settings))


# --- the forms ----------------------------------------------------------------------


async def _open_from_home(
    context: Context, body: dict[str, Any], which: Literal["mine", "workspace"]
) -> None:
    place = blocks.place_of(body.get("view") or {})
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
        return None if (await role_of(context, team, person)).admin else _NOT_ADMIN
    if which == "place" and await context.people.is_guest(team, person):
        return _NOT_MEMBER
    return None


async def _form(
    context: Context, team: str, person: str, which: str, kept: SettingsFormState
) -> Payload:
    keeping, store = kept.model_dump(mode="json", exclude_defaults=True), context.store
    if which == "workspace":
        everybody = await asyncio.to_thread(store.preferences.workspace, team)
        return inputs.workspace_form(everybody, keeping)
    tz = await context.people.time_zone(team, person, QUICK)
    today = context.now().astimezone(ZoneInfo(tz)).date()
    if which == "mine":
        return inputs.person_form(await context.people.preferences(team, person), today, keeping)
    of = await asyncio.to_thread(store.preferences.place, team, kept.place)
    if of == PlacePreferences():  # nobody has set anything, not even a zone
        of = of.model_copy(update={"tz": tz})
    return inputs.channel_form(of, today, kept.place, keeping)


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
    if view["callback_id"] == inputs.FOR_ALL:
        wanted = {"feeds_by": picked(values, inputs.WHO)}
        wanted["people"] = people(values, inputs.PEOPLE)
        if wanted["feeds_by"] == "listed" and not wanted["people"]:
            problems[inputs.PEOPLE] = "Choose at least one person, or let only admins add feeds."
    elif view["callback_id"] == inputs.PLACE:
        wanted = {
            "public": picked(values, inputs.PUBLIC) == inputs.YES,
            "least": int(picked(values, inputs.LEAST) or 1),
            "hush": check(inputs.HUSH, parse_hours),
            "tz": check(inputs.ZONE, parse_zone),
            "dates": picked(values, inputs.DATES),
        }
    else:
        zone = check(inputs.ZONE, lambda text: None if text == PROFILE else parse_zone(text))
        wanted = {"dates": picked(values, inputs.DATES), "tz": zone}
    order = kept.order(body["user"]["id"], form=view["callback_id"], home=kept.home)
    if problems:
        return order, problems
    made = _KINDS[view["callback_id"]].model_validate(wanted)
    return order | {"wanted": made.model_dump(mode="json")}, {}


_KINDS: dict[str, type[Preferences]] = {
    inputs.MINE: PersonPreferences,
    inputs.PLACE: PlacePreferences,
    inputs.FOR_ALL: WorkspacePreferences,
}


async def answer_settings(context: Context, request: Request) -> SentReply:
    """Store the settings, and confirm it: in Home, or to the person in the place of the form."""
    order, team = request.payload, request.workspace
    # No query is kept: settings cannot be followed up with a question.
    asked = UserQuery("brief", "", order["person"], order["place"], alone=True)
    which = {inputs.PLACE: "place", inputs.FOR_ALL: "workspace"}.get(order["form"], "mine")
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
        room = await direct_room(context, request)
        await publish(context, request, room, text_of(said.payload))
        return record(context, request)
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
        place = blocks.place_of(body.get("view") or {})
        form = inputs.feeds_form(_regions(), {"place": place})
        await open_form(context, body["trigger_id"], form, None, place, body["user"]["id"])

    def region(body: dict[str, Any]) -> dict[str, Any]:
        value = json.loads(body["actions"][0].get("value") or "{}")
        place = blocks.place_of(body.get("view") or {})
        return {"person": body["user"]["id"], "place": place, "region": value.get("category", "")}

    app.action(blocks.FEEDS)(acknowledging(add_feeds))
    app.action(blocks.SEED_FEEDS)(listener(context, SURFACE_FEEDS, region))
    app.view(inputs.FEEDS)(submission(context, SURFACE_FEEDS, _read_feeds))


def _regions() -> list[tuple[str, int]]:
    found = Counter(one.category.partition(BETWEEN)[0] for one in seeds())
    return list(found.items())


async def _read_feeds(_: Context, body: dict[str, Any]) -> Filled:
    """Read the feeds to add, or return the problems by input."""
    view = body["view"]
    values, kept = view["state"]["values"], json.loads(view["private_metadata"])
    url, region = typed(values, inputs.URL), picked(values, inputs.REGION)
    order = {"person": body["user"]["id"], "place": kept["place"], "url": url, "region": region}
    if not (url or region):
        return order, {inputs.URL: _NEITHER}
    if url and not _is_address(url):
        return order, {inputs.URL: _ADDRESS}
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
    room = await direct_room(context, request)
    asked = UserQuery("brief", "", order["person"], room, alone=True)
    of = await role_of(context, team, order["person"])

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
    await publish(context, request, room, text_of(said.payload))
    return record(context, request)


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


ANSWERS = {SURFACE: answer, SURFACE_SETTINGS: answer_settings, SURFACE_FEEDS: answer_feeds}
