"""What Dragoman says to a person unasked, in their direct messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.blocks.notes import sentence
from handlers.errors import Undeliverable
from handlers.send import Sender

log = logging.getLogger(__name__)

_WITHIN = timedelta(minutes=1)


async def tell(sender: Sender, now: Callable[[], datetime], person: str, words: str) -> None:
    """Say something to a person; raises NotNow where Slack does not take it for the moment.

    What Slack refuses for good is logged and not tried again: nobody waits for it.
    """
    try:
        # A person's id stands for the direct messages with them.
        await sender.post(person, sentence(words), now() + _WITHIN)
    except Undeliverable as error:
        log.warning("%s of DRAGOMAN_ADMINS cannot be told (%s): %s", person, error.about, words)
