"""Work Objects: links to our pages on actors, stories and articles, unfurled in Slack.

The pages themselves are empty, since only Slack reveals who is asking. A link unfurls to what
everybody in its channel may see; the details beside it are made for the person who opens them.
https://docs.slack.dev/messaging/work-objects-implementation
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast
from urllib.parse import quote, unquote

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.models import Asker, Request, SentReply
from bot.pages.entity import KINDS, EntityDetails, EntityLink, Kind, Property, Value, entity_details
from handlers.asking import Rendered, UserQuery
from handlers.blocks.text import one_line, trim
from handlers.context import Context
from handlers.install import PAGE_HEADERS, html_page
from handlers.payloads import workspace_of

Json = dict[str, Any]

# --- addresses ---------------------------------------------------------------------------


class Page(NamedTuple):
    """The kind and id of what a page is about."""

    kind: Kind
    id: str


_PATH = re.compile(rf"/({'|'.join(KINDS)})/([^/?#]{{1,400}})/?(?:[?#].*)?")


def page_of(url: str, base: str) -> Page | None:
    """The page that a URL under our public address ``base`` leads to; None for any other URL."""
    found = _PATH.fullmatch(url[len(base) :]) if base and url.startswith(base) else None
    page = Page(cast("Kind", found[1]), unquote(found[2])) if found else None
    return page if page and page.id.isprintable() else None


def address(kind: Kind, key: str, base: str) -> str:
    """The address of a page."""
    return f"{base}/{kind}/{quote(key, safe=':')}"


def page_routes(base: str) -> list[web.RouteDef]:
    """The routes of the pages; none without a public address."""
    path = f"/{{kind:{'|'.join(KINDS)}}}/{{id}}"
    return [web.get(path, _show_page)] if base else []


async def _show_page(_: web.Request) -> web.Response:
    html = html_page("Dragoman answers in Slack", "<p>Post this link in Slack to open it.</p>")
    return web.Response(text=html, content_type="text/html", headers=PAGE_HEADERS)


# --- entities ----------------------------------------------------------------------------


ITEM, CONTENT = "slack#/entities/item", "slack#/entities/content_item"
REFERENCE = "slack#/types/entity_ref"
PRODUCT = "Dragoman"

_TITLE = 150
_TEXT = 3000
"""The most characters of a property; Slack publishes a limit only for editable ones."""

_REFERENCES = 10
_MARKUP = re.compile(r"<(?=[@!#])")


def entity(of: EntityDetails, base: str) -> Json:
    """Return the details of an actor, story or article as a Work Object."""
    described = of.kind == "article" and bool(of.brief)
    fields: Json = (
        {"description": {"value": _text("\n".join(of.brief), _TEXT)}} if described else {}
    )
    customs = [one for one in map(_property, of.properties) if one["value"] != ""]
    if of.brief and not described:
        customs.append(_long("Brief", of.brief))
    if of.timeline:
        customs.append(_long("Timeline", of.timeline))
    for label, links in (("Sources", of.sources), ("See also", of.related)):
        customs += [_references(label, links, base)] if links else []
    payload: Json = {
        "attributes": {
            "title": {"text": _text(of.title, _TITLE) or "Untitled"},
            "display_type": of.kind.capitalize(),
            "product_name": PRODUCT,
        },
        "custom_fields": customs,
        "display_order": [*fields, *(one["key"] for one in customs)],
    }
    return {
        "entity_type": CONTENT if of.kind == "article" else ITEM,
        "url": address(of.kind, of.id, base),
        "external_ref": {"id": of.id, "type": of.kind},
        "entity_payload": payload | ({"fields": fields} if fields else {}),
    }


def _long(label: str, lines: tuple[str, ...]) -> Json:
    """Lines as one property of plain text: nothing in them is read as markup."""
    text = trim("\n".join(_text(one, _TEXT) for one in lines), _TEXT)
    return {"key": _key(label), "label": label, "type": "string", "value": text, "long": True}


def _references(label: str, links: tuple[EntityLink, ...], base: str) -> Json:
    return {
        "key": _key(label),
        "label": label,
        "type": "array",
        "item_type": REFERENCE,
        "value": [
            {"type": REFERENCE, "entity_ref": _reference(one, base)} for one in links[:_REFERENCES]
        ],
    }


def _reference(to: EntityLink, base: str) -> Json:
    return {
        "entity_url": address(to.kind, to.id, base),
        "external_ref": {"id": to.id, "type": to.kind},
        "title": _text(to.name, _TITLE),
        "display_type": to.kind.capitalize(),
    }


def _property(of: Property) -> Json:
    kind, value = _typed(of.value)
    shown: Json = {"key": _key(of.label), "label": of.label, "type": kind, "value": value}
    return shown | ({"link": of.link} if of.link and of.link.startswith("http") else {})


def _typed(value: Value) -> tuple[str, str | int]:
    """Return Slack's type name for a value, and the value in the form of that type."""
    if isinstance(value, datetime):
        return "slack#/types/timestamp", int(value.astimezone(UTC).timestamp())
    if isinstance(value, date):
        return "slack#/types/date", value.isoformat()
    return ("integer", value) if isinstance(value, int) else ("string", _text(value, _TEXT))


