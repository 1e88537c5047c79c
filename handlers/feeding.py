"""Adding feeds from Home: one by its address, or all that Dragoman knows of in a region.

An address is looked at after the form has been sent, for a site may take longer than Slack
waits; what was found there, or what is wrong with it, stands in Home then.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from slack_bolt.async_app import AsyncApp

from bot.answer.formatting import capital, count
from bot.errors import BadFeed
from bot.feeds.adding import Added, add, add_category, seeds
from bot.feeds.finding import Found
from bot.gather.opml import BETWEEN
from bot.gather.records import MAX_URL, linkable
from bot.home.rights import may_add_feeds
from bot.models import Asker, Request, SentReply
from handlers import homes
from handlers.asking import Asked, Said
from handlers.blocks import home as home_blocks
from handlers.blocks import preferences_form as blocks
from handlers.blocks.notes import sentence
from handlers.blocks.text import text_of
from handlers.crew import Crew
from handlers.errors import NotNow, Undeliverable
from handlers.forms import picked, taken_in, typed
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "feeding"

_OPEN = timedelta(seconds=2)
_NEITHER = "Write the address of a feed or a site, or choose a region below."
_ADDRESS = "That is no address of the web: write one such as www.example.org."
_REFUSED = (
    "Who may add feeds is for those to say who run the workspace, and you are not among those"
    " yet: ask one of them."
)


def listen(app: AsyncApp, crew: Crew) -> None:
    """Open the form, and take in what it sends and the button of a region."""

    async def open_form(ack: Any, body: dict[str, Any]) -> None:
        place = home_blocks.place_of(body.get("view") or {})
        form = blocks.feeds(_regions(), {"place": place})
        late = partial(_say_late, crew, body["user"]["id"], place)
        await crew.sender.open(body["trigger_id"], form, late)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        value = json.loads(body["actions"][0].get("value") or "{}")
        place = home_blocks.place_of(body.get("view") or {})
        order = {"person": body["user"]["id"], "place": place, "region": value.get("category", "")}
        await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], order)
        await ack()

    app.action(home_blocks.FEEDS)(open_form)
    app.action(home_blocks.SEEDS)(click)
    app.view(blocks.FEEDS)(taken_in(crew, SURFACE, _read))


def _regions() -> list[tuple[str, int]]:
    found = Counter(one.category.partition(BETWEEN)[0] for one in seeds())
    return list(found.items())


async def _say_late(crew: Crew, person: str, place: str) -> None:
    late = sentence("The form could not be opened in time: click again.")
    try:
        await crew.sender.whisper(place, person, late, crew.now() + _OPEN)
    except (NotNow, Undeliverable) as error:
        log.warning("and it could not be said: %s", error)


def _read(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
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


async def answer(crew: Crew, request: Request) -> SentReply:
    """Add what may be added, and say in Home what came of it."""
    order, team = request.payload, request.workspace
    room = await homes.place(crew, request)
    asked = Asked("brief", "", order["person"], room, alone=True)
    of = await homes.who(crew, team, order["person"])

    def allowed(asker: Asker) -> Said:
        preferred = crew.asking.desk.store.preferences.workspace(team)
        if not may_add_feeds(of, preferred):
            raise BadFeed(_REFUSED, about=asker.person)
        return Said({}, "", asker.now)

    said = await crew.asking.work(request, asked, allowed)
    if not said.payload:
        said = await crew.asking.work(
            request,
            asked,
            lambda asker: Said(sentence(_added(crew, request, asker)), "", asker.now),
            crew.intake.threads,
        )
    await homes.publish(crew, request, room, text_of(said.payload))
    return homes.sent(crew, request)


def _added(crew: Crew, request: Request, asker: Asker) -> str:
    """Add, in a thread that may take its time; returns what to say."""
    order, store = request.payload, crew.asking.desk.store
    workspace, now, person = asker.workspace, asker.now, f"slack:{asker.person}"
    told = []
    if region := order.get("region"):
        added = add_category(store, region, workspace=workspace, now=now, person=person)
        told.append(_told(region, added))
    if url := order.get("url"):
        found = crew.intake.feed(url, now)
        new = add(store, found, workspace=workspace, now=now, person=person)
        told.append(_found(found, new.title))
    return " ".join(told)


def _told(region: str, added: Added) -> str:
    if not added.added:
        return f"All {added.listed} feeds of {region} are followed already."
    new = count(added.added, "feed")
    known = f", {added.listed - added.added} were followed already"
    return (
        f"{capital(new)} of {region} added{known if added.added < added.listed else ''}: what is"
        " in them is read from now on."
    )


def _found(found: Found, title: str) -> str:
    entries = count(len(found.read.entries), "entry", "entries")
    return f"Added “{title or found.url}” with {entries}: it is read from now on."
