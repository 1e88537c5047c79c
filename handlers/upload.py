"""A file into the direct messages with one person, in the steps that Slack asks for.

The room is opened, an address for the bytes is asked for, they are sent there, and only then
is the file shown. Each step is taken once, so that trying again goes on where it stopped.
https://docs.slack.dev/messaging/working-with-files#upload
"""

from __future__ import annotations

from dataclasses import dataclass, field

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.limits import MESSAGE_TEXT_ADVISED
from handlers.blocks.mrkdwn import one_line
from handlers.blocks.text import fitted


@dataclass
class Upload:
    """A file on its way to ``person``; ``words``, plain, stand above it.

    ``alt`` tells in words what a picture shows.
    """

    person: str
    name: str
    content: bytes
    words: str
    alt: str = ""
    _room: str = field(default="", init=False)
    _sent: str = field(default="", init=False)

    async def go(self, client: AsyncWebClient) -> None:
        """Take the steps that are left; raises SlackApiError, or what aiohttp raises."""
        if not self._room:
            opened = await client.conversations_open(users=self.person)
            self._room = opened["channel"]["id"]
        if not self._sent:
            self._sent = await self._bytes(client)
        await client.files_completeUploadExternal(
            files=[{"id": self._sent, "title": self.name}],
            channel_id=self._room,
            initial_comment=fitted(self.words, MESSAGE_TEXT_ADVISED).mrkdwn,
        )

    async def _bytes(self, client: AsyncWebClient) -> str:
        """Send the bytes; returns the id that the file has from now on."""
        got = await client.files_getUploadURLExternal(
            filename=self.name, length=len(self.content), alt_txt=one_line(self.alt) or None
        )
        async with (
            aiohttp.ClientSession() as session,
            session.post(got["upload_url"], data=self.content, proxy=client.proxy) as answer,
        ):
            answer.raise_for_status()
        return str(got["file_id"])
