"""Messages that Slack surely takes."""

from __future__ import annotations

import logging

from handlers.blocks import limits
from handlers.blocks.layout import Payload
from handlers.blocks.mrkdwn import trim

log = logging.getLogger(__name__)


def within(payload: Payload) -> Payload:
    """A message that breaks no limit: as it is, or as text alone with an error in the log."""
    if not (broken := limits.problems(payload)):
        return payload
    log.error("a message is sent as text, because it breaks limits: %s", "; ".join(broken))
    return as_text(payload)


def as_text(payload: Payload) -> Payload:
    """A message without blocks, and of its text the lines that Slack surely takes."""
    text, most = str(payload.get("text") or ""), limits.MESSAGE_TEXT_ADVISED
    if len(text) > most:
        text = text[: most + 1].rpartition("\n")[0] or trim(text, most)
    return {k: v for k, v in payload.items() if k != "blocks"} | {"text": text}
