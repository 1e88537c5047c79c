"""What is said to whoever asked where the answer itself cannot be given."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.models import Request
from handlers.blocks.layout import Payload
from handlers.errors import NotNow, Undeliverable, excuses
from handlers.refusals import LOCKED_OUT
from handlers.send import Sender, Spent

log = logging.getLogger(__name__)

_WITHIN = timedelta(seconds=20)


async def excuse(
    sender: Sender, now: Callable[[], datetime], request: Request, why: Exception
) -> None:
    """Tell the asker in a sentence, with a reference that the log has, by whatever way is open.

    Through the response URL, else for them alone in the place, else in their direct messages.
    Where no way is open, that is in the log.
    """
    if getattr(why, "about", "") in LOCKED_OUT:
        log.error(
            "Slack lets us in no more (%s): put a good SLACK_BOT_TOKEN in, or"
            " have it installed anew",
            why,
        )
        return
    told = excuses(why, request)
    try:
        await _tell(sender, request, told, now() + _WITHIN)
    except (NotNow, Undeliverable) as error:
        log.warning("who asked cannot be told, either: %s", error)


async def _tell(sender: Sender, request: Request, told: Payload, until: datetime) -> None:
    asked = request.payload
    if url := asked.get("response_url") or asked.get("hook"):
        how = {"response_type": "ephemeral", "replace_original": False}
        try:
            await sender.respond(url, told, until, how)
        except Spent:
            log.info("the response URL is spent")
        else:
            return
    if asked.get("place") and asked.get("person"):
        try:
            await sender.whisper(asked["place"], asked["person"], told, until)
        except Undeliverable:
            await sender.post(asked["person"], told, until)
