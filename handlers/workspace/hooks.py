"""Response URLs: how an app answers a command or a click without a token.

Each takes five answers within half an hour
(https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.models import Model
from handlers.blocks.limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES
from handlers.workspace.compose import Refused


class Hook(Model):
    """Where the answers to one command or click go; ``ts`` is the message clicked on."""

    channel: str
    user: str
    ts: str | None = None
    thread_ts: str | None = None


class Hooks:
    """The response URLs given out, each with its uses and its age in ``clock`` seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, tuple[Hook, float, int]] = {}
        self.base = ""

    def new(self, hook: Hook) -> str:
        """A new response URL."""
        key = secrets.token_urlsafe(18)
        self._given[key] = (hook, self._clock(), 0)
        return f"{self.base}/hooks/{key}"

    def use(self, key: str) -> Hook:
        """Count one use; raises Refused where the URL is unknown, too old or used up."""
        if key not in self._given:
            raise Refused("invalid_url")
        hook, born, uses = self._given[key]
        if self._clock() - born > RESPONSE_URL_SECONDS:
            raise Refused("expired_url")
        if uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        self._given[key] = (hook, born, uses + 1)
        return hook
