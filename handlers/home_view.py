"""Publishing somebody's Home: gathered again each time, the newest last.

Slack keeps one view a person. Two that are published at once may cross; so here one waits for the
other, and where the clicked view had been replaced from elsewhere, what is published is gathered
again after that.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from weakref import WeakValueDictionary

from bot.home.page import Who, home
from bot.models import AskedBefore, Asker, Request, SentReply
from handlers.asking import Rendered, UserQuery
from handlers.blocks.home import failed_view, home_view
from handlers.blocks.layout import Payload
from handlers.blocks.limits import home_problems
from handlers.blocks.text import NOTHING, Text, say, text_of
from handlers.context import Context
from handlers.errors import NotNow, Undeliverable, reference

log = logging.getLogger(__name__)

CONFLICT = "hash_conflict"
TAB = "home"
"""The place of what is said in Home: none of those in which replies are looked for."""

_turns: WeakValueDictionary[tuple[int, str, str], asyncio.Lock] = WeakValueDictionary()


async def role_of(context: Context, team: str, person: str) -> Who:
    """Whether somebody is an admin or a guest; a member where Slack does not say."""
    guest = await context.people.is_guest(team, person)
    admin = await context.people.is_admin(team, person)
    return Who(person, admin=admin and not guest, guest=guest)


async def direct_room(context: Context, request: Request) -> str:
    """The direct messages with the person of a request; raises as ``Sender.post``."""
    if known := request.payload.get("place"):
        return str(known)
    person = request.payload["person"]
    opened = await context.sender.call("conversations.open", request.lease_until, users=person)
    return str(opened["channel"]["id"])


def record(context: Context, request: Request) -> SentReply:
    """What the store keeps of a request that Home alone answered."""
    # No words are kept: what is done in Home answers no question that may be asked on.
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

    ``room`` are the direct messages with them, ``note`` says what was done, and
    ``seen`` is the hash of the view that they saw, ``just`` what they asked just now.
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
    """Publish where what was asked for is done already, so that a failure is for the log."""
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
        why = "There is more to show here than Slack takes. Whoever runs me finds it in the log"
        return failed_view(say(f"{why} under reference {reference(request)}."), room)
    return made
