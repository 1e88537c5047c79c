"""Work Objects: links to our pages on actors, stories and articles, unfurled in Slack.

The pages themselves say nothing but to look in Slack: only there is it known who asks. A link
unfurls to what everybody in its place may see, for all of them see it; what opens beside it is
made for the person who opens it. https://docs.slack.dev/messaging/work-objects-implementation
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast
from urllib.parse import quote, unquote

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.home.sheet import KINDS, Kind, Named, Property, Sheet, Value, sheet
from bot.models import Asker, Request, SentReply
from handlers.asking import Rendered, UserQuery
from handlers.blocks.layout import message, section
from handlers.blocks.notes import sentence
from handlers.blocks.text import link, one_line, say, trim
from handlers.context import Context
from handlers.errors import reference
from handlers.install import PAGE_HEADERS, html_page
from handlers.payloads import Post, workspace_of
from handlers.sender import DeliveryMark

Json = dict[str, Any]

# --- addresses ---------------------------------------------------------------------------


class Page(NamedTuple):
    """What a page is about."""

    kind: Kind
    id: str


_PATH = re.compile(rf"/({'|'.join(KINDS)})/([^/?#]{{1,400}})/?(?:[?#].*)?")


def page_of(url: str, base: str) -> Page | None:
    """The page that a link under our public address leads to; None for any other link."""
    found = _PATH.fullmatch(url[len(base) :]) if base and url.startswith(base) else None
    return Page(cast("Kind", found[1]), unquote(found[2])) if found else None


def address(kind: Kind, key: str, base: str) -> str:
    """The address of a page."""
    return f"{base}/{kind}/{quote(key, safe=':')}"


def page_routes(base: str) -> list[web.RouteDef]:
    """The routes of the pages; none without a public address."""
    path = f"/{{kind:{'|'.join(KINDS)}}}/{{id}}"
    return [web.get(path, _show_page)] if base else []


async def _show_page(_: web.Request) -> web.Response:
    words = "<p>Post this link in Slack, where it shows what you may see of it.</p>"
    html = html_page("Dragoman answers in Slack", words)
    return web.Response(text=html, content_type="text/html", headers=PAGE_HEADERS)


# --- entities ----------------------------------------------------------------------------


ITEM, CONTENT = "slack#/entities/item", "slack#/entities/content_item"
PRODUCT = "Dragoman"

_TITLE = 150
_TEXT = 3000
"""The most characters of a property; Slack publishes no limit but for what can be edited."""

_REFERENCES = 10
_MARKUP = re.compile(r"<(?=[@!#])")


def entity(of: Sheet, base: str, *, whole: bool) -> Json:
    """A sheet as a Work Object; ``whole`` adds its brief, timeline and sources."""
    fields: Json = {}
    customs = [_property(one) for one in of.properties]
    if of.kind == "article":
        fields = {"description": {"value": _text("\n".join(of.brief), _TEXT)}} if of.brief else {}
    if whole:
        customs += _whole(of, base)
    payload: Json = {
        "attributes": {
            "title": {"text": _text(of.title, _TITLE)},
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


def _whole(of: Sheet, base: str) -> Iterator[Json]:
    if of.brief and of.kind != "article":
        yield _long("Brief", of.brief)
    if of.timeline:
        yield _long("Timeline", of.timeline)
    for label, named in (("Sources", of.sources), ("See also", of.related)):
        if named:
            yield {
                "key": _key(label),
                "label": label,
                "type": "array",
                "item_type": "slack#/types/entity_ref",
                "value": [
                    {"type": "slack#/types/entity_ref", "entity_ref": _reference(one, base)}
                    for one in named[:_REFERENCES]
                ],
            }


def _long(label: str, lines: tuple[str, ...]) -> Json:
    """Lines as one property. It is no markdown: words from outside stay words."""
    text = trim("\n".join(_text(one, _TEXT) for one in lines), _TEXT)
    return {"key": _key(label), "label": label, "type": "string", "value": text, "long": True}


def _reference(named: Named, base: str) -> Json:
    return {
        "entity_url": address(named.kind, named.id, base),
        "external_ref": {"id": named.id, "type": named.kind},
        "title": _text(named.name, _TITLE),
        "display_type": named.kind.capitalize(),
    }


def _property(of: Property) -> Json:
    kind, value = _typed(of.value)
    shown: Json = {"key": _key(of.label), "label": of.label, "type": kind, "value": value}
    return shown | ({"link": of.link} if of.link and of.link.startswith("http") else {})


def _typed(value: Value) -> tuple[str, str | int]:
    """The type of a value for Slack, and the value as that type has it."""
    if isinstance(value, datetime):
        return "slack#/types/timestamp", int(value.astimezone(UTC).timestamp())
    if isinstance(value, date):
        return "slack#/types/date", value.isoformat()
    return ("integer", value) if isinstance(value, int) else ("string", _text(value, _TEXT))


def _key(label: str) -> str:
    return label.lower().replace(" ", "_")


def _text(words: str, most: int) -> str:
    """Words from outside: on one line, and nothing in them can be taken for a mention."""
    return trim(_MARKUP.sub("‹", one_line(words)), most)


# --- unfurls -----------------------------------------------------------------------------


SURFACE_UNFURL = "unfurl"

COMPOSER = "composer"
"""The source of a link that somebody has typed and not posted yet."""

_LINKS = 5
"""Links of one message that unfurl."""


def _shared(context: Context, body: Json) -> Json | None:
    """Make the record of a message with links to our pages; None where none is ours.

    It names no ``place`` and ``person``: nobody is told of a link that does not unfurl.
    """
    event = body["event"]
    urls = [one["url"] for one in event["links"]]
    ours = [url for url in dict.fromkeys(urls) if page_of(url, context.address) is not None]
    person = event.get("user")
    if not ours or not person:
        return None
    composed = event.get("source") == COMPOSER
    by_id = event.get("unfurl_id") and event.get("source")
    message = {"channel": event["channel"], "ts": event["message_ts"]}
    draft = {"unfurl_id": event.get("unfurl_id"), "source": event.get("source")}
    return {
        "reader": person,
        "room": _alone(person) if composed else event["channel"],
        "links": ours[:_LINKS],
        "where": draft if by_id else message,
    }


def _alone(person: str) -> str:
    """A place that is nobody's but one person's, for what is asked outside of any channel."""
    return f"D:{person}"


async def answer_unfurl(context: Context, request: Request) -> SentReply:
    """Unfurl links to what everybody in the place of the message may see."""
    order = request.payload
    asked = _asked(order)
    entities: list[Json] = []

    def work(asker: Asker) -> Rendered:
        for url in order["links"]:
            page = page_of(url, context.address)
            found = sheet(context.desk, asker, *page) if page else None
            if found is not None:
                made = entity(found, context.address, whole=False)
                entities.append({"app_unfurl_url": url, **made})
        return Rendered({}, "", asker.now)

    said = await context.asking.work(request, asked, work)
    if entities:
        metadata = {"entities": entities}
        await context.attempt("chat.unfurl", **order["where"], metadata=metadata)
    return context.sent(request, asked, said._replace(query=""), None)


def _asked(order: Json) -> UserQuery:
    # No words are kept: what is opened is no question that may be asked on.
    return UserQuery("brief", "", order["reader"], order["room"], alone=True)


# --- details -----------------------------------------------------------------------------


SURFACE_DETAILS = "details"


def _opened(context: Context, body: Json) -> Json:
    """Make the record of an object that somebody opened."""
    event = body["event"]
    given = event.get("external_ref") or {}
    page = page_of(event.get("entity_url") or "", context.address)
    kind, key = given.get("type"), given.get("id")
    if kind not in KINDS or not key:
        kind, key = page or ("", "")
    return {
        "reader": event["user"],
        "room": event.get("channel") or _alone(event["user"]),
        "kind": kind,
        "id": key,
        "trigger": event["trigger_id"],
    }


async def answer_details(context: Context, request: Request) -> SentReply:
    """Show somebody what they may see of an object; the same where there is none."""
    order = request.payload
    asked = _asked(order)
    found: list[Json] = []
    error = {"status": "internal_error"}

    def work(asker: Asker) -> Rendered:
        known = sheet(context.desk, asker, order["kind"], order["id"]) if order["kind"] else None
        found.extend([entity(known, context.address, whole=True)] if known else [])
        error["status"] = "not_found"
        return Rendered({}, "", asker.now)

    said = await context.asking.work(request, asked, work)
    shown = {"metadata": found[0]} if found else {"error": error}
    await context.attempt("entity.presentDetails", trigger_id=order["trigger"], **shown)
    return context.sent(request, asked, said._replace(query=""), None)


# --- links to share ----------------------------------------------------------------------


SURFACE_LINK = "link"

_LINK_TO = re.compile(
    r"(?:please )?(?:(?:give|send|show) me )?(?:a |the )?link (?:to|for) (.+)", re.I
)
NOBODY = "I do not know who that is, so there is no page to link to."


async def take_link(context: Context, post: Post) -> bool:
    """Store a post that asks for a link to our page on an actor; tell whether it does."""
    if not context.address or _LINK_TO.fullmatch(" ".join(post.text.split())) is None:
        return False
    key = f"{post.place}:{post.ts}"
    await context.inbox.take(post.workspace, SURFACE_LINK, key, post._asdict())
    return True


async def answer_link(context: Context, request: Request) -> SentReply:
    """Reply with the address of our page on an actor, which unfurls where it is posted."""
    post = Post(**request.payload)
    asked = UserQuery("ask", "", post.person, post.place)

    def work(asker: Asker) -> Rendered:
        named = _LINK_TO.fullmatch(" ".join(post.text.split()))
        subjects = context.desk.understood(asker, named[1]).subjects if named else ()
        if not subjects:
            return Rendered(sentence(NOBODY), "", asker.now)
        url = address("actor", subjects[0].actor, context.address)
        text = say(subjects[0].name, ": ", link(url, url))
        return Rendered(message(text, [section(text)]), "", asker.now)

    said = await context.asking.work(request, asked, work)
    mark = DeliveryMark(reference(request), post.ts, doubted=request.attempts > 1)
    ts = await context.sender.post(
        post.place, said.payload, request.lease_until, post.thread, mark, post.person
    )
    return context.sent(request, asked, said, ts)


def listen(app: AsyncApp, context: Context) -> None:
    """Take in links that are posted and objects that are opened; without an address, neither."""

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
    SURFACE_LINK: answer_link,
}
