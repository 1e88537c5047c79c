"""``/digest``: set up in a form with a preview, or by words; sent, paused, listed.

The form is opened at once, for Slack takes a trigger for three seconds only; what it sends,
and every other command, is written down like any request and answered to the asker alone.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.digests.setting import Setting, Wish
from bot.digests.wording import Command, command, said, times_in
from bot.errors import BadQuery
from bot.models import Asker, Digest, Request, SentReply
from handlers import homes
from handlers.asking import Asked, Said
from handlers.blocks import digest_form as blocks
from handlers.blocks.digest import PAUSE, SETTINGS, digest_message
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import plain_text
from handlers.blocks.notes import sentence
from handlers.blocks.text import text_of
from handlers.crew import Crew
from handlers.digest_form import is_mine, open_form, order_of, read_form, show_preview, wish_of
from handlers.send import Spent
from handlers.whence import workspace_of

log = logging.getLogger(__name__)

SURFACE = "digest"
COMMAND = "/digest"


def listen(app: AsyncApp, crew: Crew) -> None:
    """Take the command, the form and the buttons in."""

    async def typed(ack: Any, body: dict[str, Any]) -> None:
        person, place = body["user_id"], body["channel_id"]
        order = order_of(person, place, body.get("response_url"), text=body.get("text") or "")
        if _wants_form(order["text"]):
            await open_form(crew, workspace_of(body), body["trigger_id"], order)
        else:
            key = body.get("trigger_id") or body["response_url"]
            await crew.inbox.take(workspace_of(body), SURFACE, key, order)
        await ack()

    async def click(ack: Any, body: dict[str, Any]) -> None:
        container, action = body.get("container") or {}, body["actions"][0]
        place = container.get("channel_id") or body["channel"]["id"]
        mine = bool(json.loads(action.get("value") or "{}").get("mine"))
        text = " for me" if mine else ""
        order = order_of(body["user"]["id"], place, body.get("response_url"), text=text)
        if action["action_id"] == SETTINGS:
            await open_form(crew, workspace_of(body), body["trigger_id"], order)
        else:
            order["text"] = f"pause{text}"
            await crew.inbox.take(workspace_of(body), SURFACE, body["trigger_id"], order)
        await ack()

    async def submit(ack: Any, body: dict[str, Any]) -> None:
        order, problems = await read_form(crew, body)
        if problems:
            await ack(response_action="errors", errors=problems)
            return
        await crew.inbox.take(workspace_of(body), SURFACE, body["view"]["id"], order)
        await ack()

    async def preview(ack: Any, body: dict[str, Any]) -> None:
        await show_preview(crew, body)
        await ack()

    app.command(COMMAND)(typed)
    app.action(blocks.PREVIEW)(preview)
    app.action(SETTINGS)(click)
    app.action(PAUSE)(click)
    app.view(blocks.CALLBACK)(submit)


def _wants_form(text: str) -> bool:
    try:
        return command(plain_text(text)).verb == "form"
    except BadQuery:
        return False


# --- what is done -------------------------------------------------------------------


async def answer(crew: Crew, request: Request) -> SentReply:
    """Do what was asked and say so, to whoever asked."""
    order = request.payload
    # No words are kept: how a digest was set answers no question that may be asked on.
    asked = Asked("brief", "", order["person"], order["place"], alone=True)
    guest = await crew.asking.is_guest(request.workspace, order["person"])

    def work(asker: Asker) -> Said:
        setting = Setting(crew.asking.desk, request.workspace, guest=guest)
        if "set" in order:
            return Said(_set(setting, asker, order["set"]), "", asker.now)
        wanted = command(plain_text(order["text"]))
        return Said(_done(setting, asker, wanted, request.key), "", asker.now)

    said_ = await crew.asking.work(request, asked, work)
    if home := order.get("home"):
        await homes.publish(crew, request, home, text_of(said_.payload))
    else:
        await _whisper(crew, request, said_.payload)
    return crew.sent(request, asked, said_, None)


def _set(setting: Setting, asker: Asker, values: dict[str, Any]) -> Payload:
    return _set_up(setting, asker, wish_of(values), is_mine(asker, values["mine"]))


def _set_up(setting: Setting, asker: Asker, wish: Wish, mine: bool) -> Payload:
    of, new = setting.set_up(asker, wish, mine=mine)
    preview = setting.preview(asker, mine=mine)
    return blocks.was_set(of, setting.about(of), preview, new=new)


def _done(setting: Setting, asker: Asker, wanted: Command, key: str) -> Payload:
    mine = is_mine(asker, wanted.mine)
    match wanted.verb:
        case "set":
            there = setting.of(asker, mine=mine)
            zone = there.times.tz if there else asker.tz
            return _set_up(setting, asker, Wish(times_in(wanted.rest, zone)), mine)
        case "now":
            return sentence(f"On its way {_where(setting.send(asker, key, mine=mine))}.")
        case "preview" | "form":
            return digest_message(setting.preview(asker, mine=mine))
        case "pause":
            return sentence(
                f"The digest {_where(setting.pause(asker, mine=mine))} is paused: "
                "`/digest resume` goes on with it."
            )
        case "resume":
            of = setting.resume(asker, mine=mine)
            return sentence(f"The digest comes {_where(of)} again, {said(of.times)}.")
        case "off":
            return sentence(f"No digest comes {_where(setting.remove(asker, mine=mine))} any more.")
        case "list":
            listed = [(of, setting.about(of)) for of in setting.listed(asker)]
            return blocks.listing(listed, asker.now)
        case "help":
            return blocks.usage()


def _where(of: Digest) -> str:
    return "to you" if of.personal else "here"


async def _whisper(crew: Crew, request: Request, payload: Payload) -> None:
    order, until = request.payload, request.lease_until
    if url := order["response_url"]:
        how = {"response_type": "ephemeral", "replace_original": False}
        try:
            await crew.sender.respond(url, payload, until, how)
        except Spent:
            log.info("the response URL is spent: we were away for more than half an hour")
        else:
            return
    await crew.sender.whisper(order["place"], order["person"], payload, until)
