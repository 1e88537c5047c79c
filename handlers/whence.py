"""Which workspace a request of Slack's is for: the one that we are installed in."""

from __future__ import annotations

from typing import Any


def workspace_of(body: dict[str, Any]) -> str:
    """The id of our workspace; empty where Slack names none.

    In a channel that two workspaces share, ``team_id`` of an event may be the other one's, and
    a form may be sent from there: then the authorization, and the view, say whose we are.
    https://docs.slack.dev/apis/slack-connect
    """
    view = body.get("view") or {}
    ours: dict[str, Any] = next(iter(body.get("authorizations") or []), {})
    team = body.get("team") or {}
    named = (
        view.get("app_installed_team_id"),
        ours.get("team_id"),
        team.get("id"),
        body.get("team_id"),
        (body.get("user") or {}).get("team_id"),
    )
    return str(next((one for one in named if one), ""))


def organisation_of(body: dict[str, Any]) -> str | None:
    """The organisation that installed us as a whole, and for which a request is made; else None.

    https://docs.slack.dev/enterprise/organization-ready-apps
    """
    ours: dict[str, Any] = next(iter(body.get("authorizations") or []), {})
    whole = ours.get("is_enterprise_install", body.get("is_enterprise_install"))
    if str(whole).lower() != "true":  # a form says it in text
        return None
    named = ours.get("enterprise_id") or body.get("enterprise_id")
    return str(named or (body.get("enterprise") or {}).get("id") or "") or None
