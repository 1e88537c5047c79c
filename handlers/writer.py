"""The client of the optional writer: a language model behind an OpenAI-compatible API.

One request a brief. Whatever goes wrong (a time-out, a refusal, nonsense) leaves the brief as it
is, with the quotes in short, and is logged without the key and without what was sent.
"""

from __future__ import annotations

import logging

import aiohttp

from bot.answer.writer import checked, quoted_lines, request_body
from bot.models import EVERYWHERE, Brief
from bot.settings import Settings
from bot.store.store import Store

log = logging.getLogger(__name__)

SECONDS = 6.0
"""For how long a brief waits for its writer, from connecting to the last byte."""

MOST_BYTES = 65_536
"""The longest answer that is read."""


class Writer:
    """Asks a language model to write what a brief says in short, and checks what it writes."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        private: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        """``url`` is the API's base address; ``private`` lets it see what is not for everybody."""
        base = url.rstrip("/").removesuffix("/chat/completions")
        self._url = f"{base}/chat/completions"
        self._model = model
        self._headers = {"Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._private = private
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    @classmethod
    def from_settings(cls, settings: Settings) -> Writer | None:
        """Make the writer that the settings describe, None without one; raises SettingsError."""
        if not settings.has_writer:
            return None
        key = settings.dragoman_writer_key
        return cls(
            str(settings.dragoman_writer_url),
            settings.dragoman_writer_model,
            key=key.get_secret_value() if key else "",
            private=settings.dragoman_writer_private == "on",
        )

    def may_see(self, store: Store, workspace: str, brief: Brief) -> bool:
        """Whether a brief has something in short, and no quote that is too private to be sent."""
        wanted = {line.snippet.article for line in quoted_lines(brief).values()}
        if not brief.in_short or self._private:
            return bool(brief.in_short)
        found = store.articles(workspace, wanted)
        return found.keys() == wanted and all(
            one.article.audience == EVERYWHERE for one in found.values()
        )

    async def write(self, brief: Brief) -> Brief | None:
        """Return the brief with what the model wrote; None where nothing of it can be shown."""
        lines = quoted_lines(brief)
        answer = await self._answer(request_body(self._model, lines))
        written = checked(self._model, answer, lines) if answer else None
        if answer and written is None:
            log.info("the writer's answer holds no sentence that its quotes bear out")
        return brief.model_copy(update={"written": written}) if written else None

    async def _answer(self, body: dict[str, object]) -> bytes | None:
        """Post one chat completion, and read at most ``MOST_BYTES`` of its answer."""
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=self._timeout, headers=self._headers, auto_decompress=False
                ) as session,
                session.post(self._url, json=body, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    log.warning("the writer refused: HTTP %d", response.status)
                    return None
                read = bytearray()
                async for chunk in response.content.iter_any():
                    read += chunk
                    if len(read) > MOST_BYTES:
                        log.warning("the writer's answer is longer than %d bytes", MOST_BYTES)
                        return None
                return bytes(read)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # Neither the address nor the headers: both may hold a key.
            log.warning("the writer cannot be reached: %s", type(error).__name__)
            return None