def _key(label: str) -> str:
    return label.lower().replace(" ", "_")


def _text(words: str, most: int) -> str:
    """Text from outside on one line, in which nothing can be taken for a mention."""
    return trim(_MARKUP.sub("‹", one_line(words)), most)


# --- unfurls -----------------------------------------------------------------------------


SURFACE_UNFURL = "unfurl"

COMPOSER = "composer"
"""The source of a link that somebody has typed but not posted yet."""

_LINKS = 5
"""Links of one message that unfurl."""


def _shared(context: Context, body: Json) -> Json | None:
    """The request to unfurl the links to our pages in a message; None if there are none.

    It has no ``place`` and ``person``, so no apology is posted for a link that does not unfurl.
    """
    event = body["event"]
    urls = dict.fromkeys(one["url"] for one in event["links"])
    ours = [url for url in urls if page_of(url, context.address) is not None]
    if not ours or not event.get("user") or _between_others(event):
        return None
    composed = event.get("source") == COMPOSER
    where = {"channel": event["channel"], "ts": event["message_ts"]}
    if event.get("unfurl_id") and event.get("source"):
        where = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    return {
        "reader": event["user"],
        "room": _alone(event["user"]) if composed else event["channel"],
        "links": ours[:_LINKS],
        "where": where,
    }


def _between_others(event: Json) -> bool:
    """Whether a message is in a direct message that we are not in: one of the two may be a guest,
    who must not see the workspace's articles there."""
    return event["channel"].startswith("D") and event.get("is_bot_user_member") is False


def _alone(person: str) -> str:
    """Return a place with only this person in it, for requests from outside any channel."""
    return f"D:{person}"


async def answer_unfurl(context: Context, request: Request) -> SentReply:
    """Unfurl links to what everybody in the channel of the message may see."""
    order, base = request.payload, context.address
    links = {url: page for url in order["links"] if (page := page_of(url, base)) is not None}
    found, reply = await _entities(context, request, links.values(), summary=True)
    known = found or {}
    entities = [
        {"app_unfurl_url": url, **known[page]} for url, page in links.items() if page in known
    ]
    if entities:
        metadata = {"entities": entities}
        await context.attempt("chat.unfurl", **order["where"], metadata=metadata)
    return reply


# --- details -----------------------------------------------------------------------------


SURFACE_DETAILS = "details"


def _opened(context: Context, body: Json) -> Json:
    """The request to show an object that somebody opened."""
    event = body["event"]
    given = event.get("external_ref") or {}
    page = page_of(event.get("entity_url") or "", context.address)
    return {
        "reader": event["user"],
        "room": event.get("channel") or _alone(event["user"]),
        "page": (given["type"], given["id"]) if given.get("type") in KINDS else page,
        "trigger": event["trigger_id"],
    }


async def answer_details(context: Context, request: Request) -> SentReply:
    """Show somebody what they may see of an object; ``not_found`` if that is nothing."""
    order = request.payload
    pages = [Page(*order["page"])] if order["page"] else []
    found, reply = await _entities(context, request, pages, summary=False)
    error = {"status": "internal_error" if found is None else "not_found"}
    shown = {"metadata": found[pages[0]]} if found else {"error": error}
    await context.attempt("entity.presentDetails", trigger_id=order["trigger"], **shown)
    return reply


# --- both --------------------------------------------------------------------------------


async def _entities(
    context: Context, request: Request, pages: Iterable[Page], *, summary: bool
) -> tuple[dict[Page, Json] | None, SentReply]:
    """Return what the reader of a request may see of pages, and the reply to store.

    The entities are None if looking them up failed.
    """
    reader, room = request.payload["reader"], request.payload["room"]
    # Without a query, no follow-up question can refer to it.
    asked = UserQuery("brief", "", reader, room, alone=True)
    found: dict[Page, Json] = {}

    def work(asker: Asker) -> Rendered:
        for page in pages:
            if (known := entity_details(context.desk, asker, *page, summary=summary)) is not None:
                found[page] = entity(known, context.address)
        return Rendered({}, "", asker.now)

    said = await context.asking.work(request, asked, work)
    # A failure is rendered as a message, which nobody gets here.
    return None if said.payload else found, context.sent(request, asked, said, None)


def listen(app: AsyncApp, context: Context) -> None:
    """Listen for posted links and opened objects, if we have a public address."""

    async def shared(ack: Any, body: Json) -> None:
        order = _shared(context, body) if context.address else None
        if order is not None:
            await context.inbox.take(workspace_of(body), SURFACE_UNFURL, _event_key(body), order)
        await ack()

    async def opened(ack: Any, body: Json) -> None:
        if context.address:
            order = _opened(context, body)
            await context.inbox.take(workspace_of(body), SURFACE_DETAILS, order["trigger"], order)
        await ack()

    app.event("link_shared")(shared)
    app.event("entity_details_requested")(opened)


def _event_key(body: Json) -> str:
    event = body["event"]
    return body.get("event_id") or f"{event['channel']}:{event['message_ts']}"


ANSWERS = {
    SURFACE_UNFURL: answer_unfurl,
    SURFACE_DETAILS: answer_details,
}
