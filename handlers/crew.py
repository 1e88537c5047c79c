"""What every handler works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.models import Request, SentReply
from handlers.asking import Asked, Asking, Said, sent
from handlers.download import Files
from handlers.inbox import Inbox
from handlers.intake import Intake
from handlers.panels import Panels
from handlers.send import Sender
from handlers.tokens import Tokens


@dataclass(frozen=True)
class Crew:
    """The inbox takes requests in, asking works replies out, the sender delivers them.

    ``files`` fetches what people share, and the intake reads it. ``tokens`` are those of the
    workspaces that installed us; None where one gave its token.
    """

    inbox: Inbox
    asking: Asking
    sender: Sender
    now: Callable[[], datetime]
    intake: Intake
    files: Files
    panels: Panels
    tokens: Tokens | None = None

    def sent(self, request: Request, asked: Asked, said: Said, ts: str | None) -> SentReply:
        """What the store keeps of a reply sent just now."""
        return sent(request, asked, said, ts=ts, at=self.now())
