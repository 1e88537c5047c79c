"""People and conversations as the Web API shows them: pure."""

from __future__ import annotations

from typing import Any

from handlers.workspace.state import APP, BOT, TEAM, Channel, User

Payload = dict[str, Any]


def user_object(user: User, offset: int) -> Payload:
    """A user as users.info shows it; ``offset`` is the zone's, in seconds from UTC."""
    return {
        "id": user.id,
        "team_id": TEAM,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": False,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": offset,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_admin": user.role == "admin",
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.role == "guest",
        "is_ultra_restricted": False,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "team": TEAM,
            **({"bot_id": BOT, "api_app_id": APP} if user.is_bot else {}),
        },
    }


def channel_object(channel: Channel) -> Payload:
    """A conversation as conversations.info shows it."""
    shared: Payload = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_archived": False,
        "is_private": channel.is_im or channel.is_private,
        "is_channel": not channel.is_im,
        "is_group": False,
        "is_ext_shared": False,
        "context_team_id": TEAM,
    }
    if channel.is_im:
        return {**shared, "user": (channel.members or ("",))[0], "is_open": True}
    return {
        **shared,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": True,
        "is_general": False,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": 2,
    }
