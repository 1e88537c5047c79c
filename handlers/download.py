"""Files that people share, fetched from Slack with our token: from Slack's own hosts alone.

What ``url_private`` says comes from outside, and whoever gets the token is us: so it goes by
https to Slack and nowhere else, or to the Slack-compatible server that the settings name, and
no redirect is followed. https://docs.slack.dev/reference/objects/file-object
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from mimetypes import guess_type
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from bot.gather.formats import kind_of
from handlers.errors import Undeliverable

log = logging.getLogger(__name__)

MOST_BYTES = 16 * 2**20
"""The largest file that is read; as much as a page may have."""

SECONDS = 12.0

_TOO_LARGE = f"it is larger than {MOST_BYTES >> 20} MB; share a part of it"

_GONE = "it was deleted before I could read it"

_ENDINGS = {
    "text": ".txt",
    "text/plain": ".txt",
    "markdown": ".md",
    "text/markdown": ".md",
    "html": ".html",
    "text/html": ".html",
    "pdf": ".pdf",
    "application/pdf": ".pdf",
}
"""Endings by Slack's name of a type, and by media type."""

_HOSTS = ("slack.com", "slack-files.com", "slack-gov.com")


class Shared(NamedTuple):
    """A file as Slack tells of it; ``size`` is in bytes, ``link`` is where people see it."""

    id: str
    name: str
    size: int
    address: str
    link: str | None
    gone: bool = False
    media: bool = False


def shared(file: Mapping[str, Any]) -> Shared:
    """Read a file object of an event; a file that Slack only hints at has no address.

    Its name gets the ending of its type where it has none that is known here: a snippet is
    called *Untitled*. It may be ``gone`` already, or ``media``: a picture, sound or film.
    """
    name = str(file.get("name") or file.get("title") or "file")
    kind = str(file.get("mimetype") or guess_type(name)[0] or "").partition(";")[0]
    if kind_of(name) is None:
        name += _ENDINGS.get(str(file.get("filetype") or "")) or _ENDINGS.get(kind) or ""
    return Shared(
        str(file.get("id") or ""),
        name,
        int(file.get("size") or 0),
        str(file.get("url_private_download") or file.get("url_private") or ""),
        file.get("permalink") or None,
        file.get("mode") == "tombstone",
        kind.startswith(("image/", "audio/", "video/")),
    )


class Files:
    """Downloads files; ``api_url`` is where the Web API is, ``token`` the token of now."""

    def __init__(self, token: Callable[[], Awaitable[str]], api_url: str) -> None:
        self._token = token
        self._api = urlsplit(api_url)

    async def content(self, file: Shared) -> bytes:
        """Fetch a file; raises Undeliverable with a sentence where Slack does not give it."""
        if file.gone:
            raise Undeliverable(_GONE)
        if file.size > MOST_BYTES:
            raise Undeliverable(_TOO_LARGE)
        if not self._is_slack(file.address):
            raise Undeliverable("Slack does not say where the file is; share it here again")
        try:
            token = await self._token()
            async with asyncio.timeout(SECONDS), _session(token) as session:
                return await self._read(session, file)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a shared file could not be fetched: %s", type(error).__name__)
            raise Undeliverable("Slack did not hand the file out; share it again") from error

    def _is_slack(self, address: str) -> bool:
        """Whether our token may be sent there."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return False
        host = parts.hostname or ""
        if parts.username or parts.password:
            return False
        if (parts.scheme, host, port) == (self._api.scheme, self._api.hostname, self._api.port):
            return True
        of_slack = any(host == one or host.endswith(f".{one}") for one in _HOSTS)
        return parts.scheme == "https" and of_slack and port in (None, 443)

    async def _read(self, session: aiohttp.ClientSession, file: Shared) -> bytes:
        async with session.get(file.address, allow_redirects=False) as answer:
            parts: list[bytes] = []
            size = 0
            if answer.status == 200:
                async for part in answer.content.iter_chunked(64 * 1024):
                    parts.append(part)
                    size += len(part)
                    if size > MOST_BYTES:
                        raise Undeliverable(_TOO_LARGE)
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise Undeliverable(_GONE)
        # Without the scope, Slack shows its page to sign in, in place of the file.
        if answer.status != 200 or (file.size and size != file.size):
            raise Undeliverable(
                "Slack does not let me read the file: whoever installed me may have to install me"
                " again, for the scope files:read"
            )
        return b"".join(parts)


def _session(token: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}, trust_env=False)
