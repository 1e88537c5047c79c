"""Who may change what a workspace reads."""

from __future__ import annotations

from typing import NamedTuple

from bot.models import WorkspacePreferences


class Who(NamedTuple):
    """Somebody, and whether they run the workspace or are but a guest of it."""

    person: str
    admin: bool = False
    guest: bool = False


def may_add_feeds(who: Who, preferred: WorkspacePreferences) -> bool:
    """Whether somebody may add feeds, which everybody in the workspace then reads."""
    if who.admin:
        return True
    if who.guest:
        return False
    if preferred.feeds_by == "listed":
        return who.person in preferred.people
    return preferred.feeds_by == "everybody"
