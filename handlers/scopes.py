"""What the app may do: the same as ``deploy/manifest.yaml`` has; README.md says why."""

from __future__ import annotations

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
)
"""Asked for when a workspace installs it."""
