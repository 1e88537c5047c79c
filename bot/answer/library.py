"""What answering draws on, and for whom: handed down instead of looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.match.actors import ActorIndex
from bot.models import EVERYWHERE, Asker
from bot.search.index import PassageIndex
from bot.store.store import Store


@dataclass(frozen=True)
class Library:
    """Store, passages and actors, as one asker may see them."""

    store: Store
    passages: PassageIndex
    actors: ActorIndex
    asker: Asker

    @property
    def workspace(self) -> str:
        """The workspace asked in."""
        return self.asker.workspace

    @property
    def audiences(self) -> tuple[str, str]:
        """Whose articles the asker may see: the workspace's, and those of the place."""
        return (EVERYWHERE, self.asker.place)

    @property
    def as_of(self) -> datetime:
        """The instant that counts as now."""
        return self.asker.as_of or self.asker.now

    @cached_property
    def today(self) -> date:
        """The asker's own day."""
        try:
            zone = ZoneInfo(self.asker.tz)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return self.as_of.astimezone(zone).date()

    def expand(self, actor: str) -> frozenset[str]:
        """All ids that count as this actor."""
        return self.actors.expand(actor, self.today)
