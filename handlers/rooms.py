"""The rooms of direct messages: a person's id and the room's own name the same place.

Posted to by either, it is one place with one pace, and its history can be read by the room's
id only. Slack says which room it is, once for each person.
"""

from __future__ import annotations

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.refusals import of_api
from handlers.speaking import in_whose_name

log = logging.getLogger(__name__)

_MOST = 10_000


def is_person(place: str) -> bool:
    """Whether a place is named by the person whom it is shared with."""
    return place.startswith(("U", "W"))


class Rooms:
    """Knows the rooms of people, each as of when it was first needed."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[tuple[str, str], str] = {}

    async def of(self, place: str) -> str:
        """The room that a place is: itself, but for a person.

        The person still, where Slack opens no room: what is posted there is refused in Slack's
        own words. Raises SlackApiError, or what aiohttp raises, where that may pass.
        """
        if not is_person(place):
            return place
        # A room is ours and theirs: in another workspace we are somebody else.
        key = (in_whose_name(), place)
        if key not in self._known:
            try:
                opened = await self._client.conversations_open(users=place)
            except SlackApiError as error:
                if of_api(error).later:
                    raise
                log.info("no room for the messages to %s: %s", place, of_api(error).word)
                return place
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = str(opened["channel"]["id"])
        return self._known[key]
