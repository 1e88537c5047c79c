"""The Slack workspaces that Dragoman is installed in."""

from __future__ import annotations

from pydantic import AwareDatetime

from bot.models.base import Model


class Installed(Model):
    """A workspace that it is, or was lately, installed in.

    ``organisation`` is whose workspace it is where it belongs to one; ``org_wide`` says that
    the whole organisation installed it, and that its token is the organisation's. Such an
    organisation is one of these itself, under its own id, and reads nothing. ``person``
    installed it. Who left (``left_at``) is told nothing any more, and what is stored of them
    is deleted after a time of grace; ``deleting`` says that this has begun, and has to end.
    ``begun_at`` is when the workspace got the notes that Dragoman comes with.
    """

    workspace: str
    organisation: str | None = None
    org_wide: bool = False
    name: str = ""
    person: str = ""
    since: AwareDatetime
    left_at: AwareDatetime | None = None
    begun_at: AwareDatetime | None = None
    deleting: bool = False

    @property
    def here(self) -> bool:
        """Whether it is installed there now."""
        return self.left_at is None
