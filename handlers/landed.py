"""Finding a post again of which we do not know whether Slack took it."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.refusals import of_api

log = logging.getLogger(__name__)

REPLY, OUTGOING = "dragoman_reply", "dragoman_outgoing"

_PAGES = 5
_PAGE = 200


class Mark(NamedTuple):
    """What finds a post again of which we do not know whether Slack took it.

    ``key`` stays with the message as metadata, ``after`` is a ``ts`` that it is later than,
    such as that of the post that it answers; ``doubted`` says that an earlier attempt may
    have got through.
    """

    key: str
    after: str
    doubted: bool
    event: str = REPLY

    def metadata(self) -> dict[str, Any]:
        """What goes with the message."""
        return {"event_type": self.event, "event_payload": {"key": self.key}}


async def landed(
    client: AsyncWebClient, place: str, thread_ts: str | None, mark: Mark
) -> str | None:
    """The ``ts`` of the marked message if it stands there; None if not, or unreadable.

    Raises SlackApiError, or what aiohttp raises, where looking may succeed later.
    """
    try:
        if place.startswith(("U", "W")):  # a person stands for the direct messages with them
            place = (await client.conversations_open(users=place))["channel"]["id"]
        look = {"channel": place, "oldest": mark.after, "include_all_metadata": True}
        cursor = ""
        for _ in range(_PAGES):
            more: dict[str, Any] = {**look, "limit": _PAGE, "cursor": cursor or None}
            if thread_ts:
                answer = await client.conversations_replies(ts=thread_ts, **more)
            else:
                answer = await client.conversations_history(**more)
            for message in answer.get("messages") or []:
                if _is_it(message.get("metadata") or {}, mark):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except SlackApiError as error:
        if of_api(error).later:
            raise
        log.info("cannot look whether a post got through: %s", of_api(error).word)
    return None


def _is_it(metadata: dict[str, Any], mark: Mark) -> bool:
    same = metadata.get("event_type") == mark.event
    return same and (metadata.get("event_payload") or {}).get("key") == mark.key
